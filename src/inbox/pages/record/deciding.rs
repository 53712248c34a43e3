//! What can be done: which forms are offered, and what they let one choose.

use super::opened::Opened;
use crate::app::App;
use crate::config::ServiceName;
use crate::inbox::choice::{Choice, Offered, offered};
use crate::inbox::placing;
use crate::inbox::words;
use crate::staff::Actor;
use crate::triage::{Step, step_meaning};
use crate::web::form::Choice as Radio;

/// The forms of the page.
pub(super) struct Deciding {
    pub offered: Offered,
    /// Whether the reader has taken it on.
    pub mine: bool,
    pub steps: Vec<Radio>,
    pub services: Vec<Radio>,
    /// What accepting may do with the place that was chosen.
    pub accept_place: Vec<Radio>,
}

impl Deciding {
    pub fn of(opened: &Opened, app: &App, actor: &Actor) -> Deciding {
        let view = &opened.view;
        Deciding {
            offered: offered(view.state, view.needs_acknowledging()),
            mine: view.claimed.is_some_and(|(id, _)| id == actor.id),
            steps: steps(view.case_sheet.decision.step),
            services: services(app, view.service),
            accept_place: placing::options(opened.place.as_ref(), &opened.runs)
                .into_iter()
                .chain([Radio::new("leave", "Decide about it later")])
                .collect(),
        }
    }

    /// The form to take it on, or to let it go.
    pub fn claim_deed(&self) -> &'static str {
        match self.mine {
            true => Choice::Release.as_str(),
            false => Choice::Claim.as_str(),
        }
    }
}

fn steps(suggested: Step) -> Vec<Radio> {
    [Step::Two, Step::Three, Step::Assess]
        .into_iter()
        .map(|step| {
            let choice = Radio::new(step.as_str(), step_meaning(step));
            match step == suggested {
                true => choice.hint("Suggested"),
                false => choice,
            }
        })
        .collect()
}

fn services(app: &App, now_with: ServiceName) -> Vec<Radio> {
    ServiceName::ALL
        .into_iter()
        .filter(|service| *service != now_with)
        .map(|service| {
            Radio::new(
                service.as_str(),
                words::service(&app.config.locality, service).to_owned(),
            )
        })
        .collect()
}
