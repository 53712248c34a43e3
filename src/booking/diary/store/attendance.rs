//! Who came to which session.

use diesel::prelude::*;

use crate::booking::diary::attendance::Attendance;
use crate::db::schema::{attendance, course_run};
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(Attendance);

/// One thing noted, with what is needed to know when the session was.
#[derive(Clone, Copy, Debug)]
pub struct Noted {
    pub referral: Id,
    pub run: Id,
    pub course: Id,
    pub first_session: Ts,
    pub session: i32,
    pub outcome: Attendance,
}

type Row = ((Id, Id, i32, Attendance), (Id, Ts));

fn noted(((referral, run, session, outcome), (course, first_session)): Row) -> Noted {
    Noted {
        referral,
        run,
        course,
        first_session,
        session,
        outcome,
    }
}

macro_rules! rows {
    ($conn:expr, $filter:expr) => {{
        let found = attendance::table
            .inner_join(course_run::table)
            .filter($filter)
            .order((attendance::marked_at, attendance::run_id, attendance::session))
            .select((
                (
                    attendance::referral_id,
                    attendance::run_id,
                    attendance::session,
                    attendance::outcome,
                ),
                (course_run::course_id, course_run::first_session_at),
            ));
        let rows: Vec<Row> = dispatch!($conn, c => found.load(c))?;
        Ok(rows.into_iter().map(noted).collect())
    }};
}

/// Everything noted about one person.
pub fn list_of(conn: &mut Conn<'_>, referral: Id) -> Result<Vec<Noted>> {
    rows!(conn, attendance::referral_id.eq(referral))
}

/// Everything noted about one session of a course, on all its runs.
pub fn list_of_session(conn: &mut Conn<'_>, course: Id, session: i32) -> Result<Vec<Noted>> {
    rows!(
        conn,
        course_run::course_id
            .eq(course)
            .and(attendance::session.eq(session))
    )
}

/// What was noted at one session, and when.
pub fn list_noted(conn: &mut Conn<'_>, run: Id, session: i32) -> Result<Vec<(Id, (Attendance, Ts))>> {
    let all = attendance::table
        .filter(attendance::run_id.eq(run))
        .filter(attendance::session.eq(session))
        .select((
            attendance::referral_id,
            (attendance::outcome, attendance::marked_at),
        ));
    Ok(dispatch!(conn, c => all.load(c))?)
}

/// How many are noted at each session of a run.
pub fn list_sessions(conn: &mut Conn<'_>, run: Id) -> Result<Vec<i32>> {
    let all = attendance::table
        .filter(attendance::run_id.eq(run))
        .select(attendance::session);
    Ok(dispatch!(conn, c => all.load(c))?)
}

/// Keeps it, in place of what stood there. `at`: run, session, referral.
pub fn keep(conn: &mut Conn<'_>, at: (Id, i32, Id), outcome: Attendance, by: Id, now: Ts) -> Result<()> {
    let (run, session, referral) = at;
    let one = attendance::table
        .filter(attendance::run_id.eq(run))
        .filter(attendance::session.eq(session))
        .filter(attendance::referral_id.eq(referral));
    let values = (
        attendance::outcome.eq(outcome),
        attendance::marked_by.eq(by),
        attendance::marked_at.eq(now),
    );
    if dispatch!(conn, c => diesel::update(one).set(values).execute(c))? == 1 {
        return Ok(());
    }
    let row = (
        attendance::run_id.eq(run),
        attendance::session.eq(session),
        attendance::referral_id.eq(referral),
        values,
    );
    dispatch!(conn, c => diesel::insert_into(attendance::table).values(row).execute(c))?;
    Ok(())
}
