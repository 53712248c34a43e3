//! The lists: one page of a queue, how many stand in each, whom a search finds, and who comes next.

use jiff::civil::Date;

use super::cursor::Cursor;
use super::row::Row;
use super::{sought, store};
use crate::db::{Conn, Error, Result};
use crate::referrals::{Queue, Reference};
use crate::values::{Id, Keyring};

/// Longest text that is searched for, in characters.
pub(super) const LONGEST_SEARCH: usize = sought::LONGEST;
/// Rows on one page of a list.
pub const PAGE: usize = 50;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rows, in the order of the list.
    pub rows: Vec<Row>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// One page of a queue: the most urgent first, then the longest waiting.
pub fn list(conn: &mut Conn<'_>, keys: &Keyring, queue: Queue, after: Option<Cursor>) -> Result<Page> {
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = store::list_queue(conn, keys, queue, after, limit)?;
    let is_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| is_more).map(Row::cursor);
    Ok(Page { rows, next })
}

/// How many stand in each queue; 1000 means "more than 999".
pub fn counts(conn: &mut Conn<'_>) -> Result<Vec<(Queue, usize)>> {
    store::count_queues(conn)
}

/// Whom a search found: at most one page, the newest first.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether there are more; another word would tell them apart.
    pub is_more: bool,
}

/// Looks for a reference, words of a name, an NHS number, a date of birth, a postcode, a phone number, an e-mail
/// address or the serial number of a slip. Exact: no prefixes.
pub fn search(conn: &mut Conn<'_>, keys: &Keyring, typed: &str, today: Date) -> Result<Found> {
    let sought = sought::understand(keys, typed, today).map_err(Error::from)?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut ids: Vec<Id> = Vec::new();
    if let Some(reference) = &sought.reference {
        ids.extend(store::find_id(conn, reference)?);
    }
    if let Some(serial) = sought.serial {
        ids.extend(store::find_id_by_serial(conn, serial)?);
    }
    for way in &sought.ways {
        ids.extend(store::list_ids_with(conn, way, limit)?);
    }
    ids.sort_unstable();
    ids.dedup();
    ids.reverse();
    let is_more = ids.len() > PAGE;
    ids.truncate(PAGE);
    Ok(Found {
        rows: store::list_by_id(conn, keys, &ids)?,
        is_more,
    })
}

/// Whom to look at after this one: whoever nobody has acknowledged first, then on in the same queue, then the
/// queues to triage from their beginning. Leaves out what somebody else has taken on.
pub fn next_after(conn: &mut Conn<'_>, me: Id, this: Id, from: (Queue, Cursor)) -> Result<Option<Reference>> {
    let (queue, place) = from;
    let tries = [
        (Queue::Now, None),
        (queue, Some(place)),
        (Queue::Today, None),
        (Queue::New, None),
    ];
    for (queue, after) in tries {
        let to_triage = matches!(queue, Queue::Now | Queue::Today | Queue::New);
        if to_triage && let Some(found) = store::find_next(conn, queue, after, me, this)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
