//! Who needs somebody now: on top of every page for staff, and never filtered away.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::alarm::{self, Word};
use super::clocks::moment;
use super::{counts, store};
use crate::app::App;
use crate::db::{self, Conn};
use crate::notify::{self, Fate};
use crate::referrals::{Queue, last_steps};
use crate::values::{Id, Ts};
use crate::web::{NowBand, NowRow, RingNow, paths};

/// Most that are listed by reference; the rest is counted.
const MOST_LISTED: usize = 5;
/// Most whose references a page knows, so that it can tell who came after it was loaded.
const MOST_KNOWN: i64 = 50;

/// The unacknowledged P1 of this moment, the longest waiting first. Without names: the band is on every screen.
pub async fn now_band(app: &Arc<App>) -> db::Result<NowBand> {
    let (inside, now) = (app.clone(), app.clock.now());
    app.db.read(move |conn| band(conn, &inside, now)).await
}

/// The same inside a transaction.
pub(super) fn band(conn: &mut Conn<'_>, app: &App, now: Ts) -> db::Result<NowBand> {
    let mut rows = store::list_queue(conn, &app.keys, Queue::Now, None, MOST_KNOWN)?;
    let count = match i64::try_from(rows.len()).is_ok_and(|few| few < MOST_KNOWN) {
        true => rows.len(),
        false => counts(conn)?
            .into_iter()
            .find_map(|(queue, many)| (queue == Queue::Now).then_some(many))
            .unwrap_or(rows.len()),
    };
    let known: Vec<String> = rows.iter().map(|row| row.reference.to_string()).collect();
    rows.truncate(MOST_LISTED);
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let steps = last_steps(conn, &ids)?;
    // Of an alarm that runs for days only the last step counts; one without a step is looked at whole.
    let oldest = steps.iter().map(|step| step.at).min();
    let since = oldest.filter(|_| steps.len() == ids.len());
    let messages: Vec<Id> = steps.iter().flat_map(|step| step.messages.clone()).collect();
    let fates = notify::fates(conn, &ids, since.unwrap_or(Ts::from_micros(0)), &messages)?;
    let rota = match ids.is_empty() {
        true => Vec::new(),
        false => notify::rota_people(conn, &app.config.locality.rota)?,
    };
    let rows = rows.iter().map(|row| {
        let step = steps.iter().find(|step| step.referral == row.id);
        let about = fates.iter().filter(|fate| fate.about == row.id).cloned();
        let about: Vec<Fate> = about.collect();
        let word = alarm::word(step, &about, &rota, now);
        let (told, ring) = said(word, &app.config.locality.organisation.phone);
        NowRow {
            reference: row.reference.to_string(),
            waiting_since: moment(row.received_at, now),
            url: paths::referral(row.reference.as_str()),
            told,
            ring,
        }
    });
    Ok(NowBand {
        count,
        rows: rows.collect(),
        known: known.join(" "),
        news: paths::inbox_news(now.as_micros()),
    })
}

fn said(word: Word, our_phone: &str) -> (String, Option<RingNow>) {
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
        let band = now_band(&app).await.map_err(crate::web::Error::from)?;
        request.extensions_mut().insert(band);
    }
    next.call(request).await
}
