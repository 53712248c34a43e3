//! The front door: `/`, where a code is typed or a start is made without one, and `/s/{code}`, where a scanned
//! slip leads. A GET changes nothing; "Start now" begins the draft and counts an opening.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::draft::Draft;
use super::{carry, pages, question};
use crate::app::App;
use crate::config::Locality;
use crate::pads::{self, Scan, SlipView};
use crate::questionnaire::Page;
use crate::values::{SlipCode, Unfit};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

/// Adds the start page and the slip's page.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::HOME, get().to(home))
        .route(paths::HOME, post().to(leave_home));
    for slip in [paths::SLIP, paths::SLIP_UPPER] {
        cfg.route(slip, get().to(greet)).route(slip, post().to(start));
    }
}

/// When somebody is there, in words.
struct Hours {
    opens: String,
    closes: String,
    read_when: String,
}

impl Hours {
    fn now(app: &App) -> Self {
        let hours = &app.config.locality.hours;
        Hours {
            opens: question::spoken(hours.opens),
            closes: question::spoken(hours.closes),
            read_when: question::read_when(hours, app.clock.now()),
        }
    }
}

#[derive(Template)]
#[template(path = "patient/views/home.html")]
struct Home<'a> {
    frame: Frame,
    form: Form,
    here: &'a Locality,
    hours: Hours,
    goes_on: Option<String>,
}

async fn home(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let draft = carry::draft(&app, &request);
    draw_home(&app, StatusCode::OK, Form::blank(), draft.as_ref())
}

fn draw_home(app: &App, status: StatusCode, form: Form, draft: Option<&Draft>) -> HttpResponse {
    let page = Home {
        frame: Frame::patient("Start here", app.config.demo).about(&form),
        form,
        here: &app.config.locality,
        hours: Hours::now(app),
        goes_on: draft.map(goes_on),
    };
    web::html_status(status, &page)
}

/// The address at which this draft goes on.
fn goes_on(draft: &Draft) -> String {
    let page = draft.journey().first_unanswered().unwrap_or(Page::Agreement);
    paths::refer(page.number())
}

/// A typed code leads to its slip's page; "start without a slip" begins an empty draft.
async fn leave_home(app: Data<App>, posted: Posted) -> Result<HttpResponse, web::Error> {
    if posted.has("then", "without") {
        return carry::with_draft(&app, Draft::start(None), pages::go_to(Page::Safety));
    }
    let mut errors = posted.errors();
    Ok(match errors.keep("code", SlipCode::parse(posted.one("code"))) {
        Some(code) if errors.is_empty() => web::see_other(paths::slip(code.compact())),
        _ => draw_home(
            &app,
            StatusCode::UNPROCESSABLE_ENTITY,
            Form::new(posted, errors),
            None,
        ),
    })
}

#[derive(Template)]
#[template(path = "patient/views/slip.html")]
struct SlipPage<'a> {
    frame: Frame,
    here: &'a Locality,
    hours: Hours,
    slip: &'a SlipView,
    action: String,
    goes_on: Option<String>,
}

/// A slip that cannot be used: why, and the ways on.
#[derive(Template)]
#[template(path = "patient/views/slip_unusable.html")]
struct UnusableSlip<'a> {
    frame: Frame,
    form: Form,
    here: &'a Locality,
    heading: &'static str,
    words: &'static str,
    types_again: bool,
}

async fn greet(app: Data<App>, request: HttpRequest, code: Path<String>) -> Result<HttpResponse, web::Error> {
    let code = match SlipCode::parse(&code) {
        Ok(code) => code,
        Err(unfit) => return Ok(mistyped(&app, &code, unfit)),
    };
    let draft = carry::draft(&app, &request).filter(|draft| draft.slip() == Some(code));
    let scan = resolve(&app, code).await?;
    Ok(match (&scan, draft) {
        // Its own draft may go on with a used slip: a worrying answer uses it before the form is finished.
        (Scan::Used(slip), Some(draft)) => greeting(&app, slip, code, Some(&draft)),
        (Scan::Unused(slip), draft) => greeting(&app, slip, code, draft.as_ref()),
        (Scan::Used(_), None) => unusable(&app, StatusCode::OK, USED, Form::blank()),
        (Scan::Void(_), _) => unusable(&app, StatusCode::OK, VOID, Form::blank()),
        (Scan::Expired(_), _) => unusable(&app, StatusCode::OK, EXPIRED, Form::blank()),
        (Scan::Unknown, _) => unusable(&app, StatusCode::NOT_FOUND, UNKNOWN, Form::blank()),
    })
}

fn greeting(app: &App, slip: &SlipView, code: SlipCode, draft: Option<&Draft>) -> HttpResponse {
    web::html(&SlipPage {
        frame: Frame::patient("Your slip", app.config.demo),
        here: &app.config.locality,
        hours: Hours::now(app),
        slip,
        action: paths::slip(code.compact()),
        goes_on: draft.map(goes_on),
    })
}

async fn resolve(app: &Data<App>, code: SlipCode) -> Result<Scan, web::Error> {
    let (reading, now) = (app.clone(), app.clock.now());
    let scan = app
        .db
        .read(move |conn| pads::resolve(conn, &reading.keys, &code, now))
        .await?;
    Ok(scan)
}

/// "Start now". Another slip starts an empty draft.
async fn start(app: Data<App>, code: Path<String>) -> Result<HttpResponse, web::Error> {
    let Ok(code) = SlipCode::parse(&code) else {
        return Ok(web::see_other(paths::HOME));
    };
    match resolve(&app, code).await? {
        Scan::Unused(slip) => {
            let counted = app.db.write(move |conn| pads::count_opening(conn, slip.id)).await;
            if let Err(refused) = counted {
                // A count is not worth turning anybody away.
                tracing::warn!("an opening was not counted: {refused}");
            }
            carry::with_draft(&app, Draft::start(Some(code)), pages::go_to(Page::Safety))
        }
        Scan::Used(_) | Scan::Void(_) | Scan::Expired(_) | Scan::Unknown => {
            Ok(web::see_other(paths::slip(code.compact())))
        }
    }
}

/// Why a slip cannot be used, in words without blame.
type Why = (&'static str, &'static str, bool);

const USED: Why = (
    "This slip has been used",
    "Each slip works once. If you sent the form, we have it, and there is nothing more to do. If you did not, you can still start without a slip.",
    false,
);
const VOID: Why = (
    "This slip no longer works",
    "The clinic took this slip back, perhaps because a pad was lost. You have done nothing wrong. You can start without a slip.",
    false,
);
const EXPIRED: Why = (
    "This slip is out of date",
    "Slips work for a limited time. You can still get the same help. Start without a slip.",
    false,
);
const UNKNOWN: Why = (
    "We do not know this code",
    "Please check it against your slip and type it again. You can also start without a slip.",
    true,
);

fn unusable(app: &App, status: StatusCode, why: Why, form: Form) -> HttpResponse {
    let (heading, words, types_again) = why;
    let page = UnusableSlip {
        frame: Frame::patient("Your slip", app.config.demo).about(&form),
        form,
        here: &app.config.locality,
        heading,
        words,
        types_again,
    };
    web::html_status(status, &page)
}

fn mistyped(app: &App, typed: &str, unfit: Unfit) -> HttpResponse {
    const MISTYPED: Why = (
        "Please check the code",
        "The code in this address is not quite right. Please compare it with your slip and type it again.",
        true,
    );
    let typed: String = typed.chars().take(40).collect();
    let posted = Posted::default().with("code", typed);
    let mut errors = posted.errors();
    errors.add("code", unfit.0);
    unusable(
        app,
        StatusCode::UNPROCESSABLE_ENTITY,
        MISTYPED,
        Form::new(posted, errors),
    )
}
