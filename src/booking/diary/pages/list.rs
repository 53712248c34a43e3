//! The runs, those ahead or those that are over.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::reading::short_day;
use crate::app::App;
use crate::booking::diary::{DiaryRun, Part, list_diary_runs};
use crate::staff::{Actor, Deed};
use crate::values::Ts;
use crate::web::{Error, Frame, html, paths};

#[derive(Template)]
#[template(path = "booking/views/runs.html")]
struct RunsPage {
    frame: Frame,
    here: &'static str,
    past: bool,
    runs: Vec<RunLine>,
}

/// A run as the list draws it.
struct RunLine {
    run: DiaryRun,
    url: String,
    begins: String,
    time: String,
    /// "Next: session 2, Tue 15 Dec 2026"; empty before the first and after the last.
    next: String,
    places: String,
    tag: (&'static str, &'static str),
}

pub(super) async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let part = match request.query_string() {
        "past" => Part::Past,
        _ => Part::Upcoming,
    };
    let now = app.clock.now();
    let runs = app.db.read(move |conn| list_diary_runs(conn, part, now)).await?;
    Ok(html(&RunsPage {
        frame: actor.frame(&request, "Courses").wide(),
        here: paths::COURSES,
        past: part == Part::Past,
        runs: runs.into_iter().map(|run| line(run, now)).collect(),
    }))
}

fn line(run: DiaryRun, now: Ts) -> RunLine {
    let starts = run.session_starts();
    let next = (1..).zip(&starts).find(|(_, starts)| **starts > now);
    let next = next.filter(|(number, _)| *number > 1);
    RunLine {
        url: paths::run(run.id),
        begins: short_day(run.first_session),
        time: run.first_session.display_time(),
        next: next
            .map(|(number, at)| format!("Next: session {number}, {}", short_day(*at)))
            .unwrap_or_default(),
        places: taken_in_words(&run),
        tag: tag(&run),
        run,
    }
}

/// How full it is, in a word and a colour.
pub(super) fn tag(run: &DiaryRun) -> (&'static str, &'static str) {
    if run.cancelled {
        ("Called off", "red")
    } else if run.free() == 0 {
        ("Full", "purple")
    } else {
        ("Places free", "green")
    }
}

/// "12 of 20 taken: 10 confirmed, 2 to confirm".
pub(super) fn taken_in_words(run: &DiaryRun) -> String {
    let mut parts = Vec::new();
    for (many, what) in [
        (run.confirmed, "confirmed"),
        (run.held, "to confirm"),
        (run.offered, "offered to who waits"),
    ] {
        if many > 0 {
            parts.push(format!("{many} {what}"));
        }
    }
    let taken = format!("{} of {} taken", run.taken(), run.places);
    match parts.is_empty() {
        true => taken,
        false => format!("{taken}: {}", parts.join(", ")),
    }
}
