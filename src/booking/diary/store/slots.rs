//! Assessment appointments. Taken by a conditional update.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::booking::diary::slot::{NewSlot, Slot, SlotChoice, SlotKind};
use crate::booking::diary::venue::AccessFacts;
use crate::booking::place::PlaceState;
use crate::config::ServiceName;
use crate::db::schema::{slot, venue};
use crate::db::{Conn, Error, Result};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(SlotKind);

type Plain = (
    (Id, ServiceName, Ts, i32, SlotKind, Option<Id>, bool),
    (PlaceState, Option<Id>, Option<Ts>),
);
type Facts = (String, String, String, String, String);
type Row = (Plain, Option<((String, String), Facts)>);

/// More appointments than a page shows.
const MOST: i64 = 2000;

macro_rules! columns {
    ($from:expr) => {
        $from.select((
            (
                (
                    slot::id,
                    slot::service,
                    slot::starts_at,
                    slot::minutes,
                    slot::kind,
                    slot::venue_id,
                    slot::cancelled,
                ),
                (slot::state, slot::referral_id, slot::confirm_by),
            ),
            (
                (venue::name, venue::address),
                (
                    venue::step_free,
                    venue::chairs,
                    venue::floor_work,
                    venue::parking,
                    venue::bus,
                ),
            )
                .nullable(),
        ))
    };
}

fn shown((plain, at): Row) -> SlotChoice {
    let ((id, service, starts, minutes, kind, venue, cancelled), (state, referral, confirm_by)) = plain;
    let ((name, address), facts) = at.unwrap_or_default();
    let (step_free, chairs, floor_work, parking, bus) = facts;
    SlotChoice {
        slot: Slot {
            id,
            service,
            starts,
            minutes,
            kind,
            venue,
            cancelled,
            state,
            referral,
            confirm_by,
        },
        venue: name,
        address,
        facts: AccessFacts {
            step_free,
            chairs,
            floor_work,
            parking,
            bus,
        },
    }
}

pub fn insert(conn: &mut Conn<'_>, new: &NewSlot) -> Result<()> {
    let row = (
        slot::id.eq(new.id),
        slot::service.eq(new.service.as_str()),
        slot::starts_at.eq(new.starts),
        slot::minutes.eq(new.minutes),
        slot::kind.eq(new.kind),
        slot::venue_id.eq(new.venue),
        slot::staff_id.eq(new.staff),
        slot::cancelled.eq(false),
        slot::state.eq(PlaceState::Free),
        slot::sequence.eq(0),
    );
    dispatch!(conn, c => diesel::insert_into(slot::table).values(row).execute(c))?;
    Ok(())
}

/// Whether there is an appointment with this id already.
pub fn exists(conn: &mut Conn<'_>, id: Id) -> Result<bool> {
    let same = slot::table.filter(slot::id.eq(id)).count();
    let found: i64 = dispatch!(conn, c => same.get_result(c))?;
    Ok(found > 0)
}

pub fn list_from(conn: &mut Conn<'_>, from: Ts) -> Result<Vec<SlotChoice>> {
    let ahead = slot::table
        .left_join(venue::table)
        .filter(slot::starts_at.ge(from))
        .order((slot::starts_at, slot::id))
        .limit(MOST);
    let rows: Vec<Row> = dispatch!(conn, c => columns!(ahead).load(c))?;
    Ok(rows.into_iter().map(shown).collect())
}

pub fn find_of(conn: &mut Conn<'_>, referral: Id) -> Result<Option<SlotChoice>> {
    let one = slot::table
        .left_join(venue::table)
        .filter(slot::referral_id.eq(referral));
    let row: Option<Row> = dispatch!(conn, c => columns!(one).first(c).optional())?;
    Ok(row.map(shown))
}

pub fn find(conn: &mut Conn<'_>, id: Id) -> Result<Option<Slot>> {
    let one = slot::table.left_join(venue::table).filter(slot::id.eq(id));
    let row: Option<Row> = dispatch!(conn, c => columns!(one).first(c).optional())?;
    Ok(row.map(|row| shown(row).slot))
}

/// Takes an appointment if it is still free.
pub fn take(conn: &mut Conn<'_>, id: Id, referral: Id, now: Ts, confirm_by: Ts) -> Result<bool> {
    let free = slot::table
        .filter(slot::id.eq(id))
        .filter(slot::cancelled.eq(false))
        .filter(slot::state.eq(PlaceState::Free));
    let change = (
        slot::state.eq(PlaceState::Held),
        slot::referral_id.eq(referral),
        slot::taken_at.eq(now),
        slot::confirm_by.eq(confirm_by),
    );
    match dispatch!(conn, c => diesel::update(free).set(change).execute(c)) {
        Ok(changed) => Ok(changed == 1),
        // The same person tapped twice and the other tap was first: look again and find it.
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(Error::Conflict),
        Err(refused) => Err(refused.into()),
    }
}

pub fn confirm(conn: &mut Conn<'_>, referral: Id, by: Id, now: Ts) -> Result<bool> {
    let held = slot::table
        .filter(slot::referral_id.eq(referral))
        .filter(slot::state.eq(PlaceState::Held));
    let change = (
        slot::state.eq(PlaceState::Confirmed),
        slot::confirmed_by.eq(by),
        slot::confirm_by.eq(None::<Ts>),
        slot::taken_at.eq(now),
    );
    Ok(dispatch!(conn, c => diesel::update(held).set(change).execute(c))? == 1)
}

pub fn free(conn: &mut Conn<'_>, referral: Id) -> Result<bool> {
    let taken = slot::table.filter(slot::referral_id.eq(referral));
    let change = (
        slot::state.eq(PlaceState::Free),
        slot::referral_id.eq(None::<Id>),
        slot::taken_at.eq(None::<Ts>),
        slot::confirm_by.eq(None::<Ts>),
        slot::confirmed_by.eq(None::<Id>),
    );
    Ok(dispatch!(conn, c => diesel::update(taken).set(change).execute(c))? == 1)
}

pub fn call_off(conn: &mut Conn<'_>, id: Id) -> Result<bool> {
    let stands = slot::table
        .filter(slot::id.eq(id))
        .filter(slot::cancelled.eq(false));
    let change = (slot::cancelled.eq(true), slot::sequence.eq(slot::sequence + 1));
    Ok(dispatch!(conn, c => diesel::update(stands).set(change).execute(c))? == 1)
}
