//! Whom somebody rings.

use diesel::prelude::*;

use crate::booking::ring::{RingOutcome, RingTask};
use crate::booking::told::About;
use crate::db::schema::ring_task;
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(RingOutcome);

type Row = (
    Id,
    Id,
    About,
    Option<Id>,
    Ts,
    i32,
    Option<Ts>,
    Option<RingOutcome>,
);

fn of(row: Row) -> RingTask {
    let (id, referral, about, run, due_at, tries, tried_at, last) = row;
    RingTask {
        id,
        referral,
        about,
        run,
        due_at,
        tries,
        tried_at,
        last,
    }
}

macro_rules! task {
    ($filtered:expr) => {
        $filtered.select((
            ring_task::id,
            ring_task::referral_id,
            ring_task::kind,
            ring_task::run_id,
            ring_task::due_at,
            ring_task::tries,
            ring_task::tried_at,
            ring_task::outcome,
        ))
    };
}

pub(in crate::booking) fn insert(conn: &mut Conn<'_>, task: &RingTask, now: Ts) -> Result<()> {
    let row = (
        ring_task::id.eq(task.id),
        ring_task::referral_id.eq(task.referral),
        ring_task::kind.eq(task.about),
        ring_task::run_id.eq(task.run),
        ring_task::created_at.eq(now),
        ring_task::due_at.eq(task.due_at),
        ring_task::tries.eq(0),
    );
    dispatch!(conn, c => diesel::insert_into(ring_task::table).values(row).execute(c))?;
    Ok(())
}

/// The open task of this kind for a person.
pub(in crate::booking) fn find_open(
    conn: &mut Conn<'_>,
    referral: Id,
    about: About,
) -> Result<Option<RingTask>> {
    let open = ring_task::table
        .filter(ring_task::referral_id.eq(referral))
        .filter(ring_task::kind.eq(about))
        .filter(ring_task::done_at.is_null());
    let row: Option<Row> = dispatch!(conn, c => task!(open).first(c).optional())?;
    Ok(row.map(of))
}

/// An open task.
pub(in crate::booking) fn find(conn: &mut Conn<'_>, id: Id) -> Result<Option<RingTask>> {
    let open = ring_task::table
        .filter(ring_task::id.eq(id))
        .filter(ring_task::done_at.is_null());
    let row: Option<Row> = dispatch!(conn, c => task!(open).first(c).optional())?;
    Ok(row.map(of))
}

/// What is due first, first.
pub(in crate::booking) fn list_open(conn: &mut Conn<'_>, most: i64) -> Result<Vec<RingTask>> {
    let open = ring_task::table
        .filter(ring_task::done_at.is_null())
        .order((ring_task::due_at, ring_task::id))
        .limit(most);
    let rows: Vec<Row> = dispatch!(conn, c => task!(open).load(c))?;
    Ok(rows.into_iter().map(of).collect())
}

/// What is due first, first, for one person.
pub(in crate::booking) fn list_open_of(conn: &mut Conn<'_>, referral: Id) -> Result<Vec<RingTask>> {
    let open = ring_task::table
        .filter(ring_task::referral_id.eq(referral))
        .filter(ring_task::done_at.is_null())
        .order((ring_task::due_at, ring_task::id));
    let rows: Vec<Row> = dispatch!(conn, c => task!(open).load(c))?;
    Ok(rows.into_iter().map(of).collect())
}

pub(in crate::booking) fn count_open(conn: &mut Conn<'_>) -> Result<i64> {
    let open = ring_task::table.filter(ring_task::done_at.is_null());
    Ok(dispatch!(conn, c => open.count().get_result(c))?)
}

/// Nobody was reached: the task stays, due later.
pub(in crate::booking) fn tried(
    conn: &mut Conn<'_>,
    id: Id,
    outcome: RingOutcome,
    now: Ts,
    due_at: Ts,
) -> Result<bool> {
    let open = ring_task::table
        .filter(ring_task::id.eq(id))
        .filter(ring_task::done_at.is_null());
    let change = (
        ring_task::tries.eq(ring_task::tries + 1),
        ring_task::tried_at.eq(now),
        ring_task::due_at.eq(due_at),
        ring_task::outcome.eq(outcome),
    );
    Ok(dispatch!(conn, c => diesel::update(open).set(change).execute(c))? == 1)
}

pub(in crate::booking) fn finish(
    conn: &mut Conn<'_>,
    id: Id,
    outcome: RingOutcome,
    by: Option<Id>,
    now: Ts,
) -> Result<bool> {
    let open = ring_task::table
        .filter(ring_task::id.eq(id))
        .filter(ring_task::done_at.is_null());
    let change = (
        ring_task::done_at.eq(now),
        ring_task::done_by.eq(by),
        ring_task::outcome.eq(outcome),
    );
    Ok(dispatch!(conn, c => diesel::update(open).set(change).execute(c))? == 1)
}

/// Ends the open tasks of a person, because there is newer news or nothing to say.
pub(in crate::booking) fn overtake(conn: &mut Conn<'_>, referral: Id, now: Ts) -> Result<()> {
    let open = ring_task::table
        .filter(ring_task::referral_id.eq(referral))
        .filter(ring_task::done_at.is_null());
    let change = (
        ring_task::done_at.eq(now),
        ring_task::outcome.eq(RingOutcome::Overtaken),
    );
    dispatch!(conn, c => diesel::update(open).set(change).execute(c))?;
    Ok(())
}
