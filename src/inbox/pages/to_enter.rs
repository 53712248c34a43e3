//! The daily list of who was accepted and is not yet in the record system: to work through, to print, and as a table.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;

use super::hand_over::file;
use crate::app::App;
use crate::db;
use crate::inbox::clocks::{Clocks, days_between};
use crate::inbox::hand_over::table;
use crate::inbox::store::to_enter::{ToEnter, list_to_enter};
use crate::inbox::words;
use crate::staff::{Actor, Deed, ReadNote, record_read};
use crate::values::{Id, Ts};
use crate::web::{self, Frame, paths};

/// Most that the page lists; more are said to be more. The table is read in parts of as many and holds all.
const MOST: usize = 500;
/// The columns of the table: stable, described in docs/operations.md.
const COLUMNS: [&str; 8] = [
    "reference",
    "name",
    "service",
    "received",
    "day",
    "accepted",
    "days_since_accepted",
    "overdue",
];

struct Row {
    url: String,
    reference: String,
    name: String,
    service: String,
    received: String,
    day: String,
    late: bool,
    accepted: String,
    waited: String,
    overdue: bool,
}

#[derive(Template)]
#[template(path = "inbox/views/to_enter.html")]
struct ToEnterPage {
    frame: Frame,
    system: String,
    within: String,
    rows: Vec<Row>,
    overdue: usize,
    is_more: bool,
    today: String,
}

/// `GET /inbox/accepted-not-entered`.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    let mut found = read(&actor, &app, "inbox: accepted, not entered", MOST + 1).await?;
    let is_more = found.len() > MOST;
    found.truncate(MOST);
    let (now, system) = (app.clock.now(), &app.config.locality.record_system);
    let rows: Vec<Row> = found.iter().map(|one| row(&app, one, now)).collect();
    let frame = actor.frame(&request, "To be entered");
    Ok(web::html(&ToEnterPage {
        frame: frame.wide().back(paths::INBOX),
        system: system.name.clone(),
        within: days(i64::from(system.enter_within_days)),
        overdue: rows.iter().filter(|row| row.overdue).count(),
        rows,
        is_more,
        today: now.display_date(),
    }))
}

/// `GET /inbox/accepted-not-entered.csv`.
pub(super) async fn as_a_table(actor: Actor, app: actix::Data<App>) -> Result<HttpResponse, web::Error> {
    let mut found = read(&actor, &app, "inbox: accepted, not entered, as a table", MOST).await?;
    // A list that people are handed over by ends where they end, not after a page of it. Short reads let others in between.
    let mut last = found.last().map(|one| one.id);
    while last.is_some() {
        let more = list(&app, last, MOST).await?;
        last = more.last().map(|one| one.id);
        found.extend(more);
    }
    let now = app.clock.now();
    let within = i64::from(app.config.locality.record_system.enter_within_days);
    let day = |at: Ts| at.london_date().to_string();
    let rows = found.iter().map(|one| {
        let waited = since(one.accepted_at, now);
        vec![
            one.reference.to_string(),
            one.name.clone(),
            words::service(&app.config.locality, one.service).to_owned(),
            day(one.received_at),
            since(one.received_at, now).to_string(),
            day(one.accepted_at),
            waited.to_string(),
            if waited > within { "yes" } else { "no" }.to_owned(),
        ]
    });
    let made = table(&COLUMNS.map(str::to_owned), &rows.collect::<Vec<_>>())?;
    let name = format!("to-be-entered-{}", now.london_date());
    Ok(file("text/csv; charset=utf-8; header=present", name, "csv", made))
}

/// The beginning of the list; that it was read is on the record before it is shown.
async fn read(
    actor: &Actor,
    app: &Arc<App>,
    what: &'static str,
    limit: usize,
) -> Result<Vec<ToEnter>, web::Error> {
    actor.require(Deed::SeeInbox)?;
    let found = list(app, None, limit).await?;
    record_read(&app.db, ReadNote::new(actor, what, None, app.clock.now())).await?;
    Ok(found)
}

async fn list(app: &Arc<App>, after: Option<Id>, limit: usize) -> db::Result<Vec<ToEnter>> {
    let inside = app.clone();
    app.db
        .read(move |conn| list_to_enter(conn, &inside.keys, after, limit))
        .await
}

fn row(app: &App, one: &ToEnter, now: Ts) -> Row {
    let clocks = Clocks {
        received_at: one.received_at,
        now,
    };
    let waited = since(one.accepted_at, now);
    Row {
        url: paths::referral_hand_over(one.reference.as_str()),
        reference: one.reference.to_string(),
        name: one.name.clone(),
        service: words::service(&app.config.locality, one.service).to_owned(),
        received: one.received_at.display_date(),
        day: clocks.count(),
        late: clocks.is_late(),
        accepted: one.accepted_at.display_date(),
        waited: match waited {
            0 => "today".to_owned(),
            many => format!("{} ago", days(many)),
        },
        overdue: waited > i64::from(app.config.locality.record_system.enter_within_days),
    }
}

/// Calendar days in London.
fn since(at: Ts, now: Ts) -> i64 {
    days_between(at.london_date(), now.london_date())
}

fn days(many: i64) -> String {
    match many {
        1 => "1 day".to_owned(),
        many => format!("{many} days"),
    }
}
