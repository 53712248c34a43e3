//! Several referrals given to a colleague at once. Each is a deed of its own: what somebody has changed meanwhile is
//! left as it is and told by name, and nothing else is lost.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;

use super::list::{Section, all_given, draw};
use crate::app::App;
use crate::db;
use crate::inbox::lists::from::{back_to, came_from};
use crate::inbox::lists::row::{Beside, shown};
use crate::inbox::store;
use crate::referrals::{Assigning, Outcome, Queue, Reference, assign};
use crate::staff::{Account, Actor, Deed, ReadNote, list_accounts, may, record_read};
use crate::values::Id;
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// As many as stand on one page, Now included.
const MOST: usize = 400;

#[derive(Template)]
#[template(path = "inbox/views/assigned.html")]
struct AssignedPage {
    frame: Frame,
    form: Form,
    /// How many were given, as a sentence; empty if none was.
    given: String,
    /// Those that were not, each with why.
    left: Section,
    whys: Vec<String>,
    colleagues: Vec<Choice>,
    /// Where the form is posted, and the list one came from.
    at: String,
    back: String,
}

/// `POST /inbox/assign?from=`.
pub(super) async fn give(
    actor: Actor,
    app: actix::Data<App>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ActOnReferral)?;
    let from = came_from(request.query_string());
    let accounts = colleagues(&app).await?;
    let picks: Vec<(Reference, i32)> = posted
        .all("pick")
        .into_iter()
        .filter_map(pick)
        .take(MOST)
        .collect();
    let to = Id::parse(posted.one("to")).and_then(|id| accounts.iter().find(|account| account.id == id));
    let mut errors = posted.errors();
    if picks.is_empty() {
        errors.add("pick", "Tick at least one referral");
    }
    let Some(to) = to.filter(|_| errors.is_empty()) else {
        if to.is_none() {
            errors.add("to", "Select a colleague who can sign in");
        }
        let form = Form::new(posted, errors);
        return draw(
            &app,
            &actor,
            &request,
            &from,
            form,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let (mut given, mut left) = (0, Vec::new());
    for (reference, seen) in picks {
        match one(&app, &actor, (to.id, to.display_name.clone()), &reference, seen).await? {
            Outcome::Done => given += 1,
            Outcome::AlreadySo => {}
            refused => left.push((reference, refused)),
        }
    }
    if left.is_empty() {
        let sign = if from.is_empty() { "" } else { "&" };
        return Ok(web::see_other(format!(
            "{}?{from}{sign}given={given}&to={}",
            paths::INBOX,
            to.id
        )));
    }
    let page = told(&app, &actor, &request, (from, to, given), left, posted).await?;
    Ok(web::html_status(StatusCode::CONFLICT, &page))
}

/// Who can be given referrals: whoever can sign in and act on them.
pub(super) async fn colleagues(app: &Arc<App>) -> db::Result<Vec<Account>> {
    let mut all = list_accounts(&app.db).await?;
    all.retain(|account| account.active && may(account.role, Deed::ActOnReferral));
    Ok(all)
}

pub(super) fn choices(accounts: &[Account]) -> Vec<Choice> {
    let of = |account: &Account| Choice::new(account.id.to_string(), account.display_name.clone());
    accounts.iter().map(of).collect()
}

/// Reference and length of the timeline, as a row sends them.
pub(super) fn pick(word: &str) -> Option<(Reference, i32)> {
    let (reference, seen) = word.split_once('.')?;
    Some((Reference::parse(reference)?, seen.parse().ok()?))
}

async fn one(
    app: &Arc<App>,
    actor: &Actor,
    to: (Id, String),
    reference: &Reference,
    seen: i32,
) -> db::Result<Outcome> {
    let assigning = Assigning::new(reference.clone(), seen, to, actor.id, app.clock.now())?;
    let inside = app.clone();
    app.db
        .write(move |conn| assign(conn, &inside.keys, &assigning))
        .await
}

/// The page that tells who was not given, and why, and offers to give them all the same.
async fn told(
    app: &Arc<App>,
    actor: &Actor,
    request: &HttpRequest,
    (from, to, given): (String, &Account, u16),
    left: Vec<(Reference, Outcome)>,
    posted: Posted,
) -> Result<AssignedPage, web::Error> {
    let (inside, now) = (app.clone(), app.clock.now());
    let references: Vec<Reference> = left.iter().map(|(reference, _)| reference.clone()).collect();
    let read = app.db.read(move |conn| {
        let mut ids = Vec::new();
        for reference in &references {
            ids.extend(store::find_id(conn, reference)?);
        }
        let rows = store::list_by_id(conn, &inside.keys, &ids)?;
        let beside = Beside::read(conn, rows.iter())?;
        Ok((rows, beside))
    });
    let (rows, beside) = read.await?;
    record_read(&app.db, ReadNote::new(actor, "inbox: not given", None, now)).await?;
    let why = |reference: &Reference| {
        left.iter()
            .find_map(|(of, why)| (of == reference).then_some(*why))
    };
    let whys = rows.iter().map(|row| {
        let told = match why(&row.reference) {
            Some(Outcome::NotFrom(state)) => format!("is {} now", state.label().to_lowercase()),
            _ => match row.claimed_by.and_then(|by| beside.carer(by)) {
                Some(name) => format!("was changed meanwhile and is with {name}"),
                None => "was changed meanwhile".to_owned(),
            },
        };
        format!("{} ({}) {told}", row.name, row.reference)
    });
    let whys = whys.collect();
    let mut section = Section::found(shown(&rows, &beside, &app.config.locality, now));
    for (row, stored) in section.rows.iter_mut().zip(&rows) {
        row.ticked = stored.queue != Queue::Done;
    }
    section.pickable = section.rows.iter().any(|row| row.ticked);
    let accounts = colleagues(app).await?;
    Ok(AssignedPage {
        frame: actor
            .frame(request, "Not all were given")
            .wide()
            .back(back_to(&from)),
        form: Form::new(Posted::default().with("to", posted.one("to")), Errors::default()),
        given: match given {
            0 => String::new(),
            many => all_given(many, Some(&to.display_name)),
        },
        left: section,
        whys,
        colleagues: choices(&accounts),
        at: paths::INBOX_ASSIGN.to_owned() + &crate::inbox::lists::from::carried("?", &from),
        back: back_to(&from),
    })
}
