//! Somebody rang a patient about their referral. Receives what came of it, decides whether and when somebody rings again,
//! and keeps each attempt with a name; of two people who rang at once both are kept. Never refuses an attempt because
//! the referral has changed meanwhile: it was made.

use super::contact_attempt::{CallOutcome, next_call};
use super::event_kind::EventKind;
use super::next_contact::{Matter, NextContact, Way, known};
use super::state::Queue;
use super::store::contacts::{self, Attempt};
use super::store::{self, NewEvent, Row};
use super::telling::working_days;
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

/// How somebody was told what no call could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldBy {
    /// A letter is on its way.
    Letter,
    /// No right number is known, and somebody found another way.
    AnotherWay,
}

/// Somebody was told without a call, with what is drawn before the transaction.
#[derive(Clone, Debug)]
pub struct Telling {
    by: ToldBy,
    salt: [u8; 16],
    at: Ts,
    staff: Id,
}

impl Telling {
    /// What this member of staff has done.
    pub fn new(at: Ts, staff: Id, by: ToldBy) -> Result<Self> {
        Ok(Self {
            by,
            salt: random()?,
            at,
            staff,
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

/// Calls that follow a call in vain within this many minutes count as one attempt, be it a button tapped twice, an outcome
/// put right, or somebody who redials: each stays on the record, but only attempts at different times bring "could not
/// reach" nearer. Ours, for want of a national figure.
pub const ONE_ATTEMPT_MINUTES: i64 = 30;

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
    let happened = (EventKind::Rang, By::Staff(ringing.staff), ringing.at);
    write_event(conn, app, &mut row, happened, (&in_words(ringing), ringing.salt))?;
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
    let is_same_attempt = next
        .tried_at
        .is_some_and(|last| next.tries > 0 && ringing.at < last.plus_minutes(ONE_ATTEMPT_MINUTES));
    next.tries = match ringing.outcome {
        CallOutcome::Spoke => 0,
        CallOutcome::NoAnswer | CallOutcome::Voicemail | CallOutcome::WrongNumber if is_same_attempt => {
            next.tries
        }
        CallOutcome::NoAnswer | CallOutcome::Voicemail | CallOutcome::WrongNumber => next.tries + 1,
    };
    let tried = contacts::list_tried(conn, referral, next.tries)?;
    follow(&mut next, &row, &app.config.locality.hours, ringing, &tried);
    contacts::put_next(conn, &next)?;
    Ok(Rung::Kept(next.due_at))
}

/// Keeps that somebody was told without a call, in the caller's transaction; `false` where nothing of the kind was due,
/// or a call could tell them.
pub fn told(conn: &mut Conn<'_>, app: &App, referral: Id, telling: &Telling) -> Result<bool> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(false);
    };
    let mut next = known(conn, referral)?;
    let has_number = row.open_person(&app.keys)?.phone.is_some() && !next.number_wrong;
    let (fits, kind, payload) = match telling.by {
        ToldBy::Letter => (next.way == Way::Letter, EventKind::Wrote, Payload::nothing()),
        ToldBy::AnotherWay => (
            next.way != Way::Letter && !has_number,
            EventKind::Noted,
            Payload::text("Reached in another way than by phone"),
        ),
    };
    if !fits || next.due_at.is_none() {
        return Ok(false);
    }
    let happened = (kind, By::Staff(telling.staff), telling.at);
    write_event(conn, app, &mut row, happened, (&payload, telling.salt))?;
    next.due_at = None;
    next.message = None;
    contacts::put_next(conn, &next)?;
    Ok(true)
}

/// What is due after this call; `tried`: when the calls that reached nobody were made.
fn follow(next: &mut NextContact, row: &Row, hours: &OpeningHours, ringing: &Ringing, tried: &[Ts]) {
    let spoke = ringing.outcome == CallOutcome::Spoke;
    next.tried_at = Some(ringing.at);
    next.outcome = Some(ringing.outcome);
    next.number_wrong = ringing.outcome == CallOutcome::WrongNumber;
    if next.way == Way::Letter && !spoke {
        // The letter stays to be written.
        return;
    }
    if next.matter == Matter::Chase {
        if spoke && next.due_at.is_some_and(|due| due > ringing.at) {
            // They have until then to answer on their page.
            return;
        }
        next.matter = Matter::Asked;
    }
    // Whose referral is over is rung again only if something has to be told.
    let wanted = row.queue != Queue::Done || next.due_at.is_some();
    next.due_at = match ringing.outcome {
        CallOutcome::NoAnswer | CallOutcome::Voicemail if wanted => next_call(hours, row.priority(), tried),
        // What has to be told stays to be told, in another way.
        CallOutcome::WrongNumber if wanted && next.matter != Matter::Triage => {
            Some(working_days(hours, ringing.at, 1))
        }
        CallOutcome::NoAnswer | CallOutcome::Voicemail | CallOutcome::WrongNumber | CallOutcome::Spoke => {
            None
        }
    };
    next.way = Way::Call;
    next.message = None;
}

fn in_words(ringing: &Ringing) -> Payload {
    let label = ringing.outcome.label();
    Payload::text(match ringing.note.is_empty() {
        true => label.to_owned(),
        false => format!("{label}. {}", ringing.note),
    })
}

fn write_event(
    conn: &mut Conn<'_>,
    app: &App,
    row: &mut Row,
    (kind, by, at): (EventKind, By, Ts),
    (payload, salt): (&Payload, [u8; 16]),
) -> Result<()> {
    let before = row.head_seq;
    let event = NewEvent {
        kind,
        by,
        at,
        payload,
        salt,
    };
    let event = store::chain_event(&app.keys, row, &event)?;
    // Somebody rang at the same moment: both are kept, one behind the other.
    if !store::update_referral(conn, row, before)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)
}
