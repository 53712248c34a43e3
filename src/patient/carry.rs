//! The sealed cookie that carries a draft from page to page.

use actix_web::{HttpRequest, HttpResponse};

use super::draft::{Carried, Draft, Sent};
use crate::app::App;
use crate::web::{self, cookies};

/// The cookie's name says nothing.
const NAME: &str = "draft";
/// After this long without a page sent, a draft is gone; the limit stands inside the seal.
pub(super) const IDLE_MINUTES: i64 = 60;

/// What the browser brought, if it is sealed here and not too old.
pub(super) fn carried(app: &App, request: &HttpRequest) -> Option<Carried> {
    cookies::open(app, request, NAME, IDLE_MINUTES)
}

/// The draft that the browser brought.
pub(super) fn draft(app: &App, request: &HttpRequest) -> Option<Draft> {
    match carried(app, request) {
        Some(Carried::Draft(draft)) => Some(*draft),
        Some(Carried::Sent(_)) | None => None,
    }
}

/// Sends the draft along with the answer.
pub(super) fn with_draft(app: &App, draft: Draft, answer: HttpResponse) -> Result<HttpResponse, web::Error> {
    let baked = cookies::seal(app, NAME, &Carried::Draft(Box::new(draft)))?;
    Ok(cookies::with_cookies(answer, baked))
}

/// Puts what the confirmation shows in the draft's place: the answers are gone from the browser.
pub(super) fn with_sent(app: &App, sent: Sent, answer: HttpResponse) -> Result<HttpResponse, web::Error> {
    let baked = cookies::seal(app, NAME, &Carried::Sent(sent))?;
    Ok(cookies::with_cookies(answer, baked))
}

/// Tells the browser to forget everything.
pub(super) fn without_draft(app: &App, answer: HttpResponse) -> HttpResponse {
    cookies::with_cookies(answer, cookies::forget_sealed(&app.config, NAME))
}
