//! The table `read_log`. Rows are added here and read here; nothing changes or removes one.

use diesel::prelude::*;

use crate::db::schema::{api_key, read_log, staff};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::staff::read_log::{MOST_READS, ReadEntry, ReadNote, Reader};
use crate::values::{Id, Ts};

/// Adds a row.
pub fn insert_read(conn: &mut Conn<'_>, note: &ReadNote) -> Result<()> {
    let (staff_id, key_id) = match note.reader {
        Reader::Staff(id) => (Some(id), None),
        Reader::ApiKey(id) => (None, Some(id)),
    };
    let row = (
        read_log::id.eq(note.id),
        read_log::staff_id.eq(staff_id),
        read_log::api_key_id.eq(key_id),
        read_log::referral_id.eq(note.referral),
        read_log::what.eq(note.what),
        read_log::at.eq(note.at),
    );
    dispatch!(conn, c => diesel::insert_into(read_log::table).values(row).execute(c))?;
    Ok(())
}

#[derive(Queryable)]
struct ReadRow {
    staff_id: Option<Id>,
    api_key_id: Option<Id>,
    staff_name: Option<String>,
    key_label: Option<String>,
    what: String,
    at: Ts,
}

/// Who has read this record, the latest first, at most [`MOST_READS`].
pub fn list_reads(conn: &mut Conn<'_>, referral: Id) -> Result<Vec<ReadEntry>> {
    let wanted = read_log::table
        .left_join(staff::table.on(staff::id.nullable().eq(read_log::staff_id)))
        .left_join(api_key::table.on(api_key::id.nullable().eq(read_log::api_key_id)))
        .filter(read_log::referral_id.eq(referral))
        .order((read_log::at.desc(), read_log::id.desc()))
        .limit(MOST_READS)
        .select((
            read_log::staff_id,
            read_log::api_key_id,
            staff::display_name.nullable(),
            api_key::label.nullable(),
            read_log::what,
            read_log::at,
        ));
    let rows: Vec<ReadRow> = dispatch!(conn, c => wanted.load(c))?;
    Ok(rows
        .into_iter()
        .map(|row| ReadEntry {
            reader: row
                .staff_id
                .map(Reader::Staff)
                .or(row.api_key_id.map(Reader::ApiKey)),
            name: row.staff_name.or(row.key_label).unwrap_or_default(),
            what: row.what,
            at: row.at,
        })
        .collect())
}
