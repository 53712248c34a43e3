//! People in danger who were acknowledged and not reached in time, and who was told of it: the table `late_notice`.

use diesel::prelude::*;

use crate::db::schema::{contact_promise, late_notice, referral};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::contact_promise::Subject;
use crate::values::{Id, Ts};

/// A P1 whose first contact is past its time although a named person has acknowledged it.
#[derive(Clone, Debug, Queryable)]
pub(in crate::referrals) struct Late {
    pub promise: Id,
    pub referral: Id,
    pub reference: String,
    pub acknowledged_by: Option<Id>,
}

/// All of them, the earliest promise first.
pub(in crate::referrals) fn list_late(conn: &mut Conn<'_>, now: Ts) -> Result<Vec<Late>> {
    let late = contact_promise::table
        .inner_join(referral::table)
        .filter(contact_promise::ended_at.is_null())
        .filter(contact_promise::due_at.lt(now))
        .filter(contact_promise::subject.eq(Subject::FirstContact.as_str()))
        .filter(referral::priority.eq(1))
        .filter(referral::acknowledged_at.is_not_null())
        .filter(referral::died_at.is_null())
        .order((contact_promise::due_at, contact_promise::id))
        .select((
            contact_promise::id,
            referral::id,
            referral::reference,
            referral::acknowledged_by,
        ));
    Ok(dispatch!(conn, c => late.load(c))?)
}

/// Who was told last of these promises, and when.
pub(in crate::referrals) fn list_told(conn: &mut Conn<'_>, promises: &[Id]) -> Result<Vec<(Id, String, Ts)>> {
    let told = late_notice::table
        .filter(late_notice::promise_id.eq_any(promises.to_vec()))
        .select((late_notice::promise_id, late_notice::recipient, late_notice::at));
    Ok(dispatch!(conn, c => told.load(c))?)
}

/// When this recipient was told last of any promise.
pub(in crate::referrals) fn last_told(conn: &mut Conn<'_>, recipient: &str) -> Result<Option<Ts>> {
    let last = late_notice::table
        .filter(late_notice::recipient.eq(recipient))
        .order(late_notice::at.desc())
        .select(late_notice::at);
    Ok(dispatch!(conn, c => last.first(c).optional())?)
}

/// Keeps that a recipient is told now, who was told last at `before`; `false` when another instance has told them
/// meanwhile.
pub(in crate::referrals) fn mark_told(
    conn: &mut Conn<'_>,
    (promise, recipient): (Id, &str),
    before: Option<Ts>,
    now: Ts,
) -> Result<bool> {
    let changed = match before {
        Some(before) => dispatch!(conn, c => diesel::update(late_notice::table.find((promise, recipient)))
            .filter(late_notice::at.eq(before))
            .set(late_notice::at.eq(now))
            .execute(c))?,
        None => dispatch!(conn, c => diesel::insert_into(late_notice::table)
            .values((
                late_notice::promise_id.eq(promise),
                late_notice::recipient.eq(recipient),
                late_notice::at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(c))?,
    };
    Ok(changed == 1)
}
