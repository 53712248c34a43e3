//! The front door: `/`, where a code is typed or a start is made without one, and `/s/{code}`, where a scanned
//! slip leads. A GET changes nothing; "Start now" begins the draft and counts an opening.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::draft::{Carried, Draft};
use super::{carry, hint, pages, question, unusable};
use crate::app::App;
use crate::config::Locality;
use crate::pads::template::Templates;
use crate::pads::{self, Scan, SlipView, Whose};
use crate::questionnaire::Page;
use crate::values::SlipCode;
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, paths};

/// Adds the start page and the slip's page.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::HOME, get().to(home))
        .route(paths::HOME, post().to(leave_home));
    cfg.route(paths::SLIP_PDF, get().to(print));
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
    handed_over: bool,
}

async fn home(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let draft = carry::draft(&app, &request).or_else(|| carry::locked(&app, &request));
    let handed_over = carry::is_handed_over(&app, &request);
    draw_home(&app, StatusCode::OK, Form::blank(), (draft.as_ref(), handed_over))
}

fn draw_home(
    app: &App,
    status: StatusCode,
    form: Form,
    (draft, handed_over): (Option<&Draft>, bool),
) -> HttpResponse {
    let page = Home {
        frame: Frame::patient("Start here", app.config.demo)
            .about(&form)
            .leads_staff(!handed_over),
        form,
        here: &app.config.locality,
        hours: Hours::now(app),
        goes_on: draft.and_then(goes_on),
        handed_over,
    };
    web::html_status(status, &page)
}

/// The address at which this draft goes on. On a device that was handed over none does: the next person has it.
pub(super) fn goes_on(draft: &Draft) -> Option<String> {
    let page = draft.journey().first_unanswered().unwrap_or(Page::Check);
    (!draft.tablet).then(|| paths::refer(page.number()))
}

/// A typed code leads to its slip's page; "start without a slip" begins an empty draft.
async fn leave_home(
    app: Data<App>,
    request: HttpRequest,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let handed_over = carry::is_handed_over(&app, &request);
    let for_another = posted.has("then", "for_another");
    if for_another || posted.has("then", "without") {
        let draft = Draft {
            for_another,
            tablet: handed_over,
            ..Draft::start(None)
        };
        return carry::with_draft(&app, draft, pages::go_to(Page::Safety));
    }
    let mut errors = posted.errors();
    Ok(match errors.keep("code", SlipCode::parse(posted.one("code"))) {
        Some(code) if errors.is_empty() => web::see_other(paths::slip(code.compact())),
        _ => draw_home(
            &app,
            StatusCode::UNPROCESSABLE_ENTITY,
            Form::new(posted, errors),
            (None, handed_over),
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
    /// The service's name, if the slip is for one.
    service: &'a str,
    /// What the physio suggested help with, in words.
    suggested: Option<&'static str>,
    /// Where an electronic slip can be printed.
    pdf: Option<String>,
    action: String,
    goes_on: Option<String>,
    handed_over: bool,
}

async fn greet(app: Data<App>, request: HttpRequest, code: Path<String>) -> Result<HttpResponse, web::Error> {
    let code = match SlipCode::parse(&code) {
        Ok(code) => code,
        Err(unfit) => return Ok(unusable::mistyped(&app, &code, unfit)),
    };
    // What was sent from this device with this slip is confirmed again, not asked for a second time.
    if carry::done(&app, &request).is_some_and(|done| done.slip() == Some(&code.compact())) {
        return Ok(pages::go_to(Page::Confirmation));
    }
    let draft = match carry::carried(&app, &request) {
        Some(Carried::Draft(draft)) => Some(*draft).filter(|draft| draft.slip() == Some(code)),
        Some(Carried::Sent(_) | Carried::Added(_)) => None,
        None => carry::locked(&app, &request).filter(|draft| draft.slip() == Some(code)),
    };
    let from = web::Site::of(&request).client_ip(&request);
    let scan = pads::look_up(&app, code, from).await?;
    let handed_over = carry::is_handed_over(&app, &request);
    Ok(match (&scan, draft) {
        // Its own draft may go on with a used slip: a worrying answer uses it before the form is finished.
        (Scan::Used(slip), Some(draft)) if !draft.without => {
            greeting(&app, slip, code, (Some(&draft), handed_over)).await?
        }
        (Scan::Unused(slip), draft) => greeting(&app, slip, code, (draft.as_ref(), handed_over)).await?,
        (Scan::Used(_), draft) => unusable::draw(&app, unusable::USED, code, draft.as_ref()),
        (Scan::Void(_), draft) => unusable::draw(&app, unusable::VOID, code, draft.as_ref()),
        (Scan::Expired(_), draft) => unusable::draw(&app, unusable::EXPIRED, code, draft.as_ref()),
        (Scan::Unknown, _) => unusable::unknown(&app),
    })
}

async fn greeting(
    app: &App,
    slip: &SlipView,
    code: SlipCode,
    (draft, handed_over): (Option<&Draft>, bool),
) -> Result<HttpResponse, web::Error> {
    let here = &app.config.locality;
    let said = hint::of_slip(app, slip.id).await?;
    let condition = said.as_ref().and_then(|said| said.condition);
    Ok(web::html(&SlipPage {
        frame: Frame::patient("Your slip", app.config.demo).leads_staff(!handed_over),
        here,
        hours: Hours::now(app),
        slip,
        service: slip.service.map_or("", |name| &here.service(name).name),
        suggested: condition.map(hint::words),
        pdf: said
            .filter(|_| !handed_over)
            .map(|_| paths::slip_pdf(code.compact())),
        action: paths::slip(code.compact()),
        goes_on: draft.and_then(goes_on),
        handed_over,
    }))
}

/// "Start now". Another slip starts an empty draft. With a slip that cannot be used a start is made without it; the
/// team is told of the slip.
async fn start(
    app: Data<App>,
    request: HttpRequest,
    code: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let Ok(code) = SlipCode::parse(&code) else {
        return Ok(web::see_other(paths::HOME));
    };
    let from = web::Site::of(&request).client_ip(&request);
    let draft = match pads::look_up(&app, code, from).await? {
        Scan::Unused(slip) => {
            let counted = app.db.write(move |conn| pads::count_opening(conn, slip.id)).await;
            if let Err(refused) = counted {
                // A count is not worth turning anybody away.
                tracing::warn!("an opening was not counted: {refused}");
            }
            Draft {
                hint: hint::of_slip(&app, slip.id)
                    .await?
                    .and_then(|said| said.condition),
                ..Draft::start(Some(code))
            }
        }
        Scan::Used(_) | Scan::Void(_) | Scan::Expired(_) if posted.has("then", "without") => Draft {
            without: true,
            ..Draft::start(Some(code))
        },
        Scan::Used(_) | Scan::Void(_) | Scan::Expired(_) | Scan::Unknown => {
            return Ok(web::see_other(paths::slip(code.compact())));
        }
    };
    let draft = Draft {
        tablet: carry::is_handed_over(&app, &request),
        ..draft
    };
    carry::with_draft(&app, draft, pages::go_to(Page::Safety))
}

/// An electronic slip to print at home: the slip itself and nothing more, for whoever holds its link.
async fn print(
    app: Data<App>,
    templates: Data<Templates>,
    request: HttpRequest,
    code: Path<String>,
) -> Result<HttpResponse, web::Error> {
    let code = SlipCode::parse(&code).map_err(|_| web::Error::NotFound)?;
    let from = web::Site::of(&request).client_ip(&request);
    let Scan::Unused(slip) = pads::look_up(&app, code, from).await? else {
        return Ok(web::see_other(paths::slip(code.compact())));
    };
    let said = hint::of_slip(&app, slip.id).await?.ok_or(web::Error::NotFound)?;
    let printed = pads::reprint(&app, &templates, said.pad, Whose::All).await?;
    let (_, proven) = printed.ok_or(web::Error::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/pdf"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"slip.pdf\""))
        .body(proven.into_bytes()))
}
