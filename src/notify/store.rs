//! The outbox table; the rota's tables are in `rota`.

pub(super) mod rota;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde::Serialize;

use super::alarm::{Alarm, AlarmContent};
use super::message::{self, Channel, Content, Fate, Lane, Message, Status};
use super::next::Next;
use crate::db::schema::outbox;
use crate::db::{Conn, Result};
use crate::values::{Id, KeyError, Keyring, Purpose, Sealed, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(Channel);
stored_as_text!(Lane);
stored_as_text!(Status);

/// A row as it is written.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = outbox)]
pub(super) struct NewRow {
    id: Id,
    about_id: Option<Id>,
    channel: Channel,
    lane: Lane,
    message: Sealed,
    message_id: String,
    status: Status,
    attempts: i32,
    next_try_at: Ts,
    created_at: Ts,
}

impl NewRow {
    /// The sender's host is not known here; until the first claim the row's id stands for the Message-ID.
    pub(super) fn seal(
        keys: &Keyring,
        id: Id,
        message: &Message,
        now: Ts,
    ) -> std::result::Result<Self, KeyError> {
        let content = Content {
            to: message.to.clone(),
            subject: message.subject.clone(),
            body: message.body.clone(),
        };
        let sealed = keys.seal_json(Purpose::Person, id, &content)?;
        Ok(Self::new(
            id,
            message.about,
            Channel::Email,
            message.lane,
            sealed,
            now,
        ))
    }

    /// A call of the second channel; they are all urgent.
    pub(super) fn seal_alarm(
        keys: &Keyring,
        id: Id,
        alarm: &Alarm,
        now: Ts,
    ) -> std::result::Result<Self, KeyError> {
        let sealed = keys.seal_json(Purpose::Person, id, &AlarmContent::of(alarm))?;
        Ok(Self::new(
            id,
            Some(alarm.about),
            Channel::Webhook,
            Lane::Urgent,
            sealed,
            now,
        ))
    }

    fn new(id: Id, about_id: Option<Id>, channel: Channel, lane: Lane, message: Sealed, now: Ts) -> Self {
        Self {
            id,
            about_id,
            channel,
            lane,
            message,
            message_id: id.to_string(),
            status: Status::Waiting,
            attempts: 0,
            next_try_at: now,
            created_at: now,
        }
    }

    /// Takes over the attempts of the message it stands for, so that pauses go on growing.
    pub(super) fn wait(&mut self, attempts: i32, until: Ts) {
        self.attempts = attempts;
        self.next_try_at = until;
    }
}

pub(super) fn insert(conn: &mut Conn<'_>, row: &NewRow) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(outbox::table).values(row).execute(c))?;
    Ok(())
}

/// A message in the hands of one worker.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub(super) id: Id,
    pub(super) about: Option<Id>,
    pub(super) channel: Channel,
    pub(super) lane: Lane,
    pub(super) message: Option<Sealed>,
    pub(super) message_id: String,
    pub(super) attempts: i32,
    pub(super) created_at: Ts,
    until: Ts,
}

/// Names a claim: the row, and until when it stands. A worker that was too slow holds another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    id: Id,
    until: Ts,
}

impl Claimed {
    pub(super) fn claim(&self) -> Claim {
        Claim {
            id: self.id,
            until: self.until,
        }
    }

    pub(super) fn message_of(&self, content: Content) -> Message {
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
pub(super) fn claim_next(
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
        .filter(outbox::status.eq(Status::Waiting))
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

/// Keeps what became of a claimed message. A worker whose claim has run out may still say that the message was
/// delivered, but nothing else: it is in other hands.
pub(super) fn mark(
    conn: &mut Conn<'_>,
    claim: Claim,
    next: Next,
    following: Option<&NewRow>,
    now: Ts,
) -> Result<()> {
    match next {
        Next::Delivered => {
            dispatch!(conn, c => diesel::update(outbox::table.find(claim.id))
                .filter(outbox::status.eq(Status::Waiting))
                .set((
                    outbox::status.eq(Status::Delivered),
                    outbox::message.eq(None::<Sealed>),
                    outbox::claimed_until.eq(None::<Ts>),
                    outbox::done_at.eq(now),
                ))
                .execute(c))?;
        }
        Next::Again { at, reason } => {
            dispatch!(conn, c => diesel::update(outbox::table.find(claim.id))
                .filter(outbox::status.eq(Status::Waiting))
                .filter(outbox::claimed_until.eq(claim.until))
                .set((
                    outbox::next_try_at.eq(at),
                    outbox::claimed_until.eq(None::<Ts>),
                    outbox::last_error.eq(reason.to_string()),
                ))
                .execute(c))?;
        }
        Next::GiveUp(reason) => {
            end(conn, claim, Status::GivenUp, &reason.to_string(), now)?;
        }
        Next::PassOn(reason) => {
            let ended = end(conn, claim, Status::Superseded, &reason.to_string(), now)?;
            if let Some(row) = following.filter(|_| ended) {
                insert(conn, row)?;
            }
        }
    }
    Ok(())
}

/// Ends a message without delivery and erases it; false when the claim had run out or it was ended before.
fn end(conn: &mut Conn<'_>, claim: Claim, status: Status, reason: &str, now: Ts) -> Result<bool> {
    let ended = dispatch!(conn, c => diesel::update(outbox::table.find(claim.id))
        .filter(outbox::status.eq(Status::Waiting))
        .filter(outbox::claimed_until.eq(claim.until))
        .set((
            outbox::status.eq(status),
            outbox::message.eq(None::<Sealed>),
            outbox::claimed_until.eq(None::<Ts>),
            outbox::last_error.eq(reason),
            outbox::done_at.eq(now),
        ))
        .execute(c))?;
    Ok(ended == 1)
}

pub(super) fn cancel_urgent(conn: &mut Conn<'_>, about: Id, now: Ts) -> Result<usize> {
    let ended = dispatch!(conn, c => diesel::update(outbox::table)
        .filter(outbox::about_id.eq(about))
        .filter(outbox::lane.eq(Lane::Urgent))
        .filter(outbox::status.eq(Status::Waiting))
        .set((
            outbox::status.eq(Status::Superseded),
            outbox::message.eq(None::<Sealed>),
            outbox::claimed_until.eq(None::<Ts>),
            outbox::last_error.eq("acknowledged"),
            outbox::done_at.eq(now),
        ))
        .execute(c))?;
    Ok(ended)
}

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

pub(super) fn counts(conn: &mut Conn<'_>) -> Result<Counts> {
    let waiting = outbox::table.filter(outbox::status.eq(Status::Waiting));
    let all = dispatch!(conn, c => waiting.count().get_result(c))?;
    let oldest = dispatch!(conn, c => waiting
        .order(outbox::created_at)
        .select(outbox::created_at)
        .first(c)
        .optional())?;
    let urgent = dispatch!(conn, c => waiting
        .filter(outbox::lane.eq(Lane::Urgent))
        .count()
        .get_result(c))?;
    let given_up = dispatch!(conn, c => outbox::table
        .filter(outbox::status.eq(Status::GivenUp))
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
pub(super) fn list_fates(conn: &mut Conn<'_>, about: &[Id], since: Ts, messages: &[Id]) -> Result<Vec<Fate>> {
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

/// Writes a row that is in the writer's hands from the first moment.
pub(super) fn insert_claimed(conn: &mut Conn<'_>, row: &NewRow, until: Ts, host: &str) -> Result<Claimed> {
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

pub(super) fn list_statuses(conn: &mut Conn<'_>, messages: &[Id]) -> Result<Vec<(Id, Status, Option<Ts>)>> {
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

pub(super) fn list_undelivered(conn: &mut Conn<'_>, limit: i64) -> Result<Vec<Entry>> {
    let rows = dispatch!(conn, c => outbox::table
        .filter(outbox::status.eq(Status::Waiting).or(outbox::status.eq(Status::GivenUp)))
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

pub(super) fn retry_all(conn: &mut Conn<'_>, now: Ts) -> Result<usize> {
    let changed = dispatch!(conn, c => diesel::update(outbox::table)
        .filter(outbox::status.eq(Status::Waiting))
        .filter(outbox::next_try_at.gt(now))
        .set(outbox::next_try_at.eq(now))
        .execute(c))?;
    Ok(changed)
}

/// Everything that waits counts as delivered, and its words are erased.
pub(super) fn mark_waiting_delivered(conn: &mut Conn<'_>, now: Ts) -> Result<usize> {
    let changed = dispatch!(conn, c => diesel::update(outbox::table)
        .filter(outbox::status.eq(Status::Waiting))
        .set((
            outbox::status.eq(Status::Delivered),
            outbox::message.eq(None::<Sealed>),
            outbox::attempts.eq(1),
            outbox::done_at.eq(Some(now)),
        ))
        .execute(c))?;
    Ok(changed)
}
