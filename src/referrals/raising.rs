//! A risk answer in one referral raises the open ones that are, or may be, about the same person (hazard 13). Only
//! upwards, and never in the way of the one that brought the answer.

use super::escalation::{self, Sounding};
use super::event_kind::EventKind;
use super::likeness::{RAISED, Raise, contradict, has_risk_answer, raise};
use super::promise::owe_first_contact;
use super::shelf::pathways;
use super::state::Queue;
use super::store::links::list_open_alike;
use super::store::{self, NewEvent, Row};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::triage::{Decision, SelfBooking, contact_by};
use crate::values::{Purpose, Ts, random};

/// Most referrals that one answer raises; more would be a hostel with one phone, and the answer's own referral stands in
/// the lists whatever happens to these.
pub(super) const MOST_RAISED: usize = 8;

/// What raising needs and is drawn before the transaction.
#[derive(Clone, Copy)]
pub(super) struct RaiseDrawn {
    salt: [u8; 16],
    sounding: Sounding,
}

impl RaiseDrawn {
    pub fn draw() -> Result<Self> {
        Ok(Self {
            salt: random()?,
            sounding: Sounding::draw(),
        })
    }

    pub fn draw_all() -> Result<Vec<Self>> {
        (0..MOST_RAISED).map(|_| Self::draw()).collect()
    }
}

/// How it is known that two referrals are about one person.
#[derive(Clone, Copy)]
pub(super) enum Known {
    /// A person said so.
    BySomebody,
    /// They look alike; it may be somebody else.
    ByLikeness,
}

/// Raises the open referrals beside the one that has just brought a risk answer. One that cannot be opened is left as
/// it is: the new one must not be lost for it.
pub(super) fn raise_others(
    conn: &mut Conn<'_>,
    app: &App,
    bearer: &Row,
    decision: &Decision,
    drawn: &[RaiseDrawn],
    now: Ts,
) -> Result<()> {
    if !has_risk_answer(decision) {
        return Ok(());
    }
    let most = i64::try_from(drawn.len()).unwrap_or(0);
    for (row, drawn) in list_open_alike(conn, bearer.id, most)?.into_iter().zip(drawn) {
        let known = Known::ByLikeness;
        match raise_one(conn, app, row, (bearer, decision, known), *drawn, now) {
            Err(Error::Key(_) | Error::Other(_)) => {
                tracing::error!(
                    "a referral beside a new risk answer could not be opened, and was not raised"
                );
            }
            other => other?,
        }
    }
    Ok(())
}

/// Raises one referral, if the other carries a risk answer it has not.
pub(super) fn raise_one(
    conn: &mut Conn<'_>,
    app: &App,
    mut row: Row,
    bearer: (&Row, &Decision, Known),
    drawn: RaiseDrawn,
    now: Ts,
) -> Result<()> {
    let (head, was_running) = (row.head_seq, row.queue == Queue::Now);
    let Some((event_text, lifted)) = lift(conn, app, &mut row, bearer, now)? else {
        return Ok(());
    };
    let payload = Payload::text(event_text);
    let event = NewEvent {
        kind: EventKind::RaisedByAlike,
        by: By::System,
        at: now,
        payload: &payload,
        salt: drawn.salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, head)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    if lifted {
        let reference = row.reference()?;
        let told = (&reference, row.priority());
        escalation::tell_service(conn, app, &row, told, (drawn.sounding, now), was_running)?;
    }
    Ok(())
}

/// Changes the row in memory; hands back what stands on its timeline, and whether somebody has to look sooner. What a
/// person has decided about it stands: its state does not change.
fn lift(
    conn: &mut Conn<'_>,
    app: &App,
    row: &mut Row,
    (bearer, decision, known): (&Row, &Decision, Known),
    now: Ts,
) -> Result<Option<(String, bool)>> {
    let mut sheet = row.open_case(&app.keys)?;
    let contradicted = match known {
        Known::BySomebody => false,
        Known::ByLikeness => contradict(&row.open_person(&app.keys)?, &bearer.open_person(&app.keys)?),
    };
    let reference = bearer.reference()?;
    let (text, priority) = match raise((&sheet.decision, row.priority()), decision, contradicted) {
        Raise::Nothing => return Ok(None),
        Raise::Flag => (
            format!(
                "{reference} has the same phone, e-mail or home, and a new risk answer. Name or number differ: look at both"
            ),
            None,
        ),
        Raise::Lift(priority) => (
            format!("{reference}, which may be the same person, has a new risk answer. Look at both"),
            Some(priority),
        ),
    };
    sheet.decision.add_flag(RAISED);
    if let Some(priority) = priority {
        sheet.decision.priority = sheet.decision.priority.min(priority);
        sheet.decision.booking = SelfBooking::None;
        row.booking = SelfBooking::None;
        row.pathways = Some(pathways(&sheet.facts.ltc, row.booking));
        row.priority = i32::from(priority.number());
        row.acknowledged_by = None;
        row.acknowledged_at = None;
        let due = contact_by(priority, now, &app.config.locality.hours);
        let person = row.open_person(&app.keys)?;
        row.contact_by = owe_first_contact(conn, row.id, &person, priority, (due, now))?;
    }
    row.flags = sheet.decision.flags.join(" ");
    row.case_sheet = app.keys.seal_json(Purpose::Person, row.id, &sheet)?;
    row.queue = row.proper_queue();
    Ok(Some((text, priority.is_some())))
}
