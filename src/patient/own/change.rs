//! Changing a place for another one, or giving it up; leaving a waiting list. Behind the date of birth.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::Mine;
use super::choose::{Became, Wish, answer, fulfil, of_hold, said};
use super::door::{Proof, Then};
use super::listed::Listed;
use super::place::ShownPlace;
use super::visit::Visit;
use crate::app::App;
use crate::booking::{self, Act};
use crate::referrals::By;
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

#[derive(Template)]
#[template(path = "patient/views/own_change.html")]
struct ChangePage<'a> {
    frame: Frame,
    form: Form,
    choose_at: String,
    place: Option<ShownPlace>,
    listed: Listed,
    phone: &'a str,
}

fn draw(app: &App, mine: &Mine, form: Form) -> HttpResponse {
    if !mine.has_place() && mine.waiting.is_empty() {
        return web::see_other(paths::own_page(&mine.token));
    }
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let frame = Frame::patient("Change your place", app.config.demo).secret_address();
    let page = ChangePage {
        frame: frame.back(paths::own_page(&mine.token)).about(&form),
        form,
        choose_at: paths::own_change(&mine.token),
        place: ShownPlace::own(mine, true).filter(|_| mine.has_place()),
        listed: Listed::of(mine),
        phone: &app.config.locality.organisation.phone,
    };
    web::html_status(status, &page)
}

pub(super) async fn show(visit: Visit) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    match proof {
        Proof::Link | Proof::JustSent => Ok(Then::Change.first_the_date(&mine)),
        Proof::Open => proof.stays(&app, &mine, draw(&app, &mine, Form::blank())),
    }
}

pub(super) async fn take(visit: Visit, posted: Posted) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    if proof != Proof::Open {
        return Ok(Then::Change.first_the_date(&mine));
    }
    let mut errors = posted.errors();
    let wish = Wish::read(&posted, &mut errors).filter(|_| errors.is_empty());
    let id = mine.view.id;
    let became = match wish {
        None => Became::NotThis(Form::new(posted, errors)),
        Some(Wish::Run(to)) => {
            let act = Act::draw(app.clock.now(), By::Patient)?;
            let inside = app.clone();
            let hold = app
                .db
                .write(move |conn| booking::change(conn, &inside, &act, to, id));
            let hold = hold.await?;
            app.mailer.nudge();
            said(of_hold(hold))
        }
        Some(wish @ (Wish::Slot(_) | Wish::Wait(_) | Wish::Ring | Wish::GiveUp)) => {
            fulfil(&app, id, wish).await?
        }
    };
    let answer = match became {
        // What they have stays theirs; the list is read anew.
        Became::NotThis(form) => draw(&app, &Mine::find(&app, &mine.token).await?, form),
        became @ (Became::Kept | Became::Waits | Became::Said(_)) => {
            answer(&app, &mine, proof, became).await?
        }
    };
    proof.stays(&app, &mine, answer)
}
