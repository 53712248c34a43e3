//! The table `contact_attempt`: each attempt to reach a patient, and whether it was undone.

use diesel::prelude::*;

use crate::db::schema::contact_attempt;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::contact_outcome::ContactOutcome;
use crate::values::{Id, Ts};

/// One attempt as stored.
#[derive(Clone, Copy, Queryable, Selectable, Insertable)]
#[diesel(table_name = contact_attempt)]
pub(in crate::referrals) struct Attempt {
    pub id: Id,
    pub referral_id: Id,
    pub staff_id: Id,
    pub outcome: ContactOutcome,
    pub at: Ts,
}

pub(in crate::referrals) fn insert_attempt(conn: &mut Conn<'_>, attempt: Attempt) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(contact_attempt::table).values(attempt).execute(c))?;
    Ok(())
}

/// When the latest `many` attempts were made, the latest last.
pub(in crate::referrals) fn list_tried(conn: &mut Conn<'_>, referral: Id, many: i32) -> Result<Vec<Ts>> {
    let latest = contact_attempt::table
        .filter(contact_attempt::referral_id.eq(referral))
        .filter(contact_attempt::undone_at.is_null())
        .order((contact_attempt::at.desc(), contact_attempt::id.desc()))
        .limit(i64::from(many))
        .select(contact_attempt::at);
    let mut tried: Vec<Ts> = dispatch!(conn, c => latest.load(c))?;
    tried.reverse();
    Ok(tried)
}

/// The latest attempt that was not undone.
pub(in crate::referrals) fn find_latest(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Attempt>> {
    let latest = contact_attempt::table
        .filter(contact_attempt::referral_id.eq(referral))
        .filter(contact_attempt::undone_at.is_null())
        .order((contact_attempt::at.desc(), contact_attempt::id.desc()));
    Ok(dispatch!(conn, c => latest.select(Attempt::as_select()).first(c).optional())?)
}

/// Marks an attempt as recorded by mistake; `false` when somebody was first.
pub(in crate::referrals) fn mark_undone(
    conn: &mut Conn<'_>,
    attempt: Id,
    (by, at): (Id, Ts),
) -> Result<bool> {
    let same = contact_attempt::table
        .filter(contact_attempt::id.eq(attempt))
        .filter(contact_attempt::undone_at.is_null());
    let set = (
        contact_attempt::undone_at.eq(at),
        contact_attempt::undone_by.eq(by),
    );
    Ok(dispatch!(conn, c => diesel::update(same).set(set).execute(c))? == 1)
}
