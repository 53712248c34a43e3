//! `/inbox/rings`: whom somebody rings or writes to, with what to say, and one tap for what came of it. Calls about the
//! referral itself stand beside calls about a place; who is to be rung about both stands there once.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

use super::super::clocks::moment;
use super::super::reaching::{end_of_day, tried};
use super::super::who::{Dial, address_of, dial, name_of, said};
use super::record::reaching::outcomes;
use super::tabs::{Counted, Here, Tab, tabs};
use crate::app::App;
use crate::booking::{self, Act, Rang, RingOutcome, RingTask, find_run, list_rings, rings_of};
use crate::db::{self, Conn};
use crate::referrals::{By, CallOutcome, NextContact, Reach, Way, contacts_due, reach};
use crate::staff::{Actor, Deed, ReadNote, note_read};
use crate::values::{Id, Ts};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

/// Most that one page shows of each kind; what is due first is among them.
const MOST: i64 = 100;

/// The part of an address behind the question mark.
#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// Something to say.
struct Saying {
    about: &'static str,
    run: String,
    /// "Tried 2 times, last today, 9:30am: No answer"; empty before the first call.
    tried: String,
}

/// One person as the page draws them.
struct Row {
    url: String,
    deed: String,
    /// Rows of the list of calls about places that one call settles too.
    tasks: Vec<String>,
    reference: String,
    name: String,
    phone: Option<Dial>,
    voicemail: bool,
    number_wrong: bool,
    best_time: String,
    /// Where a letter goes; empty where somebody rings.
    letter_to: String,
    says: Vec<Saying>,
    due_at: Ts,
    due: String,
    overdue: bool,
    /// What may come of a call; none where there is no right number.
    outcomes: Vec<CallOutcome>,
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
    let (people, many) = read(&app, actor.id, now).await?;
    let list = ReadNote::new(&actor, "inbox: people to ring", None, now);
    let shown = people.iter().map(|person| person.who.id);
    let shown = shown.map(|id| ReadNote::new(&actor, "person to ring", Some(id), now));
    let notes: Vec<ReadNote> = std::iter::once(list).chain(shown).collect();
    app.db
        .write(move |conn| notes.iter().try_for_each(|note| note_read(conn, note)))
        .await?;
    let mut rows: Vec<Row> = people.iter().map(|person| row(person, now)).collect();
    rows.sort_by_key(|row| row.due_at);
    Ok(web::html(&RingsPage {
        frame: actor.frame(&request, "People to ring").wide(),
        form: Form::blank(),
        done: asked.done.as_deref().map(done).unwrap_or_default(),
        tabs: tabs(&many, Here::Rings),
        rows,
    }))
}

/// Somebody to ring or to write to.
struct ToReach {
    who: Reach,
    /// What is to be told or asked about the referral.
    next: Option<NextContact>,
    /// What is to be told about a place, each with the run it is about.
    tasks: Vec<(RingTask, String)>,
}

async fn read(app: &Arc<App>, me: Id, now: Ts) -> db::Result<(Vec<ToReach>, Counted)> {
    let inside = app.clone();
    app.db
        .read(move |conn| {
            let mut people = Vec::new();
            for next in contacts_due(conn, end_of_day(now), MOST)? {
                let tasks = rings_of(conn, next.referral)?;
                if let Some(who) = reach(conn, &inside.keys, next.referral)? {
                    people.push(ToReach {
                        who,
                        next: Some(next),
                        tasks: with_runs(conn, tasks)?,
                    });
                }
            }
            for task in list_rings(conn, MOST)? {
                let stands = people
                    .iter()
                    .any(|person| person.who.id == task.referral && person.next.is_some());
                if stands {
                    continue;
                }
                if let Some(who) = reach(conn, &inside.keys, task.referral)? {
                    people.push(ToReach {
                        who,
                        next: None,
                        tasks: with_runs(conn, vec![task])?,
                    });
                }
            }
            Ok((people, Counted::read(conn, me, now)?))
        })
        .await
}

fn with_runs(conn: &mut Conn<'_>, tasks: Vec<RingTask>) -> db::Result<Vec<(RingTask, String)>> {
    let mut named = Vec::with_capacity(tasks.len());
    for task in tasks {
        let run = match task.run {
            Some(run) => find_run(conn, run)?,
            None => None,
        };
        let run = run.map(|run| format!("{}, from {}", run.course_name, run.begins()));
        named.push((task, run.unwrap_or_default()));
    }
    Ok(named)
}

fn row(person: &ToReach, now: Ts) -> Row {
    let (who, next) = (&person.who, person.next.as_ref());
    let of_next = next.and_then(|next| next.due_at);
    let of_tasks = person.tasks.iter().map(|(task, _)| task.due_at);
    let due = of_next.into_iter().chain(of_tasks).min().unwrap_or(now);
    let by_letter = next.is_some_and(|next| next.way == Way::Letter);
    Row {
        url: paths::referral(who.reference.as_str()),
        deed: match (next, person.tasks.first()) {
            (None, Some((task, _))) => paths::inbox_rang(task.id),
            (Some(_), _) | (None, None) => paths::referral_attempt(who.reference.as_str()),
        },
        tasks: match next {
            Some(_) => person.tasks.iter().map(|(task, _)| task.id.to_string()).collect(),
            None => Vec::new(),
        },
        reference: who.reference.to_string(),
        name: name_of(&who.person),
        phone: who.person.phone.as_deref().map(dial),
        voicemail: who.person.voicemail_ok,
        number_wrong: next.is_some_and(|next| next.number_wrong),
        best_time: who.person.best_time.as_deref().map(said).unwrap_or_default(),
        letter_to: match by_letter {
            true => address_of(&who.person.address, who.person.postcode.as_deref()),
            false => String::new(),
        },
        says: sayings(person, now),
        due_at: due,
        due: moment(due, now),
        overdue: due <= now,
        outcomes: match next.is_some() && !rings(who, next) {
            true => Vec::new(),
            false => outcomes(who.person.voicemail_ok),
        },
    }
}

/// Whether there is a number that nobody said is wrong.
fn rings(who: &Reach, next: Option<&NextContact>) -> bool {
    who.person.phone.is_some() && !next.is_some_and(|next| next.number_wrong)
}

fn sayings(person: &ToReach, now: Ts) -> Vec<Saying> {
    let first = person.next.as_ref().map(|next| Saying {
        about: next.matter.label(),
        run: String::new(),
        tried: tried(
            next.tries,
            next.tried_at.zip(next.outcome.map(CallOutcome::label)),
            now,
        ),
    });
    let others = person.tasks.iter().map(|(task, run)| Saying {
        about: task.about.label(),
        run: run.clone(),
        tried: tried(
            task.tries,
            task.tried_at.zip(task.last.map(RingOutcome::label)),
            now,
        ),
    });
    first.into_iter().chain(others).collect()
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
