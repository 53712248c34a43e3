//! The patient's own page. Receives the token of its address and, for more, the date of birth; decides what each of the
//! two opens. By the link alone: where it is, what happens next, the days of a place. A GET changes nothing.

mod answered;
mod asked;
mod change;
mod choose;
mod copy;
mod details;
mod door;
mod happened;
mod listed;
mod ended;
mod page;
mod place;
mod stop;
mod store;
mod typed;
mod visit;
mod words;

use std::sync::Arc;

use actix_web::web::{ServiceConfig, get, post};

use crate::app::App;
use crate::booking::{
    self, BookingRules, Choices, Offerable, OwnPlace, OwnSlot, OwnWait, Parallel, PlaceState, SlotChoice,
    own_place, own_slot, own_waiting, parallel_sessions, slot_choices,
};
use crate::referrals::{self, ManageToken, OwnView, ReviewState};
use crate::values::Id;
use crate::web::{self, paths};

pub(super) use listed::Listed;

/// Adds the own page and all that belongs to it.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::OWN_PAGE, get().to(page::show))
        .route(paths::OWN_OPEN, get().to(door::ask))
        .route(paths::OWN_OPEN, post().to(door::open))
        .route(paths::OWN_CLOSE, get().to(page::back))
        .route(paths::OWN_CLOSE, post().to(door::close))
        .route(paths::OWN_DETAILS, get().to(details::show))
        .route(paths::OWN_DETAILS, post().to(details::take))
        .route(paths::OWN_STOP, get().to(stop::show))
        .route(paths::OWN_STOP, post().to(stop::take))
        .route(paths::OWN_COPY, get().to(copy::show))
        .route(paths::OWN_COPY, post().to(copy::take))
        .route(paths::OWN_PLACE, get().to(choose::show))
        .route(paths::OWN_PLACE, post().to(choose::take))
        .route(paths::OWN_CHANGE, get().to(change::show))
        .route(paths::OWN_CHANGE, post().to(change::take))
        .route(paths::OWN_ANSWER, get().to(asked::show))
        .route(paths::OWN_ANSWER, post().to(asked::take))
        .route(paths::OWN_OFFER, get().to(page::back))
        .route(paths::OWN_OFFER, post().to(place::answer_offer))
        .route(paths::OWN_CALENDAR, get().to(place::calendar));
}

/// What the pages behind one link know of its referral.
pub(super) struct Mine {
    token: String,
    view: OwnView,
    /// The row of the page that stands open in this browser, behind the date of birth.
    opening: Option<Id>,
    place: Option<OwnPlace>,
    /// The appointment for a first talk, where the service keeps that diary here.
    slot: Option<OwnSlot>,
    /// Appointments to choose from.
    slots: Vec<SlotChoice>,
    waiting: Vec<OwnWait>,
    choices: Choices,
    /// Sessions they may come to instead of one they missed.
    parallel: Vec<Parallel>,
}

impl Mine {
    /// Finds it; a token that opens nothing is no page, and once the form was taken back its page has ended.
    pub(super) async fn find(app: &Arc<App>, token: &str) -> Result<Mine, web::Error> {
        let token = ManageToken::parse(token).ok_or(web::Error::NotFound)?;
        let (inside, now) = (app.clone(), app.clock.now());
        let found = app.db.read(move |conn| {
            let found = referrals::find_own(conn, &inside.keys, &token)?;
            let Some(view) = found.filter(|view| view.state != ReviewState::Withdrawn) else {
                return Ok(None);
            };
            let rules = BookingRules::of(&inside.config.locality);
            let of = Offerable {
                service: view.service,
                booking: view.booking,
                state: view.state,
            };
            Ok(Some(Mine {
                token: token.expose().to_owned(),
                place: own_place(conn, view.id)?,
                slot: own_slot(conn, view.id)?,
                slots: slot_choices(conn, &of, view.id, &rules, now)?,
                waiting: own_waiting(conn, view.id, now)?,
                parallel: parallel_sessions(conn, view.id, now)?,
                choices: booking::choices(conn, &of, &rules, now)?,
                opening: None,
                view,
            }))
        });
        found.await?.ok_or(web::Error::NotFound)
    }

    /// Whether a place or an appointment is kept or confirmed; one that is only offered is not theirs yet.
    pub(super) fn has_place(&self) -> bool {
        self.place_state()
            .is_some_and(|state| state != PlaceState::Offered)
    }

    /// Where their place or their appointment is.
    fn place_state(&self) -> Option<PlaceState> {
        let place = self.place.as_ref().map(|place| place.state);
        place.or(self.slot.as_ref().map(|own| own.slot.state))
    }

    fn may_choose(&self) -> bool {
        !(self.choices.is_empty() && self.slots.is_empty())
    }

    fn has_offer(&self) -> bool {
        self.place
            .as_ref()
            .is_some_and(|place| place.state == PlaceState::Offered)
    }
}
