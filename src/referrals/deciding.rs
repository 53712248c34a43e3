//! What a deed makes of a referral, in memory, and why it may not. The table of which deed is possible in which state
//! stands in its tests, so that nothing of it is left to chance.

use super::Unreached;
use super::deed::{Declining, Deed};
use super::next_contact::NextContact;
use super::next_contact::Way;
use super::review::Outcome;
use super::state::{Queue, ReviewState};
use super::store::Row;
use crate::config::ServiceName;
use crate::triage::Step;
use crate::values::{Id, Ts};

/// Who acts, when, and what is known besides the row.
pub(super) struct Circumstances<'a> {
    pub staff: Id,
    pub now: Ts,
    /// The step the rules suggested.
    pub suggested: Step,
    /// Whether this person may end a referral although somebody's safety is in question.
    pub may_end_at_risk: bool,
    /// How often somebody rang in vain.
    pub next: &'a NextContact,
    /// Calls that are needed before "could not reach".
    pub attempts: u32,
    pub has_number: bool,
    /// Whether a message to look at their page may be sent.
    pub may_mail: bool,
    /// Whether a letter may be sent, and where to is known.
    pub may_post: bool,
}

/// Changes the row; `Some` says why not.
pub(super) fn apply(row: &mut Row, deed: &Deed, with: &Circumstances<'_>) -> Option<Outcome> {
    let urgent = row.needs_acknowledging();
    match deed {
        Deed::Note(_) => None,
        Deed::Acknowledge if !urgent => Some(Outcome::AlreadySo),
        Deed::Acknowledge => {
            acknowledge(row, with);
            None
        }
        Deed::Claim if row.claimed_by == Some(with.staff) => Some(Outcome::AlreadySo),
        Deed::Claim if row.proper_queue() == Queue::Done => Some(Outcome::NotFrom(row.state)),
        Deed::Claim => {
            row.claimed_by = Some(with.staff);
            row.claimed_at = Some(with.now);
            None
        }
        Deed::Release if row.claimed_by.is_none() => Some(Outcome::AlreadySo),
        Deed::Release => {
            row.claimed_by = None;
            row.claimed_at = None;
            None
        }
        Deed::Accept { step, reason, .. } => accept(row, *step, reason.as_deref(), with),
        Deed::SendOn { to, .. } if *to == row.service => Some(Outcome::AlreadySo),
        Deed::SendOn { .. } if !row.state.awaits_triage() => Some(Outcome::NotFrom(row.state)),
        Deed::SendOn { to, .. } => {
            row.service = *to;
            // The other team starts from its own list.
            row.claimed_by = None;
            row.claimed_at = None;
            None
        }
        Deed::Ask(_) if urgent => Some(Outcome::AcknowledgeFirst),
        Deed::Ask(asking) if !possible(asking.way, with) => Some(Outcome::NotThisWay),
        // Asked once more, or something else.
        Deed::Ask(_) if row.state == ReviewState::WaitingForPatient => None,
        Deed::Ask(_) => become_state(row, ReviewState::WaitingForPatient).or_else(|| {
            acknowledge(row, with);
            None
        }),
        Deed::Decline(Declining { way, .. }) if !possible(*way, with) => Some(Outcome::NotThisWay),
        Deed::Decline(_) => end(row, deed, ReviewState::Declined, with),
        Deed::CouldNotReach { .. } => not_reached(row, deed, with),
        Deed::Close { .. } => end(row, deed, ReviewState::Closed, with),
        Deed::Reopen { .. } => become_state(row, ReviewState::New),
    }
}

/// Takes the person on. Whoever decides otherwise than was suggested says why, at whatever door they decide.
fn accept(row: &mut Row, step: Step, reason: Option<&str>, with: &Circumstances<'_>) -> Option<Outcome> {
    if matches!(row.state, ReviewState::Started | ReviewState::HandedOver) {
        return Some(Outcome::NotFrom(row.state));
    }
    let refused = may_not_become(row, ReviewState::Accepted);
    if refused.is_some() {
        return refused;
    }
    if !may_accept_to(row.service, step) {
        return Some(Outcome::ChooseService);
    }
    if step != with.suggested && reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Some(Outcome::SayWhy);
    }
    row.step = step;
    acknowledge(row, with);
    become_state(row, ReviewState::Accepted)
}

/// Whether a referral that is with this service may be accepted to this step: before somebody has chosen a service, to an
/// assessment only.
pub fn may_accept_to(service: ServiceName, step: Step) -> bool {
    service != ServiceName::Review || step == Step::Assess
}

fn possible(way: Way, with: &Circumstances<'_>) -> bool {
    match way {
        // Without a number somebody finds another way: the call stands among the people to ring.
        Way::Call => true,
        Way::Letter => with.may_post,
        Way::Page => with.may_mail,
    }
}

fn not_reached(row: &mut Row, deed: &Deed, with: &Circumstances<'_>) -> Option<Outcome> {
    // Whose treatment has begun was reached; what is done is done.
    let open = row.state.awaits_triage() || row.state.is_asked() || row.state == ReviewState::Accepted;
    if !open {
        return Some(Outcome::NotFrom(row.state));
    }
    if row.needs_acknowledging() {
        return Some(Outcome::AcknowledgeFirst);
    }
    match Unreached::after(with.next.tried(), with.attempts, with.has_number) {
        Unreached::TryAgain(missing) => Some(Outcome::TryAgain(missing)),
        Unreached::MayEnd => end(row, deed, ReviewState::Closed, with),
    }
}

/// Ends a referral. Where somebody's safety is in question it ends only with a named outcome: acknowledged, and with who
/// was told; by whom, is for [`needs_lead`] to say.
fn end(row: &mut Row, deed: &Deed, next: ReviewState, with: &Circumstances<'_>) -> Option<Outcome> {
    let refused = may_not_become(row, next);
    if refused.is_some() {
        return refused;
    }
    if row.needs_acknowledging() {
        return Some(Outcome::AcknowledgeFirst);
    }
    if row.is_at_risk() {
        if needs_lead(deed) && !with.may_end_at_risk {
            return Some(Outcome::LeadOnly);
        }
        if deed.told().is_none_or(|told| told.trim().is_empty()) {
            return Some(Outcome::SayWhoWasTold);
        }
    }
    acknowledge(row, with);
    become_state(row, next)
}

/// Whether only a lead may do this where somebody's safety is in question. A decline follows a talk with the person, or
/// with who looks after them, and names where they go; could-not-reach and close end it without either.
pub(super) fn needs_lead(deed: &Deed) -> bool {
    matches!(deed, Deed::CouldNotReach { .. } | Deed::Close { .. })
}

pub(super) fn become_state(row: &mut Row, next: ReviewState) -> Option<Outcome> {
    let refused = may_not_become(row, next);
    if refused.is_none() {
        row.state = next;
    }
    refused
}

/// Why the state may not follow, if it may not.
fn may_not_become(row: &Row, next: ReviewState) -> Option<Outcome> {
    if row.state == next {
        return Some(Outcome::AlreadySo);
    }
    let may = row.state.may_become().contains(&next);
    (!may).then_some(Outcome::NotFrom(row.state))
}

/// The first named person who acts on a referral has acknowledged it.
fn acknowledge(row: &mut Row, with: &Circumstances<'_>) {
    if row.acknowledged_at.is_none() {
        row.acknowledged_by = Some(with.staff);
        row.acknowledged_at = Some(with.now);
    }
}

#[cfg(test)]
#[path = "deciding_tests.rs"]
mod tests;
