//! An urgent referral that nobody has acknowledged: the alarm with which it begins, and the clock that tells the next
//! on the rota, round and round, until a named person says that they act. Each step is looked at and done in one
//! transaction that looks again, so that two instances do no harm.

use std::sync::Arc;
use std::time::Duration;

use super::event_kind::EventKind;
use super::messages;
use super::reference::Reference;
use super::state::Queue;
use super::store::escalations::{self, Step};
use super::store::{self, NewEvent, Row};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::notify::{self, Alarm, AlarmKind, RotaPerson, Status};
use crate::triage::Priority;
use crate::values::{Id, Ts, random};
use crate::web::paths;

/// How long the worker rests between two looks: a step is late by no more.
const REST: Duration = Duration::from_secs(30);
/// Steps done in one round, those that wait longest first; the rest waits for the next round.
const MOST_STEPS: usize = 200;

/// The ids of what an alarm writes; drawn before the transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sounding {
    /// The mail to the service.
    pub mail: Id,
    /// The call of the second channel.
    pub call: Id,
}

impl Sounding {
    pub(super) fn draw() -> Self {
        Self {
            mail: Id::new(),
            call: Id::new(),
        }
    }
}

/// Tells the service of a referral by mail. Where that puts it among those who need somebody now, an alarm begins: the
/// first on the rota is called by the second channel in the same moment, if there is one, and the clock starts. An
/// alarm that is running already goes on: more worry never sets its clock back.
pub(super) fn tell_service(
    conn: &mut Conn<'_>,
    app: &App,
    row: &Row,
    told: (&Reference, Priority),
    (sounding, now): (Sounding, Ts),
    was_running: bool,
) -> Result<()> {
    let (reference, priority) = told;
    let message = messages::to_service(&app.config, row.service, priority, row.id, reference);
    notify::enqueue(conn, &app.keys, sounding.mail, &message, now)?;
    if row.queue != Queue::Now || was_running {
        return Ok(());
    }
    let last = escalations::find_last(conn, row.id)?;
    let rota = notify::rota_people(conn, &app.config.locality.rota)?;
    let called = rota.first().filter(|_| app.mailer.has_second_channel());
    let step = Step {
        referral_id: row.id,
        step: last.map_or(0, |last| last.step + 1),
        first: true,
        person_id: called.map(|person| person.id),
        person: called.map(|person| person.name.clone()),
        mail_id: Some(sounding.mail),
        webhook_id: called.map(|_| sounding.call),
        at: now,
    };
    if let Some(person) = called {
        let alarm = alarm(app, row.id, reference, person, 0);
        notify::enqueue_alarm(conn, &app.keys, sounding.call, &alarm, now)?;
    }
    match escalations::insert(conn, &step)? {
        true => Ok(()),
        false => Err(Error::Conflict),
    }
}

fn alarm(app: &App, referral: Id, reference: &Reference, person: &RotaPerson, step: i32) -> Alarm {
    Alarm {
        about: referral,
        kind: AlarmKind::Urgent,
        reference: reference.to_string(),
        link: format!("{}{}", app.config.base_url, paths::referral(reference.as_str())),
        step,
        phone: person.phone.clone(),
    }
}

/// What was done last about an unacknowledged referral.
#[derive(Clone, Debug)]
pub struct LastStep {
    /// Which referral.
    pub referral: Id,
    /// Whether it is the notice with which the alarm began.
    pub first: bool,
    /// Who on the rota was told; nobody by name where only the service's mailbox was.
    pub person: Option<(Id, String)>,
    /// The messages written.
    pub messages: Vec<Id>,
    /// The mail to the service's mailbox among them, if it was one.
    pub mailbox: Option<Id>,
    /// When.
    pub at: Ts,
}

/// What was done last about each of these referrals; one that nobody was told of by an alarm is left out.
pub fn last_steps(conn: &mut Conn<'_>, referrals: &[Id]) -> Result<Vec<LastStep>> {
    let steps = escalations::list_last(conn, referrals)?;
    Ok(steps
        .into_iter()
        .map(|step| LastStep {
            referral: step.referral_id,
            first: step.first,
            person: step.person_id.zip(step.person),
            messages: [step.mail_id, step.webhook_id].into_iter().flatten().collect(),
            mailbox: step.mail_id.filter(|_| step.first),
            at: step.at,
        })
        .collect())
}

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

/// One round: whoever stands unacknowledged for too long is told to the next on the rota. Returns how many.
pub async fn escalate(app: &Arc<App>) -> Result<usize> {
    let minutes = i64::from(app.config.locality.escalation.minutes);
    let before = app.clock.now().plus_minutes(-minutes);
    let due = app
        .db
        .read(move |conn| escalations::list_due(conn, before, MOST_STEPS))
        .await?;
    let mut told = 0;
    for referral in due {
        // One that refuses must not keep the others from being told.
        match step(app, referral).await {
            Ok(done) => told += usize::from(done),
            Err(refused) => {
                tracing::error!(error = %refused, "an urgent referral could not be told to the next on the rota");
            }
        }
    }
    if told > 0 {
        metrics::counter!("escalations_total").increment(told as u64);
        tracing::warn!(
            told,
            "urgent referrals stood unacknowledged; the next on the rota is told"
        );
        app.mailer.nudge();
    }
    Ok(told)
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
    let Some(mut row) = store::find_by_id(conn, referral)?.filter(|row| row.queue == Queue::Now) else {
        return Ok(false);
    };
    let last = escalations::find_last(conn, referral)?;
    let minutes = app.config.locality.escalation.minutes;
    let since = last.as_ref().map_or(row.received_at, |last| last.at);
    if since.plus_minutes(minutes.into()) > drawn.now {
        return Ok(false);
    }
    let rota = notify::rota_people(conn, &app.config.locality.rota)?;
    let told_before = match &last {
        Some(last) => who_was_told(conn, last)?,
        None => None,
    };
    let Some(person) = notify::after(&rota, told_before) else {
        return Ok(false);
    };
    let reference = Reference::parse(&row.reference);
    let reference = reference.ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?;
    let number = last.map_or(1, |last| last.step + 1);
    let (mail_id, webhook_id) = write_to(conn, app, &row, &reference, person, (number, drawn))?;
    let step = Step {
        referral_id: referral,
        step: number,
        first: false,
        person_id: Some(person.id),
        person: Some(person.name.clone()),
        mail_id: Some(mail_id),
        webhook_id,
        at: drawn.now,
    };
    if !escalations::insert(conn, &step)? {
        return Err(Error::Conflict);
    }
    let ways = match webhook_id {
        Some(_) => "by mail and by the second channel",
        None => "by mail",
    };
    let text = format!(
        "Nobody acknowledged it within {minutes} minutes. Told next: {}, {ways}",
        person.name
    );
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
    store::insert_event(conn, &event)?;
    Ok(true)
}

/// Who on the rota has been told by the last step. Of the notice with which an alarm begins that is so only if the call
/// arrived: else the first on the rota is still to be told, by mail as well.
fn who_was_told(conn: &mut Conn<'_>, last: &Step) -> Result<Option<Id>> {
    match (last.first, last.webhook_id) {
        (false, _) => Ok(last.person_id),
        (true, None) => Ok(None),
        (true, Some(call)) => {
            let fates = notify::statuses(conn, &[call])?;
            let arrived = fates.iter().any(|(_, status, _)| *status == Status::Delivered);
            Ok(last.person_id.filter(|_| arrived))
        }
    }
}

/// Writes mail and call to a person. What waits for them already, from a round before, is not written twice: while mail
/// is down for a weekend nobody's mailbox is filled for Monday.
fn write_to(
    conn: &mut Conn<'_>,
    app: &App,
    row: &Row,
    reference: &Reference,
    person: &RotaPerson,
    (number, drawn): (i32, Drawn),
) -> Result<(Id, Option<Id>)> {
    let before = escalations::find_last_of(conn, row.id, person.id)?;
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
    let waiting_mail = waits(before.as_ref().and_then(|step| step.mail_id));
    let waiting_call = waits(before.as_ref().and_then(|step| step.webhook_id));
    let mail = match waiting_mail {
        Some(id) => id,
        None => {
            let message = messages::to_next_on_rota(&app.config, &person.email, row.id, reference);
            notify::enqueue(conn, &app.keys, drawn.sounding.mail, &message, drawn.now)?;
            drawn.sounding.mail
        }
    };
    let call = match waiting_call {
        Some(id) => Some(id),
        None if app.mailer.has_second_channel() => {
            let alarm = alarm(app, row.id, reference, person, number);
            notify::enqueue_alarm(conn, &app.keys, drawn.sounding.call, &alarm, drawn.now)?;
            Some(drawn.sounding.call)
        }
        None => None,
    };
    Ok((mail, call))
}

/// Whether a person who saw the timeline up to `seen` has seen all that matters for a decision: that the next on the
/// rota was told meanwhile is no news about the patient, and must not keep anybody from acknowledging.
pub fn has_seen_enough(conn: &mut Conn<'_>, referral: Id, head: i32, seen: i32) -> Result<bool> {
    Ok(seen == head || (seen < head && !escalations::other_events_after(conn, referral, seen)?))
}
