//! Which message goes next, and into whose hands.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::{NewRow, insert, is_waiting};
use crate::db::schema::outbox;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::notify::message::{self, Channel, Content, Lane, Message, Status};
use crate::values::{Id, Sealed, Ts};

/// A message in the hands of one worker.
#[derive(Clone, Debug)]
pub(in crate::notify) struct Claimed {
    pub(in crate::notify) id: Id,
    pub(in crate::notify) about: Option<Id>,
    pub(in crate::notify) channel: Channel,
    pub(in crate::notify) lane: Lane,
    pub(in crate::notify) message: Option<Sealed>,
    pub(in crate::notify) message_id: String,
    pub(in crate::notify) attempts: i32,
    pub(in crate::notify) created_at: Ts,
    until: Ts,
}

/// Names a claim: the row, and until when it stands. A worker that was too slow holds another one.
#[derive(Clone, Copy, Debug)]
pub(in crate::notify) struct Claim {
    pub(super) id: Id,
    pub(super) until: Ts,
}

impl Claimed {
    pub(in crate::notify) fn claim(&self) -> Claim {
        Claim {
            id: self.id,
            until: self.until,
        }
    }

    pub(in crate::notify) fn message_of(&self, content: Content) -> Message {
        Message {
            about: self.about,
            lane: self.lane,
            to: content.to,
            subject: content.subject,
            body: content.body,
        }
    }
}

#[derive(Queryable)]
struct Due {
    id: Id,
    about_id: Option<Id>,
    channel: Channel,
    lane: Lane,
    message: Option<Sealed>,
    message_id: String,
    attempts: i32,
    created_at: Ts,
}

/// Takes the message that is next: the earlier lanes first, and among normal messages about the same thing none
/// before its elders. Urgent messages wait for nothing.
pub(in crate::notify) fn claim_next(
    conn: &mut Conn<'_>,
    channel: Channel,
    lanes: &[Lane],
    now: Ts,
    until: Ts,
    host: &str,
) -> Result<Option<Claimed>> {
    for lane in lanes {
        if let Some(due) = find_due(conn, channel, *lane, now)? {
            return claim(conn, due, until, host).map(Some);
        }
    }
    Ok(None)
}

fn find_due(conn: &mut Conn<'_>, channel: Channel, lane: Lane, now: Ts) -> Result<Option<Due>> {
    let elders = diesel::alias!(outbox as elder);
    let elder = elders
        .filter(elders.field(outbox::about_id).eq(outbox::about_id))
        .filter(elders.field(outbox::status).eq(Status::Waiting))
        .filter(elders.field(outbox::lane).eq(Lane::Normal))
        .filter(elders.field(outbox::id).lt(outbox::id));
    let due = outbox::table
        .filter(is_waiting())
        .filter(outbox::channel.eq(channel))
        .filter(outbox::lane.eq(lane))
        .filter(outbox::next_try_at.le(now))
        .filter(outbox::claimed_until.is_null().or(outbox::claimed_until.le(now)))
        .filter(outbox::lane.eq(Lane::Urgent).or(not(exists(elder))))
        .order((outbox::next_try_at, outbox::id))
        .select((
            outbox::id,
            outbox::about_id,
            outbox::channel,
            outbox::lane,
            outbox::message,
            outbox::message_id,
            outbox::attempts,
            outbox::created_at,
        ))
        .limit(1);
    // On SQLite there is one writer; on PostgreSQL what another worker is claiming is passed over.
    let row = match conn {
        Conn::Sqlite(c) => due.first(*c).optional()?,
        Conn::Pg(c) => due.for_update().skip_locked().first(*c).optional()?,
    };
    Ok(row)
}

fn claim(conn: &mut Conn<'_>, due: Due, until: Ts, host: &str) -> Result<Claimed> {
    let attempts = due.attempts.saturating_add(1);
    // Given once and kept, so that a new MAIL_FROM between two attempts does not make another mail of it.
    let message_id = if due.message_id.starts_with('<') {
        due.message_id
    } else {
        message::message_id(due.id, host)
    };
    dispatch!(conn, c => diesel::update(outbox::table.find(due.id))
        .set((
            outbox::claimed_until.eq(until),
            outbox::attempts.eq(attempts),
            outbox::message_id.eq(&message_id),
        ))
        .execute(c))?;
    Ok(Claimed {
        id: due.id,
        about: due.about_id,
        channel: due.channel,
        lane: due.lane,
        message: due.message,
        message_id,
        attempts,
        created_at: due.created_at,
        until,
    })
}

/// Writes a row that is in the writer's hands from the first moment.
pub(in crate::notify) fn insert_claimed(
    conn: &mut Conn<'_>,
    row: &NewRow,
    until: Ts,
    host: &str,
) -> Result<Claimed> {
    insert(conn, row)?;
    let due = Due {
        id: row.id,
        about_id: row.about_id,
        channel: row.channel,
        lane: row.lane,
        message: Some(row.message.clone()),
        message_id: row.message_id.clone(),
        attempts: 0,
        created_at: row.created_at,
    };
    claim(conn, due, until, host)
}
