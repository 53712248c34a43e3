//! Assessment appointments: one person each. Kept like a place until a named person confirms it; the row, not the code,
//! keeps the second person out.

use super::store::slots as store;
use super::venue::AccessFacts;
use crate::app::App;
use crate::booking::act::Act;
use crate::booking::choices::Offerable;
use crate::booking::place::PlaceState;
use crate::booking::rules::BookingRules;
use crate::booking::store::places::{self, one_at_a_time};
use crate::booking::told::{About, News, forget, have_rung};
use crate::config::ServiceName;
use crate::db::{Conn, Error, Result};
use crate::referrals::{By, EventKind, ReviewState, reach, record};
use crate::triage::SelfBooking;
use crate::values::{Id, Ts};

/// How people meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotKind {
    /// We ring.
    Phone,
    /// By a link that is sent.
    Video,
    /// In a room.
    InPerson,
}

impl SlotKind {
    /// All kinds, as pages list them.
    pub const ALL: [SlotKind; 3] = [SlotKind::Phone, SlotKind::Video, SlotKind::InPerson];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            SlotKind::Phone => "phone",
            SlotKind::Video => "video",
            SlotKind::InPerson => "in_person",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            SlotKind::Phone => "By phone",
            SlotKind::Video => "By video",
            SlotKind::InPerson => "In person",
        }
    }
}

/// An appointment to be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSlot {
    /// The row, drawn before.
    pub id: Id,
    /// The service that holds it.
    pub service: ServiceName,
    /// When it begins.
    pub starts: Ts,
    /// How long it takes.
    pub minutes: i32,
    /// How people meet.
    pub kind: SlotKind,
    /// Where, in person.
    pub venue: Option<Id>,
    /// Whose it is, if that is known.
    pub staff: Option<Id>,
}

/// An appointment as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The row.
    pub id: Id,
    /// The service that holds it.
    pub service: ServiceName,
    /// When it begins.
    pub starts: Ts,
    /// How long it takes.
    pub minutes: i32,
    /// How people meet.
    pub kind: SlotKind,
    /// The venue, in person.
    pub venue: Option<Id>,
    /// Whether it was called off.
    pub cancelled: bool,
    /// Free, held, confirmed.
    pub state: PlaceState,
    /// Who has it.
    pub referral: Option<Id>,
    /// By when a named person confirms it, while it is held.
    pub confirm_by: Option<Ts>,
}

/// An appointment that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotChoice {
    /// The appointment.
    pub slot: Slot,
    /// The venue's name; empty unless in person.
    pub venue: String,
    /// Its address.
    pub address: String,
    /// Steps, chairs, floor, parking, bus.
    pub facts: AccessFacts,
}

/// The appointment a person has.
pub type OwnSlot = SlotChoice;

/// What became of a wish for an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotHold {
    /// It is kept.
    Held(Slot),
    /// This referral has one already; double submit makes one booking.
    AlreadyHas(Slot),
    /// Somebody else was faster.
    Taken,
    /// It may not be chosen: called off, too near, another service's, or a person decides first.
    NotOffered,
}

/// Adds appointments. Those whose id is there already are left out: a form sent twice makes them once. How many were
/// added.
pub fn add_slots(conn: &mut Conn<'_>, slots: &[NewSlot]) -> Result<usize> {
    one_at_a_time(conn)?;
    let mut added = 0;
    for slot in slots {
        if !store::exists(conn, slot.id)? {
            store::insert(conn, slot)?;
            added += 1;
        }
    }
    Ok(added)
}

/// The appointments from this moment on, called off or not.
pub fn list_slots(conn: &mut Conn<'_>, from: Ts) -> Result<Vec<SlotChoice>> {
    store::list_from(conn, from)
}

/// One appointment.
pub fn find_slot(conn: &mut Conn<'_>, slot: Id) -> Result<Option<Slot>> {
    store::find(conn, slot)
}

/// The appointments a patient of this service may choose: none unless the locality says so.
pub fn free_slots(
    conn: &mut Conn<'_>,
    service: ServiceName,
    rules: &BookingRules<'_>,
    now: Ts,
) -> Result<Vec<SlotChoice>> {
    if !rules.assessment {
        return Ok(Vec::new());
    }
    let mut slots = store::list_from(conn, now)?;
    slots.retain(|one| one.slot.service == service && is_open(&one.slot, rules, now));
    Ok(slots)
}

/// The appointments this referral may choose from now; none for who has one.
pub fn slot_choices(
    conn: &mut Conn<'_>,
    of: &Offerable,
    referral: Id,
    rules: &BookingRules<'_>,
    now: Ts,
) -> Result<Vec<SlotChoice>> {
    let may = of.booking == SelfBooking::Assessment && may_have(of.state);
    if !may || store::find_of(conn, referral)?.is_some() || places::find(conn, referral)?.is_some() {
        return Ok(Vec::new());
    }
    free_slots(conn, of.service, rules, now)
}

fn is_open(slot: &Slot, rules: &BookingRules<'_>, now: Ts) -> bool {
    !slot.cancelled && slot.state == PlaceState::Free && rules.is_open(now, slot.starts)
}

/// The appointment a referral has.
pub fn own_slot(conn: &mut Conn<'_>, referral: Id) -> Result<Option<OwnSlot>> {
    store::find_of(conn, referral)
}

/// Keeps an appointment for a referral that may choose one.
pub fn hold_slot(conn: &mut Conn<'_>, app: &App, act: &Act, slot: Id, referral: Id) -> Result<SlotHold> {
    one_at_a_time(conn)?;
    if let Some(own) = store::find_of(conn, referral)? {
        return Ok(SlotHold::AlreadyHas(own.slot));
    }
    let rules = BookingRules::of(&app.config.locality);
    let (Some(wanted), Some(who)) = (store::find(conn, slot)?, reach(conn, &app.keys, referral)?) else {
        return Ok(SlotHold::NotOffered);
    };
    let may = rules.assessment && who.booking == SelfBooking::Assessment && may_have(who.state);
    let fits = wanted.service == who.service && !wanted.cancelled && rules.is_open(act.now, wanted.starts);
    if !(may && fits) || places::find(conn, referral)?.is_some() {
        return Ok(SlotHold::NotOffered);
    }
    let confirm_by = rules.confirm_by(act.now, wanted.starts);
    if !store::take(conn, slot, referral, act.now, confirm_by)? {
        return Ok(SlotHold::Taken);
    }
    record(
        conn,
        &app.keys,
        referral,
        &act.event(EventKind::PlaceHeld, in_words(&wanted)),
    )?;
    let held = store::find(conn, slot)?.ok_or(Error::Conflict)?;
    Ok(SlotHold::Held(held))
}

/// A named person confirms the appointment a referral holds; `false` when it holds none.
pub fn confirm_slot(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<bool> {
    let By::Staff(by) = act.by else {
        return Err(anyhow::anyhow!("an appointment is confirmed by a named person").into());
    };
    one_at_a_time(conn)?;
    let Some(own) = store::find_of(conn, referral)? else {
        return Ok(false);
    };
    if !store::confirm(conn, referral, by, act.now)? {
        return Ok(false);
    }
    let event = act.event(EventKind::PlaceConfirmed, in_words(&own.slot));
    record(conn, &app.keys, referral, &event)?;
    // The messages about places speak of a course; an appointment is told by voice.
    let told = News::by_voice(About::Confirmed, None);
    have_rung(conn, app, act, referral, &told)?;
    Ok(true)
}

/// The appointment of a referral is given up; `false` when it has none.
pub fn release_slot(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<bool> {
    one_at_a_time(conn)?;
    let Some(own) = store::find_of(conn, referral)? else {
        return Ok(false);
    };
    store::free(conn, referral)?;
    forget(conn, referral, act.now)?;
    let event = act.event(EventKind::PlaceReleased, in_words(&own.slot));
    record(conn, &app.keys, referral, &event)?;
    Ok(true)
}

/// An appointment is called off: whoever has it is rung. `false` when it was called off before.
pub fn call_off_slot(conn: &mut Conn<'_>, app: &App, act: &Act, slot: Id) -> Result<bool> {
    one_at_a_time(conn)?;
    let Some(stands) = store::find(conn, slot)? else {
        return Ok(false);
    };
    if stands.cancelled {
        return Ok(false);
    }
    if let Some(referral) = stands.referral {
        release_slot(conn, app, act, referral)?;
        have_rung(
            conn,
            app,
            act,
            referral,
            &News::by_voice(About::RunCancelled, None),
        )?;
    }
    store::call_off(conn, slot)?;
    Ok(true)
}

fn may_have(state: ReviewState) -> bool {
    match state {
        ReviewState::New | ReviewState::WaitingForPatient | ReviewState::Accepted => true,
        ReviewState::Incomplete
        | ReviewState::HandedOver
        | ReviewState::Started
        | ReviewState::Closed
        | ReviewState::Declined
        | ReviewState::Withdrawn => false,
    }
}

fn in_words(slot: &Slot) -> String {
    format!(
        "Assessment {}, {}",
        slot.kind.label().to_lowercase(),
        slot.starts.display()
    )
}
