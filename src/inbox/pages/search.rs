//! The search: posted, so that no name ever stands in an address.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;

use super::list::Section;
use crate::app::App;
use crate::db;
use crate::inbox::lists::row::{Beside, shown};
use crate::inbox::{lists, search};
use crate::staff::{Actor, Deed, ReadNote, record_read};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

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

/// `POST /inbox/search`.
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
    let rows = shown(&found.rows, &beside, &app.config.locality, now);
    Ok(FoundSection {
        section: Section::found(rows),
        told,
    })
}
