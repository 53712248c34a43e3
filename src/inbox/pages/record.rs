//! One referral: who, what they answered, what is suggested and why, what happened, and what can be done.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

use crate::app::App;
use crate::booking::{Choice as RunChoice, OwnPlace, OwnWait, own_place, own_waiting, runs_with_room};
use crate::config::ServiceName;
use crate::db;
use crate::inbox::answers::{Answered, answered};
use crate::inbox::changes::{self, Changed};
use crate::inbox::choice::{Choice, NOTE_LIMIT, Offered, REASON_LIMIT, offered};
use crate::inbox::clocks::{Clocks, moment};
use crate::inbox::placing::{self, ShownPlace};
use crate::inbox::store;
use crate::inbox::timeline::{self, Entry};
use crate::inbox::who::{Who, born, name_of, who};
use crate::inbox::words::{self, FlagWord, Tag};
use crate::referrals::{Door, LookAlike, Reference, ReferralView, ReviewState, look_alikes, open};
use crate::staff::{self, Actor, Deed, ReadNote, note_read};
use crate::triage::{NOT_VALIDATED, Reason, Source, Step, booking_meaning, priority_meaning, step_meaning};
use crate::values::Id;
use crate::web::form::{Choice as Radio, Form, Posted};
use crate::web::{self, Frame, paths};

/// The part of an address behind the question mark: what was just done, and to which referral.
#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
    of: Option<String>,
}

/// A referral with everything its page says about it.
pub(super) struct Opened {
    pub view: ReferralView,
    pub alike: Vec<LookAlike>,
    alike_ids: Vec<Id>,
    pub names: HashMap<Id, String>,
    clinic: Option<String>,
    serial: Option<i64>,
    pub place: Option<OwnPlace>,
    waits: Vec<OwnWait>,
    runs: Vec<RunChoice>,
}

impl Opened {
    /// Reads it; nothing is shown yet, so nothing is noted yet.
    pub async fn read(app: &Arc<App>, reference: &Reference) -> db::Result<Option<Self>> {
        let (inside, reference) = (app.clone(), reference.clone());
        app.db
            .read(move |conn| {
                let Some(view) = open(conn, &inside.keys, &reference)? else {
                    return Ok(None);
                };
                let alike = look_alikes(conn, &inside.keys, view.id)?;
                let mut alike_ids = Vec::with_capacity(alike.len());
                for other in &alike {
                    alike_ids.extend(store::find_id(conn, &other.reference)?);
                }
                let clinic = match view.clinic_id {
                    Some(id) => staff::find_clinic(conn, id)?.map(|clinic| clinic.name),
                    None => None,
                };
                let serial = match view.slip_id {
                    Some(id) => store::find_serial(conn, id)?,
                    None => None,
                };
                let now = inside.clock.now();
                Ok(Some(Self {
                    place: own_place(conn, view.id)?,
                    waits: own_waiting(conn, view.id, now)?,
                    runs: runs_with_room(conn, now)?,
                    names: store::list_names(conn, &timeline::actors(&view))?,
                    alike,
                    alike_ids,
                    clinic,
                    serial,
                    view,
                }))
            })
            .await
    }

    /// Puts on the record who sees it, and whom they see beside it, before it is shown.
    pub async fn note(&self, app: &Arc<App>, actor: &Actor) -> db::Result<()> {
        let now = app.clock.now();
        let this = ReadNote::new(actor, "referral", Some(self.view.id), now);
        let others = self.alike_ids.iter();
        let others = others.map(|id| ReadNote::new(actor, "referral: possible duplicate", Some(*id), now));
        let notes: Vec<ReadNote> = std::iter::once(this).chain(others).collect();
        app.db
            .write(move |conn| notes.iter().try_for_each(|note| note_read(conn, note)))
            .await
    }
}

/// What stands on top of the page besides the referral.
pub(super) enum Notice {
    Nothing,
    /// What was done.
    Done(String),
    /// Why it was not done, what happened meanwhile, and the words that were typed.
    NotDone {
        heading: &'static str,
        told: String,
        meanwhile: Vec<String>,
        typed: String,
    },
}

struct Alike {
    url: String,
    reference: String,
    name: String,
    born: String,
    state: &'static str,
    received: String,
}

#[derive(Template)]
#[template(path = "inbox/views/record.html")]
pub(super) struct RecordPage {
    frame: Frame,
    form: Form,
    notice: Notice,
    reference: String,
    seen: usize,
    who: Who,
    contact_changes: Vec<Changed>,
    tag: Tag,
    priority: &'static str,
    state: String,
    service: String,
    clocks: Clocks,
    contact_open: bool,
    claimed_by: String,
    mine: bool,
    acknowledged: String,
    came: Vec<String>,
    flags: Vec<FlagWord>,
    suggested: String,
    booking: &'static str,
    reasons: Vec<Reason>,
    rules_version: String,
    not_validated: &'static str,
    answered: Answered,
    alike: Vec<Alike>,
    timeline: Vec<Entry>,
    chain_is_whole: bool,
    answered_often: usize,
    offered: Offered,
    steps: Vec<Radio>,
    services: Vec<Radio>,
    place: Option<ShownPlace>,
    /// Whether the patient has told more since the place was chosen.
    place_told_more: bool,
    place_options: Vec<Radio>,
    accept_place: Vec<Radio>,
    waits: Vec<String>,
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
    let word = asked.done.as_deref();
    let notice = match (word.and_then(Choice::parse), word.and_then(placing::done)) {
        (Some(choice), _) => Notice::Done(done(choice, asked.of.as_deref())),
        (None, Some(done)) => Notice::Done(done.to_owned()),
        (None, None) => Notice::Nothing,
    };
    let form = Form::new(preselected(&opened.view), web::form::Errors::default());
    let page = RecordPage::new(&app, &actor, &request, opened, form, notice);
    Ok(web::html(&page))
}

fn done(choice: Choice, of: Option<&str>) -> String {
    match of.and_then(Reference::parse) {
        None => choice.done().to_owned(),
        Some(of) => format!("{of}: {}. This is the next one", choice.done()),
    }
}

/// The suggestion stands ticked; whoever decides otherwise says why.
fn preselected(view: &ReferralView) -> Posted {
    let suggested = view.case_sheet.decision.step;
    Posted::default()
        .with("accept_step", suggested.as_str())
        .with("accept_place", "confirm")
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
        let name = |id: Id| {
            opened
                .names
                .get(&id)
                .cloned()
                .unwrap_or_else(|| "A member of staff".to_owned())
        };
        let decision = &view.case_sheet.decision;
        let title = format!("Referral {}", view.reference);
        let contact_changes = changes::of(view);
        let needs_acknowledging = view.needs_acknowledging();
        Self {
            frame: actor.frame(request, title).wide().back(paths::INBOX).about(&form),
            reference: view.reference.to_string(),
            seen: view.seen(),
            who: who(&view.person, &view.case_sheet, !contact_changes.is_empty(), today),
            contact_changes,
            tag: words::urgency(view.priority),
            priority: priority_meaning(view.priority),
            state: state(view),
            service: words::service(locality, view.service).to_owned(),
            clocks: Clocks {
                received_at: view.received_at,
                contact_by: view.contact_by,
                // The clock of the wait stands still once treatment has begun.
                now: view.started_at.unwrap_or(now),
            },
            contact_open: view.state.awaits_triage() || needs_acknowledging,
            claimed_by: view.claimed.map(|(id, _)| name(id)).unwrap_or_default(),
            mine: view.claimed.is_some_and(|(id, _)| id == actor.id),
            acknowledged: view
                .acknowledged
                .map(|(id, at)| format!("{}, {}", name(id), moment(at, now)))
                .unwrap_or_default(),
            came: came(view, opened.clinic.as_deref(), opened.serial),
            flags: words::flags(decision.flags.iter().map(String::as_str)),
            suggested: format!(
                "{}, {}, {}",
                words::service(locality, decision.service),
                step_meaning(decision.step),
                words::urgency(decision.priority).text
            ),
            booking: booking_meaning(decision.booking),
            reasons: decision.reasons.clone(),
            rules_version: decision.rules_version.clone(),
            not_validated: NOT_VALIDATED,
            answered: answered(&view.case_sheet),
            alike: opened.alike.iter().map(|other| alike(other, today)).collect(),
            timeline: timeline::entries(view, &opened.names, today),
            chain_is_whole: view.chain_is_whole,
            answered_often: view
                .timeline
                .iter()
                .filter(|event| event.payload.case_sheet.is_some())
                .count(),
            offered: offered(view.state, needs_acknowledging),
            steps: steps(decision.step),
            services: services(app, view.service),
            place: opened.place.as_ref().map(|place| placing::shown(place, now)),
            place_told_more: placing::told_more(view),
            place_options: place_options(&opened, actor),
            accept_place: placing::options(opened.place.as_ref(), &opened.runs)
                .into_iter()
                .chain([Radio::new("leave", "Decide about it later")])
                .collect(),
            waits: opened.waits.iter().filter_map(|wait| wait.name.clone()).collect(),
            form,
            notice,
        }
    }

    fn deed(&self, deed: &str) -> String {
        paths::referral_deed(self.reference.replace('-', ""), deed)
    }

    fn place_deed(&self) -> String {
        paths::referral_place(self.reference.replace('-', ""))
    }

    /// Whether a place waits for a named person.
    fn must_confirm(&self) -> bool {
        self.place.as_ref().is_some_and(|place| place.to_confirm)
    }

    fn decline_hint(&self) -> &'static str {
        match self.place.is_some() {
            true => {
                "Nothing is sent to the patient by itself. Their place is given up, and a call to tell them is noted"
            }
            false => "Nothing is sent to the patient by itself",
        }
    }

    fn reason_limit(&self) -> usize {
        REASON_LIMIT
    }

    fn note_limit(&self) -> usize {
        NOTE_LIMIT
    }

    fn claim_deed(&self) -> &'static str {
        match self.mine {
            true => Choice::Release.as_str(),
            false => Choice::Claim.as_str(),
        }
    }

    /// Whether the form with these fields stands open: it has a message, or words that were typed.
    fn is_open<const N: usize>(&self, fields: &[&str; N]) -> bool {
        fields
            .iter()
            .any(|field| self.form.errors.at(field).is_some() || !self.form.value(field).is_empty())
    }
}

/// What may be done with the place, by somebody who may, while the referral is open.
fn place_options(opened: &Opened, actor: &Actor) -> Vec<Radio> {
    let open = match opened.view.state {
        ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Accepted
        | ReviewState::HandedOver
        | ReviewState::Started => true,
        ReviewState::Incomplete | ReviewState::Closed | ReviewState::Declined | ReviewState::Withdrawn => {
            false
        }
    };
    match actor.may(Deed::KeepPlaces) && (open || opened.place.is_some()) {
        true => placing::options(opened.place.as_ref(), &opened.runs),
        false => Vec::new(),
    }
}

fn steps(suggested: Step) -> Vec<Radio> {
    [Step::Two, Step::Three, Step::Assess]
        .into_iter()
        .map(|step| {
            let choice = Radio::new(step.as_str(), step_meaning(step));
            match step == suggested {
                true => choice.hint("Suggested"),
                false => choice,
            }
        })
        .collect()
}

fn services(app: &App, now_with: ServiceName) -> Vec<Radio> {
    ServiceName::ALL
        .into_iter()
        .filter(|service| *service != now_with)
        .map(|service| {
            Radio::new(
                service.as_str(),
                words::service(&app.config.locality, service).to_owned(),
            )
        })
        .collect()
}

fn alike(other: &LookAlike, today: jiff::civil::Date) -> Alike {
    Alike {
        url: paths::referral(other.reference.as_str()),
        reference: other.reference.to_string(),
        name: name_of(&other.person),
        born: born(other.person.date_of_birth, today),
        state: other.state.label(),
        received: other.received_at.display_date(),
    }
}

/// Where it is, with the step that was decided.
fn state(view: &ReferralView) -> String {
    let label = view.state.label();
    match view.state {
        ReviewState::Accepted | ReviewState::HandedOver | ReviewState::Started => {
            format!("{label}, {}", step_meaning(view.step))
        }
        ReviewState::Incomplete
        | ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Closed
        | ReviewState::Declined
        | ReviewState::Withdrawn => label.to_owned(),
    }
}

/// How the referral came here, a few words each.
fn came(view: &ReferralView, clinic: Option<&str>, serial: Option<i64>) -> Vec<String> {
    let source = match view.source {
        Source::Patient => "Self-referral",
        Source::Physio => "Referred by a physiotherapist with the patient",
        Source::Gp => "Referred by a GP",
        Source::Carer => "Referred by a carer or helper",
    };
    let door = match view.door {
        Door::Patient => "on the patient's own pages",
        Door::Physio => "on the physiotherapist's page",
        Door::Staff => "typed by staff",
        Door::Api => "sent by another system",
    };
    let mut came = vec![format!("{source}, {door}")];
    came.extend(clinic.map(str::to_owned));
    came.extend(serial.map(|serial| format!("Slip {serial:06}")));
    if view.share_status {
        came.push("The referrer may see how far it is".to_owned());
    }
    came
}
