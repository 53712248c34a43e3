//! Two referrals that may be about one person, side by side. A person says whether they are; nothing is joined.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

use super::record::{Notice, Opened, named};
use super::refused::not_done;
use crate::app::App;
use crate::inbox::alike::{Compared, compared};
use crate::inbox::choice::REASON_LIMIT;
use crate::inbox::clocks::moment;
use crate::referrals::{Link, Outcome, Reference, Said, Verdict, tell_alike};
use crate::staff::{Actor, Deed, ReadNote, note_read};
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// The part of an address behind the question mark: what was just done.
#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// What was said before about the two.
struct Before {
    words: &'static str,
    by: String,
    when: String,
}

#[derive(Template)]
#[template(path = "inbox/views/alike.html")]
struct AlikePage {
    frame: Frame,
    form: Form,
    notice: Notice,
    chain_is_whole: bool,
    one: Side,
    other: Side,
    rows: Vec<Compared>,
    before: Option<Before>,
}

struct Side {
    reference: String,
    url: String,
    seen: usize,
}

/// Both referrals, opened.
struct Pair {
    one: Opened,
    other: Opened,
}

impl Pair {
    /// Reads both and notes who sees them, before they are shown.
    async fn read(
        app: &Arc<App>,
        actor: &Actor,
        one: &Reference,
        other: &Reference,
    ) -> Result<Self, web::Error> {
        actor.require(Deed::OpenReferral)?;
        if one == other {
            return Err(web::Error::NotFound);
        }
        let pair = Pair {
            one: Opened::read(app, one).await?.ok_or(web::Error::NotFound)?,
            other: Opened::read(app, other).await?.ok_or(web::Error::NotFound)?,
        };
        let now = app.clock.now();
        let note =
            |opened: &Opened| ReadNote::new(actor, "referral: beside another", Some(opened.view.id), now);
        let notes = [note(&pair.one), note(&pair.other)];
        app.db
            .write(move |conn| notes.iter().try_for_each(|note| note_read(conn, note)))
            .await?;
        Ok(pair)
    }

    fn said(&self) -> Option<&Link> {
        let other = self.other.view.id;
        self.one.links.iter().find(|link| link.other == other)
    }
}

/// `GET /inbox/{reference}/alike/{other}`.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    path: actix::Path<(String, String)>,
    asked: actix::Query<Asked>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    let (one, other) = references(&path)?;
    let pair = Pair::read(&app, &actor, &one, &other).await?;
    let notice = match asked.done.as_deref() {
        Some("same") => Notice::Done("Linked: the same person. Each referral stays on its own".to_owned()),
        Some("apart") => Notice::Done("Told apart. They are not suggested to each other any more".to_owned()),
        Some("undo") => Notice::Done("Taken back".to_owned()),
        Some(_) | None => Notice::Nothing,
    };
    let page = AlikePage::new(&app, &actor, &request, &pair, Form::blank(), notice);
    Ok(web::html(&page))
}

/// `POST /inbox/{reference}/alike/{other}`: the same person, not the same, or taken back.
pub(super) async fn tell(
    actor: Actor,
    app: actix::Data<App>,
    path: actix::Path<(String, String)>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ActOnReferral)?;
    let (one, other) = references(&path)?;
    let mut errors = posted.errors();
    let word = posted.one("said");
    let said = match word {
        "same" | "apart" => Verdict::parse(word).map(Said::Verdict),
        "undo" => reason(&posted, &mut errors).map(|reason| Said::TakenBack { reason }),
        _ => return Err(web::Error::NotFound),
    };
    let seen = |field: &str| posted.one(field).parse().unwrap_or(-1);
    let seen: (i32, i32) = (seen("seen_one"), seen("seen_other"));
    let outcome = match said {
        None => None,
        Some(said) => Some(tell_alike(&app, (&one, &other), seen, actor.id, said).await?),
    };
    let done = format!(
        "{}?done={word}",
        paths::referral_alike(one.as_str(), other.as_str())
    );
    match outcome {
        Some(Outcome::Done) => return Ok(web::see_other(done)),
        Some(Outcome::Missing) => return Err(web::Error::NotFound),
        Some(_) | None => {}
    }
    let pair = Pair::read(&app, &actor, &one, &other).await?;
    let (status, notice) = match outcome {
        None => (StatusCode::UNPROCESSABLE_ENTITY, Notice::Nothing),
        Some(refused) => (StatusCode::CONFLICT, refusal(&app, refused, &pair, seen, &posted)),
    };
    let page = AlikePage::new(&app, &actor, &request, &pair, Form::new(posted, errors), notice);
    Ok(web::html_status(status, &page))
}

fn references((one, other): &(String, String)) -> Result<(Reference, Reference), web::Error> {
    let read = |text: &str| Reference::parse(text).ok_or(web::Error::NotFound);
    Ok((read(one)?, read(other)?))
}

fn reason(posted: &Posted, errors: &mut Errors) -> Option<String> {
    let reason = posted.one("undo_reason");
    if reason.is_empty() {
        errors.add("undo_reason", "Say why it is taken back");
    } else if reason.chars().count() > REASON_LIMIT {
        errors.add(
            "undo_reason",
            format!("This is too long. Use {REASON_LIMIT} characters or fewer"),
        );
    }
    errors.is_empty().then(|| reason.to_owned())
}

/// Who changed one of the two meanwhile.
fn refusal(app: &App, refused: Outcome, pair: &Pair, seen: (i32, i32), posted: &Posted) -> Notice {
    let typed = posted.one("undo_reason");
    let changed = |opened: &Opened, seen: i32| i32::try_from(opened.view.seen()).ok() != Some(seen);
    match changed(&pair.one, seen.0) {
        true => not_done(app, refused, &pair.one, seen.0, typed),
        false => not_done(app, refused, &pair.other, seen.1, typed),
    }
}

impl AlikePage {
    fn new(app: &App, actor: &Actor, request: &HttpRequest, pair: &Pair, form: Form, notice: Notice) -> Self {
        let now = app.clock.now();
        let (one, other) = (&pair.one.view, &pair.other.view);
        let title = format!("{} and {}", one.reference, other.reference);
        let back = paths::referral(one.reference.as_str());
        let side = |opened: &Opened| Side {
            reference: opened.view.reference.to_string(),
            url: paths::referral(opened.view.reference.as_str()),
            seen: opened.view.seen(),
        };
        Self {
            frame: actor.frame(request, title).wide().back(back).about(&form),
            form,
            notice,
            chain_is_whole: one.chain_is_whole && other.chain_is_whole,
            one: side(&pair.one),
            other: side(&pair.other),
            rows: compared(one, other, &app.config.locality, now.london_date()),
            before: pair.said().map(|link| Before {
                words: match link.verdict {
                    Verdict::Same => "The same person",
                    Verdict::Apart => "Not the same person",
                },
                by: named(&pair.one.names, link.by),
                when: moment(link.at, now),
            }),
        }
    }

    fn url(&self) -> String {
        let plain = |reference: &str| reference.replace('-', "");
        paths::referral_alike(plain(&self.one.reference), plain(&self.other.reference))
    }

    fn reason_limit(&self) -> usize {
        REASON_LIMIT
    }
}
