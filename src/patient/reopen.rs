//! A draft that has rested too long. It opens again only to who knows the date of birth in it, and not to who
//! guesses; on a device that was handed over it does not open at all.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::draft::Draft;
use super::{carry, pages};
use crate::app::App;
use crate::staff::throttle::{self, OWN_PAGE, Subject, Verdict};
use crate::values::BirthDate;
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

/// Adds the page.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::REOPEN, get().to(ask))
        .route(paths::REOPEN, post().to(open));
}

/// The draft is gone, or the browser keeps no cookies.
#[derive(Template)]
#[template(path = "patient/views/gone.html")]
struct Gone<'a> {
    frame: Frame,
    minutes: i64,
    phone: &'a str,
}

/// The draft is there, behind the date of birth.
#[derive(Template)]
#[template(path = "patient/views/reopen.html")]
struct Reopen<'a> {
    frame: Frame,
    form: Form,
    minutes: i64,
    phone: &'a str,
}

/// The page for who comes without an open draft: the way back to a locked one, or to a new one.
pub(super) fn gone(app: &App, request: &HttpRequest) -> HttpResponse {
    if carry::locked(app, request).is_some() {
        return web::see_other(paths::REOPEN);
    }
    web::html(&Gone {
        frame: Frame::patient("Please start again", app.config.demo),
        minutes: match carry::is_handed_over(app, request) {
            true => carry::TABLET_IDLE_MINUTES,
            false => carry::IDLE_MINUTES,
        },
        phone: &app.config.locality.organisation.phone,
    })
}

fn draw(app: &App, form: Form) -> HttpResponse {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = Reopen {
        frame: Frame::patient("You were away for a while", app.config.demo)
            .about(&form)
            .deletes(paths::FORGET),
        form,
        minutes: carry::IDLE_MINUTES,
        phone: &app.config.locality.organisation.phone,
    };
    web::html_status(status, &page)
}

async fn ask(app: Data<App>, request: HttpRequest) -> HttpResponse {
    match (carry::locked(&app, &request), carry::draft(&app, &request)) {
        (Some(_), _) => draw(&app, Form::blank()),
        (None, Some(draft)) => pages::go_on(&draft),
        (None, None) => gone(&app, &request),
    }
}

/// The right date opens the draft where the person stopped; a wrong one is counted, so that guessing takes long.
async fn open(app: Data<App>, request: HttpRequest, posted: Posted) -> Result<HttpResponse, web::Error> {
    let Some(draft) = carry::locked(&app, &request) else {
        return Ok(gone(&app, &request));
    };
    let mut errors = posted.errors();
    let [day, month, year] = ["birth-day", "birth-month", "birth-year"].map(|part| posted.one(part));
    let today = app.clock.now().london_date();
    if let Some(born) = errors.keep_date("birth", BirthDate::from_boxes(day, month, year, today)) {
        match may_try(&app, &draft).await? {
            Verdict::Wait(seconds) => {
                let wait = throttle::in_words(seconds);
                errors.add("birth", format!("Please wait {wait}, then try again"));
            }
            Verdict::Go if draft.answers.born == Some(born.date()) => {
                let answer = pages::go_on(&draft);
                return carry::with_draft(&app, draft, answer);
            }
            Verdict::Go => errors.add("birth", "This is not the date you gave us before"),
        }
    }
    Ok(draw(&app, Form::new(posted, errors)))
}

async fn may_try(app: &App, draft: &Draft) -> Result<Verdict, web::Error> {
    let subject = Subject::of(&app.keys, "draft", draft.id.as_bytes()).map_err(anyhow::Error::new)?;
    let now = app.clock.now();
    Ok(app
        .db
        .write(move |conn| throttle::take(conn, &subject, &OWN_PAGE, now))
        .await?)
}
