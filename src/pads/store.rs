//! The only SQL over pads and slips.

use diesel::prelude::*;

use super::slip::{SlipState, SlipView};
use crate::config::ServiceName;
use crate::db::schema::{clinic, pad, slip};
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
