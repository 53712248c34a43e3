//! Making promises of contact: the first contact of a new referral, one that new worry makes due earlier, and what other
//! modules owe a patient. Never ends one for a decision about the referral.

use super::contact_promise::{ContactPlan, Ended, Ending, Promise, Subject};
use super::contact_way::Way;
use super::person::Person;
use super::store::{self, promises};
use crate::config::OpeningHours;
use crate::db::{Conn, Result};
use crate::triage::Priority;
use crate::values::{Id, Ts};

/// The promise of first contact, due at `due`. For somebody who may be in danger the first attempt is made at once, for
/// others on the day it is due.
pub(super) fn first_contact(
    referral: Id,
    person: &Person,
    priority: Priority,
    (due, now): (Ts, Ts),
) -> Promise {
    Promise {
        next_at: first_attempt(priority, due, now),
        ..new(referral, Subject::FirstContact, way_to(person), (due, now))
    }
}

fn first_attempt(priority: Priority, due: Ts, now: Ts) -> Ts {
    match priority {
        Priority::P1 | Priority::P2 => now.min(due),
        Priority::P3 | Priority::P4 => due,
    }
}

/// A promise that nobody has tried to keep yet.
pub(super) fn new(referral: Id, subject: Subject, way: Way, (due, now): (Ts, Ts)) -> Promise {
    Promise {
        id: Id::drawn_at(now),
        referral,
        subject,
        way,
        run: None,
        made_at: now,
        due_at: due,
        next_at: due,
        tries: 0,
        tried_at: None,
        outcome: None,
        number_wrong: false,
        message: None,
        ended: None,
    }
}

/// The way that somebody is reached first: a call where a number is known, else in writing where that is allowed. Where
/// nothing is allowed or known, somebody looks for another way, as for a call.
fn way_to(person: &Person) -> Way {
    match (person.phone.is_some(), person.may_mail(), person.may_post()) {
        (true, _, _) => Way::Call,
        (false, true, _) => Way::Email,
        (false, false, true) => Way::Letter,
        (false, false, false) => Way::Call,
    }
}

/// First contact owed by `due`, because of new worry: a promise still open is moved earlier, never later; one that was kept
/// is followed by another. The moment by which contact is now promised.
pub(super) fn owe_first_contact(
    conn: &mut Conn<'_>,
    referral: Id,
    person: &Person,
    priority: Priority,
    (due, now): (Ts, Ts),
) -> Result<Ts> {
    let plan = promises::plan_of(conn, referral)?;
    let promise = match plan.about(Subject::FirstContact) {
        Some(open) => Promise {
            due_at: open.due_at.min(due),
            next_at: open.next_at.min(first_attempt(priority, due, now)),
            ..open.clone()
        },
        None => first_contact(referral, person, priority, (due, now)),
    };
    promises::put(conn, referral, std::slice::from_ref(&promise))?;
    Ok(promise.due_at)
}

/// Contact that another module owes a patient by phone.
#[derive(Clone, Copy, Debug)]
pub struct CallWanted {
    /// What it is about.
    pub subject: Subject,
    /// The course date, if it is about one.
    pub run: Option<Id>,
    /// By when.
    pub due_at: Ts,
}

/// Promises a call, once for each subject; one that is open already keeps the earlier time. Nothing is promised to
/// somebody who died.
pub fn promise_call(conn: &mut Conn<'_>, referral: Id, wanted: CallWanted, now: Ts) -> Result<()> {
    let died = store::find_by_id(conn, referral)?.is_none_or(|row| row.died_at.is_some());
    if died {
        return Ok(());
    }
    let plan = promises::plan_of(conn, referral)?;
    let promise = match plan.about(wanted.subject) {
        Some(open) if open.due_at <= wanted.due_at => return Ok(()),
        Some(open) => Promise {
            due_at: wanted.due_at,
            ..open.clone()
        },
        None => Promise {
            run: wanted.run,
            next_at: now.min(wanted.due_at),
            ..new(referral, wanted.subject, Way::Call, (wanted.due_at, now))
        },
    };
    promises::put(conn, referral, &[promise])
}

/// Ends the open promises that pass on news about a place, because there is newer news or none.
pub fn supersede_place_news(conn: &mut Conn<'_>, referral: Id, now: Ts) -> Result<()> {
    let plan = promises::plan_of(conn, referral)?;
    let old = plan.open().filter(|promise| promise.subject.is_place_news());
    let ended: Vec<Promise> = old.map(|old| end(old, Ending::Superseded, None, now)).collect();
    promises::put(conn, referral, &ended)
}

/// A promise as it stands once it has ended.
pub(super) fn end(promise: &Promise, ending: Ending, by: Option<Id>, at: Ts) -> Promise {
    Promise {
        message: None,
        ended: Some(Ended {
            at,
            by,
            ending,
            attempt: None,
        }),
        ..promise.clone()
    }
}

/// The patient answered the team's question on their own page: that is the contact it asked for.
pub(super) fn answered(conn: &mut Conn<'_>, referral: Id, now: Ts) -> Result<()> {
    let plan = promises::plan_of(conn, referral)?;
    let asked = plan
        .open()
        .filter(|promise| matches!(promise.subject, Subject::Question | Subject::Chase));
    let ended: Vec<Promise> = asked
        .map(|asked| end(asked, Ending::Contact, None, now))
        .collect();
    promises::put(conn, referral, &ended)
}

/// The number is another one: attempts with the old one do not count, and it may be right. What is due stays due.
pub(super) fn new_number(conn: &mut Conn<'_>, referral: Id, now: Ts) -> Result<()> {
    let plan = promises::plan_of(conn, referral)?;
    let changed: Vec<Promise> = plan
        .open()
        .map(|open| Promise {
            tries: 0,
            next_at: match open.number_wrong {
                true => now.min(open.next_at),
                false => open.next_at,
            },
            number_wrong: false,
            ..open.clone()
        })
        .collect();
    promises::put(conn, referral, &changed)
}

/// Promises of one referral, and what follows from them.
pub fn contact_plan(conn: &mut Conn<'_>, referral: Id) -> Result<ContactPlan> {
    promises::plan_of(conn, referral)
}

/// Plans of these referrals; one without a promise is left out.
pub fn contact_plans(conn: &mut Conn<'_>, referrals: &[Id]) -> Result<Vec<ContactPlan>> {
    promises::list_plans(conn, referrals)
}

/// Plans for which somebody tries next until this moment, the earliest promise first. The caller notes the reading.
pub fn list_to_contact(conn: &mut Conn<'_>, until: Ts, most: i64) -> Result<Vec<ContactPlan>> {
    let referrals = promises::list_to_contact(conn, until, most)?;
    let mut plans = promises::list_plans(conn, &referrals)?;
    plans.sort_by_key(|plan| (plan.due_at(), plan.referral));
    Ok(plans)
}

/// Open referrals from before the ledger whose routine contact is past its time and for a clinical lead to look through.
pub fn list_left_to_lead(conn: &mut Conn<'_>, most: i64) -> Result<Vec<Id>> {
    promises::list_left_to_lead(conn, most)
}

/// Number of people somebody tries to contact until this moment; counting stops at `most`.
pub fn count_to_contact(conn: &mut Conn<'_>, until: Ts, most: i64) -> Result<usize> {
    promises::count_to_contact(conn, until, most)
}

/// Number of people to whom a promise of contact was broken; counting stops at `most`.
pub fn count_overdue(conn: &mut Conn<'_>, now: Ts, most: i64) -> Result<usize> {
    promises::count_overdue(conn, now, most)
}

/// The end of the working day so many working days later. The list of calls shows a day at a time: what was due at the
/// hour of the decision would be overdue minutes after that day began.
pub(super) fn working_days(hours: &OpeningHours, from: Ts, days: u32) -> Ts {
    use jiff::ToSpan;
    let tomorrow = from.london_date().saturating_add(1.day());
    let day = hours.working_day_after(tomorrow, days.saturating_sub(1));
    hours.closing(day).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Locality;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    #[test]
    fn what_is_to_be_told_is_due_at_the_end_of_a_working_day() {
        let hours = Locality::example().expect("an example").hours;
        for (from, days, due) in [
            ("2026-11-23T09:05:00Z", 1, "2026-11-24T17:00:00Z"),
            ("2026-11-23T16:59:00Z", 2, "2026-11-25T17:00:00Z"),
            // On a Friday evening, and on a Sunday: the Monday.
            ("2026-11-27T18:00:00Z", 1, "2026-11-30T17:00:00Z"),
            ("2026-11-29T06:00:00Z", 1, "2026-11-30T17:00:00Z"),
            // The clocks go forward in between.
            ("2026-03-27T15:00:00Z", 1, "2026-03-30T16:00:00Z"),
        ] {
            assert_eq!(working_days(&hours, at(from), days), at(due), "{from}");
        }
    }

    #[test]
    fn somebody_who_may_be_in_danger_is_tried_at_once_and_others_when_it_is_due() {
        let (now, due) = (at("2026-11-23T09:00:00Z"), at("2026-11-24T17:00:00Z"));
        let referral = Id::from_bytes([7; 16]);
        let next = |priority| first_contact(referral, &Person::default(), priority, (due, now)).next_at;
        assert_eq!((next(Priority::P1), next(Priority::P2)), (now, now));
        assert_eq!((next(Priority::P3), next(Priority::P4)), (due, due));
    }

    #[test]
    fn the_way_is_one_that_is_known_and_allowed() {
        let person = |phone: bool, write: bool, email: bool, post: bool| Person {
            phone: phone.then(|| "+441144960123".to_owned()),
            email: email.then(|| "robin@example.org".to_owned()),
            write_ok: write,
            address: if post {
                vec!["1 Example Street".to_owned()]
            } else {
                Vec::new()
            },
            postcode: post.then(|| "S1 1AA".to_owned()),
            ..Person::default()
        };
        for (person, way) in [
            (person(true, true, true, true), Way::Call),
            (person(false, true, true, true), Way::Email),
            (person(false, true, false, true), Way::Letter),
            (person(false, false, true, true), Way::Call),
        ] {
            assert_eq!(way_to(&person), way);
        }
    }
}
