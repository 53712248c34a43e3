//! The ledger's entries and the rows they must agree with. Every move first locks its pad, so that the entries have
//! one order, and that is the order in which things happened.

use diesel::dsl::max;
use diesel::prelude::*;

use crate::db::schema::{pad, pad_event, slip};
use crate::db::{Conn, Result};
use crate::pads::ledger::{Entry, Happened, Rows};
use crate::pads::serials::SerialRange;
use crate::pads::slip::SlipState;
use crate::pads::whereabouts::Custody;
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(Happened);

/// A row of a pad's ledger as it is written.
#[derive(Clone, Copy, Insertable)]
#[diesel(table_name = pad_event)]
pub(in crate::pads) struct NewEvent {
    pub id: Id,
    pub pad_id: Id,
    pub kind: &'static str,
    pub slips: i32,
    pub actor_id: Option<Id>,
    pub at: Ts,
    pub seq: i32,
    pub first_serial: Option<i64>,
    pub last_serial: Option<i64>,
    pub to_physio_id: Option<Id>,
}

/// Holds the pad until the end of the transaction. An update that changes nothing, because SQLite knows no
/// SELECT … FOR UPDATE; there the single writer has it anyway.
pub(in crate::pads) fn lock_pad(conn: &mut Conn<'_>, pad_id: Id) -> Result<()> {
    let one = pad::table.filter(pad::id.eq(pad_id));
    dispatch!(conn, c => diesel::update(one).set(pad::slips.eq(pad::slips)).execute(c))?;
    Ok(())
}

/// Adds an entry at the end of the ledger of a pad that is locked.
pub(in crate::pads) fn insert_event(conn: &mut Conn<'_>, event: NewEvent) -> Result<()> {
    let last = pad_event::table
        .filter(pad_event::pad_id.eq(event.pad_id))
        .select(max(pad_event::seq));
    let last: Option<i32> = dispatch!(conn, c => last.first(c))?;
    let event = NewEvent {
        seq: last.map_or(0, |seq| seq + 1),
        ..event
    };
    dispatch!(conn, c => diesel::insert_into(pad_event::table).values(event).execute(c))?;
    Ok(())
}

/// An entry with who made it and when.
pub(in crate::pads) type Signed = (Entry, Option<Id>, Ts);

pub(in crate::pads) fn list_entries(conn: &mut Conn<'_>, pad_id: Id) -> Result<Vec<Signed>> {
    let entries = pad_event::table
        .filter(pad_event::pad_id.eq(pad_id))
        .order(pad_event::seq)
        .select((
            (pad_event::kind, pad_event::slips),
            (pad_event::first_serial, pad_event::last_serial),
            (pad_event::to_physio_id, pad_event::actor_id, pad_event::at),
        ));
    type Row = (
        (Happened, i32),
        (Option<i64>, Option<i64>),
        (Option<Id>, Option<Id>, Ts),
    );
    let rows: Vec<Row> = dispatch!(conn, c => entries.load(c))?;
    let signed = |((happened, slips), (first, last), (to_physio, actor, at)): Row| {
        let range = first.zip(last).map(|(first, last)| SerialRange { first, last });
        let slips = i64::from(slips);
        let entry = Entry {
            happened,
            slips,
            range,
            to_physio,
        };
        (entry, actor, at)
    };
    Ok(rows.into_iter().map(signed).collect())
}

pub(in crate::pads) fn was_printed(conn: &mut Conn<'_>, pad_id: Id) -> Result<bool> {
    let printed = pad_event::table
        .filter(pad_event::pad_id.eq(pad_id))
        .filter(pad_event::kind.eq(Happened::Printed));
    let count: i64 = dispatch!(conn, c => printed.count().get_result(c))?;
    Ok(count > 0)
}

/// Counts the rows of a pad, all in one statement: several would each see another moment, and a slip used in between
/// would be counted twice or not at all.
pub(in crate::pads) fn count_rows(conn: &mut Conn<'_>, pad_id: Id, now: Ts) -> Result<Rows> {
    let slips = slip::table
        .filter(slip::pad_id.eq(pad_id))
        .select((slip::state, slip::expires_at));
    let slips: Vec<(SlipState, Ts)> = dispatch!(conn, c => slips.load(c))?;
    let mut rows = Rows::default();
    for (state, expires_at) in slips {
        let column = match state {
            SlipState::Unused if expires_at <= now => &mut rows.expired,
            SlipState::Unused => &mut rows.usable,
            SlipState::Used => &mut rows.used,
            SlipState::Void => &mut rows.void,
        };
        *column += 1;
    }
    Ok(rows)
}

pub(in crate::pads) fn mark_custody(
    conn: &mut Conn<'_>,
    pad_id: Id,
    custody: Custody,
    physio: Option<Id>,
) -> Result<()> {
    let one = pad::table.filter(pad::id.eq(pad_id));
    let change = (pad::custody.eq(custody.as_stored()), pad::physio_id.eq(physio));
    dispatch!(conn, c => diesel::update(one).set(change).execute(c))?;
    Ok(())
}

/// What taking a range of one pad back did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pads) struct TakenBack {
    /// Slips in the range that had not been taken back before, used or not.
    pub marked: usize,
    /// Those of them that were unused, and are void now.
    pub voided: usize,
}

/// Takes a range of one pad back. Every slip of it is marked, used or not, so that the mark tells nothing; only
/// what is unused becomes void, and the condition makes a slip that is used at this moment either used or void.
pub(in crate::pads) fn mark_taken_back(
    conn: &mut Conn<'_>,
    pad_id: Id,
    range: SerialRange,
    now: Ts,
) -> Result<TakenBack> {
    let fresh = slip::table
        .filter(slip::pad_id.eq(pad_id))
        .filter(slip::serial.between(range.first, range.last))
        .filter(slip::taken_back_at.is_null());
    let mark = slip::taken_back_at.eq(now);
    let marked = dispatch!(conn, c => diesel::update(fresh).set(mark).execute(c))?;
    let unused = slip::table
        .filter(slip::pad_id.eq(pad_id))
        .filter(slip::serial.between(range.first, range.last))
        .filter(slip::state.eq(SlipState::Unused));
    let void = slip::state.eq(SlipState::Void);
    let voided = dispatch!(conn, c => diesel::update(unused).set(void).execute(c))?;
    Ok(TakenBack { marked, voided })
}

/// How many slips of a pad a print of it shows: all that were not taken back, used or not.
pub(in crate::pads) fn count_printable(conn: &mut Conn<'_>, pad_id: Id) -> Result<i64> {
    let printable = slip::table
        .filter(slip::pad_id.eq(pad_id))
        .filter(slip::state.ne(SlipState::Void))
        .filter(slip::taken_back_at.is_null());
    Ok(dispatch!(conn, c => printable.count().get_result(c))?)
}
