//! Runs with what is taken on them.

use diesel::prelude::*;

use crate::booking::diary::planned::DiaryRun;
use crate::booking::diary::planning::Plan;
use crate::booking::place::PlaceState;
use crate::db::schema::{course, course_run, place, venue};
use crate::db::{Conn, Error, Result};
use crate::dispatch;
use crate::values::{Id, Ts};

type Row = ((Id, Id, Id, Ts, i32, bool, i32), (String, i32), (String, String));

/// The columns of [`DiaryRun`], from runs joined with course and venue.
macro_rules! rows {
    ($conn:expr, $filter:expr, $order:expr, $most:expr) => {{
        let found = course_run::table
            .inner_join(course::table)
            .inner_join(venue::table)
            .filter($filter)
            .order($order)
            .limit($most)
            .select((
                (
                    course_run::id,
                    course_run::course_id,
                    course_run::venue_id,
                    course_run::first_session_at,
                    course_run::minutes,
                    course_run::cancelled,
                    course_run::sequence,
                ),
                (course::name, course::sessions),
                (venue::name, venue::address),
            ));
        let rows: Vec<Row> = dispatch!($conn, c => found.load(c))?;
        rows
    }};
}

/// More runs than a service plans: a bound all the same.
const MOST: i64 = 1000;

pub fn list_from(conn: &mut Conn<'_>, from: Ts) -> Result<Vec<DiaryRun>> {
    let order = (course_run::first_session_at.asc(), course_run::id.asc());
    let rows = rows!(conn, course_run::first_session_at.ge(from), order, MOST);
    counted(conn, rows)
}

pub fn list_before(conn: &mut Conn<'_>, before: Ts, most: i64) -> Result<Vec<DiaryRun>> {
    let order = (course_run::first_session_at.desc(), course_run::id.desc());
    let rows = rows!(conn, course_run::first_session_at.lt(before), order, most);
    counted(conn, rows)
}

pub fn list_of_course(conn: &mut Conn<'_>, course: Id, from: Ts) -> Result<Vec<DiaryRun>> {
    let of = course_run::course_id
        .eq(course)
        .and(course_run::first_session_at.ge(from));
    let order = (course_run::first_session_at.asc(), course_run::id.asc());
    let rows = rows!(conn, of, order, MOST);
    counted(conn, rows)
}

pub fn find(conn: &mut Conn<'_>, run: Id) -> Result<Option<DiaryRun>> {
    let rows = rows!(conn, course_run::id.eq(run), course_run::id.asc(), 1);
    Ok(counted(conn, rows)?.pop())
}

fn counted(conn: &mut Conn<'_>, rows: Vec<Row>) -> Result<Vec<DiaryRun>> {
    let ids: Vec<Id> = rows.iter().map(|row| row.0.0).collect();
    let seats = place::table
        .filter(place::run_id.eq_any(ids))
        .select((place::run_id, place::state));
    let seats: Vec<(Id, PlaceState)> = dispatch!(conn, c => seats.load(c))?;
    let count = |run: Id, state: PlaceState| seats.iter().filter(|seat| **seat == (run, state)).count();
    Ok(rows
        .into_iter()
        .map(
            |((id, course, venue, first, minutes, cancelled, sequence), of, at)| DiaryRun {
                id,
                course,
                course_name: of.0,
                venue,
                venue_name: at.0,
                address: at.1,
                first_session: first,
                minutes,
                sessions: of.1,
                cancelled,
                sequence,
                places: seats.iter().filter(|seat| seat.0 == id).count(),
                held: count(id, PlaceState::Held),
                offered: count(id, PlaceState::Offered),
                confirmed: count(id, PlaceState::Confirmed),
            },
        )
        .collect())
}

pub fn update(conn: &mut Conn<'_>, run: Id, plan: &Plan, sequence: i32) -> Result<()> {
    let one = course_run::table
        .filter(course_run::id.eq(run))
        .filter(course_run::sequence.lt(sequence));
    let change = (
        course_run::venue_id.eq(plan.venue),
        course_run::first_session_at.eq(plan.first_session),
        course_run::minutes.eq(plan.minutes),
        course_run::places.eq(plan.places),
        course_run::sequence.eq(sequence),
    );
    match dispatch!(conn, c => diesel::update(one).set(change).execute(c))? {
        1 => Ok(()),
        _ => Err(Error::Conflict),
    }
}

/// The seats of a run, and whether each is free, in their order.
pub fn list_seats(conn: &mut Conn<'_>, run: Id) -> Result<Vec<(i32, bool)>> {
    let all = place::table
        .filter(place::run_id.eq(run))
        .order(place::seat)
        .select((place::seat, place::state));
    let seats: Vec<(i32, PlaceState)> = dispatch!(conn, c => all.load(c))?;
    let seats = seats.into_iter();
    Ok(seats
        .map(|(seat, state)| (seat, state == PlaceState::Free))
        .collect())
}

pub fn insert_seat(conn: &mut Conn<'_>, run: Id, seat: i32) -> Result<()> {
    let row = (
        place::run_id.eq(run),
        place::seat.eq(seat),
        place::state.eq(PlaceState::Free),
    );
    dispatch!(conn, c => diesel::insert_into(place::table).values(row).execute(c))?;
    Ok(())
}

/// Takes a seat away, if it is still nobody's.
pub fn delete_free_seat(conn: &mut Conn<'_>, run: Id, seat: i32) -> Result<()> {
    let one = place::table
        .filter(place::run_id.eq(run))
        .filter(place::seat.eq(seat))
        .filter(place::state.eq(PlaceState::Free));
    match dispatch!(conn, c => diesel::delete(one).execute(c)) {
        Ok(1) => Ok(()),
        Ok(_) => Err(Error::Conflict),
        Err(refused) => Err(refused.into()),
    }
}

/// A run begins earlier now: what is held on it is confirmed earlier, too.
pub fn confirm_before(conn: &mut Conn<'_>, run: Id, first_session: Ts, latest: Ts) -> Result<()> {
    let late = place::table
        .filter(place::run_id.eq(run))
        .filter(place::state.eq(PlaceState::Held))
        .filter(place::confirm_by.ge(first_session));
    dispatch!(conn, c => diesel::update(late).set(place::confirm_by.eq(latest)).execute(c))?;
    Ok(())
}

/// Who has a place on a run: referral and state, in the order of their seats.
pub fn list_people(conn: &mut Conn<'_>, run: Id) -> Result<Vec<(Id, PlaceState)>> {
    let taken = place::table
        .filter(place::run_id.eq(run))
        .filter(place::referral_id.is_not_null())
        .order(place::seat)
        .select((place::referral_id.assume_not_null(), place::state));
    Ok(dispatch!(conn, c => taken.load(c))?)
}
