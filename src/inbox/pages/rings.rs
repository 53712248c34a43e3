//! `/inbox/rings`: whom somebody rings about a place, with what to say, and one tap for what came of it.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

use super::super::clocks::moment;
use super::super::who::{Dial, dial, name_of};
use super::tabs::{Counted, Here, Tab, tabs};
use crate::app::App;
use crate::booking::{self, Act, Rang, RingOutcome, RingTask, find_run, list_rings};
use crate::db;
use crate::referrals::{By, Reach, reach};
use crate::staff::{Actor, Deed, ReadNote, note_read};
use crate::values::{Id, Ts};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

/// Most that one page shows; what is due first is among them.
const MOST: i64 = 100;

/// The part of an address behind the question mark.
#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// One call as the page draws it.
struct Row {
    url: String,
    deed: String,
    reference: String,
    name: String,
    phone: Option<Dial>,
    voicemail: bool,
    best_time: String,
    about: &'static str,
    run: String,
    due: String,
    overdue: bool,
    /// "Tried 2 times, last today, 9:30am: No answer"; empty before the first call.
    tried: String,
    outcomes: Vec<RingOutcome>,
}

#[derive(Template)]
#[template(path = "inbox/views/rings.html")]
struct RingsPage {
    frame: Frame,
    form: Form,
    done: &'static str,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
}

/// The page.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    asked: actix::Query<Asked>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepPlaces)?;
    let now = app.clock.now();
    let (calls, many) = read(&app).await?;
    let list = ReadNote::new(&actor, "inbox: people to ring", None, now);
    let people = calls.iter().map(|(task, _, _)| task.referral);
    let people = people.map(|id| ReadNote::new(&actor, "person to ring", Some(id), now));
    let notes: Vec<ReadNote> = std::iter::once(list).chain(people).collect();
    app.db
        .write(move |conn| notes.iter().try_for_each(|note| note_read(conn, note)))
        .await?;
    Ok(web::html(&RingsPage {
        frame: actor.frame(&request, "People to ring").wide(),
        form: Form::blank(),
        done: asked.done.as_deref().map(done).unwrap_or_default(),
        tabs: tabs(&many, Here::Rings),
        rows: calls.iter().map(|call| row(call, now)).collect(),
    }))
}

/// A call, whom it is to, and which run it is about.
type Call = (RingTask, Reach, String);

async fn read(app: &Arc<App>) -> db::Result<(Vec<Call>, Counted)> {
    let inside = app.clone();
    app.db
        .read(move |conn| {
            let mut calls = Vec::new();
            for task in list_rings(conn, MOST)? {
                let run = match task.run {
                    Some(run) => find_run(conn, run)?,
                    None => None,
                };
                let run = run.map(|run| format!("{}, from {}", run.course_name, run.begins()));
                if let Some(who) = reach(conn, &inside.keys, task.referral)? {
                    calls.push((task, who, run.unwrap_or_default()));
                }
            }
            Ok((calls, Counted::read(conn)?))
        })
        .await
}

fn row((task, who, run): &Call, now: Ts) -> Row {
    let tried = match (task.tries, task.tried_at, task.last) {
        (0, _, _) | (_, None, _) | (_, _, None) => String::new(),
        (many, Some(at), Some(last)) => {
            let times = if many == 1 { "time" } else { "times" };
            format!("Tried {many} {times}, last {}: {}", moment(at, now), last.label())
        }
    };
    let voicemail = who.person.voicemail_ok;
    let outcomes = RingOutcome::OF_A_CALL.into_iter();
    Row {
        url: paths::referral(who.reference.as_str()),
        deed: paths::inbox_rang(task.id),
        reference: who.reference.to_string(),
        name: name_of(&who.person),
        phone: who.person.phone.as_deref().map(dial),
        voicemail,
        best_time: who
            .person
            .best_time
            .as_deref()
            .map(super::super::who::said)
            .unwrap_or_default(),
        about: task.about.label(),
        run: run.clone(),
        due: moment(task.due_at, now),
        overdue: task.due_at <= now,
        tried,
        outcomes: outcomes
            .filter(|outcome| *outcome != RingOutcome::Voicemail || voicemail)
            .collect(),
    }
}

fn done(word: &str) -> &'static str {
    match word {
        "gone" => "Somebody else has done this call, or there is nothing to say any more",
        "no-voicemail" => "This person did not allow a voicemail. Ring again, or say that nobody answered",
        _ => "Kept on the timeline, with your name",
    }
}

/// `POST /inbox/rings/{id}`: what came of a call.
pub(super) async fn rang(
    actor: Actor,
    app: actix::Data<App>,
    id: actix::Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepPlaces)?;
    let task = Id::parse(&id).ok_or(web::Error::NotFound)?;
    let outcome = RingOutcome::parse(posted.one("outcome"))
        .filter(|outcome| RingOutcome::OF_A_CALL.contains(outcome))
        .ok_or(web::Error::NotFound)?;
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::Staff(actor.id))?);
    let kept = app
        .db
        .write(move |conn| booking::rang(conn, &inside, &act, task, outcome))
        .await?;
    app.mailer.nudge();
    let word = match kept {
        Rang::Done => "kept",
        Rang::Gone => "gone",
        Rang::NoVoicemail => "no-voicemail",
    };
    Ok(web::see_other(format!("{}?done={word}", paths::INBOX_RINGS)))
}
