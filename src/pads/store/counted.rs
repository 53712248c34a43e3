//! Counting the slips of a clinic in a stretch of time.

use diesel::prelude::*;

use crate::db::schema::{pad, slip};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::pads::counts::Exact;
use crate::pads::slip::SlipState;
use crate::values::{Id, Ts};

/// Counts from a moment up to, and without, another.
pub(in crate::pads) fn count_quarter(conn: &mut Conn<'_>, clinic: Id, from: Ts, to: Ts) -> Result<Exact> {
    let of_clinic = || {
        slip::table
            .inner_join(pad::table)
            .filter(pad::clinic_id.eq(clinic))
    };
    let made = of_clinic()
        .filter(slip::created_at.ge(from))
        .filter(slip::created_at.lt(to));
    let used = of_clinic()
        .filter(slip::state.eq(SlipState::Used))
        .filter(slip::used_at.ge(from))
        .filter(slip::used_at.lt(to));
    let unshared = used.filter(slip::shared_status.is_null());
    let there = of_clinic()
        .filter(slip::created_at.lt(to))
        .filter(slip::expires_at.gt(from));
    let never = there
        .filter(slip::state.eq(SlipState::Unused))
        .filter(slip::taken_back_at.is_null());
    let later = there
        .filter(slip::state.eq(SlipState::Used))
        .filter(slip::used_at.ge(to));
    let left: i64 = dispatch!(conn, c => never.count().get_result(c))?;
    let left_then: i64 = dispatch!(conn, c => later.count().get_result(c))?;
    Ok(Exact {
        made: dispatch!(conn, c => made.count().get_result(c))?,
        used: dispatch!(conn, c => used.count().get_result(c))?,
        unshared: dispatch!(conn, c => unshared.count().get_result(c))?,
        left: left + left_then,
    })
}
