//! The rooms, with what somebody in pain wants to know about each.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::reading::{line, maybe};
use crate::app::App;
use crate::booking::diary::{AccessFacts, Venue, change_venue, list_venues};
use crate::staff::{Actor, Deed};
use crate::values::Id;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{Error, Frame, html, html_status, paths, see_other};

/// Longest name, in characters.
const NAME_LIMIT: usize = 100;
/// Longest address and longest fact.
const LINE_LIMIT: usize = 200;

#[derive(Template)]
#[template(path = "booking/views/venues.html")]
struct VenuesPage {
    frame: Frame,
    here: &'static str,
    done: &'static str,
    venues: Vec<Venue>,
}

#[derive(Template)]
#[template(path = "booking/views/venue.html")]
struct VenuePage {
    frame: Frame,
    form: Form,
    heading: &'static str,
    action: String,
}

pub(super) async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let venues = app.db.read(list_venues).await?;
    Ok(html(&VenuesPage {
        frame: actor.frame(&request, "Venues"),
        here: paths::VENUES,
        done: match request.query_string() {
            "added" => "The venue is added.",
            "changed" => "The venue is changed.",
            _ => "",
        },
        venues,
    }))
}

pub(super) async fn fresh(request: HttpRequest, actor: Actor) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let form = Form::new(Posted::default().with("active", "yes"), Errors::default());
    Ok(html(&page(&request, &actor, None, form)))
}

pub(super) async fn show(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let venue = find(&app, &id).await?;
    let mut stored = Posted::default()
        .with("name", venue.name)
        .with("address", venue.address)
        .with("step_free", venue.facts.step_free)
        .with("chairs", venue.facts.chairs)
        .with("floor_work", venue.facts.floor_work)
        .with("parking", venue.facts.parking)
        .with("bus", venue.facts.bus)
        .with("access", venue.access);
    if venue.active {
        stored = stored.with("active", "yes");
    }
    let form = Form::new(stored, Errors::default());
    Ok(html(&page(&request, &actor, Some(venue.id), form)))
}

pub(super) async fn add(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    save(&request, &app, &actor, None, posted).await
}

pub(super) async fn change(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let venue = find(&app, &id).await?;
    save(&request, &app, &actor, Some(venue.id), posted).await
}

async fn save(
    request: &HttpRequest,
    app: &Data<App>,
    actor: &Actor,
    id: Option<Id>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let mut errors = posted.errors();
    let venue = read(&mut errors, &posted, id).filter(|_| !errors.any());
    let Some(venue) = venue else {
        let page = page(request, actor, id, Form::new(posted, errors));
        return Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    app.db.write(move |conn| change_venue(conn, &venue)).await?;
    let done = if id.is_none() { "added" } else { "changed" };
    Ok(see_other(format!("{}?{done}", paths::VENUES)))
}

fn read(errors: &mut Errors, posted: &Posted, id: Option<Id>) -> Option<Venue> {
    let name = line(errors, posted, "name", "the name of the venue", NAME_LIMIT);
    let address = line(errors, posted, "address", "the address", LINE_LIMIT);
    let mut fact = |field| maybe(errors, posted, field, LINE_LIMIT);
    let facts = (
        fact("step_free"),
        fact("chairs"),
        fact("floor_work"),
        fact("parking"),
        fact("bus"),
    );
    let access = fact("access");
    Some(Venue {
        id: id.unwrap_or_else(Id::new),
        name: name?,
        address: address?,
        access: access?,
        facts: AccessFacts {
            step_free: facts.0?,
            chairs: facts.1?,
            floor_work: facts.2?,
            parking: facts.3?,
            bus: facts.4?,
        },
        active: posted.has("active", "yes"),
    })
}

async fn find(app: &Data<App>, id: &str) -> Result<Venue, Error> {
    let id = Id::parse(id).ok_or(Error::NotFound)?;
    let all = app.db.read(list_venues).await?;
    all.into_iter()
        .find(|venue| venue.id == id)
        .ok_or(Error::NotFound)
}

fn page(request: &HttpRequest, actor: &Actor, id: Option<Id>, form: Form) -> VenuePage {
    let (heading, action) = match id {
        None => ("Add a venue", paths::VENUE_NEW.to_owned()),
        Some(id) => ("Change a venue", paths::venue(id)),
    };
    VenuePage {
        frame: actor.frame(request, heading).back(paths::VENUES).about(&form),
        form,
        heading,
        action,
    }
}
