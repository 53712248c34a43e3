//! `/refer/{n}`: one thing a page. A page is read into the draft; a worrying answer is kept and answered with help
//! in the same response; else the next page follows.

use std::sync::Arc;

use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::draft::{Carried, Draft};
use super::fields::{TakeContext, show_answer, take_answer};
use super::keep::{Kept, keep};
use super::question::{self, Asked};
use super::worry::help_for;
use super::{carry, check, help, sent, worry};
use crate::app::App;
use crate::questionnaire::Page;
use crate::triage::{RuleSet, RulesInForce};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

/// Adds the pages of the journey. The addresses with a word come first: a number is not told from a word by the
/// route.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    help::routes(cfg);
    cfg.route(paths::REFER, get().to(show))
        .route(paths::REFER, post().to(take));
}

async fn show(app: Data<App>, request: HttpRequest, n: Path<String>) -> Result<HttpResponse, web::Error> {
    let page = page_of(&n)?;
    let draft = match carry::carried(&app, &request) {
        None => return Ok(gone(&app)),
        Some(Carried::Sent(sent)) if page == Page::Confirmation => {
            return Ok(sent::confirmation(&app, &sent));
        }
        Some(Carried::Sent(_)) => return Ok(go_to(Page::Confirmation)),
        Some(Carried::Draft(draft)) => *draft,
    };
    let journey = draft.journey();
    if page == Page::Confirmation || !journey.may_visit(page) {
        return Ok(go_on(&draft));
    }
    if page == Page::Check {
        return Ok(check::draw(&app, &draft));
    }
    let form = Form::new(shown(page, &draft), Default::default());
    draw(&app, &draft, page, &form, false)
}

async fn take(
    app: Data<App>,
    rules: Data<RulesInForce>,
    request: HttpRequest,
    n: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let page = page_of(&n)?;
    let (app, rules) = (app.into_inner(), rules.now());
    let draft = match carry::carried(&app, &request) {
        Some(Carried::Sent(_)) => return Ok(go_to(Page::Confirmation)),
        Some(Carried::Draft(draft)) => Some(*draft),
        None => None,
    };
    match draft {
        Some(draft) if page == Page::Check => check::send(&app, &rules, draft).await,
        Some(draft) if draft.journey().may_visit(page) => read(&app, &rules, draft, page, posted).await,
        lost => read_out_of_turn(&app, &rules, lost, page, &posted).await,
    }
}

/// Reads the page into the draft and answers with what follows.
async fn read(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    mut draft: Draft,
    page: Page,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let taking = context(app, &draft);
    let errors = take_answer(page, &posted, &mut draft.answers, taking);
    if errors.any() {
        let worrying = worry::keep_words(page, &posted, &mut draft.answers, &app.config.locality.risk_words);
        if worrying {
            keep(app, rules, &mut draft).await;
        }
        let answer = self::draw(app, &draft, page, &Form::new(posted, errors), worrying)?;
        return carry::with_draft(app, draft, answer);
    }
    let help = help_for(page, &draft.answers, &app.config.locality.risk_words);
    let kept = keep(app, rules, &mut draft).await;
    let refused = draft
        .answers
        .agreement
        .as_ref()
        .is_some_and(|given| !given.agreed);
    let answer = match (help, kept) {
        (Some(help), _) => help::draw(app, &draft, help.into(), kept, &Form::blank()),
        (None, Kept::NotSaved) => help::draw(app, &draft, help::Shown::NotSaved, kept, &Form::blank()),
        (None, Kept::NothingToKeep) if refused => {
            return Ok(carry::without_draft(app, help::refused(app, kept)));
        }
        (None, Kept::NothingToKeep | Kept::Saved | Kept::NotReachable) if refused => help::refused(app, kept),
        (None, Kept::NothingToKeep | Kept::Saved | Kept::NotReachable) => go_to(next(&draft, page)),
    };
    carry::with_draft(app, draft, answer)
}

/// A page sent without a draft, or before its turn: after an hour's pause, from a second tab. A worrying answer
/// is answered all the same.
async fn read_out_of_turn(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    draft: Option<Draft>,
    page: Page,
    posted: &Posted,
) -> Result<HttpResponse, web::Error> {
    let mut taken = draft.clone().unwrap_or_else(|| Draft::start(None));
    let taking = context(app, &taken);
    let errors = take_answer(page, posted, &mut taken.answers, taking);
    let help = help_for(page, &taken.answers, &app.config.locality.risk_words);
    match (help, draft) {
        (Some(help), _) if errors.is_empty() => {
            let kept = keep(app, rules, &mut taken).await;
            let answer = help::draw(app, &taken, help.into(), kept, &Form::blank());
            carry::with_draft(app, taken, answer)
        }
        (_, Some(draft)) => Ok(go_on(&draft)),
        (_, None) => Ok(gone(app)),
    }
}

fn context<'a>(app: &'a App, draft: &Draft) -> TakeContext<'a> {
    TakeContext {
        today: app.clock.now().london_date(),
        from_slip: draft.uses_slip(),
        languages: &app.config.locality.languages,
    }
}

fn page_of(n: &str) -> Result<Page, web::Error> {
    n.parse()
        .ok()
        .and_then(Page::from_number)
        .ok_or(web::Error::NotFound)
}

/// The page after this one; back to "check your answers" once all the others are answered.
pub(super) fn next(draft: &Draft, page: Page) -> Page {
    let journey = draft.journey();
    match journey.first_unanswered() {
        Some(Page::Check) => Page::Check,
        _ => journey.next_after(page).unwrap_or(Page::Check),
    }
}

/// Where a person goes on who is nowhere in particular.
pub(super) fn go_on(draft: &Draft) -> HttpResponse {
    go_to(draft.journey().first_unanswered().unwrap_or(Page::Agreement))
}

pub(super) fn go_to(page: Page) -> HttpResponse {
    web::see_other(paths::refer(page.number()))
}

/// What the page shows: what was answered, or what is already known from the slip or the help page.
fn shown(page: Page, draft: &Draft) -> Posted {
    let shown = show_answer(page, &draft.answers);
    if let (Page::LongTerm, Some(hint), None) = (page, draft.hint, draft.answers.long_term.as_ref()) {
        return shown.with("ltc", hint.key());
    }
    match (page, draft.ring.as_ref()) {
        (Page::Name, Some(ring)) if draft.answers.name.is_none() => shown.with("name", &ring.name),
        (Page::Contact, Some(ring)) if draft.answers.contact.is_none() => {
            shown.with("phone", super::fields::shown_phone(Some(&ring.phone)))
        }
        _ => shown,
    }
}

fn draw(
    app: &App,
    draft: &Draft,
    page: Page,
    form: &Form,
    worrying: bool,
) -> Result<HttpResponse, web::Error> {
    let here = &app.config.locality;
    let back = draft
        .journey()
        .before(page)
        .map(|page| paths::refer(page.number()));
    let slip = draft
        .slip
        .as_ref()
        .map_or_else(|| paths::HOME.to_owned(), paths::slip);
    let frame = Frame::patient(question::title(page), app.config.demo).back(back.unwrap_or(slip));
    let contact = draft.answers.contact.as_ref();
    let asked = Asked {
        page,
        action: paths::refer(page.number()),
        here,
        from_slip: draft.uses_slip(),
        suggested: draft.hint.map(super::hint::words),
        by_post: contact.is_some_and(|contact| contact.phone.is_none() && contact.email.is_none()),
        read_when: question::read_when(&here.hours, app.clock.now()),
        worrying,
    };
    question::draw(frame, form, &asked)
}

/// The draft is gone, or the browser keeps no cookies.
#[derive(Template)]
#[template(path = "patient/views/gone.html")]
struct Gone<'a> {
    frame: Frame,
    minutes: i64,
    phone: &'a str,
}

pub(super) fn gone(app: &App) -> HttpResponse {
    web::html(&Gone {
        frame: Frame::patient("Please start again", app.config.demo),
        minutes: carry::IDLE_MINUTES,
        phone: &app.config.locality.organisation.phone,
    })
}
