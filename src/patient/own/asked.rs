//! What the team asked, and the answer in the patient's own words. Behind the date of birth; an answer that worries is
//! kept and met with help in the same response, whoever's turn it is.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::door::{Proof, Then};
use super::visit::Visit;
use super::words::Said;
use super::{Mine, ended};
use crate::app::App;
use crate::config::Locality;
use crate::db::Haste;
use crate::patient::help::{self, Shown};
use crate::patient::keep::{Kept, PATIENCE};
use crate::questionnaire::{KeepSafe, find_risk_words};
use crate::referrals::{
    Answered, Answering, ManageToken, ReviewState, answer, count_worrying_words, find_own, for_patient,
};
use crate::triage::{RuleSet, RulesInForce};
use crate::values::Id;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// Longest answer, in characters.
const LONGEST: usize = 2000;

#[derive(Template)]
#[template(path = "patient/views/own_answer.html")]
struct AnswerPage<'a> {
    frame: Frame,
    form: Form,
    action: String,
    /// What the team asked, in its own words.
    asked: String,
    here: &'a Locality,
}

impl AnswerPage<'_> {
    fn limit(&self) -> usize {
        LONGEST
    }
}

fn draw(app: &App, mine: &Mine, asked: String, form: Form) -> HttpResponse {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let frame = Frame::patient("Our question to you", app.config.demo).secret_address();
    let page = AnswerPage {
        frame: frame.back(paths::own_page(&mine.token)).about(&form),
        form,
        action: paths::own_answer(&mine.token),
        asked,
        here: &app.config.locality,
    };
    web::html_status(status, &page)
}

/// What the team asked; nothing where it does not wait for an answer any more.
pub(super) async fn question(app: &Arc<App>, mine: &Mine) -> Result<Option<String>, web::Error> {
    if mine.view.state != ReviewState::WaitingForPatient {
        return Ok(None);
    }
    let (inside, id) = (app.clone(), mine.view.id);
    let asked = app
        .db
        .read(move |conn| for_patient(conn, &inside.keys, id, ReviewState::WaitingForPatient));
    Ok(asked.await?)
}

pub(super) async fn show(visit: Visit) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    if proof != Proof::Open {
        return Ok(Then::Answer.first_the_date(&mine));
    }
    let page = match question(&app, &mine).await? {
        Some(asked) => draw(&app, &mine, asked, Form::blank()),
        None => web::see_other(paths::own_page(&mine.token)),
    };
    proof.stays(&app, &mine, page)
}

/// The page as it was typed into before it closed, whether it is still asked or not.
pub(super) async fn again(app: &Arc<App>, mine: &Mine, typed: Posted) -> Result<HttpResponse, web::Error> {
    let asked = question(app, mine).await?.unwrap_or_default();
    Ok(draw(app, mine, asked, Form::new(typed, Errors::default())))
}

pub(super) async fn take(
    app: Data<App>,
    request: HttpRequest,
    token: Path<String>,
    rules: Data<RulesInForce>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let (app, rules) = (app.into_inner(), rules.now());
    let Visit { app, mine, proof } = match Visit::of(&app, &request, &token).await {
        Err(web::Error::NotFound) => return Ok(after_the_end(&app, &rules, &token, &posted).await),
        visit => visit?,
    };
    if let Some(safe) = KeepSafe::from_key(posted.one("keep_safe")) {
        return follow_up(&app, &rules, &mine, safe).await;
    }
    let text = posted.one("answer");
    let worries = !find_risk_words(&app.config.locality.risk_words, text).is_empty();
    // Words that worry wait for nothing: neither for the date of birth, nor for the right length.
    if !worries {
        if proof != Proof::Open {
            return Then::Answer.first_the_date_keeping(&app, &mine, &posted);
        }
        if let Some(wrong) = unfit(text) {
            let mut errors = posted.errors();
            errors.add("answer", wrong);
            let asked = question(&app, &mine).await?.unwrap_or_default();
            let page = draw(&app, &mine, asked, Form::new(posted, errors));
            return proof.stays(&app, &mine, page);
        }
    }
    let answering = Answering::in_words(fitting(&app, text), app.clock.now())?;
    let page = match keep(&app, &rules, mine.view.id, answering).await {
        Ok(Answered::Kept) => web::see_other(paths::own_page_said(&mine.token, Said::Answered.as_str())),
        Ok(Answered::Worries) => {
            count_worrying_words(text, &app.config.locality.risk_words);
            help(&app, &mine, Shown::Crisis, Kept::Saved)
        }
        Ok(Answered::Missing) => return Err(web::Error::NotFound),
        // A database that fails keeps nobody from help.
        Err(refused) if worries => {
            tracing::error!("a worrying answer could not be kept: {refused}");
            help(&app, &mine, Shown::Crisis, Kept::NotSaved)
        }
        Err(refused) => return Err(refused.into()),
    };
    proof.stays(&app, &mine, page)
}

/// Words that worry, from a page whose link has ended since it was opened, are met with help as ever. They are kept if the
/// link tells whose they are: after the form was taken back it does, after it was replaced it does not.
async fn after_the_end(app: &Arc<App>, rules: &Arc<RuleSet>, token: &str, posted: &Posted) -> HttpResponse {
    let now = app.clock.now();
    let text = posted.one("answer");
    let worries = !find_risk_words(&app.config.locality.risk_words, text).is_empty();
    let (shown, answering) = match KeepSafe::from_key(posted.one("keep_safe")) {
        Some(safe @ (KeepSafe::No | KeepSafe::Unsure)) => (Shown::NotSafe, Answering::of_safety(safe, now)),
        Some(KeepSafe::Yes) => return ended::ended(app),
        None if worries => (Shown::Crisis, Answering::in_words(fitting(app, text), now)),
        None => return ended::ended(app),
    };
    let kept = match (whose(app, token).await, answering) {
        (Some(referral), Ok(answering)) => keep(app, rules, referral, answering).await.is_ok(),
        (Some(_) | None, _) => false,
    };
    let kept = if kept { Kept::Saved } else { Kept::NotSaved };
    if kept == Kept::NotSaved {
        tracing::error!("a worrying answer came by a link that has ended and could not be kept");
    }
    help::draw_own(
        app,
        &paths::own_page(token),
        &paths::own_answer(token),
        shown,
        kept,
    )
}

/// Whose form was taken back, by the link it had.
async fn whose(app: &Arc<App>, token: &str) -> Option<Id> {
    let token = ManageToken::parse(token)?;
    let inside = app.clone();
    let found = app.db.read(move |conn| find_own(conn, &inside.keys, &token));
    found.await.ok().flatten().map(|own| own.id)
}

fn unfit(text: &str) -> Option<String> {
    match text.chars().count() {
        0 => Some("Write your answer".to_owned()),
        1..=LONGEST => None,
        _ => Some(format!("Your answer must be {LONGEST} characters or fewer")),
    }
}

/// What fits of an answer. A word that worries goes first: it may stand beyond what fits.
fn fitting(app: &App, text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let found = find_risk_words(&app.config.locality.risk_words, text);
    let first = found.first().map_or("", |found| found.words.as_str());
    format!("“{first}” … {text}").chars().take(LONGEST).collect()
}

/// "Can you keep yourself safe right now?", asked on the help page.
async fn follow_up(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    mine: &Mine,
    safe: KeepSafe,
) -> Result<HttpResponse, web::Error> {
    match safe {
        KeepSafe::Yes => Ok(web::see_other(paths::own_page_said(
            &mine.token,
            Said::Answered.as_str(),
        ))),
        KeepSafe::No | KeepSafe::Unsure => {
            let answering = Answering::of_safety(safe, app.clock.now())?;
            let kept = match keep(app, rules, mine.view.id, answering).await {
                Ok(_) => Kept::Saved,
                Err(refused) => {
                    tracing::error!("a worrying answer could not be kept: {refused}");
                    Kept::NotSaved
                }
            };
            Ok(help(app, mine, Shown::NotSafe, kept))
        }
    }
}

async fn keep(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    referral: Id,
    answering: Answering,
) -> crate::db::Result<Answered> {
    let (inside, rules) = (app.clone(), rules.clone());
    let haste = match answering.worries(&app.config.locality.risk_words) {
        true => Haste::Urgent,
        false => Haste::Ordinary,
    };
    let writing = app.db.write_in(haste, move |conn| {
        answer(conn, &inside, &rules, referral, &answering)
    });
    let kept = tokio::time::timeout(PATIENCE, writing).await;
    let kept = kept.map_err(|_| crate::db::Error::Busy)??;
    app.mailer.nudge();
    Ok(kept)
}

fn help(app: &App, mine: &Mine, shown: Shown, kept: Kept) -> HttpResponse {
    help::draw_own(
        app,
        &paths::own_page(&mine.token),
        &paths::own_answer(&mine.token),
        shown,
        kept,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_neither_empty_nor_endless() {
        assert!(unfit("").is_some() && unfit("x").is_none());
        assert!(unfit(&"x".repeat(LONGEST)).is_none() && unfit(&"x".repeat(LONGEST + 1)).is_some());
    }
}
