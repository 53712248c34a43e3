//! Handing the device over: the physio's session ends on the server before the patient sees the first question, and
//! what the patient types lives for minutes only and cannot be read back.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::draft::Draft;
use super::{carry, hint, pages};
use crate::app::App;
use crate::pads::{self, Scan};
use crate::questionnaire::Page;
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
}

fn draw(frame: Frame, form: Form) -> HttpResponse {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = HandOver {
        frame: frame.about(&form).back(paths::REFER_NOW),
        form,
        minutes: carry::TABLET_IDLE_MINUTES,
    };
    web::html_status(status, &page)
}

async fn show(actor: Actor, request: HttpRequest) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ReferWithPatient)?;
    Ok(draw(actor.frame(&request, "Hand over the tablet"), Form::blank()))
}

async fn hand_over(
    app: Data<App>,
    actor: Actor,
    request: HttpRequest,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ReferWithPatient)?;
    let mut errors = posted.errors();
    let begun = begin(&app, &request, &posted, &mut errors).await?;
    let Some(draft) = begun.filter(|_| errors.is_empty()) else {
        let frame = actor.frame(&request, "Hand over the tablet");
        return Ok(draw(frame, Form::new(posted, errors)));
    };
    let signed_out = staff::end_session(&app, &request, pages::go_to(Page::Safety)).await?;
    carry::with_draft(&app, draft, signed_out)
}

/// An empty draft for the next patient, with their slip if they have one.
async fn begin(
    app: &Data<App>,
    request: &HttpRequest,
    posted: &Posted,
    errors: &mut Errors,
) -> Result<Option<Draft>, web::Error> {
    let tablet = |draft| Draft {
        tablet: true,
        ..draft
    };
    if posted.one("code").is_empty() {
        return Ok(Some(tablet(Draft::start(None))));
    }
    let Some(code) = errors.keep("code", SlipCode::parse(posted.one("code"))) else {
        return Ok(None);
    };
    let from = web::Site::of(request).client_ip(request);
    match pads::look_up(app, code, from).await? {
        Scan::Unused(slip) => {
            let said = hint::of_slip(app, slip.id).await?;
            Ok(Some(Draft {
                hint: said.and_then(|said| said.condition),
                ..tablet(Draft::start(Some(code)))
            }))
        }
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
