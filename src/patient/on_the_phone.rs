//! "Take a call": one page on which the team types what a caller says, with the code of the slip read out. The code
//! is looked up at once. A worrying answer shows what to do first, and is kept even if other fields are still wrong.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::by_staff::{self, CODE, Typed};
use super::call_words::{Danger, SlipNote, Took};
use super::draft::Draft;
use super::fields::{Call, NOT_ASKED, THREE_STATE, keep_as_typed, lines_to_check, take_call};
use super::{hint, keep, worry};
use crate::app::App;
use crate::config::Locality;
use crate::pads::Scan;
use crate::questionnaire::Answers;
use crate::referrals::{self, Door, Submitted};
use crate::staff::{Actor, Deed};
use crate::triage::{RuleSet, RulesInForce};
use crate::values::SlipCode;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// Adds the page.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::CALL, get().to(show))
        .route(paths::CALL, post().to(take));
}

#[derive(Template)]
#[template(path = "patient/views/on_the_phone.html")]
pub(super) struct CallPage<'a> {
    frame: Frame,
    form: Form,
    pub(super) here: &'a Locality,
    /// Drawn anew with each blank page, so that a second tap is the same referral.
    drawn: String,
    /// The draft under which a worrying answer was kept already; empty if none was.
    kept: String,
    danger: Danger,
    slip: Option<SlipNote>,
}

#[derive(Template)]
#[template(path = "patient/views/on_the_phone_done.html")]
struct Done<'a> {
    frame: Frame,
    here: &'a Locality,
    danger: Danger,
    /// What became of it; nothing if it could not be saved.
    took: Option<Took>,
}

/// What is typed on the page, worked out once.
struct Typing {
    call: Call,
    danger: Danger,
}

async fn show(app: Data<App>, actor: Actor, request: HttpRequest) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::EnterPhonedSlip)?;
    let unasked = THREE_STATE.into_iter().chain(["keep_safe", "item9"]);
    let blank = unasked.fold(Posted::default(), |form, key| form.with(key, NOT_ASKED));
    let form = Form::new(blank, Errors::default());
    let frame = actor.frame(&request, "Take a call");
    Ok(draw(&app, frame, form, Danger::None, "", None))
}

fn draw(
    app: &App,
    frame: Frame,
    form: Form,
    danger: Danger,
    kept: &str,
    slip: Option<SlipNote>,
) -> HttpResponse {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = CallPage {
        frame: frame.about(&form),
        here: &app.config.locality,
        drawn: by_staff::drawn(form.value("drawn")),
        kept: kept.to_owned(),
        danger,
        slip,
        form,
    };
    web::html_status(status, &page)
}

async fn take(
    app: Data<App>,
    rules: Data<RulesInForce>,
    actor: Actor,
    request: HttpRequest,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::EnterPhonedSlip)?;
    let (app, rules) = (app.into_inner(), rules.now());
    let frame = actor.frame(&request, "Take a call");
    let typing = read(&app, &rules, &posted);
    let worried = typing.danger.is_there();
    let mut errors = posted.errors();
    let code = by_staff::take_code(&app, &request, &posted, worried, &mut errors).await;
    let code = match code {
        Err(refused) if worried => {
            tracing::error!("a slip's code could not be looked up: {refused}");
            return Ok(done(&app, frame, typing.danger, None));
        }
        code => code?,
    };
    let mut all = errors.clone();
    all.extend(typing.call.errors.clone());
    let looking = posted.has("then", "look");
    let mut typed = typed(&app, &actor, &posted, &typing, code.code, &all).await?;
    typed.unknown_code = errors.at(CODE).is_some();
    let whole = all.is_empty() || (worried && by_staff::only_the_code(&all));
    if whole && !looking {
        typed.incomplete = false;
        let submitted = send(&app, &rules, typed, worried).await?;
        let took = match &submitted {
            Some(submitted) => Some(took(&app, submitted).await),
            None => None,
        };
        return Ok(done(&app, frame, typing.danger, took));
    }
    let (danger, kept) = match worried {
        true => {
            let (kept, id) = by_staff::keep_worry(&app, &rules, typed, code.scan.as_ref()).await;
            let id = id.map_or_else(|| posted.one("kept").to_owned(), |id| id.to_string());
            (typing.danger.with(kept), id)
        }
        false => (Danger::None, String::new()),
    };
    let slip = note(&app, code.scan.as_ref()).await;
    let form = Form::new(posted, if looking { errors } else { all });
    Ok(draw(&app, frame, form, danger, &kept, slip))
}

/// Reads the page and asks the rules whether a person has to look at it today. What fits of a text that is too long
/// and holds a worrying word is kept among the answers; of somebody at risk, everything is, as it was typed.
fn read(app: &App, rules: &RuleSet, posted: &Posted) -> Typing {
    let here = &app.config.locality;
    let today = app.clock.now().london_date();
    let mut call = take_call(posted, here, today);
    worry::keep_words(posted, &call.errors, &mut call.answers, &here.risk_words);
    let draft = draft_of(&call.answers);
    let urgent = worry::looked_at(&draft, rules, here, today).is_urgent();
    if urgent {
        keep_as_typed(posted, &call.errors, &mut call.answers);
    }
    Typing {
        danger: Danger::of(urgent, &call.answers),
        call,
    }
}

fn draft_of(answers: &Answers) -> Draft {
    Draft {
        answers: answers.clone(),
        ..Draft::start(None)
    }
}

/// What was typed, under the id of what was kept before if it is about the same person.
async fn typed<'a>(
    app: &Arc<App>,
    actor: &'a Actor,
    posted: &Posted,
    typing: &Typing,
    code: Option<SlipCode>,
    errors: &Errors,
) -> Result<Typed<'a>, web::Error> {
    let answers = typing.call.answers.clone();
    let id = match by_staff::kept_before(app, posted, &answers).await {
        Some(kept) => kept,
        None => by_staff::draft_id(app, actor, Door::Staff, posted, &answers)?,
    };
    Ok(Typed {
        id,
        door: Door::Staff,
        actor,
        code,
        unknown_code: false,
        answers,
        not_asked: typing.call.not_asked.clone(),
        needs_checking: lines_to_check(posted, errors),
        incomplete: true,
    })
}

/// Sends the whole page. With somebody in danger a database that fails is nothing that keeps the next page back.
async fn send(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    typed: Typed<'_>,
    worried: bool,
) -> Result<Option<Submitted>, web::Error> {
    let submission = typed.submission(app);
    match worried {
        true => Ok(keep::write(app, rules, submission).await),
        false => Ok(Some(referrals::submit(app, rules, submission).await?)),
    }
}

/// What became of a form that was sent. Staff are told which referral it was added to.
async fn took(app: &Arc<App>, submitted: &Submitted) -> Took {
    let added = match submitted {
        Submitted::Added(added) => added.referral,
        Submitted::Created(receipt) | Submitted::Completed(receipt) => {
            return Took::own("Referral received", receipt);
        }
        Submitted::Continued(receipt) => return Took::own("Added to the referral", receipt),
        Submitted::Repeated(receipt) => {
            return Took::own("This was sent before. Nothing was changed", receipt);
        }
    };
    let found = app
        .db
        .read(move |conn| referrals::references(conn, &[added]))
        .await;
    let found = found.unwrap_or_else(|refused| {
        tracing::error!("the reference of a referral could not be read: {refused}");
        Vec::new()
    });
    Took::added(found.first().map(|(_, reference)| reference))
}

/// What the slip leads to. What was suggested on it is left out if it cannot be read.
async fn note(app: &Arc<App>, scan: Option<&Scan>) -> Option<SlipNote> {
    let suggested = match scan? {
        Scan::Unused(slip) => hint::of_slip(app, slip.id).await.unwrap_or_else(|refused| {
            tracing::error!("what a slip suggests could not be read: {refused}");
            None
        }),
        Scan::Used(_) | Scan::Void(_) | Scan::Expired(_) | Scan::Unknown => None,
    };
    let condition = suggested.and_then(|suggested| suggested.condition);
    SlipNote::of(scan?, condition, &app.config.locality)
}

fn done(app: &App, frame: Frame, danger: Danger, took: Option<Took>) -> HttpResponse {
    web::html(&Done {
        frame,
        here: &app.config.locality,
        danger,
        took,
    })
}
