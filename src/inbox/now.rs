//! Who needs somebody now: on top of every page for staff, and never filtered away.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::clocks::moment;
use super::store;
use crate::app::App;
use crate::db;
use crate::referrals::Queue;
use crate::web::{NowBand, NowRow, paths};

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
            let rows = rows.iter().map(|row| NowRow {
                reference: row.reference.to_string(),
                waiting_since: moment(row.received_at, now),
                url: paths::referral(row.reference.as_str()),
            });
            Ok(NowBand {
                count,
                rows: rows.collect(),
            })
        })
        .await
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
