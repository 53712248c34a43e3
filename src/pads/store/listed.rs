//! Reading pads with their slips.

use diesel::dsl::{max, min};
use diesel::prelude::*;

use crate::db::schema::{clinic, pad, pad_event, slip};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::pads::custody::Whose;
use crate::pads::shown::{Seen, SlipLine};
use crate::pads::slip::SlipState;
use crate::values::{Id, Ts};

pub(in crate::pads) fn was_printed(conn: &mut Conn<'_>, pad_id: Id) -> Result<bool> {
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

pub(in crate::pads) fn list_pads(conn: &mut Conn<'_>, whose: Whose, limit: i64) -> Result<Vec<PadRow>> {
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

pub(in crate::pads) fn find_pad_to_print(
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

pub(in crate::pads) fn find_pad_with_slips(
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
