//! The table `throttle`: `tries` failures so far, the last of them at `window_start`.

use diesel::prelude::*;

use crate::db::schema::throttle;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::staff::throttle::{Run, Subject};
use crate::values::Ts;

/// Longer than any limit remembers.
const KEPT_DAYS: i64 = 2;

/// The failures of this subject so far.
pub fn find_run(conn: &mut Conn<'_>, subject: &Subject) -> Result<Run> {
    let wanted = throttle::table
        .filter(throttle::subject.eq(subject.as_bytes()))
        .select((throttle::tries, throttle::window_start));
    let row: Option<(i32, Ts)> = dispatch!(conn, c => wanted.first(c).optional())?;
    Ok(row.map_or_else(Run::default, |(tries, last)| Run {
        tries,
        last: Some(last),
    }))
}

/// Makes sure there is a row and holds it until the transaction ends, so that guesses made at the same moment
/// are counted one after the other.
pub fn lock_run(conn: &mut Conn<'_>, subject: &Subject, now: Ts) -> Result<()> {
    let row = (
        throttle::subject.eq(subject.as_bytes()),
        throttle::window_start.eq(now),
        throttle::tries.eq(0),
    );
    dispatch!(conn, c => diesel::insert_into(throttle::table).values(row)
        .on_conflict(throttle::subject).do_update().set(throttle::tries.eq(throttle::tries)).execute(c))?;
    Ok(())
}

/// Keeps the run as it is now.
pub fn mark_run(conn: &mut Conn<'_>, subject: &Subject, tries: i32, last: Ts) -> Result<()> {
    let wanted = throttle::table.filter(throttle::subject.eq(subject.as_bytes()));
    let now = (throttle::tries.eq(tries), throttle::window_start.eq(last));
    dispatch!(conn, c => diesel::update(wanted).set(now).execute(c))?;
    Ok(())
}

/// Takes one failure back.
pub fn mark_one_less(conn: &mut Conn<'_>, subject: &Subject) -> Result<()> {
    let wanted = throttle::table
        .filter(throttle::subject.eq(subject.as_bytes()))
        .filter(throttle::tries.gt(0));
    dispatch!(conn, c => diesel::update(wanted).set(throttle::tries.eq(throttle::tries - 1)).execute(c))?;
    Ok(())
}

/// Forgets the run.
pub fn delete_run(conn: &mut Conn<'_>, subject: &Subject) -> Result<()> {
    let wanted = throttle::table.filter(throttle::subject.eq(subject.as_bytes()));
    dispatch!(conn, c => diesel::delete(wanted).execute(c))?;
    Ok(())
}

/// Removes what no limit remembers any more.
pub fn delete_forgotten(conn: &mut Conn<'_>, now: Ts) -> Result<()> {
    let old = throttle::table.filter(throttle::window_start.lt(now.plus_days(-KEPT_DAYS)));
    dispatch!(conn, c => diesel::delete(old).execute(c))?;
    Ok(())
}
