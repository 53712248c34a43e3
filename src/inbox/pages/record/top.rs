//! The head of the page: how soon, where it is, whose it is, and its clocks.

use super::handing_over::{stopped_at, what_counts};
use super::opened::{Opened, named};
use crate::config::Locality;
use crate::inbox::clocks::{Clocks, moment};
use crate::inbox::words::{self, Tag};
use crate::referrals::{ReferralView, ReviewState};
use crate::triage::{priority_meaning, step_meaning};
use crate::values::Ts;

/// What stands on top.
pub(super) struct Top {
    pub tag: Tag,
    pub priority: &'static str,
    pub state: String,
    pub service: String,
    pub clocks: Clocks,
    /// What the clock counts, and where it stands.
    pub counts: String,
    /// By when contact is owed, such as "today, 5:00pm"; empty if nothing is owed.
    pub contact_by: String,
    pub overdue: bool,
    pub claimed_by: String,
    pub acknowledged: String,
}

impl Top {
    pub fn of(opened: &Opened, locality: &Locality, now: Ts) -> Top {
        let view = &opened.view;
        Top {
            tag: match view.plan.was_reached() {
                true => words::urgency_after_contact(view.priority),
                false => words::urgency(view.priority),
            },
            priority: priority_meaning(view.priority),
            state: state(view),
            service: words::service(locality, view.service).to_owned(),
            clocks: Clocks {
                received_at: view.received_at,
                now: stopped_at(view).unwrap_or(now),
            },
            counts: what_counts(view, &locality.record_system.name),
            contact_by: view.plan.due_at().map(|due| moment(due, now)).unwrap_or_default(),
            overdue: view.plan.is_overdue(now),
            claimed_by: opened.carer.clone().unwrap_or_default(),
            acknowledged: view
                .acknowledged
                .map(|(id, at)| format!("{}, {}", named(&opened.names, id), moment(at, now)))
                .unwrap_or_default(),
        }
    }
}

/// Where it is, with the step that was decided.
fn state(view: &ReferralView) -> String {
    let label = view.state.label();
    match view.state {
        ReviewState::Accepted | ReviewState::HandedOver | ReviewState::Started => {
            format!("{label}, {}", step_meaning(view.step))
        }
        ReviewState::Incomplete
        | ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Closed
        | ReviewState::Declined
        | ReviewState::Withdrawn => label.to_owned(),
    }
}
