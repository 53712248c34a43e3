//! Entered in the record system under a number, by a named person; or taken back.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};

use super::{HandOverPage, read};
use crate::app::App;
use crate::inbox::choice::{NAME_LIMIT, REASON_LIMIT};
use crate::inbox::pages::record::{Notice, Opened};
use crate::inbox::pages::refused::not_done;
use crate::referrals::{HandOver, Outcome, RecordNumber, Reference, hand_over};
use crate::staff::{Actor, Deed};
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, paths};

/// `POST /inbox/{reference}/hand-over`: entered, with this number.
pub(in crate::inbox::pages) async fn entered(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    let mut errors = posted.errors();
    let number = posted.one("record_number");
    let taken_over_by = posted.one("taken_over_by");
    if taken_over_by.chars().count() > NAME_LIMIT {
        errors.add(
            "taken_over_by",
            format!("This is too long. Use {NAME_LIMIT} characters or fewer"),
        );
    }
    let said = RecordNumber::parse(number)
        .filter(|_| errors.is_empty())
        .map(|number| HandOver::Entered {
            number,
            taken_over_by: Some(taken_over_by.to_owned()).filter(|name| !name.is_empty()),
        });
    match (number.is_empty(), &said) {
        (true, _) => errors.add("record_number", "Enter the number it has in the record system"),
        (false, None) if errors.is_empty() => errors.add(
            "record_number",
            "Use up to 40 letters and digits, with spaces, dots, dashes or slashes between them",
        ),
        (false, _) => {}
    }
    keep(
        &actor,
        &app,
        &reference,
        (posted, errors),
        said,
        ("record_number", "entered"),
        &request,
    )
    .await
}

/// `POST /inbox/{reference}/hand-over/undo`: not entered after all.
pub(in crate::inbox::pages) async fn not_entered(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    let mut errors = posted.errors();
    let reason = posted.one("undo_reason").to_owned();
    if reason.is_empty() {
        errors.add("undo_reason", "Say why it is taken back");
    } else if reason.chars().count() > REASON_LIMIT {
        errors.add(
            "undo_reason",
            format!("This is too long. Use {REASON_LIMIT} characters or fewer"),
        );
    }
    let said = errors.is_empty().then_some(HandOver::TakenBack { reason });
    keep(
        &actor,
        &app,
        &reference,
        (posted, errors),
        said,
        ("undo_reason", "undone"),
        &request,
    )
    .await
}

async fn keep(
    actor: &Actor,
    app: &Arc<App>,
    reference: &str,
    (posted, errors): (Posted, Errors),
    said: Option<HandOver>,
    (field, done): (&'static str, &'static str),
    request: &HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ActOnReferral)?;
    let reference = Reference::parse(reference).ok_or(web::Error::NotFound)?;
    // A form without a readable length of the timeline counts as one that has seen nothing.
    let seen: i32 = posted.one("seen").parse().unwrap_or(-1);
    let outcome = match said {
        None => None,
        Some(said) => Some(hand_over(app, &reference, seen, actor.id, said).await?),
    };
    match outcome {
        Some(Outcome::Missing) => return Err(web::Error::NotFound),
        Some(Outcome::Done) => {
            let page = paths::referral_hand_over(reference.as_str());
            return Ok(web::see_other(format!("{page}?done={done}")));
        }
        Some(_) | None => {}
    }
    let opened = read(actor, app, reference.as_str(), "referral: hand-over").await?;
    let (status, notice) = match outcome {
        None => (StatusCode::UNPROCESSABLE_ENTITY, Notice::Nothing),
        Some(refused) => (
            StatusCode::CONFLICT,
            refusal(app, refused, &opened, seen, posted.one(field)),
        ),
    };
    let form = Form::new(posted, errors);
    let page = HandOverPage::new(app, actor, request, &opened, form, notice);
    Ok(web::html_status(status, &page))
}

/// Why nothing was done, who did what meanwhile, and what was typed.
fn refusal(app: &App, refused: Outcome, opened: &Opened, seen: i32, typed: &str) -> Notice {
    match refused {
        Outcome::AcknowledgeFirst => Notice::NotDone {
            heading: "Acknowledge this referral first",
            told: "An urgent referral is handed over only after a named person has acknowledged it."
                .to_owned(),
            meanwhile: Vec::new(),
            typed: typed.to_owned(),
        },
        Outcome::Done
        | Outcome::Missing
        | Outcome::ChangedMeanwhile
        | Outcome::NotFrom(_)
        | Outcome::AlreadySo
        | Outcome::TryAgain(_)
        | Outcome::LeadOnly
        | Outcome::SayWhoWasTold
        | Outcome::SayWhy
        | Outcome::ChooseService
        | Outcome::NotThisWay => not_done(app, refused, opened, seen, typed),
    }
}
