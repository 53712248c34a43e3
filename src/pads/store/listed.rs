//! Reading pads with their slips.

use anyhow::anyhow;
use diesel::dsl::{max, min};
use diesel::prelude::*;

use crate::db::schema::{clinic, pad, pad_event, slip};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::pads::custody::Whose;
use crate::pads::ledger::Happened;
use crate::pads::shown::{Seen, SlipLine};
use crate::pads::slip::SlipState;
use crate::pads::whereabouts::Custody;
use crate::values::{Id, Ts};

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
    /// Where its paper is.
    pub custody: Custody,
    /// The physio who has it, or had it last.
    pub physio: Option<Id>,
    /// The clinic that hands it out.
    pub clinic: Id,
    /// The clinic's name, as printed.
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
                (pad::sample, pad::electronic, pad::created_at, pad::expires_at),
                (pad::custody, pad::physio_id, clinic::id, clinic::name),
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
    rows.into_iter().map(pad_row).collect()
}

/// The printed pads of a clinic, or of all, below a number: the newest first.
pub(in crate::pads) fn list_kept(
    conn: &mut Conn<'_>,
    clinic: Option<Id>,
    below: i32,
    limit: i64,
) -> Result<Vec<PadRow>> {
    let rows: Vec<Columns> = pads_of!(conn, Whose::All, query => {
        let mut query = query.filter(pad::electronic.eq(false)).filter(pad::number.lt(below));
        if let Some(clinic) = clinic {
            query = query.filter(pad::clinic_id.eq(clinic));
        }
        query.order(pad::number.desc()).limit(limit)
    }, load)?;
    rows.into_iter().map(pad_row).collect()
}

pub(in crate::pads) fn find_pad(conn: &mut Conn<'_>, number: i32, whose: Whose) -> Result<Option<PadRow>> {
    let row: diesel::QueryResult<Columns> =
        pads_of!(conn, whose, query => query.filter(pad::number.eq(number)), first);
    row.optional()?.map(pad_row).transpose()
}

type Columns = (
    (Id, i32, String, Option<String>, String, i32, i32),
    (bool, bool, Ts, Ts),
    (String, Option<Id>, Id, String),
    Option<i64>,
    Option<i64>,
);

fn pad_row((pad, more, whereabouts, first_serial, last_serial): Columns) -> Result<PadRow> {
    let (id, number, template, service, host, code_key, slips) = pad;
    let (sample, electronic, created_at, expires_at) = more;
    let (custody, physio, clinic, clinic_name) = whereabouts;
    let custody = Custody::of_stored(&custody, physio.is_some())
        .ok_or_else(|| anyhow!("{custody:?} is nowhere a pad can be"))?;
    Ok(PadRow {
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
        custody,
        physio,
        clinic,
        clinic_name,
        first_serial,
        last_serial,
    })
}

/// Host and number of the pads that lead to another host and have slips that could still be used.
pub(in crate::pads) fn list_live_elsewhere(
    conn: &mut Conn<'_>,
    host: &str,
    now: Ts,
) -> Result<Vec<(String, i32)>> {
    let live = slip::table
        .filter(slip::pad_id.eq(pad::id))
        .filter(slip::state.eq(SlipState::Unused))
        .filter(slip::expires_at.gt(now));
    let elsewhere = pad::table
        .filter(pad::host.ne(host))
        .filter(pad::expires_at.gt(now))
        .filter(diesel::dsl::exists(live))
        .order((pad::host, pad::number))
        .select((pad::host, pad::number));
    Ok(dispatch!(conn, c => elsewhere.load(c))?)
}

type SlipToPrint = (Id, i64, SlipState);

/// A pad and what a print of it shows: all slips that were not taken back. A used one is printed like an unused
/// one, because leaving it out would tell who came; one that was taken back is left out, used or not.
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
        .filter(slip::taken_back_at.is_null())
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
    let held_since = match whose {
        Whose::All => None,
        Whose::Physio(_) => held_since(conn, row.id)?,
    };
    let slips = slip::table
        .filter(slip::pad_id.eq(row.id))
        .order(slip::serial)
        .select((
            (slip::serial, slip::state, slip::shared_status),
            (slip::expires_at, slip::used_at, slip::taken_back_at),
        ));
    type Row = ((i64, SlipState, Option<String>), (Ts, Option<Ts>, Option<Ts>));
    let slips: Vec<Row> = dispatch!(conn, c => slips.load(c))?;
    let line = |((serial, state, shared), (expires_at, used_at, taken_back_at)): Row| {
        // Whoever used a slip before this physio had the pad agreed to share with somebody else.
        let shared = shared.filter(|_| held_since.is_none() || held_since <= used_at);
        SlipLine {
            serial,
            taken_back: taken_back_at.is_some(),
            seen: Seen::of(
                state,
                shared.as_deref(),
                taken_back_at.is_some(),
                expires_at <= now,
            ),
        }
    };
    Ok(Some((row, slips.into_iter().map(line).collect())))
}

/// Since when the physio who has a pad has it.
fn held_since(conn: &mut Conn<'_>, pad_id: Id) -> Result<Option<Ts>> {
    let handed = pad_event::table
        .filter(pad_event::pad_id.eq(pad_id))
        .filter(pad_event::kind.eq(Happened::Handed))
        .order(pad_event::seq.desc())
        .select(pad_event::at);
    Ok(dispatch!(conn, c => handed.first(c).optional())?)
}
