//! Who needs somebody now: on top of every page for staff, and never filtered away.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::alarm::{self, Word};
use super::clocks::moment;
use super::order_of_now::{InOrder, Waiting};
use super::{counts, store};
use crate::app::App;
use crate::config::Locality;
use crate::db::{self, Conn, Haste};
use crate::notify::{self, Fate, RotaPerson};
use crate::referrals::{LastStep, Queue, last_steps};
use crate::values::{Id, Ts};
use crate::web::{NowBand, NowRow, RingNow, haste_of, paths};

/// Most lines of the band; the rest is counted.
const MOST_LISTED: usize = 8;
/// Most that are looked at: their references are on the page, so that it can tell who came after it was loaded.
pub(super) const MOST_KNOWN: i64 = 500;

/// The unacknowledged P1 of this moment. Without names: the band is on every screen.
pub async fn now_band(app: &Arc<App>, haste: Haste) -> db::Result<NowBand> {
    let (inside, now) = (app.clone(), app.clock.now());
    app.db.read_in(haste, move |conn| band(conn, &inside, now)).await
}

/// One line of the band: one who is waiting, or a burst of forms.
struct Line<'a> {
    first: &'a Waiting,
    many: usize,
}

/// The same inside a transaction.
pub(super) fn band(conn: &mut Conn<'_>, app: &App, now: Ts) -> db::Result<NowBand> {
    let waiting = store::now::list_unacknowledged(conn, MOST_KNOWN)?;
    let news = paths::inbox_news(now.as_micros());
    if waiting.is_empty() {
        return Ok(NowBand {
            news,
            ..NowBand::default()
        });
    }
    let count = match i64::try_from(waiting.len()).is_ok_and(|few| few < MOST_KNOWN) {
        true => waiting.len(),
        false => counts(conn)?
            .into_iter()
            .find_map(|(queue, many)| (queue == Queue::Now).then_some(many))
            .unwrap_or(waiting.len()),
    };
    let order = InOrder::of(waiting);
    let known: Vec<String> = order.all().map(|one| one.reference.to_string()).collect();
    let lines = lines(&order);
    let listed: usize = lines.iter().map(|line| line.many).sum();
    let ids: Vec<Id> = lines.iter().map(|line| line.first.id).collect();
    let words = words(conn, &app.config.locality, &ids, now)?;
    let mut rung: Vec<RingNow> = Vec::new();
    let mut rows = Vec::with_capacity(lines.len());
    for (line, word) in lines.iter().zip(words) {
        let (mut told, mut ring) = said(word, &app.config.locality.organisation.phone);
        // Whom to ring is said once, in large letters; further down it would push the rest off the screen.
        if let Some(again) = ring.take_if(|ring| rung.contains(ring)) {
            told = format!("messages do not get through: ring {}", again.name);
        }
        rung.extend(ring.clone());
        rows.push(row(line, told, ring, now));
    }
    Ok(NowBand {
        count,
        listed,
        rows,
        known: known.join(" "),
        news,
    })
}

/// The lines of the band: those from elsewhere each on their own, bursts folded, as many as there is room for.
fn lines(order: &InOrder) -> Vec<Line<'_>> {
    let single = order.known.iter().chain(&order.public);
    let single = single.map(|first| Line { first, many: 1 });
    let bursts = order.bursts.iter().filter_map(|burst| {
        Some(Line {
            first: burst.first()?,
            many: burst.len(),
        })
    });
    // A burst is one line: it never takes the place of somebody who came on their own, nor is it left out for them.
    let bursts: Vec<Line<'_>> = bursts.take(MOST_LISTED / 2).collect();
    let mut lines: Vec<Line<'_>> = single.take(MOST_LISTED - bursts.len()).collect();
    lines.extend(bursts);
    lines
}

fn row(line: &Line<'_>, told: String, ring: Option<RingNow>, now: Ts) -> NowRow {
    let first = line.first;
    let (reference, note, url) = match line.many {
        1 => {
            let reference = first.reference.to_string();
            (reference, "", paths::referral(first.reference.as_str()))
        }
        many => (
            format!("{many} referrals"),
            "sent without a slip, shortly after one another,",
            paths::INBOX_NOW.to_owned(),
        ),
    };
    NowRow {
        reference,
        note,
        waiting_since: moment(first.received_at, now),
        url,
        told,
        ring,
    }
}

/// How far word of each of these has come.
pub(super) fn words(conn: &mut Conn<'_>, locality: &Locality, ids: &[Id], now: Ts) -> db::Result<Vec<Word>> {
    let steps = last_steps(conn, ids)?;
    // Of an alarm that runs for days only the last step counts; one without a step is looked at whole.
    let oldest = steps.iter().map(|step| step.at).min();
    let since = oldest.filter(|_| steps.len() == ids.len());
    let messages: Vec<Id> = steps.iter().flat_map(|step| step.messages.clone()).collect();
    // A message about several stands for itself: it is about no single referral.
    let about: Vec<Id> = ids.iter().chain(&messages).copied().collect();
    let fates = notify::fates(conn, &about, since.unwrap_or(Ts::from_micros(0)), &messages)?;
    let duty = notify::people_on_duty(conn, locality, now)?;
    let rota: Vec<RotaPerson> = duty.and_others();
    let words = ids.iter().map(|id| {
        let step = steps.iter().find(|step| step.referral == *id);
        let is_about = |fate: &&Fate| fate.about == *id || step.is_some_and(|step| is_of(step, fate));
        let about: Vec<Fate> = fates.iter().filter(is_about).cloned().collect();
        alarm::word(step, &about, &rota, now)
    });
    Ok(words.collect())
}

fn is_of(step: &LastStep, fate: &Fate) -> bool {
    step.messages.contains(&fate.about) || step.messages.contains(&fate.id)
}

pub(super) fn said(word: Word, our_phone: &str) -> (String, Option<RingNow>) {
    match word {
        Word::Told(whom) => (format!("told {whom}"), None),
        Word::OnItsWay => ("the message is on its way".to_owned(), None),
        Word::Ring(person) => {
            let (name, phone) = match person {
                Some(person) => (person.name, person.phone),
                None => ("the service".to_owned(), our_phone.to_owned()),
            };
            let dial = phone
                .chars()
                .filter(|letter| letter.is_ascii_digit() || *letter == '+');
            let ring = RingNow {
                dial: dial.collect(),
                name,
                phone,
            };
            (String::new(), Some(ring))
        }
    }
}

/// Middleware: puts the band into every request for a page for staff. A page that could not say who is waiting is
/// not shown at all.
pub async fn with_now_band(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if paths::is_for_staff(request.path())
        && let Some(app) = request.app_data::<web::Data<App>>().cloned()
    {
        let haste = haste_of(request.method(), request.path());
        let band = now_band(&app, haste).await.map_err(crate::web::Error::from)?;
        request.extensions_mut().insert(band);
    }
    next.call(request).await
}
