//! Somebody rang a patient about their referral. Receives what came of it, decides whether and when somebody rings again,
//! and keeps each attempt with a name; of two people who rang at once both are kept. Never refuses an attempt because
//! the referral has changed meanwhile: it was made.

use super::contact_attempt::{CallOutcome, next_call};
use super::event_kind::EventKind;
use super::next_contact::{Matter, NextContact, Way, known};
use super::store::contacts::{self, Attempt};
use super::store::{self, NewEvent, Row};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::config::OpeningHours;
use crate::db::{Conn, Error, Result};
use crate::values::{Id, Ts, random};

/// A call that was made, with what is drawn before the transaction.
#[derive(Clone, Debug)]
pub struct Ringing {
    id: Id,
    salt: [u8; 16],
    at: Ts,
    staff: Id,
    outcome: CallOutcome,
    note: String,
}

impl Ringing {
    /// `note`: in the words of whoever rang; may be empty.
    pub fn new(at: Ts, staff: Id, outcome: CallOutcome, note: impl Into<String>) -> Result<Self> {
        Ok(Self {
            id: Id::new(),
            salt: random()?,
            at,
            staff,
            outcome,
            note: note.into(),
        })
    }
}

/// What became of saying how a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// Kept, with what is due next.
    Kept(Option<Ts>),
    /// The person did not allow a voicemail.
    NoVoicemail,
    /// No number is known.
    NoNumber,
    /// There is no such referral.
    Missing,
}

/// Keeps an attempt, in the caller's transaction.
pub fn ring(conn: &mut Conn<'_>, app: &App, referral: Id, ringing: &Ringing) -> Result<Rung> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(Rung::Missing);
    };
    let person = row.open_person(&app.keys)?;
    if person.phone.is_none() {
        return Ok(Rung::NoNumber);
    }
    if ringing.outcome == CallOutcome::Voicemail && !person.voicemail_ok {
        return Ok(Rung::NoVoicemail);
    }
    write_event(conn, app, &mut row, ringing)?;
    contacts::insert_attempt(
        conn,
        Attempt {
            id: ringing.id,
            referral_id: referral,
            staff_id: ringing.staff,
            outcome: ringing.outcome,
            at: ringing.at,
        },
    )?;
    let mut next = known(conn, referral)?;
    next.tries = match ringing.outcome {
        CallOutcome::Spoke => 0,
        CallOutcome::NoAnswer | CallOutcome::Voicemail | CallOutcome::WrongNumber => next.tries + 1,
    };
    let tried = contacts::list_tried(conn, referral, next.tries)?;
    follow(&mut next, &row, &app.config.locality.hours, ringing, &tried);
    contacts::put_next(conn, &next)?;
    Ok(Rung::Kept(next.due_at))
}

/// What is due after this call; `tried`: when the calls that reached nobody were made.
fn follow(next: &mut NextContact, row: &Row, hours: &OpeningHours, ringing: &Ringing, tried: &[Ts]) {
    next.tried_at = Some(ringing.at);
    next.outcome = Some(ringing.outcome);
    next.number_wrong = ringing.outcome == CallOutcome::WrongNumber;
    // Who was decided about is rung again only if something has to be told; a letter stays to be written.
    let wanted = row.state.awaits_triage() || row.state.is_asked() || next.due_at.is_some();
    let by_letter = next.way == Way::Letter && ringing.outcome != CallOutcome::Spoke;
    if by_letter {
        return;
    }
    if next.way == Way::Page {
        next.matter = match next.matter {
            Matter::Chase => Matter::Asked,
            Matter::Triage | Matter::Asked | Matter::Declined => next.matter,
        };
    }
    next.due_at = match ringing.outcome.rings_again() && wanted {
        true => next_call(hours, row.priority(), tried),
        false => None,
    };
    next.way = Way::Call;
    next.message = None;
}

fn write_event(conn: &mut Conn<'_>, app: &App, row: &mut Row, ringing: &Ringing) -> Result<()> {
    let label = ringing.outcome.label();
    let payload = Payload::text(match ringing.note.is_empty() {
        true => label.to_owned(),
        false => format!("{label}. {}", ringing.note),
    });
    let before = row.head_seq;
    let event = NewEvent {
        kind: EventKind::Rang,
        by: By::Staff(ringing.staff),
        at: ringing.at,
        payload: &payload,
        salt: ringing.salt,
    };
    let event = store::chain_event(&app.keys, row, &event)?;
    // Somebody rang at the same moment: both are kept, one behind the other.
    if !store::update_referral(conn, row, before)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)
}
