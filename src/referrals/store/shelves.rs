//! The shelves of referrals, in the transactions that write them: what a list finds is what stands in the rows.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::Row;
use crate::config::ServiceName;
use crate::db::schema::{referral, referral_facet};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::shelf::Standing;
use crate::referrals::state::Queue;
use crate::triage::{Priority, Source};
use crate::values::{Id, Ts};

/// What of a stored row decides on which shelves it stands.
#[derive(Queryable, Selectable)]
#[diesel(table_name = referral)]
pub(super) struct Stood {
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

impl Stood {
    fn of(row: &Row) -> Self {
        Self {
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

    /// The shelves, or none while nobody has put it there.
    fn shelves(&self) -> BTreeSet<i64> {
        let standing = self.pathways.as_deref().map(|pathways| Standing {
            queue: self.queue,
            service: self.service,
            priority: Priority::from_number(i64::from(self.priority)).unwrap_or(Priority::P1),
            source: self.source,
            clinic: self.clinic_id,
            flags: &self.flags,
            pathways,
            claimed_by: self.claimed_by,
        });
        standing.map(|standing| standing.shelves()).unwrap_or_default()
    }

    fn due(&self) -> Option<Ts> {
        Some(self.contact_by).filter(|_| self.queue != Queue::Done)
    }
}

/// Where a referral stands, before it is changed.
pub(super) fn find_stood(conn: &mut Conn<'_>, id: Id) -> Result<Option<Stood>> {
    let one = referral::table.filter(referral::id.eq(id));
    Ok(dispatch!(conn, c => one.select(Stood::as_select()).first(c).optional())?)
}

/// Puts a new referral on its shelves.
pub(super) fn put(conn: &mut Conn<'_>, row: &Row) -> Result<()> {
    let now = Stood::of(row);
    insert(conn, row.id, now.shelves(), now.due())
}

/// Moves a referral from the shelves it stood on to those it stands on now.
pub(super) fn put_again(conn: &mut Conn<'_>, row: &Row, before: &Stood) -> Result<()> {
    let now = Stood::of(row);
    let (old, new) = (before.shelves(), now.shelves());
    let gone: Vec<i64> = match before.due() == now.due() {
        true => old.difference(&new).copied().collect(),
        // With another promise every row changes.
        false => old.iter().copied().collect(),
    };
    let come = match before.due() == now.due() {
        true => new.difference(&old).copied().collect(),
        false => new,
    };
    if !gone.is_empty() {
        let gone = referral_facet::table
            .filter(referral_facet::shelf.eq_any(gone))
            .filter(referral_facet::referral_id.eq(row.id));
        dispatch!(conn, c => diesel::delete(gone).execute(c))?;
    }
    insert(conn, row.id, come, now.due())
}

fn insert(conn: &mut Conn<'_>, id: Id, shelves: BTreeSet<i64>, due: Option<Ts>) -> Result<()> {
    let rows: Vec<_> = shelves
        .into_iter()
        .map(|shelf| {
            (
                referral_facet::shelf.eq(shelf),
                referral_facet::referral_id.eq(id),
                referral_facet::due.eq(due),
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
