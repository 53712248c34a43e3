//! How long people wait, in figures: what is still ours, and what was attended here.

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;

use crate::app::App;
use crate::inbox::clocks::{EIGHTEEN_WEEKS, SIX_WEEKS};
use crate::inbox::store::waits::{count_waiting_since_before, list_begun_since};
use crate::inbox::waits::{Begun, count_begun, past_day, share};
use crate::staff::{Actor, Deed};
use crate::web::{self, Frame, paths};

/// How far back those who began are counted, in days.
const A_YEAR: i64 = 365;

#[derive(Template)]
#[template(path = "inbox/views/waits.html")]
struct WaitsPage {
    frame: Frame,
    system: String,
    today: String,
    past_six_weeks: i64,
    past_eighteen_weeks: i64,
    begun: Begun,
    six: String,
    eighteen: String,
}

/// `GET /inbox/waiting-times`. Figures alone: nobody is shown, so nothing is noted.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeInbox)?;
    let now = app.clock.now();
    let today = now.london_date();
    let (six, eighteen, waits) = app
        .db
        .read(move |conn| {
            Ok((
                count_waiting_since_before(conn, past_day(SIX_WEEKS, today))?,
                count_waiting_since_before(conn, past_day(EIGHTEEN_WEEKS, today))?,
                list_begun_since(conn, now.plus_days(-A_YEAR))?,
            ))
        })
        .await?;
    let begun = count_begun(&waits);
    let frame = actor.frame(&request, "How long people wait");
    Ok(web::html(&WaitsPage {
        frame: frame.wide().back(paths::INBOX_TO_ENTER),
        system: app.config.locality.record_system.name.clone(),
        today: now.display_date(),
        past_six_weeks: six,
        past_eighteen_weeks: eighteen,
        six: share(begun.within_six_weeks, begun.all),
        eighteen: share(begun.within_eighteen_weeks, begun.all),
        begun,
    }))
}
