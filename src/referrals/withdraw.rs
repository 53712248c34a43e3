//! The patient takes their referral back. It ends for them at once; for the team it ends only where nobody's safety is
//! in question: somebody at risk who wants nothing more from us is a reason to look, not to stop looking.

use super::deciding::become_state;
use super::escalation::{self, Sounding};
use super::event_kind::EventKind;
use super::promise::owe_first_contact;
use super::state::{Queue, ReviewState};
use super::store::{self, NewEvent};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::triage::{Priority, contact_by};
use crate::values::{Id, Ts, random};

/// What is drawn before the transaction, because a transaction may run twice.
#[derive(Clone, Debug)]
pub struct Leaving {
    at: Ts,
    salt: [u8; 16],
    notice: Sounding,
}

impl Leaving {
    /// Draws it.
    pub fn draw(at: Ts) -> Result<Self> {
        Ok(Self {
            at,
            salt: random()?,
            notice: Sounding::draw(),
        })
    }
}

/// What became of a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// It is withdrawn.
    Done,
    /// It was withdrawn before.
    AlreadySo,
    /// It has ended, or is with another record: somebody has to be spoken to.
    NotFrom(ReviewState),
    /// There is no such referral.
    Missing,
}

/// Withdraws inside the caller's transaction, after the place was let go of. Whoever is at risk stays with the team:
/// what a colleague acknowledged before was another situation, so somebody acknowledges this one by name, and is told
/// of it as of a new one.
pub fn withdraw(conn: &mut Conn<'_>, app: &App, referral: Id, leaving: &Leaving) -> Result<Withdrawn> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(Withdrawn::Missing);
    };
    if row.state == ReviewState::Withdrawn {
        return Ok(Withdrawn::AlreadySo);
    }
    if become_state(&mut row, ReviewState::Withdrawn).is_some() {
        return Ok(Withdrawn::NotFrom(row.state));
    }
    let was_running = row.queue == Queue::Now;
    let at_risk = row.is_at_risk();
    let urgency = row.priority().min(Priority::P2);
    if at_risk {
        let due = contact_by(urgency, leaving.at, &app.config.locality.hours);
        let person = row.open_person(&app.keys)?;
        row.contact_by = owe_first_contact(conn, row.id, &person, urgency, (due, leaving.at))?;
        row.acknowledged_by = None;
        row.acknowledged_at = None;
    }
    row.queue = row.proper_queue();
    let head = row.head_seq;
    let payload = Payload::nothing();
    let event = NewEvent {
        kind: EventKind::Withdrawn,
        by: By::Patient,
        at: leaving.at,
        payload: &payload,
        salt: leaving.salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, head)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    if at_risk {
        let reference = row.reference()?;
        let told = (&reference, urgency);
        escalation::tell_service(conn, app, &row, told, (leaving.notice, leaving.at), was_running)?;
    }
    Ok(Withdrawn::Done)
}
