//! Where a referral is. One function changes the state; the table of allowed moves stands here; the queue
//! follows from state, priority and acknowledgement, so that every open referral is in exactly one.

use crate::triage::Priority;

/// What has been decided about a referral by a person. Claimed and booked are facts beside it, not states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReviewState {
    /// Begun and not finished; written because of a worrying answer.
    Incomplete,
    /// Nobody has decided yet.
    New,
    /// The team asked the patient for something.
    WaitingForPatient,
    /// Accepted by a named person.
    Accepted,
    /// Entered in the service's record system, with its number; ends our clocks.
    HandedOver,
    /// The first treatment appointment here was attended.
    Started,
    /// Ended after acceptance.
    Closed,
    /// Not taken on, with a reason.
    Declined,
    /// The patient does not want it any more.
    Withdrawn,
}

/// The list a referral stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Queue {
    /// P1 that nobody has acknowledged.
    Now,
    /// P1 and P2 that nobody has triaged.
    Today,
    /// The others that nobody has triaged.
    New,
    /// Waiting for the patient.
    Waiting,
    /// Accepted, not yet handed over.
    Accepted,
    /// In treatment here.
    InTreatment,
    /// Nothing more to do.
    Done,
}

impl ReviewState {
    /// All states, in the order a referral meets them.
    pub const ALL: [ReviewState; 9] = [
        ReviewState::Incomplete,
        ReviewState::New,
        ReviewState::WaitingForPatient,
        ReviewState::Accepted,
        ReviewState::HandedOver,
        ReviewState::Started,
        ReviewState::Closed,
        ReviewState::Declined,
        ReviewState::Withdrawn,
    ];

    /// The word stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            ReviewState::Incomplete => "incomplete",
            ReviewState::New => "new",
            ReviewState::WaitingForPatient => "waiting_for_patient",
            ReviewState::Accepted => "accepted",
            ReviewState::HandedOver => "handed_over",
            ReviewState::Started => "started",
            ReviewState::Closed => "closed",
            ReviewState::Declined => "declined",
            ReviewState::Withdrawn => "withdrawn",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// How staff say it.
    pub fn label(self) -> &'static str {
        match self {
            ReviewState::Incomplete => "Not finished by the patient",
            ReviewState::New => "New",
            ReviewState::WaitingForPatient => "Waiting for the patient",
            ReviewState::Accepted => "Accepted",
            ReviewState::HandedOver => "In the record system",
            ReviewState::Started => "In treatment here",
            ReviewState::Closed => "Closed",
            ReviewState::Declined => "Declined",
            ReviewState::Withdrawn => "Withdrawn by the patient",
        }
    }

    /// The states that may follow. Staying is not a move.
    pub fn may_become(self) -> &'static [ReviewState] {
        use ReviewState::{
            Accepted, Closed, Declined, HandedOver, Incomplete, New, Started, WaitingForPatient, Withdrawn,
        };
        match self {
            Incomplete => &[New, WaitingForPatient, Accepted, Declined, Closed, Withdrawn],
            New => &[WaitingForPatient, Accepted, Declined, Closed, Withdrawn],
            WaitingForPatient => &[New, Accepted, Declined, Closed, Withdrawn],
            Accepted => &[
                New,
                WaitingForPatient,
                HandedOver,
                Started,
                Closed,
                Declined,
                Withdrawn,
            ],
            // Back to where it was only when it was noted as entered by mistake.
            HandedOver => &[New, Accepted, Started],
            Closed | Declined => &[New],
            // Back to accepted only when the attendance that began it was noted by mistake.
            Started => &[Accepted, Closed, Withdrawn],
            Withdrawn => &[New],
        }
    }

    /// Whether the team waits for an answer.
    pub fn is_asked(self) -> bool {
        self == ReviewState::WaitingForPatient
    }

    /// Whether a person has still to decide.
    pub fn awaits_triage(self) -> bool {
        matches!(self, ReviewState::Incomplete | ReviewState::New)
    }
}

impl Queue {
    /// All queues, in the order the inbox shows them.
    pub const ALL: [Queue; 7] = [
        Queue::Now,
        Queue::Today,
        Queue::New,
        Queue::Waiting,
        Queue::Accepted,
        Queue::InTreatment,
        Queue::Done,
    ];

    /// The word stored and used in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Queue::Now => "now",
            Queue::Today => "today",
            Queue::New => "new",
            Queue::Waiting => "waiting",
            Queue::Accepted => "accepted",
            Queue::InTreatment => "in_treatment",
            Queue::Done => "done",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.as_str() == word)
    }

    /// How staff say it.
    pub fn label(self) -> &'static str {
        match self {
            Queue::Now => "Now",
            Queue::Today => "Today and tomorrow",
            Queue::New => "New",
            Queue::Waiting => "Waiting for the patient",
            Queue::Accepted => "Accepted, not yet handed over",
            Queue::InTreatment => "In treatment here",
            Queue::Done => "Done",
        }
    }

    /// The queue that follows from the facts; `flagged`: a safety flag was raised. A P1 nobody has acknowledged is in
    /// `Now` whatever its state: neither a decline nor a withdrawal takes a person in danger off the list. Whoever is
    /// at risk and withdraws stands in `Today` until a named person has acted.
    pub fn of(state: ReviewState, priority: Priority, flagged: bool, acknowledged: bool) -> Self {
        if priority == Priority::P1 && !acknowledged {
            return Queue::Now;
        }
        if state == ReviewState::Withdrawn && is_at_risk(priority, flagged) && !acknowledged {
            return Queue::Today;
        }
        match state {
            ReviewState::Incomplete | ReviewState::New => match priority {
                Priority::P1 | Priority::P2 => Queue::Today,
                Priority::P3 | Priority::P4 => Queue::New,
            },
            ReviewState::WaitingForPatient => Queue::Waiting,
            ReviewState::Accepted => Queue::Accepted,
            ReviewState::Started => Queue::InTreatment,
            ReviewState::HandedOver
            | ReviewState::Closed
            | ReviewState::Declined
            | ReviewState::Withdrawn => Queue::Done,
        }
    }
}

/// Whether somebody's safety is in question, so that the referral does not leave the lists by itself.
pub(super) fn is_at_risk(priority: Priority, flagged: bool) -> bool {
    priority <= Priority::P2 || flagged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for state in ReviewState::ALL {
            assert_eq!(ReviewState::parse(state.as_str()), Some(state));
        }
        for queue in Queue::ALL {
            assert_eq!(Queue::parse(queue.as_str()), Some(queue));
        }
    }

    #[test]
    fn an_unacknowledged_p1_is_in_now_whatever_else_happens() {
        for state in ReviewState::ALL {
            for flagged in [false, true] {
                let queue = |acknowledged| Queue::of(state, Priority::P1, flagged, acknowledged);
                assert_eq!(queue(false), Queue::Now, "{state:?}");
                assert_ne!(queue(true), Queue::Now, "{state:?}");
            }
        }
    }

    #[test]
    fn only_what_nobody_decided_waits_in_today_or_new() {
        for state in ReviewState::ALL {
            for priority in [Priority::P2, Priority::P3, Priority::P4] {
                let queue = Queue::of(state, priority, false, false);
                let withdrew_at_risk = state == ReviewState::Withdrawn && priority == Priority::P2;
                assert_eq!(
                    matches!(queue, Queue::Today | Queue::New),
                    state.awaits_triage() || withdrew_at_risk,
                    "{state:?}"
                );
            }
        }
    }

    #[test]
    fn nobody_at_risk_leaves_the_lists_by_withdrawing() {
        for priority in Priority::ALL {
            for flagged in [false, true] {
                let queue =
                    |acknowledged| Queue::of(ReviewState::Withdrawn, *priority, flagged, acknowledged);
                let stays = flagged || matches!(priority, Priority::P1 | Priority::P2);
                assert_eq!(queue(false) != Queue::Done, stays, "{priority:?} {flagged}");
                assert_eq!(queue(true), Queue::Done, "a named person has acted");
            }
        }
    }

    #[test]
    fn nothing_becomes_itself_and_nothing_becomes_incomplete_again() {
        for state in ReviewState::ALL {
            assert!(!state.may_become().contains(&state));
            assert!(!state.may_become().contains(&ReviewState::Incomplete));
        }
    }
}
