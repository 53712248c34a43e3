//! The parallel run: who missed a session may come to the same one of another run of the course, soon after.

use super::planned::DiaryRun;
use super::store::attendance::{self as store, Noted};
use super::store::{runs, venues};
use super::venue::AccessFacts;
use crate::booking::course::session_starts;
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};

/// Days within which the other session must lie: later, the group has gone too far without them.
const WITHIN_DAYS: i64 = 14;

/// A session that somebody may come to instead of one they missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parallel {
    /// The course.
    pub course_name: String,
    /// The session's number, the same on both runs.
    pub session: i32,
    /// When the missed one was.
    pub missed: Ts,
    /// The other run.
    pub run: Id,
    /// When it begins there.
    pub starts: Ts,
    /// How long it takes.
    pub minutes: i32,
    /// Where.
    pub venue: String,
    /// The address, one line.
    pub address: String,
    /// Steps, chairs, floor, parking, bus.
    pub facts: AccessFacts,
}

/// What this person may come to instead of what they missed, the next first.
pub fn parallel_sessions(conn: &mut Conn<'_>, referral: Id, now: Ts) -> Result<Vec<Parallel>> {
    let all = store::list_of(conn, referral)?;
    let mut found = Vec::new();
    for missed in all.iter().filter(|one| is_missed(one, &all)) {
        for (run, starts) in beside(conn, missed, now)? {
            let facts = venues::list(conn)?
                .into_iter()
                .find(|venue| venue.id == run.venue);
            found.push(Parallel {
                course_name: run.course_name,
                session: missed.session,
                missed: started(missed),
                run: run.id,
                starts,
                minutes: run.minutes,
                venue: run.venue_name,
                address: run.address,
                facts: facts.map(|venue| venue.facts).unwrap_or_default(),
            });
        }
    }
    found.sort_by_key(|one| (one.starts, one.run));
    Ok(found)
}

/// Whether somebody missed a session and did not make up for it on another run.
fn is_missed(one: &Noted, all: &[Noted]) -> bool {
    let made_up = all
        .iter()
        .any(|other| (other.course, other.session) == (one.course, one.session) && other.outcome.took_part());
    !one.outcome.took_part() && !made_up
}

fn started(one: &Noted) -> Ts {
    session_starts(one.first_session, one.session)
        .pop()
        .unwrap_or(one.first_session)
}

/// The same session on other runs of the course, ahead and not far, with room that day.
fn beside(conn: &mut Conn<'_>, missed: &Noted, now: Ts) -> Result<Vec<(DiaryRun, Ts)>> {
    let weeks_before = i64::from(missed.session) * 7;
    let others = runs::list_of_course(conn, missed.course, now.plus_days(-weeks_before))?;
    let mut found = Vec::new();
    for run in others
        .into_iter()
        .filter(|run| run.id != missed.run && !run.cancelled)
    {
        let Some(starts) = run.session(missed.session) else {
            continue;
        };
        let soon = starts > now && starts <= now.plus_days(WITHIN_DAYS);
        if soon && has_room(conn, &run, missed.session)? {
            found.push((run, starts));
        }
    }
    Ok(found)
}

/// Whether a chair is free that day: a place nobody has, or of somebody who told us they will not come.
fn has_room(conn: &mut Conn<'_>, run: &DiaryRun, session: i32) -> Result<bool> {
    let noted = store::list_noted(conn, run.id, session)?;
    let away = noted
        .iter()
        .filter(|(_, (outcome, _))| outcome.is_known_before())
        .count();
    Ok(run.free() + away > 0)
}

/// Those who missed this session on another run of the course within the last days: they may come to this one.
pub(super) fn guests(conn: &mut Conn<'_>, run: &DiaryRun, session: i32, starts: Ts) -> Result<Vec<Id>> {
    let others = store::list_of_session(conn, run.course, session)?;
    let mut guests: Vec<Id> = others
        .iter()
        .filter(|one| one.run != run.id && !one.outcome.took_part())
        .filter(|one| started(one) < starts && started(one) > starts.plus_days(-WITHIN_DAYS - 7))
        .map(|one| one.referral)
        .collect();
    guests.sort();
    guests.dedup();
    let made_up = |id: &Id| {
        let theirs = others.iter().filter(|one| one.referral == *id);
        theirs
            .into_iter()
            .any(|one| one.run != run.id && one.outcome.took_part())
    };
    guests.retain(|id| !made_up(id));
    Ok(guests)
}
