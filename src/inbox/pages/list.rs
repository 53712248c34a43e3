//! The lists: what is to be triaged, the other queues, and what a search found.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

use super::tabs::{Counted, Here, Tab, tabs};
use crate::app::App;
use crate::db;
use crate::inbox::row::{Beside, ShownRow, shown};
use crate::inbox::{Cursor, Page, list, lists, search};
use crate::referrals::{Queue, Reference};
use crate::staff::{Actor, Deed, ReadNote, record_read};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

/// The part of an address behind the question mark.
#[derive(Deserialize)]
pub(super) struct Asked {
    queue: Option<String>,
    after: Option<String>,
    /// The referral that was just decided, when nobody else is waiting.
    of: Option<String>,
}

/// One queue on a page.
struct Section {
    id: &'static str,
    heading: &'static str,
    hint: &'static str,
    rows: Vec<ShownRow>,
    /// Where the rest of it is; empty at the end.
    more: String,
    empty: &'static str,
}

#[derive(Template)]
#[template(path = "inbox/views/list.html")]
struct ListPage {
    frame: Frame,
    heading: &'static str,
    tabs: Vec<Tab>,
    sections: Vec<Section>,
    form: Form,
    /// What was just done; empty otherwise.
    done: String,
}

#[derive(Template)]
#[template(path = "inbox/views/search.html")]
struct SearchPage {
    frame: Frame,
    form: Form,
    found: Option<FoundSection>,
}

struct FoundSection {
    section: Section,
    told: String,
}

/// `GET /inbox`: what is to be triaged, or with `?queue=` one queue, page by page.
pub(super) async fn queue(
    actor: Actor,
    app: actix::Data<App>,
    asked: actix::Query<Asked>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeInbox)?;
    let one = match asked.queue.as_deref() {
        None => None,
        Some(word) => Some(Queue::parse(word).ok_or(web::Error::NotFound)?),
    };
    let after = asked.after.as_deref().and_then(Cursor::parse);
    let queues: Vec<Queue> = one.map_or_else(|| super::tabs::TO_TRIAGE.to_vec(), |queue| vec![queue]);
    let (pages, many, beside) = read(&app, queues, after).await?;
    let now = app.clock.now();
    let what = one.map_or("inbox", read_as);
    record_read(&app.db, ReadNote::new(&actor, what, None, now)).await?;
    let sections = pages.into_iter().map(|(queue, page)| {
        let rows = shown(&page.rows, &beside, &app.config.locality, now);
        section(queue, rows, &page)
    });
    let mut page = ListPage {
        frame: actor.frame(&request, "Inbox").wide(),
        heading: one.map_or("Inbox", Queue::label),
        tabs: tabs(&many, one.map_or(Here::ToTriage, Here::Queue)),
        sections: sections.collect(),
        form: Form::blank(),
        done: asked
            .of
            .as_deref()
            .and_then(Reference::parse)
            .map(all_done)
            .unwrap_or_default(),
    };
    if one.is_none() {
        // The page asks for a person in danger to be acknowledged; without one it says nothing about it.
        page.sections
            .retain(|section| section.id != "now" || !section.rows.is_empty());
    }
    Ok(web::html(&page))
}

fn all_done(of: Reference) -> String {
    format!("{of} is decided. Nobody else is waiting for you to triage them")
}

type Lists = (Vec<(Queue, Page)>, Counted, Beside);

async fn read(app: &Arc<App>, queues: Vec<Queue>, after: Option<Cursor>) -> db::Result<Lists> {
    let inside = app.clone();
    app.db
        .read(move |conn| {
            let mut pages = Vec::with_capacity(queues.len());
            for queue in queues {
                pages.push((queue, list(conn, &inside.keys, queue, after)?));
            }
            let rows = pages.iter().flat_map(|(_, page)| &page.rows);
            let beside = Beside::read(conn, rows)?;
            Ok((pages, Counted::read(conn, inside.clock.now())?, beside))
        })
        .await
}

fn section(queue: Queue, rows: Vec<ShownRow>, page: &Page) -> Section {
    let hint = match queue {
        Queue::Now => "Nobody has acknowledged these yet. Open one, act, and acknowledge it by name.",
        Queue::Today => "The most urgent first, then the longest waiting. Deciding also acknowledges.",
        Queue::New => "By priority, then the longest waiting.",
        Queue::Waiting | Queue::Accepted | Queue::InTreatment | Queue::Done => "",
    };
    let next = page
        .next
        .map(|next| format!("{}&after={next}", paths::inbox_queue(queue.as_str())));
    Section {
        id: queue.as_str(),
        heading: queue.label(),
        hint,
        rows,
        more: next.unwrap_or_default(),
        empty: "Nobody is in this list.",
    }
}

/// What stands in the read log for a list.
fn read_as(queue: Queue) -> &'static str {
    match queue {
        Queue::Now => "inbox: now",
        Queue::Today => "inbox: today",
        Queue::New => "inbox: new",
        Queue::Waiting => "inbox: waiting",
        Queue::Accepted => "inbox: accepted",
        Queue::InTreatment => "inbox: in treatment",
        Queue::Done => "inbox: done",
    }
}

/// `POST /inbox/search`: posted, so that no name ever stands in an address.
pub(super) async fn search_for(
    actor: Actor,
    app: actix::Data<App>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeInbox)?;
    let mut errors = posted.errors();
    let typed = posted.one("sought").to_owned();
    if typed.is_empty() {
        errors.add("sought", "Enter a reference, a name, a number or a date of birth");
    } else if typed.chars().count() > lists::LONGEST_SEARCH {
        errors.add("sought", "This is too long. Use a few words or one number");
    }
    let form = Form::new(posted, errors);
    let frame = actor
        .frame(&request, "Search")
        .wide()
        .back(paths::INBOX)
        .about(&form);
    if form.errors.any() {
        let page = SearchPage {
            frame,
            form,
            found: None,
        };
        return Ok(web::html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let found = find(&app, typed).await?;
    record_read(
        &app.db,
        ReadNote::new(&actor, "inbox: search", None, app.clock.now()),
    )
    .await?;
    Ok(web::html(&SearchPage {
        frame,
        form,
        found: Some(found),
    }))
}

async fn find(app: &Arc<App>, typed: String) -> db::Result<FoundSection> {
    let (inside, now) = (app.clone(), app.clock.now());
    let (found, beside) = app
        .db
        .read(move |conn| {
            let found = search(conn, &inside.keys, &typed, now.london_date())?;
            let beside = Beside::read(conn, found.rows.iter())?;
            Ok((found, beside))
        })
        .await?;
    let told = match (found.rows.len(), found.is_more) {
        (_, true) => format!(
            "More than {} found. Add a word or the date of birth.",
            lists::PAGE
        ),
        (0, _) => "Nobody found.".to_owned(),
        (1, _) => "1 found.".to_owned(),
        (many, _) => format!("{many} found, the newest first."),
    };
    Ok(FoundSection {
        section: Section {
            id: "found",
            heading: "Found",
            hint: "",
            rows: shown(&found.rows, &beside, &app.config.locality, now),
            more: String::new(),
            empty: "",
        },
        told,
    })
}
