//! `/admin/rules/{version}/replay`: a lead starts a replay, sees how far it is, and what it found.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self as actix, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::desk::{Ended, Order, Replays};
use super::line::{Line, lines};
use super::report::grouped;
use crate::app::App;
use crate::config::Locality;
use crate::staff::{Actor, Deed, ReadNote, record_read};
use crate::triage::{MOST_NAMED, NOT_VALIDATED, RuleSet, RulesInForce, text_of_version};
use crate::values::Ts;
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, paths};

/// Seconds after which a page that shows a run looks again.
const LOOK_AGAIN: &str = "5";

/// Adds the addresses.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(paths::ADMIN_RULES_REPLAY, actix::get().to(show))
        .route(paths::ADMIN_RULES_REPLAY, actix::post().to(start));
}

/// Which referrals a replay is over: the word in the form, in words, and how many days back.
const OVER: [(&str, &str, Option<i64>); 4] = [
    ("all", "All referrals", None),
    ("year", "Received in the last 365 days", Some(365)),
    ("quarter", "Received in the last 90 days", Some(90)),
    ("month", "Received in the last 30 days", Some(30)),
];

/// The part of an address behind the question mark.
#[derive(Deserialize)]
struct Asked {
    /// Which line's referrals are listed.
    of: Option<String>,
    /// Look again by itself while it runs.
    watch: Option<String>,
}

/// How far the one that runs is.
struct Running {
    version: String,
    this_version: bool,
    by: String,
    over: &'static str,
    looked: String,
    total: String,
    hundredths: u64,
}

/// What was found.
struct Found {
    over: &'static str,
    by: String,
    at: String,
    seconds: i64,
    in_force: String,
    /// Other rules came into force since.
    outdated: bool,
    finished: bool,
    looked: String,
    changed: String,
    unread: u64,
    safety: Option<Line>,
    moves: Vec<Line>,
    flags: Vec<Line>,
    otherwise: Option<Line>,
}

#[derive(Template)]
#[template(path = "reports/views/replay.html")]
struct ReplayPage {
    frame: Frame,
    form: Form,
    version: String,
    in_force: String,
    /// Somebody was first.
    busy: bool,
    watch: bool,
    running: Option<Running>,
    result: Option<Found>,
    /// The line whose referrals are listed.
    listed: Option<Line>,
    over: Vec<Choice>,
    not_validated: &'static str,
}

impl ReplayPage {
    fn address(&self) -> String {
        paths::admin_rules_replay(&self.version)
    }

    fn most_named(&self) -> usize {
        MOST_NAMED
    }
}

async fn show(
    actor: Actor,
    app: actix::Data<App>,
    rules: actix::Data<RulesInForce>,
    replays: actix::Data<Replays>,
    version: actix::Path<String>,
    asked: actix::Query<Asked>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeReports)?;
    read_text(&app, &version).await?;
    let form = Form::new(Posted::default().with("since", "all"), Errors::default());
    let mut page = page(
        &app,
        &actor,
        &request,
        &rules,
        &replays,
        version.into_inner(),
        form,
    );
    if let (Some(of), Some(result)) = (asked.of.as_deref(), page.result.as_ref()) {
        page.listed = Some(result.line(of).ok_or(web::Error::NotFound)?);
        let note = ReadNote::new(&actor, "replay: referrals of a line", None, app.clock.now());
        record_read(&app.db, note).await?;
    }
    page.watch = asked.watch.is_some() && page.running.as_ref().is_some_and(|run| run.this_version);
    let mut answer = web::html(&page);
    if page.watch {
        // A header and not a tag in the page: only who asked for it is looked for again, and a link stops it.
        let again = actix_web::http::header::HeaderValue::from_static(LOOK_AGAIN);
        answer
            .headers_mut()
            .insert(actix_web::http::header::REFRESH, again);
    }
    Ok(answer)
}

async fn start(
    actor: Actor,
    app: actix::Data<App>,
    rules: actix::Data<RulesInForce>,
    replays: actix::Data<Replays>,
    version: actix::Path<String>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeReports)?;
    let text = read_text(&app, &version).await?;
    let word = posted.one("since").to_owned();
    let mut errors = posted.errors();
    let over = OVER.into_iter().find(|(known, _, _)| *known == word);
    if over.is_none() {
        errors.add("since", "Select which referrals to look at");
    }
    let proposed = RuleSet::parse(
        "the proposed rules",
        &text,
        &app.config.locality.long_term_conditions,
    );
    let (Some((_, over, days)), Ok(proposed)) = (over, proposed) else {
        if errors.is_empty() {
            errors.add(
                "since",
                "These rules do not load any more, so nothing can be looked at with them",
            );
        }
        let form = Form::new(posted, errors);
        let page = page(
            &app,
            &actor,
            &request,
            &rules,
            &replays,
            version.into_inner(),
            form,
        );
        return Ok(web::html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let now = app.clock.now();
    let order = Order {
        proposed: Arc::new(proposed),
        in_force: rules.now(),
        since: days.map(|days| now.plus_days(-days)),
        over,
        by: actor.display_name.clone(),
        started: now,
    };
    if replays
        .clone()
        .into_inner()
        .start(app.clone().into_inner(), order)
    {
        let to = format!("{}?watch", paths::admin_rules_replay(&*version));
        return Ok(web::see_other(to));
    }
    let form = Form::new(posted, Errors::default());
    let mut page = page(
        &app,
        &actor,
        &request,
        &rules,
        &replays,
        version.into_inner(),
        form,
    );
    page.busy = true;
    Ok(web::html_status(StatusCode::CONFLICT, &page))
}

async fn read_text(app: &App, version: &str) -> Result<String, web::Error> {
    let version = version.to_owned();
    let text = app.db.read(move |conn| text_of_version(conn, &version)).await?;
    text.ok_or(web::Error::NotFound)
}

fn page(
    app: &App,
    actor: &Actor,
    request: &HttpRequest,
    rules: &RulesInForce,
    replays: &Replays,
    version: String,
    form: Form,
) -> ReplayPage {
    let in_force = rules.now().version.clone();
    let running = replays.running().map(|(order, progress)| {
        let (looked, total) = (progress.looked(), progress.total());
        Running {
            this_version: order.proposed.version == version,
            version: order.proposed.version.clone(),
            by: order.by,
            over: order.over,
            looked: grouped(looked),
            total: grouped(total),
            hundredths: looked.saturating_mul(100).checked_div(total).unwrap_or_default(),
        }
    });
    let result = replays
        .ended(&version)
        .map(|ended| Found::of(&ended, &in_force, &app.config.locality));
    let over = OVER.map(|(word, told, _)| Choice::new(word, told)).to_vec();
    ReplayPage {
        frame: actor
            .frame(request, "Replay of rules")
            .wide()
            .about(&form)
            .back(paths::admin_rules_version(&version)),
        form,
        version,
        in_force,
        busy: false,
        watch: false,
        running,
        result,
        listed: None,
        over,
        not_validated: NOT_VALIDATED,
    }
}

impl Found {
    fn of(ended: &Ended, in_force: &str, locality: &Locality) -> Found {
        let tally = ended.tally.as_ref();
        let found = tally.map(|tally| lines(tally, locality));
        let count = |read: fn(&crate::triage::Tally) -> u64| tally.map(read).unwrap_or_default();
        let (safety, moves, flags, otherwise) = match found {
            Some(found) => (
                Some(found.safety),
                found.moves,
                found.flags,
                Some(found.otherwise),
            ),
            None => (None, Vec::new(), Vec::new(), None),
        };
        Found {
            over: ended.order.over,
            by: ended.order.by.clone(),
            at: ended.at.display(),
            seconds: seconds(ended.order.started, ended.at),
            in_force: ended.order.in_force.version.clone(),
            outdated: ended.order.in_force.version != in_force,
            finished: tally.is_some(),
            looked: grouped(count(|tally| tally.looked)),
            changed: grouped(count(|tally| tally.changed)),
            unread: count(|tally| tally.unread),
            safety,
            moves,
            flags,
            otherwise,
        }
    }

    /// The line with this word of an address, if it names anybody.
    fn line(&self, of: &str) -> Option<Line> {
        let single = self.safety.iter().chain(&self.otherwise);
        let mut all = single.chain(&self.moves).chain(&self.flags);
        all.find(|line| line.word == of && line.count > 0).cloned()
    }
}

fn seconds(from: Ts, to: Ts) -> i64 {
    to.since(from).as_secs()
}
