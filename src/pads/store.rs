//! The only SQL over pads and slips.

use diesel::dsl::{max, min};
use diesel::prelude::*;

use super::custody::{Seen, SerialRange, SlipLine, Whose};
use super::minting::Rows;
use super::slip::{SlipState, SlipView};
use crate::config::ServiceName;
use crate::db::schema::{clinic, counter, pad, pad_event, slip};
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(SlipState);

pub(super) fn find_slip(conn: &mut Conn<'_>, code_hash: &[u8; 32]) -> Result<Option<(SlipState, SlipView)>> {
    let one = slip::table
        .inner_join(pad::table.inner_join(clinic::table))
        .filter(slip::code_hash.eq(&code_hash[..]))
        .select((
            (slip::state, slip::id, slip::serial, slip::expires_at),
            (pad::id, pad::service, pad::sample),
            (clinic::id, clinic::name),
        ));
    type Found = ((SlipState, Id, i64, Ts), (Id, Option<String>, bool), (Id, String));
    let found: Option<Found> = dispatch!(conn, c => one.first(c).optional())?;
    Ok(found.map(
        |((state, id, serial, expires_at), (pad_id, service, sample), (clinic_id, clinic_name))| {
            let service = service.as_deref().and_then(ServiceName::parse);
            (
                state,
                SlipView {
                    id,
                    serial,
                    pad_id,
                    clinic_id,
                    clinic_name,
                    service,
                    sample,
                    expires_at,
                },
            )
        },
    ))
}

pub(super) fn mark_used(conn: &mut Conn<'_>, id: Id, now: Ts) -> Result<bool> {
    let unused = slip::table
        .filter(slip::id.eq(id))
        .filter(slip::state.eq(SlipState::Unused))
        .filter(slip::expires_at.gt(now));
    let change = (slip::state.eq(SlipState::Used), slip::used_at.eq(now));
    Ok(dispatch!(conn, c => diesel::update(unused).set(change).execute(c))? == 1)
}

pub(super) fn count_opening(conn: &mut Conn<'_>, id: Id) -> Result<()> {
    let one = slip::table.filter(slip::id.eq(id));
    dispatch!(conn, c => diesel::update(one).set(slip::openings.eq(slip::openings + 1)).execute(c))?;
    Ok(())
}

/// Numbers that are taken once each.
#[derive(Clone, Copy)]
pub(super) enum Counter {
    /// Pads.
    Pad,
    /// Slips: their serials.
    Slip,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Counter::Pad => "pad",
            Counter::Slip => "slip",
        }
    }
}

/// Takes `count` numbers and hands back the first. The update locks the row until the end of the transaction,
/// so two minters never share a number.
pub(super) fn take_numbers(conn: &mut Conn<'_>, of: Counter, count: i64) -> Result<i64> {
    let start = (counter::name.eq(of.name()), counter::value.eq(0_i64));
    dispatch!(conn, c => diesel::insert_into(counter::table).values(start).on_conflict_do_nothing().execute(c))?;
    let one = counter::table.filter(counter::name.eq(of.name()));
    dispatch!(conn, c => diesel::update(one).set(counter::value.eq(counter::value + count)).execute(c))?;
    let last: i64 = dispatch!(conn, c => one.select(counter::value).get_result(c))?;
    Ok(last - count + 1)
}

/// A pad as it is written.
#[derive(Insertable)]
#[diesel(table_name = pad)]
pub(super) struct NewPad {
    pub id: Id,
    pub number: i32,
    pub clinic_id: Id,
    pub physio_id: Option<Id>,
    pub template: String,
    pub service: Option<&'static str>,
    pub host: String,
    pub code_key: i32,
    pub slips: i32,
    pub custody: &'static str,
    pub sample: bool,
    pub electronic: bool,
    pub created_by: Option<Id>,
    pub created_at: Ts,
    pub expires_at: Ts,
}

/// A slip as it is written.
#[derive(Insertable)]
#[diesel(table_name = slip)]
pub(super) struct NewSlip {
    pub id: Id,
    pub serial: i64,
    pub pad_id: Id,
    pub code_hash: Vec<u8>,
    pub state: &'static str,
    pub expires_at: Ts,
    pub openings: i32,
    pub created_at: Ts,
}

/// A row of a pad's ledger as it is written.
#[derive(Insertable)]
#[diesel(table_name = pad_event)]
pub(super) struct NewEvent {
    pub id: Id,
    pub pad_id: Id,
    pub kind: &'static str,
    pub slips: i32,
    pub actor_id: Option<Id>,
    pub at: Ts,
}

pub(super) fn insert_minted(conn: &mut Conn<'_>, rows: &Rows) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(pad::table).values(&rows.pad).execute(c))?;
    // Eight values a row, and PostgreSQL takes 65,535 values in a statement, SQLite 32,766.
    for some in rows.slips.chunks(1_000) {
        dispatch!(conn, c => diesel::insert_into(slip::table).values(some).execute(c))?;
    }
    dispatch!(conn, c => diesel::insert_into(pad_event::table).values(&rows.events).execute(c))?;
    Ok(())
}

pub(super) fn insert_event(conn: &mut Conn<'_>, event: &NewEvent) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(pad_event::table).values(event).execute(c))?;
    Ok(())
}

pub(super) fn was_printed(conn: &mut Conn<'_>, pad_id: Id) -> Result<bool> {
    let printed = pad_event::table
        .filter(pad_event::pad_id.eq(pad_id))
        .filter(pad_event::kind.eq("printed"));
    let count: i64 = dispatch!(conn, c => printed.count().get_result(c))?;
    Ok(count > 0)
}

/// A pad as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PadRow {
    /// Its row.
    pub id: Id,
    /// Its number.
    pub number: i32,
    /// The template it is printed with.
    pub template: String,
    /// The service it is for, if for one, as stored.
    pub service: Option<String>,
    /// The host its slips lead to.
    pub host: String,
    /// The key its codes derive from.
    pub code_key: i32,
    /// How many slips it has.
    pub slips: i32,
    /// Minted by the demo.
    pub sample: bool,
    /// One slip on a screen instead of a printed pad.
    pub electronic: bool,
    /// When it was minted.
    pub created_at: Ts,
    /// When its slips expire.
    pub expires_at: Ts,
    /// The clinic that hands it out.
    pub clinic_name: String,
    /// Serial of its first slip.
    pub first_serial: Option<i64>,
    /// Serial of its last slip.
    pub last_serial: Option<i64>,
}

/// Runs a query over the pads of `whose`: `$finish` is what ends it.
macro_rules! pads_of {
    ($conn:expr, $whose:expr, $query:ident => $finish:expr, $how:ident) => {
        dispatch!($conn, c => {
            let of_pad = || slip::table.filter(slip::pad_id.eq(pad::id));
            let columns = (
                (pad::id, pad::number, pad::template, pad::service, pad::host, pad::code_key, pad::slips),
                (pad::sample, pad::electronic, pad::created_at, pad::expires_at, clinic::name),
                of_pad().select(min(slip::serial)).single_value(),
                of_pad().select(max(slip::serial)).single_value(),
            );
            let mut $query = pad::table.inner_join(clinic::table).select(columns).into_boxed();
            if let Whose::Physio(physio) = $whose {
                $query = $query.filter(pad::physio_id.eq(physio));
            }
            $finish.$how(c)
        })
    };
}

pub(super) fn list_pads(conn: &mut Conn<'_>, whose: Whose, limit: i64) -> Result<Vec<PadRow>> {
    let rows: Vec<Columns> =
        pads_of!(conn, whose, query => query.order(pad::number.desc()).limit(limit), load)?;
    Ok(rows.into_iter().map(PadRow::from).collect())
}

fn find_pad(conn: &mut Conn<'_>, number: i32, whose: Whose) -> Result<Option<PadRow>> {
    let row: diesel::QueryResult<Columns> =
        pads_of!(conn, whose, query => query.filter(pad::number.eq(number)), first);
    Ok(row.optional()?.map(PadRow::from))
}

type Columns = (
    (Id, i32, String, Option<String>, String, i32, i32),
    (bool, bool, Ts, Ts, String),
    Option<i64>,
    Option<i64>,
);

impl From<Columns> for PadRow {
    fn from((pad, more, first_serial, last_serial): Columns) -> Self {
        let (id, number, template, service, host, code_key, slips) = pad;
        let (sample, electronic, created_at, expires_at, clinic_name) = more;
        PadRow {
            id,
            number,
            template,
            service,
            host,
            code_key,
            slips,
            sample,
            electronic,
            created_at,
            expires_at,
            clinic_name,
            first_serial,
            last_serial,
        }
    }
}

type SlipToPrint = (Id, i64, SlipState);

pub(super) fn find_pad_to_print(
    conn: &mut Conn<'_>,
    number: i32,
    whose: Whose,
) -> Result<Option<(PadRow, Vec<SlipToPrint>)>> {
    let Some(row) = find_pad(conn, number, whose)? else {
        return Ok(None);
    };
    let slips = slip::table
        .filter(slip::pad_id.eq(row.id))
        .order(slip::serial)
        .select((slip::id, slip::serial, slip::state));
    let slips = dispatch!(conn, c => slips.load(c))?;
    Ok(Some((row, slips)))
}

pub(super) fn find_pad_with_slips(
    conn: &mut Conn<'_>,
    number: i32,
    whose: Whose,
    now: Ts,
) -> Result<Option<(PadRow, Vec<SlipLine>)>> {
    let Some(row) = find_pad(conn, number, whose)? else {
        return Ok(None);
    };
    let slips = slip::table
        .filter(slip::pad_id.eq(row.id))
        .order(slip::serial)
        .select((slip::serial, slip::state, slip::shared_status, slip::expires_at));
    let slips: Vec<(i64, SlipState, Option<String>, Ts)> = dispatch!(conn, c => slips.load(c))?;
    let line = |(serial, state, shared, expires_at): (i64, SlipState, Option<String>, Ts)| SlipLine {
        serial,
        seen: Seen::of(state, shared.as_deref(), expires_at <= now),
    };
    Ok(Some((row, slips.into_iter().map(line).collect())))
}

pub(super) fn list_pads_in_range(conn: &mut Conn<'_>, range: SerialRange, whose: Whose) -> Result<Vec<Id>> {
    Ok(dispatch!(conn, c => {
        let mut pads = slip::table
            .inner_join(pad::table)
            .filter(slip::serial.between(range.first, range.last))
            .select(pad::id)
            .distinct()
            .into_boxed();
        if let Whose::Physio(physio) = whose {
            pads = pads.filter(pad::physio_id.eq(physio));
        }
        pads.load(c)
    })?)
}

pub(super) fn count_slips(conn: &mut Conn<'_>, pad_id: Id, range: SerialRange) -> Result<i64> {
    let slips = slip::table
        .filter(slip::pad_id.eq(pad_id))
        .filter(slip::serial.between(range.first, range.last));
    Ok(dispatch!(conn, c => slips.count().get_result(c))?)
}

/// Takes back what is unused; the condition makes a slip that is used at this moment either used or void.
pub(super) fn mark_void(conn: &mut Conn<'_>, pad_id: Id, range: SerialRange) -> Result<usize> {
    let unused = slip::table
        .filter(slip::pad_id.eq(pad_id))
        .filter(slip::serial.between(range.first, range.last))
        .filter(slip::state.eq(SlipState::Unused));
    Ok(dispatch!(conn, c => diesel::update(unused).set(slip::state.eq(SlipState::Void)).execute(c))?)
}

pub(super) fn mark_shared(conn: &mut Conn<'_>, id: Id, status: &'static str) -> Result<()> {
    let one = slip::table.filter(slip::id.eq(id));
    dispatch!(conn, c => diesel::update(one).set(slip::shared_status.eq(status)).execute(c))?;
    Ok(())
}
