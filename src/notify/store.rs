//! The outbox table: what is written and what it comes to. Beside it who goes next, how it stands, and the rota.

mod claiming;
mod looking;
pub(super) mod rota;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

pub(super) use self::claiming::{Claim, Claimed, claim_next, insert_claimed};
pub use self::looking::{Counts, Entry};
pub(super) use self::looking::{counts, list_fates, list_statuses, list_undelivered};
use super::alarm::{Alarm, AlarmContent};
use super::message::{Channel, Content, Lane, Message, Status};
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

/// What is still to be delivered: as a literal, so that both databases see that the index of these holds all of them.
fn is_waiting() -> SqlLiteral<Bool> {
    sql("outbox.status = 'waiting'")
}

pub(super) fn insert(conn: &mut Conn<'_>, row: &NewRow) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(outbox::table).values(row).execute(c))?;
    Ok(())
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

/// Ends the waiting messages about something, of one lane or of all.
pub(super) fn cancel(
    conn: &mut Conn<'_>,
    about: Id,
    lane: Option<Lane>,
    (why, now): (&str, Ts),
) -> Result<usize> {
    let lanes = lane.map_or(vec![Lane::Urgent, Lane::Normal], |lane| vec![lane]);
    let ended = dispatch!(conn, c => diesel::update(outbox::table)
        .filter(outbox::about_id.eq(about))
        .filter(outbox::lane.eq_any(lanes.iter().map(|lane| lane.as_str())))
        .filter(outbox::status.eq(Status::Waiting))
        .set((
            outbox::status.eq(Status::Superseded),
            outbox::message.eq(None::<Sealed>),
            outbox::claimed_until.eq(None::<Ts>),
            outbox::last_error.eq(why),
            outbox::done_at.eq(now),
        ))
        .execute(c))?;
    Ok(ended)
}

pub(super) fn retry_all(conn: &mut Conn<'_>, now: Ts) -> Result<usize> {
    let changed = dispatch!(conn, c => diesel::update(outbox::table)
        .filter(is_waiting())
        .filter(outbox::next_try_at.gt(now))
        .set(outbox::next_try_at.eq(now))
        .execute(c))?;
    Ok(changed)
}

/// Everything that waits counts as delivered, and its words are erased.
pub(super) fn mark_waiting_delivered(conn: &mut Conn<'_>, now: Ts) -> Result<usize> {
    let changed = dispatch!(conn, c => diesel::update(outbox::table)
        .filter(is_waiting())
        .set((
            outbox::status.eq(Status::Delivered),
            outbox::message.eq(None::<Sealed>),
            outbox::attempts.eq(1),
            outbox::done_at.eq(Some(now)),
        ))
        .execute(c))?;
    Ok(changed)
}
