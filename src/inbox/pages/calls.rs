//! `/inbox/rings`, "Calls to make": everybody to whom contact is owed and whose next attempt is due, each once, with what to
//! say, and one tap for the outcome.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

use super::super::clocks::moment;
use super::super::reaching::{self, end_of_day, tried};
use super::super::who::{Dial, Earlier, address_of, dial, earlier, name_of, said};
use super::record::reaching::{Outcomes, outcomes};
use super::tabs::{Counted, Here, Tab, tabs};
use crate::app::App;
use crate::booking::find_run;
use crate::db::{self, Conn};
use crate::inbox::words::{self, Tag};
use crate::referrals::{ContactPlan, Promise, Reach, Way, list_to_contact, reach};
use crate::staff::{Actor, Deed, ReadNote, note_read};
use crate::values::{Id, Ts};
use crate::web::form::Form;
use crate::web::{self, Frame, paths};

/// Most that one page shows; what is due first is among them.
const MOST: i64 = 100;

/// The part of an address behind the question mark.
#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
    of: Option<String>,
}

/// Something to say.
struct Saying {
    about: &'static str,
    run: String,
    /// "Tried 2 times, last today, 9:30am: No answer"; empty before the first attempt.
    tried: String,
}

/// One person as the page draws them.
struct Row {
    url: String,
    action: String,
    reference: String,
    name: String,
    tag: Tag,
    state: &'static str,
    phone: Option<Dial>,
    /// Numbers from before, to be tried too.
    earlier: Vec<Earlier>,
    voicemail: bool,
    number_wrong: bool,
    best_time: String,
    way: Way,
    /// Where a letter goes; empty where none is owed.
    letter_to: String,
    says: Vec<Saying>,
    due: String,
    overdue: bool,
    outcomes: Outcomes,
}

#[derive(Template)]
#[template(path = "inbox/views/calls.html")]
struct CallsPage {
    frame: Frame,
    form: Form,
    done: String,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// Whether there are more than the page shows.
    is_more: bool,
    /// Whether the reader may look through what is from before contact was recorded.
    is_lead: bool,
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
    let list = ReadNote::new(&actor, "inbox: calls to make", None, now);
    let shown = people.iter().map(|person| person.who.id);
    let shown = shown.map(|id| ReadNote::new(&actor, "person to call", Some(id), now));
    let notes: Vec<ReadNote> = std::iter::once(list).chain(shown).collect();
    app.db
        .write(move |conn| notes.iter().try_for_each(|note| note_read(conn, note)))
        .await?;
    Ok(web::html(&CallsPage {
        frame: actor.frame(&request, "Calls to make").wide(),
        form: Form::blank(),
        done: done(&asked),
        tabs: tabs(&many, Here::Calls),
        rows: people.iter().map(|person| row(person, now)).collect(),
        is_lead: actor.may(Deed::EndAtRisk),
        is_more: i64::try_from(people.len()).is_ok_and(|shown| shown >= MOST),
    }))
}

/// Somebody to reach.
struct ToReach {
    who: Reach,
    plan: ContactPlan,
    /// The course date that each open promise is about, in words.
    runs: Vec<String>,
}

async fn read(app: &Arc<App>, me: Id, now: Ts) -> db::Result<(Vec<ToReach>, Counted)> {
    let inside = app.clone();
    app.db
        .read(move |conn| {
            let mut people = Vec::new();
            for plan in list_to_contact(conn, end_of_day(now), MOST)? {
                if let Some(who) = reach(conn, &inside.keys, plan.referral)? {
                    people.push(ToReach {
                        who,
                        runs: runs(conn, &plan)?,
                        plan,
                    });
                }
            }
            Ok((people, Counted::read(conn, me, now)?))
        })
        .await
}

fn runs(conn: &mut Conn<'_>, plan: &ContactPlan) -> db::Result<Vec<String>> {
    plan.open()
        .map(|promise| {
            let run = match promise.run {
                Some(run) => find_run(conn, run)?,
                None => None,
            };
            let run = run.map(|run| format!("{}, from {}", run.course_name, run.begins()));
            Ok(run.unwrap_or_default())
        })
        .collect()
}

fn row(person: &ToReach, now: Ts) -> Row {
    let ToReach { who, plan, runs } = person;
    let way = plan.way();
    Row {
        url: paths::referral(who.reference.as_str()),
        action: paths::referral_attempt(who.reference.as_str()),
        reference: who.reference.to_string(),
        name: name_of(&who.person),
        tag: words::urgency(who.priority),
        state: who.state.label(),
        phone: who.person.phone.as_deref().map(dial),
        earlier: earlier(&who.person),
        voicemail: who.person.voicemail_ok,
        number_wrong: plan.number_wrong(),
        best_time: who.person.best_time.as_deref().map(said).unwrap_or_default(),
        way,
        letter_to: match way {
            Way::Letter => address_of(&who.person.address, who.person.postcode.as_deref()),
            Way::Call | Way::Text | Way::Email | Way::Page => String::new(),
        },
        says: plan
            .open()
            .zip(runs)
            .map(|(promise, run)| saying(promise, run, now))
            .collect(),
        due: plan.due_at().map(|due| moment(due, now)).unwrap_or_default(),
        overdue: plan.is_overdue(now),
        outcomes: outcomes(&who.person, plan),
    }
}

fn saying(promise: &Promise, run: &str, now: Ts) -> Saying {
    let last = promise.tried_at.zip(promise.outcome);
    Saying {
        about: promise.subject.label(),
        run: run.to_owned(),
        tried: tried(promise.tries, last, now),
    }
}

/// What was just recorded, and for which referral.
fn done(asked: &Asked) -> String {
    let said = asked.done.as_deref().and_then(reaching::done);
    let of = asked.of.as_deref().and_then(crate::referrals::Reference::parse);
    match (said, of) {
        (Some(said), Some(of)) => format!("{of}: {said}"),
        (Some(said), None) => said.to_owned(),
        (None, _) => String::new(),
    }
}
