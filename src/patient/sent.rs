//! After the answers are sent: the confirmation, and the patient's own page. Neither shows a score, a priority or
//! anything a person of the team should say in a talk.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, ServiceConfig, get};
use askama::Template;

use super::draft::{Draft, Reach, Sent};
use super::{carry, pages};
use crate::app::App;
use crate::config::Locality;
use crate::questionnaire::Page;
use crate::referrals::{self, ManageToken, Receipt, ReviewState};
use crate::web::{self, Frame, paths};

/// Adds the own page.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::OWN_PAGE, get().to(own_page));
}

#[derive(Template)]
#[template(path = "patient/views/confirmation.html")]
struct Confirmation<'a> {
    frame: Frame,
    here: &'a Locality,
    reference: &'a str,
    contact_by: &'a str,
    how: &'static str,
    own_page: String,
    address: String,
}

/// What of a receipt the patient keeps.
fn of_receipt(receipt: &Receipt, draft: &Draft) -> Sent {
    Sent {
        id: draft.id,
        reference: receipt.reference.to_string(),
        token: receipt.token.expose().to_owned(),
        contact_by: receipt.contact_by.london().strftime("%A %-d %B").to_string(),
        how: draft.reach(),
        slip: draft.slip.clone(),
    }
}

/// What follows once the answers are sent. On a device that was handed over nothing is left behind: the confirmation
/// is the answer itself, and cannot be read again.
pub(super) fn after(app: &App, draft: &Draft, receipt: &Receipt) -> Result<HttpResponse, web::Error> {
    let sent = of_receipt(receipt, draft);
    match draft.tablet {
        true => Ok(carry::without_draft(app, confirmation(app, &sent))),
        false => carry::with_sent(app, sent, pages::go_to(Page::Confirmation)),
    }
}

pub(super) fn confirmation(app: &App, sent: &Sent) -> HttpResponse {
    let own_page = paths::own_page(&sent.token);
    web::html(&Confirmation {
        frame: Frame::patient("We have it", app.config.demo),
        here: &app.config.locality,
        reference: &sent.reference,
        contact_by: &sent.contact_by,
        how: match sent.how {
            Reach::Phone => "ring you",
            Reach::Email => "email you",
            Reach::Letter => "write to you",
        },
        address: format!("{}{own_page}", app.config.base_url),
        own_page,
    })
}

#[derive(Template)]
#[template(path = "patient/views/own_page.html")]
struct OwnPage<'a> {
    frame: Frame,
    here: &'a Locality,
    reference: String,
    received: String,
    state: &'static str,
    next: &'static str,
}

/// By the link alone: neutral words, no name, nothing that was answered.
async fn own_page(app: Data<App>, token: Path<String>) -> Result<HttpResponse, web::Error> {
    let token = ManageToken::parse(&token).ok_or(web::Error::NotFound)?;
    let reading = app.clone();
    let own = app
        .db
        .read(move |conn| referrals::find_own(conn, &reading.keys, &token))
        .await?
        .ok_or(web::Error::NotFound)?;
    let (state, next) = words(own.state);
    Ok(web::html(&OwnPage {
        frame: Frame::patient("Your form", app.config.demo),
        here: &app.config.locality,
        reference: own.reference.to_string(),
        received: own.received_at.display_date(),
        state,
        next,
    }))
}

/// The state in plain words, and what happens next.
fn words(state: ReviewState) -> (&'static str, &'static str) {
    match state {
        ReviewState::Incomplete => (
            "You have not finished it",
            "We have kept what you told us. A person from our team will contact you. You can also ring us.",
        ),
        ReviewState::New => (
            "We have it",
            "A person from our team reads it and then contacts you.",
        ),
        ReviewState::WaitingForPatient => (
            "We are waiting to hear from you",
            "We tried to reach you. Please ring us when you can.",
        ),
        ReviewState::Accepted | ReviewState::HandedOver => (
            "A person from our team has looked at it",
            "They will tell you what happens next. You do not need to do anything.",
        ),
        ReviewState::Started => ("You have started with us", "We see you at your next appointment."),
        ReviewState::Closed | ReviewState::Declined => (
            "It is closed",
            "If you did not expect this, or things have changed, please ring us. You can also start again.",
        ),
        ReviewState::Withdrawn => (
            "You took it back",
            "If you change your mind, you can start again at any time.",
        ),
    }
}
