//! The courses that are offered again and again: add one, change one.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::reading::{line, number, service, services};
use crate::app::App;
use crate::booking::course::Course;
use crate::booking::diary::{Offered, add_course_offered, change_course, list_offered};
use crate::config::ServiceName;
use crate::staff::{Actor, Deed};
use crate::values::Id;
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{Error, Frame, html, html_status, paths, see_other};

/// Longest name, in characters.
const NAME_LIMIT: usize = 100;
/// Most weekly sessions.
const MOST_SESSIONS: i32 = 12;

#[derive(Template)]
#[template(path = "booking/views/offered.html")]
struct OfferedPage {
    frame: Frame,
    here: &'static str,
    done: &'static str,
    courses: Vec<Offered>,
    service_names: HashMap<ServiceName, String>,
}

#[derive(Template)]
#[template(path = "booking/views/course.html")]
struct CoursePage {
    frame: Frame,
    form: Form,
    heading: &'static str,
    action: String,
    services: Vec<Choice>,
    /// Whether service and number of sessions may still be chosen.
    open: bool,
    service: String,
}

pub(super) async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let courses = app.db.read(list_offered).await?;
    let locality = &app.config.locality;
    let names = ServiceName::ALL.map(|name| (name, locality.service(name).staff_name.clone()));
    Ok(html(&OfferedPage {
        frame: actor.frame(&request, "Courses we offer"),
        here: paths::COURSES_OFFERED,
        done: match request.query_string() {
            "added" => "The course is added. Plan its first run.",
            "changed" => "The course is changed.",
            _ => "",
        },
        courses,
        service_names: names.into_iter().collect(),
    }))
}

pub(super) async fn fresh(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let form = Form::new(
        Posted::default().with("sessions", "5").with("active", "yes"),
        Errors::default(),
    );
    Ok(html(&page(&request, &app, &actor, None, form)))
}

pub(super) async fn show(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let found = find(&app, &id).await?;
    let mut stored = Posted::default()
        .with("name", found.course.name.clone())
        .with("service", found.course.service.as_str())
        .with("sessions", found.course.sessions.to_string());
    if found.active {
        stored = stored.with("active", "yes");
    }
    let form = Form::new(stored, Errors::default());
    Ok(html(&page(&request, &app, &actor, Some(&found), form)))
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
    let found = find(&app, &id).await?;
    save(&request, &app, &actor, Some(found), posted).await
}

async fn save(
    request: &HttpRequest,
    app: &Data<App>,
    actor: &Actor,
    before: Option<Offered>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let mut errors = posted.errors();
    let active = posted.has("active", "yes");
    if let Some(course) = read(&mut errors, &posted, before.as_ref()) {
        let new = before.is_none();
        let kept = app.db.write(move |conn| match new {
            true => add_course_offered(conn, &course, active),
            false => change_course(conn, &course, active),
        });
        if kept.await? {
            let done = if new { "added" } else { "changed" };
            return Ok(see_other(format!("{}?{done}", paths::COURSES_OFFERED)));
        }
        errors.add("name", "There is a course of this name. Give it another one");
    }
    let form = Form::new(posted, errors);
    let page = page(request, app, actor, before.as_ref(), form);
    Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn read(errors: &mut Errors, posted: &Posted, before: Option<&Offered>) -> Option<Course> {
    let name = line(errors, posted, "name", "the name of the course", NAME_LIMIT);
    // Where people were told their dates, service and sessions stay, whatever is posted.
    let fixed = before
        .filter(|before| before.has_runs)
        .map(|before| &before.course);
    let service = match fixed {
        Some(course) => Some(course.service),
        None => service(errors, posted),
    };
    let sessions = match fixed {
        Some(course) => Some(course.sessions),
        None => number(
            errors,
            posted,
            "sessions",
            "how many sessions it has",
            1..=MOST_SESSIONS,
        ),
    };
    let name = name?;
    let code = code_of(&name);
    if code.is_empty() {
        errors.add("name", "The name must have letters or numbers");
    }
    let errors_left = errors.any();
    Some(Course {
        id: before.map_or_else(Id::new, |before| before.course.id),
        code: before.map_or(code, |before| before.course.code.clone()),
        name,
        service: service?,
        sessions: sessions?,
    })
    .filter(|_| !errors_left)
}

/// "living-well-with-pain".
fn code_of(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<&str>>().join("-")
}

async fn find(app: &Data<App>, id: &str) -> Result<Offered, Error> {
    let id = Id::parse(id).ok_or(Error::NotFound)?;
    let all = app.db.read(list_offered).await?;
    all.into_iter()
        .find(|one| one.course.id == id)
        .ok_or(Error::NotFound)
}

fn page(request: &HttpRequest, app: &App, actor: &Actor, before: Option<&Offered>, form: Form) -> CoursePage {
    let heading = match before {
        None => "Add a course",
        Some(_) => "Change a course",
    };
    let locality = &app.config.locality;
    CoursePage {
        frame: actor
            .frame(request, heading)
            .back(paths::COURSES_OFFERED)
            .about(&form),
        form,
        heading,
        action: before.map_or_else(
            || paths::COURSE_NEW.to_owned(),
            |before| paths::course(before.course.id),
        ),
        services: services(locality),
        open: before.is_none_or(|before| !before.has_runs),
        service: before
            .map(|before| locality.service(before.course.service).staff_name.clone())
            .unwrap_or_default(),
    }
}
