//! What can be done: which forms are offered, and what they let one choose.

use super::ending::Ending;
use super::opened::Opened;
use crate::app::App;
use crate::config::ServiceName;
use crate::inbox::choice::{Choice, Offered, offered};
use crate::inbox::placing;
use crate::inbox::words;
use crate::patient::AskedQuestion;
use crate::referrals::{ContactClosing, Person, Way};
use crate::staff::{Actor, Deed};
use crate::triage::{Priority, Step, step_meaning};
use crate::web::form::Choice as Radio;

/// The forms of the page.
pub(super) struct Deciding {
    pub offered: Offered,
    /// Whether accepting may lead on to the next referral: never from somebody in danger.
    pub may_go_on: bool,
    /// Why a lead may close a promise of contact.
    pub contact_why: Vec<Radio>,
    /// Whether the reader has taken it on.
    pub mine: bool,
    pub steps: Vec<Radio>,
    pub services: Vec<Radio>,
    /// What accepting may do with the place that was chosen.
    pub accept_place: Vec<Radio>,
    /// Runs that accepting may put on who has no place.
    pub accept_runs: Vec<Radio>,
    /// What sending on may do with the place they have.
    pub send_place: Vec<Radio>,
    pub questions: Vec<Radio>,
    pub ask_ways: Vec<Radio>,
    pub decline_ways: Vec<Radio>,
    pub ending: Ending,
}

impl Deciding {
    pub fn of(opened: &Opened, app: &App, actor: &Actor) -> Deciding {
        let view = &opened.view;
        Deciding {
            offered: offered(
                view.state,
                view.needs_acknowledging(),
                (
                    view.plan.is_owed(),
                    view.plan.left_to_lead().next().is_some(),
                    view.died_at.is_some(),
                ),
                actor.may(Deed::EndAtRisk),
            ),
            may_go_on: view.priority != Priority::P1,
            contact_why: ContactClosing::ALL
                .iter()
                .map(|why| Radio::new(why.as_str(), why.label()))
                .collect(),
            mine: view.claimed.is_some_and(|(id, _)| id == actor.id),
            steps: steps(view.case_sheet.decision.step),
            services: services(app, view.service),
            accept_place: placing::options(opened.place.as_ref(), &opened.runs)
                .into_iter()
                .chain([Radio::new("leave", "Decide about it later")])
                .collect(),
            accept_runs: match opened.place {
                None => placing::options(None, &opened.runs),
                Some(_) => Vec::new(),
            },
            send_place: vec![
                Radio::new("leave", "They keep it"),
                Radio::new("release", "Give it up, and tell them"),
            ],
            questions: AskedQuestion::ALL
                .into_iter()
                .map(|question| Radio::new(question.as_str(), question.words()))
                .collect(),
            ask_ways: ask_ways(&view.person),
            decline_ways: decline_ways(&view.person),
            ending: Ending::of(opened, &app.config.locality, actor),
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

/// A message is offered only where one may be sent.
fn ask_ways(person: &Person) -> Vec<Radio> {
    let page = Radio::new(Way::Page.as_str(), "A message asks them to look at their page")
        .hint("It says nothing about why");
    let call = Radio::new(Way::Call.as_str(), "Somebody rings them").hint(no_number(person));
    match person.may_mail() {
        true => vec![page, call],
        false => vec![call],
    }
}

fn decline_ways(person: &Person) -> Vec<Radio> {
    let call = Radio::new(Way::Call.as_str(), "Somebody rings them").hint(no_number(person));
    let letter = Radio::new(Way::Letter.as_str(), "Somebody writes a letter");
    let page = Radio::new(Way::Page.as_str(), "A message asks them to look at their page")
        .hint("Their page then says where you pointed them to. The message says nothing about why");
    let mut ways = vec![call];
    ways.extend(person.may_post().then_some(letter));
    ways.extend(person.may_mail().then_some(page));
    ways
}

fn no_number(person: &Person) -> &'static str {
    match person.phone {
        Some(_) => "It is added to Calls to make",
        None => "No number is known: somebody finds another way",
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
