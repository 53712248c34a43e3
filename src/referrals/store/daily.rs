//! What was told on which day, and how many wait to be entered.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::config::ServiceName;
use crate::db::schema::{contact_promise, daily_notice, referral, referral_facet};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::shelf::Facet;
use crate::referrals::state::Queue;
use crate::values::Ts;

/// The mails of this day that are written, or were not needed: a word for each kind and service.
pub(in crate::referrals) fn list_told(conn: &mut Conn<'_>, day: &str) -> Result<Vec<String>> {
    let told = daily_notice::table
        .filter(daily_notice::day.eq(day))
        .select(daily_notice::service);
    Ok(dispatch!(conn, c => told.load(c))?)
}

/// Keeps that the mail of this day is written; `false` if somebody else has.
pub(in crate::referrals) fn mark_told(conn: &mut Conn<'_>, day: &str, word: &str, at: Ts) -> Result<bool> {
    let row = (
        daily_notice::day.eq(day),
        daily_notice::service.eq(word),
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

/// How many people of P2 to P4 of this service are owed contact that is past its time. A P1 has an alarm of its own.
pub(in crate::referrals) fn count_overdue(conn: &mut Conn<'_>, service: ServiceName, now: Ts) -> Result<i64> {
    let owed = contact_promise::table
        .filter(contact_promise::referral_id.eq(referral::id))
        .filter(contact_promise::ended_at.is_null())
        .filter(contact_promise::due_at.lt(now));
    let overdue = referral::table
        .filter(referral::service.eq(service))
        .filter(referral::priority.gt(1))
        .filter(exists(owed))
        .count();
    Ok(dispatch!(conn, c => overdue.get_result(c))?)
}
