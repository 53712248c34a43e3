//! A referral opened: everything its page shows, unsealed, for staff who may see it.

use super::case_sheet::CaseSheet;
use super::contact_promise::ContactPlan;
use super::person::{Person, normal};
use super::reference::Reference;
use super::state::{Queue, ReviewState, is_at_risk};
use super::store::{self, Row};
use super::submission::Door;
use super::timeline::Event;
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::triage::{Priority, SelfBooking, Source, Step, is_safety_flag};
use crate::values::{Id, Keyring, Ts};

/// One referral, whole.
#[derive(Clone, Debug)]
pub struct ReferralView {
    /// The row.
    pub id: Id,
    /// What people call it.
    pub reference: Reference,
    /// The slip it came with.
    pub slip_id: Option<Id>,
    /// The clinic the slip came from.
    pub clinic_id: Option<Id>,
    /// Who referred.
    pub source: Source,
    /// Which door.
    pub door: Door,
    /// Where it is.
    pub state: ReviewState,
    /// In which list.
    pub queue: Queue,
    /// The service it is with now; a person may have sent it on.
    pub service: ServiceName,
    /// The step, suggested or decided.
    pub step: Step,
    /// How soon somebody looks.
    pub priority: Priority,
    /// What may be self-booked.
    pub booking: SelfBooking,
    /// When it came.
    pub received_at: Ts,
    /// When somebody should have been in touch.
    pub contact_by: Ts,
    /// Who acknowledged it, and when.
    pub acknowledged: Option<(Id, Ts)>,
    /// Who has taken it on, and when.
    pub claimed: Option<(Id, Ts)>,
    /// When treatment began here: the first session somebody came to.
    pub started_at: Option<Ts>,
    /// When the person died, as far as the team knows.
    pub died_at: Option<Ts>,
    /// May the referrer see how far it is?
    pub share_status: bool,
    /// Who it is about.
    pub person: Person,
    /// Answers, facts, and the suggestion with its reasons.
    pub case_sheet: CaseSheet,
    /// What the patient was promised.
    pub plan: ContactPlan,
    /// What happened, oldest first.
    pub timeline: Vec<Event>,
    /// Whether the timeline's chain is whole; if not, somebody has altered the database.
    pub chain_is_whole: bool,
}

impl ReferralView {
    /// The length of the timeline, which a decision form sends back.
    pub fn seen(&self) -> usize {
        self.timeline.len()
    }

    /// Whether a flag about somebody's safety was raised.
    pub fn is_flagged(&self) -> bool {
        self.case_sheet
            .decision
            .flags
            .iter()
            .any(|flag| is_safety_flag(flag))
    }

    /// Whether somebody's safety is in question: it then ends only with a named outcome.
    pub fn is_at_risk(&self) -> bool {
        is_at_risk(self.priority, self.is_flagged())
    }

    /// Whether a named person has still to say that they have seen it.
    pub fn needs_acknowledging(&self) -> bool {
        let withdrew = self.state == ReviewState::Withdrawn && self.queue == Queue::Today;
        self.queue == Queue::Now || withdrew
    }
}

/// A referral that looks like another one; a person decides whether it is.
#[derive(Clone, Debug)]
pub struct LookAlike {
    /// The row.
    pub id: Id,
    /// What people call it.
    pub reference: Reference,
    /// Who it is about.
    pub person: Person,
    /// Where it is.
    pub state: ReviewState,
    /// When it came.
    pub received_at: Ts,
}

/// Opens the referral of this reference; the caller notes the reading.
pub fn open(conn: &mut Conn<'_>, keys: &Keyring, reference: &Reference) -> Result<Option<ReferralView>> {
    store::find_by_reference(conn, reference)?
        .map(|row| opened(conn, keys, row))
        .transpose()
}

/// Referrals with the same name and date of birth, or the same postcode with phone or e-mail, and those that a person
/// has linked; the oldest first. Those that a person told apart are among them: whoever shows them says so.
pub fn look_alikes(conn: &mut Conn<'_>, keys: &Keyring, referral: Id) -> Result<Vec<LookAlike>> {
    let mut rows = store::list_look_alikes(conn, referral)?;
    let links = store::links::list_links(conn, referral)?;
    let missing: Vec<Id> = links
        .iter()
        .map(|link| link.other)
        .filter(|other| !rows.iter().any(|row| row.id == *other))
        .collect();
    rows.extend(store::list_by_ids(conn, &missing)?);
    rows.sort_by_key(|row| (row.received_at, row.id));
    rows.iter()
        .map(|row| {
            Ok(LookAlike {
                id: row.id,
                reference: row.reference()?,
                person: row.open_person(keys)?,
                state: row.state,
                received_at: row.received_at,
            })
        })
        .collect()
}

/// Whether a form with this draft id may be about this person: it is not known yet, or what is known agrees. A page
/// that is used again for the next person begins anew, or two people would become one.
pub fn is_about(conn: &mut Conn<'_>, keys: &Keyring, draft: Id, person: &Person) -> Result<bool> {
    let Some(row) = store::find_by_draft(conn, draft)? else {
        return Ok(true);
    };
    let known = row.open_person(keys)?;
    if known.is_same_as(person) {
        return Ok(true);
    }
    if store::was_finished(conn, row.id)? {
        return Ok(false);
    }
    // A mistake in name, number or date of birth is put right while the form is still being filled in.
    let same_born = match (known.date_of_birth, person.date_of_birth) {
        (Some(one), Some(other)) => one == other,
        (Some(_), None) | (None, Some(_)) | (None, None) => true,
    };
    let (known_name, name) = (normal(&known.name), normal(&person.name));
    // "Robin", and the surname with the correction.
    let grows = !known_name.is_empty() && name.starts_with(&known_name);
    let same_phone = known.phone.is_some() && known.phone == person.phone;
    Ok(known_name == name || (same_born && (grows || same_phone)))
}

/// Opens the referral of this row id: for the API's repeated answers and for booking.
pub fn open_by_id(conn: &mut Conn<'_>, keys: &Keyring, id: Id) -> Result<Option<ReferralView>> {
    store::find_by_id(conn, id)?
        .map(|row| opened(conn, keys, row))
        .transpose()
}

/// Opens the referral that the form with this draft id made.
pub fn open_by_draft(conn: &mut Conn<'_>, keys: &Keyring, draft: Id) -> Result<Option<ReferralView>> {
    store::find_by_draft(conn, draft)?
        .map(|row| opened(conn, keys, row))
        .transpose()
}

fn opened(conn: &mut Conn<'_>, keys: &Keyring, row: Row) -> Result<ReferralView> {
    let (timeline, chain_is_whole) = store::list_events(conn, keys, &row)?;
    Ok(ReferralView {
        id: row.id,
        reference: row.reference()?,
        slip_id: row.slip_id,
        clinic_id: row.clinic_id,
        source: row.source,
        door: row.door,
        state: row.state,
        queue: row.queue,
        service: row.service,
        step: row.step,
        priority: row.priority(),
        booking: row.booking,
        received_at: row.received_at,
        contact_by: row.contact_by,
        acknowledged: row.acknowledged_by.zip(row.acknowledged_at),
        claimed: row.claimed_by.zip(row.claimed_at),
        started_at: row.started_at,
        died_at: row.died_at,
        share_status: row.share_status,
        person: row.open_person(keys)?,
        case_sheet: row.open_case(keys)?,
        plan: store::promises::plan_of(conn, row.id)?,
        timeline,
        chain_is_whole,
    })
}
