//! The place this person has, and what may be done with it.

use super::opened::Opened;
use crate::inbox::placing::{self, ShownPlace};
use crate::referrals::ReviewState;
use crate::staff::{Actor, Deed};
use crate::values::Ts;
use crate::web::form::Choice as Radio;

/// The place as the page says it.
pub(super) struct Placed {
    pub place: Option<ShownPlace>,
    /// Whether the patient has told more since the place was chosen.
    pub told_more: bool,
    pub options: Vec<Radio>,
    /// The courses it waits for.
    pub waits: Vec<String>,
}

impl Placed {
    pub fn of(opened: &Opened, actor: &Actor, now: Ts) -> Placed {
        Placed {
            place: opened.place.as_ref().map(|place| placing::shown(place, now)),
            told_more: placing::told_more(&opened.view),
            options: options(opened, actor),
            waits: opened.waits.iter().filter_map(|wait| wait.name.clone()).collect(),
        }
    }

    /// Whether a place waits for a named person.
    pub fn must_confirm(&self) -> bool {
        self.place.as_ref().is_some_and(|place| place.to_confirm)
    }
}

/// What may be done with the place, by somebody who may, while the referral is open.
fn options(opened: &Opened, actor: &Actor) -> Vec<Radio> {
    let open = match opened.view.state {
        ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Accepted
        | ReviewState::HandedOver
        | ReviewState::Started => true,
        ReviewState::Incomplete | ReviewState::Closed | ReviewState::Declined | ReviewState::Withdrawn => {
            false
        }
    };
    match actor.may(Deed::KeepPlaces) && (open || opened.place.is_some()) {
        true => placing::options(opened.place.as_ref(), &opened.runs),
        false => Vec::new(),
    }
}
