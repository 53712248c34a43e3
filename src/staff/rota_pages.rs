//! The pages of the rota: who is told of an urgent referral, when, and in which order. The rules of a change stand in `notify`,
//! which keeps the rota; here the form is read, and whoever was second is told who was first.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::civil::Date;

use super::{Actor, Deed, DisplayName, roster};
use crate::app::App;
use crate::config::{Escalation, Shift};
use crate::notify::{self, Cover, Gap, Leave, Rota, RotaChange, RotaOutcome, RotaPerson};
use crate::values::{Email, Id, Phone, Ts, day_of_boxes};
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, html, html_status, paths, see_other};

/// As many changes as stand on the page; older ones stay in the table.
const CHANGES_SHOWN: usize = 10;
/// As many days ahead as are looked through for hours that nobody covers.
const DAYS_AHEAD: u16 = 28;
/// As many shifts as one person may have.
const MOST_SHIFTS: usize = 14;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::ADMIN_ROTA, get().to(list))
        .route(paths::ADMIN_ROTA_ADD, get().to(add_page))
        .route(paths::ADMIN_ROTA_ADD, post().to(add))
        .route(paths::ADMIN_ROTA_PERSON, get().to(change_page))
        .route(paths::ADMIN_ROTA_PERSON, post().to(change))
        .route(paths::ADMIN_ROTA_LEAVE, get().to(leave_page))
        .route(paths::ADMIN_ROTA_LEAVE, post().to(leave))
        .route(paths::ADMIN_ROTA_MOVE, post().to(rearrange));
}

#[derive(Template)]
#[template(path = "staff/views/rota.html")]
struct ListPage {
    frame: Frame,
    rota: Rota,
    people: Vec<PersonCard>,
    clock: Escalation,
    cover: Cover,
    /// Stretches of an ordinary week in which nobody is on shift.
    gaps: Vec<String>,
    /// Stretches of the next weeks in which nobody is, because of leave or a bank holiday.
    gaps_ahead: Vec<String>,
    second_channel: bool,
    changes: Vec<ChangeLine>,
    refused: Option<&'static str>,
}

/// One person as the list shows them.
struct PersonCard {
    person: RotaPerson,
    on_now: bool,
    shifts: Vec<String>,
    leave: Vec<String>,
}

fn card(person: &RotaPerson, now: Ts, holidays: &[Date]) -> PersonCard {
    let shifts = person.shifts.iter().map(|shift| match shift.ends_next_day() {
        true => format!("{}, until the next day", shift.display()),
        false => shift.display(),
    });
    PersonCard {
        on_now: person.is_on(now, holidays),
        shifts: shifts.collect(),
        leave: ahead(person, now).map(|leave| leave.display()).collect(),
        person: person.clone(),
    }
}

/// The leave that is not over.
fn ahead(person: &RotaPerson, now: Ts) -> impl Iterator<Item = Leave> {
    let today = now.london_date();
    person
        .leave
        .clone()
        .into_iter()
        .filter(move |leave| leave.last >= today)
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
    let (locality, now) = (&app.config.locality, app.clock.now());
    let holidays = &locality.hours.bank_holidays;
    let ahead = notify::uncovered_by_leave(&rota.people, holidays, now.london_date(), DAYS_AHEAD);
    let page = ListPage {
        frame: actor.frame(request, "Rota"),
        people: rota.people.iter().map(|one| card(one, now, holidays)).collect(),
        clock: locality.escalation.clone(),
        cover: notify::on_duty(rota.people.clone(), locality, now).cover,
        gaps: notify::uncovered_hours(&rota.people)
            .iter()
            .map(Gap::by_weekday)
            .collect(),
        gaps_ahead: ahead.iter().map(Gap::by_date).collect(),
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
        .with("phone", &person.phone)
        .with(
            "shifts",
            person
                .shifts
                .iter()
                .map(Shift::display)
                .collect::<Vec<_>>()
                .join("\n"),
        );
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
    let shifts = read_shifts(posted.one("shifts"), errors);
    if errors.any() {
        return None;
    }
    Some(RotaPerson {
        id,
        name: name?.as_str().to_owned(),
        email: email?.as_str().to_owned(),
        phone: phone?.display(),
        shifts,
        leave: Vec::new(),
    })
}

/// One shift a line; no line: always. The message names the line it is about.
fn read_shifts(text: &str, errors: &mut Errors) -> Vec<Shift> {
    let mut shifts = Vec::new();
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in lines {
        match Shift::parse(line) {
            Ok(shift) => shifts.push(shift),
            Err(why) => {
                errors.add("shifts", format!("Line {number}: {why}"));
                return shifts;
            }
        }
    }
    if shifts.len() > MOST_SHIFTS {
        errors.add("shifts", format!("Enter at most {MOST_SHIFTS} lines"));
    }
    shifts.sort_unstable();
    shifts.dedup();
    shifts
}

#[derive(Template)]
#[template(path = "staff/views/rota_leave.html")]
struct LeavePage {
    frame: Frame,
    form: Form,
    person: RotaPerson,
    leave: Vec<LeaveLine>,
    version: i32,
    refused: Option<&'static str>,
}

/// One stretch of leave, with what takes it back.
struct LeaveLine {
    told: String,
    value: String,
}

async fn leave_page(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepRota)?;
    let id = Id::parse(&id).ok_or(web::Error::NotFound)?;
    leave_with(&request, &app, &actor, id, Form::blank(), (StatusCode::OK, None)).await
}

async fn leave_with(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    id: Id,
    form: Form,
    (status, refused): (StatusCode, Option<&'static str>),
) -> Result<HttpResponse, web::Error> {
    let rota = notify::rota(&app.db).await?;
    let person = rota.people.into_iter().find(|person| person.id == id);
    let person = person.ok_or(web::Error::NotFound)?;
    let leave = ahead(&person, app.clock.now()).map(|leave| LeaveLine {
        told: leave.display(),
        value: format!("{} {}", leave.first, leave.last),
    });
    let frame = actor.frame(request, "Leave").back(paths::ADMIN_ROTA);
    let page = LeavePage {
        frame: frame.about(&form),
        leave: leave.collect(),
        form,
        person,
        version: rota.version,
        refused,
    };
    Ok(html_status(status, &page))
}

/// Adds leave from two dates, or takes back what the button names.
async fn leave(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepRota)?;
    let id = Id::parse(&id).ok_or(web::Error::NotFound)?;
    let mut errors = posted.errors();
    let change = match posted.one("drop") {
        "" => read_leave(&posted, app.clock.now(), &mut errors).map(|leave| RotaChange::AddLeave(id, leave)),
        stored => Some(RotaChange::DropLeave(
            id,
            stored_leave(stored).ok_or(web::Error::NotFound)?,
        )),
    };
    let Some(change) = change else {
        let told = (StatusCode::UNPROCESSABLE_ENTITY, None);
        return leave_with(&request, &app, &actor, id, Form::new(posted, errors), told).await;
    };
    let refused = match told(&app, &actor, &posted, change).await? {
        RotaOutcome::Done | RotaOutcome::AlreadySo => return Ok(see_other(paths::admin_rota_leave(id))),
        RotaOutcome::NotOnIt => return Err(web::Error::NotFound),
        RotaOutcome::Full => "There is no room for more leave. Take back what is over.",
        RotaOutcome::ChangedMeanwhile | RotaOutcome::LastOne | RotaOutcome::TwiceOnIt => {
            "Somebody changed the rota while you were reading it. Look at it, then save again."
        }
    };
    let told = (StatusCode::CONFLICT, Some(refused));
    leave_with(
        &request,
        &app,
        &actor,
        id,
        Form::new(posted, Errors::default()),
        told,
    )
    .await
}

fn read_leave(posted: &Posted, now: Ts, errors: &mut Errors) -> Option<Leave> {
    let mut day = |field: &'static str| {
        let part = |part: &str| posted.one(&format!("{field}-{part}")).to_owned();
        errors.keep_date(field, day_of_boxes(&part("day"), &part("month"), &part("year")))
    };
    let (first, last) = (day("first"), day("last"));
    let (first, last) = first.zip(last)?;
    if last < first {
        errors.add("last", "The last day must be the first day or later");
        return None;
    }
    if last < now.london_date() {
        errors.add("last", "The last day must be today or later");
        return None;
    }
    Some(Leave { first, last })
}

/// "2026-12-21 2027-01-03", as the page's own button sends it.
fn stored_leave(text: &str) -> Option<Leave> {
    let (first, last) = text.split_once(' ')?;
    Some(Leave {
        first: first.parse().ok()?,
        last: last.parse().ok()?,
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
