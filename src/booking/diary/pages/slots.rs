//! Assessment appointments: several at once, who has which by reference, calling one off.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::reading::{chosen, clock, day, long_day, moment, number, service, services};
use crate::app::App;
use crate::booking::act::Act;
use crate::booking::diary::{
    NewSlot, SlotChoice, SlotKind, add_slots, call_off_slot, confirm_slot, find_slot, list_slots, list_venues,
};
use crate::booking::place::PlaceState;
use crate::referrals::{By, references};
use crate::staff::{Actor, Deed};
use crate::values::{Id, Ts, Unfit};
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{Error, Frame, html, html_status, paths, see_other};

/// Shortest and longest appointment, in minutes.
const MINUTES: std::ops::RangeInclusive<i32> = 10..=180;

#[derive(Template)]
#[template(path = "booking/views/slots.html")]
struct SlotsPage {
    frame: Frame,
    here: &'static str,
    form: Form,
    done: String,
    days: Vec<Day>,
    services: Vec<Choice>,
    kinds: Vec<Choice>,
    venues: Vec<Choice>,
    /// Whether patients may choose these themselves.
    offered: bool,
}

/// The appointments of one day.
struct Day {
    day: String,
    slots: Vec<SlotLine>,
}

struct SlotLine {
    time: String,
    what: String,
    tag: (&'static str, &'static str),
    reference: String,
    url: String,
    cancelled: bool,
    call_off: String,
    /// Where it is confirmed; nothing unless it waits for that.
    confirm: String,
    /// "by 25 November 2026, 5:00pm", where it waits to be confirmed.
    confirm_by: String,
    late: bool,
}

pub(super) async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let asked = Posted::read(request.query_string().as_bytes());
    let added: Option<u32> = asked.one("added").parse().ok();
    let done = match (request.query_string(), added) {
        ("called-off", _) => {
            "The appointment is called off. Whoever had it stands on the list of people to ring.".to_owned()
        }
        ("confirmed", _) => {
            "The appointment is confirmed. Whoever has it stands on the list of people to ring.".to_owned()
        }
        (_, Some(0)) => "These appointments were there already.".to_owned(),
        (_, Some(1)) => "1 appointment is added.".to_owned(),
        (_, Some(many)) => format!("{many} appointments are added."),
        (_, None) => String::new(),
    };
    let usual = Posted::default()
        .with("minutes", "45")
        .with("kind", SlotKind::Phone.as_str())
        .with("batch", Id::new().to_string());
    let form = Form::new(usual, Errors::default());
    Ok(html(&page(&request, &app, &actor, form, done).await?))
}

pub(super) async fn add(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let venues = venues(&app).await?;
    let mut errors = posted.errors();
    let slots = read(&mut errors, &posted, &venues, app.clock.now());
    let (Some(slots), false) = (slots, errors.any()) else {
        let form = Form::new(posted, errors);
        let page = page(&request, &app, &actor, form, String::new()).await?;
        return Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let added = app.db.write(move |conn| add_slots(conn, &slots)).await?;
    Ok(see_other(format!("{}?added={added}", paths::SLOTS)))
}

pub(super) async fn call_off(app: Data<App>, actor: Actor, id: Path<String>) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let id = Id::parse(&id).ok_or(Error::NotFound)?;
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::Staff(actor.id))?);
    app.db
        .write(move |conn| call_off_slot(conn, &inside, &act, id))
        .await?;
    Ok(see_other(format!("{}?called-off", paths::SLOTS)))
}

/// A named person confirms the appointment; whoever has it is rung.
pub(super) async fn confirm(app: Data<App>, actor: Actor, id: Path<String>) -> Result<HttpResponse, Error> {
    actor.require(Deed::KeepPlaces)?;
    let id = Id::parse(&id).ok_or(Error::NotFound)?;
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::Staff(actor.id))?);
    app.db
        .write(
            move |conn| match find_slot(conn, id)?.and_then(|slot| slot.referral) {
                Some(referral) => confirm_slot(conn, &inside, &act, referral),
                None => Ok(false),
            },
        )
        .await?;
    Ok(see_other(format!("{}?confirmed", paths::SLOTS)))
}

/// The appointments of one day, one after the other, from the first time to the last.
fn read(errors: &mut Errors, posted: &Posted, venues: &[Choice], now: Ts) -> Option<Vec<NewSlot>> {
    let service = service(errors, posted);
    let date = day(errors, posted, "day");
    let (from, to) = (clock(errors, posted, "from"), clock(errors, posted, "to"));
    let minutes = number(errors, posted, "minutes", "how long an appointment is", MINUTES);
    let kind = errors.keep(
        "kind",
        SlotKind::parse(posted.one("kind")).ok_or(Unfit::because("Select how people meet")),
    );
    let venue = match kind {
        Some(SlotKind::InPerson) => Some(chosen(errors, posted, "venue", "Select a venue", venues)?),
        Some(SlotKind::Phone | SlotKind::Video) | None => None,
    };
    let first = moment(errors, ("day", date?), ("from", from?), now)?;
    let last = moment(errors, ("day", date?), ("to", to?), now)?;
    let minutes = minutes?;
    let batch = Id::parse(posted.one("batch")).unwrap_or_else(Id::new);
    if first.plus_minutes(i64::from(minutes)) > last {
        errors.add("to", "There must be time for at least one appointment");
        return None;
    }
    let mut slots = Vec::new();
    let mut starts = first;
    while starts.plus_minutes(i64::from(minutes)) <= last {
        slots.push(NewSlot {
            id: numbered(batch, slots.len()),
            service: service?,
            starts,
            minutes,
            kind: kind?,
            venue,
            staff: None,
        });
        starts = starts.plus_minutes(i64::from(minutes));
    }
    Some(slots)
}

/// The id of the appointment of this number made with one form, so that the form sent twice makes it once.
fn numbered(batch: Id, number: usize) -> Id {
    let mut bytes = *batch.as_bytes();
    let number = u32::try_from(number).unwrap_or_default().to_be_bytes();
    for (byte, more) in bytes.iter_mut().skip(12).zip(number) {
        *byte ^= more;
    }
    Id::from_bytes(bytes)
}

async fn venues(app: &Data<App>) -> Result<Vec<Choice>, Error> {
    let all = app.db.read(list_venues).await?;
    let used = all.into_iter().filter(|venue| venue.active);
    Ok(used
        .map(|venue| Choice::new(venue.id.to_string(), venue.name))
        .collect())
}

async fn page(
    request: &HttpRequest,
    app: &Data<App>,
    actor: &Actor,
    form: Form,
    done: String,
) -> Result<SlotsPage, Error> {
    // What began today is still shown.
    let from = app.clock.now().plus_minutes(-12 * 60);
    let (slots, names) = app
        .db
        .read(move |conn| {
            let slots = list_slots(conn, from)?;
            let taken: Vec<Id> = slots.iter().filter_map(|one| one.slot.referral).collect();
            let names = references(conn, &taken)?;
            Ok((slots, names))
        })
        .await?;
    let mut days: Vec<Day> = Vec::new();
    for one in &slots {
        let day = long_day(one.slot.starts);
        let reference = one.slot.referral.and_then(|id| {
            let (_, reference) = names.iter().find(|(named, _)| *named == id)?;
            Some(reference.as_str().to_owned())
        });
        let line = line(one, reference, app.clock.now());
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.slots.push(line),
            None => days.push(Day {
                day,
                slots: vec![line],
            }),
        }
    }
    Ok(SlotsPage {
        frame: actor.frame(request, "Appointments").about(&form),
        here: paths::SLOTS,
        form,
        done,
        days,
        services: services(&app.config.locality),
        kinds: SlotKind::ALL
            .map(|kind| Choice::new(kind.as_str(), kind.label()))
            .to_vec(),
        venues: venues(app).await?,
        offered: app.config.locality.booking.assessment,
    })
}

fn line(one: &SlotChoice, reference: Option<String>, now: Ts) -> SlotLine {
    let slot = &one.slot;
    let what = match slot.kind {
        SlotKind::Phone | SlotKind::Video => slot.kind.label().to_owned(),
        SlotKind::InPerson => one.venue.clone(),
    };
    SlotLine {
        time: slot.starts.display_time(),
        what: format!("{what}, {} minutes", slot.minutes),
        tag: match (slot.cancelled, slot.state) {
            (true, _) => ("Called off", "red"),
            (false, PlaceState::Free) => ("Free", "green"),
            (false, PlaceState::Held | PlaceState::Offered) => ("To confirm", "yellow"),
            (false, PlaceState::Confirmed) => ("Confirmed", "blue"),
        },
        url: reference.as_ref().map(paths::referral).unwrap_or_default(),
        reference: reference.unwrap_or_default(),
        cancelled: slot.cancelled,
        call_off: paths::slot_call_off(slot.id),
        confirm: match slot.state {
            PlaceState::Held if !slot.cancelled => paths::slot_confirm(slot.id),
            PlaceState::Held | PlaceState::Free | PlaceState::Offered | PlaceState::Confirmed => {
                String::new()
            }
        },
        confirm_by: slot.confirm_by.map(|by| by.display()).unwrap_or_default(),
        late: slot.confirm_by.is_some_and(|by| by <= now),
    }
}
