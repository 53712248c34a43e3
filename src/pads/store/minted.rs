//! Writing what is minted: numbers, pads, slips, the first entries of the ledger.

use diesel::prelude::*;

use crate::db::schema::{counter, pad, pad_event, slip};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::pads::minting::Rows;
use crate::values::{Id, Ts};

/// Numbers that are taken once each.
#[derive(Clone, Copy)]
pub(in crate::pads) enum Counter {
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
pub(in crate::pads) fn take_numbers(conn: &mut Conn<'_>, of: Counter, count: i64) -> Result<i64> {
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
pub(in crate::pads) struct NewPad {
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
pub(in crate::pads) struct NewSlip {
    pub id: Id,
    pub serial: i64,
    pub pad_id: Id,
    pub code_hash: Vec<u8>,
    pub state: &'static str,
    pub expires_at: Ts,
    pub openings: i32,
    pub created_at: Ts,
}

pub(in crate::pads) fn insert_minted(conn: &mut Conn<'_>, rows: &Rows) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(pad::table).values(&rows.pad).execute(c))?;
    // Eight values a row, and PostgreSQL takes 65,535 values in a statement, SQLite 32,766.
    for some in rows.slips.chunks(1_000) {
        dispatch!(conn, c => diesel::insert_into(slip::table).values(some).execute(c))?;
    }
    dispatch!(conn, c => diesel::insert_into(pad_event::table).values(&rows.events).execute(c))?;
    Ok(())
}
