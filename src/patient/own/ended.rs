//! The pages at the end of a link: one for whoever has just taken the form back, and one for every link that opens nothing,
//! the same for all of them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::app::App;
use crate::config::Locality;
use crate::web::{self, Frame};

#[derive(Template)]
#[template(path = "patient/views/own_ended.html")]
struct Ended<'a> {
    frame: Frame,
    here: &'a Locality,
}

#[derive(Template)]
#[template(path = "patient/views/own_taken_back.html")]
struct TakenBack<'a> {
    frame: Frame,
    here: &'a Locality,
}

/// The link opens nothing: it was never one, the form was taken back, or another link stands in its place.
pub(super) fn ended(app: &App) -> HttpResponse {
    let page = Ended {
        frame: Frame::patient("This link does not work", app.config.demo),
        here: &app.config.locality,
    };
    web::html_status(StatusCode::NOT_FOUND, &page)
}

/// The form was taken back just now.
pub(super) fn taken_back(app: &App) -> HttpResponse {
    web::html(&TakenBack {
        frame: Frame::patient("Taken back", app.config.demo),
        here: &app.config.locality,
    })
}
