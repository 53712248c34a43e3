//! What a person decides: the form is read, one verb of `referrals` is called, and whoever was second is told who
//! was first, with nothing lost that they typed.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};

use super::super::placing::Placing;
use super::filters::raised;
use super::record::{Notice, Opened, RecordPage};
use super::refused::not_done;
use super::together::{self, Together};
use crate::app::App;
use crate::booking::{Act, PlaceState};
use crate::db;
use crate::inbox::Cursor;
use crate::inbox::choice::{Choice, Reading, read};
use crate::inbox::lists::from::{came_from, carried};
use crate::inbox::lists::look::understood;
use crate::inbox::lists::{self, Ahead};
use crate::referrals::{By, Outcome, Reference, ReferralView, Reviewing};
use crate::staff::{Actor, Deed};
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, paths};

/// `POST /inbox/{reference}/{deed}`.
pub(super) async fn decide(
    staff: Actor,
    app: actix::Data<App>,
    path: actix::Path<(String, String)>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    staff.require(Deed::ActOnReferral)?;
    let (reference, choice) = path.into_inner();
    let reference = Reference::parse(&reference).ok_or(web::Error::NotFound)?;
    let choice = Choice::parse(&choice).ok_or(web::Error::NotFound)?;
    let before = Opened::read(&app, &reference)
        .await?
        .ok_or(web::Error::NotFound)?;
    let reading = Reading {
        posted: &posted,
        view: &before.view,
        plan: &before.view.plan,
        locality: &app.config.locality,
        now: app.clock.now(),
    };
    let deed = match read(choice, &reading) {
        Ok(deed) => deed,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return again(&app, &staff, &request, before, posted, errors, status).await;
        }
    };
    // A form without a readable length of the timeline counts as one that has seen nothing.
    let seen: i32 = posted.one("seen").parse().unwrap_or(-1);
    let read_up_to = choice.depends_on_reading().then_some(seen);
    let placing = match chosen(&before, choice, &posted) {
        Ok(placing) => placing,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return again(&app, &staff, &request, before, posted, errors, status).await;
        }
    };
    let reviewing = Reviewing::new(&app, &reference, read_up_to, staff.id, deed.clone())?
        .by_who_may_end_at_risk(staff.may(Deed::EndAtRisk));
    let act = Act::draw(app.clock.now(), By::Staff(staff.id))?;
    let outcome = match together::decide(&app, reviewing, &deed, placing, act, before.view.id).await? {
        Together::Decided(outcome) => outcome,
        Together::NoRoom => {
            let mut errors = posted.errors();
            errors.add(
                "accept_place",
                "This place is not to be had any more. Select again",
            );
            let now = Opened::read(&app, &reference)
                .await?
                .ok_or(web::Error::NotFound)?;
            return again(&app, &staff, &request, now, posted, errors, StatusCode::CONFLICT).await;
        }
    };
    match outcome {
        Outcome::Done => Ok(web::see_other(
            on_to(&app, &staff, &before.view, choice, &posted, &request).await?,
        )),
        Outcome::Missing => Err(web::Error::NotFound),
        refused => {
            let after = Opened::read(&app, &reference)
                .await?
                .ok_or(web::Error::NotFound)?;
            after.note(&app, &staff).await?;
            let notice = not_done(&app, refused, &after, seen, &typed(choice, &posted));
            let form = Form::new(posted, web::form::Errors::default());
            let page = RecordPage::new(&app, &staff, &request, after, form, notice);
            Ok(web::html_status(StatusCode::CONFLICT, &page))
        }
    }
}

/// What happens with the place, when somebody accepts or sends on. Where one waits to be confirmed, or would stay with
/// another service, it has to be said.
fn chosen(before: &Opened, choice: Choice, posted: &Posted) -> Result<Option<Placing>, Errors> {
    let place = before.place.as_ref().map(|place| place.state);
    let (field, chosen, missing) = match (choice, place) {
        (Choice::Accept, Some(PlaceState::Held)) => (
            "accept_place",
            Placing::parse(posted.one("accept_place")),
            "Select what happens with the place they chose",
        ),
        (Choice::Accept, None) if !posted.one("accept_place").is_empty() => {
            // "confirm" stands ticked where there is a place; without one there is nothing to confirm.
            let run = Placing::parse(posted.one("accept_place"));
            return Ok(run.filter(|placing| matches!(placing, Placing::MoveTo(_))));
        }
        (Choice::SendOn, Some(_)) => {
            let placing = Placing::parse(posted.one("send_place"));
            let placing = placing.filter(|placing| matches!(placing, Placing::Leave | Placing::Release));
            (
                "send_place",
                placing,
                "Select what happens with the place they have",
            )
        }
        _ => return Ok(None),
    };
    match chosen {
        Some(placing) => Ok(Some(placing)),
        None => {
            let mut errors = posted.errors();
            errors.add(field, missing);
            Err(errors)
        }
    }
}

/// The words that were typed into the form of this choice.
fn typed(choice: Choice, posted: &Posted) -> String {
    let words = choice.words_fields().iter().map(|field| posted.one(field));
    let words: Vec<&str> = words.filter(|words| !words.is_empty()).collect();
    words.join("\n\n")
}

/// The page again, with what was typed and what is in the way.
pub(super) async fn again(
    app: &Arc<App>,
    staff: &Actor,
    request: &HttpRequest,
    opened: Opened,
    posted: Posted,
    errors: Errors,
    status: StatusCode,
) -> Result<HttpResponse, web::Error> {
    opened.note(app, staff).await?;
    let form = Form::new(posted, errors);
    let page = RecordPage::new(app, staff, request, opened, form, Notice::Nothing);
    Ok(web::html_status(status, &page))
}

/// Where to go after a deed: back to the referral, or to the next one.
async fn on_to(
    app: &Arc<App>,
    staff: &Actor,
    before: &ReferralView,
    choice: Choice,
    posted: &Posted,
    request: &HttpRequest,
) -> db::Result<String> {
    let from = came_from(request.query_string());
    let (this, same_list) = (before.reference.as_str(), carried("&", &from));
    if !posted.has("then", "next") {
        return Ok(format!(
            "{}?done={}{same_list}",
            paths::referral(this),
            choice.as_str()
        ));
    }
    let place = Cursor {
        priority: i32::from(before.priority.number()),
        contact_by: before.contact_by,
        id: before.id,
    };
    let (me, now, at) = (staff.id, app.clock.now(), (before.queue, place));
    let (inside, list, raised) = (app.clone(), from.clone(), raised(request));
    let next = app
        .db
        .read(move |conn| {
            let asked = understood(conn, &inside, &raised, &list)?.asked;
            lists::next_after(conn, &inside.keys, &Ahead::of(me, now, asked, at))
        })
        .await?;
    Ok(match next {
        Some(next) => format!(
            "{}?done={}&of={this}{same_list}",
            paths::referral(next.as_str()),
            choice.as_str()
        ),
        None if from.is_empty() => format!("{}?of={this}", paths::INBOX),
        None => format!("{}?{from}&of={this}", paths::INBOX),
    })
}
