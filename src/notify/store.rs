//! The outbox table.

use diesel::prelude::*;

use super::message::{Content, Lane, Message, Status};
use crate::db::schema::outbox;
use crate::db::{Conn, Result};
use crate::values::{Id, KeyError, Keyring, Purpose, Sealed, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(Lane);
stored_as_text!(Status);

/// A row as it is written.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = outbox)]
pub(super) struct NewRow {
    id: Id,
    about_id: Option<Id>,
    channel: &'static str,
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
        Ok(Self {
            id,
            about_id: message.about,
            channel: "email",
            lane: message.lane,
            message: keys.seal_json(Purpose::Person, id, &content)?,
            message_id: id.to_string(),
            status: Status::Waiting,
            attempts: 0,
            next_try_at: now,
            created_at: now,
        })
    }
}

pub(super) fn insert(conn: &mut Conn<'_>, row: &NewRow) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(outbox::table).values(row).execute(c))?;
    Ok(())
}
