//! The help page: shown in the same response as a worrying answer, before anything else. It asks one more thing,
//! "Can you keep yourself safe right now?", and lets the person go on or stop. It needs no database.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::draft::{Carried, Draft, Ring};
use super::fields::lines_to_check;
use super::keep::{Kept, keep};
use super::worry::Help;
use super::{carry, late, pages, question, sheet};
use crate::app::App;
use crate::config::{Contact, Locality, Urgency};
use crate::questionnaire::{KeepSafe, Page, limits};
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
    /// The safety question was answered with "I would rather not say".
    RatherNot,
    /// The database did not take what has to be kept.
    NotSaved,
}

impl From<Help> for Shown {
    fn from(help: Help) -> Self {
        match help {
            Help::Crisis => Shown::Crisis,
            Help::Spine => Shown::Spine,
            Help::Both => Shown::Both,
            Help::RatherNot => Shown::RatherNot,
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
    /// The number of the short form could not be read and is kept as it was typed.
    as_typed: bool,
    /// The form goes on behind this page; otherwise the own page does, at this address.
    own_page: String,
}

impl HelpPage<'_> {
    fn heading(&self) -> &'static str {
        match self.shown {
            Shown::Crisis | Shown::Both => "Thank you for telling us. You deserve help now.",
            Shown::NotSafe => "Please get help now. You do not have to cope alone.",
            Shown::Spine => "Please go to A&E now",
            Shown::RatherNot => "That is all right. Here is help, if you want it.",
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

    fn is_kept_without_way(&self) -> bool {
        self.kept == Kept::WithoutWay
    }

    fn rather_not(&self) -> bool {
        self.shown == Shown::RatherNot
    }

    /// Whether the short form is shown: nobody knows yet whom to ring, or whether the number is right.
    fn rings(&self) -> bool {
        let unknown = matches!(self.kept, Kept::NotReachable | Kept::WithoutWay);
        self.own_page.is_empty() && !self.rather_not() && (unknown || self.as_typed)
    }
}

/// Draws the help page. `form` holds what was typed into it, if it has to be corrected.
pub(super) fn draw(app: &App, draft: &Draft, shown: Shown, kept: Kept, form: &Form) -> HttpResponse {
    let frame = Frame::patient("Help for you now", app.config.demo).deletes(paths::FORGET);
    let frame = frame.back(paths::refer(last_page(draft).number())).about(form);
    let follow_up = (paths::FOLLOW_UP.to_owned(), String::new());
    let ring = draft
        .ring
        .as_ref()
        .filter(|ring| kept.is_with_the_team() && ring.is_as_typed());
    let short = match ring {
        Some(ring) if form.errors.is_empty() => Posted::default()
            .with("ring_name", &ring.name)
            .with("ring_phone", &ring.phone),
        Some(_) | None => form.posted.clone(),
    };
    let form = Form::new(short, form.errors.clone());
    with_frame(app, frame, (shown, kept), (&form, ring.is_some()), follow_up)
}

/// The same for an answer on the patient's own page; the follow-up is posted to `action`.
pub(super) fn draw_own(app: &App, own_page: &str, action: &str, shown: Shown, kept: Kept) -> HttpResponse {
    let frame = Frame::patient("Help for you now", app.config.demo)
        .secret_address()
        .back(own_page);
    let follow_up = (action.to_owned(), own_page.to_owned());
    with_frame(app, frame, (shown, kept), (&Form::blank(), false), follow_up)
}

fn with_frame(
    app: &App,
    frame: Frame,
    (shown, kept): (Shown, Kept),
    (form, as_typed): (&Form, bool),
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
        as_typed,
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
    let rung_before = draft.ring.clone();
    let errors = take(&posted, &mut draft);
    let stops = posted.has("then", "stop");
    let unsafe_now = matches!(
        KeepSafe::from_key(posted.one("keep_safe")),
        Some(KeepSafe::No | KeepSafe::Unsure)
    );
    let kept = keep(&app, &rules, &mut draft, lines_to_check(&posted, &errors)).await;
    // What is with the team as typed keeps nobody from stopping; who sends it a second time goes on.
    let again = draft.ring.is_some() && draft.ring == rung_before;
    let asks = match kept {
        Kept::NothingToKeep | Kept::NotReachable => errors.any(),
        Kept::Saved | Kept::WithoutWay => errors.any() && !(stops || unsafe_now || again),
        Kept::NotSaved => false,
    };
    let answer = if asks {
        draw(&app, &draft, Shown::Crisis, kept, &Form::new(posted, errors))
    } else if unsafe_now {
        draw(&app, &draft, Shown::NotSafe, kept, &Form::blank())
    } else if kept == Kept::NotSaved {
        draw(&app, &draft, Shown::NotSaved, kept, &Form::blank())
    } else if stops && draft.tablet {
        // The next person stands in the room already: nothing of it stays on the device.
        let as_typed = draft.ring.as_ref().is_some_and(Ring::is_as_typed);
        let answer = stopped(&app, kept, as_typed, Device::HandedOver);
        return Ok(carry::without_draft(&app, answer));
    } else if stops {
        stopped(
            &app,
            kept,
            draft.ring.as_ref().is_some_and(Ring::is_as_typed),
            Device::Own,
        )
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

/// Reads the help page's form. Each part may be left empty. A name without a number, or the other way round, and what
/// cannot be read is a message, and is in the draft all the same: somebody may make something of it.
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
    let short: String = name.chars().take(SHORT_NAME).collect();
    let read_name = errors.keep("ring_name", PersonName::parse(name));
    let read_phone = errors.keep("ring_phone", Phone::parse(phone));
    let name = read_name.map_or(short, |name| name.as_str().chars().take(SHORT_NAME).collect());
    let before = draft.ring.take();
    let sound_before = before.filter(|ring| !ring.phone.is_empty() && !ring.is_as_typed());
    let phone = match (read_phone, sound_before) {
        (Some(phone), _) => phone.as_str().to_owned(),
        (None, Some(before)) => before.phone,
        (None, None) => limits::fitting(phone, limits::PHONE).unwrap_or_default(),
    };
    draft.ring = Some(Ring { name, phone }).filter(|ring| !(ring.name.is_empty() && ring.phone.is_empty()));
    errors
}

/// The patient has stopped, or does not agree.
#[derive(Template)]
#[template(path = "patient/views/stopped.html")]
struct Stopped<'a> {
    frame: Frame,
    here: &'a Locality,
    ended: Ended,
    kept: Kept,
    /// The number is kept as it was typed, because it could not be read.
    as_typed: bool,
    holds_draft: bool,
    /// On a device of the clinic, which goes back to whoever handed it over.
    handed_over: bool,
    read_when: String,
    is_open: bool,
}

/// Whose device the form is filled in on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Device {
    /// The patient's own.
    Own,
    /// One of the clinic, which somebody of staff handed over.
    HandedOver,
}

impl Device {
    /// The device on which this draft is filled in.
    pub fn of(draft: &Draft) -> Self {
        match draft.tablet {
            true => Device::HandedOver,
            false => Device::Own,
        }
    }
}

/// What ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// The patient stopped half way.
    Stopped,
    /// They do not agree to be referred.
    Refused,
    /// They deleted their answers from the device.
    Deleted,
}

impl Stopped<'_> {
    fn is_refused(&self) -> bool {
        self.ended == Ended::Refused
    }

    fn is_deleted(&self) -> bool {
        self.ended == Ended::Deleted
    }

    fn is_kept(&self) -> bool {
        self.kept.is_with_the_team()
    }

    /// Whether somebody can try to be in touch.
    fn has_way(&self) -> bool {
        self.kept == Kept::Saved
    }
}

fn stopped(app: &App, kept: Kept, as_typed: bool, device: Device) -> HttpResponse {
    ended(
        app,
        Ended::Stopped,
        kept,
        as_typed,
        (device, device == Device::Own),
    )
}

/// "I do not agree": nothing is sent; a safety answer that the team already has stays with them.
pub(super) fn refused(app: &App, kept: Kept, device: Device, holds_draft: bool) -> HttpResponse {
    ended(app, Ended::Refused, kept, false, (device, holds_draft))
}

fn ended(
    app: &App,
    ended: Ended,
    kept: Kept,
    as_typed: bool,
    (device, holds_draft): (Device, bool),
) -> HttpResponse {
    let here = &app.config.locality;
    web::html(&Stopped {
        frame: Frame::patient("Thank you", app.config.demo),
        here,
        holds_draft,
        handed_over: device == Device::HandedOver,
        ended,
        kept,
        as_typed,
        read_when: question::read_when(&here.hours, app.clock.now()),
        is_open: here.hours.is_open(app.clock.now()),
    })
}

/// "Delete my answers from this device." What the team has already stays with them, and the page says so.
async fn forget(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let draft = carry::any_draft(&app, &request).map(|(draft, _)| draft);
    let answer = match draft.filter(|draft| draft.kept.is_some()) {
        Some(draft) if sheet::person(&draft).has_way() => {
            let as_typed = draft.ring.as_ref().is_some_and(Ring::is_as_typed);
            ended(
                &app,
                Ended::Deleted,
                Kept::Saved,
                as_typed,
                (Device::of(&draft), false),
            )
        }
        Some(draft) => ended(
            &app,
            Ended::Deleted,
            Kept::WithoutWay,
            false,
            (Device::of(&draft), false),
        ),
        None => web::see_other(paths::HOME),
    };
    carry::without_draft(&app, answer)
}
