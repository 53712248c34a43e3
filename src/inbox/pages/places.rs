//! `/inbox/places`: places that patients chose and a named person has still to confirm. None of them lapses by itself;
//! what is near or late stands on top.

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

use super::super::clocks::moment;
use super::super::placing;
use super::super::store::held::{HeldPlace, list_held};
use super::super::words::{self, Tag};
use super::tabs::{Counted, Here, Tab, tabs};
use crate::app::App;
use crate::booking::{BookingRules, PlaceState, SlotChoice, list_slots};
use crate::staff::{Actor, Deed, ReadNote, note_read};
use crate::triage::Priority;
use crate::values::Ts;
use crate::web::form::Form;
use crate::web::{self, Frame, paths};

/// Most that one page shows; the earliest promises are among them.
const MOST: i64 = 200;

/// The part of an address behind the question mark.
#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// One place as the page draws it.
struct Row {
    url: String,
    deed: String,
    reference: String,
    name: String,
    seen: i32,
    course: String,
    begins: String,
    confirm_by: String,
    overdue: bool,
    near: bool,
    /// How soon somebody looks, where that stands against booking.
    tag: Option<Tag>,
    told_more: bool,
}

#[derive(Template)]
#[template(path = "inbox/views/places.html")]
struct PlacesPage {
    frame: Frame,
    form: Form,
    done: &'static str,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// Appointments that wait to be confirmed: they have a page of their own.
    talks: usize,
}

/// The page.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    asked: actix::Query<Asked>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepPlaces)?;
    let (inside, now, me) = (app.clone(), app.clock.now(), actor.id);
    let read = app.db.read(move |conn| {
        let held = list_held(conn, &inside.keys, MOST)?;
        let slots = list_slots(conn, now)?;
        let waits = |one: &&SlotChoice| !one.slot.cancelled && one.slot.state == PlaceState::Held;
        Ok((
            held,
            Counted::read(conn, me, now)?,
            slots.iter().filter(waits).count(),
        ))
    });
    let (held, many, talks) = read.await?;
    let list = ReadNote::new(&actor, "inbox: places to confirm", None, now);
    let people = held.iter().map(|place| place.referral);
    let people = people.map(|id| ReadNote::new(&actor, "place to confirm", Some(id), now));
    let notes: Vec<ReadNote> = std::iter::once(list).chain(people).collect();
    app.db
        .write(move |conn| notes.iter().try_for_each(|note| note_read(conn, note)))
        .await?;
    let rules = BookingRules::of(&app.config.locality);
    let mut rows: Vec<(bool, Ts, Row)> = held
        .iter()
        .map(|place| {
            let near = rules.is_near(now, place.first_session);
            (!near, place.confirm_by, row(place, near, now))
        })
        .collect();
    // Near and unconfirmed is the latest there is; after that the promise that was made first.
    rows.sort_by_key(|(far, by, _)| (*far, *by));
    Ok(web::html(&PlacesPage {
        frame: actor.frame(&request, "Places to confirm").wide(),
        form: Form::blank(),
        done: asked.done.as_deref().and_then(placing::done).unwrap_or_default(),
        tabs: tabs(&many, Here::Places),
        rows: rows.into_iter().map(|(_, _, row)| row).collect(),
        talks,
    }))
}

fn row(place: &HeldPlace, near: bool, now: Ts) -> Row {
    let urgent = matches!(place.priority, Priority::P1 | Priority::P2);
    Row {
        url: paths::referral(place.reference.as_str()),
        deed: paths::referral_place(place.reference.as_str()),
        reference: place.reference.to_string(),
        name: place.name.clone(),
        seen: place.seen,
        course: place.course.clone(),
        begins: moment(place.first_session, now),
        confirm_by: moment(place.confirm_by, now),
        overdue: near || place.confirm_by <= now,
        near,
        tag: urgent.then(|| words::urgency(place.priority)),
        told_more: place.told_more,
    }
}
