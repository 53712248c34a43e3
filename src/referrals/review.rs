//! What a named person decides about a referral. Each verb changes the state through one function, writes one
//! event with the person's name behind it, and tells kindly when somebody else was first.

use std::sync::Arc;

use super::escalation::has_seen_enough;
use super::event_kind::EventKind;
use super::messages;
use super::next_contact::settle;
use super::reference::Reference;
use super::state::ReviewState;
use super::store::{self, NewEvent, Row};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::notify;
use crate::triage::Step;
use crate::values::{Id, Ts, random};

/// What somebody decided.
#[derive(Clone, Debug)]
pub enum Deed {
    /// "I have seen this urgent referral and act on it."
    Acknowledge,
    /// "This is mine."
    Claim,
    /// "This is not mine any more."
    Release,
    /// Take the person on at this step.
    Accept {
        /// The step decided; the suggestion unless overridden.
        step: Step,
        /// Why, where it differs from the suggestion, or anything worth noting.
        reason: Option<String>,
    },
    /// Send to another service.
    SendOn {
        /// Where to.
        to: ServiceName,
        /// Why.
        reason: String,
    },
    /// Not taken on, with what was suggested instead.
    Decline {
        /// Why, and where the person was pointed to.
        reason: String,
    },
    /// Put a decided referral back among the new ones.
    Reopen {
        /// Why.
        reason: String,
    },
    /// A note.
    Note(String),
}

/// What became of a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// There is no such referral.
    Missing,
    /// Somebody changed the referral since the page was loaded; nothing was done.
    ChangedMeanwhile,
    /// The state does not allow it.
    NotFrom(ReviewState),
    /// An urgent referral is acknowledged by name before it is declined.
    AcknowledgeFirst,
    /// Already so.
    AlreadySo,
}

/// A deed on its way: who does what to which referral, with what is drawn before the transaction.
#[derive(Clone)]
pub struct Reviewing {
    app: Arc<App>,
    reference: Reference,
    seen: Option<i32>,
    staff: Id,
    deed: Deed,
    now: Ts,
    salt: [u8; 16],
    notice: Id,
}

impl Reviewing {
    /// Prepares a deed. `seen` is the length of the timeline on the page the person looked at; `None` for deeds
    /// that do not depend on it (a note).
    pub fn new(
        app: &Arc<App>,
        reference: &Reference,
        seen: Option<i32>,
        staff: Id,
        deed: Deed,
    ) -> Result<Self> {
        Ok(Self {
            app: app.clone(),
            reference: reference.clone(),
            seen,
            staff,
            deed,
            now: app.clock.now(),
            salt: random()?,
            notice: Id::new(),
        })
    }
}

/// Does a deed; `seen` as in [`Reviewing::new`].
pub async fn review(
    app: &Arc<App>,
    reference: &Reference,
    seen: Option<i32>,
    staff: Id,
    deed: Deed,
) -> Result<Outcome> {
    let reviewing = Reviewing::new(app, reference, seen, staff, deed)?;
    let outcome = app.db.write(move |conn| review_within(conn, &reviewing)).await?;
    app.mailer.nudge();
    Ok(outcome)
}

/// Does a deed inside the caller's transaction, for deeds that take a place with them. The caller nudges the mailer.
pub fn review_within(conn: &mut Conn<'_>, reviewing: &Reviewing) -> Result<Outcome> {
    let Reviewing {
        app,
        reference,
        seen,
        staff,
        deed,
        now,
        salt,
        notice,
    } = reviewing;
    let (staff, now) = (*staff, *now);
    let Some(mut row) = store::find_by_reference(conn, reference)? else {
        return Ok(Outcome::Missing);
    };
    if let Some(seen) = *seen
        && !has_seen_enough(conn, row.id, row.head_seq, seen)?
    {
        return Ok(Outcome::ChangedMeanwhile);
    }
    let before = (row.head_seq, row.service);
    let was = row.state;
    if let Some(refused) = apply(&mut row, deed, staff, now) {
        return Ok(refused);
    }
    row.queue = row.proper_queue();
    let payload = payload(deed, before.1);
    let event = NewEvent {
        kind: kind(deed),
        by: By::Staff(staff),
        at: now,
        payload: &payload,
        salt: *salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, before.0)? {
        return Err(crate::db::Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    if row.state != was {
        settle(conn, row.id)?;
    }
    if acted_on(&row) {
        notify::cancel_urgent(conn, row.id, now)?;
    }
    if row.service != before.1 {
        let told = messages::to_service(&app.config, row.service, row.priority(), row.id, reference);
        notify::enqueue(conn, &app.keys, *notice, &told, now)?;
    }
    Ok(Outcome::Done)
}

/// Whether a named person has it in hand, so that mail need not go on to the next on the rota.
fn acted_on(row: &Row) -> bool {
    row.acknowledged_at.is_some() || !(row.state.awaits_triage() || row.needs_acknowledging())
}

/// Changes the row in memory; `Some` says why not.
fn apply(row: &mut Row, deed: &Deed, staff: Id, now: Ts) -> Option<Outcome> {
    let urgent = row.needs_acknowledging();
    match deed {
        Deed::Note(_) => None,
        Deed::Acknowledge if !urgent => Some(Outcome::AlreadySo),
        Deed::Acknowledge => {
            acknowledge(row, staff, now);
            None
        }
        Deed::Claim if row.claimed_by == Some(staff) => Some(Outcome::AlreadySo),
        Deed::Claim => {
            row.claimed_by = Some(staff);
            row.claimed_at = Some(now);
            None
        }
        Deed::Release if row.claimed_by.is_none() => Some(Outcome::AlreadySo),
        Deed::Release => {
            row.claimed_by = None;
            row.claimed_at = None;
            None
        }
        Deed::Accept { .. } if matches!(row.state, ReviewState::Started | ReviewState::HandedOver) => {
            Some(Outcome::NotFrom(row.state))
        }
        Deed::Accept { step, .. } => become_state(row, ReviewState::Accepted).or_else(|| {
            row.step = *step;
            acknowledge(row, staff, now);
            None
        }),
        Deed::SendOn { to, .. } if *to == row.service => Some(Outcome::AlreadySo),
        Deed::SendOn { .. } if !row.state.awaits_triage() => Some(Outcome::NotFrom(row.state)),
        Deed::SendOn { to, .. } => {
            row.service = *to;
            // The other team starts from its own list.
            row.claimed_by = None;
            row.claimed_at = None;
            None
        }
        Deed::Decline { .. } if urgent => Some(Outcome::AcknowledgeFirst),
        Deed::Decline { .. } => become_state(row, ReviewState::Declined),
        Deed::Reopen { .. } => become_state(row, ReviewState::New),
    }
}

pub(super) fn become_state(row: &mut Row, next: ReviewState) -> Option<Outcome> {
    if row.state == next {
        return Some(Outcome::AlreadySo);
    }
    if !row.state.may_become().contains(&next) {
        return Some(Outcome::NotFrom(row.state));
    }
    row.state = next;
    None
}

/// The first named person who acts on a referral has acknowledged it.
fn acknowledge(row: &mut Row, staff: Id, now: Ts) {
    if row.acknowledged_at.is_none() {
        row.acknowledged_by = Some(staff);
        row.acknowledged_at = Some(now);
    }
}

fn kind(deed: &Deed) -> EventKind {
    match deed {
        Deed::Acknowledge => EventKind::Acknowledged,
        Deed::Claim => EventKind::Claimed,
        Deed::Release => EventKind::Released,
        Deed::Accept { .. } => EventKind::Accepted,
        Deed::SendOn { .. } => EventKind::SentOn,
        Deed::Decline { .. } => EventKind::Declined,
        Deed::Reopen { .. } => EventKind::Reopened,
        Deed::Note(_) => EventKind::Noted,
    }
}

fn payload(deed: &Deed, from: ServiceName) -> Payload {
    match deed {
        Deed::Acknowledge | Deed::Claim | Deed::Release => Payload::nothing(),
        Deed::Accept { step, reason } => {
            let step = match step {
                Step::Two => "Step 2",
                Step::Three => "Step 3",
                Step::Assess => "Assessment first",
            };
            Payload::text(
                reason
                    .as_ref()
                    .map_or_else(|| step.to_owned(), |reason| format!("{step}. {reason}")),
            )
        }
        Deed::SendOn { to, reason } => {
            Payload::text(format!("{} to {}: {reason}", from.as_str(), to.as_str()))
        }
        Deed::Decline { reason } | Deed::Reopen { reason } => Payload::text(reason.clone()),
        Deed::Note(text) => Payload::text(text.clone()),
    }
}
