//! The clock: while nobody acknowledges, those on shift are told one after the other, then another route, with pauses
//! that grow. Each step is looked at and done in one transaction that looks again, so that two instances do no harm.

use std::sync::Arc;
use std::time::Duration;

use super::not_reached::tell_not_reached;
use super::together::{self, Recipient, Sounding, Ways, Words};
use super::turn::{Told, Turn, next_turn};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::notify::{self, OTHER_ROUTE, OnDuty, RotaPerson, Status};
use crate::referrals::event_kind::EventKind;
use crate::referrals::state::Queue;
use crate::referrals::store::escalations::{self, Step};
use crate::referrals::store::{self, NewEvent, Row};
use crate::referrals::timeline::{By, Payload};
use crate::values::{Id, Ts, random};

/// How long the worker rests between two looks: a step, and what is told together, is late by no more.
const REST: Duration = Duration::from_secs(10);
/// Steps done between two looks at who is still unacknowledged; those that wait longest come first.
const MOST_STEPS: usize = 200;

/// Watches the clock until `shutdown` resolves; the round in hand is finished.
pub async fn escalate_until(app: Arc<App>, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        if let Err(refused) = escalate(&app).await {
            tracing::error!(error = %refused, "urgent referrals could not be looked at; the next round tries again");
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(REST) => {}
        }
    }
}

/// One round: who stands unacknowledged for too long is told to the next who can be told, what is to be told together is
/// written, and who was acknowledged and not reached in time is told too. Returns how many steps were done.
pub async fn escalate(app: &Arc<App>) -> Result<usize> {
    let mut told = 0;
    loop {
        let due = due(app).await?;
        let full = due.len() >= MOST_STEPS;
        let before = told;
        for referral in due.into_iter().take(MOST_STEPS) {
            // One that refuses must not keep the others from being told.
            match step(app, referral).await {
                Ok(done) => told += usize::from(done),
                Err(refused) => {
                    tracing::error!(error = %refused, "an urgent referral could not be told to the next on the rota");
                }
            }
        }
        if !full || told == before {
            break;
        }
    }
    let written = write_together(app).await?;
    let late = tell_not_reached(app).await?;
    if told > 0 {
        metrics::counter!("escalations_total").increment(told as u64);
        tracing::warn!(
            told,
            "urgent referrals stood unacknowledged; the next on the rota is told"
        );
    }
    if told > 0 || written || late > 0 {
        app.mailer.nudge();
    }
    Ok(told)
}

/// Stops what is about nobody any longer, and writes what waits for those whose window is over; `true` when anything was
/// written.
async fn write_together(app: &Arc<App>) -> Result<bool> {
    let now = app.clock.now();
    let read = app
        .db
        .read(move |conn| Ok((together::list_ended(conn)?, together::list_over(conn, now)?)));
    let (ended, over) = read.await?;
    for to in ended {
        let stopping = app.db.write(move |conn| together::stop_ended(conn, &to, now));
        if let Err(refused) = stopping.await {
            tracing::error!(error = %refused, "a message about several could not be stopped");
        }
    }
    let mut written = false;
    for to in over {
        let (inside, name) = (app.clone(), to.clone());
        let one = app
            .db
            .write(move |conn| together::write(conn, &inside, &name, now));
        match one.await {
            Ok(done) => written |= done,
            Err(refused) => {
                tracing::error!(error = %refused, "several urgent referrals could not be told together");
            }
        }
    }
    Ok(written)
}

/// Whose turn has come: those that wait longest first.
async fn due(app: &Arc<App>) -> Result<Vec<Id>> {
    let (inside, now) = (app.clone(), app.clock.now());
    let minutes = i64::from(app.config.locality.escalation.minutes);
    let before = now.plus_minutes(-minutes);
    let read = app.db.read(move |conn| {
        let standing = escalations::list_standing(conn, before)?;
        if standing.is_empty() {
            return Ok(Vec::new());
        }
        let duty = notify::people_on_duty(conn, &inside.config.locality, now)?;
        let steps = standing.iter().map(|(_, _, steps)| steps.as_slice());
        let arrived = arrived_calls(conn, steps)?;
        let mut due: Vec<(Ts, Id)> = Vec::new();
        for (referral, received, steps) in &standing {
            let turn = turn_of(&inside, &duty, (*received, steps), &arrived);
            due.extend(
                turn.filter(|turn| turn.at <= now)
                    .map(|turn| (turn.at, *referral)),
            );
        }
        due.sort_unstable();
        Ok(due.into_iter().map(|(_, referral)| referral).collect())
    });
    read.await
}

/// The steps since the alarm began last.
fn since_it_began(steps: &[Step]) -> &[Step] {
    let begin = steps.iter().rposition(|step| step.first).unwrap_or(0);
    steps.get(begin..).unwrap_or_default()
}

/// Which of the calls with which these alarms began have arrived.
fn arrived_calls<'a>(conn: &mut Conn<'_>, alarms: impl Iterator<Item = &'a [Step]>) -> Result<Vec<Id>> {
    let first = alarms.filter_map(|steps| since_it_began(steps).first());
    let calls: Vec<Id> = first
        .filter(|step| step.first)
        .filter_map(|step| step.webhook_id)
        .collect();
    let fates = notify::statuses(conn, &calls)?;
    let arrived = fates
        .into_iter()
        .filter(|(_, status, _)| *status == Status::Delivered);
    Ok(arrived.map(|(id, _, _)| id).collect())
}

/// Whose turn it is. Of the notice with which an alarm begins somebody counts as told only if the call arrived: else the
/// first on shift is still to be told, by mail as well.
fn turn_of(app: &App, duty: &OnDuty, (received, steps): (Ts, &[Step]), arrived: &[Id]) -> Option<Turn> {
    let told = since_it_began(steps).iter().map(|step| Told {
        person: step
            .person_id
            .filter(|_| !step.first || step.webhook_id.is_some_and(|call| arrived.contains(&call))),
        at: step.at,
    });
    let told: Vec<Told> = told.collect();
    next_turn(duty, &told, received, &app.config.locality.escalation)
}

/// What is drawn before the transaction of a step.
#[derive(Clone, Copy)]
struct Drawn {
    sounding: Sounding,
    salt: [u8; 16],
    now: Ts,
}

async fn step(app: &Arc<App>, referral: Id) -> Result<bool> {
    let inside = app.clone();
    let drawn = Drawn {
        sounding: Sounding::draw(),
        salt: random()?,
        now: app.clock.now(),
    };
    app.db
        .write(move |conn| step_within(conn, &inside, referral, drawn))
        .await
}

/// One step, if it is still due.
fn step_within(conn: &mut Conn<'_>, app: &App, referral: Id, drawn: Drawn) -> Result<bool> {
    let row = store::find_by_id(conn, referral)?.filter(|row| row.queue == Queue::Now);
    let Some(row) = row else {
        return Ok(false);
    };
    let steps = escalations::list(conn, referral)?;
    let duty = notify::people_on_duty(conn, &app.config.locality, drawn.now)?;
    let arrived = arrived_calls(conn, std::iter::once(steps.as_slice()))?;
    let turn = turn_of(app, &duty, (row.received_at, &steps), &arrived);
    let Some(turn) = turn.filter(|turn| turn.at <= drawn.now) else {
        return Ok(false);
    };
    let person = turn.person;
    let words = write_to(conn, app, referral, &person, drawn)?;
    let step = Step {
        referral_id: referral,
        step: steps.last().map_or(1, |last| last.step + 1),
        first: false,
        person_id: Some(person.id),
        person: Some(person.name.clone()),
        mail_id: words.mail,
        webhook_id: words.call,
        at: drawn.now,
    };
    if !escalations::insert(conn, &step)? {
        return Err(Error::Conflict);
    }
    if let Some(text) = news(app, since_it_began(&steps), &step) {
        note(conn, app, row, text, drawn)?;
    }
    Ok(true)
}

/// What stands on the timeline: that the clock passes it on for the first time, and that the other route is taken. The
/// rest is counted on the record's page.
fn news(app: &App, before: &[Step], step: &Step) -> Option<String> {
    let name = step.person.as_deref().unwrap_or_default();
    let ways = match step.webhook_id {
        Some(_) => "by mail and by the second channel",
        None => "by mail",
    };
    let was_told = |id: Id| before.iter().any(|step| step.person_id == Some(id));
    if step.person_id == Some(OTHER_ROUTE) && !was_told(OTHER_ROUTE) {
        return Some(format!(
            "Nobody who was told has acknowledged it. Another route is taken: {name}, {ways}"
        ));
    }
    let passed_on_before = before.iter().any(|step| !step.first);
    (!passed_on_before).then(|| {
        format!(
            "Nobody acknowledged it within {} minutes. Told next: {name}, {ways}. Who is told after that is counted \
             at the top of this page",
            app.config.locality.escalation.minutes
        )
    })
}

fn note(conn: &mut Conn<'_>, app: &App, mut row: Row, text: String, drawn: Drawn) -> Result<()> {
    let (head, payload) = (row.head_seq, Payload::text(text));
    let event = NewEvent {
        kind: EventKind::Escalated,
        by: By::System,
        at: drawn.now,
        payload: &payload,
        salt: drawn.salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, head)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)
}

/// Mail and call to a person. What waits for them already, from a round before, is not written twice: while mail is down
/// for a weekend nobody's mailbox is filled for Monday.
fn write_to(
    conn: &mut Conn<'_>,
    app: &App,
    referral: Id,
    person: &RotaPerson,
    drawn: Drawn,
) -> Result<Words> {
    let before = escalations::find_last_of(conn, referral, person.id)?;
    let sent: Vec<Id> = before
        .iter()
        .flat_map(|step| [step.mail_id.filter(|_| !step.first), step.webhook_id])
        .flatten()
        .collect();
    let fates = notify::statuses(conn, &sent)?;
    let waits = |id: Option<Id>| {
        id.filter(|id| {
            fates
                .iter()
                .any(|(known, status, _)| known == id && *status == Status::Waiting)
        })
    };
    let mail = waits(before.as_ref().and_then(|step| step.mail_id));
    let call = waits(before.as_ref().and_then(|step| step.webhook_id));
    let ways = Ways {
        mail: mail.is_none(),
        call: call.is_none() && app.mailer.has_second_channel(),
    };
    let to = Recipient::Person(person.id);
    let words = together::join(conn, &to, referral, ways, (drawn.sounding, drawn.now))?;
    Ok(Words {
        mail: mail.or(words.mail),
        call: call.or(words.call),
    })
}
