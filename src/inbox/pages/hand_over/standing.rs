//! Where a referral is on its way into the record system, and whether anything was told since it was accepted.

use crate::inbox::clocks::moment;
use crate::inbox::pages::record::{Opened, named};
use crate::inbox::timeline::actor as actor_name;
use crate::referrals::{By, EventKind, ReviewState};
use crate::values::Ts;

/// Where a referral is, as far as the hand-over is concerned.
pub(super) enum Standing {
    /// It waits to be entered.
    ToEnter,
    /// It was entered.
    Entered(Entered),
    /// A named person acknowledges it first.
    AcknowledgeFirst,
    /// It is not to be entered now: where it is.
    Elsewhere(&'static str),
}

pub(super) struct Entered {
    pub number: String,
    pub by: String,
    pub when: String,
}

pub(super) fn standing(opened: &Opened, now: Ts) -> Standing {
    let view = &opened.view;
    match view.state {
        ReviewState::HandedOver => entered_as(opened, now).map_or(Standing::ToEnter, Standing::Entered),
        _ if view.needs_acknowledging() => Standing::AcknowledgeFirst,
        ReviewState::Accepted => Standing::ToEnter,
        ReviewState::Incomplete
        | ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Started
        | ReviewState::Closed
        | ReviewState::Declined
        | ReviewState::Withdrawn => Standing::Elsewhere(view.state.label()),
    }
}

/// The number it was entered under last, by whom and when.
fn entered_as(opened: &Opened, now: Ts) -> Option<Entered> {
    let event = opened
        .view
        .timeline
        .iter()
        .rev()
        .find(|event| event.kind == EventKind::HandedOver)?;
    let by = match event.by {
        By::Staff(id) => named(&opened.names, id),
        By::Patient | By::Api(_) | By::System => actor_name(event.by, &opened.names),
    };
    Some(Entered {
        number: event.payload.record_number.as_ref()?.as_str().to_owned(),
        by,
        when: moment(event.at, now),
    })
}

/// Whether more was told, or another referral raised this one, after it was accepted: whoever types it has to know.
pub(super) fn raised_since(opened: &Opened) -> bool {
    let timeline = &opened.view.timeline;
    let told = timeline.iter().rposition(|event| {
        matches!(
            event.kind,
            EventKind::AnswersAdded | EventKind::RiskAnswerKept | EventKind::RaisedByAlike
        )
    });
    let accepted = timeline
        .iter()
        .rposition(|event| event.kind == EventKind::Accepted);
    told.zip(accepted).is_some_and(|(told, accepted)| told > accepted)
}
