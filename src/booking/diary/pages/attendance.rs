//! The tap list of a session: who came. It works without scripts, and each name shown is on the record of readings.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::reading::long_day;
use crate::app::App;
use crate::booking::act::Act;
use crate::booking::diary::{
    Attendance, Mark, Marked, Parallel, Sheet, SheetLine, mark, parallel_sessions, sheet,
};
use crate::referrals::By;
use crate::staff::{Actor, Deed, ReadNote, note_read};
use crate::values::Id;
use crate::web::form::{Form, Posted};
use crate::web::{Error, Frame, html, html_status, paths, see_other};

#[derive(Template)]
#[template(path = "booking/views/attendance.html")]
struct AttendancePage {
    frame: Frame,
    form: Form,
    done: String,
    sheet: Sheet,
    day: String,
    lines: Vec<Line>,
}

/// One person as the list draws them.
struct Line {
    field: String,
    name: String,
    reference: String,
    url: String,
    guest: bool,
    /// The code that is ticked; empty if none.
    ticked: String,
    /// The code that was stored when the page was loaded.
    was: &'static str,
    noted: String,
    parallel: Vec<String>,
    choices: [Attendance; 6],
}

/// A run and the number of a session, from an address.
type At = Path<(String, i32)>;

pub(super) async fn show(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    at: At,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let done = match Posted::read(request.query_string().as_bytes()).one("kept") {
        "" => String::new(),
        "0" => "Nothing has changed.".to_owned(),
        "1" => "Kept for 1 person.".to_owned(),
        many => many
            .parse()
            .map(|many: u32| format!("Kept for {many} people."))
            .unwrap_or_default(),
    };
    let page = page(&request, &app, &actor, &at, Form::blank(), done).await?;
    Ok(html(&page))
}

pub(super) async fn keep(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    at: At,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    actor.require(Deed::ManageCourses)?;
    let mut errors = posted.errors();
    let marks = marks(&posted);
    let run = Id::parse(&at.0).ok_or(Error::NotFound)?;
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::Staff(actor.id))?);
    let session = at.1;
    let marked = app
        .db
        .write(move |conn| mark(conn, &inside, &act, run, session, &marks))
        .await?;
    match marked {
        Marked::Missing => return Err(Error::NotFound),
        Marked::Done { changed, meanwhile } if meanwhile.is_empty() => {
            let page = paths::run_session(run, session);
            return Ok(see_other(format!("{page}?kept={changed}")));
        }
        Marked::Done { meanwhile, .. } => {
            for id in meanwhile {
                errors.add(
                    format!("to-{id}"),
                    "Somebody else noted something different meanwhile. Look again, and put it right if needed",
                );
            }
        }
        Marked::TooEarly => errors.add(
            first_too_early(&posted),
            "This session has not begun. Only “Told us before” and “We cancelled” can be noted now",
        ),
    }
    let form = Form::new(posted, errors);
    let page = page(&request, &app, &actor, &at, form, String::new()).await?;
    Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// The field of the first tick that cannot be known yet.
fn first_too_early(posted: &Posted) -> String {
    let fields = posted.names().filter(|name| name.starts_with("to-"));
    let early = fields.filter(|field| {
        let ticked = Attendance::parse(posted.one(field));
        ticked.is_some_and(|ticked| !ticked.is_known_before())
    });
    early.map(str::to_owned).next().unwrap_or_default()
}

/// What was ticked, each beside what stood there when the page was loaded.
fn marks(posted: &Posted) -> Vec<Mark> {
    let ids = posted
        .names()
        .filter_map(|name| Id::parse(name.strip_prefix("to-")?));
    ids.filter_map(|referral| {
        Some(Mark {
            referral,
            was: Attendance::parse(posted.one(&format!("was-{referral}"))),
            now: Attendance::parse(posted.one(&format!("to-{referral}")))?,
        })
    })
    .collect()
}

/// Reads the list, puts every name on it on the record, and only then draws it.
async fn page(
    request: &HttpRequest,
    app: &Data<App>,
    actor: &Actor,
    at: &At,
    form: Form,
    done: String,
) -> Result<AttendancePage, Error> {
    let run = Id::parse(&at.0).ok_or(Error::NotFound)?;
    let (inside, session, now) = (app.clone(), at.1, app.clock.now());
    let read = app.db.read(move |conn| {
        let Some(sheet) = sheet(conn, &inside, run, session)? else {
            return Ok(None);
        };
        let mut parallel = Vec::with_capacity(sheet.lines.len());
        for line in &sheet.lines {
            let missed = line.noted.is_some_and(|(noted, _)| !noted.took_part());
            parallel.push(match missed {
                true => parallel_sessions(conn, line.who.id, now)?,
                false => Vec::new(),
            });
        }
        Ok(Some((sheet, parallel)))
    });
    let (sheet, parallel) = read.await?.ok_or(Error::NotFound)?;
    let notes: Vec<ReadNote> = sheet
        .lines
        .iter()
        .map(|line| ReadNote::new(actor, "attendance list", Some(line.who.id), now))
        .collect();
    app.db
        .write(move |conn| notes.iter().try_for_each(|note| note_read(conn, note)))
        .await?;
    let shown = sheet.lines.iter().zip(parallel);
    let lines: Vec<Line> = shown
        .map(|(line, parallel)| drawn(line, &parallel, &form))
        .collect();
    Ok(AttendancePage {
        frame: actor
            .frame(request, "Who came")
            .back(paths::run(sheet.run.id))
            .about(&form),
        form,
        done,
        day: long_day(sheet.starts),
        lines,
        sheet,
    })
}

fn drawn(line: &SheetLine, parallel: &[Parallel], form: &Form) -> Line {
    let field = format!("to-{}", line.who.id);
    let stored = line.noted.map_or("", |(noted, _)| noted.as_str());
    let typed = form.value(&field);
    Line {
        name: line.who.name.clone(),
        reference: line.who.reference.to_string(),
        url: paths::referral(line.who.reference.as_str()),
        guest: line.guest,
        ticked: if typed.is_empty() { stored } else { typed }.to_owned(),
        was: stored,
        noted: line
            .noted
            .map(|(noted, at)| format!("{}, noted {}", noted.label(), at.display()))
            .unwrap_or_default(),
        parallel: parallel
            .iter()
            .map(|one| {
                let at = one.starts;
                format!(
                    "session {}: {}, {}, {}",
                    one.session,
                    long_day(at),
                    at.display_time(),
                    one.venue
                )
            })
            .collect(),
        choices: Attendance::ALL,
        field,
    }
}
