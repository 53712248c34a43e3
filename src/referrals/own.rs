//! What the patient's own page knows by its link alone: where the referral is, and nothing that was answered.

use super::event_kind::EventKind;
use super::reference::{ManageToken, Reference};
use super::state::ReviewState;
use super::store;
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::triage::SelfBooking;
use crate::values::{Id, Keyring, Ts};

/// One referral, as far as its link opens it.
#[derive(Clone, Debug)]
pub struct OwnView {
    /// The row.
    pub id: Id,
    /// What the patient keeps.
    pub reference: Reference,
    /// How often its link was replaced.
    pub generation: i32,
    /// Where it is.
    pub state: ReviewState,
    /// When it came.
    pub received_at: Ts,
    /// When somebody should have been in touch.
    pub contact_by: Ts,
    /// The service it is with now; decides which places there are, and is not shown.
    pub service: ServiceName,
    /// What may be self-booked; decides whether there is a list, and is not shown.
    pub booking: SelfBooking,
    /// Whether a date of birth is known that could open the page.
    pub has_birth_date: bool,
    /// Whether there is a number to ring.
    pub has_phone: bool,
    /// Whether there is an e-mail address.
    pub has_email: bool,
}

/// What the team last wrote for the patient to read on their own page, where this is the state it left: the question
/// while it waits for an answer, or where they were pointed to.
pub fn for_patient(
    conn: &mut Conn<'_>,
    keys: &Keyring,
    referral: Id,
    state: ReviewState,
) -> Result<Option<String>> {
    let kind = match state {
        ReviewState::WaitingForPatient => EventKind::Asked,
        ReviewState::Declined => EventKind::Declined,
        ReviewState::Incomplete
        | ReviewState::New
        | ReviewState::Accepted
        | ReviewState::HandedOver
        | ReviewState::Started
        | ReviewState::Closed
        | ReviewState::Withdrawn => return Ok(None),
    };
    let Some(row) = store::find_by_id(conn, referral)?.filter(|row| row.state == state) else {
        return Ok(None);
    };
    let (timeline, _) = store::list_events(conn, keys, &row)?;
    let last = timeline.into_iter().rev().find(|event| event.kind == kind);
    Ok(last.and_then(|event| event.payload.for_patient))
}

/// Finds the referral whose own page has this token.
pub fn find_own(conn: &mut Conn<'_>, keys: &Keyring, token: &ManageToken) -> Result<Option<OwnView>> {
    let row = store::find_by_token(conn, keys, token)?;
    row.map(|row| {
        let person = row.open_person(keys)?;
        Ok(OwnView {
            id: row.id,
            reference: row.reference()?,
            generation: row.link_generation,
            state: row.state,
            received_at: row.received_at,
            contact_by: row.contact_by,
            service: row.service,
            booking: row.booking,
            has_birth_date: person.date_of_birth.is_some(),
            has_phone: person.phone.is_some(),
            has_email: person.email.is_some(),
        })
    })
    .transpose()
}
