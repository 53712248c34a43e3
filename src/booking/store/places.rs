//! The rows that are places. Taken by a conditional update: the row, not the code, keeps the next person out.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::booking::place::{Place, PlaceState};
use crate::db::schema::place;
use crate::db::{Conn, Error, Result};
use crate::dispatch;
use crate::values::{Id, Ts};

/// Names the lock that every change of places and waiting lists takes on PostgreSQL.
const BOOKING_LOCK: i64 = 0x7061_6470_6c61_6365;

/// Makes the booking acts follow one another. Rows alone keep the twenty-first person out; who waits, who was first
/// and what is free span several rows, and two acts that each saw the other's past would leave a free place beside
/// somebody who waits. SQLite has one writer anyway.
pub(in crate::booking) fn one_at_a_time(conn: &mut Conn<'_>) -> Result<()> {
    match conn {
        Conn::Sqlite(_) => {}
        Conn::Pg(c) => {
            let lock = format!("SELECT pg_advisory_xact_lock({BOOKING_LOCK})");
            diesel::sql_query(lock).execute(*c)?;
        }
    }
    Ok(())
}

type Row = (Id, i32, PlaceState, Option<Ts>);

pub(in crate::booking) fn find(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Place>> {
    let one = place::table.filter(place::referral_id.eq(referral)).select((
        place::run_id,
        place::seat,
        place::state,
        place::confirm_by,
    ));
    let found: Option<Row> = dispatch!(conn, c => one.first(c).optional())?;
    Ok(found.map(|(run, seat, state, confirm_by)| Place {
        run,
        seat,
        state,
        confirm_by,
    }))
}

pub(in crate::booking) fn first_free_seat(conn: &mut Conn<'_>, run: Id) -> Result<Option<i32>> {
    let free = place::table
        .filter(place::run_id.eq(run))
        .filter(place::state.eq(PlaceState::Free))
        .order(place::seat)
        .select(place::seat);
    Ok(dispatch!(conn, c => free.first(c).optional())?)
}

/// Free places of every run, for lists.
pub(in crate::booking) fn list_free(conn: &mut Conn<'_>, runs: &[Id]) -> Result<Vec<Id>> {
    let free = place::table
        .filter(place::run_id.eq_any(runs.to_vec()))
        .filter(place::state.eq(PlaceState::Free))
        .select(place::run_id);
    Ok(dispatch!(conn, c => free.load(c))?)
}

/// Those who have or are offered a place on a run, in the order they got it.
pub(in crate::booking) fn list_on_run(conn: &mut Conn<'_>, run: Id) -> Result<Vec<(Id, PlaceState)>> {
    let taken = place::table
        .filter(place::run_id.eq(run))
        .filter(place::referral_id.is_not_null())
        .order((place::taken_at, place::seat))
        .select((place::referral_id.assume_not_null(), place::state));
    Ok(dispatch!(conn, c => taken.load(c))?)
}

/// What a free seat becomes.
#[derive(Clone, Copy)]
pub(in crate::booking) struct Taking {
    pub referral: Id,
    pub state: PlaceState,
    pub at: Ts,
    pub confirm_by: Option<Ts>,
    pub confirmed_by: Option<Id>,
}

/// Takes a seat if it is still free.
pub(in crate::booking) fn take(conn: &mut Conn<'_>, run: Id, seat: i32, taking: Taking) -> Result<bool> {
    let free = place::table
        .filter(place::run_id.eq(run))
        .filter(place::seat.eq(seat))
        .filter(place::state.eq(PlaceState::Free));
    let change = (
        place::state.eq(taking.state),
        place::referral_id.eq(taking.referral),
        place::taken_at.eq(taking.at),
        place::confirm_by.eq(taking.confirm_by),
        place::confirmed_by.eq(taking.confirmed_by),
    );
    match dispatch!(conn, c => diesel::update(free).set(change).execute(c)) {
        Ok(changed) => Ok(changed == 1),
        // The same person tapped twice and the other tap has just been given a place: look again and find it.
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(Error::Conflict),
        Err(refused) => Err(refused.into()),
    }
}

/// The person who was offered a place has said yes.
pub(in crate::booking) fn hold_offered(
    conn: &mut Conn<'_>,
    referral: Id,
    now: Ts,
    confirm_by: Ts,
) -> Result<bool> {
    let offered = place::table
        .filter(place::referral_id.eq(referral))
        .filter(place::state.eq(PlaceState::Offered));
    let change = (
        place::state.eq(PlaceState::Held),
        place::taken_at.eq(now),
        place::confirm_by.eq(confirm_by),
    );
    Ok(dispatch!(conn, c => diesel::update(offered).set(change).execute(c))? == 1)
}

pub(in crate::booking) fn confirm(conn: &mut Conn<'_>, referral: Id, by: Id, now: Ts) -> Result<bool> {
    let held = place::table
        .filter(place::referral_id.eq(referral))
        .filter(place::state.eq(PlaceState::Held));
    let change = (
        place::state.eq(PlaceState::Confirmed),
        place::confirmed_by.eq(by),
        place::confirm_by.eq(None::<Ts>),
        place::taken_at.eq(now),
    );
    Ok(dispatch!(conn, c => diesel::update(held).set(change).execute(c))? == 1)
}

pub(in crate::booking) fn free(conn: &mut Conn<'_>, referral: Id) -> Result<bool> {
    let taken = place::table.filter(place::referral_id.eq(referral));
    let change = (
        place::state.eq(PlaceState::Free),
        place::referral_id.eq(None::<Id>),
        place::taken_at.eq(None::<Ts>),
        place::confirmed_by.eq(None::<Id>),
        place::confirm_by.eq(None::<Ts>),
    );
    Ok(dispatch!(conn, c => diesel::update(taken).set(change).execute(c))? == 1)
}

/// Those who had a place on a run at this moment already.
pub(in crate::booking) fn list_taken_before(conn: &mut Conn<'_>, run: Id, at: Ts) -> Result<Vec<Id>> {
    let kept = place::table
        .filter(place::run_id.eq(run))
        .filter(place::taken_at.le(at))
        .filter(place::state.eq_any([PlaceState::Held, PlaceState::Confirmed].map(PlaceState::as_str)))
        .filter(place::referral_id.is_not_null())
        .order(place::seat)
        .select(place::referral_id.assume_not_null());
    Ok(dispatch!(conn, c => kept.load(c))?)
}
