//! The beginning of treatment: the first session somebody came to ends the clock of their wait. And the names behind
//! ids, for staff who tick off who came.

use super::deciding::become_state;
use super::event_kind::EventKind;
use super::record::Happened;
use super::reference::Reference;
use super::state::ReviewState;
use super::store::{self, NewEvent};
use super::timeline::Payload;
use crate::db::{Conn, Error, Result};
use crate::values::{Id, Keyring, Purpose, Ts};

/// What the first session somebody came to made of their referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// It began.
    Began,
    /// It had not begun after all; the referral is accepted, and its clock runs again.
    NotBegun,
    /// Nothing else than before.
    AsBefore,
    /// The state does not allow it, for example because nobody has accepted the referral: a person decides.
    NotFrom(ReviewState),
    /// There is no such referral.
    Missing,
}

/// Keeps state and clock of a referral in step with the earliest session its patient came to. `told` says who noted it
/// and when; its kind is set here.
pub fn keep_treatment(
    conn: &mut Conn<'_>,
    keys: &Keyring,
    referral: Id,
    first_attended: Option<Ts>,
    told: &Happened,
) -> Result<Treatment> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(Treatment::Missing);
    };
    let before = row.head_seq;
    if row.started_at == first_attended {
        return Ok(Treatment::AsBefore);
    }
    let (next, kind, done) = match first_attended {
        Some(_) => (ReviewState::Started, EventKind::Started, Treatment::Began),
        None => (ReviewState::Accepted, EventKind::NotStarted, Treatment::NotBegun),
    };
    // Where somebody has closed the referral since, a correction changes the date alone. So does a session that somebody
    // came to here after they were entered in the record system: it was attended here, and the record stays there.
    let moves = match row.state {
        ReviewState::Started => first_attended.is_none(),
        ReviewState::HandedOver => false,
        ReviewState::Incomplete
        | ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Accepted
        | ReviewState::Closed
        | ReviewState::Declined
        | ReviewState::Withdrawn => row.started_at.is_none(),
    };
    if moves && become_state(&mut row, next).is_some() {
        return Ok(Treatment::NotFrom(row.state));
    }
    row.started_at = first_attended;
    row.queue = row.proper_queue();
    let payload = Payload::text(told.text.clone());
    let event = NewEvent {
        kind,
        by: told.by,
        at: told.at,
        payload: &payload,
        salt: told.salt,
    };
    let event = store::chain_event(keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, before)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    Ok(if moves { done } else { Treatment::AsBefore })
}

/// A referral by name, for lists of people.
#[derive(Clone)]
pub struct Named {
    /// The row.
    pub id: Id,
    /// What people call it.
    pub reference: Reference,
    /// Where it is.
    pub state: ReviewState,
    /// Who it is about.
    pub name: String,
}

/// A name stands in it.
impl std::fmt::Debug for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Named({}, [redacted])", self.reference)
    }
}

/// These referrals by name. Who shows the names notes the reading of each.
pub fn named(conn: &mut Conn<'_>, keys: &Keyring, ids: &[Id]) -> Result<Vec<Named>> {
    let rows = store::list_by_ids(conn, ids)?;
    rows.iter()
        .map(|row| {
            let name = keys.open(Purpose::Person, row.id, &row.list_name)?;
            Ok(Named {
                id: row.id,
                reference: reference(&row.reference)?,
                state: row.state,
                name: String::from_utf8_lossy(&name).into_owned(),
            })
        })
        .collect()
}

/// The references of these referrals: what staff may see who need not know who it is.
pub fn references(conn: &mut Conn<'_>, ids: &[Id]) -> Result<Vec<(Id, Reference)>> {
    let rows = store::list_by_ids(conn, ids)?;
    rows.iter()
        .map(|row| Ok((row.id, reference(&row.reference)?)))
        .collect()
}

fn reference(stored: &str) -> Result<Reference> {
    Ok(Reference::parse(stored).ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?)
}

/// How many things happened to the place of this referral: a number that rises with every change of it.
pub fn count_booking_events(conn: &mut Conn<'_>, referral: Id) -> Result<i32> {
    let kinds = [
        EventKind::PlaceHeld,
        EventKind::PlaceConfirmed,
        EventKind::PlaceMoved,
        EventKind::PlaceReleased,
    ];
    let count = store::count_events(conn, referral, &kinds)?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}
