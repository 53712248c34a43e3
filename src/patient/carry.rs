//! The sealed cookie that carries a draft from page to page, and how long it may rest there.

use actix_web::{HttpRequest, HttpResponse};

use super::draft::{AddedTo, Carried, Done, Draft, Sent};
use crate::app::App;
use crate::values::Ts;
use crate::web::{self, cookies};

/// The cookie's name says nothing.
const NAME: &str = "draft";
/// After this long without a page sent, a draft opens only to who knows the date of birth in it. The limits stand
/// inside the seal.
pub(super) const IDLE_MINUTES: i64 = 60;
/// On a device that was handed over: the next person stands in the room already.
pub(super) const TABLET_IDLE_MINUTES: i64 = 10;
/// After this long it does not open at all.
const GONE_MINUTES: i64 = 24 * 60;

/// The mark of a device that somebody of staff handed over. Its name says nothing.
const HANDED: &str = "handed";
/// For so long a device counts as handed over, unless it is handed over again.
const HANDED_MINUTES: i64 = 12 * 60;

/// Marks this device as handed over, with nothing of anybody on it.
pub(super) fn hand_over(app: &App, answer: HttpResponse) -> Result<HttpResponse, web::Error> {
    let baked = cookies::seal(app, HANDED, &true)?;
    Ok(without_draft(app, cookies::with_cookies(answer, baked)))
}

/// Whether somebody of staff handed this device over.
pub(super) fn is_handed_over(app: &App, request: &HttpRequest) -> bool {
    cookies::open(app, request, HANDED, HANDED_MINUTES).unwrap_or(false)
}

/// What rests in the browser.
enum Rest {
    Open(Carried),
    Locked(Box<Draft>),
    Gone,
}

/// What the browser brought, if it is sealed here and not too old.
pub(super) fn carried(app: &App, request: &HttpRequest) -> Option<Carried> {
    match resting(app, request) {
        Rest::Open(carried) => Some(carried),
        Rest::Locked(_) | Rest::Gone => None,
    }
}

/// What became of the form that this browser sent within the hour.
pub(super) fn done(app: &App, request: &HttpRequest) -> Option<Done> {
    match carried(app, request)? {
        Carried::Sent(sent) => Some(Done::Own(sent)),
        Carried::Added(added) => Some(Done::Added(added)),
        Carried::Draft(_) => None,
    }
}

/// The draft that the browser brought.
pub(super) fn draft(app: &App, request: &HttpRequest) -> Option<Draft> {
    match resting(app, request) {
        Rest::Open(Carried::Draft(draft)) => Some(*draft),
        Rest::Open(Carried::Sent(_) | Carried::Added(_)) | Rest::Locked(_) | Rest::Gone => None,
    }
}

/// The draft that the browser brought, open or not, and whether it is open: what a worrying answer is added to.
pub(super) fn any_draft(app: &App, request: &HttpRequest) -> Option<(Draft, bool)> {
    match resting(app, request) {
        Rest::Open(Carried::Draft(draft)) => Some((*draft, true)),
        Rest::Locked(draft) => Some((*draft, false)),
        Rest::Open(Carried::Sent(_) | Carried::Added(_)) | Rest::Gone => None,
    }
}

/// The draft that has rested too long to open by itself.
pub(super) fn locked(app: &App, request: &HttpRequest) -> Option<Draft> {
    match resting(app, request) {
        Rest::Locked(draft) => Some(*draft),
        Rest::Open(_) | Rest::Gone => None,
    }
}

fn resting(app: &App, request: &HttpRequest) -> Rest {
    match cookies::open_dated(app, request, NAME) {
        Some((carried, at)) => judge(carried, minutes_between(at, app.clock.now())),
        None => Rest::Gone,
    }
}

fn minutes_between(at: Ts, now: Ts) -> i64 {
    now.since(at).as_secs() / 60
}

/// What becomes of what has rested for so many minutes.
fn judge(carried: Carried, minutes: i64) -> Rest {
    match carried {
        Carried::Draft(draft) if draft.tablet => match minutes < TABLET_IDLE_MINUTES {
            true => Rest::Open(Carried::Draft(draft)),
            false => Rest::Gone,
        },
        carried if minutes < IDLE_MINUTES => Rest::Open(carried),
        Carried::Draft(draft) if minutes < GONE_MINUTES && draft.answers.born.is_some() => {
            Rest::Locked(draft)
        }
        Carried::Draft(_) | Carried::Sent(_) | Carried::Added(_) => Rest::Gone,
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

/// The same where the answers were added to what another sender had begun.
pub(super) fn with_added(
    app: &App,
    added: AddedTo,
    answer: HttpResponse,
) -> Result<HttpResponse, web::Error> {
    let baked = cookies::seal(app, NAME, &Carried::Added(added))?;
    Ok(cookies::with_cookies(answer, baked))
}

/// Tells the browser to forget everything.
pub(super) fn without_draft(app: &App, answer: HttpResponse) -> HttpResponse {
    cookies::with_cookies(answer, cookies::forget_sealed(&app.config, NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(draft: Draft, minutes: i64) -> &'static str {
        match judge(Carried::Draft(Box::new(draft)), minutes) {
            Rest::Open(_) => "open",
            Rest::Locked(_) => "locked",
            Rest::Gone => "gone",
        }
    }

    #[test]
    fn a_draft_rests_open_then_locked_then_gone() {
        let mut draft = Draft::start(None);
        assert_eq!(word(draft.clone(), 59), "open");
        assert_eq!(word(draft.clone(), 60), "gone", "nothing tells whose it is");
        draft.answers.born = Some(jiff::civil::date(1980, 2, 29));
        assert_eq!(word(draft.clone(), 59), "open");
        assert_eq!(word(draft.clone(), 60), "locked");
        assert_eq!(word(draft.clone(), 24 * 60 - 1), "locked");
        assert_eq!(word(draft.clone(), 24 * 60), "gone");
        draft.tablet = true;
        assert_eq!(word(draft.clone(), 9), "open");
        assert_eq!(word(draft, 10), "gone");
    }
}
