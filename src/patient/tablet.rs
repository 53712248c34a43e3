//! Handing the device over: the physio's session ends on the server before the patient sees the page of welcome, and what
//! the patient types lives for minutes only and cannot be read back. From then on every form begun on the device is one on
//! a handed device.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::carry;
use crate::app::App;
use crate::pads::{self, Scan};
use crate::staff::{self, Actor, Deed};
use crate::values::SlipCode;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// Adds the page.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::HAND_OVER, get().to(show))
        .route(paths::HAND_OVER, post().to(hand_over));
}

#[derive(Template)]
#[template(path = "patient/views/hand_over.html")]
struct HandOver {
    frame: Frame,
    form: Form,
    minutes: i64,
    /// Where staff sign in again; no page on the handed device leads there.
    sign_in: String,
}

fn draw(app: &App, frame: Frame, form: Form) -> HttpResponse {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = HandOver {
        frame: frame.about(&form).back(paths::REFER_NOW),
        form,
        minutes: carry::TABLET_IDLE_MINUTES,
        sign_in: format!("{}{}", app.config.base_url, paths::SIGN_IN),
    };
    web::html_status(status, &page)
}

async fn show(app: Data<App>, actor: Actor, request: HttpRequest) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ReferWithPatient)?;
    let frame = actor.frame(&request, "Hand over the tablet");
    Ok(draw(&app, frame, Form::blank()))
}

async fn hand_over(
    app: Data<App>,
    actor: Actor,
    request: HttpRequest,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ReferWithPatient)?;
    let mut errors = posted.errors();
    let begins = begins(&app, &request, &posted, &mut errors).await?;
    let Some(welcome) = begins.filter(|_| errors.is_empty()) else {
        let frame = actor.frame(&request, "Hand over the tablet");
        return Ok(draw(&app, frame, Form::new(posted, errors)));
    };
    let signed_out = staff::end_session(&app, &request, web::see_other(welcome)).await?;
    carry::hand_over(&app, signed_out)
}

/// Where the next patient is welcomed: on the page of their slip, if they have one.
async fn begins(
    app: &Data<App>,
    request: &HttpRequest,
    posted: &Posted,
    errors: &mut Errors,
) -> Result<Option<String>, web::Error> {
    if posted.one("code").is_empty() {
        return Ok(Some(paths::HOME.to_owned()));
    }
    let Some(code) = errors.keep("code", SlipCode::parse(posted.one("code"))) else {
        return Ok(None);
    };
    let from = web::Site::of(request).client_ip(request);
    match pads::look_up(app, code, from).await? {
        Scan::Unused(_) => Ok(Some(paths::slip(code.compact()))),
        Scan::Used(_) | Scan::Void(_) | Scan::Expired(_) => {
            errors.add(
                "code",
                "This slip cannot be used any more. Give another one, or leave this empty",
            );
            Ok(None)
        }
        Scan::Unknown => {
            errors.add("code", "We do not know this code. Compare it with the slip");
            Ok(None)
        }
    }
}
