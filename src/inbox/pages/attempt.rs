//! `POST /inbox/{reference}/attempt`: somebody rang, and says with one tap what came of it. What else was to be told in
//! the same call counts as tried, or as told, too.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};

use super::decide::again;
use super::record::Opened;
use crate::app::App;
use crate::booking::{self, Act};
use crate::db;
use crate::inbox::choice::NOTE_LIMIT;
use crate::inbox::reaching;
use crate::referrals::{By, CallOutcome, Reference, Ringing, Rung, Telling, ToldBy, ring, told};
use crate::staff::{Actor, Deed};
use crate::values::Id;
use crate::web::form::{Errors, Posted};
use crate::web::{self, paths};

/// Most that is told in one call.
const MOST_TASKS: usize = 12;

/// Reads the form and keeps the call, or shows the referral with what is in the way.
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
    if let Some(by) = told_by(&posted) {
        let to = tell(&app, &staff, opened.view.id, by).await?;
        return Ok(web::see_other(to));
    }
    let (outcome, mut errors) = read(&posted);
    let Some(outcome) = outcome else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return again(&app, &staff, &request, opened, posted, errors, status).await;
    };
    let now = app.clock.now();
    let call = Call {
        ringing: Ringing::new(now, staff.id, outcome, posted.one("attempt_note"))?,
        act: Act::draw(now, By::Staff(staff.id))?,
        outcome,
        tasks: tasks(&posted),
    };
    let refused = match keep(&app, opened.view.id, call).await? {
        Rung::Kept(_) => {
            let done = reaching::done_word(outcome);
            return Ok(web::see_other(match posted.has("then", "rings") {
                true => format!("{}?done=kept", paths::INBOX_RINGS),
                false => format!("{}?done={done}", paths::referral(reference.as_str())),
            }));
        }
        Rung::Missing => return Err(web::Error::NotFound),
        Rung::NoVoicemail => "This person did not allow a voicemail. Ring again, or say that nobody answered",
        Rung::NoNumber => "No phone number is known any more. Look at how they may be reached",
    };
    errors.add("outcome", refused);
    let opened = Opened::read(&app, &reference)
        .await?
        .ok_or(web::Error::NotFound)?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    again(&app, &staff, &request, opened, posted, errors, status).await
}

/// How somebody was told without a call.
fn told_by(posted: &Posted) -> Option<ToldBy> {
    match posted.one("told_by") {
        "letter" => Some(ToldBy::Letter),
        "another_way" => Some(ToldBy::AnotherWay),
        _ => None,
    }
}

/// Keeps that somebody was told without a call; the address that follows.
async fn tell(app: &Arc<App>, staff: &Actor, referral: Id, by: ToldBy) -> Result<String, web::Error> {
    let (inside, telling) = (app.clone(), Telling::new(app.clock.now(), staff.id, by)?);
    let kept = app
        .db
        .write(move |conn| told(conn, &inside, referral, &telling))
        .await?;
    let done = if kept { "kept" } else { "gone" };
    Ok(format!("{}?done={done}", paths::INBOX_RINGS))
}

/// What came of the call; nothing with a message at its field.
fn read(posted: &Posted) -> (Option<CallOutcome>, Errors) {
    let mut errors = posted.errors();
    let outcome = CallOutcome::parse(posted.one("outcome"));
    if outcome.is_none() {
        errors.add("outcome", "Select what came of the call");
    }
    if posted.one("attempt_note").chars().count() > NOTE_LIMIT {
        errors.add(
            "attempt_note",
            format!("This is too long. Use {NOTE_LIMIT} characters or fewer"),
        );
    }
    (outcome.filter(|_| errors.is_empty()), errors)
}

/// What else was to be told in the same call.
fn tasks(posted: &Posted) -> Vec<Id> {
    let named = posted.all("task").into_iter().filter_map(Id::parse);
    named.take(MOST_TASKS).collect()
}

struct Call {
    ringing: Ringing,
    act: Act,
    outcome: CallOutcome,
    tasks: Vec<Id>,
}

async fn keep(app: &Arc<App>, referral: Id, call: Call) -> db::Result<Rung> {
    let inside = app.clone();
    let kept = app
        .db
        .write(move |conn| {
            let kept = ring(conn, &inside, referral, &call.ringing)?;
            if let Rung::Kept(_) = kept {
                for task in &call.tasks {
                    // Somebody else may have told it meanwhile: then there is nothing left to say of it.
                    booking::rang(conn, &inside, &call.act, *task, call.outcome.into())?;
                }
            }
            Ok(kept)
        })
        .await?;
    app.mailer.nudge();
    Ok(kept)
}
