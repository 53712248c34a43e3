//! `/inbox/now`: everybody whom nobody has acknowledged, on one page, to acknowledge several at once. Each
//! acknowledgement is an action of its own, with the name of who acted on its timeline, and asks for nothing else.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use jiff::civil::Date;

use super::assign::pick;
use crate::app::App;
use crate::db::{self, Conn, Haste};
use crate::inbox::clocks::moment;
use crate::inbox::now::{MOST_KNOWN, said, words};
use crate::inbox::order_of_now::{InOrder, Waiting};
use crate::inbox::store;
use crate::inbox::who::{born, dial, name_of};
use crate::referrals::{Deed as Action, Outcome, Reach, Reference, reach, review};
use crate::staff::{Actor, Deed, ReadNote, note_read};
use crate::values::Ts;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// As many as one page shows, each with what tells them apart; the rest follows once these are acknowledged.
const MOST: usize = 100;

/// One person as the page shows them: name and date of birth, so that nobody is taken for somebody else.
struct Row {
    url: String,
    pick: String,
    ticked: bool,
    /// Whether it is the first on the page, to which a message about the ticks leads.
    first: bool,
    reference: String,
    name: String,
    second: String,
    came: String,
    told: String,
}

struct Section {
    id: &'static str,
    heading: String,
    hint: &'static str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "inbox/views/now.html")]
struct NowPage {
    frame: Frame,
    form: Form,
    sections: Vec<Section>,
    /// How many there are besides those shown.
    more: usize,
    /// Whom the reader has just acknowledged.
    done: Vec<String>,
    /// Whom not, each with why.
    not_done: Vec<String>,
    may_act: bool,
}

/// `GET /inbox/now`.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeInbox)?;
    let page = page(&app, &actor, &request, Form::blank(), Told::default()).await?;
    Ok(web::html(&page))
}

/// What became of those who were ticked.
#[derive(Default)]
struct Told {
    done: Vec<String>,
    not_done: Vec<String>,
}

/// `POST /inbox/now`: acknowledges those who are ticked, and says whom.
pub(super) async fn acknowledge(
    actor: Actor,
    app: actix::Data<App>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ActOnReferral)?;
    let picks = posted.all("pick").into_iter().filter_map(pick).take(MOST);
    let picks: Vec<(Reference, i32)> = picks.collect();
    if picks.is_empty() {
        let mut errors = posted.errors();
        errors.add("pick", "Tick at least one person");
        let form = Form::new(posted, errors);
        let page = page(&app, &actor, &request, form, Told::default()).await?;
        return Ok(web::html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let mut told = Told::default();
    for (reference, seen) in picks {
        let Some(named) = named(&app, &reference).await? else {
            continue;
        };
        // Only of a P1 that nobody has acknowledged anything is acknowledged; else the answer says what it is.
        match review(&app, &reference, Some(seen), actor.id, Action::Acknowledge).await? {
            Outcome::Done => told.done.push(named),
            refused => told.not_done.push(format!("{named}: {}", why(refused))),
        }
    }
    let status = match told.not_done.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::CONFLICT,
    };
    let form = Form::new(Posted::default(), Errors::default());
    let page = page(&app, &actor, &request, form, told).await?;
    Ok(web::html_status(status, &page))
}

fn why(refused: Outcome) -> &'static str {
    match refused {
        Outcome::AlreadySo => "somebody has acknowledged it already",
        Outcome::ChangedMeanwhile => "something new has come in since you opened this page. Look at it again",
        Outcome::Done
        | Outcome::Missing
        | Outcome::NotFrom(_)
        | Outcome::AcknowledgeFirst
        | Outcome::TryAgain(_)
        | Outcome::LeadOnly
        | Outcome::SayWhoWasTold
        | Outcome::SayWhy
        | Outcome::ChooseService
        | Outcome::NotThisWay => "it was not acknowledged. Open it",
    }
}

/// "Robin Example, born 29 February 1980 (age 46), 7K3M-9QXT".
async fn named(app: &Arc<App>, reference: &Reference) -> db::Result<Option<String>> {
    let (inside, reference) = (app.clone(), reference.clone());
    let today = app.clock.now().london_date();
    let read = app.db.read(move |conn| {
        let Some(id) = store::find_id(conn, &reference)? else {
            return Ok(None);
        };
        let who = reach(conn, &inside.keys, id)?;
        let said = |who: Reach| {
            let (name, second) = (name_of(&who.person), second_identifier(&who, today));
            format!("{name}, {second}, {}", who.reference)
        };
        Ok(who.map(said))
    });
    read.await
}

/// What tells somebody from another of the same name: the date of birth, or the phone number of who gave none.
fn second_identifier(who: &Reach, today: Date) -> String {
    let phone = who.person.phone.as_deref().map(|phone| dial(phone).shown);
    match (who.person.date_of_birth, phone) {
        (Some(date), _) => format!("born {}", born(Some(date), today)),
        (None, Some(phone)) => format!("no date of birth, phone {phone}"),
        (None, None) => "no date of birth, no phone".to_owned(),
    }
}

/// Everybody who is shown, as read: one more than the words of the band say about them.
struct Shown {
    order: InOrder,
    rows: Vec<(Reach, String)>,
    all: usize,
}

async fn page(
    app: &Arc<App>,
    actor: &Actor,
    request: &HttpRequest,
    form: Form,
    told: Told,
) -> Result<NowPage, web::Error> {
    let (inside, now) = (app.clone(), app.clock.now());
    let shown = app.db.read(move |conn| read(conn, &inside, now)).await?;
    // The reading is on the record before anything is shown.
    let list = ReadNote::new(actor, "inbox: now, several", None, now);
    let each = shown.rows.iter().map(|(who, _)| who.id);
    let each = each.map(|id| ReadNote::new(actor, "inbox: now, several", Some(id), now));
    let notes: Vec<ReadNote> = std::iter::once(list).chain(each).collect();
    app.db
        .write(move |conn| notes.iter().try_for_each(|note| note_read(conn, note)))
        .await?;
    let title = "People who need somebody now";
    // The band was read before anything was done: this page says it all, and says it as it is now.
    let band = crate::inbox::now_band(app, Haste::Ordinary).await?;
    Ok(NowPage {
        frame: actor
            .frame_with(request, title, band)
            .wide()
            .back(paths::INBOX)
            .about(&form),
        sections: sections(&shown, &form, now),
        more: shown.all.saturating_sub(shown.rows.len()),
        done: told.done,
        not_done: told.not_done,
        may_act: actor.may(Deed::ActOnReferral),
        form,
    })
}

fn read(conn: &mut Conn<'_>, app: &App, now: Ts) -> db::Result<Shown> {
    let waiting = store::now::list_unacknowledged(conn, MOST_KNOWN)?;
    let all = waiting.len();
    let order = InOrder::of(waiting);
    let ids: Vec<_> = order.all().take(MOST).map(|one| one.id).collect();
    let words = words(conn, &app.config.locality, &ids, now)?;
    let mut rows = Vec::with_capacity(ids.len());
    for (id, word) in ids.into_iter().zip(words) {
        let told = match said(word, &app.config.locality.organisation.phone) {
            (told, None) => told,
            (_, Some(ring)) => format!("messages do not get through: ring {}", ring.name),
        };
        if let Some(who) = reach(conn, &app.keys, id)? {
            rows.push((who, told));
        }
    }
    Ok(Shown { order, rows, all })
}

fn sections(shown: &Shown, form: &Form, now: Ts) -> Vec<Section> {
    let order = &shown.order;
    let mut sections = vec![
        Section {
            id: "known",
            heading: "With a slip, or from a physiotherapist, the team or another system".to_owned(),
            hint: "",
            rows: rows(&order.known, shown, form, now),
        },
        Section {
            id: "public",
            heading: "Through the public form, without a slip".to_owned(),
            hint: "",
            rows: rows(&order.public, shown, form, now),
        },
    ];
    for burst in &order.bursts {
        let came = burst.first().map(|first| moment(first.received_at, now));
        sections.push(Section {
            id: "burst",
            heading: format!("Many at once: {} from {}", burst.len(), came.unwrap_or_default()),
            hint: "They came through the public form, without a slip, shortly after one another. Somebody among them \
                   may be in danger: look at each before you acknowledge it.",
            rows: rows(burst, shown, form, now),
        });
    }
    sections.retain(|section| !section.rows.is_empty());
    sections
}

fn rows(waiting: &[Waiting], shown: &Shown, form: &Form, now: Ts) -> Vec<Row> {
    let today = now.london_date();
    let row = |one: &Waiting| {
        let (who, told) = shown.rows.iter().find(|(who, _)| who.id == one.id)?;
        let pick = format!("{}.{}", one.reference.as_str(), one.seen);
        Some(Row {
            url: paths::referral(one.reference.as_str()),
            ticked: form.has("pick", &pick),
            first: shown.order.all().next().is_some_and(|first| first.id == one.id),
            pick,
            reference: one.reference.to_string(),
            name: name_of(&who.person),
            second: second_identifier(who, today),
            came: moment(one.received_at, now),
            told: told.clone(),
        })
    };
    waiting.iter().filter_map(row).collect()
}
