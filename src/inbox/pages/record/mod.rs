//! One referral: who, what they answered, what is suggested and why, what happened, and what can be done. Each
//! section of the page has a file here, and a template of its own.

mod alike;
mod came;
mod deciding;
mod handing_over;
pub(super) mod ending;
mod notice;
mod opened;
mod placed;
pub(super) mod reaching;
mod suggestion;
mod top;
mod why;

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

use self::alike::{Alike, alike, unsaid};
use self::came::came;
use self::deciding::Deciding;
use self::handing_over::HandingOver;
pub(super) use self::notice::Notice;
pub(super) use self::opened::{Opened, named};
use self::placed::Placed;
use self::reaching::Reaching;
use self::suggestion::Suggestion;
use self::top::Top;
use crate::app::App;
use crate::inbox::answers::{Answered, answered};
use crate::inbox::changes::{self, Changed};
use crate::inbox::choice::{NOTE_LIMIT, REASON_LIMIT};
use crate::inbox::lists::from::{back_to, came_from, carried};
use crate::inbox::reads::{Readings, readings};
use crate::inbox::timeline::{self, Entry};
use crate::inbox::who::{Who, who};
use crate::referrals::{Reference, ReferralView};
use crate::staff::{Actor, Deed};
use crate::triage::FormerRules;
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

/// The part of an address behind the question mark: what was just done, and to which referral.
#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
    of: Option<String>,
}

#[derive(Template)]
#[template(path = "inbox/views/record.html")]
pub(super) struct RecordPage {
    frame: Frame,
    form: Form,
    notice: Notice,
    reference: String,
    /// The list the reader came from.
    from: String,
    seen: usize,
    who: Who,
    contact_changes: Vec<Changed>,
    top: Top,
    came: Vec<String>,
    suggestion: Suggestion,
    answered: Answered,
    answered_often: usize,
    alike: Vec<Alike>,
    /// How many of them wait for somebody to say whether it is the same person.
    alike_unsaid: usize,
    timeline: Vec<Entry>,
    chain_is_whole: bool,
    /// Who has read it; nothing for who may not see that.
    readings: Option<Readings>,
    placed: Placed,
    reaching: Reaching,
    handing_over: HandingOver,
    deciding: Deciding,
    /// Whether the reader comes from a decision about somebody else: the buttons are folded, so that none stands where the
    /// last one stood.
    came_from_decision: bool,
}

/// `GET /inbox/{reference}`.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
    asked: actix::Query<Asked>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::OpenReferral)?;
    let reference = Reference::parse(&reference).ok_or(web::Error::NotFound)?;
    let opened = Opened::read(&app, &reference)
        .await?
        .ok_or(web::Error::NotFound)?;
    opened.note(&app, &actor).await?;
    let notice = Notice::after(asked.done.as_deref(), asked.of.as_deref());
    let form = Form::new(
        preselected(&opened.view, app.config.locality.contact.chase_days),
        web::form::Errors::default(),
    );
    let mut page = RecordPage::new(&app, &actor, &request, opened, form, notice);
    page.came_from_decision = asked.of.is_some();
    Ok(web::html(&page))
}

/// The rules of earlier days that this process has read; a house without any reads them anew.
fn former(request: &HttpRequest) -> actix::Data<FormerRules> {
    let kept = request.app_data::<actix::Data<FormerRules>>();
    kept.cloned()
        .unwrap_or_else(|| actix::Data::new(FormerRules::default()))
}

/// The suggestion stands ticked; whoever decides otherwise says why.
fn preselected(view: &ReferralView, chase_days: u8) -> Posted {
    let suggested = view.case_sheet.decision.step;
    Posted::default()
        .with("accept_step", suggested.as_str())
        .with("accept_place", "confirm")
        .with("ask_way", if view.person.may_mail() { "page" } else { "call" })
        .with("ask_days", chase_days.to_string())
}

impl RecordPage {
    pub fn new(
        app: &App,
        actor: &Actor,
        request: &HttpRequest,
        opened: Opened,
        form: Form,
        notice: Notice,
    ) -> Self {
        let (now, locality) = (app.clock.now(), &app.config.locality);
        let today = now.london_date();
        let view = &opened.view;
        let title = format!("Referral {}", view.reference);
        let contact_changes = changes::of(view);
        let from = came_from(request.query_string());
        Self {
            frame: actor
                .frame(request, title)
                .wide()
                .back(back_to(&from))
                .about(&form),
            from,
            reference: view.reference.to_string(),
            seen: view.seen(),
            who: who(&view.person, &view.case_sheet, !contact_changes.is_empty(), today),
            contact_changes,
            top: Top::of(&opened, locality, now),
            came: came(&opened),
            suggestion: Suggestion::of(&opened, locality, &former(request)),
            answered: answered(&view.case_sheet),
            answered_often: view
                .timeline
                .iter()
                .filter(|event| event.payload.case_sheet.is_some())
                .count(),
            alike_unsaid: unsaid(&alike(&opened, today)),
            alike: alike(&opened, today),
            timeline: timeline::entries(view, &opened.names, today),
            chain_is_whole: view.chain_is_whole,
            readings: actor.may(Deed::SeeReadLog).then(|| readings(&opened.reads)),
            placed: Placed::of(&opened, actor, now),
            reaching: Reaching::of(&opened, now),
            handing_over: HandingOver::of(&opened, locality),
            deciding: Deciding::of(&opened, app, actor),
            came_from_decision: false,
            form,
            notice,
        }
    }

    fn deed(&self, deed: &str) -> String {
        paths::referral_deed(self.reference.replace('-', ""), deed) + &carried("?", &self.from)
    }

    fn own_link(&self) -> String {
        paths::referral_own_link(self.reference.replace('-', ""))
    }

    fn attempt(&self) -> String {
        paths::referral_attempt(self.reference.replace('-', ""))
    }

    fn undo_contact(&self) -> String {
        paths::referral_undo_attempt(self.reference.replace('-', ""))
    }

    /// Where whoever comes next in the reader's list is found.
    fn next(&self) -> String {
        paths::inbox_next(self.reference.replace('-', "")) + &carried("&", &self.from)
    }

    fn place_deed(&self) -> String {
        paths::referral_place(self.reference.replace('-', "")) + &carried("?", &self.from)
    }

    fn decline_hint(&self) -> &'static str {
        match self.placed.place.is_some() {
            true => "For the team. Their place is given up, and a call to tell them is noted",
            false => "For the team; the patient does not read it",
        }
    }

    fn close_hint(&self) -> &'static str {
        match self.placed.place.is_some() {
            true => {
                "Nothing is sent to the patient. Their place is given up, and a call to tell them is noted"
            }
            false => "Nothing is sent to the patient",
        }
    }

    fn reason_limit(&self) -> usize {
        REASON_LIMIT
    }

    fn note_limit(&self) -> usize {
        NOTE_LIMIT
    }

    /// Whether the form with these fields stands open: it has a message, or words that were typed.
    fn is_open<const N: usize>(&self, fields: &[&str; N]) -> bool {
        fields
            .iter()
            .any(|field| self.form.errors.at(field).is_some() || !self.form.value(field).is_empty())
    }
}
