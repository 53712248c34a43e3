//! Who needs somebody now: on top of every page for staff, and never filtered away.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::alarm::{self, Word};
use super::clocks::moment;
use super::store;
use crate::app::App;
use crate::db;
use crate::notify::{self, Fate};
use crate::referrals::{Queue, last_steps};
use crate::values::{Id, Ts};
use crate::web::{NowBand, NowRow, RingNow, paths};

/// Most that are listed by reference; the rest is counted.
const MOST_LISTED: i64 = 5;

/// The unacknowledged P1 of this moment, the longest waiting first. Without names: the band is on every screen.
pub async fn now_band(app: &Arc<App>) -> db::Result<NowBand> {
    let (inside, now) = (app.clone(), app.clock.now());
    app.db
        .read(move |conn| {
            let rows = store::list_queue(conn, &inside.keys, Queue::Now, None, MOST_LISTED)?;
            let count = match rows.len() {
                few if i64::try_from(few).is_ok_and(|few| few < MOST_LISTED) => few,
                _ => store::count_queues(conn)?
                    .into_iter()
                    .find_map(|(queue, many)| (queue == Queue::Now).then_some(many))
                    .unwrap_or(rows.len()),
            };
            let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
            let steps = last_steps(conn, &ids)?;
            // Of an alarm that runs for days only the last step counts; one without a step is looked at whole.
            let oldest = steps.iter().map(|step| step.at).min();
            let since = oldest.filter(|_| steps.len() == ids.len());
            let messages: Vec<Id> = steps.iter().flat_map(|step| step.messages.clone()).collect();
            let fates = notify::fates(conn, &ids, since.unwrap_or(Ts::from_micros(0)), &messages)?;
            let rota = match ids.is_empty() {
                true => Vec::new(),
                false => notify::rota_people(conn, &inside.config.locality.rota)?,
            };
            let rows = rows.iter().map(|row| {
                let step = steps.iter().find(|step| step.referral == row.id);
                let about = fates.iter().filter(|fate| fate.about == row.id).cloned();
                let about: Vec<Fate> = about.collect();
                let word = alarm::word(step, &about, &rota, now);
                let (told, ring) = said(word, &inside.config.locality.organisation.phone);
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
            })
        })
        .await
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
