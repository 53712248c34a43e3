//! The only SQL over pads and slips: single slips here; what is minted, what is listed and the ledger beside it.

mod counted;
mod electronic;
mod ledger;
mod listed;
mod minted;

pub(in crate::pads) use counted::count_quarter;
pub(in crate::pads) use electronic::{find_electronic, mark_hint};
pub(in crate::pads) use ledger::{
    NewEvent, Signed, count_printable, count_rows, insert_event, list_entries, lock_pad, mark_custody,
    mark_taken_back, was_printed,
};
pub use listed::PadRow;
pub(in crate::pads) use listed::{
    find_pad, find_pad_to_print, find_pad_with_slips, list_kept, list_live_elsewhere, list_pads,
};
pub(in crate::pads) use minted::{Counter, NewPad, NewSlip, insert_minted, take_numbers};

use diesel::dsl::{max, min};
use diesel::prelude::*;

use super::custody::Whose;
use super::serials::SerialRange;
use super::slip::{SlipState, SlipView};
use crate::config::ServiceName;
use crate::db::schema::{clinic, pad, slip};
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(SlipState);

pub(in crate::pads) fn find_slip(
    conn: &mut Conn<'_>,
    code_hash: &[u8; 32],
) -> Result<Option<(SlipState, SlipView)>> {
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

pub(in crate::pads) fn mark_used(conn: &mut Conn<'_>, id: Id, now: Ts) -> Result<bool> {
    let unused = slip::table
        .filter(slip::id.eq(id))
        .filter(slip::state.eq(SlipState::Unused))
        .filter(slip::expires_at.gt(now));
    let change = (slip::state.eq(SlipState::Used), slip::used_at.eq(now));
    Ok(dispatch!(conn, c => diesel::update(unused).set(change).execute(c))? == 1)
}

pub(in crate::pads) fn count_opening(conn: &mut Conn<'_>, id: Id) -> Result<()> {
    let one = slip::table.filter(slip::id.eq(id));
    dispatch!(conn, c => diesel::update(one).set(slip::openings.eq(slip::openings + 1)).execute(c))?;
    Ok(())
}

/// The pads that a range touches, in an order in which all who lock them take their turns.
pub(in crate::pads) fn list_pads_in_range(
    conn: &mut Conn<'_>,
    range: SerialRange,
    whose: Whose,
) -> Result<Vec<(Id, SerialRange)>> {
    let rows: Vec<(Id, Option<i64>, Option<i64>)> = dispatch!(conn, c => {
        let mut pads = slip::table
            .inner_join(pad::table)
            .filter(slip::serial.between(range.first, range.last))
            .group_by(pad::id)
            .select((pad::id, min(slip::serial), max(slip::serial)))
            .order(pad::id)
            .into_boxed();
        if let Whose::Physio(physio) = whose {
            pads = pads.filter(pad::physio_id.eq(physio));
        }
        pads.load(c)
    })?;
    let touched = |(id, first, last): (Id, Option<i64>, Option<i64>)| {
        let (first, last) = first.zip(last)?;
        Some((id, SerialRange { first, last }))
    };
    Ok(rows.into_iter().filter_map(touched).collect())
}

pub(in crate::pads) fn count_slips(conn: &mut Conn<'_>, pad_id: Id, range: SerialRange) -> Result<i64> {
    let slips = slip::table
        .filter(slip::pad_id.eq(pad_id))
        .filter(slip::serial.between(range.first, range.last));
    Ok(dispatch!(conn, c => slips.count().get_result(c))?)
}

pub(in crate::pads) fn mark_shared(conn: &mut Conn<'_>, id: Id, status: &'static str) -> Result<()> {
    let one = slip::table.filter(slip::id.eq(id));
    dispatch!(conn, c => diesel::update(one).set(slip::shared_status.eq(status)).execute(c))?;
    Ok(())
}
