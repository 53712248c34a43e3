//! The own page itself.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::Mine;
use super::door::Proof;
use super::place::{ShownPlace, long_day, times};
use super::visit::Visit;
use super::words::{Said, told};
use crate::app::App;
use crate::booking::Parallel;
use crate::config::Locality;
use crate::referrals::{ReviewState, for_patient};
use crate::web::{self, Frame, paths};

/// The part of the address behind the question mark.
#[derive(Deserialize)]
pub(super) struct Asked {
    said: Option<String>,
}

/// Something to do, and where.
struct Way {
    text: &'static str,
    url: String,
}

#[derive(Template)]
#[template(path = "patient/views/own_page.html")]
struct OwnPage<'a> {
    frame: Frame,
    here: &'a Locality,
    reference: String,
    received: String,
    said: &'static str,
    state: &'static str,
    next: String,
    place: Option<ShownPlace>,
    /// Where an offer is answered; empty without one.
    offer_at: String,
    /// How many wait before this person, for each list they stand on.
    waits: Vec<String>,
    /// What they may come to instead of what they missed; only who is known learns that something was missed.
    instead: Vec<String>,
    /// Where the team pointed them to, who was not taken on; only who is known reads it.
    pointed_to: String,
    ways: Vec<Way>,
    is_open: bool,
    close_at: String,
}

/// By the link alone: neutral words, the days of a place, no name, nothing that was answered.
pub(super) async fn show(visit: Visit, asked: Query<Asked>) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    let told = told(&mine, app.clock.now());
    let said = asked.said.as_deref().and_then(Said::parse);
    let is_open = proof == Proof::Open;
    let page = OwnPage {
        frame: Frame::patient("Your form", app.config.demo).secret_address(),
        here: &app.config.locality,
        reference: mine.view.reference.to_string(),
        received: mine.view.received_at.display_date(),
        said: said.map_or("", Said::words),
        state: told.state,
        next: told.next,
        place: ShownPlace::own(&mine, is_open),
        offer_at: match mine.has_offer() {
            true => paths::own_offer(&mine.token),
            false => String::new(),
        },
        waits: mine.waiting.iter().map(|wait| waits(wait.before)).collect(),
        instead: match is_open {
            true => mine.parallel.iter().map(instead).collect(),
            false => Vec::new(),
        },
        pointed_to: match is_open {
            true => pointed_to(&app, &mine).await?,
            false => String::new(),
        },
        ways: ways(&mine),
        is_open,
        close_at: paths::own_close(&mine.token),
    };
    proof.stays(&app, &mine, web::html(&page))
}

/// Where the team pointed them to, if they were not taken on.
async fn pointed_to(app: &Arc<App>, mine: &Mine) -> Result<String, web::Error> {
    if mine.view.state != ReviewState::Declined {
        return Ok(String::new());
    }
    let (inside, id) = (app.clone(), mine.view.id);
    let told = app
        .db
        .read(move |conn| for_patient(conn, &inside.keys, id, ReviewState::Declined));
    Ok(told.await?.unwrap_or_default())
}

fn waits(before: i64) -> String {
    match before {
        0 => "You are on the waiting list. You are next in line.".to_owned(),
        1 => "You are on the waiting list. One person is before you.".to_owned(),
        many => format!("You are on the waiting list. {many} people are before you."),
    }
}

fn instead(other: &Parallel) -> String {
    format!(
        "{}, {}, at {}",
        long_day(other.starts),
        times(other.starts, other.minutes),
        other.venue
    )
}

/// What can be done here, as the state allows it.
fn ways(mine: &Mine) -> Vec<Way> {
    let way = |text, url| Way { text, url };
    let token = &mine.token;
    let mut ways = Vec::new();
    let goes_on = match mine.view.state {
        ReviewState::Incomplete
        | ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Accepted
        | ReviewState::Started => true,
        ReviewState::HandedOver | ReviewState::Closed | ReviewState::Declined | ReviewState::Withdrawn => {
            false
        }
    };
    if mine.view.state == ReviewState::WaitingForPatient {
        ways.push(way("Read our question and answer it", paths::own_answer(token)));
    }
    if mine.has_place() || !mine.waiting.is_empty() {
        ways.push(way("Change or give up my place", paths::own_change(token)));
    } else if mine.may_choose() && !mine.has_offer() {
        ways.push(way("Choose a place", paths::own_place(token)));
    }
    if goes_on || mine.view.state == ReviewState::HandedOver {
        ways.push(way("Change how you reach me", paths::own_details(token)));
    }
    ways.push(way("Get a copy of what I told you", paths::own_copy(token)));
    if goes_on {
        ways.push(way("I do not want this any more", paths::own_stop(token)));
    }
    ways
}

/// Reloading what was posted: back to the own page.
pub(super) async fn back(visit: Visit) -> Result<HttpResponse, web::Error> {
    Ok(web::see_other(paths::own_page(&visit.mine.token)))
}
