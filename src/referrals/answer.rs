//! The patient answers what the team asked. The answer is kept as an event whatever has been decided meanwhile; it goes
//! back to the team to be looked at. Words that worry raise the referral as any free text does, and are never waited
//! for: not for a state, and not for somebody's turn.

use super::case_sheet::CaseSheet;
use super::escalation::{self, Sounding};
use super::event_kind::EventKind;
use super::merge::merged;
use super::messages;
use super::promise::{answered, owe_first_contact};
use super::raising::{RaiseDrawn, raise_others};
use super::shelf::pathways;
use super::state::{Queue, ReviewState};
use super::store::{self, NewEvent, Row};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::notify;
use crate::questionnaire::{KeepSafe, find_risk_words};
use crate::triage::{RuleSet, contact_by, decide};
use crate::values::{Id, Purpose, Ts, random};

/// An answer on its way, with what is drawn before the transaction.
#[derive(Clone)]
pub struct Answering {
    text: String,
    keep_safe: Option<KeepSafe>,
    at: Ts,
    salt: [u8; 16],
    notice: Sounding,
    raising: Vec<RaiseDrawn>,
}

impl Answering {
    /// In the patient's own words.
    pub fn in_words(text: impl Into<String>, at: Ts) -> Result<Self> {
        Ok(Self {
            text: text.into(),
            keep_safe: None,
            at,
            salt: random()?,
            notice: Sounding::draw(),
            raising: RaiseDrawn::draw_all()?,
        })
    }

    /// What the help page asks next: "Can you keep yourself safe right now?"
    pub fn of_safety(answer: KeepSafe, at: Ts) -> Result<Self> {
        Ok(Self {
            keep_safe: Some(answer),
            ..Self::in_words("", at)?
        })
    }
}

impl Answering {
    /// Whether somebody has to look at it today.
    pub fn worries(&self, risk_words: &[String]) -> bool {
        let unsafe_now = match self.keep_safe {
            Some(KeepSafe::No | KeepSafe::Unsure) => true,
            Some(KeepSafe::Yes) | None => false,
        };
        unsafe_now || !find_risk_words(risk_words, &self.text).is_empty()
    }
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Kept; the team reads it.
    Kept,
    /// Kept; somebody looks at it today, and the patient is shown whom to ring.
    Worries,
    /// There is no such referral.
    Missing,
}

/// Keeps an answer in the caller's transaction. The caller nudges the mailer.
pub fn answer(
    conn: &mut Conn<'_>,
    app: &App,
    rules: &RuleSet,
    referral: Id,
    answering: &Answering,
) -> Result<Answered> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(Answered::Missing);
    };
    let before = row.head_seq;
    let was_running = row.queue == Queue::Now;
    let worries = answering.worries(&app.config.locality.risk_words);
    let payload = match worries {
        true => Payload {
            text: Some(in_words(answering)),
            ..Payload::case(raised(conn, app, rules, &mut row, answering)?)
        },
        false => Payload::text(in_words(answering)),
    };
    if row.state == ReviewState::WaitingForPatient {
        row.state = ReviewState::New;
    }
    row.queue = row.proper_queue();
    let event = NewEvent {
        kind: EventKind::PatientAnswered,
        by: By::Patient,
        at: answering.at,
        payload: &payload,
        salt: answering.salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, before)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    answered(conn, row.id, answering.at)?;
    let reference = row.reference()?;
    if !worries {
        // Whoever asked would otherwise learn of it only by looking, and the chase date is days away.
        let message = messages::answered(&app.config, row.service, row.id, &reference);
        notify::enqueue(conn, &app.keys, answering.notice.mail, &message, answering.at)?;
        return Ok(Answered::Kept);
    }
    let told = (&reference, row.priority());
    escalation::tell_service(
        conn,
        app,
        &row,
        told,
        (answering.notice, answering.at),
        was_running,
    )?;
    if let Some(sheet) = &payload.case_sheet {
        raise_others(conn, app, &row, &sheet.decision, &answering.raising, answering.at)?;
    }
    Ok(Answered::Worries)
}

fn in_words(answering: &Answering) -> String {
    match answering.keep_safe {
        Some(answer) => format!("Can you keep yourself safe right now? {}", answer.label()),
        None => answering.text.clone(),
    }
}

/// Asks the rules again with what worries; worry is only ever added. Whoever has acknowledged it acknowledges this anew.
fn raised(
    conn: &mut Conn<'_>,
    app: &App,
    rules: &RuleSet,
    row: &mut Row,
    answering: &Answering,
) -> Result<CaseSheet> {
    let mut sheet = row.open_case(&app.keys)?;
    let before = sheet.decision.clone();
    match answering.keep_safe {
        Some(answer) => sheet.facts.keep_safe = Some(answer),
        None => sheet.facts.free_text_risk = true,
    }
    sheet.decision = merged(&before, decide(rules, &sheet.facts));
    let decision = &sheet.decision;
    row.priority = i32::from(decision.priority.number());
    row.booking = decision.booking;
    row.pathways = Some(pathways(&sheet.facts.ltc, row.booking));
    row.flags = decision.flags.join(" ");
    row.rules_version.clone_from(&decision.rules_version);
    row.acknowledged_by = None;
    row.acknowledged_at = None;
    let due = contact_by(decision.priority, answering.at, &app.config.locality.hours);
    let (person, priority) = (row.open_person(&app.keys)?, row.priority());
    row.contact_by = owe_first_contact(conn, row.id, &person, priority, (due, answering.at))?;
    if row.state.may_become().contains(&ReviewState::New) {
        row.state = ReviewState::New;
    }
    row.case_sheet = app.keys.seal_json(Purpose::Person, row.id, &sheet)?;
    Ok(sheet)
}
