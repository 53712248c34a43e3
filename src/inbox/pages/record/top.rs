//! The head of the page: how soon, where it is, whose it is, and its clocks.

use super::handing_over::{stopped_at, what_counts};
use super::opened::{Opened, named};
use crate::config::Locality;
use crate::inbox::clocks::{Clocks, moment};
use crate::inbox::words::{self, Tag};
use crate::referrals::{ReferralView, ReviewState, Tellings};
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
    /// "Told 7 times since …"; empty where no alarm ever began.
    pub told: String,
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
            told: opened
                .tellings
                .as_ref()
                .map(|tellings| told(tellings, now))
                .unwrap_or_default(),
        }
    }
}

/// "Told 7 times, first on Friday 27 November, 5:00pm, last today, 9:45am: Clinical lead 3 times, Duty clinician 4 times".
fn told(tellings: &Tellings, now: Ts) -> String {
    let often = |times: usize| match times {
        1 => "once".to_owned(),
        times => format!("{times} times"),
    };
    let people = tellings.people.iter();
    let people: Vec<String> = people
        .map(|(name, times)| format!("{name} {}", often(*times)))
        .collect();
    let people = match people.is_empty() {
        true => "the service’s mailbox".to_owned(),
        false => people.join(", "),
    };
    match tellings.times {
        1 => format!("Once, {}: {people}", moment(tellings.began, now)),
        times => format!(
            "{times} times, first {}, last {} to {}: {people}",
            moment(tellings.began, now),
            moment(tellings.last, now),
            tellings.last_person,
        ),
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
