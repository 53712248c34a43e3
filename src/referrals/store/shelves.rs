//! The shelves of referrals, in the transactions that write them: what a list finds is what stands in the rows.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::Row;
use crate::config::ServiceName;
use crate::db::schema::{contact_promise, referral, referral_facet};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::shelf::{Facet, Standing};
use crate::referrals::state::Queue;
use crate::triage::{Priority, Source};
use crate::values::{Id, Ts};

/// What of a stored row decides on which shelves it stands.
#[derive(Queryable, Selectable)]
#[diesel(table_name = referral)]
struct Stored {
    queue: Queue,
    service: ServiceName,
    priority: i32,
    source: Source,
    clinic_id: Option<Id>,
    flags: String,
    pathways: Option<String>,
    claimed_by: Option<Id>,
    contact_by: Ts,
}

/// The shelves of a referral, each with the moment by which its list is ordered.
type Shelves = BTreeMap<i64, Option<Ts>>;

/// Where a referral stands, before it is changed.
pub(super) struct Stood {
    shelves: Shelves,
    owed: Option<Ts>,
}

fn stored(row: &Row) -> Stored {
    Stored {
        queue: row.queue,
        service: row.service,
        priority: row.priority,
        source: row.source,
        clinic_id: row.clinic_id,
        flags: row.flags.clone(),
        pathways: row.pathways.clone(),
        claimed_by: row.claimed_by,
        contact_by: row.contact_by,
    }
}

impl Stored {
    /// The shelves, or none while nobody has put it there. What is owed is ordered by its own promise, everything else by
    /// the promise of the first contact while the referral is open.
    fn shelves(&self, owed: Option<Ts>) -> Shelves {
        let standing = self.pathways.as_deref().map(|pathways| Standing {
            queue: self.queue,
            service: self.service,
            priority: Priority::from_number(i64::from(self.priority)).unwrap_or(Priority::P1),
            source: self.source,
            clinic: self.clinic_id,
            flags: &self.flags,
            pathways,
            claimed_by: self.claimed_by,
            owed,
        });
        let shelves = standing.map(|standing| standing.shelves()).unwrap_or_default();
        let open = Some(self.contact_by).filter(|_| self.queue != Queue::Done);
        let due = |shelf| if Facet::Owed.holds(shelf) { owed } else { open };
        shelves.into_iter().map(|shelf| (shelf, due(shelf))).collect()
    }
}

/// Where a referral stands, before it is changed.
pub(super) fn find_stood(conn: &mut Conn<'_>, id: Id) -> Result<Option<Stood>> {
    let one = referral::table.filter(referral::id.eq(id));
    let row: Option<Stored> = dispatch!(conn, c => one.select(Stored::as_select()).first(c).optional())?;
    let Some(row) = row else { return Ok(None) };
    let owed = find_owed(conn, id)?;
    Ok(Some(Stood {
        shelves: row.shelves(owed),
        owed,
    }))
}

/// When the earliest open promise of a referral is due.
pub(super) fn find_owed(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Ts>> {
    let open = contact_promise::table
        .filter(contact_promise::referral_id.eq(referral))
        .filter(contact_promise::ended_at.is_null())
        .order(contact_promise::due_at)
        .select(contact_promise::due_at);
    Ok(dispatch!(conn, c => open.first(c).optional())?)
}

/// Puts a new referral on its shelves.
pub(super) fn put(conn: &mut Conn<'_>, row: &Row) -> Result<()> {
    let owed = find_owed(conn, row.id)?;
    insert(conn, row.id, &stored(row).shelves(owed))
}

/// Moves a referral from the shelves it stood on to those it stands on now.
pub(super) fn put_again(conn: &mut Conn<'_>, row: &Row, before: &Stood) -> Result<()> {
    change(conn, row.id, &before.shelves, &stored(row).shelves(before.owed))
}

/// Puts a referral on the shelf of what is owed, due at this moment, or takes it off.
pub(super) fn put_owed(conn: &mut Conn<'_>, id: Id, owed: Option<Ts>) -> Result<()> {
    let one = referral::table.filter(referral::id.eq(id));
    let row: Option<Stored> = dispatch!(conn, c => one.select(Stored::as_select()).first(c).optional())?;
    let Some(row) = row else { return Ok(()) };
    // The shelf follows from the row, so what was there is there whatever the promise was.
    let old: Shelves = row.shelves(Some(Ts::from_micros(0)));
    let old = old.into_iter().filter(|(shelf, _)| Facet::Owed.holds(*shelf));
    let new = row.shelves(owed).into_iter();
    let new = new.filter(|(shelf, _)| Facet::Owed.holds(*shelf));
    let old: Shelves = old.collect();
    delete(conn, id, old.keys().copied().collect())?;
    insert(conn, id, &new.collect())
}

fn change(conn: &mut Conn<'_>, id: Id, old: &Shelves, new: &Shelves) -> Result<()> {
    let stays = |shelf: &i64, due: &Option<Ts>, other: &Shelves| other.get(shelf) == Some(due);
    let gone = old.iter().filter(|(shelf, due)| !stays(shelf, due, new));
    let come = new.iter().filter(|(shelf, due)| !stays(shelf, due, old));
    delete(conn, id, gone.map(|(shelf, _)| *shelf).collect())?;
    insert(conn, id, &come.map(|(shelf, due)| (*shelf, *due)).collect())
}

fn delete(conn: &mut Conn<'_>, id: Id, shelves: Vec<i64>) -> Result<()> {
    if shelves.is_empty() {
        return Ok(());
    }
    let gone = referral_facet::table
        .filter(referral_facet::shelf.eq_any(shelves))
        .filter(referral_facet::referral_id.eq(id));
    dispatch!(conn, c => diesel::delete(gone).execute(c))?;
    Ok(())
}

fn insert(conn: &mut Conn<'_>, id: Id, shelves: &Shelves) -> Result<()> {
    let rows: Vec<_> = shelves
        .iter()
        .map(|(shelf, due)| {
            (
                referral_facet::shelf.eq(*shelf),
                referral_facet::referral_id.eq(id),
                referral_facet::due.eq(*due),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    match conn {
        // diesel inserts many rows into SQLite one by one; PostgreSQL takes them in one statement.
        Conn::Sqlite(c) => diesel::insert_into(referral_facet::table)
            .values(&rows)
            .execute(*c)?,
        Conn::Pg(c) => diesel::insert_into(referral_facet::table)
            .values(&rows)
            .execute(*c)?,
    };
    Ok(())
}

/// Referrals that stand on no shelf yet: written before there were any.
pub(in crate::referrals) fn list_unshelved(conn: &mut Conn<'_>, most: i64) -> Result<Vec<Row>> {
    let some = referral::table.filter(referral::pathways.is_null()).limit(most);
    Ok(dispatch!(conn, c => some.select(Row::as_select()).load(c))?)
}

/// Puts one of them on its shelves; its `pathways` are known now.
pub(in crate::referrals) fn shelve(conn: &mut Conn<'_>, row: &Row) -> Result<()> {
    let same = referral::table
        .filter(referral::id.eq(row.id))
        .filter(referral::pathways.is_null())
        .filter(referral::head_seq.eq(row.head_seq));
    let set = referral::pathways.eq(&row.pathways);
    let changed = dispatch!(conn, c => diesel::update(same).set(set).execute(c))?;
    match changed {
        0 => Ok(()),
        _ => put(conn, row),
    }
}
