//! Reaching the person: what is owed to them and by when, the attempts so far, and one button for each outcome of the
//! attempt that is made now.

use super::opened::Opened;
use crate::inbox::reaching::{owed, tried};
use crate::referrals::{ContactOutcome, ContactPlan, Person, Queue, possible_outcomes};
use crate::values::Ts;

/// Outcomes offered as buttons.
#[derive(Debug, Default)]
pub(in crate::inbox::pages) struct Outcomes {
    /// The usual ones.
    pub usual: Vec<ContactOutcome>,
    /// The others, folded.
    pub others: Vec<ContactOutcome>,
}

/// What the section says is owed.
pub(super) struct Owed {
    pub about: &'static str,
    /// "call by today, 5:00pm".
    pub by: String,
    pub overdue: bool,
}

/// The section below the phone number.
pub(super) struct Reaching {
    pub outcomes: Outcomes,
    /// "Tried 2 times, last today, 9:30am: No answer"; empty before the first attempt.
    pub tried: String,
    /// Everything that is owed, the earliest due first.
    pub owed: Vec<Owed>,
    /// Somebody said that it is not their number.
    pub number_wrong: bool,
    /// The last attempt reached them, and nobody has decided yet.
    pub may_decide: bool,
    /// The last attempt, which can be undone; empty if there is none.
    pub undo: &'static str,
}

impl Reaching {
    pub fn of(opened: &Opened, now: Ts) -> Reaching {
        let view = &opened.view;
        let plan = &view.plan;
        let last = plan.last();
        let shows = view.queue != Queue::Done || plan.is_owed();
        Reaching {
            outcomes: match shows {
                true => outcomes(&view.person, plan),
                false => Outcomes::default(),
            },
            tried: tried(plan.tries(), last, now),
            owed: plan
                .open()
                .map(|promise| Owed {
                    about: promise.subject.label(),
                    by: owed(promise, now),
                    overdue: promise.due_at < now,
                })
                .collect(),
            number_wrong: plan.number_wrong(),
            may_decide: last.is_some_and(|(_, outcome)| outcome.is_contact())
                && (view.state.awaits_triage() || view.state.is_asked()),
            undo: last.map(|(_, outcome)| outcome.label()).unwrap_or_default(),
        }
    }
}

/// Outcomes of an attempt to reach this person, only in ways they allow. The usual ones are those of a call where there is
/// a number, else those in writing.
pub(in crate::inbox::pages) fn outcomes(person: &Person, plan: &ContactPlan) -> Outcomes {
    let rings = person.can_be_rung() && !plan.number_wrong();
    let (usual, others) = possible_outcomes(person)
        .into_iter()
        .partition(|outcome| match outcome {
            ContactOutcome::Spoke => true,
            ContactOutcome::NoAnswer | ContactOutcome::Voicemail | ContactOutcome::WrongNumber => rings,
            ContactOutcome::Replied
            | ContactOutcome::TextSent
            | ContactOutcome::EmailSent
            | ContactOutcome::LetterSent => !rings,
            ContactOutcome::SpokeWithInterpreter | ContactOutcome::SpokeByRelay => false,
        });
    Outcomes { usual, others }
}
