//! `POST /inbox/{reference}/place`: a named person confirms, moves or gives up the place of a referral.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};

use super::super::placing::Placing;
use super::record::{Notice, Opened, RecordPage};
use super::refused::not_done;
use super::together::{self, Together};
use crate::app::App;
use crate::booking::Act;
use crate::inbox::lists::from::{came_from, carried};
use crate::referrals::{By, Outcome, Reference};
use crate::staff::{Actor, Deed};
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, paths};

/// Reads the form and does it, or shows the referral with what is in the way.
pub(super) async fn decide_place(
    staff: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    staff.require(Deed::KeepPlaces)?;
    let reference = Reference::parse(&reference).ok_or(web::Error::NotFound)?;
    let mut errors = posted.errors();
    let Some(placing) = Placing::parse(posted.one("place")) else {
        errors.add("place", "Select what happens with the place");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&app, &staff, &request, &reference, posted, errors, (status, None)).await;
    };
    // A form without a readable length of the timeline counts as one that has seen nothing.
    let seen: i32 = posted.one("seen").parse().unwrap_or(-1);
    let act = Act::draw(app.clock.now(), By::Staff(staff.id))?;
    match together::place(&app, &reference, seen, placing, act).await? {
        Together::Decided(Outcome::Done) if posted.has("then", "places") => Ok(web::see_other(format!(
            "{}?done={}",
            paths::INBOX_PLACES,
            placing.done_word()
        ))),
        Together::Decided(Outcome::Done) => Ok(web::see_other(format!(
            "{}?done={}{}",
            paths::referral(reference.as_str()),
            placing.done_word(),
            carried("&", &came_from(request.query_string()))
        ))),
        Together::Decided(Outcome::Missing) => Err(web::Error::NotFound),
        Together::Decided(refused) => {
            let conflict = (StatusCode::CONFLICT, Some((refused, seen)));
            shown(&app, &staff, &request, &reference, posted, errors, conflict).await
        }
        Together::NoRoom => {
            errors.add("place", "This place is not to be had any more. Select again");
            let status = StatusCode::CONFLICT;
            shown(&app, &staff, &request, &reference, posted, errors, (status, None)).await
        }
    }
}

async fn shown(
    app: &actix::Data<App>,
    staff: &Actor,
    request: &HttpRequest,
    reference: &Reference,
    posted: Posted,
    errors: Errors,
    (status, refused): (StatusCode, Option<(Outcome, i32)>),
) -> Result<HttpResponse, web::Error> {
    let opened = Opened::read(app, reference).await?.ok_or(web::Error::NotFound)?;
    opened.note(app, staff).await?;
    let notice = match refused {
        Some((refused, seen)) => not_done(app, refused, &opened, seen, ""),
        None => Notice::Nothing,
    };
    let form = Form::new(posted, errors);
    let page = RecordPage::new(app, staff, request, opened, form, notice);
    Ok(web::html_status(status, &page))
}
