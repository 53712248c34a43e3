//! The only SQL over courses, runs and places.

pub(super) mod notices;
pub(super) mod places;
pub(super) mod ring_tasks;
pub(super) mod runs;
pub(super) mod waits;

use diesel::prelude::*;

use super::course::{Course, NewRun, NewVenue, Run};
use super::place::PlaceState;
use crate::db::schema::{course, course_run, place, venue};
use crate::db::{Conn, Result};
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
                // A place offered to somebody who waits is kept for them, as a held one is.
                let held = count(id, PlaceState::Held) + count(id, PlaceState::Offered);
                let confirmed = count(id, PlaceState::Confirmed);
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
