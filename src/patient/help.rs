//! The help page: shown in the same response as a worrying answer, before anything else. It asks one more thing,
//! "Can you keep yourself safe right now?", and lets the person go on or stop. It needs no database.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::draft::{Carried, Draft, Ring};
use super::keep::{Kept, keep};
use super::worry::Help;
use super::{carry, late, pages, question};
use crate::app::App;
use crate::config::{Contact, Locality, Urgency};
use crate::questionnaire::{KeepSafe, Page};
use crate::triage::RulesInForce;
use crate::values::{PersonName, Phone};
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// Longest first name of the short form, in characters: the cookie carries it beside the answers.
const SHORT_NAME: usize = 40;

/// Adds what the help page posts to.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::FOLLOW_UP, get().to(follow_up_again))
        .route(paths::FOLLOW_UP, post().to(follow_up))
        .route(paths::FORGET, get().to(follow_up_again))
        .route(paths::FORGET, post().to(forget));
}

/// Why the help page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// A worrying answer.
    Crisis,
    /// "Can you keep yourself safe?" was answered with no or not sure.
    NotSafe,
    /// A sign that can come from the spine.
    Spine,
    /// That and a worrying answer on one page.
    Both,
    /// The database did not take what has to be kept.
    NotSaved,
}

impl From<Help> for Shown {
    fn from(help: Help) -> Self {
        match help {
            Help::Crisis => Shown::Crisis,
            Help::Spine => Shown::Spine,
            Help::Both => Shown::Both,
        }
    }
}

#[derive(Template)]
#[template(path = "patient/views/help.html")]
struct HelpPage<'a> {
    frame: Frame,
    form: &'a Form,
    shown: Shown,
    kept: Kept,
    here: &'a Locality,
    read_when: String,
    is_open: bool,
    /// Where the follow-up is posted.
    action: String,
    /// The form goes on behind this page; otherwise the own page does, at this address.
    own_page: String,
}

impl HelpPage<'_> {
    fn heading(&self) -> &'static str {
        match self.shown {
            Shown::Crisis | Shown::Both => "Thank you for telling us. You deserve help now.",
            Shown::NotSafe => "Please get help now. You do not have to cope alone.",
            Shown::Spine => "Please go to A&E now",
            Shown::NotSaved => "Please ring us, or get help now if you need it",
        }
    }

    fn contacts(&self, urgency: Urgency) -> impl Iterator<Item = &Contact> {
        self.here
            .crisis
            .iter()
            .filter(move |contact| contact.urgency == urgency)
    }

    fn emergency(&self) -> impl Iterator<Item = &Contact> {
        self.contacts(Urgency::Emergency)
    }

    fn urgent(&self) -> impl Iterator<Item = &Contact> {
        self.contacts(Urgency::Urgent)
    }

    fn listening(&self) -> impl Iterator<Item = &Contact> {
        self.contacts(Urgency::Listening)
    }

    fn keep_safe(&self) -> Vec<Choice> {
        KeepSafe::ALL
            .iter()
            .map(|answer| Choice::new(answer.key(), answer.label()))
            .collect()
    }

    fn asks(&self) -> bool {
        matches!(self.shown, Shown::Crisis | Shown::Both)
    }

    fn is_spine(&self) -> bool {
        matches!(self.shown, Shown::Spine | Shown::Both)
    }

    fn is_only_spine(&self) -> bool {
        self.shown == Shown::Spine
    }

    fn is_kept(&self) -> bool {
        self.kept == Kept::Saved
    }

    fn is_not_saved(&self) -> bool {
        self.kept == Kept::NotSaved
    }

    fn rings(&self) -> bool {
        self.kept == Kept::NotReachable
    }
}

/// Draws the help page. `form` holds what was typed into it, if it has to be corrected.
pub(super) fn draw(app: &App, draft: &Draft, shown: Shown, kept: Kept, form: &Form) -> HttpResponse {
    let frame = Frame::patient("Help for you now", app.config.demo).deletes(paths::FORGET);
    let frame = frame.back(paths::refer(last_page(draft).number())).about(form);
    let follow_up = (paths::FOLLOW_UP.to_owned(), String::new());
    with_frame(app, frame, (shown, kept), form, follow_up)
}

/// The same for an answer on the patient's own page; the follow-up is posted to `action`.
pub(super) fn draw_own(app: &App, own_page: &str, action: &str, shown: Shown, kept: Kept) -> HttpResponse {
    let frame = Frame::patient("Help for you now", app.config.demo).back(own_page);
    let follow_up = (action.to_owned(), own_page.to_owned());
    with_frame(app, frame, (shown, kept), &Form::blank(), follow_up)
}

fn with_frame(
    app: &App,
    frame: Frame,
    (shown, kept): (Shown, Kept),
    form: &Form,
    (action, own_page): (String, String),
) -> HttpResponse {
    let here = &app.config.locality;
    let now = app.clock.now();
    let page = HelpPage {
        frame,
        action,
        own_page,
        form,
        shown,
        kept,
        here,
        read_when: question::read_when(&here.hours, now),
        is_open: here.hours.is_open(now),
    };
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    web::html_status(status, &page)
}

/// The page the person came from, as well as it can be told: the last one answered.
fn last_page(draft: &Draft) -> Page {
    let journey = draft.journey();
    let next = journey.first_unanswered().unwrap_or(Page::Check);
    journey.before(next).unwrap_or(next)
}

/// Reloading or coming back to what was posted: on with the form.
async fn follow_up_again(app: Data<App>, request: HttpRequest) -> HttpResponse {
    match carry::carried(&app, &request) {
        Some(Carried::Draft(draft)) => pages::go_on(&draft),
        Some(Carried::Sent(_) | Carried::Added(_)) => pages::go_to(Page::Confirmation),
        None if carry::locked(&app, &request).is_some() => web::see_other(paths::REOPEN),
        None => web::see_other(paths::HOME),
    }
}

async fn follow_up(
    app: Data<App>,
    rules: Data<RulesInForce>,
    request: HttpRequest,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let (app, rules) = (app.into_inner(), rules.now());
    if let Some(done) = carry::done(&app, &request) {
        return Ok(late::follow_up(&app, &rules, &done, &posted).await);
    }
    // Without a draft the answer still counts: it begins one. A locked one takes it and stays locked.
    let (mut draft, is_open) = carry::any_draft(&app, &request).unwrap_or_else(|| (Draft::start(None), true));
    let errors = take(&posted, &mut draft);
    let stops = posted.has("then", "stop");
    let unsafe_now = matches!(
        KeepSafe::from_key(posted.one("keep_safe")),
        Some(KeepSafe::No | KeepSafe::Unsure)
    );
    let kept = keep(&app, &rules, &mut draft).await;
    let answer = if errors.any() {
        draw(&app, &draft, Shown::Crisis, kept, &Form::new(posted, errors))
    } else if unsafe_now {
        draw(&app, &draft, Shown::NotSafe, kept, &Form::blank())
    } else if kept == Kept::NotSaved {
        draw(&app, &draft, Shown::NotSaved, kept, &Form::blank())
    } else if stops {
        stopped(&app, kept)
    } else if is_open {
        pages::go_on(&draft)
    } else {
        web::see_other(paths::REOPEN)
    };
    match is_open {
        true => carry::with_draft(&app, draft, answer),
        false => Ok(answer),
    }
}

/// Reads the help page's form. Each part may be left empty; a name without a number, or the other way round, may
/// not.
fn take(posted: &Posted, draft: &mut Draft) -> Errors {
    let mut errors = posted.errors();
    if let Some(answer) = KeepSafe::from_key(posted.one("keep_safe")) {
        draft.answers.keep_safe = Some(answer);
    }
    let (name, phone) = (posted.one("ring_name"), posted.one("ring_phone"));
    if name.is_empty() && phone.is_empty() {
        return errors;
    }
    if name.chars().count() > SHORT_NAME {
        errors.add("ring_name", "Name must be 40 characters or fewer");
    }
    let name = errors.keep("ring_name", PersonName::parse(name));
    let phone = errors.keep("ring_phone", Phone::parse(phone));
    if let (Some(name), Some(phone), true) = (name, phone, errors.is_empty()) {
        draft.ring = Some(Ring {
            name: name.as_str().to_owned(),
            phone: phone.as_str().to_owned(),
        });
    }
    errors
}

/// The patient has stopped, or does not agree.
#[derive(Template)]
#[template(path = "patient/views/stopped.html")]
struct Stopped<'a> {
    frame: Frame,
    here: &'a Locality,
    refused: bool,
    kept: bool,
    holds_draft: bool,
    read_when: String,
    is_open: bool,
}

fn stopped(app: &App, kept: Kept) -> HttpResponse {
    ended(app, false, kept == Kept::Saved, true)
}

/// "I do not agree": nothing is sent; a safety answer that the team already has stays with them.
pub(super) fn refused(app: &App, kept: Kept) -> HttpResponse {
    ended(app, true, kept == Kept::Saved, kept != Kept::NothingToKeep)
}

fn ended(app: &App, refused: bool, kept: bool, holds_draft: bool) -> HttpResponse {
    let here = &app.config.locality;
    web::html(&Stopped {
        frame: Frame::patient("Thank you", app.config.demo),
        here,
        refused,
        kept,
        holds_draft,
        read_when: question::read_when(&here.hours, app.clock.now()),
        is_open: here.hours.is_open(app.clock.now()),
    })
}

/// "Delete my answers from this device."
async fn forget(app: Data<App>) -> HttpResponse {
    carry::without_draft(&app, web::see_other(paths::HOME))
}
