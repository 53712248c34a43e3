//! Making a run and changing one.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::reading::{chosen, clock, day, long_day, moment, number};
use super::run::find;
use crate::app::App;
use crate::booking::act::Act;
use crate::booking::course::MOST_PLACES;
use crate::booking::diary::{
    Changed, DiaryRun, NewPlan, Plan, add_plan, change_run, list_offered, list_venues,
};
use crate::referrals::By;
use crate::staff::{Actor, Deed};
use crate::values::{Id, Ts};
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{Error, Frame, html, html_status, paths, see_other};

/// Shortest and longest session, in minutes.
const MINUTES: std::ops::RangeInclusive<i32> = 15..=240;

#[derive(Template)]
#[template(path = "booking/views/run_form.html")]
struct RunForm {
    frame: Frame,
    form: Form,
    heading: String,
    action: String,
    courses: Vec<Choice>,
    venues: Vec<Choice>,
    /// The run as it stands, when one is changed.
    before: Option<DiaryRun>,
    button: &'static str,
}

/// What there is to choose from.
struct Among {
    courses: Vec<Choice>,
    venues: Vec<Choice>,
}

impl Among {
    /// The courses and rooms in use; `keeps` is a room that stays on the list although it is not used any more.
    async fn read(app: &Data<App>, keeps: Option<Id>) -> Result<Self, Error> {
        let (courses, venues) = app
            .db
            .read(|conn| Ok((list_offered(conn)?, list_venues(conn)?)))
            .await?;
        let courses = courses.into_iter().filter(|one| one.active);
        let venues = venues
            .into_iter()
            .filter(|venue| venue.active || Some(venue.id) == keeps);
        Ok(Self {
            courses: courses
                .map(|one| Choice::new(one.course.id.to_string(), one.course.name))
                .collect(),
            venues: venues
                .map(|venue| Choice::new(venue.id.to_string(), venue.name))
                .collect(),
        })
    }
}

pub(super) async fn fresh(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let among = Among::read(&app, None).await?;
    let usual = Posted::default().with("minutes", "120").with("places", "20");
    let form = Form::new(usual, Errors::default());
    Ok(html(&page(&request, &actor, among, None, form)))
}

pub(super) async fn add(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let among = Among::read(&app, None).await?;
    let mut errors = posted.errors();
    let course = chosen(&mut errors, &posted, "course", "Select a course", &among.courses);
    let plan = plan(&mut errors, &posted, &among, None, app.clock.now());
    let (Some(course), Some(plan), false) = (course, plan, errors.any()) else {
        let page = page(&request, &actor, among, None, Form::new(posted, errors));
        return Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let new = NewPlan {
        id: Id::new(),
        course,
        plan,
    };
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::Staff(actor.id))?);
    app.db
        .write(move |conn| add_plan(conn, &inside, &act, &new))
        .await?;
    app.mailer.nudge();
    Ok(see_other(format!("{}?made", paths::run(new.id))))
}

pub(super) async fn show(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let run = find(&app, &id).await?;
    let among = Among::read(&app, Some(run.venue)).await?;
    let first = run.first_session.london();
    let stored = Posted::default()
        .with("venue", run.venue.to_string())
        .with("first-day", first.day().to_string())
        .with("first-month", first.month().to_string())
        .with("first-year", first.year().to_string())
        .with("time", first.strftime("%H:%M").to_string())
        .with("minutes", run.minutes.to_string())
        .with("places", run.places.to_string())
        .with("seen", run.sequence.to_string());
    let form = Form::new(stored, Errors::default());
    Ok(html(&page(&request, &actor, among, Some(run), form)))
}

pub(super) async fn change(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let run = find(&app, &id).await?;
    let among = Among::read(&app, Some(run.venue)).await?;
    let mut errors = posted.errors();
    let plan = plan(&mut errors, &posted, &among, Some(&run), app.clock.now());
    if let (Some(plan), false) = (plan, errors.any()) {
        let seen = posted.one("seen").parse().unwrap_or(-1);
        let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::Staff(actor.id))?);
        let changed = app
            .db
            .write(move |conn| change_run(conn, &inside, &act, run.id, seen, &plan))
            .await?;
        app.mailer.nudge();
        match changed {
            Changed::Done { told } => return Ok(see_other(format!("{}?told={told}", paths::run(run.id)))),
            Changed::Missing => return Err(Error::NotFound),
            refused => refuse(&mut errors, refused),
        }
    }
    let page = page(&request, &actor, among, Some(run), Form::new(posted, errors));
    Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn refuse(errors: &mut Errors, refused: Changed) {
    match refused {
        Changed::Done { .. } | Changed::Missing => {}
        Changed::CalledOff => errors.add("venue", "This run is called off and cannot be changed"),
        Changed::Meanwhile => errors.add(
            "venue",
            "Somebody has changed this run meanwhile, and nothing was done. Go back to the run and look again",
        ),
        Changed::Taken(taken) => errors.add(
            "places",
            format!("{taken} places are taken. Enter {taken} or more, or free places first"),
        ),
        Changed::Begun => errors.add("first", "This run has begun: its dates stay. Room and places can change"),
    }
}

/// What was typed, as a plan. A date that is left as it was may lie in the past.
fn plan(
    errors: &mut Errors,
    posted: &Posted,
    among: &Among,
    before: Option<&DiaryRun>,
    now: Ts,
) -> Option<Plan> {
    let venue = chosen(errors, posted, "venue", "Select a venue", &among.venues);
    let (date, time) = (day(errors, posted, "first"), clock(errors, posted, "time"));
    let minutes = number(errors, posted, "minutes", "how long a session is", MINUTES);
    let places = number(
        errors,
        posted,
        "places",
        "how many places there are",
        1..=MOST_PLACES,
    );
    let stays = before.map(|run| run.first_session).filter(|first| {
        let local = first.london();
        Some(local.date()) == date && Some(local.time()) == time
    });
    let first_session = match stays {
        Some(first) => Some(first),
        None => moment(errors, ("first", date?), ("time", time?), now),
    };
    Some(Plan {
        venue: venue?,
        first_session: first_session?,
        minutes: minutes?,
        places: places?,
    })
}

fn page(request: &HttpRequest, actor: &Actor, among: Among, before: Option<DiaryRun>, form: Form) -> RunForm {
    let (title, heading, action, back) = match &before {
        None => (
            "Plan a run",
            "Plan a run".to_owned(),
            paths::RUN_NEW.to_owned(),
            paths::COURSES.to_owned(),
        ),
        Some(run) => (
            "Change a run",
            format!("Change {}, from {}", run.course_name, long_day(run.first_session)),
            paths::run_change(run.id),
            paths::run(run.id),
        ),
    };
    RunForm {
        frame: actor.frame(request, title).back(back).about(&form),
        form,
        heading,
        action,
        courses: among.courses,
        venues: among.venues,
        button: if before.is_some() {
            "Change the run"
        } else {
            "Plan the run"
        },
        before,
    }
}
