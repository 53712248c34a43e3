//! The table `escalation`: what was done while an urgent referral stood unacknowledged, step by step.

use std::collections::HashMap;

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::db::schema::{escalation, referral, referral_event};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::event_kind::EventKind;
use crate::referrals::state::Queue;
use crate::values::{Id, Ts};

/// One step as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = escalation)]
pub(in crate::referrals) struct Step {
    pub referral_id: Id,
    pub step: i32,
    pub first: bool,
    pub person_id: Option<Id>,
    pub person: Option<String>,
    pub mail_id: Option<Id>,
    pub webhook_id: Option<Id>,
    pub at: Ts,
}

/// Writes a step; `false` when another instance has done it.
pub(in crate::referrals) fn insert(conn: &mut Conn<'_>, step: &Step) -> Result<bool> {
    let written = dispatch!(conn, c => diesel::insert_into(escalation::table)
        .values(step)
        .on_conflict((escalation::referral_id, escalation::step))
        .do_nothing()
        .execute(c))?;
    Ok(written == 1)
}

pub(in crate::referrals) fn find_last(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Step>> {
    let last = escalation::table
        .filter(escalation::referral_id.eq(referral))
        .order(escalation::step.desc());
    Ok(dispatch!(conn, c => last.select(Step::as_select()).first(c).optional())?)
}

/// The last step that told this person.
pub(in crate::referrals) fn find_last_of(
    conn: &mut Conn<'_>,
    referral: Id,
    person: Id,
) -> Result<Option<Step>> {
    let last = escalation::table
        .filter(escalation::referral_id.eq(referral))
        .filter(escalation::person_id.eq(person))
        .order(escalation::step.desc());
    Ok(dispatch!(conn, c => last.select(Step::as_select()).first(c).optional())?)
}

/// The last step of each of these referrals.
pub(in crate::referrals) fn list_last(conn: &mut Conn<'_>, referrals: &[Id]) -> Result<Vec<Step>> {
    if referrals.is_empty() {
        return Ok(Vec::new());
    }
    let later = diesel::alias!(escalation as later);
    let one_later = later
        .filter(later.field(escalation::referral_id).eq(escalation::referral_id))
        .filter(later.field(escalation::step).gt(escalation::step));
    let last = escalation::table
        .filter(escalation::referral_id.eq_any(referrals.to_vec()))
        .filter(not(exists(one_later)));
    Ok(dispatch!(conn, c => last.select(Step::as_select()).load(c))?)
}

/// Unacknowledged urgent referrals of which nothing was done since `before`: when each came, and every step about it.
pub(in crate::referrals) fn list_standing(
    conn: &mut Conn<'_>,
    before: Ts,
) -> Result<Vec<(Id, Ts, Vec<Step>)>> {
    let done_since = || {
        escalation::table
            .filter(escalation::referral_id.eq(referral::id))
            .filter(escalation::at.gt(before))
            .select(escalation::step)
    };
    let standing = referral::table
        .filter(referral::queue.eq(Queue::Now))
        .filter(referral::received_at.le(before))
        .filter(not(exists(done_since())))
        .select((referral::id, referral::received_at));
    let standing: Vec<(Id, Ts)> = dispatch!(conn, c => standing.load(c))?;
    if standing.is_empty() {
        return Ok(Vec::new());
    }
    let steps = escalation::table
        .inner_join(referral::table)
        .filter(referral::queue.eq(Queue::Now))
        .order((escalation::referral_id, escalation::step));
    let steps: Vec<Step> = dispatch!(conn, c => steps.select(Step::as_select()).load(c))?;
    let mut of: HashMap<Id, Vec<Step>> = HashMap::new();
    for step in steps {
        of.entry(step.referral_id).or_default().push(step);
    }
    let standing = standing.into_iter();
    Ok(standing
        .map(|(id, received)| (id, received, of.remove(&id).unwrap_or_default()))
        .collect())
}

/// Every step about a referral, the oldest first.
pub(in crate::referrals) fn list(conn: &mut Conn<'_>, referral: Id) -> Result<Vec<Step>> {
    let steps = escalation::table
        .filter(escalation::referral_id.eq(referral))
        .order(escalation::step);
    Ok(dispatch!(conn, c => steps.select(Step::as_select()).load(c))?)
}

/// The number of the step about this referral that a call belongs to.
pub(in crate::referrals) fn find_step_of_call(
    conn: &mut Conn<'_>,
    referral: Id,
    call: Id,
) -> Result<Option<i32>> {
    let step = escalation::table
        .filter(escalation::referral_id.eq(referral))
        .filter(escalation::webhook_id.eq(call))
        .order(escalation::step.desc())
        .select(escalation::step);
    Ok(dispatch!(conn, c => step.first(c).optional())?)
}

/// Whether something else than a step of the clock stands on the timeline behind `seen`.
pub(in crate::referrals) fn other_events_after(conn: &mut Conn<'_>, referral: Id, seen: i32) -> Result<bool> {
    let others = referral_event::table
        .filter(referral_event::referral_id.eq(referral))
        .filter(referral_event::seq.gt(seen))
        .filter(referral_event::kind.ne(EventKind::Escalated.as_str()));
    Ok(dispatch!(conn, c => diesel::select(exists(others)).get_result(c))?)
}
