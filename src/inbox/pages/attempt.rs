//! `POST /inbox/{reference}/attempt`: somebody tried to reach a patient, and records the outcome with one tap; and
//! `POST /inbox/{reference}/attempt/undo`, where that was a mistake.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};

use super::decide::again;
use super::record::Opened;
use crate::app::App;
use crate::booking::{Act, record_contact};
use crate::db;
use crate::inbox::choice::NOTE_LIMIT;
use crate::inbox::reaching;
use crate::referrals::{By, ContactOutcome, Contacting, Recorded, Reference, Undoing, undo_contact};
use crate::staff::{Actor, Deed};
use crate::values::Id;
use crate::web::form::{Errors, Posted};
use crate::web::{self, paths};

/// Reads the form and records the attempt, or shows the referral with what is in the way.
pub(super) async fn attempt(
    staff: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    staff.require(Deed::ActOnReferral)?;
    let reference = Reference::parse(&reference).ok_or(web::Error::NotFound)?;
    let opened = Opened::read(&app, &reference)
        .await?
        .ok_or(web::Error::NotFound)?;
    let (outcome, mut errors) = read(&posted);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(outcome) = outcome else {
        return again(&app, &staff, &request, opened, posted, errors, status).await;
    };
    let now = app.clock.now();
    let contacting = Contacting::new(now, staff.id, outcome, posted.one("attempt_note"))?;
    let act = Act::draw(now, By::Staff(staff.id))?;
    match keep(&app, opened.view.id, contacting, act).await? {
        Recorded::Kept { .. } => {
            let done = reaching::done_word(Some(outcome));
            return Ok(web::see_other(match posted.has("then", "rings") {
                true => format!("{}?done={done}&of={}", paths::INBOX_RINGS, reference.as_str()),
                false => format!("{}?done={done}", paths::referral(reference.as_str())),
            }));
        }
        Recorded::Missing => return Err(web::Error::NotFound),
        Recorded::NotAllowed => errors.add(
            "outcome",
            "They did not allow this way, or we do not know where to. Look at how they may be reached",
        ),
    }
    let opened = Opened::read(&app, &reference)
        .await?
        .ok_or(web::Error::NotFound)?;
    again(&app, &staff, &request, opened, posted, errors, status).await
}

/// The outcome; nothing with a message at its field.
fn read(posted: &Posted) -> (Option<ContactOutcome>, Errors) {
    let mut errors = posted.errors();
    let outcome = ContactOutcome::parse(posted.one("outcome"));
    if outcome.is_none() {
        errors.add("outcome", "Select the outcome");
    }
    if posted.one("attempt_note").chars().count() > NOTE_LIMIT {
        errors.add(
            "attempt_note",
            format!("This is too long. Use {NOTE_LIMIT} characters or fewer"),
        );
    }
    (outcome.filter(|_| errors.is_empty()), errors)
}

async fn keep(app: &Arc<App>, referral: Id, contacting: Contacting, act: Act) -> db::Result<Recorded> {
    let inside = app.clone();
    let kept = app
        .db
        .write(move |conn| record_contact(conn, &inside, &act, referral, &contacting))
        .await?;
    app.mailer.nudge();
    Ok(kept)
}

/// Undoes the last attempt.
pub(super) async fn undo(
    staff: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
) -> Result<HttpResponse, web::Error> {
    staff.require(Deed::ActOnReferral)?;
    let reference = Reference::parse(&reference).ok_or(web::Error::NotFound)?;
    let opened = Opened::read(&app, &reference)
        .await?
        .ok_or(web::Error::NotFound)?;
    let (inside, id) = (app.clone(), opened.view.id);
    let undoing = Undoing::new(app.clock.now(), staff.id)?;
    app.db
        .write(move |conn| undo_contact(conn, &inside, id, undoing))
        .await?;
    let page = paths::referral(reference.as_str());
    Ok(web::see_other(format!(
        "{page}?done={}",
        reaching::done_word(None)
    )))
}
