//! How long people wait, counted from indexes alone.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::schema::referral;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::{Queue, ReviewState};
use crate::triage::Priority;
use crate::values::Ts;

/// The lists in which somebody may still wait for treatment here.
const LISTS: [Queue; 5] = [
    Queue::Now,
    Queue::Today,
    Queue::New,
    Queue::Waiting,
    Queue::Accepted,
];
/// What is still ours and has not begun: neither ended, nor handed over, nor in treatment.
const OURS: [ReviewState; 4] = [
    ReviewState::Incomplete,
    ReviewState::New,
    ReviewState::WaitingForPatient,
    ReviewState::Accepted,
];

/// How many are still ours, have not begun, and came before this moment.
pub(in crate::inbox) fn count_waiting_since_before(conn: &mut Conn<'_>, moment: Ts) -> Result<i64> {
    let priorities = Priority::ALL.iter().map(|priority| i32::from(priority.number()));
    let waiting = referral::table
        .filter(referral::queue.eq_any(LISTS.map(Queue::as_str)))
        // In the words of the index, so that it is used.
        .filter(sql::<Bool>("queue <> 'done'"))
        .filter(referral::priority.eq_any(priorities.collect::<Vec<i32>>()))
        .filter(referral::received_at.lt(moment))
        .filter(referral::state.eq_any(OURS.map(ReviewState::as_str)))
        .count();
    Ok(dispatch!(conn, c => waiting.get_result(c))?)
}

/// When those came whose treatment began here since this moment, and when it began.
pub(in crate::inbox) fn list_begun_since(conn: &mut Conn<'_>, moment: Ts) -> Result<Vec<(Ts, Ts)>> {
    let begun = referral::table
        .filter(referral::started_at.is_not_null())
        .filter(referral::started_at.ge(moment))
        .select((referral::received_at, referral::started_at.assume_not_null()));
    Ok(dispatch!(conn, c => begun.load(c))?)
}
