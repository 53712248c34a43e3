//! The table `contact_promise`, the only SQL over promises of contact. Each change keeps the list of what is owed
//! (`referral_facet`) in step with the rows.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::shelves;
use crate::db::schema::{contact_promise, referral};
use crate::db::{Conn, Result};
use crate::referrals::contact_outcome::ContactOutcome;
use crate::referrals::contact_promise::{ContactPlan, Ended, Ending, Promise, Subject};
use crate::referrals::contact_way::Way;
use crate::referrals::state::Queue;
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(Subject);
stored_as_text!(Way);
stored_as_text!(ContactOutcome);

/// Subjects about which one person is commonly owed contact at once.
const SUBJECTS_AT_ONCE: i64 = 3;

/// A promise as stored.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contact_promise, treat_none_as_null = true)]
struct Stored {
    id: Id,
    referral_id: Id,
    subject: Subject,
    way: Way,
    run_id: Option<Id>,
    made_at: Ts,
    due_at: Ts,
    next_at: Ts,
    tries: i32,
    tried_at: Option<Ts>,
    outcome: Option<String>,
    number_wrong: bool,
    message_id: Option<Id>,
    ended_at: Option<Ts>,
    ended_by: Option<Id>,
    ending: Option<String>,
    attempt_id: Option<Id>,
}

impl From<&Promise> for Stored {
    fn from(promise: &Promise) -> Self {
        let ended = promise.ended;
        Self {
            id: promise.id,
            referral_id: promise.referral,
            subject: promise.subject,
            way: promise.way,
            run_id: promise.run,
            made_at: promise.made_at,
            due_at: promise.due_at,
            next_at: promise.next_at,
            tries: promise.tries,
            tried_at: promise.tried_at,
            outcome: promise.outcome.map(|outcome| outcome.as_str().to_owned()),
            number_wrong: promise.number_wrong,
            message_id: promise.message,
            ended_at: ended.map(|ended| ended.at),
            ended_by: ended.and_then(|ended| ended.by),
            ending: ended.map(|ended| ended.ending.as_str().to_owned()),
            attempt_id: ended.and_then(|ended| ended.attempt),
        }
    }
}

impl From<Stored> for Promise {
    fn from(row: Stored) -> Self {
        let ending = row.ending.as_deref().and_then(Ending::parse);
        let ended = row.ended_at.zip(ending).map(|(at, ending)| Ended {
            at,
            by: row.ended_by,
            ending,
            attempt: row.attempt_id,
        });
        Self {
            id: row.id,
            referral: row.referral_id,
            subject: row.subject,
            way: row.way,
            run: row.run_id,
            made_at: row.made_at,
            due_at: row.due_at,
            next_at: row.next_at,
            tries: row.tries,
            tried_at: row.tried_at,
            outcome: row.outcome.as_deref().and_then(ContactOutcome::parse),
            number_wrong: row.number_wrong,
            message: row.message_id,
            ended,
        }
    }
}

/// Writes promises of one referral, in the place of those with the same id. The caller changes the referral's row in the
/// same transaction, or holds it, so that nobody else does this at the same moment.
pub(in crate::referrals) fn put(conn: &mut Conn<'_>, referral: Id, promises: &[Promise]) -> Result<()> {
    if promises.is_empty() {
        return Ok(());
    }
    let before = shelves::find_owed(conn, referral)?;
    for promise in promises {
        let row = Stored::from(promise);
        let same = contact_promise::table.filter(contact_promise::id.eq(promise.id));
        if dispatch!(conn, c => diesel::update(same).set(&row).execute(c))? == 0 {
            dispatch!(conn, c => diesel::insert_into(contact_promise::table).values(&row).execute(c))?;
        }
    }
    let after = shelves::find_owed(conn, referral)?;
    match before == after {
        true => Ok(()),
        false => shelves::put_owed(conn, referral, after),
    }
}

/// Writes the promise with which a new referral begins; the list of what is owed follows with the referral's own row.
pub(in crate::referrals) fn insert_first(conn: &mut Conn<'_>, promise: &Promise) -> Result<()> {
    let row = Stored::from(promise);
    dispatch!(conn, c => diesel::insert_into(contact_promise::table).values(&row).execute(c))?;
    Ok(())
}

/// Every promise of a referral.
pub(in crate::referrals) fn plan_of(conn: &mut Conn<'_>, referral: Id) -> Result<ContactPlan> {
    let mine = contact_promise::table.filter(contact_promise::referral_id.eq(referral));
    let rows: Vec<Stored> = dispatch!(conn, c => mine.select(Stored::as_select()).load(c))?;
    Ok(ContactPlan::new(
        referral,
        rows.into_iter().map(Promise::from).collect(),
    ))
}

/// The plans of these referrals; one without a promise is left out.
pub(in crate::referrals) fn list_plans(conn: &mut Conn<'_>, referrals: &[Id]) -> Result<Vec<ContactPlan>> {
    if referrals.is_empty() {
        return Ok(Vec::new());
    }
    let some = contact_promise::table
        .filter(contact_promise::referral_id.eq_any(referrals.to_vec()))
        .order(contact_promise::referral_id);
    let rows: Vec<Stored> = dispatch!(conn, c => some.select(Stored::as_select()).load(c))?;
    let mut plans: Vec<(Id, Vec<Promise>)> = Vec::new();
    for promise in rows.into_iter().map(Promise::from) {
        match plans.last_mut() {
            Some((referral, promises)) if *referral == promise.referral => promises.push(promise),
            _ => plans.push((promise.referral, vec![promise])),
        }
    }
    Ok(plans
        .into_iter()
        .map(|(referral, promises)| ContactPlan::new(referral, promises))
        .collect())
}

/// Referrals for which somebody tries next until this moment, the earliest promise first; each once.
pub(in crate::referrals) fn list_to_contact(conn: &mut Conn<'_>, until: Ts, most: i64) -> Result<Vec<Id>> {
    let due = contact_promise::table
        .filter(contact_promise::ended_at.is_null())
        .filter(contact_promise::next_at.le(until))
        .order((contact_promise::due_at, contact_promise::referral_id))
        .limit(most.saturating_mul(SUBJECTS_AT_ONCE))
        .select(contact_promise::referral_id);
    let mut each: Vec<Id> = Vec::new();
    for referral in dispatch!(conn, c => due.load::<Id>(c))? {
        if !each.contains(&referral) {
            each.push(referral);
        }
    }
    each.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(each)
}

/// How many referrals somebody tries to contact until this moment; counting stops at `most`.
pub(in crate::referrals) fn count_to_contact(conn: &mut Conn<'_>, until: Ts, most: i64) -> Result<usize> {
    let due = contact_promise::table
        .filter(contact_promise::ended_at.is_null())
        .filter(contact_promise::next_at.le(until))
        .select(contact_promise::referral_id)
        .distinct()
        .limit(most);
    let rows: Vec<Id> = dispatch!(conn, c => due.load(c))?;
    Ok(rows.len())
}

/// How many referrals have a promise that is past its time; counting stops at `most`.
pub(in crate::referrals) fn count_overdue(conn: &mut Conn<'_>, now: Ts, most: i64) -> Result<usize> {
    let due = contact_promise::table
        .filter(contact_promise::ended_at.is_null())
        .filter(contact_promise::due_at.lt(now))
        .select(contact_promise::referral_id)
        .distinct()
        .limit(most);
    let rows: Vec<Id> = dispatch!(conn, c => due.load(c))?;
    Ok(rows.len())
}

/// Open referrals whose promise was left to a clinical lead, the longest past its time first.
pub(in crate::referrals) fn list_left_to_lead(conn: &mut Conn<'_>, most: i64) -> Result<Vec<Id>> {
    let left = contact_promise::table
        .inner_join(referral::table)
        .filter(sql::<Bool>("ending = 'left_to_lead'"))
        .filter(referral::queue.ne(Queue::Done.as_str()))
        .order((contact_promise::due_at, contact_promise::referral_id))
        .limit(most)
        .select(contact_promise::referral_id);
    Ok(dispatch!(conn, c => left.load(c))?)
}

/// Open promises that wait for the fate of a message.
pub(in crate::referrals) fn list_by_message(conn: &mut Conn<'_>, most: i64) -> Result<Vec<Promise>> {
    let sent = contact_promise::table
        .filter(contact_promise::message_id.is_not_null())
        .filter(contact_promise::ended_at.is_null())
        .order(contact_promise::message_id)
        .limit(most);
    let rows: Vec<Stored> = dispatch!(conn, c => sent.select(Stored::as_select()).load(c))?;
    Ok(rows.into_iter().map(Promise::from).collect())
}
