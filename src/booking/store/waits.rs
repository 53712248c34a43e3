//! The waiting lists.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::booking::waiting::{Entry, Offer, WaitState};
use crate::db::schema::{place, waiting};
use crate::db::{Conn, Error, Result};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(WaitState);

/// An entry as stored. Written whole, so that what an offer left behind is gone.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = waiting, treat_none_as_null = true)]
struct Row {
    id: Id,
    course_id: Id,
    referral_id: Id,
    state: WaitState,
    joined_at: Ts,
    lapses: i32,
    offered_run: Option<Id>,
    offered_seat: Option<i32>,
    offer_message_id: Option<Id>,
    told_at: Option<Ts>,
    lapses_at: Option<Ts>,
    ended_at: Option<Ts>,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let offer = row.offered_run.zip(row.offered_seat);
        Entry {
            id: row.id,
            course: row.course_id,
            referral: row.referral_id,
            state: row.state,
            joined_at: row.joined_at,
            lapses: row.lapses,
            offer: offer.map(|(run, seat)| Offer {
                run,
                seat,
                message: row.offer_message_id,
                told_at: row.told_at,
                lapses_at: row.lapses_at,
            }),
            ended_at: row.ended_at,
        }
    }
}

impl From<&Entry> for Row {
    fn from(entry: &Entry) -> Self {
        Row {
            id: entry.id,
            course_id: entry.course,
            referral_id: entry.referral,
            state: entry.state,
            joined_at: entry.joined_at,
            lapses: entry.lapses,
            offered_run: entry.offer.map(|offer| offer.run),
            offered_seat: entry.offer.map(|offer| offer.seat),
            offer_message_id: entry.offer.and_then(|offer| offer.message),
            told_at: entry.offer.and_then(|offer| offer.told_at),
            lapses_at: entry.offer.and_then(|offer| offer.lapses_at),
            ended_at: entry.ended_at,
        }
    }
}

const LIVE: [&str; 2] = ["waiting", "offered"];

pub(in crate::booking) fn insert(conn: &mut Conn<'_>, entry: &Entry) -> Result<()> {
    let row = Row::from(entry);
    match dispatch!(conn, c => diesel::insert_into(waiting::table).values(row).execute(c)) {
        Ok(_) => Ok(()),
        // Two taps in one instant: look again and find the first one's entry.
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(Error::Conflict),
        Err(refused) => Err(refused.into()),
    }
}

/// Writes an entry that has changed, if its state is still the one it was read in.
pub(in crate::booking) fn update(conn: &mut Conn<'_>, entry: &Entry, before: WaitState) -> Result<()> {
    let same = waiting::table
        .filter(waiting::id.eq(entry.id))
        .filter(waiting::state.eq(before));
    let row = Row::from(entry);
    match dispatch!(conn, c => diesel::update(same).set(row).execute(c))? {
        1 => Ok(()),
        _ => Err(Error::Conflict),
    }
}

pub(in crate::booking) fn find(conn: &mut Conn<'_>, id: Id) -> Result<Option<Entry>> {
    let one = waiting::table.filter(waiting::id.eq(id));
    let row: Option<Row> = dispatch!(conn, c => one.select(Row::as_select()).first(c).optional())?;
    Ok(row.map(Entry::from))
}

/// What a person waits for, the longest waiting first.
pub(in crate::booking) fn list_live_of(conn: &mut Conn<'_>, referral: Id) -> Result<Vec<Entry>> {
    let live = waiting::table
        .filter(waiting::referral_id.eq(referral))
        .filter(waiting::state.eq_any(LIVE))
        .order((waiting::joined_at, waiting::id));
    let rows: Vec<Row> = dispatch!(conn, c => live.select(Row::as_select()).load(c))?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// The first who waits for a course and has neither a place nor an offer anywhere; not `except`.
pub(in crate::booking) fn first_waiting(
    conn: &mut Conn<'_>,
    course: Id,
    except: Option<Id>,
) -> Result<Option<Entry>> {
    let placed = place::table
        .filter(place::referral_id.is_not_null())
        .select(place::referral_id.assume_not_null());
    let nobody = Id::from_bytes([0; 16]);
    let first = waiting::table
        .filter(waiting::course_id.eq(course))
        .filter(waiting::state.eq(WaitState::Waiting))
        .filter(waiting::referral_id.ne_all(placed))
        .filter(waiting::id.ne(except.unwrap_or(nobody)))
        .order((waiting::joined_at, waiting::id));
    let row: Option<Row> = dispatch!(conn, c => first.select(Row::as_select()).first(c).optional())?;
    Ok(row.map(Entry::from))
}

/// Since when the first who waits for a course has waited, an offered one included.
pub(in crate::booking) fn head_of(conn: &mut Conn<'_>, course: Id) -> Result<Option<Ts>> {
    let head = waiting::table
        .filter(waiting::course_id.eq(course))
        .filter(waiting::state.eq_any(LIVE))
        .order(waiting::joined_at)
        .select(waiting::joined_at);
    Ok(dispatch!(conn, c => head.first(c).optional())?)
}

/// Every live entry, in order: what the worker looks after.
pub(in crate::booking) fn list_live(conn: &mut Conn<'_>) -> Result<Vec<Entry>> {
    let live = waiting::table.filter(waiting::state.eq_any(LIVE)).order((
        waiting::course_id,
        waiting::joined_at,
        waiting::id,
    ));
    let rows: Vec<Row> = dispatch!(conn, c => live.select(Row::as_select()).load(c))?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// How many wait for a course before this entry.
pub(in crate::booking) fn count_before(conn: &mut Conn<'_>, entry: &Entry) -> Result<i64> {
    let earlier = waiting::joined_at.lt(entry.joined_at).or(waiting::joined_at
        .eq(entry.joined_at)
        .and(waiting::id.lt(entry.id)));
    let before = waiting::table
        .filter(waiting::course_id.eq(entry.course))
        .filter(waiting::state.eq_any(LIVE))
        .filter(earlier);
    Ok(dispatch!(conn, c => before.count().get_result(c))?)
}
