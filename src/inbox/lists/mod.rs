//! The lists: one page of a queue, how many stand in each, whom a search finds, and who comes next.

pub(super) mod asked;
pub(super) mod cursor;
pub(super) mod from;
pub(super) mod look;
pub(super) mod narrow;
pub(super) mod row;
mod sought;

use jiff::civil::Date;

use self::asked::{Asked, Sort};
use self::cursor::Cursor;
use self::narrow::{MOST_COUNTED, Narrow};
use self::row::Row;
use crate::db::{Conn, Error, Result};
use crate::inbox::store;
use crate::inbox::store::stretch;
use crate::referrals::{Facet, Queue, Reference, Term};
use crate::values::{Id, Keyring, Ts};

/// Longest text that is searched for, in characters.
pub(super) const LONGEST_SEARCH: usize = sought::LONGEST;
/// Rows on one page of a list.
pub const PAGE: usize = 50;
/// How many of those with the rarest term a search looks at to find those that have the others, too.
const LOOKED_AT: i64 = 10_000;
/// Pages that are looked through for the next one to open.
const PAGES_AHEAD: usize = 4;

/// One page of a list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The rows, in the order of the list.
    pub rows: Vec<Row>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
    /// Whether there may be more although the page is not full: it has looked far enough for one page.
    pub looked_on: bool,
}

/// One page of a queue: the most urgent first, then the earliest promise; of what is done with the newest first.
pub fn list(conn: &mut Conn<'_>, keys: &Keyring, queue: Queue, after: Option<Cursor>) -> Result<Page> {
    narrow::page(conn, keys, queue, &Narrow::default(), Sort::Urgency, after)
}

/// How many stand in each queue; 1000 means "more than 999".
pub fn counts(conn: &mut Conn<'_>) -> Result<Vec<(Queue, usize)>> {
    let spans = Queue::ALL.map(|queue| Facet::Everybody.span(queue));
    let many = stretch::count_spans(conn, &spans, MOST_COUNTED)?;
    let many = many
        .into_iter()
        .map(|many| usize::try_from(many).unwrap_or_default());
    Ok(Queue::ALL.into_iter().zip(many).collect())
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
    for way in sought.ways {
        let Some((rarest, others)) = rarest_first(conn, way)? else {
            continue;
        };
        ids.extend(store::list_ids_with(conn, &rarest, &others, LOOKED_AT, limit)?);
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

/// The term that the fewest have, and the others: for a common name with a date of birth only the few who were born
/// then are looked at.
fn rarest_first(conn: &mut Conn<'_>, mut terms: Vec<Term>) -> Result<Option<(Term, Vec<Term>)>> {
    let (mut best, mut fewest) = (0, usize::MAX);
    if terms.len() > 1 {
        for (at, term) in terms.iter().enumerate() {
            let many = store::count_term(conn, term, MOST_COUNTED)?;
            if many < fewest {
                (best, fewest) = (at, many);
            }
        }
    }
    Ok((!terms.is_empty()).then(|| (terms.swap_remove(best), terms)))
}

/// From where somebody looks for the next one: who looks, at which list, and where they are in it.
#[derive(Clone, Debug)]
pub struct Ahead {
    me: Id,
    now: Ts,
    asked: Asked,
    at: (Queue, Cursor),
}

impl Ahead {
    /// Ahead in the list with this address (the part behind the question mark; empty for what is to be triaged).
    pub(super) fn of(me: Id, now: Ts, asked: Asked, at: (Queue, Cursor)) -> Self {
        Self { me, now, asked, at }
    }

    /// Ahead in what is to be triaged.
    pub fn to_triage(me: Id, now: Ts, at: (Queue, Cursor)) -> Self {
        Self::of(me, now, Asked::default(), at)
    }
}

/// Whom to look at after this one: whoever nobody has acknowledged first, then on in the same list, then the other
/// queues of that list from their beginning. Leaves out what somebody else has taken on.
pub fn next_after(conn: &mut Conn<'_>, keys: &Keyring, ahead: &Ahead) -> Result<Option<Reference>> {
    let Ahead { me, now, asked, at } = ahead;
    let narrow = Narrow::of(conn, asked, *me, *now)?;
    // Who cannot sign in any more cares for nobody.
    let left = stretch::list_leavers(conn, narrow::MOST_LEAVERS)?;
    let free = |by: Id| by == *me || left.contains(&by);
    let open = |row: &Row| row.id != at.1.id && row.claimed_by.is_none_or(free);
    let mut tries = vec![(Queue::Now, None)];
    let queues = asked.queues();
    if queues.contains(&at.0) {
        tries.push((at.0, Some(at.1)));
    }
    tries.extend(queues.into_iter().map(|queue| (queue, None)));
    for (queue, mut after) in tries {
        for _ in 0..PAGES_AHEAD {
            let page = match queue {
                Queue::Now => list(conn, keys, queue, after)?,
                _ => narrow::page(conn, keys, queue, &narrow, asked.order(queue), after)?,
            };
            if let Some(row) = page.rows.iter().find(|row| open(row)) {
                return Ok(Some(row.reference.clone()));
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(None)
}
