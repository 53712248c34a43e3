//! The hand-over to the record system: what a clerk types there, as a page, on paper and as a row of a table; and the
//! number it was entered under, with the name of who entered it.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

use super::record::{Notice, Opened, named};
use super::refused::not_done;
use crate::app::App;
use crate::inbox::choice::REASON_LIMIT;
use crate::inbox::clocks::moment;
use crate::inbox::hand_over::{self as form_of, Group, Surroundings, accepted};
use crate::inbox::timeline::actor as actor_name;
use crate::referrals::{By, EventKind, HandOver, Outcome, RecordNumber, Reference, ReviewState, hand_over};
use crate::staff::{Actor, Deed, ReadNote, record_read};
use crate::values::Ts;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// The part of an address behind the question mark: what was just done.
#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// Where a referral is, as far as the hand-over is concerned.
enum Standing {
    /// It waits to be entered.
    ToEnter,
    /// It was entered.
    Entered(Entered),
    /// A named person acknowledges it first.
    AcknowledgeFirst,
    /// It is not to be entered now: where it is.
    Elsewhere(&'static str),
}

struct Entered {
    number: String,
    by: String,
    when: String,
}

#[derive(Template)]
#[template(path = "inbox/views/hand_over.html")]
struct HandOverPage {
    frame: Frame,
    form: Form,
    notice: Notice,
    chain_is_whole: bool,
    reference: String,
    seen: usize,
    system: String,
    groups: Vec<Group>,
    standing: Standing,
    /// Whether something raised it after it was accepted.
    raised_since: bool,
}

/// `GET /inbox/{reference}/hand-over`.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
    asked: actix::Query<Asked>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    let opened = read(&actor, &app, &reference, "referral: hand-over").await?;
    let notice = match asked.done.as_deref() {
        Some("entered") => Notice::Done("Entered. The clock continues in the record system".to_owned()),
        Some("undone") => Notice::Done("Taken back. It waits to be entered again".to_owned()),
        Some(_) | None => Notice::Nothing,
    };
    let page = HandOverPage::new(&app, &actor, &request, &opened, Form::blank(), notice);
    Ok(web::html(&page))
}

/// `GET /inbox/{reference}/hand-over.pdf`.
pub(super) async fn on_paper(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
) -> Result<HttpResponse, web::Error> {
    let opened = read(&actor, &app, &reference, "referral: hand-over, printed").await?;
    let groups = groups(&app, &opened);
    let drawn = form_of::pdf(&opened.view.reference, &groups, app.clock.now())?;
    Ok(file("application/pdf", &opened.view.reference, "pdf", drawn))
}

/// `GET /inbox/{reference}/hand-over.csv`.
pub(super) async fn as_a_row(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
) -> Result<HttpResponse, web::Error> {
    let opened = read(&actor, &app, &reference, "referral: hand-over, as a row").await?;
    let groups = groups(&app, &opened);
    let table = form_of::table(&form_of::header(&groups), &[form_of::row(&groups)])?;
    let kind = "text/csv; charset=utf-8; header=present";
    Ok(file(kind, &opened.view.reference, "csv", table))
}

/// A download that is named by the reference alone. That no copy is kept on the way is a header of every answer.
pub(super) fn file(
    kind: &'static str,
    name: impl std::fmt::Display,
    ending: &str,
    body: Vec<u8>,
) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{ending}\""),
        ))
        .body(body)
}

/// Opens the referral and notes who sees it, and in which form.
async fn read(
    actor: &Actor,
    app: &Arc<App>,
    reference: &str,
    what: &'static str,
) -> Result<Opened, web::Error> {
    actor.require(Deed::OpenReferral)?;
    let reference = Reference::parse(reference).ok_or(web::Error::NotFound)?;
    let opened = Opened::read(app, &reference).await?;
    let opened = opened.ok_or(web::Error::NotFound)?;
    let note = ReadNote::new(actor, what, Some(opened.view.id), app.clock.now());
    record_read(&app.db, note).await?;
    Ok(opened)
}

fn groups(app: &App, opened: &Opened) -> Vec<Group> {
    let by = accepted(&opened.view.timeline).map(|event| event.by);
    let decided_by = by.map(|by| actor_name(by, &opened.names)).unwrap_or_default();
    let around = Surroundings {
        locality: &app.config.locality,
        clinic: opened.clinic.as_deref(),
        serial: opened.serial,
        place: opened.place.as_ref(),
        decided_by: &decided_by,
    };
    form_of::groups(&opened.view, &around)
}

/// `POST /inbox/{reference}/hand-over`: entered, with this number.
pub(super) async fn entered(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    let mut errors = posted.errors();
    let number = posted.one("record_number");
    let said = RecordNumber::parse(number).map(HandOver::Entered);
    match (number.is_empty(), &said) {
        (true, _) => errors.add("record_number", "Enter the number it has in the record system"),
        (false, None) => errors.add(
            "record_number",
            "Use up to 40 letters and digits, with spaces, dots, dashes or slashes between them",
        ),
        (false, Some(_)) => {}
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
pub(super) async fn not_entered(
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

impl HandOverPage {
    fn new(
        app: &App,
        actor: &Actor,
        request: &HttpRequest,
        opened: &Opened,
        form: Form,
        notice: Notice,
    ) -> Self {
        let view = &opened.view;
        let back = paths::referral(view.reference.as_str());
        let title = format!("Hand over {}", view.reference);
        let frame = actor.frame(request, title).wide().back(back).about(&form);
        Self {
            frame,
            form,
            notice,
            chain_is_whole: view.chain_is_whole,
            reference: view.reference.to_string(),
            seen: view.seen(),
            system: app.config.locality.record_system.name.clone(),
            groups: groups(app, opened),
            standing: standing(opened, app.clock.now()),
            raised_since: raised_since(opened),
        }
    }

    fn url(&self) -> String {
        paths::referral_hand_over(self.reference.replace('-', ""))
    }

    fn undo_url(&self) -> String {
        paths::referral_not_entered(self.reference.replace('-', ""))
    }

    fn reason_limit(&self) -> usize {
        REASON_LIMIT
    }
}

fn standing(opened: &Opened, now: Ts) -> Standing {
    let view = &opened.view;
    match view.state {
        ReviewState::HandedOver => entered_as(opened, now).map_or(Standing::ToEnter, Standing::Entered),
        _ if view.needs_acknowledging() => Standing::AcknowledgeFirst,
        ReviewState::Accepted => Standing::ToEnter,
        ReviewState::Incomplete
        | ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Started
        | ReviewState::Closed
        | ReviewState::Declined
        | ReviewState::Withdrawn => Standing::Elsewhere(view.state.label()),
    }
}

/// The number it was entered under last, by whom and when.
fn entered_as(opened: &Opened, now: Ts) -> Option<Entered> {
    let event = opened
        .view
        .timeline
        .iter()
        .rev()
        .find(|event| event.kind == EventKind::HandedOver)?;
    let by = match event.by {
        By::Staff(id) => named(&opened.names, id),
        By::Patient | By::Api(_) | By::System => actor_name(event.by, &opened.names),
    };
    Some(Entered {
        number: event.payload.record_number.as_ref()?.as_str().to_owned(),
        by,
        when: moment(event.at, now),
    })
}

/// Whether more was told, or another referral raised this one, after it was accepted: whoever types it has to know.
fn raised_since(opened: &Opened) -> bool {
    let timeline = &opened.view.timeline;
    let told = timeline.iter().rposition(|event| {
        matches!(
            event.kind,
            EventKind::AnswersAdded | EventKind::RiskAnswerKept | EventKind::RaisedByAlike
        )
    });
    let accepted = timeline
        .iter()
        .rposition(|event| event.kind == EventKind::Accepted);
    told.zip(accepted).is_some_and(|(told, accepted)| told > accepted)
}
