//! Reaching the person: what came of the calls so far, when to ring next, and one button for each thing that may come of
//! the call one makes now.

use super::opened::Opened;
use crate::booking::RingTask;
use crate::inbox::reaching::{due, tried};
use crate::referrals::{CallOutcome, Queue};
use crate::values::Ts;

/// The section below the phone number.
pub(super) struct Reaching {
    /// The buttons; none where there is nobody to ring.
    pub outcomes: Vec<CallOutcome>,
    /// "Tried 2 times, last today, 9:30am: No answer"; empty before the first call.
    pub tried: String,
    /// "next today, 2:00pm", as the row of a list says it; empty if nothing is due.
    pub next: String,
    pub overdue: bool,
    /// Somebody said that it is not their number.
    pub number_wrong: bool,
    /// The last call reached them, and nobody has decided yet.
    pub may_decide: bool,
    /// What else to tell them in the same call: what a row of the list of calls is about.
    pub also: Vec<&'static str>,
    /// The rows of that list, which the form sends back.
    pub tasks: Vec<String>,
}

impl Reaching {
    pub fn of(opened: &Opened, now: Ts) -> Reaching {
        let view = &opened.view;
        let next = opened.next.as_ref();
        let due_at = next.and_then(|next| next.due_at);
        let outcome = next.and_then(|next| next.outcome);
        let rung = next.and_then(|next| next.tried_at);
        let to_ring = view.queue != Queue::Done || due_at.is_some() || !opened.rings.is_empty();
        Reaching {
            outcomes: match to_ring && view.person.phone.is_some() {
                true => outcomes(view.person.voicemail_ok),
                false => Vec::new(),
            },
            tried: tried(
                next.map_or(0, |next| next.tries),
                rung.zip(outcome.map(CallOutcome::label)),
                now,
            ),
            next: next.and_then(|next| due(next, now)).unwrap_or_default(),
            overdue: due_at.is_some_and(|due| due < now),
            number_wrong: next.is_some_and(|next| next.number_wrong),
            may_decide: outcome == Some(CallOutcome::Spoke)
                && (view.state.awaits_triage() || view.state.is_asked()),
            also: opened.rings.iter().map(|task| task.about.label()).collect(),
            tasks: opened
                .rings
                .iter()
                .map(|task: &RingTask| task.id.to_string())
                .collect(),
        }
    }
}

/// What may come of a call to this person. A voicemail is no way to reach who has not allowed it.
pub(in crate::inbox::pages) fn outcomes(voicemail_ok: bool) -> Vec<CallOutcome> {
    let all = CallOutcome::ALL.into_iter();
    all.filter(|outcome| *outcome != CallOutcome::Voicemail || voicemail_ok)
        .collect()
}
