//! What a person says about two referrals: the same person, or not. Nothing is joined; each keeps its own timeline, and
//! both say what was said. Any word can be taken back.

use std::sync::Arc;

use super::event_kind::EventKind;
use super::raising::{Known, RaiseDrawn, raise_one};
use super::reference::Reference;
use super::review::Outcome;
use super::store::links::{keep_link, list_links};
use super::store::{self, NewEvent, Row};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::values::{Id, Keyring, Ts, random};

/// What was said about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same person.
    Same,
    /// Not the same person: not suggested any more.
    Apart,
}

impl Verdict {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Same => "same",
            Verdict::Apart => "apart",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "same" => Some(Verdict::Same),
            "apart" => Some(Verdict::Apart),
            _ => None,
        }
    }
}

/// One word about a referral and another.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The other referral.
    pub other: Id,
    /// What was said.
    pub verdict: Verdict,
    /// Who said it.
    pub by: Id,
    /// When.
    pub at: Ts,
}

/// What somebody says now.
#[derive(Clone, Debug)]
pub enum Said {
    /// The same person, or not.
    Verdict(Verdict),
    /// What was said before is taken back.
    TakenBack {
        /// Why.
        reason: String,
    },
}

/// What was said about this referral and others.
pub fn links(conn: &mut Conn<'_>, referral: Id) -> Result<Vec<Link>> {
    list_links(conn, referral)
}

/// What is drawn before the transaction.
#[derive(Clone, Copy)]
struct Drawn {
    now: Ts,
    staff: Id,
    salts: [[u8; 16]; 2],
    raise: RaiseDrawn,
}

/// Keeps what a named person says about two referrals. `seen` are the lengths of both timelines on the page they looked
/// at. Where they are the same person, a risk answer of the newer one raises the older while it is open.
pub async fn tell_alike(
    app: &Arc<App>,
    pair: (&Reference, &Reference),
    seen: (i32, i32),
    staff: Id,
    said: Said,
) -> Result<Outcome> {
    let (inside, pair) = (app.clone(), (pair.0.clone(), pair.1.clone()));
    let drawn = Drawn {
        now: app.clock.now(),
        staff,
        salts: [random()?, random()?],
        raise: RaiseDrawn::draw()?,
    };
    let outcome = app.db.write(move |conn| {
        let (one, other) = (
            store::find_by_reference(conn, &pair.0)?,
            store::find_by_reference(conn, &pair.1)?,
        );
        let Some((one, other)) = one.zip(other).filter(|(one, other)| one.id != other.id) else {
            return Ok(Outcome::Missing);
        };
        if (one.head_seq, other.head_seq) != seen {
            return Ok(Outcome::ChangedMeanwhile);
        }
        keep(conn, &inside, (one, other), &said, drawn)
    });
    let outcome = outcome.await?;
    app.mailer.nudge();
    Ok(outcome)
}

fn keep(
    conn: &mut Conn<'_>,
    app: &App,
    (one, other): (Row, Row),
    said: &Said,
    drawn: Drawn,
) -> Result<Outcome> {
    let before = list_links(conn, one.id)?;
    let before = before
        .iter()
        .find(|link| link.other == other.id)
        .map(|link| link.verdict);
    let now = match said {
        Said::Verdict(verdict) => Some(*verdict),
        Said::TakenBack { .. } => None,
    };
    if before == now {
        return Ok(Outcome::AlreadySo);
    }
    keep_link(
        conn,
        (one.id, other.id),
        now.map(|verdict| (verdict, drawn.staff, drawn.now)),
    )?;
    let kind = match (now, before) {
        (Some(Verdict::Same), _) => EventKind::Linked,
        (Some(Verdict::Apart), _) => EventKind::ToldApart,
        (None, Some(Verdict::Apart)) => EventKind::NotToldApart,
        (None, Some(Verdict::Same) | None) => EventKind::Unlinked,
    };
    let reason = match said {
        Said::Verdict(_) => "",
        Said::TakenBack { reason } => reason,
    };
    // In the order of their ids, so that two people who link the same two do not wait for each other.
    let (first, second) = if one.id < other.id {
        (one, other)
    } else {
        (other, one)
    };
    let names = (first.reference()?, second.reference()?);
    let first = note(
        conn,
        &app.keys,
        first,
        (kind, &names.1, reason),
        drawn,
        drawn.salts[0],
    )?;
    let second = note(
        conn,
        &app.keys,
        second,
        (kind, &names.0, reason),
        drawn,
        drawn.salts[1],
    )?;
    if now == Some(Verdict::Same) {
        let newer_first = (first.received_at, first.id) > (second.received_at, second.id);
        let (older, newer) = if newer_first {
            (second, first)
        } else {
            (first, second)
        };
        if older.is_open() {
            let decision = newer.open_case(&app.keys)?.decision;
            raise_one(
                conn,
                app,
                older,
                (&newer, &decision, Known::BySomebody),
                drawn.raise,
                drawn.now,
            )?;
        }
    }
    Ok(Outcome::Done)
}

/// Writes one event that names the other referral.
fn note(
    conn: &mut Conn<'_>,
    keys: &Keyring,
    mut row: Row,
    (kind, other, reason): (EventKind, &Reference, &str),
    drawn: Drawn,
    salt: [u8; 16],
) -> Result<Row> {
    let head = row.head_seq;
    let payload = Payload::text(match reason.is_empty() {
        true => other.to_string(),
        false => format!("{other}: {reason}"),
    });
    let event = NewEvent {
        kind,
        by: By::Staff(drawn.staff),
        at: drawn.now,
        payload: &payload,
        salt,
    };
    let event = store::chain_event(keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, head)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    Ok(row)
}
