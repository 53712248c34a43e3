//! The only SQL of the inbox, and all of it reads: lists join what other rooms wrote. What is changed goes through
//! the verbs of `referrals`.

pub(super) mod held;
pub(super) mod now;
pub(super) mod to_enter;
pub(super) mod waits;
pub(super) mod stretch;

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Bool, Integer, SmallInt};

use super::lists::cursor::Cursor;
use super::lists::row::Row;
use crate::config::ServiceName;
use crate::db::schema::{api_key, referral, search_term, slip, staff};
use crate::db::types::{IdSql, TsSql};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::{Queue, Reference, ReviewState, Term};
use crate::triage::Priority;
use crate::values::{Id, Keyring, Purpose, Sealed, Ts};

/// Rows behind a place in the order. A comparison of rows, so that the index is entered at the right place.
macro_rules! behind {
    ($after:expr) => {
        sql::<Bool>("(priority, contact_by, id) > (")
            .bind::<Integer, _>($after.priority)
            .sql(", ")
            .bind::<TsSql, _>($after.contact_by)
            .sql(", ")
            .bind::<IdSql, _>($after.id)
            .sql(")")
    };
}
/// The columns of a list, all of them in the index `referral_inbox`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = referral)]
struct Stored {
    id: Id,
    reference: String,
    queue: Queue,
    priority: i32,
    state: ReviewState,
    service: ServiceName,
    flags: String,
    received_at: Ts,
    contact_by: Ts,
    claimed_by: Option<Id>,
    head_seq: i32,
    list_name: Sealed,
}

/// One page of a queue of what is open: the most urgent first, then the earliest promise; from behind `after` if there
/// is one.
pub(super) fn list_queue(
    conn: &mut Conn<'_>,
    keys: &Keyring,
    queue: Queue,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Row>> {
    let page = referral::table
        .filter(referral::queue.eq(queue))
        // In the words of the index, so that it is used.
        .filter(sql::<Bool>("queue <> 'done'"))
        .order((
            referral::priority.asc(),
            referral::contact_by.asc(),
            referral::id.asc(),
        ))
        .limit(limit);
    let rows: Vec<Stored> = match after {
        None => dispatch!(conn, c => page.select(Stored::as_select()).load(c))?,
        Some(after) => {
            let page = page.filter(behind!(after));
            dispatch!(conn, c => page.select(Stored::as_select()).load(c))?
        }
    };
    opened(keys, rows)
}

/// How often each of these terms stands; counting stops at `most`.
pub(super) fn count_term(conn: &mut Conn<'_>, (kind, hash): &Term, most: i64) -> Result<usize> {
    let some = search_term::table
        .filter(search_term::kind.eq(kind.number()))
        .filter(search_term::hash.eq(&hash[..]))
        .select(search_term::referral_id)
        .limit(most);
    let rows: Vec<Id> = dispatch!(conn, c => some.load(c))?;
    Ok(rows.len())
}

/// The referrals that have the first of these terms and each of the others, the newest first: ids follow the moment of
/// receipt. Of those with the first term no more than `looked_at` are looked at.
pub(super) fn list_ids_with(
    conn: &mut Conn<'_>,
    (kind, hash): &Term,
    others: &[Term],
    looked_at: i64,
    limit: i64,
) -> Result<Vec<Id>> {
    let first = || {
        search_term::table
            .filter(search_term::kind.eq(kind.number()))
            .filter(search_term::hash.eq(&hash[..]))
            .order(search_term::referral_id.desc())
            .select(search_term::referral_id)
    };
    let last: Option<Id> = match others.is_empty() {
        true => None,
        false => dispatch!(conn, c => first().offset(looked_at).first(c).optional())?,
    };
    Ok(dispatch!(conn, c => {
        let mut found = first().into_boxed();
        if let Some(last) = last {
            found = found.filter(search_term::referral_id.ge(last));
        }
        for (kind, hash) in others {
            found = found.filter(
                sql::<Bool>("(SELECT 1 FROM search_term AS also WHERE also.kind = ")
                    .bind::<SmallInt, _>(kind.number())
                    .sql(" AND also.hash = ")
                    .bind::<Binary, _>(hash.to_vec())
                    .sql(" AND also.referral_id = search_term.referral_id LIMIT 1) IS NOT NULL"),
            );
        }
        found.limit(limit).load(c)
    })?)
}

/// How many came after a moment; counting stops at `most`.
pub(super) fn count_since(conn: &mut Conn<'_>, since: Ts, most: i64) -> Result<usize> {
    let fresh = referral::table
        .filter(referral::received_at.gt(since))
        .select(referral::received_at)
        .limit(most);
    let rows: Vec<Ts> = dispatch!(conn, c => fresh.load(c))?;
    Ok(rows.len())
}

/// The referral with this reference and the length of its timeline, held against others until the transaction ends.
pub(super) fn find_head(conn: &mut Conn<'_>, reference: &Reference) -> Result<Option<(Id, i32)>> {
    let one = referral::table
        .filter(referral::reference.eq(reference.as_str()))
        .select((referral::id, referral::head_seq));
    Ok(match conn {
        Conn::Sqlite(c) => one.first(*c).optional()?,
        Conn::Pg(c) => one.for_update().first(*c).optional()?,
    })
}

/// The referral with this reference.
pub(super) fn find_id(conn: &mut Conn<'_>, reference: &Reference) -> Result<Option<Id>> {
    let one = referral::table
        .filter(referral::reference.eq(reference.as_str()))
        .select(referral::id);
    Ok(dispatch!(conn, c => one.first(c).optional())?)
}

/// The referral that came with the slip of this serial number.
pub(super) fn find_id_by_serial(conn: &mut Conn<'_>, serial: i64) -> Result<Option<Id>> {
    let used = slip::table.filter(slip::serial.eq(serial)).select(slip::id);
    let Some(used): Option<Id> = dispatch!(conn, c => used.first(c).optional())? else {
        return Ok(None);
    };
    let one = referral::table
        .filter(referral::slip_id.eq(used))
        .select(referral::id);
    Ok(dispatch!(conn, c => one.first(c).optional())?)
}

/// These referrals as rows, in the order of the ids.
pub(super) fn list_by_id(conn: &mut Conn<'_>, keys: &Keyring, ids: &[Id]) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = referral::table.filter(referral::id.eq_any(ids.to_vec()));
    let rows: Vec<Stored> = dispatch!(conn, c => rows.select(Stored::as_select()).load(c))?;
    let rows = opened(keys, rows)?.into_iter();
    let mut found: HashMap<Id, Row> = rows.map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// What colleagues call these people and systems.
pub(super) fn list_names(conn: &mut Conn<'_>, ids: &[Id]) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let people = staff::table
        .filter(staff::id.eq_any(ids.to_vec()))
        .select((staff::id, staff::display_name));
    let systems = api_key::table
        .filter(api_key::id.eq_any(ids.to_vec()))
        .select((api_key::id, api_key::label));
    let people: Vec<(Id, String)> = dispatch!(conn, c => people.load(c))?;
    let systems: Vec<(Id, String)> = dispatch!(conn, c => systems.load(c))?;
    Ok(people.into_iter().chain(systems).collect())
}

/// What colleagues call those who have taken something on. Whoever cannot sign in any more has left, and cares for
/// nobody.
pub(super) fn list_carers(conn: &mut Conn<'_>, ids: &[Id]) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let people = staff::table.filter(staff::id.eq_any(ids.to_vec())).select((
        staff::id,
        staff::display_name,
        staff::active,
    ));
    let people: Vec<(Id, String, bool)> = dispatch!(conn, c => people.load(c))?;
    let named = people.into_iter().map(|(id, name, active)| match active {
        true => (id, name),
        false => (id, format!("{name} (has left)")),
    });
    Ok(named.collect())
}

/// Who acknowledged these referrals, and when; those nobody has acknowledged are left out.
pub(super) fn list_acknowledged(conn: &mut Conn<'_>, ids: &[Id]) -> Result<HashMap<Id, (Id, Ts)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let some = referral::table.filter(referral::id.eq_any(ids.to_vec())).select((
        referral::id,
        referral::acknowledged_by,
        referral::acknowledged_at,
    ));
    let some: Vec<(Id, Option<Id>, Option<Ts>)> = dispatch!(conn, c => some.load(c))?;
    let named = some.into_iter().filter_map(|(id, by, at)| Some((id, (by?, at?))));
    Ok(named.collect())
}

/// The serial number of a slip.
pub(super) fn find_serial(conn: &mut Conn<'_>, id: Id) -> Result<Option<i64>> {
    let one = slip::table.filter(slip::id.eq(id)).select(slip::serial);
    Ok(dispatch!(conn, c => one.first(c).optional())?)
}

fn opened(keys: &Keyring, rows: Vec<Stored>) -> Result<Vec<Row>> {
    rows.into_iter().map(|row| open(keys, row)).collect()
}

fn open(keys: &Keyring, row: Stored) -> Result<Row> {
    let name = keys.open(Purpose::Person, row.id, &row.list_name)?;
    let reference = Reference::parse(&row.reference);
    Ok(Row {
        id: row.id,
        reference: reference.ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?,
        queue: row.queue,
        priority: Priority::from_number(i64::from(row.priority)).unwrap_or(Priority::P1),
        state: row.state,
        service: row.service,
        flags: row.flags,
        received_at: row.received_at,
        contact_by: row.contact_by,
        claimed_by: row.claimed_by,
        seen: row.head_seq,
        name: String::from_utf8_lossy(&name).into_owned(),
    })
}
