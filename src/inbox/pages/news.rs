//! What came since a page was loaded, for its script: numbers and references, no names. And the way to the next one.

use actix_web::{HttpRequest, HttpResponse, web as actix};
use serde::{Deserialize, Serialize};

use super::filters::raised;
use crate::app::App;
use crate::inbox::lists::cursor::Cursor;
use crate::inbox::lists::from::{back_to, came_from, carried};
use crate::inbox::lists::look::understood;
use crate::inbox::lists::{Ahead, next_after};
use crate::inbox::{now, store};
use crate::referrals::{Reference, open};
use crate::staff::{Actor, Deed, Onlooker};
use crate::values::Ts;
use crate::web::form::Posted;
use crate::web::{self, paths};

/// Counting stops here: a page that has been open for days says "99 or more".
const MOST: i64 = 99;

#[derive(Deserialize)]
pub(super) struct Since {
    /// Microseconds since 1970.
    since: i64,
}

#[derive(Serialize)]
struct News {
    /// Referrals that came since.
    fresh: usize,
    /// Whether there are more than that.
    more: bool,
    /// Whom nobody has acknowledged, also those the page knows.
    danger: Vec<Danger>,
}

#[derive(Serialize)]
struct Danger {
    reference: String,
    url: String,
}

/// `GET /inbox/news?since=`: asked every half minute by each open page, so it counts two stretches of an index and
/// notes nothing: it shows nobody.
pub(super) async fn show(
    onlooker: Onlooker,
    app: actix::Data<App>,
    asked: actix::Query<Since>,
) -> Result<HttpResponse, web::Error> {
    onlooker.0.require(Deed::SeeInbox)?;
    let (inside, since) = (app.clone(), Ts::from_micros(asked.since));
    let read = app.db.read(move |conn| {
        let fresh = store::count_since(conn, since, MOST)?;
        Ok((fresh, now::band(conn, &inside, inside.clock.now())?))
    });
    let (fresh, band) = read.await?;
    let danger = band.known.split_whitespace().map(|reference| Danger {
        reference: reference.to_owned(),
        url: paths::referral(reference.replace('-', "")),
    });
    Ok(HttpResponse::Ok().json(News {
        fresh,
        more: i64::try_from(fresh).is_ok_and(|fresh| fresh >= MOST),
        danger: danger.collect(),
    }))
}

/// `GET /inbox/next?of=&from=`: leads to whoever comes after this one in the list one came from, and changes nothing.
pub(super) async fn next(
    actor: Actor,
    app: actix::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::OpenReferral)?;
    let given = Posted::read(request.query_string().as_bytes());
    let of = Reference::parse(given.one("of")).ok_or(web::Error::NotFound)?;
    let from = came_from(request.query_string());
    let (inside, list, me) = (app.clone(), from.clone(), actor.id);
    let raised = raised(&request);
    let read = app.db.read(move |conn| {
        let Some(this) = open(conn, &inside.keys, &of)? else {
            return Ok(None);
        };
        let at = Cursor {
            priority: i32::from(this.priority.number()),
            contact_by: this.contact_by,
            id: this.id,
        };
        let asked = understood(conn, &inside, &raised, &list)?.asked;
        let ahead = Ahead::of(me, inside.clock.now(), asked, (this.queue, at));
        next_after(conn, &inside.keys, &ahead)
    });
    Ok(web::see_other(match read.await? {
        Some(next) => paths::referral(next.as_str()) + &carried("?", &from),
        None => back_to(&from),
    }))
}
