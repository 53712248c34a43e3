//! A place as its person sees it: the days, the way there, what helps to know before; its calendar file; and the answer
//! to an offer.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::Mine;
use super::door::{Proof, Then};
use super::visit::Visit;
use super::words::{Said, day};
use crate::booking::{
    self, Accepted, AccessFacts, Act, OwnPlace, OwnSlot, PlaceState, RunFacts, SlotKind, own_calendar,
};
use crate::referrals::By;
use crate::values::Ts;
use crate::web::form::Posted;
use crate::web::{self, paths};

/// A place as the pages show it.
pub(super) struct ShownPlace {
    /// What it is called; nothing on a page that only the link opened.
    pub course: String,
    /// "Tuesday 8 December 2026".
    pub days: Vec<String>,
    /// "2pm to 4pm".
    pub time: String,
    pub venue: String,
    pub address: String,
    pub access: Vec<String>,
    /// By when it is confirmed, or answered; a sentence.
    pub clock: String,
    /// Where the calendar file is; nothing for an offer.
    pub calendar: String,
}

impl ShownPlace {
    /// The place or the appointment of this person. `named`: whether it may be said what it is.
    pub fn own(mine: &Mine, named: bool) -> Option<Self> {
        let place = mine.place.as_ref().map(|place| Self::of(mine, place, named));
        place.or_else(|| mine.slot.as_ref().map(|own| Self::of_talk(mine, own, named)))
    }

    fn of_talk(mine: &Mine, own: &OwnSlot, named: bool) -> Self {
        let slot = &own.slot;
        Self {
            course: match named {
                true => talk(slot.kind).to_owned(),
                false => String::new(),
            },
            days: vec![long_day(slot.starts)],
            time: times(slot.starts, slot.minutes),
            venue: match slot.kind {
                SlotKind::Phone => "We ring you".to_owned(),
                SlotKind::Video => "By video. We send you the link".to_owned(),
                SlotKind::InPerson => own.venue.clone(),
            },
            address: own.address.clone(),
            access: facts(&own.facts),
            clock: confirmed_by(slot.state, slot.confirm_by),
            calendar: paths::own_calendar(&mine.token),
        }
    }

    fn of(mine: &Mine, place: &OwnPlace, named: bool) -> Self {
        let run = &place.run;
        Self {
            course: match named {
                true => run.course_name.clone(),
                false => String::new(),
            },
            days: place.sessions.iter().map(|at| long_day(*at)).collect(),
            time: times(run.first_session, run.minutes),
            venue: run.venue.clone(),
            address: run.address.clone(),
            access: access(run),
            clock: clock(place),
            calendar: match place.state {
                PlaceState::Held | PlaceState::Confirmed => paths::own_calendar(&mine.token),
                PlaceState::Free | PlaceState::Offered => String::new(),
            },
        }
    }
}

fn clock(place: &OwnPlace) -> String {
    match (place.state, place.lapses_at) {
        (PlaceState::Offered, Some(by)) => {
            format!("Please say yes or no by {}, {}.", day(by), by.display_time())
        }
        (PlaceState::Offered, None) => "Please say yes or no soon. We keep it for you until then.".to_owned(),
        (PlaceState::Held | PlaceState::Confirmed | PlaceState::Free, _) => {
            confirmed_by(place.state, place.confirm_by)
        }
    }
}

/// By when a person confirms what is held; nothing else has to be confirmed.
fn confirmed_by(state: PlaceState, by: Option<Ts>) -> String {
    match (state, by) {
        (PlaceState::Held, Some(by)) => format!("A member of the team will confirm it by {}.", day(by)),
        (PlaceState::Held, None) => "A member of the team will confirm it.".to_owned(),
        (PlaceState::Confirmed | PlaceState::Free | PlaceState::Offered, _) => String::new(),
    }
}

/// What a first talk is called on the patient's pages.
pub(super) fn talk(kind: SlotKind) -> &'static str {
    match kind {
        SlotKind::Phone => "A first talk by phone",
        SlotKind::Video => "A first talk by video",
        SlotKind::InPerson => "A first talk, face to face",
    }
}

/// "Tuesday 8 December 2026".
pub(super) fn long_day(at: Ts) -> String {
    at.london().strftime("%A %-d %B %Y").to_string()
}

/// "2pm to 4pm".
pub(super) fn times(starts: Ts, minutes: i32) -> String {
    let ends = starts.plus_minutes(i64::from(minutes));
    format!("{} to {}", spoken(starts), spoken(ends))
}

fn spoken(at: Ts) -> String {
    let at = at.london();
    match at.minute() {
        0 => at.strftime("%-I%P").to_string(),
        _ => at.strftime("%-I:%M%P").to_string(),
    }
}

/// What somebody in pain wants to know about a room.
pub(super) fn access(run: &RunFacts) -> Vec<String> {
    let mut lines = facts(&run.facts);
    lines.extend(Some(run.access.clone()).filter(|text| !text.is_empty()));
    lines
}

pub(super) fn facts(facts: &AccessFacts) -> Vec<String> {
    let facts = facts.lines().into_iter();
    facts.map(|(what, fact)| format!("{what}: {fact}")).collect()
}

/// All days in one file. The link alone gives it: nothing in it says what it is about.
pub(super) async fn calendar(visit: Visit) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, .. } = visit;
    let (inside, id, now) = (app.clone(), mine.view.id, app.clock.now());
    let file = app.db.read(move |conn| own_calendar(conn, &inside.keys, id, now));
    let file = file.await?.filter(|_| !mine.has_offer());
    let file = file.ok_or(web::Error::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/calendar; charset=utf-8"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"appointment.ics\"",
        ))
        .body(file))
}

/// Yes keeps the place, and the link is enough for it: the clock runs. No gives something away, so it asks for the date
/// of birth first.
pub(super) async fn answer_offer(visit: Visit, posted: Posted) -> Result<HttpResponse, web::Error> {
    let Visit { app, mine, proof } = visit;
    let yes = posted.has("answer", "yes");
    if !yes && proof != Proof::Open {
        return Ok(Then::Page.first_the_date(&mine));
    }
    let act = Act::draw(app.clock.now(), By::Patient)?;
    let (inside, id) = (app.clone(), mine.view.id);
    let said = app
        .db
        .write(move |conn| {
            if yes {
                return Ok(match booking::accept_offer(conn, &inside, &act, id)? {
                    Accepted::Held(_) => None,
                    Accepted::NoOffer => Some(Said::OfferGone),
                });
            }
            booking::refuse_offer(conn, &inside, &act, id)?;
            Ok(Some(Said::Refused))
        })
        .await?;
    app.mailer.nudge();
    let said = said.filter(|_| !(yes && mine.has_place()));
    let answer = web::see_other(match said {
        Some(said) => paths::own_page_said(&mine.token, said.as_str()),
        None => paths::own_page(&mine.token),
    });
    proof.stays(&app, &mine, answer)
}
