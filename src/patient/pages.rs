//! `/refer/{n}`: a page of the journey is read into the draft; a worrying answer is kept and answered with help
//! in the same response; else the next page follows.

use std::sync::Arc;

use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};

use super::draft::{BORN_TYPED, Carried, Draft};
use super::fields::{TakeContext, birth_date, keep_as_typed, lines_to_check, show_page, take_page};
use super::keep::{Kept, keep};
use super::question::{self, Asked};
use super::reopen::{self, gone};
use super::worry::help_for;
use super::{carry, check, help, late, sent, worry};
use crate::app::App;
use crate::questionnaire::{Page, limits};
use crate::triage::{RuleSet, RulesInForce};
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// Adds the pages of the journey. The addresses with a word come first: a number is not told from a word by the
/// route.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    help::routes(cfg);
    reopen::routes(cfg);
    cfg.route(paths::REFER, get().to(show))
        .route(paths::REFER, post().to(take));
}

async fn show(app: Data<App>, request: HttpRequest, n: Path<String>) -> Result<HttpResponse, web::Error> {
    let page = page_of(&n)?;
    let draft = match carry::carried(&app, &request) {
        None => return Ok(gone(&app, &request)),
        Some(Carried::Sent(sent)) if page == Page::Confirmation => {
            return Ok(sent::confirmation(&app.into_inner(), &sent).await);
        }
        Some(Carried::Added(added)) if page == Page::Confirmation => return Ok(sent::added(&app, &added)),
        Some(Carried::Sent(_) | Carried::Added(_)) => return Ok(go_to(Page::Confirmation)),
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
    draw(&app, &draft, page, &form, None)
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
    if let Some(done) = carry::done(&app, &request) {
        return Ok(late::page(&app, &rules, &done, page, &posted).await);
    }
    match carry::draft(&app, &request) {
        Some(draft) if page == Page::Check => check::send(&app, &rules, draft, &posted).await,
        Some(draft) if draft.journey().may_visit(page) => read(&app, &rules, draft, page, posted).await,
        Some(_) | None => read_out_of_turn(&app, &rules, &request, page, &posted).await,
    }
}

/// Reads the page into the draft and answers with what follows. A worrying answer is answered with help although
/// something else on its page has to be corrected; the page comes again when the person goes on. Of somebody at risk
/// what cannot be read is kept as typed; who sends it a second time goes on.
async fn read(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    mut draft: Draft,
    page: Page,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let words = &app.config.locality.risk_words;
    let known = help_for(page, &draft.answers, words);
    let before = draft.clone();
    let context = context(app, &draft);
    let errors = take_page(page, &posted, &mut draft.answers, context);
    let help = help_for(page, &draft.answers, words);
    let in_words = worry::keep_words(&posted, &errors, &mut draft.answers, words);
    let wrong = take_as_typed(app, rules, &posted, &errors, &mut draft);
    let as_typed = !wrong.is_empty();
    let kept = keep(app, rules, &mut draft, wrong).await;
    let may_insist = as_typed && kept == Kept::Saved && may_insist(page, &draft, &errors);
    let again = may_insist && insists(&before, &draft);
    let shown = match (help, kept) {
        (Some(help), _) if errors.is_empty() || Some(help) != known => Some(help.into()),
        (_, Kept::NotSaved) => Some(help::Shown::NotSaved),
        (_, Kept::NothingToKeep | Kept::Saved | Kept::WithoutWay | Kept::NotReachable) => None,
    };
    let worrying = match kept {
        Kept::Saved | Kept::WithoutWay => as_typed || in_words || help.is_some(),
        Kept::NothingToKeep | Kept::NotReachable | Kept::NotSaved => in_words || help.is_some(),
    };
    let answer = match shown {
        Some(shown) => help::draw(app, &draft, shown, kept, &Form::blank()),
        None if errors.any() && !again => {
            let form = Form::new(posted, errors);
            let told = worrying.then_some((kept, may_insist));
            self::draw(app, &draft, page, &form, told)?
        }
        None => go_to(next(&draft, page)),
    };
    carry::with_draft(app, draft, answer)
}

/// Takes what has to be corrected as it was typed, if a person has to look at these answers; gives it in words for the
/// team.
fn take_as_typed(
    app: &App,
    rules: &RuleSet,
    posted: &Posted,
    errors: &Errors,
    draft: &mut Draft,
) -> Vec<String> {
    let today = app.clock.now().london_date();
    let urgent = || worry::looked_at(draft, rules, &app.config.locality, today).is_urgent();
    if errors.is_empty() || !(draft.kept.is_some() || urgent()) {
        return Vec::new();
    }
    keep_as_typed(posted, errors, &mut draft.answers);
    if errors.at("birth").is_some() {
        draft.born_typed = birth_date(posted).and_then(|typed| limits::fitting(&typed, BORN_TYPED));
    }
    lines_to_check(posted, errors)
}

/// Whether all that is wrong with the page is kept as typed, so that the form can go on with it.
fn may_insist(page: Page, draft: &Draft, errors: &Errors) -> bool {
    const AS_TYPED: [&str; 6] = ["phone", "email", "line1", "line2", "town", "postcode"];
    let whole = draft.answers.contact.is_some() && draft.answers.address.is_some();
    let mut wrong = errors.list().iter();
    page == Page::Reach && whole && wrong.all(|problem| AS_TYPED.contains(&&*problem.field))
}

/// Whether somebody sends again what was kept as typed before: then it is meant so.
fn insists(before: &Draft, now: &Draft) -> bool {
    before.answers.contact == now.answers.contact && before.answers.address == now.answers.address
}

/// A page sent without a draft, or before its turn: after an hour's pause, from a second tab. A worrying answer
/// is answered all the same, and kept with what is known of the person; a locked draft stays locked.
async fn read_out_of_turn(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    request: &HttpRequest,
    page: Page,
    posted: &Posted,
) -> Result<HttpResponse, web::Error> {
    let brought = carry::any_draft(app, request);
    let is_open = brought.as_ref().is_none_or(|(_, is_open)| *is_open);
    let mut taken = brought.map_or_else(|| Draft::start(None), |(draft, _)| draft);
    let context = context(app, &taken);
    let errors = take_page(page, posted, &mut taken.answers, context);
    let help = help_for(page, &taken.answers, &app.config.locality.risk_words);
    let wrong = take_as_typed(app, rules, posted, &errors, &mut taken);
    let kept = keep(app, rules, &mut taken, wrong).await;
    match (help, carry::draft(app, request)) {
        (Some(help), _) => {
            let answer = help::draw(app, &taken, help.into(), kept, &Form::blank());
            match is_open {
                true => carry::with_draft(app, taken, answer),
                false => Ok(answer),
            }
        }
        (None, Some(draft)) => Ok(go_on(&draft)),
        (None, None) => Ok(gone(app, request)),
    }
}

pub(super) fn context<'a>(app: &'a App, draft: &Draft) -> TakeContext<'a> {
    TakeContext {
        today: app.clock.now().london_date(),
        from_slip: draft.uses_slip(),
        for_another: draft.for_another,
        journey: draft.context(),
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
    go_to(draft.journey().first_unanswered().unwrap_or(Page::Check))
}

pub(super) fn go_to(page: Page) -> HttpResponse {
    web::see_other(paths::refer(page.number()))
}

/// What the page shows: what was answered, or what is already known from the slip or the help page.
fn shown(page: Page, draft: &Draft) -> Posted {
    let mut shown = show_page(page, &draft.answers);
    if let (Page::Problem, Some(hint), None) = (page, draft.hint, draft.answers.long_term.as_ref()) {
        shown = shown.with("ltc", hint.key());
    }
    match (page, draft.ring.as_ref()) {
        (Page::You, Some(ring)) if draft.answers.name.is_none() => shown.with("name", &ring.name),
        (Page::Reach, Some(ring)) if draft.answers.contact.is_none() => {
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
    worrying: Option<(Kept, bool)>,
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
    let frame = Frame::patient(question::title(page), app.config.demo)
        .back(back.unwrap_or(slip))
        .deletes(paths::FORGET);
    let needs = draft.answers.needs.as_ref();
    let asked = Asked {
        page,
        action: paths::refer(page.number()),
        here,
        suggested: draft.hint.map(super::hint::words),
        for_another: draft.for_another,
        tablet: draft.tablet,
        needs_interpreter: needs.is_some_and(|needs| needs.interpreter.is_some() || needs.bsl),
        read_when: question::read_when(&here.hours, app.clock.now()),
        worrying: worrying.is_some(),
        kept: worrying.is_some_and(|(kept, _)| kept.is_with_the_team()),
        may_insist: worrying.is_some_and(|(_, may_insist)| may_insist),
    };
    question::draw(frame, form, &asked)
}
