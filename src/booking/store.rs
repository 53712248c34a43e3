//! The only SQL over courses, runs and places.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::course::{Course, NewRun, NewVenue, Run};
use super::place::{Place, PlaceState};
use crate::db::schema::{course, course_run, place, venue};
use crate::db::{Conn, Error, Result};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(PlaceState);

pub(super) fn insert_course(conn: &mut Conn<'_>, new: &Course) -> Result<()> {
    let row = (
        course::id.eq(new.id),
        course::code.eq(&new.code),
        course::name.eq(&new.name),
        course::service.eq(new.service.as_str()),
        course::sessions.eq(new.sessions),
        course::active.eq(true),
    );
    dispatch!(conn, c => diesel::insert_into(course::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn insert_venue(conn: &mut Conn<'_>, new: &NewVenue) -> Result<()> {
    let row = (
        venue::id.eq(new.id),
        venue::name.eq(&new.name),
        venue::address.eq(&new.address),
        venue::access.eq(&new.access),
    );
    dispatch!(conn, c => diesel::insert_into(venue::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn insert_run(conn: &mut Conn<'_>, new: &NewRun) -> Result<()> {
    let row = (
        course_run::id.eq(new.id),
        course_run::course_id.eq(new.course),
        course_run::venue_id.eq(new.venue),
        course_run::first_session_at.eq(new.first_session),
        course_run::minutes.eq(new.minutes),
        course_run::places.eq(new.places),
        course_run::cancelled.eq(false),
    );
    dispatch!(conn, c => diesel::insert_into(course_run::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn insert_places(conn: &mut Conn<'_>, run: Id, places: i32) -> Result<()> {
    for seat in 1..=places {
        let row = (
            place::run_id.eq(run),
            place::seat.eq(seat),
            place::state.eq(PlaceState::Free),
        );
        dispatch!(conn, c => diesel::insert_into(place::table).values(row).execute(c))?;
    }
    Ok(())
}

pub(super) fn list_runs(conn: &mut Conn<'_>, from: Ts) -> Result<Vec<Run>> {
    let runs = course_run::table
        .inner_join(course::table)
        .inner_join(venue::table)
        .filter(course_run::cancelled.eq(false))
        .filter(course_run::first_session_at.ge(from))
        .order((course_run::first_session_at, course_run::id))
        .select((
            (course_run::id, course_run::first_session_at, course_run::minutes),
            (course::name, course::sessions),
            (venue::name, venue::access),
        ));
    type Listed = ((Id, Ts, i32), (String, i32), (String, String));
    let runs: Vec<Listed> = dispatch!(conn, c => runs.load(c))?;
    let taken: Vec<(Id, PlaceState)> =
        dispatch!(conn, c => place::table.select((place::run_id, place::state)).load(c))?;
    let count = |run: Id, state: PlaceState| {
        let count = taken.iter().filter(|(of, is)| *of == run && *is == state).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    };
    Ok(runs
        .into_iter()
        .map(
            |((id, first_session, minutes), (course, sessions), (venue, access))| {
                let (held, confirmed) = (count(id, PlaceState::Held), count(id, PlaceState::Confirmed));
                let places = count(id, PlaceState::Free) + held + confirmed;
                Run {
                    id,
                    course,
                    venue,
                    access,
                    first_session,
                    minutes,
                    sessions,
                    places,
                    held,
                    confirmed,
                }
            },
        )
        .collect())
}

pub(super) fn first_free_seat(conn: &mut Conn<'_>, run: Id) -> Result<Option<i32>> {
    let free = place::table
        .filter(place::run_id.eq(run))
        .filter(place::state.eq(PlaceState::Free))
        .order(place::seat)
        .select(place::seat);
    Ok(dispatch!(conn, c => free.first(c).optional())?)
}

pub(super) fn take(conn: &mut Conn<'_>, run: Id, seat: i32, referral: Id, now: Ts) -> Result<bool> {
    let free = place::table
        .filter(place::run_id.eq(run))
        .filter(place::seat.eq(seat))
        .filter(place::state.eq(PlaceState::Free));
    let change = (
        place::state.eq(PlaceState::Held),
        place::referral_id.eq(referral),
        place::taken_at.eq(now),
    );
    match dispatch!(conn, c => diesel::update(free).set(change).execute(c)) {
        Ok(changed) => Ok(changed == 1),
        // The same person tapped twice and the other tap has just been given a place: look again and find it.
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(Error::Conflict),
        Err(refused) => Err(refused.into()),
    }
}

pub(super) fn confirm(conn: &mut Conn<'_>, referral: Id, by: Id, now: Ts) -> Result<bool> {
    let held = place::table
        .filter(place::referral_id.eq(referral))
        .filter(place::state.eq(PlaceState::Held));
    let change = (
        place::state.eq(PlaceState::Confirmed),
        place::confirmed_by.eq(by),
        place::taken_at.eq(now),
    );
    Ok(dispatch!(conn, c => diesel::update(held).set(change).execute(c))? == 1)
}

pub(super) fn free(conn: &mut Conn<'_>, referral: Id) -> Result<bool> {
    let taken = place::table.filter(place::referral_id.eq(referral));
    let change = (
        place::state.eq(PlaceState::Free),
        place::referral_id.eq(None::<Id>),
        place::taken_at.eq(None::<Ts>),
        place::confirmed_by.eq(None::<Id>),
    );
    Ok(dispatch!(conn, c => diesel::update(taken).set(change).execute(c))? == 1)
}

pub(super) fn find_place(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Place>> {
    let one = place::table.filter(place::referral_id.eq(referral)).select((
        place::run_id,
        place::seat,
        place::state,
    ));
    let found: Option<(Id, i32, PlaceState)> = dispatch!(conn, c => one.first(c).optional())?;
    Ok(found.map(|(run, seat, state)| Place { run, seat, state }))
}
