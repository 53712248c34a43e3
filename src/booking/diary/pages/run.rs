//! One run: when, where, how full, who by reference; and calling it off.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::list::{tag, taken_in_words};
use super::reading::long_day;
use crate::app::App;
use crate::booking::act::Act;
use crate::booking::call_off as call_off_run;
use crate::booking::diary::store::{attendance, runs};
use crate::booking::diary::{DiaryRun, Venue, find_diary_run, list_venues};
use crate::booking::place::PlaceState;
use crate::config::OpeningHours;
use crate::referrals::{By, references};
use crate::staff::{Actor, Deed};
use crate::values::{Id, Ts};
use crate::web::form::Posted;
use crate::web::{Error, Frame, html, paths, see_other};

#[derive(Template)]
#[template(path = "booking/views/run.html")]
struct RunPage {
    frame: Frame,
    done: String,
    run: DiaryRun,
    tag: (&'static str, &'static str),
    places: String,
    sessions: Vec<SessionLine>,
    venue: Option<Venue>,
    people: Vec<PersonLine>,
    over: bool,
    told: String,
}

/// One session as the page draws it.
struct SessionLine {
    number: usize,
    day: String,
    time: String,
    /// Why nobody may be there that day; empty on a working day.
    closed: &'static str,
    url: String,
    link: &'static str,
    noted: String,
}

/// Somebody on the run, without a name.
struct PersonLine {
    reference: String,
    url: String,
    tag: (&'static str, &'static str),
}

/// The run of an address.
pub(super) async fn find(app: &Data<App>, id: &str) -> Result<DiaryRun, Error> {
    let id = Id::parse(id).ok_or(Error::NotFound)?;
    let found = app.db.read(move |conn| find_diary_run(conn, id)).await?;
    found.ok_or(Error::NotFound)
}

pub(super) async fn show(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let run = find(&app, &id).await?;
    let (of, venue) = (run.id, run.venue);
    let (people, noted, venues) = app
        .db
        .read(move |conn| {
            let people = runs::list_people(conn, of)?;
            let ids: Vec<Id> = people.iter().map(|(id, _)| *id).collect();
            let names = references(conn, &ids)?;
            let people: Vec<(String, PlaceState)> = people
                .into_iter()
                .filter_map(|(id, state)| {
                    let (_, reference) = names.iter().find(|(named, _)| *named == id)?;
                    Some((reference.to_string(), state))
                })
                .collect();
            Ok((people, attendance::list_sessions(conn, of)?, list_venues(conn)?))
        })
        .await?;
    let now = app.clock.now();
    Ok(html(&RunPage {
        frame: actor.frame(&request, "Run of a course").back(paths::COURSES),
        done: done(request.query_string()),
        tag: tag(&run),
        places: taken_in_words(&run),
        sessions: sessions(&run, &noted, &app.config.locality.hours, now),
        venue: venues.into_iter().find(|one| one.id == venue),
        people: people.into_iter().map(person).collect(),
        over: run.ends() <= now,
        told: people_in_words(run.held + run.confirmed),
        run,
    }))
}

/// What was just done, from the address.
fn done(query: &str) -> String {
    let asked = Posted::read(query.as_bytes());
    let told: Option<usize> = asked.one("told").parse().ok();
    match (query, told) {
        ("made", _) => "The run is planned. Patients can choose it from now on.".to_owned(),
        ("called-off", _) => {
            "The run is called off. Everybody on it is told and stands at the head of the waiting list."
                .to_owned()
        }
        (_, Some(0)) => "The run is changed. Nobody had to be told.".to_owned(),
        (_, Some(many)) => format!(
            "The run is changed. {} told: by e-mail where they agreed to it, else by phone from the list of people to ring.",
            match many {
                1 => "1 person is being".to_owned(),
                many => format!("{many} people are being"),
            }
        ),
        (_, None) => String::new(),
    }
}

fn people_in_words(many: usize) -> String {
    match many {
        0 => "nobody".to_owned(),
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    }
}

fn sessions(run: &DiaryRun, noted: &[i32], hours: &OpeningHours, now: Ts) -> Vec<SessionLine> {
    let lines = (1_usize..).zip(run.session_starts());
    lines
        .map(|(number, starts)| {
            let marks = noted
                .iter()
                .filter(|one| usize::try_from(**one) == Ok(number))
                .count();
            let day = starts.london_date();
            SessionLine {
                number,
                day: long_day(starts),
                time: starts.display_time(),
                closed: match hours.is_working_day(day) {
                    true => "",
                    false if hours.bank_holidays.contains(&day) => "Bank holiday",
                    false => "Weekend",
                },
                url: paths::run_session(run.id, number),
                link: match day <= now.london_date() {
                    true => "Who came",
                    false => "Who cannot come",
                },
                noted: match marks {
                    0 => String::new(),
                    1 => "1 noted".to_owned(),
                    many => format!("{many} noted"),
                },
            }
        })
        .collect()
}

fn person((reference, state): (String, PlaceState)) -> PersonLine {
    PersonLine {
        url: paths::referral(reference.replace('-', "")),
        tag: match state {
            PlaceState::Confirmed => ("Confirmed", "green"),
            PlaceState::Held => ("To confirm", "yellow"),
            PlaceState::Offered => ("Offered", "blue"),
            PlaceState::Free => ("Free", "grey"),
        },
        reference,
    }
}

pub(super) async fn call_off(app: Data<App>, actor: Actor, id: Path<String>) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let run = find(&app, &id).await?;
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::Staff(actor.id))?);
    if run.ends() <= act.now {
        return Err(Error::Conflict(
            "This run is over. It can no longer be called off.".into(),
        ));
    }
    let of = run.id;
    app.db
        .write(move |conn| call_off_run(conn, &inside, &act, of))
        .await?;
    app.mailer.nudge();
    Ok(see_other(format!("{}?called-off", paths::run(of))))
}
