//! Somebody in danger whom a named person has acknowledged, and whom nobody has reached by the time that was promised: that
//! person is told, then those on shift, one after the other, and nobody of the same promise twice in four working hours.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::together::Sounding;
use crate::app::App;
use crate::config::OpeningHours;
use crate::db::{Conn, Error, Result};
use crate::notify::{self, Alarm, AlarmKind, RotaPerson};
use crate::referrals::event_kind::EventKind;
use crate::referrals::messages;
use crate::referrals::reference::Reference;
use crate::referrals::store::late_notices::{self, Late};
use crate::referrals::store::{self, NewEvent};
use crate::referrals::timeline::{By, Payload};
use crate::staff;
use crate::values::{Id, Ts, random};
use crate::web::paths;

/// Working minutes before the same person is told of the same broken promise once more.
const AGAIN_AFTER_MINUTES: i64 = 4 * 60;

/// Who was told of one promise, and when.
type Told = Vec<(String, Ts)>;

/// Somebody who can be told: a colleague by mail, somebody on the rota by mail and by a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    key: String,
    name: String,
    email: String,
    phone: Option<String>,
}

impl Candidate {
    fn on_rota(person: &RotaPerson) -> Self {
        Self {
            key: format!("person {}", person.id),
            name: person.name.clone(),
            email: person.email.clone(),
            phone: Some(person.phone.clone()),
        }
    }
}

/// Who can be told of one promise, in order: whoever acknowledged it, where they have a mailbox, then those on duty. Who is
/// both stands there once, with the number to call.
fn candidates(
    conn: &mut Conn<'_>,
    acknowledged_by: Option<Id>,
    on_duty: &[Candidate],
    now: Ts,
) -> Result<Vec<Candidate>> {
    let mut all = on_duty.to_vec();
    let Some(colleague) = acknowledged_by else {
        return Ok(all);
    };
    let Some((name, email)) = staff::find_mailbox(conn, colleague, now)? else {
        return Ok(all);
    };
    let same = all.iter().position(|one| one.email.eq_ignore_ascii_case(&email));
    let first = match same {
        Some(place) => all.remove(place),
        None => Candidate {
            key: format!("colleague {colleague}"),
            name,
            email,
            phone: None,
        },
    };
    all.insert(0, first);
    Ok(all)
}

/// Whose turn it is to be told of a promise: the first who was not told of it in the last four working hours; nobody while
/// somebody was told within the minutes of the clock.
fn whose_turn<'a>(
    people: &'a [Candidate],
    told: &[(String, Ts)],
    (hours, minutes): (&OpeningHours, i64),
    now: Ts,
) -> Option<&'a Candidate> {
    if told.iter().any(|(_, at)| at.plus_minutes(minutes) > now) {
        return None;
    }
    let may_be_told = |person: &&Candidate| {
        let last = told.iter().find(|(who, _)| *who == person.key);
        last.is_none_or(|(_, at)| hours.after_working_minutes(*at, AGAIN_AFTER_MINUTES) <= now)
    };
    people.iter().find(may_be_told)
}

/// A promise with when its next recipient was told of it last.
type Due = (Late, Option<Ts>, bool);

/// Tells those whose turn it is, each of all that is late in one message; returns how many were told.
pub(super) async fn tell_not_reached(app: &Arc<App>) -> Result<usize> {
    let mut told = 0;
    for (person, late) in due(app).await? {
        let (inside, now, sounding) = (app.clone(), app.clock.now(), Sounding::draw());
        let mut salts: Vec<[u8; 16]> = Vec::with_capacity(late.len());
        for _ in &late {
            salts.push(random()?);
        }
        let one = app
            .db
            .write(move |conn| tell_one(conn, &inside, &person, (&late, &salts), (sounding, now)));
        match one.await {
            Ok(done) => told += usize::from(done),
            Err(refused) => {
                tracing::error!(error = %refused, "that somebody was not reached in time could not be told");
            }
        }
    }
    Ok(told)
}

async fn due(app: &Arc<App>) -> Result<Vec<(Candidate, Vec<Due>)>> {
    let (inside, now) = (app.clone(), app.clock.now());
    let read = app.db.read(move |conn| {
        let late = late_notices::list_late(conn, now)?;
        if late.is_empty() {
            return Ok(Vec::new());
        }
        let locality = &inside.config.locality;
        let duty = notify::people_on_duty(conn, locality, now)?;
        let on_duty: Vec<Candidate> = duty.people.iter().map(Candidate::on_rota).collect();
        let promises: Vec<Id> = late.iter().map(|late| late.promise).collect();
        let mut told: BTreeMap<Id, Told> = BTreeMap::new();
        for (promise, who, at) in late_notices::list_told(conn, &promises)? {
            told.entry(promise).or_default().push((who, at));
        }
        let clock = (&locality.hours, i64::from(locality.escalation.minutes));
        let mut due: BTreeMap<Candidate, Vec<Due>> = BTreeMap::new();
        for late in late {
            let told = told.remove(&late.promise).unwrap_or_default();
            let people = candidates(conn, late.acknowledged_by, &on_duty, now)?;
            let Some(person) = whose_turn(&people, &told, clock, now) else {
                continue;
            };
            let before = told.iter().find(|(who, _)| *who == person.key);
            let before = before.map(|(_, at)| *at);
            let of_person = due.entry(person.clone()).or_default();
            of_person.push((late, before, told.is_empty()));
        }
        let mut ready = Vec::new();
        for (person, late) in due {
            // One person is told once in some minutes, whatever comes meanwhile.
            let together = i64::from(locality.escalation.together);
            let last = late_notices::last_told(conn, &person.key)?;
            if last.is_none_or(|last| last.plus_minutes(together) <= now) {
                ready.push((person, late));
            }
        }
        Ok(ready)
    });
    read.await
}

fn tell_one(
    conn: &mut Conn<'_>,
    app: &App,
    person: &Candidate,
    (late, salts): (&[Due], &[[u8; 16]]),
    (sounding, now): (Sounding, Ts),
) -> Result<bool> {
    let still: Vec<Id> = late_notices::list_late(conn, now)?
        .into_iter()
        .map(|late| late.promise)
        .collect();
    let mut which = Vec::new();
    for ((late, before, first), salt) in late.iter().zip(salts) {
        if !still.contains(&late.promise)
            || !late_notices::mark_told(conn, (late.promise, &person.key), *before, now)?
        {
            continue;
        }
        let reference = Reference::parse(&late.reference);
        which.push(reference.ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?);
        if *first {
            note(conn, app, late.referral, person, (*salt, now))?;
        }
    }
    if which.is_empty() {
        return Ok(false);
    }
    let mail = messages::not_reached(&app.config, &person.email, sounding.mail, &which);
    notify::enqueue(conn, &app.keys, sounding.mail, &mail, now)?;
    if let Some(phone) = person.phone.as_ref().filter(|_| app.mailer.has_second_channel()) {
        let alarm = call(app, phone, sounding.call, &which);
        notify::enqueue_alarm(conn, &app.keys, sounding.call, &alarm, now)?;
    }
    Ok(true)
}

fn call(app: &App, phone: &str, id: Id, which: &[Reference]) -> Alarm {
    let (reference, link) = match which {
        [one] => (one.to_string(), paths::referral(one.as_str())),
        many => (format!("{} referrals", many.len()), paths::INBOX_RINGS.to_owned()),
    };
    Alarm {
        about: id,
        kind: AlarmKind::Urgent,
        reference,
        link: format!("{}{link}", app.config.base_url),
        count: i32::try_from(which.len()).unwrap_or(i32::MAX),
        step: 0,
        phone: phone.to_owned(),
    }
}

/// One line on the timeline for each promise, when it is told for the first time.
fn note(
    conn: &mut Conn<'_>,
    app: &App,
    referral: Id,
    person: &Candidate,
    (salt, now): ([u8; 16], Ts),
) -> Result<()> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(());
    };
    let text = format!(
        "Acknowledged, and contact was not recorded by the time that was promised. Told: {}",
        person.name
    );
    let (head, payload) = (row.head_seq, Payload::text(text));
    let event = NewEvent {
        kind: EventKind::Escalated,
        by: By::System,
        at: now,
        payload: &payload,
        salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, head)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Locality;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a moment"))
    }

    fn person(name: &str) -> Candidate {
        Candidate {
            key: format!("person {name}"),
            name: name.to_owned(),
            email: format!("{name}@example.org"),
            phone: Some("0114 496 0111".to_owned()),
        }
    }

    #[test]
    fn nobody_is_told_of_the_same_broken_promise_twice_in_four_working_hours() {
        let hours = Locality::example().expect("an example").hours;
        let people = [person("A"), person("B")];
        let mut told: Told = Vec::new();
        let mut said = Vec::new();
        // Friday from 3pm to Monday evening, a look every five minutes.
        let start = at("2026-11-27T15:00:00Z");
        for minute in (0..77 * 60).step_by(5) {
            let now = start.plus_minutes(minute);
            if let Some(person) = whose_turn(&people, &told, (&hours, 15), now) {
                told.retain(|(who, _)| *who != person.key);
                told.push((person.key.clone(), now));
                said.push(format!("{} {}", person.name, now.london().strftime("%a %H:%M")));
            }
        }
        // Two working hours on Friday and two on Monday lie between the first and the second time.
        assert_eq!(
            said,
            [
                "A Fri 15:00",
                "B Fri 15:15",
                "A Mon 11:00",
                "B Mon 11:15",
                "A Mon 15:00",
                "B Mon 15:15"
            ]
        );
    }

    #[test]
    fn where_nobody_is_on_duty_nobody_has_a_turn() {
        let hours = Locality::example().expect("an example").hours;
        let now = at("2026-11-27T15:00:00Z");
        assert!(whose_turn(&[], &[], (&hours, 15), now).is_none());
    }
}
