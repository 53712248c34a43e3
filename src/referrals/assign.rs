//! One referral given to a colleague: claimed in their name, with who gave it. It stays in its queue, so whoever is in
//! danger stays on top of every page.

use super::event_kind::EventKind;
use super::reference::Reference;
use super::review::Outcome;
use super::state::Queue;
use super::store::{self, NewEvent};
use super::timeline::{By, Payload};
use crate::db::{Conn, Error, Result};
use crate::values::{Id, Keyring, Ts, random};

/// A referral on its way to a colleague, with what is drawn before the transaction.
#[derive(Clone, Debug)]
pub struct Assigning {
    reference: Reference,
    /// The length of the timeline on the page that was looked at.
    seen: i32,
    to: Id,
    /// What colleagues call them.
    name: String,
    by: Id,
    at: Ts,
    salt: [u8; 16],
}

impl Assigning {
    /// Prepares it: `by` gives it to `to`, whom colleagues call `name`.
    pub fn new(reference: Reference, seen: i32, (to, name): (Id, String), by: Id, at: Ts) -> Result<Self> {
        Ok(Self {
            reference,
            seen,
            to,
            name,
            by,
            at,
            salt: random()?,
        })
    }

    /// Which referral.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }
}

/// Gives it, unless somebody has changed the referral since it was looked at, or it is done with.
pub fn assign(conn: &mut Conn<'_>, keys: &Keyring, assigning: &Assigning) -> Result<Outcome> {
    let Some(mut row) = store::find_by_reference(conn, &assigning.reference)? else {
        return Ok(Outcome::Missing);
    };
    if row.head_seq != assigning.seen {
        return Ok(Outcome::ChangedMeanwhile);
    }
    if row.queue == Queue::Done {
        return Ok(Outcome::NotFrom(row.state));
    }
    if row.claimed_by == Some(assigning.to) {
        return Ok(Outcome::AlreadySo);
    }
    let before = row.head_seq;
    row.claimed_by = Some(assigning.to);
    row.claimed_at = Some(assigning.at);
    let payload = Payload::text(format!("To {}", assigning.name));
    let event = NewEvent {
        kind: EventKind::Assigned,
        by: By::Staff(assigning.by),
        at: assigning.at,
        payload: &payload,
        salt: assigning.salt,
    };
    let event = store::chain_event(keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, before)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    Ok(Outcome::Done)
}
