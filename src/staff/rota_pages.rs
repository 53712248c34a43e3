//! The pages of the rota: who is told of an urgent referral, in which order. The rules of a change stand in `notify`,
//! which keeps the rota; here the form is read, and whoever was second is told who was first.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Actor, Deed, DisplayName, roster};
use crate::app::App;
use crate::notify::{self, Rota, RotaChange, RotaOutcome, RotaPerson};
use crate::values::{Email, Id, Phone};
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, html, html_status, paths, see_other};

/// As many changes as stand on the page; older ones stay in the table.
const CHANGES_SHOWN: usize = 10;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::ADMIN_ROTA, get().to(list))
        .route(paths::ADMIN_ROTA_ADD, get().to(add_page))
        .route(paths::ADMIN_ROTA_ADD, post().to(add))
        .route(paths::ADMIN_ROTA_PERSON, get().to(change_page))
        .route(paths::ADMIN_ROTA_PERSON, post().to(change))
        .route(paths::ADMIN_ROTA_MOVE, post().to(rearrange));
}

#[derive(Template)]
#[template(path = "staff/views/rota.html")]
struct ListPage {
    frame: Frame,
    rota: Rota,
    minutes: u16,
    second_channel: bool,
    changes: Vec<ChangeLine>,
    refused: Option<&'static str>,
}

/// A change as the page says it.
struct ChangeLine {
    when: String,
    who: String,
    what: String,
}

#[derive(Template)]
#[template(path = "staff/views/rota_person.html")]
struct PersonPage {
    frame: Frame,
    form: Form,
    /// Who is changed; nobody where somebody is added.
    person: Option<Id>,
    version: i32,
    changed_meanwhile: Vec<ChangeLine>,
}

async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepRota)?;
    list_with(&request, &app, &actor, StatusCode::OK, None).await
}

async fn list_with(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    status: StatusCode,
    refused: Option<&'static str>,
) -> Result<HttpResponse, web::Error> {
    let rota = notify::rota(&app.db).await?;
    let page = ListPage {
        frame: actor.frame(request, "Rota"),
        minutes: app.config.locality.escalation.minutes,
        second_channel: app.mailer.has_second_channel(),
        changes: lines(app, &rota, CHANGES_SHOWN).await?,
        rota,
        refused,
    };
    Ok(html_status(status, &page))
}

async fn lines(app: &App, rota: &Rota, most: usize) -> Result<Vec<ChangeLine>, web::Error> {
    let accounts = roster::list_accounts(&app.db).await?;
    let name = |by: Option<Id>| match by {
        None => "iapt-pad".to_owned(),
        Some(id) => {
            let found = accounts.iter().find(|account| account.id == id);
            found.map_or_else(
                || "A colleague".to_owned(),
                |account| account.display_name.clone(),
            )
        }
    };
    let changes = rota.changes.iter().take(most);
    Ok(changes
        .map(|change| ChangeLine {
            when: change.at.display(),
            who: name(change.by),
            what: change.what.clone(),
        })
        .collect())
}

async fn add_page(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepRota)?;
    let version = notify::rota(&app.db).await?.version;
    Ok(html(&PersonPage {
        frame: frame(&request, &actor, None, &Form::blank()),
        form: Form::blank(),
        person: None,
        version,
        changed_meanwhile: Vec::new(),
    }))
}

async fn change_page(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepRota)?;
    let id = Id::parse(&id).ok_or(web::Error::NotFound)?;
    let rota = notify::rota(&app.db).await?;
    let person = rota.people.iter().find(|person| person.id == id);
    let person = person.ok_or(web::Error::NotFound)?;
    let stored = Posted::default()
        .with("name", &person.name)
        .with("email", &person.email)
        .with("phone", &person.phone);
    let form = Form::new(stored, Errors::default());
    Ok(html(&PersonPage {
        frame: frame(&request, &actor, Some(id), &form),
        form,
        person: Some(id),
        version: rota.version,
        changed_meanwhile: Vec::new(),
    }))
}

fn frame(request: &HttpRequest, actor: &Actor, person: Option<Id>, form: &Form) -> Frame {
    let title = match person {
        None => "Add to the rota",
        Some(_) => "Change the rota",
    };
    actor.frame(request, title).back(paths::ADMIN_ROTA).about(form)
}

async fn add(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepRota)?;
    set(&request, &app, &actor, posted, None).await
}

async fn change(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepRota)?;
    let id = Id::parse(&id).ok_or(web::Error::NotFound)?;
    set(&request, &app, &actor, posted, Some(id)).await
}

async fn set(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    posted: Posted,
    person: Option<Id>,
) -> Result<HttpResponse, web::Error> {
    let mut errors = posted.errors();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(read) = read_person(&posted, person.unwrap_or_else(Id::new), &mut errors) {
        let change = match person {
            None => RotaChange::Add(read),
            Some(_) => RotaChange::Set(read),
        };
        match told(app, actor, &posted, change).await? {
            RotaOutcome::Done | RotaOutcome::AlreadySo => return Ok(see_other(paths::ADMIN_ROTA)),
            RotaOutcome::TwiceOnIt => errors.add("email", "Somebody on the rota has this e-mail address"),
            RotaOutcome::Full => errors.add("name", "There is no room for more than 20 people"),
            RotaOutcome::ChangedMeanwhile | RotaOutcome::NotOnIt | RotaOutcome::LastOne => {
                status = StatusCode::CONFLICT;
            }
        }
    }
    let rota = notify::rota(&app.db).await?;
    let changed_meanwhile = match status {
        StatusCode::CONFLICT => lines(app, &rota, 1).await?,
        _ => Vec::new(),
    };
    let form = Form::new(posted, errors);
    let page = PersonPage {
        frame: frame(request, actor, person, &form),
        form,
        person,
        version: rota.version,
        changed_meanwhile,
    };
    Ok(html_status(status, &page))
}

fn read_person(posted: &Posted, id: Id, errors: &mut Errors) -> Option<RotaPerson> {
    let name = errors.keep("name", DisplayName::parse(posted.one("name")));
    let phone = errors.keep("phone", Phone::parse(posted.one("phone")));
    // An alarm dials it: nobody is there to read a note.
    if phone.as_ref().is_some_and(|phone| !phone.note().is_empty()) {
        errors.add("phone", "Enter the phone number and nothing else");
    }
    let email = errors.keep("email", Email::parse(posted.one("email")));
    if errors.any() {
        return None;
    }
    Some(RotaPerson {
        id,
        name: name?.as_str().to_owned(),
        email: email?.as_str().to_owned(),
        phone: phone?.display(),
    })
}

/// Up, down and off: the three buttons beside each person.
async fn rearrange(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    path: Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepRota)?;
    let (id, how) = path.into_inner();
    let id = Id::parse(&id).ok_or(web::Error::NotFound)?;
    let change = match how.as_str() {
        "up" => RotaChange::Up(id),
        "down" => RotaChange::Down(id),
        "off" => RotaChange::TakeOff(id),
        _ => return Err(web::Error::NotFound),
    };
    let refused = match told(&app, &actor, &posted, change).await? {
        RotaOutcome::Done | RotaOutcome::AlreadySo => return Ok(see_other(paths::ADMIN_ROTA)),
        RotaOutcome::LastOne => "Somebody has to be on the rota. Add somebody else first.",
        RotaOutcome::ChangedMeanwhile | RotaOutcome::NotOnIt | RotaOutcome::Full | RotaOutcome::TwiceOnIt => {
            "Somebody changed the rota while you were reading it. Nothing you chose was done. Look at it, then decide again."
        }
    };
    list_with(&request, &app, &actor, StatusCode::CONFLICT, Some(refused)).await
}

async fn told(
    app: &App,
    actor: &Actor,
    posted: &Posted,
    change: RotaChange,
) -> Result<RotaOutcome, web::Error> {
    // A form without a readable version counts as one that has seen nothing.
    let seen = posted.one("seen").parse().unwrap_or(-1);
    let outcome = notify::change_rota(&app.db, seen, change, actor.id, app.clock.now()).await?;
    if outcome == RotaOutcome::Done {
        tracing::info!(by = %actor.id, "the rota was changed");
    }
    Ok(outcome)
}
