//! How the outbox stands and what became of messages, for banners, commands and rooms that wait for one.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde::Serialize;

use super::is_waiting;
use crate::db::schema::outbox;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::notify::message::{Channel, Fate, Lane, Status};
use crate::values::{Id, Ts};

/// How the outbox stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages not delivered yet, urgent ones included.
    pub waiting: i64,
    /// Urgent messages not delivered yet.
    pub urgent_waiting: i64,
    /// Messages given up, since the beginning.
    pub given_up: i64,
    /// When the oldest waiting message was written.
    pub oldest: Option<Ts>,
}

/// What was given up; a literal like [`is_waiting`].
fn was_given_up() -> SqlLiteral<Bool> {
    sql("outbox.status = 'given_up'")
}

pub(in crate::notify) fn counts(conn: &mut Conn<'_>) -> Result<Counts> {
    let waiting = || outbox::table.filter(is_waiting());
    let all = dispatch!(conn, c => waiting().count().get_result(c))?;
    let oldest = dispatch!(conn, c => waiting()
        .order(outbox::created_at)
        .select(outbox::created_at)
        .first(c)
        .optional())?;
    let urgent = dispatch!(conn, c => waiting()
        .filter(outbox::lane.eq(Lane::Urgent))
        .count()
        .get_result(c))?;
    let given_up = dispatch!(conn, c => outbox::table
        .filter(was_given_up())
        .count()
        .get_result(c))?;
    Ok(Counts {
        waiting: all,
        urgent_waiting: urgent,
        given_up,
        oldest,
    })
}

/// What became of the urgent messages about these that were written since then, and of these messages.
pub(in crate::notify) fn list_fates(
    conn: &mut Conn<'_>,
    about: &[Id],
    since: Ts,
    messages: &[Id],
) -> Result<Vec<Fate>> {
    if about.is_empty() {
        return Ok(Vec::new());
    }
    let of = outbox::table
        .filter(outbox::about_id.eq_any(about.to_vec()))
        .filter(outbox::lane.eq(Lane::Urgent))
        .filter(
            outbox::created_at
                .ge(since)
                .or(outbox::id.eq_any(messages.to_vec())),
        )
        .select((
            outbox::id,
            outbox::about_id,
            outbox::channel,
            outbox::status,
            outbox::last_error.is_not_null(),
            outbox::created_at,
            outbox::done_at,
        ));
    type Stored = (Id, Option<Id>, Channel, Status, bool, Ts, Option<Ts>);
    let rows: Vec<Stored> = dispatch!(conn, c => of.load(c))?;
    let fate = |(id, about, channel, status, failing, created_at, done_at): Stored| {
        Some(Fate {
            id,
            about: about?,
            channel,
            status,
            failing,
            created_at,
            done_at,
        })
    };
    Ok(rows.into_iter().filter_map(fate).collect())
}

pub(in crate::notify) fn list_statuses(
    conn: &mut Conn<'_>,
    messages: &[Id],
) -> Result<Vec<(Id, Status, Option<Ts>)>> {
    let of = outbox::table
        .filter(outbox::id.eq_any(messages.to_vec()))
        .select((outbox::id, outbox::status, outbox::done_at));
    Ok(dispatch!(conn, c => of.load(c))?)
}

/// A message as staff may see it: everything but the message.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct Entry {
    /// Its row.
    pub id: Id,
    /// What it is about.
    pub about: Option<Id>,
    /// By which way.
    pub channel: Channel,
    /// How soon it goes.
    pub lane: Lane,
    /// What became of it.
    pub status: Status,
    /// The name every copy carries.
    pub message_id: String,
    /// Attempts begun.
    pub attempts: i32,
    /// When it is tried next, while it waits.
    pub next_try_at: Ts,
    /// The class of the last failure.
    pub reason: Option<String>,
    /// When it was written.
    pub created_at: Ts,
    /// When it ended.
    pub done_at: Option<Ts>,
}

pub(in crate::notify) fn list_undelivered(conn: &mut Conn<'_>, limit: i64) -> Result<Vec<Entry>> {
    let rows = dispatch!(conn, c => outbox::table
        .filter(is_waiting().or(was_given_up()))
        .order((outbox::lane.desc(), outbox::id))
        .select((
            outbox::id,
            outbox::about_id,
            outbox::channel,
            outbox::lane,
            outbox::status,
            outbox::message_id,
            outbox::attempts,
            outbox::next_try_at,
            outbox::last_error,
            outbox::created_at,
            outbox::done_at,
        ))
        .limit(limit)
        .load(c))?;
    Ok(rows)
}
