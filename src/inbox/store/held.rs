//! Places that a named person has to confirm, with whom they are kept for.

use diesel::prelude::*;

use crate::db::schema::{course, course_run, place, referral, referral_event};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::{EventKind, Reference};
use crate::triage::Priority;
use crate::values::{Id, Keyring, Purpose, Sealed, Ts};

/// A place that a named person has to confirm.
pub(in crate::inbox) struct HeldPlace {
    pub referral: Id,
    pub reference: Reference,
    pub name: String,
    pub priority: Priority,
    /// The length of the timeline, which the form sends back.
    pub seen: i32,
    pub course: String,
    pub first_session: Ts,
    pub confirm_by: Ts,
    /// Whether the patient has told more since the place was chosen.
    pub told_more: bool,
}

type Held = (
    (Id, String, Sealed, i32, i32),
    (Option<Ts>, Option<Ts>),
    (Ts, String),
);

/// The places to confirm, the earliest promise first.
pub(in crate::inbox) fn list_held(conn: &mut Conn<'_>, keys: &Keyring, limit: i64) -> Result<Vec<HeldPlace>> {
    let held = place::table
        .inner_join(referral::table)
        .inner_join(course_run::table.inner_join(course::table))
        .filter(place::state.eq("held"))
        .order((place::confirm_by, place::run_id, place::seat))
        .limit(limit)
        .select((
            (
                referral::id,
                referral::reference,
                referral::list_name,
                referral::priority,
                referral::head_seq,
            ),
            (place::taken_at, place::confirm_by),
            (course_run::first_session_at, course::name),
        ));
    let rows: Vec<Held> = dispatch!(conn, c => held.load(c))?;
    let ids: Vec<Id> = rows.iter().map(|row| row.0.0).collect();
    let more = [EventKind::AnswersAdded, EventKind::RiskAnswerKept].map(EventKind::as_str);
    let told = referral_event::table
        .filter(referral_event::referral_id.eq_any(ids))
        .filter(referral_event::kind.eq_any(more))
        .select((referral_event::referral_id, referral_event::at));
    let told: Vec<(Id, Ts)> = dispatch!(conn, c => told.load(c))?;
    rows.into_iter()
        .map(
            |((id, reference, name, priority, seen), (taken_at, confirm_by), (first_session, course))| {
                let taken_at = taken_at.unwrap_or(first_session);
                let name = keys.open(Purpose::Person, id, &name)?;
                Ok(HeldPlace {
                    referral: id,
                    reference: Reference::parse(&reference)
                        .ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?,
                    name: String::from_utf8_lossy(&name).into_owned(),
                    priority: Priority::from_number(i64::from(priority)).unwrap_or(Priority::P1),
                    seen,
                    course,
                    first_session,
                    confirm_by: confirm_by.unwrap_or(taken_at),
                    told_more: told.iter().any(|(of, at)| *of == id && *at > taken_at),
                })
            },
        )
        .collect()
}

/// How many places are to be confirmed.
pub(in crate::inbox) fn count_held(conn: &mut Conn<'_>) -> Result<i64> {
    let held = place::table.filter(place::state.eq("held"));
    Ok(dispatch!(conn, c => held.count().get_result(c))?)
}
