//! The only SQL over calls to patients: each attempt, and what the team has to tell or ask next.

use diesel::prelude::*;

use crate::db::schema::{contact_attempt, contact_next};
use crate::db::{Conn, Result};
use crate::referrals::contact_attempt::CallOutcome;
use crate::referrals::next_contact::{Matter, NextContact, Way};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(CallOutcome);
stored_as_text!(Matter);
stored_as_text!(Way);

/// One call that was made.
#[derive(Clone, Copy, Insertable)]
#[diesel(table_name = contact_attempt)]
pub(in crate::referrals) struct Attempt {
    pub id: Id,
    pub referral_id: Id,
    pub staff_id: Id,
    pub outcome: CallOutcome,
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
        .order((contact_attempt::at.desc(), contact_attempt::id.desc()))
        .limit(i64::from(many))
        .select(contact_attempt::at);
    let mut tried: Vec<Ts> = dispatch!(conn, c => latest.load(c))?;
    tried.reverse();
    Ok(tried)
}

/// What comes next for a referral, as stored.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contact_next, primary_key(referral_id), treat_none_as_null = true)]
struct Stored {
    referral_id: Id,
    matter: Matter,
    way: Way,
    due_at: Option<Ts>,
    tries: i32,
    tried_at: Option<Ts>,
    outcome: Option<String>,
    number_wrong: bool,
    message_id: Option<Id>,
}

impl From<&NextContact> for Stored {
    fn from(next: &NextContact) -> Self {
        Self {
            referral_id: next.referral,
            matter: next.matter,
            way: next.way,
            due_at: next.due_at,
            tries: next.tries,
            tried_at: next.tried_at,
            outcome: next.outcome.map(|outcome| outcome.as_str().to_owned()),
            number_wrong: next.number_wrong,
            message_id: next.message,
        }
    }
}

impl From<Stored> for NextContact {
    fn from(row: Stored) -> Self {
        Self {
            referral: row.referral_id,
            matter: row.matter,
            way: row.way,
            due_at: row.due_at,
            tries: row.tries,
            tried_at: row.tried_at,
            outcome: row.outcome.as_deref().and_then(CallOutcome::parse),
            number_wrong: row.number_wrong,
            message: row.message_id,
        }
    }
}

pub(in crate::referrals) fn find_next(conn: &mut Conn<'_>, referral: Id) -> Result<Option<NextContact>> {
    let one = contact_next::table.filter(contact_next::referral_id.eq(referral));
    let row: Option<Stored> = dispatch!(conn, c => one.select(Stored::as_select()).first(c).optional())?;
    Ok(row.map(NextContact::from))
}

/// What comes next for those of these referrals for which something is known.
pub(in crate::referrals) fn list_next(conn: &mut Conn<'_>, referrals: &[Id]) -> Result<Vec<NextContact>> {
    let some = contact_next::table.filter(contact_next::referral_id.eq_any(referrals.to_vec()));
    let rows: Vec<Stored> = dispatch!(conn, c => some.select(Stored::as_select()).load(c))?;
    Ok(rows.into_iter().map(NextContact::from).collect())
}

/// What is due until this moment, what is due first, first.
pub(in crate::referrals) fn list_due(conn: &mut Conn<'_>, until: Ts, most: i64) -> Result<Vec<NextContact>> {
    let due = contact_next::table
        .filter(contact_next::due_at.le(until))
        .order((contact_next::due_at, contact_next::referral_id))
        .limit(most);
    let rows: Vec<Stored> = dispatch!(conn, c => due.select(Stored::as_select()).load(c))?;
    Ok(rows.into_iter().map(NextContact::from).collect())
}

pub(in crate::referrals) fn count_due(conn: &mut Conn<'_>, until: Ts) -> Result<i64> {
    let due = contact_next::table.filter(contact_next::due_at.le(until)).count();
    Ok(dispatch!(conn, c => due.get_result(c))?)
}

/// What hangs on a message that has been sent.
pub(in crate::referrals) fn list_by_message(conn: &mut Conn<'_>, most: i64) -> Result<Vec<NextContact>> {
    let sent = contact_next::table
        .filter(contact_next::message_id.is_not_null())
        .order(contact_next::message_id)
        .limit(most);
    let rows: Vec<Stored> = dispatch!(conn, c => sent.select(Stored::as_select()).load(c))?;
    Ok(rows.into_iter().map(NextContact::from).collect())
}

/// Writes what comes next in the place of what stood there. The caller has changed the row of the referral in the same
/// transaction, so nobody else does this at the same moment.
pub(in crate::referrals) fn put_next(conn: &mut Conn<'_>, next: &NextContact) -> Result<()> {
    let row = Stored::from(next);
    let there = contact_next::table.filter(contact_next::referral_id.eq(next.referral));
    if dispatch!(conn, c => diesel::update(there).set(&row).execute(c))? == 0 {
        dispatch!(conn, c => diesel::insert_into(contact_next::table).values(&row).execute(c))?;
    }
    Ok(())
}
