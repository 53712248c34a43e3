//! Recording an attempt to reach a patient. Contact keeps every open promise; anything else keeps them open and plans the
//! next attempt. Each attempt stays on the record with a name, and is never refused because the referral changed
//! meanwhile: it was made. An outcome recorded by mistake is undone, which brings the promises back with their old times.

use super::contact_attempt::next_call;
use super::contact_outcome::ContactOutcome;
use super::contact_promise::{ContactPlan, Ended, Ending, Promise, Subject};
use super::contact_way::Way;
use super::event_kind::EventKind;
use super::person::Person;
use super::promise::working_days;
use super::store::contacts::{self, Attempt};
use super::store::links::list_same;
use super::store::{self, NewEvent, Row, promises};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::config::OpeningHours;
use crate::db::{Conn, Error, Result};
use crate::values::{Id, Purpose, Ts, random};

/// Attempts without contact within this many minutes count as one, be it a button tapped twice, an outcome put right, or
/// somebody who redials: each stays on the record, but only attempts at different times bring "could not reach" nearer.
/// Ours, for want of a national figure.
pub const ONE_ATTEMPT_MINUTES: i64 = 30;
/// Working days until the next attempt after a text or an e-mail was sent.
const AFTER_MESSAGE_DAYS: u32 = 2;
/// Working days until the next attempt after a letter was posted.
const AFTER_LETTER_DAYS: u32 = 5;

/// An attempt that was made, with what is drawn before the transaction.
#[derive(Clone, Debug)]
pub struct Contacting {
    id: Id,
    salts: [[u8; 16]; 2],
    at: Ts,
    staff: Id,
    outcome: ContactOutcome,
    note: String,
}

impl Contacting {
    /// An attempt by this member of staff; `note` in their words, may be empty.
    pub fn new(at: Ts, staff: Id, outcome: ContactOutcome, note: impl Into<String>) -> Result<Self> {
        Ok(Self {
            id: Id::new(),
            salts: [random()?, random()?],
            at,
            staff,
            outcome,
            note: note.into(),
        })
    }

    /// What came of it.
    pub fn outcome(&self) -> ContactOutcome {
        self.outcome
    }
}

/// Result of recording an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Recorded.
    Kept {
        /// Subjects that were owed until now, each with the attempts that reached nobody.
        owed: Vec<(Subject, i32)>,
        /// Moment of the next attempt; `None` when nothing is owed.
        next: Option<Ts>,
    },
    /// The patient did not allow this way, or it is not known where to.
    NotAllowed,
    /// There is no such referral.
    Missing,
}

/// Records an attempt in the caller's transaction.
pub fn record_contact(
    conn: &mut Conn<'_>,
    app: &App,
    referral: Id,
    contacting: &Contacting,
) -> Result<Recorded> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(Recorded::Missing);
    };
    let mut person = row.open_person(&app.keys)?;
    if !is_possible(contacting.outcome, &person) {
        return Ok(Recorded::NotAllowed);
    }
    if contacting.outcome.is_contact() && person.reached(contacting.id) {
        row.person = app.keys.seal_json(Purpose::Person, row.id, &person)?;
    }
    let plan = promises::plan_of(conn, referral)?;
    let payload = in_words(contacting, &plan);
    write_event(conn, app, &mut row, contacting, (&payload, contacting.salts[0]))?;
    let attempt = Attempt {
        id: contacting.id,
        referral_id: referral,
        staff_id: contacting.staff,
        outcome: contacting.outcome,
        at: contacting.at,
    };
    contacts::insert_attempt(conn, attempt)?;
    let hours = &app.config.locality.hours;
    let tried = contacts::list_tried(conn, referral, plan.tries() + 1)?;
    let mut changed: Vec<Promise> = plan
        .open()
        .map(|promise| after(promise, &row, hours, contacting, &tried))
        .collect();
    if contacting.outcome.is_contact() {
        changed.extend(plan.left_to_lead().map(|left| {
            let mut kept = left.clone();
            end(&mut kept, Ending::Contact, contacting);
            kept
        }));
    }
    promises::put(conn, referral, &changed)?;
    if contacting.outcome.is_contact() {
        keep_those_of_the_same_person(conn, app, &row, contacting)?;
    }
    Ok(Recorded::Kept {
        owed: changed
            .iter()
            .map(|promise| (promise.subject, promise.tries))
            .collect(),
        next: promises::plan_of(conn, referral)?.next_at(),
    })
}

/// Whether somebody could have done this: the way is allowed, and it is known where to.
fn is_possible(outcome: ContactOutcome, person: &Person) -> bool {
    match outcome {
        ContactOutcome::Spoke
        | ContactOutcome::SpokeWithInterpreter
        | ContactOutcome::SpokeByRelay
        | ContactOutcome::Replied => true,
        ContactOutcome::NoAnswer | ContactOutcome::WrongNumber => person.can_be_rung(),
        ContactOutcome::Voicemail => person.may_leave_voicemail(),
        ContactOutcome::TextSent => person.phone.is_some() && person.text_ok,
        ContactOutcome::EmailSent => person.may_mail(),
        ContactOutcome::LetterSent => person.may_post(),
    }
}

/// Outcomes that can be recorded for this person, in the order of the buttons.
pub fn possible_outcomes(person: &Person) -> Vec<ContactOutcome> {
    let all = ContactOutcome::ALL.into_iter();
    all.filter(|outcome| is_possible(*outcome, person)).collect()
}

/// A promise after an attempt; `tried`: the moments of the attempts that reached nobody.
fn after(
    promise: &Promise,
    row: &Row,
    hours: &OpeningHours,
    contacting: &Contacting,
    tried: &[Ts],
) -> Promise {
    let (outcome, at) = (contacting.outcome, contacting.at);
    let mut next = Promise {
        tried_at: Some(at),
        outcome: Some(outcome),
        ..promise.clone()
    };
    if outcome.is_contact() {
        // They have until then to answer on their page.
        if promise.subject == Subject::Chase && promise.due_at > at {
            return next;
        }
        end(&mut next, Ending::Contact, contacting);
        return next;
    }
    if outcome.is_written() && promise.subject.is_message() {
        end(&mut next, Ending::Sent, contacting);
        return next;
    }
    let is_same_attempt = promise
        .tried_at
        .is_some_and(|last| promise.tries > 0 && at < last.plus_minutes(ONE_ATTEMPT_MINUTES));
    if !is_same_attempt && !outcome.is_written() {
        next.tries += 1;
    }
    next.number_wrong =
        outcome == ContactOutcome::WrongNumber || (promise.number_wrong && outcome.way() != Some(Way::Call));
    next.way = match outcome.way() {
        Some(Way::Call) if promise.way == Way::Page => Way::Call,
        _ => promise.way,
    };
    next.next_at = next_attempt(row, hours, contacting, tried).max(at);
    next
}

fn next_attempt(row: &Row, hours: &OpeningHours, contacting: &Contacting, tried: &[Ts]) -> Ts {
    let at = contacting.at;
    match contacting.outcome {
        ContactOutcome::LetterSent => working_days(hours, at, AFTER_LETTER_DAYS),
        ContactOutcome::TextSent | ContactOutcome::EmailSent => working_days(hours, at, AFTER_MESSAGE_DAYS),
        // Another way has to be found.
        ContactOutcome::WrongNumber => working_days(hours, at, 1),
        ContactOutcome::NoAnswer
        | ContactOutcome::Voicemail
        | ContactOutcome::Spoke
        | ContactOutcome::SpokeWithInterpreter
        | ContactOutcome::SpokeByRelay
        | ContactOutcome::Replied => {
            next_call(hours, row.priority(), tried).unwrap_or_else(|| working_days(hours, at, 1))
        }
    }
}

fn end(promise: &mut Promise, ending: Ending, contacting: &Contacting) {
    promise.message = None;
    promise.ended = Some(Ended {
        at: contacting.at,
        by: Some(contacting.staff),
        ending,
        attempt: Some(contacting.id),
    });
}

/// One contact reaches one person: what was promised in a referral that a colleague linked as the same person is kept, too.
fn keep_those_of_the_same_person(
    conn: &mut Conn<'_>,
    app: &App,
    row: &Row,
    contacting: &Contacting,
) -> Result<()> {
    for other in list_same(conn, row.id)? {
        let plan = promises::plan_of(conn, other)?;
        let Some(mut linked) = store::find_by_id(conn, other)?.filter(|_| plan.is_owed()) else {
            continue;
        };
        let text = format!("{}, recorded on {}", contacting.outcome.label(), row.reference);
        write_event(
            conn,
            app,
            &mut linked,
            contacting,
            (&Payload::text(text), contacting.salts[1]),
        )?;
        let kept: Vec<Promise> = plan
            .open()
            .filter(|promise| !promise.subject.is_place_news())
            .map(|promise| {
                let mut promise = promise.clone();
                end(&mut promise, Ending::Contact, contacting);
                promise
            })
            .collect();
        promises::put(conn, other, &kept)?;
    }
    Ok(())
}

/// Undoing, with what is drawn before the transaction.
#[derive(Clone, Copy, Debug)]
pub struct Undoing {
    at: Ts,
    staff: Id,
    salt: [u8; 16],
}

impl Undoing {
    /// By this member of staff.
    pub fn new(at: Ts, staff: Id) -> Result<Self> {
        Ok(Self {
            at,
            staff,
            salt: random()?,
        })
    }
}

/// Undoes the latest attempt of a referral, recorded by mistake, in the caller's transaction: the promises that it ended are
/// owed again by their old times. The attempt stays on the record. `None` when there is nothing to undo.
pub fn undo_contact(
    conn: &mut Conn<'_>,
    app: &App,
    referral: Id,
    undoing: Undoing,
) -> Result<Option<ContactOutcome>> {
    let Some(mut row) = store::find_by_id(conn, referral)? else {
        return Ok(None);
    };
    let Some(attempt) = contacts::find_latest(conn, referral)? else {
        return Ok(None);
    };
    if !contacts::mark_undone(conn, attempt.id, (undoing.staff, undoing.at))? {
        return Ok(None);
    }
    let mut person = row.open_person(&app.keys)?;
    if person.not_reached(attempt.id) {
        row.person = app.keys.seal_json(Purpose::Person, row.id, &person)?;
    }
    let before = row.head_seq;
    let payload = Payload::text(attempt.outcome.label());
    let event = NewEvent {
        kind: EventKind::ContactUndone,
        by: By::Staff(undoing.staff),
        at: undoing.at,
        payload: &payload,
        salt: undoing.salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, before)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    let mut touched = list_same(conn, referral)?;
    touched.push(referral);
    for one in touched {
        let plan = promises::plan_of(conn, one)?;
        promises::put(conn, one, &undone(&plan, &attempt, undoing.at))?;
    }
    Ok(Some(attempt.outcome))
}

/// Promises without this attempt: those it ended are open again, unless one about the same is open by now.
fn undone(plan: &ContactPlan, attempt: &Attempt, now: Ts) -> Vec<Promise> {
    let mut changed = Vec::new();
    for promise in plan.all() {
        let ended_it = promise
            .ended
            .is_some_and(|ended| ended.attempt == Some(attempt.id));
        let was_tried = promise.is_open() && promise.tried_at == Some(attempt.at);
        if ended_it && plan.about(promise.subject).is_none() {
            changed.push(Promise {
                ended: None,
                outcome: None,
                tried_at: None,
                next_at: now,
                ..promise.clone()
            });
        } else if was_tried {
            changed.push(Promise {
                tries: (promise.tries - 1).max(0),
                outcome: None,
                tried_at: None,
                number_wrong: promise.number_wrong && attempt.outcome != ContactOutcome::WrongNumber,
                next_at: now,
                ..promise.clone()
            });
        }
    }
    changed
}

/// The outcome, the note, and what the call was about.
fn in_words(contacting: &Contacting, plan: &ContactPlan) -> Payload {
    let about: Vec<&str> = plan.open().map(|promise| promise.subject.label()).collect();
    let mut lines = vec![contacting.outcome.label().to_owned()];
    lines.extend(Some(&contacting.note).filter(|note| !note.is_empty()).cloned());
    lines.extend((!about.is_empty()).then(|| format!("About: {}", about.join("; "))));
    Payload::text(lines.join("\n"))
}

fn write_event(
    conn: &mut Conn<'_>,
    app: &App,
    row: &mut Row,
    contacting: &Contacting,
    (payload, salt): (&Payload, [u8; 16]),
) -> Result<()> {
    let before = row.head_seq;
    let event = NewEvent {
        kind: match contacting.outcome.is_written() {
            true => EventKind::Wrote,
            false => EventKind::Rang,
        },
        by: By::Staff(contacting.staff),
        at: contacting.at,
        payload,
        salt,
    };
    let event = store::chain_event(&app.keys, row, &event)?;
    // Somebody else recorded an attempt at the same moment: both are kept, one behind the other.
    if !store::update_referral(conn, row, before)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)
}
