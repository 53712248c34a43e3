//! What the giving of places reads about runs.

use diesel::prelude::*;

use crate::booking::diary::AccessFacts;
use crate::booking::facts::RunFacts;
use crate::config::ServiceName;
use crate::db::schema::{course, course_run, venue};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::{Id, Ts};

type Row = (
    (Id, Id, Ts, i32, bool),
    (String, ServiceName, i32, bool),
    (String, String, String),
    (String, String, String, String, String),
);

/// The columns of [`RunFacts`], from runs joined with course and venue.
macro_rules! facts {
    ($filtered:expr) => {
        $filtered.select((
            (
                course_run::id,
                course_run::course_id,
                course_run::first_session_at,
                course_run::minutes,
                course_run::cancelled,
            ),
            (course::name, course::service, course::sessions, course::active),
            (venue::name, venue::address, venue::access),
            (
                venue::step_free,
                venue::chairs,
                venue::floor_work,
                venue::parking,
                venue::bus,
            ),
        ))
    };
}

fn joined(row: Row) -> RunFacts {
    let ((id, course, first_session, minutes, cancelled), (name, service, sessions, active), venue, facts) =
        row;
    let (step_free, chairs, floor_work, parking, bus) = facts;
    RunFacts {
        id,
        course,
        course_name: name,
        service,
        sessions,
        active,
        first_session,
        minutes,
        cancelled,
        venue: venue.0,
        address: venue.1,
        access: venue.2,
        facts: AccessFacts {
            step_free,
            chairs,
            floor_work,
            parking,
            bus,
        },
    }
}

pub(in crate::booking) fn find_run(conn: &mut Conn<'_>, run: Id) -> Result<Option<RunFacts>> {
    let one = course_run::table
        .inner_join(course::table)
        .inner_join(venue::table)
        .filter(course_run::id.eq(run));
    let row: Option<Row> = dispatch!(conn, c => facts!(one).first(c).optional())?;
    Ok(row.map(joined))
}

/// The runs that begin after `from` and take place, the earliest first.
pub(in crate::booking) fn list_ahead(conn: &mut Conn<'_>, from: Ts) -> Result<Vec<RunFacts>> {
    let ahead = course_run::table
        .inner_join(course::table)
        .inner_join(venue::table)
        .filter(course_run::cancelled.eq(false))
        .filter(course_run::first_session_at.gt(from))
        .order((course_run::first_session_at, course_run::id));
    let rows: Vec<Row> = dispatch!(conn, c => facts!(ahead).load(c))?;
    Ok(rows.into_iter().map(joined).collect())
}

pub(in crate::booking) fn call_off(conn: &mut Conn<'_>, run: Id) -> Result<bool> {
    let going = course_run::table
        .filter(course_run::id.eq(run))
        .filter(course_run::cancelled.eq(false));
    Ok(dispatch!(conn, c => diesel::update(going).set(course_run::cancelled.eq(true)).execute(c))? == 1)
}
