//! What was told on which day, and how many wait to be entered.

use diesel::prelude::*;

use crate::config::ServiceName;
use crate::db::schema::{daily_notice, referral_facet};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::shelf::Facet;
use crate::referrals::state::Queue;
use crate::values::Ts;

/// The services whose mail of this day is written, or was not needed.
pub(in crate::referrals) fn list_told(conn: &mut Conn<'_>, day: &str) -> Result<Vec<String>> {
    let told = daily_notice::table
        .filter(daily_notice::day.eq(day))
        .select(daily_notice::service);
    Ok(dispatch!(conn, c => told.load(c))?)
}

/// Keeps that the mail of this day is written; `false` if somebody else has.
pub(in crate::referrals) fn mark_told(
    conn: &mut Conn<'_>,
    day: &str,
    service: ServiceName,
    at: Ts,
) -> Result<bool> {
    let row = (
        daily_notice::day.eq(day),
        daily_notice::service.eq(service.as_str()),
        daily_notice::at.eq(at),
    );
    let written = dispatch!(conn, c => diesel::insert_into(daily_notice::table)
        .values(row).on_conflict_do_nothing().execute(c))?;
    Ok(written == 1)
}

/// How many of this service are accepted and not entered, from the shelves of the lists.
pub(in crate::referrals) fn count_to_enter(conn: &mut Conn<'_>, service: ServiceName) -> Result<i64> {
    let shelves = Facet::Everybody.shelves(Queue::Accepted, Some(service)).concat();
    let waiting = referral_facet::table
        .filter(referral_facet::shelf.eq_any(shelves))
        .count();
    Ok(dispatch!(conn, c => waiting.get_result(c))?)
}
