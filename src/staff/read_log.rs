//! The record of who read what: one row per record opened, one per list page. Rows are added and never
//! changed; the database itself refuses anything else.

use super::store::reads as store;
use crate::db::{self, Conn, Db};
use crate::values::{Id, Ts};

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A signed-in person, by account.
    Staff(Id),
    /// Another system, by its API key.
    ApiKey(Id),
}

/// One row to be added. Made before the transaction, because a write may run twice.
#[derive(Clone, Copy, Debug)]
pub struct ReadNote {
    pub(super) id: Id,
    pub(super) reader: Reader,
    pub(super) what: &'static str,
    pub(super) referral: Option<Id>,
    pub(super) at: Ts,
}

impl ReadNote {
    /// Notes that `reader` sees `what` ("referral", "inbox: new"): fixed words, never anything about a person.
    pub fn new(reader: impl Into<Reader>, what: &'static str, referral: Option<Id>, now: Ts) -> Self {
        Self {
            id: Id::new(),
            reader: reader.into(),
            what,
            referral,
            at: now,
        }
    }
}

/// Adds a row, inside a write that does more.
pub fn note_read(conn: &mut Conn<'_>, note: &ReadNote) -> db::Result<()> {
    store::insert_read(conn, note)
}

/// Adds a row. Wait for it before showing what is read: what was seen is on the record first.
pub async fn record_read(db: &Db, note: ReadNote) -> db::Result<()> {
    db.write(move |conn| store::insert_read(conn, &note)).await
}

/// One row, as it is shown to who may ask.
#[derive(Clone, Debug)]
pub struct ReadEntry {
    /// Who read.
    pub reader: Option<Reader>,
    /// The person's name, or the key's label.
    pub name: String,
    /// What was read.
    pub what: String,
    /// When.
    pub at: Ts,
}

/// Readings of one record that are listed at most: another system may ask every minute.
pub const MOST_READS: i64 = 1000;

/// Who has read this record, the latest first, at most [`MOST_READS`].
pub fn list_reads(conn: &mut Conn<'_>, referral: Id) -> db::Result<Vec<ReadEntry>> {
    store::list_reads(conn, referral)
}
