//! What a deed makes of a referral, in memory, and why it may not. The table of which deed is possible in which state
//! stands in its tests, so that nothing of it is left to chance.

use super::contact_attempt::Unreached;
use super::contact_promise::{ContactPlan, Subject};
use super::contact_way::Way;
use super::deed::{Declining, Deed};
use super::review::Outcome;
use super::state::{Queue, ReviewState};
use super::store::Row;
use crate::config::ServiceName;
use crate::triage::{Priority, Step};
use crate::values::{Id, Ts};

/// Who acts, when, and what is known besides the row.
pub(super) struct Circumstances<'a> {
    pub staff: Id,
    pub now: Ts,
    /// The step the rules suggested.
    pub suggested: Step,
    /// Whether this person may end a referral although somebody's safety is in question.
    pub may_end_at_risk: bool,
    /// What the patient was promised.
    pub plan: &'a ContactPlan,
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
            // Somebody has it in hand from now on; a colleague who has it already keeps it.
            if row.claimed_by.is_none() && row.proper_queue() != Queue::Done {
                row.claimed_by = Some(with.staff);
                row.claimed_at = Some(with.now);
            }
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
        // An alarm ends when somebody says that they act on it, not by a decision.
        Deed::Accept { .. } | Deed::SendOn { .. } if urgent => Some(Outcome::AcknowledgeFirst),
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
        Deed::CloseContact { .. } if !with.plan.is_owed() && !is_left(with) => Some(Outcome::AlreadySo),
        Deed::CloseContact { .. } if urgent => Some(Outcome::AcknowledgeFirst),
        Deed::CloseContact { .. } if !with.may_end_at_risk => Some(Outcome::LeadOnly),
        Deed::CloseContact { .. } => None,
        Deed::OweContact if !is_left(with) => Some(Outcome::AlreadySo),
        Deed::OweContact if !with.may_end_at_risk => Some(Outcome::LeadOnly),
        Deed::OweContact => None,
        Deed::RecordDeath { .. } if row.died_at.is_some() => Some(Outcome::AlreadySo),
        Deed::RecordDeath { .. } if !with.may_end_at_risk => Some(Outcome::LeadOnly),
        Deed::RecordDeath { .. } => {
            acknowledge(row, with);
            row.died_at = Some(with.now);
            row.state = ReviewState::Closed;
            None
        }
        Deed::Reopen { .. } => reopen(row, with),
    }
}

/// Whether a first contact was left to a clinical lead.
fn is_left(with: &Circumstances<'_>) -> bool {
    with.plan.left_to_lead().next().is_some()
}

/// Puts it back among the new ones. Where somebody in danger was never spoken to the alarm comes back too.
fn reopen(row: &mut Row, with: &Circumstances<'_>) -> Option<Outcome> {
    let refused = become_state(row, ReviewState::New);
    if refused.is_some() {
        return refused;
    }
    row.died_at = None;
    if row.priority() == Priority::P1 && !with.plan.was_kept(Subject::FirstContact) {
        row.acknowledged_by = None;
        row.acknowledged_at = None;
    }
    None
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
        Way::Text => false,
        Way::Email => with.may_mail,
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
    match Unreached::after(with.plan.tried(), with.attempts, with.has_number) {
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
