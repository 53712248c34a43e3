//! Choosing a place: right after the form in the browser that sent it, later behind the date of birth. The place is
//! held until a person confirms it; two taps make one booking; a place that somebody else took brings the list again.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::Mine;
use super::door::{Proof, Then};
use super::listed::Listed;
use super::place::ShownPlace;
use super::visit::Visit;
use super::words::{Said, how};
use crate::app::App;
use crate::booking::{self, Act, Hold, Join, PlaceState, SlotHold, SlotKind};
use crate::db;
use crate::referrals::By;
use crate::values::Id;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// What somebody chose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wish {
    Run(Id),
    Slot(Id),
    Wait(Id),
    Ring,
    /// Gives the place, or the waiting, up.
    GiveUp,
}

impl Wish {
    pub fn read(posted: &Posted, errors: &mut Errors) -> Option<Self> {
        let word = posted.one("place");
        let known = match word.split_once('-') {
            Some(("run", id)) => Id::parse(id).map(Wish::Run),
            Some(("slot", id)) => Id::parse(id).map(Wish::Slot),
            Some(("wait", id)) => Id::parse(id).map(Wish::Wait),
            Some(("give", "up")) => Some(Wish::GiveUp),
            Some(_) => None,
            None => (word == "ring").then_some(Wish::Ring),
        };
        if known.is_none() {
            errors.add("place", "Select a place, or ask us to be in touch");
        }
        known
    }
}

#[derive(Template)]
#[template(path = "patient/views/own_choose.html")]
struct ChoosePage {
    frame: Frame,
    form: Form,
    choose_at: String,
    listed: Listed,
    how: &'static str,
}

#[derive(Template)]
#[template(path = "patient/views/own_place.html")]
struct PlacePage<'a> {
    frame: Frame,
    heading: &'static str,
    place: ShownPlace,
    /// They come to a room, so there is something to bring.
    travels: bool,
    own_page: String,
    address: String,
    change_at: String,
    /// What this browser holds is let go of here: the form just sent, or the page that the date of birth opened.
    finish_at: String,
    phone: &'a str,
}

pub(super) async fn show(visit: Visit) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    match proof {
        Proof::Link => Ok(Then::Place.first_the_date(&mine)),
        Proof::JustSent | Proof::Open => proof.stays(&app, &mine, draw(&app, &mine, proof, Form::blank())),
    }
}

/// The place, or the list, or the way back where there is neither.
fn draw(app: &App, mine: &Mine, proof: Proof, form: Form) -> HttpResponse {
    if let Some((state, place)) = mine.place_state().zip(ShownPlace::own(mine, true))
        && mine.has_place()
    {
        return kept_page(app, mine, proof, (state, place));
    }
    if !mine.may_choose() || mine.has_offer() {
        return web::see_other(paths::own_page(&mine.token));
    }
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let frame = Frame::patient("Choose a place", app.config.demo).secret_address();
    let page = ChoosePage {
        frame: frame.back(paths::own_page(&mine.token)).about(&form),
        form,
        choose_at: paths::own_place(&mine.token),
        listed: Listed::of(mine),
        how: how(mine),
    };
    web::html_status(status, &page)
}

fn kept_page(app: &App, mine: &Mine, proof: Proof, (state, place): (PlaceState, ShownPlace)) -> HttpResponse {
    let own_page = paths::own_page(&mine.token);
    web::html(&PlacePage {
        frame: Frame::patient("Your place", app.config.demo).secret_address(),
        heading: match state {
            PlaceState::Confirmed => "Your place is confirmed",
            PlaceState::Held | PlaceState::Free | PlaceState::Offered => "We have kept this place for you",
        },
        travels: mine
            .slot
            .as_ref()
            .is_none_or(|own| own.slot.kind == SlotKind::InPerson),
        place,
        address: format!("{}{own_page}", app.config.base_url),
        own_page,
        change_at: paths::own_change(&mine.token),
        finish_at: match proof {
            Proof::Open => paths::own_close(&mine.token),
            Proof::JustSent | Proof::Link => paths::FORGET.to_owned(),
        },
        phone: &app.config.locality.organisation.phone,
    })
}

pub(super) async fn take(visit: Visit, posted: Posted) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    if proof == Proof::Link {
        return Ok(Then::Place.first_the_date(&mine));
    }
    let mut errors = posted.errors();
    let wish = Wish::read(&posted, &mut errors).filter(|_| errors.is_empty());
    let became = match wish {
        Some(wish) => fulfil(&app, mine.view.id, wish).await?,
        None => Became::NotThis(Form::new(posted, errors)),
    };
    let answer = answer(&app, &mine, proof, became).await?;
    proof.stays(&app, &mine, answer)
}

/// What became of a wish.
pub(super) enum Became {
    /// A place is theirs, from now or from before.
    Kept,
    /// They wait.
    Waits,
    /// Something else, in the words of the own page.
    Said(Said),
    /// The list again, with a message at it.
    NotThis(Form),
}

/// Where it leads. The list is read anew: somebody else may have taken the last place.
pub(super) async fn answer(
    app: &Arc<App>,
    mine: &Mine,
    proof: Proof,
    became: Became,
) -> Result<HttpResponse, web::Error> {
    Ok(match became {
        Became::Kept => web::see_other(paths::own_place(&mine.token)),
        Became::Waits => web::see_other(paths::own_page(&mine.token)),
        Became::Said(said) => web::see_other(paths::own_page_said(&mine.token, said.as_str())),
        Became::NotThis(form) => {
            let again = Mine::find(app, &mine.token).await?;
            draw(app, &again, proof, form)
        }
    })
}

/// Does it in one transaction.
pub(super) async fn fulfil(app: &Arc<App>, id: Id, wish: Wish) -> db::Result<Became> {
    let act = Act::draw(app.clock.now(), By::Patient)?;
    let inside = app.clone();
    let became = app.db.write(move |conn| {
        let (app, act) = (&inside, &act);
        Ok(match wish {
            Wish::Run(run) => of_hold(booking::hold(conn, app, act, run, id)?),
            Wish::Slot(slot) => match booking::hold_slot(conn, app, act, slot, id)? {
                SlotHold::Held(_) | SlotHold::AlreadyHas(_) => Outcome::Kept,
                SlotHold::Taken => Outcome::Full,
                SlotHold::NotOffered => Outcome::Gone,
            },
            Wish::Wait(course) => match booking::join_waiting(conn, app, act, course, id)? {
                Join::Joined | Join::AlreadyWaits => Outcome::Waits,
                Join::HasPlace => Outcome::Kept,
                Join::NotOffered => Outcome::Gone,
            },
            Wish::Ring => {
                booking::ask_to_ring(conn, app, act, id)?;
                Outcome::Rings
            }
            Wish::GiveUp => {
                let had_talk = booking::release_slot(conn, app, act, id)?;
                let placed = booking::cancel(conn, app, act, id)? || had_talk;
                booking::leave_waiting(conn, app, act, None, id)?;
                if placed { Outcome::GaveUp } else { Outcome::Left }
            }
        })
    });
    let became = became.await?;
    app.mailer.nudge();
    Ok(said(became))
}

/// What a transaction tells.
#[derive(Clone, Copy)]
pub(super) enum Outcome {
    Kept,
    Waits,
    Rings,
    GaveUp,
    Left,
    Full,
    Gone,
}

pub(super) fn of_hold(hold: Hold) -> Outcome {
    match hold {
        Hold::Held(_) | Hold::AlreadyHas(_) => Outcome::Kept,
        Hold::Full => Outcome::Full,
        Hold::NotOffered => Outcome::Gone,
    }
}

pub(super) fn said(outcome: Outcome) -> Became {
    let again = |words: &'static str| {
        let mut errors = Errors::default();
        errors.add("place", words);
        Became::NotThis(Form::new(Posted::default(), errors))
    };
    match outcome {
        Outcome::Kept => Became::Kept,
        Outcome::Waits => Became::Waits,
        Outcome::Rings => Became::Said(Said::Ring),
        Outcome::GaveUp => Became::Said(Said::GaveUp),
        Outcome::Left => Became::Said(Said::Left),
        Outcome::Full => again(
            "Sorry, somebody took the last place there a moment ago. Your form is safe. Please choose another one",
        ),
        Outcome::Gone => {
            again("Sorry, this one cannot be chosen any more. Your form is safe. Please choose another one")
        }
    }
}
