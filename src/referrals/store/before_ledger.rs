//! What was owed before there was a ledger of contact: referrals without a promise, and the table `contact_next`, which
//! nothing writes any longer.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::Row;
use crate::db::schema::{contact_attempt, contact_next, contact_promise, referral};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::{Id, Ts};

/// What the team had to tell or ask next.
#[derive(Queryable, Selectable)]
#[diesel(table_name = contact_next)]
pub(in crate::referrals) struct OldNext {
    pub matter: String,
    pub way: String,
    pub due_at: Option<Ts>,
    pub tries: i32,
    pub number_wrong: bool,
    pub message_id: Option<Id>,
}

/// Whether every referral is in the ledger. Entering goes from the newest to the oldest, so the oldest tells.
pub(in crate::referrals) fn is_complete(conn: &mut Conn<'_>) -> Result<bool> {
    let oldest = referral::table.order(referral::id).select(referral::id);
    let Some(oldest): Option<Id> = dispatch!(conn, c => oldest.first(c).optional())? else {
        return Ok(true);
    };
    let entered = contact_promise::table.filter(contact_promise::referral_id.eq(oldest));
    Ok(dispatch!(conn, c => diesel::select(exists(entered)).get_result(c))?)
}

/// The newest referrals without a promise, older than `below`.
pub(in crate::referrals) fn list_missing(
    conn: &mut Conn<'_>,
    below: Option<Id>,
    most: i64,
) -> Result<Vec<Row>> {
    let below = below.unwrap_or(Id::from_bytes([0xff; 16]));
    let promised = contact_promise::table.filter(contact_promise::referral_id.eq(referral::id));
    let missing = referral::table
        .filter(referral::id.lt(below))
        .filter(not(exists(promised)))
        .order(referral::id.desc())
        .limit(most);
    Ok(dispatch!(conn, c => missing.select(Row::as_select()).load(c))?)
}

/// What was known of a referral's next contact.
pub(in crate::referrals) fn find_old_next(conn: &mut Conn<'_>, referral: Id) -> Result<Option<OldNext>> {
    let one = contact_next::table.filter(contact_next::referral_id.eq(referral));
    Ok(dispatch!(conn, c => one.select(OldNext::as_select()).first(c).optional())?)
}

/// When somebody last spoke with the patient, and who.
pub(in crate::referrals) fn find_spoken(conn: &mut Conn<'_>, referral: Id) -> Result<Option<(Id, Ts, Id)>> {
    let spoke = contact_attempt::table
        .filter(contact_attempt::referral_id.eq(referral))
        .filter(contact_attempt::outcome.eq("spoke"))
        .order(contact_attempt::at.desc())
        .select((
            contact_attempt::id,
            contact_attempt::at,
            contact_attempt::staff_id,
        ));
    Ok(dispatch!(conn, c => spoke.first(c).optional())?)
}
