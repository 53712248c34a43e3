//! What other rooms put on a referral's timeline, and whom they may reach about it, inside their own transactions.

use super::event_kind::EventKind;
use super::person::Person;
use super::reference::{ManageToken, Reference};
use super::state::ReviewState;
use super::store::{self, NewEvent, Row};
use super::timeline::{By, Payload};
use crate::config::ServiceName;
use crate::db::{Conn, Error, Result};
use crate::triage::{Priority, SelfBooking};
use crate::values::{Id, Keyring, Ts};

/// Something that happened to a referral in another room, in the words staff read.
#[derive(Clone, Debug)]
pub struct Happened {
    /// What kind of thing.
    pub kind: EventKind,
    /// Who did it.
    pub by: By,
    /// When.
    pub at: Ts,
    /// What else to say; may be empty.
    pub text: String,
    /// Drawn before the transaction.
    pub salt: [u8; 16],
}

/// Writes one event on the timeline; `false` when there is no such referral. The state stays as it is.
pub fn record(conn: &mut Conn<'_>, keys: &Keyring, referral: Id, happened: &Happened) -> Result<bool> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(false);
    };
    let before = row.head_seq;
    let payload = match happened.text.is_empty() {
        true => Payload::nothing(),
        false => Payload::text(happened.text.clone()),
    };
    let event = NewEvent {
        kind: happened.kind,
        by: happened.by,
        at: happened.at,
        payload: &payload,
        salt: happened.salt,
    };
    let event = store::chain_event(keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, before)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    Ok(true)
}

/// A referral as the rooms that give places need it: who, where it is, what may be chosen, and how to reach them.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The row.
    pub id: Id,
    /// What people call it.
    pub reference: Reference,
    /// Where it is.
    pub state: ReviewState,
    /// The service it is with now.
    pub service: ServiceName,
    /// How soon somebody looks.
    pub priority: Priority,
    /// Whether somebody's safety is in question.
    pub is_at_risk: bool,
    /// What may be self-booked.
    pub booking: SelfBooking,
    /// Who it is about.
    pub person: Person,
    /// The secret part of the address of the patient's own page.
    pub token: ManageToken,
}

/// Finds how to reach the person of a referral. Who shows it to somebody notes the reading.
pub fn reach(conn: &mut Conn<'_>, keys: &Keyring, referral: Id) -> Result<Option<Reach>> {
    let row = store::find_by_id(conn, referral)?;
    row.map(|row| reached(keys, &row)).transpose()
}

fn reached(keys: &Keyring, row: &Row) -> Result<Reach> {
    Ok(Reach {
        id: row.id,
        reference: Reference::parse(&row.reference)
            .ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?,
        state: row.state,
        service: row.service,
        priority: row.priority(),
        is_at_risk: row.is_at_risk(),
        booking: row.booking,
        person: row.open_person(keys)?,
        token: row.token(keys)?,
    })
}
