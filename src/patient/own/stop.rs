//! Taking the form back. The page says what it means and offers a talk instead; one button does it, and lets go of the
//! place in the same transaction. The page ends with it. Whoever is at risk stays with the team, and reads the same page as everybody.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::door::{Proof, Then};
use super::visit::Visit;
use super::{Mine, ended, store};
use crate::app::App;
use crate::booking::{Act, close_out};
use crate::config::Locality;
use crate::patient::carry;
use crate::patient::draft::Carried;
use crate::referrals::{By, Leaving, Withdrawn, withdraw};
use crate::web::form::Posted;
use crate::web::{self, Frame, paths};

#[derive(Template)]
#[template(path = "patient/views/own_stop.html")]
struct StopPage<'a> {
    frame: Frame,
    action: String,
    own_page: String,
    here: &'a Locality,
    has_place: bool,
    /// Only a person can end it now.
    ring_instead: bool,
}

fn draw(app: &App, mine: &Mine, status: StatusCode, ring_instead: bool) -> HttpResponse {
    let own_page = paths::own_page(&mine.token);
    let page = StopPage {
        frame: Frame::patient("Take back your form", app.config.demo)
            .secret_address()
            .back(&own_page),
        action: paths::own_stop(&mine.token),
        own_page,
        here: &app.config.locality,
        has_place: mine.place_state().is_some() || !mine.waiting.is_empty(),
        ring_instead,
    };
    web::html_status(status, &page)
}

pub(super) async fn show(visit: Visit) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    if proof != Proof::Open {
        return Ok(Then::Stop.first_the_date(&mine));
    }
    proof.stays(&app, &mine, draw(&app, &mine, StatusCode::OK, false))
}

pub(super) async fn take(
    visit: Visit,
    request: HttpRequest,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    if proof != Proof::Open || !posted.has("then", "stop") {
        return Ok(Then::Stop.first_the_date(&mine));
    }
    let now = app.clock.now();
    let (act, leaving) = (Act::draw(now, By::Patient)?, Leaving::draw(now)?);
    let (inside, id) = (app.clone(), mine.view.id);
    let became = app
        .db
        .write(move |conn| {
            let became = withdraw(conn, &inside, id, &leaving)?;
            if became == Withdrawn::Done {
                close_out(conn, &inside, &act, id)?;
                store::delete_openings(conn, id)?;
            }
            Ok(became)
        })
        .await?;
    app.mailer.nudge();
    match became {
        Withdrawn::Done | Withdrawn::AlreadySo => Ok(forgets(&app, &request, &mine)),
        Withdrawn::NotFrom(_) => proof.stays(&app, &mine, draw(&app, &mine, StatusCode::CONFLICT, true)),
        Withdrawn::Missing => Err(web::Error::NotFound),
    }
}

/// The page that says so. This browser's confirmation says what does not hold now, and goes with it.
fn forgets(app: &App, request: &HttpRequest, mine: &Mine) -> HttpResponse {
    let answer = ended::taken_back(app);
    match carry::carried(app, request) {
        Some(Carried::Sent(sent)) if sent.token == mine.token => carry::without_draft(app, answer),
        Some(Carried::Sent(_) | Carried::Added(_) | Carried::Draft(_)) | None => answer,
    }
}
