//! What an action of the team leaves owed to the patient: pure, from the action, the plan and the hours of the locality. The
//! promise of first contact outlives every action but a clinical lead's named closing.

use super::contact_promise::{ContactPlan, Ending, Promise, Subject};
use super::contact_way::Way;
use super::deed::{Asking, Declining, Deed};
use super::promise::{self, working_days};
use crate::config::OpeningHours;
use crate::values::{Id, Ts};

/// Working days until somebody has rung who asks or tells.
const CALL_WORKING_DAYS: u32 = 1;
/// Working days until a letter has been sent.
const LETTER_WORKING_DAYS: u32 = 2;

/// Who acts and when.
#[derive(Clone, Copy)]
pub(super) struct Actor {
    pub staff: Id,
    /// Whether they may close a promise without contact.
    pub is_lead: bool,
    pub now: Ts,
}

/// Promises as they stand after an action.
#[derive(Debug, Default)]
pub(super) struct FollowUp {
    /// Those that are new or changed.
    pub promises: Vec<Promise>,
    /// Whether the first of them waits for a neutral message that asks the patient to look at their page.
    pub asks_to_look: bool,
}

/// What follows from an action. `moved`: the referral's state changed.
pub(super) fn after(
    action: &Deed,
    moved: bool,
    plan: &ContactPlan,
    hours: &OpeningHours,
    actor: Actor,
) -> FollowUp {
    match action {
        Deed::Ask(asking) => asked(asking, plan, hours, actor),
        Deed::Decline(declining) => declined(declining, plan, hours, actor),
        Deed::Reopen { .. } => FollowUp::of(reopened(plan, actor)),
        Deed::CloseContact { .. } | Deed::RecordDeath { .. } => FollowUp::of(closed(plan, actor)),
        Deed::OweContact => FollowUp::of(owed_again(plan, hours, actor)),
        Deed::CouldNotReach { .. } | Deed::Close { .. } if moved && actor.is_lead => {
            FollowUp::of(closed(plan, actor))
        }
        Deed::Accept { .. } | Deed::CouldNotReach { .. } | Deed::Close { .. } if moved => {
            FollowUp::of(decided(plan, actor))
        }
        Deed::Acknowledge
        | Deed::Claim
        | Deed::Release
        | Deed::Accept { .. }
        | Deed::SendOn { .. }
        | Deed::CouldNotReach { .. }
        | Deed::Close { .. }
        | Deed::Note(_) => FollowUp::default(),
    }
}

impl FollowUp {
    fn of(promises: Vec<Promise>) -> Self {
        Self {
            promises,
            asks_to_look: false,
        }
    }
}

fn asked(asking: &Asking, plan: &ContactPlan, hours: &OpeningHours, actor: Actor) -> FollowUp {
    let by_page = asking.way == Way::Page;
    let (subject, due) = match by_page {
        true => (Subject::Chase, asking.answer_by),
        false => (
            Subject::Question,
            working_days(hours, actor.now, CALL_WORKING_DAYS),
        ),
    };
    let mut promises = vec![wanted(plan, subject, asking.way, due, actor)];
    promises.extend(superseded(plan, actor, |other| {
        other != subject && matches!(other, Subject::Question | Subject::Chase)
    }));
    FollowUp {
        promises,
        asks_to_look: by_page,
    }
}

fn declined(declining: &Declining, plan: &ContactPlan, hours: &OpeningHours, actor: Actor) -> FollowUp {
    let days = match declining.way {
        Way::Letter => LETTER_WORKING_DAYS,
        Way::Call | Way::Text | Way::Email | Way::Page => CALL_WORKING_DAYS,
    };
    let due = working_days(hours, actor.now, days);
    let mut promises = vec![wanted(plan, Subject::Declined, declining.way, due, actor)];
    promises.extend(decided(plan, actor));
    FollowUp {
        promises,
        asks_to_look: declining.way == Way::Page,
    }
}

/// A promise about this, in the place of an open one about the same.
fn wanted(plan: &ContactPlan, subject: Subject, way: Way, due: Ts, actor: Actor) -> Promise {
    let fresh = promise::new(plan.referral, subject, way, (due, actor.now));
    match plan.about(subject) {
        Some(open) => Promise {
            way,
            due_at: due,
            next_at: due,
            message: None,
            ..open.clone()
        },
        None => Promise {
            tries: plan.tries(),
            number_wrong: plan.number_wrong(),
            ..fresh
        },
    }
}

/// A decision answers the team's own questions. What the patient was promised stays owed.
fn decided(plan: &ContactPlan, actor: Actor) -> Vec<Promise> {
    superseded(plan, actor, |subject| {
        matches!(subject, Subject::Question | Subject::Chase)
    })
}

fn superseded(plan: &ContactPlan, actor: Actor, which: impl Fn(Subject) -> bool) -> Vec<Promise> {
    plan.open()
        .filter(|promise| which(promise.subject))
        .map(|promise| promise::end(promise, Ending::Superseded, Some(actor.staff), actor.now))
        .collect()
}

fn closed(plan: &ContactPlan, actor: Actor) -> Vec<Promise> {
    plan.open()
        .chain(plan.left_to_lead())
        .map(|promise| promise::end(promise, Ending::Closed, Some(actor.staff), actor.now))
        .collect()
}

/// What was left to a lead becomes due by the end of the next working day.
fn owed_again(plan: &ContactPlan, hours: &OpeningHours, actor: Actor) -> Vec<Promise> {
    plan.left_to_lead()
        .map(|promise| Promise {
            due_at: working_days(hours, actor.now, CALL_WORKING_DAYS),
            next_at: actor.now,
            ended: None,
            ..promise.clone()
        })
        .collect()
}

/// Reopening brings back what a lead closed, with its old time, and takes back that they were declined.
fn reopened(plan: &ContactPlan, actor: Actor) -> Vec<Promise> {
    let mut promises = superseded(plan, actor, |subject| subject == Subject::Declined);
    let is_closed = |promise: &&Promise| promise.ended.is_some_and(|ended| ended.ending == Ending::Closed);
    // Of several about one subject the latest comes back; one that is open already stays as it is.
    let mut back: Vec<&Promise> = plan.all().iter().filter(is_closed).collect();
    back.sort_by_key(|promise| std::cmp::Reverse(promise.made_at));
    for promise in back {
        let comes_back = matches!(
            promise.subject,
            Subject::FirstContact | Subject::BeforeLedger | Subject::MissedSession
        );
        let is_there = plan.about(promise.subject).is_some()
            || promises
                .iter()
                .any(|one| one.subject == promise.subject && one.is_open());
        if comes_back && !is_there {
            promises.push(Promise {
                next_at: promise.due_at.max(promise.made_at).min(actor.now),
                ended: None,
                ..promise.clone()
            });
        }
    }
    promises
}

/// A message that asked the patient to look at their page did not arrive: somebody rings instead.
pub(super) fn not_arrived(before: &Promise, hours: &OpeningHours, now: Ts) -> Promise {
    let due = working_days(hours, now, CALL_WORKING_DAYS);
    Promise {
        subject: match before.subject {
            Subject::Chase => Subject::Question,
            other => other,
        },
        way: Way::Call,
        due_at: due,
        next_at: due,
        message: None,
        ..before.clone()
    }
}

#[cfg(test)]
#[path = "follow_up_tests.rs"]
mod tests;
