//! The way into the record system: where to type it from, or under which number it stands there; and what that means
//! for the clock.

use super::opened::Opened;
use crate::config::Locality;
use crate::referrals::{EventKind, ReferralView, ReviewState};
use crate::values::Ts;
use crate::web::paths;

/// The section of the page.
pub(super) struct HandingOver {
    pub system: String,
    /// Where it is typed from; empty while nothing is to be entered.
    pub url: String,
    /// The number it was entered under; empty before.
    pub number: String,
}

impl HandingOver {
    pub fn of(opened: &Opened, locality: &Locality) -> HandingOver {
        let view = &opened.view;
        let entered = view.state == ReviewState::HandedOver;
        let to_enter = view.state == ReviewState::Accepted && !view.needs_acknowledging();
        HandingOver {
            system: locality.record_system.name.clone(),
            url: match entered || to_enter {
                true => paths::referral_hand_over(view.reference.as_str()),
                false => String::new(),
            },
            number: match entered {
                true => number(view),
                false => String::new(),
            },
        }
    }
}

fn number(view: &ReferralView) -> String {
    let last = view
        .timeline
        .iter()
        .rev()
        .find(|event| event.kind == EventKind::HandedOver);
    let number = last.and_then(|event| event.payload.record_number.as_ref());
    number
        .map(|number| number.as_str().to_owned())
        .unwrap_or_default()
}

/// When the clock of the wait stopped here: at the first session attended, or when it was entered in the record system.
pub(super) fn stopped_at(view: &ReferralView) -> Option<Ts> {
    let handed_over = || {
        let last = view
            .timeline
            .iter()
            .rev()
            .find(|event| event.kind == EventKind::HandedOver);
        last.map(|event| event.at)
    };
    view.started_at.or_else(|| match view.state {
        ReviewState::HandedOver => handed_over(),
        ReviewState::Incomplete
        | ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Accepted
        | ReviewState::Started
        | ReviewState::Closed
        | ReviewState::Declined
        | ReviewState::Withdrawn => None,
    })
}

/// What the clock counts (NHS Talking Therapies waiting time standard: from receipt of the referral to the first
/// attended treatment appointment), and where it stands.
pub(super) fn what_counts(view: &ReferralView, system: &str) -> String {
    let rule = "The clock counts calendar days in London from the day the referral came. It stops at the first treatment \
                session attended here; an assessment or a booked place does not stop it.";
    let stands = match (stopped_at(view), view.started_at, view.state) {
        (Some(at), Some(_), _) => format!("Stopped on {}: treatment began here.", at.display_date()),
        (Some(at), None, _) => format!(
            "Stopped here on {}: the clock continues in {system}.",
            at.display_date()
        ),
        (None, _, _) => format!("Once it is entered in {system} it goes on there."),
    };
    format!("{rule} {stands}")
}
