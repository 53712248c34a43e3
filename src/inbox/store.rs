//! The only SQL of the inbox, and all of it reads: lists join what other rooms wrote. What is changed goes through
//! the verbs of `referrals`.

pub(super) mod held;
pub(super) mod to_enter;
pub(super) mod waits;

use std::collections::HashMap;

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};

use super::cursor::Cursor;
use super::row::Row;
use crate::config::ServiceName;
use crate::db::schema::{api_key, referral, search_term, slip, staff};
use crate::db::types::{IdSql, TsSql};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::{Queue, Reference, ReviewState, Term};
use crate::triage::Priority;
use crate::values::{Id, Keyring, Purpose, Sealed, Ts};

/// Counting stops here: "999+" is as good as the number, and takes the same time however many there are.
const MOST_COUNTED: i64 = 1000;

/// Rows behind a place in the order. A comparison of rows, so that the index is entered at the right place.
macro_rules! behind {
    ($after:expr) => {
        sql::<Bool>("(priority, received_at, id) > (")
            .bind::<Integer, _>($after.priority)
            .sql(", ")
            .bind::<TsSql, _>($after.received_at)
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
    list_name: Sealed,
}

/// One page of a queue: the most urgent first, then the longest waiting; from behind `after` if there is one.
pub(super) fn list_queue(
    conn: &mut Conn<'_>,
    keys: &Keyring,
    queue: Queue,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Row>> {
    let page = referral::table
        .filter(referral::queue.eq(queue))
        .order((
            referral::priority.asc(),
            referral::received_at.asc(),
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

/// How many stand in each queue, in the order of `Queue::ALL`; 1000 means "more than 999".
pub(super) fn count_queues(conn: &mut Conn<'_>) -> Result<Vec<(Queue, usize)>> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = Text)]
        queue: String,
        #[diesel(sql_type = BigInt)]
        many: i64,
    }
    let parts: Vec<String> = Queue::ALL
        .iter()
        .map(|queue| {
            let word = queue.as_str();
            format!(
                "SELECT '{word}' AS queue, count(*) AS many FROM \
                 (SELECT 1 FROM referral WHERE queue = '{word}' LIMIT {MOST_COUNTED}) AS some_{word}"
            )
        })
        .collect();
    let all = diesel::sql_query(parts.join(" UNION ALL "));
    let counted: Vec<Counted> = dispatch!(conn, c => all.load(c))?;
    let many = |queue: Queue| {
        let found = counted.iter().find(|counted| counted.queue == queue.as_str());
        found.map_or(0, |counted| usize::try_from(counted.many).unwrap_or_default())
    };
    Ok(Queue::ALL.iter().map(|queue| (*queue, many(*queue))).collect())
}

/// The first of a queue that is not this one and not somebody else's, from behind `after` if there is one.
pub(super) fn find_next(
    conn: &mut Conn<'_>,
    queue: Queue,
    after: Option<Cursor>,
    me: Id,
    except: Id,
) -> Result<Option<Reference>> {
    // Who cannot sign in any more cares for nobody.
    let left = staff::table.filter(staff::active.eq(false)).select(staff::id);
    let left: Vec<Option<Id>> = dispatch!(conn, c => left.load::<Id>(c))?
        .into_iter()
        .map(Some)
        .collect();
    let first = referral::table
        .filter(referral::queue.eq(queue))
        .filter(
            referral::claimed_by
                .is_null()
                .or(referral::claimed_by.eq(me))
                .or(referral::claimed_by.eq_any(left.clone())),
        )
        .filter(referral::id.ne(except))
        .order((
            referral::priority.asc(),
            referral::received_at.asc(),
            referral::id.asc(),
        ))
        .select(referral::reference);
    let found: Option<String> = match after {
        None => dispatch!(conn, c => first.first(c).optional())?,
        Some(after) => {
            let first = first.filter(behind!(after));
            dispatch!(conn, c => first.first(c).optional())?
        }
    };
    Ok(found.as_deref().and_then(Reference::parse))
}

/// The referrals that have all of these terms, the newest first. Ids sort by the moment they were drawn.
pub(super) fn list_ids_with(conn: &mut Conn<'_>, terms: &[Term], limit: i64) -> Result<Vec<Id>> {
    let kinds: Vec<&str> = terms.iter().map(|(kind, _)| kind.as_str()).collect();
    let hashes: Vec<&[u8]> = terms.iter().map(|(_, hash)| &hash[..]).collect();
    let all = i64::try_from(terms.len()).unwrap_or(i64::MAX);
    // The kind is part of what is hashed, so a hash never stands under another kind.
    let found = search_term::table
        .filter(search_term::kind.eq_any(kinds))
        .filter(search_term::hash.eq_any(hashes))
        .group_by(search_term::referral_id)
        .having(count_star().eq(all))
        .order(search_term::referral_id.desc())
        .limit(limit)
        .select(search_term::referral_id);
    Ok(dispatch!(conn, c => found.load(c))?)
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

/// These referrals as rows, the newest first.
pub(super) fn list_by_id(conn: &mut Conn<'_>, keys: &Keyring, ids: &[Id]) -> Result<Vec<Row>> {
    let rows = referral::table
        .filter(referral::id.eq_any(ids.to_vec()))
        .order((referral::received_at.desc(), referral::id.desc()));
    let rows: Vec<Stored> = dispatch!(conn, c => rows.select(Stored::as_select()).load(c))?;
    opened(keys, rows)
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
        name: String::from_utf8_lossy(&name).into_owned(),
    })
}
