//! `/inbox/from-before`: open routine referrals whose contact was past its time when the ledger of contact began. A clinical
//! lead looks through them, and makes a call due or closes the promise on the record of each.

use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;

use crate::app::App;
use crate::inbox::lists::row::{Beside, ShownRow, shown};
use crate::inbox::store;
use crate::referrals::list_left_to_lead;
use crate::staff::{Actor, Deed, ReadNote, record_read};
use crate::web::{self, Frame, paths};

use super::list::Section;

/// Most that one page shows; the longest past their time are among them.
const MOST: i64 = 100;

#[derive(Template)]
#[template(path = "inbox/views/left_to_lead.html")]
struct LeftToLeadPage {
    frame: Frame,
    section: Section,
}

/// The page.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::EndAtRisk)?;
    let (inside, now) = (app.clone(), app.clock.now());
    let (rows, beside) = app
        .db
        .read(move |conn| {
            let ids = list_left_to_lead(conn, MOST)?;
            let rows = store::list_by_id(conn, &inside.keys, &ids)?;
            let beside = Beside::read(conn, rows.iter())?;
            Ok((rows, beside))
        })
        .await?;
    let note = ReadNote::new(&actor, "inbox: from before contact was recorded", None, now);
    record_read(&app.db, note).await?;
    let rows: Vec<ShownRow> = shown(&rows, &beside, &app.config.locality, now);
    Ok(web::html(&LeftToLeadPage {
        frame: actor
            .frame(&request, "From before contact was recorded")
            .wide()
            .back(paths::INBOX_RINGS),
        section: Section {
            heading: "From before contact was recorded",
            ..Section::found(rows)
        },
    }))
}
