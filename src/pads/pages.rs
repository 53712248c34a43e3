//! The physio's pages: own pads and slips by serial, minting, printing, taking back, one slip on the screen.
//! Nothing here leads to a patient: a slip shows only what its patient agreed to share.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::custody::{self, OnScreen, SerialRange, SlipLine, Whose};
use super::draw::serial_words;
use super::electronic::issue_electronic;
use super::minting::{self, Order, SlipCount};
use super::qr::Symbol;
use super::slip::record_line;
use super::store::PadRow;
use super::template::Templates;
use crate::app::App;
use crate::config::ServiceName;
use crate::staff::{Actor, Deed};
use crate::values::{Email, Unfit};
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, html, html_status, paths, see_other};

/// Most slips that a page mints at once: as many as a physio's pad has.
const MOST_ON_A_PAGE: u16 = 200;

/// Pads on the list; older ones are found by their number.
const LISTED: i64 = 200;

/// The addresses of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::PADS, get().to(list))
        .route(paths::PAD_MINT, get().to(mint_page))
        .route(paths::PAD_MINT, post().to(mint))
        .route(paths::PAD_SLIP, get().to(slip_page))
        .route(paths::PAD_SLIP, post().to(slip))
        .route(paths::PAD, get().to(show))
        .route(paths::PAD_PRINT, post().to(print))
        .route(paths::PAD_VOID, post().to(void));
}

#[derive(Template)]
#[template(path = "pads/views/list.html")]
struct ListPage {
    frame: Frame,
    pads: Vec<PadLine>,
}

/// A pad in the words of a list.
struct PadLine {
    number: i32,
    serials: String,
    what: String,
    minted: String,
    until: String,
}

#[derive(Template)]
#[template(path = "pads/views/mint.html")]
struct MintPage {
    frame: Frame,
    form: Form,
    clinic: String,
    templates: Vec<Choice>,
    services: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "pads/views/slip.html")]
struct SlipPage {
    frame: Frame,
    form: Form,
    clinic: String,
    services: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "pads/views/pad.html")]
struct PadPage {
    frame: Frame,
    form: Form,
    pad: PadLine,
    clinic: String,
    slips: Vec<SlipWords>,
    screen: Option<Screen>,
    done: &'static str,
}

/// A slip in a pad's list, with the line for the physio's record.
struct SlipWords {
    serial: String,
    seen: &'static str,
    record: String,
}

/// What a patient scans from the physio's screen.
struct Screen {
    svg: String,
    code: String,
    address: String,
    record: String,
}

impl PadLine {
    fn of(app: &App, pad: &PadRow) -> Self {
        let serials = match (pad.first_serial, pad.last_serial) {
            (Some(first), Some(last)) if first < last => {
                format!("{} to {}", serial_words(first), serial_words(last))
            }
            (Some(only), _) => serial_words(only),
            _ => String::new(),
        };
        let service = pad.service.as_deref().and_then(ServiceName::parse);
        let service = service.map_or("either service", |name| {
            app.config.locality.service(name).staff_name.as_str()
        });
        let kind = match (pad.electronic, pad.slips) {
            (true, _) => "On the screen".to_owned(),
            (false, 1) => "1 slip".to_owned(),
            (false, slips) => format!("{slips} slips"),
        };
        PadLine {
            number: pad.number,
            serials,
            what: format!("{kind}, {service}"),
            minted: pad.created_at.display_date(),
            until: pad.expires_at.display_date(),
        }
    }
}

async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeOwnSlips)?;
    let pads = custody::list_pads(&app, Whose::Physio(actor.id), LISTED).await?;
    let frame = actor.frame(&request, "Pads and slips").wide();
    Ok(html(&ListPage {
        frame,
        pads: pads.iter().map(|pad| PadLine::of(&app, pad)).collect(),
    }))
}

/// The clinic that a physio's slips name.
fn clinic_of(actor: &Actor) -> Result<(crate::values::Id, String), web::Error> {
    actor.clinic.clone().ok_or(web::Error::Forbidden)
}

fn services(app: &App) -> Vec<Choice> {
    let named = |name: ServiceName| {
        let service = app.config.locality.service(name);
        Choice::new(name.as_str(), service.staff_name.clone())
            .hint(format!("Prints \u{201c}{}\u{201d}", service.name))
    };
    vec![
        Choice::new("none", "Either")
            .hint("The answers decide; prints \u{201c}NHS Talking Therapies\u{201d}"),
        named(ServiceName::Core),
        named(ServiceName::Hwb),
    ]
}

fn read_service(posted: &Posted, errors: &mut Errors) -> Option<Option<ServiceName>> {
    let read = match posted.one("service") {
        "none" => Ok(None),
        "core" => Ok(Some(ServiceName::Core)),
        "hwb" => Ok(Some(ServiceName::Hwb)),
        _ => Err(Unfit::because("Select which service the slips are for")),
    };
    errors.keep("service", read)
}

fn mint_form(
    request: &HttpRequest,
    app: &App,
    templates: &Templates,
    actor: &Actor,
    form: Form,
) -> Result<MintPage, web::Error> {
    let choices = templates
        .iter()
        .map(|one| Choice::new(one.name.clone(), one.title.clone()));
    Ok(MintPage {
        frame: actor.frame(request, "New pad").back(paths::PADS).about(&form),
        form,
        clinic: clinic_of(actor)?.1,
        templates: choices.collect(),
        services: services(app),
    })
}

async fn mint_page(
    request: HttpRequest,
    app: Data<App>,
    templates: Data<Templates>,
    actor: Actor,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::MintPads)?;
    Ok(html(&mint_form(
        &request,
        &app,
        &templates,
        &actor,
        Form::blank(),
    )?))
}

async fn mint(
    request: HttpRequest,
    app: Data<App>,
    templates: Data<Templates>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::MintPads)?;
    let mut errors = posted.errors();
    let slips = errors.keep("slips", SlipCount::parse(posted.one("slips"), MOST_ON_A_PAGE));
    let template = templates
        .get(posted.one("template"))
        .ok_or(Unfit::because("Select how the slips are printed"));
    let template = errors.keep("template", template);
    let service = read_service(&posted, &mut errors);
    let (Some(slips), Some(template), Some(service)) = (slips, template, service) else {
        let page = mint_form(&request, &app, &templates, &actor, Form::new(posted, errors))?;
        return Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let order = Order {
        clinic: clinic_of(&actor)?,
        physio: Some(actor.id),
        service,
        slips,
        by: Some(actor.id),
    };
    let minted = minting::draw_pad(&app, template, order)
        .await?
        .record(&app)
        .await?;
    tracing::info!(pad = minted.number, slips = minted.slips, by = %actor.id, "a pad was minted");
    Ok(see_other(format!("{}?minted", paths::pad(minted.number))))
}

fn slip_form(request: &HttpRequest, app: &App, actor: &Actor, form: Form) -> Result<SlipPage, web::Error> {
    Ok(SlipPage {
        frame: actor
            .frame(request, "One slip now")
            .back(paths::PADS)
            .about(&form),
        form,
        clinic: clinic_of(actor)?.1,
        services: services(app),
    })
}

async fn slip_page(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::IssueSlip)?;
    Ok(html(&slip_form(&request, &app, &actor, Form::blank())?))
}

async fn slip(
    request: HttpRequest,
    app: Data<App>,
    templates: Data<Templates>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::IssueSlip)?;
    let mut errors = posted.errors();
    let email = errors.keep_if_given("email", posted.one("email"), Email::parse);
    let service = read_service(&posted, &mut errors);
    let (Some(service), false) = (service, errors.any()) else {
        let page = slip_form(&request, &app, &actor, Form::new(posted, errors))?;
        return Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let template = templates
        .iter()
        .next()
        .ok_or_else(|| anyhow::anyhow!("there is no template"))?;
    let (clinic, slips) = (clinic_of(&actor)?, SlipCount::ONE);
    let order = Order {
        clinic,
        physio: Some(actor.id),
        service,
        slips,
        by: Some(actor.id),
    };
    let sent = email.is_some();
    let issued = issue_electronic(&app, template, order, email).await?;
    tracing::info!(pad = issued.pad, by = %actor.id, "a slip was made on the screen");
    Ok(see_other(format!(
        "{}?{}",
        paths::pad(issued.pad),
        if sent { "sent" } else { "made" }
    )))
}

async fn show(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    number: Path<i32>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeOwnSlips)?;
    let done = match request.query_string() {
        "minted" => "The pad is minted, and every code on it was read back. Download it to print it.",
        "made" => "The slip is made.",
        "sent" => "The slip is made, and the link is on its way to the patient.",
        "void" => "These slips can no longer be used.",
        _ => "",
    };
    Ok(html(
        &pad_page(&request, &app, &actor, number.into_inner(), Form::blank(), done).await?,
    ))
}

async fn pad_page(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    number: i32,
    form: Form,
    done: &'static str,
) -> Result<PadPage, web::Error> {
    let whose = Whose::Physio(actor.id);
    let (pad, slips) = custody::show_pad(app, number, whose)
        .await?
        .ok_or(web::Error::NotFound)?;
    let screen = custody::show_electronic(app, number, whose).await?;
    let today = app.clock.now();
    let words = |line: SlipLine| SlipWords {
        serial: serial_words(line.serial),
        seen: line.seen.words(),
        record: record_line(line.serial, if pad.electronic { pad.created_at } else { today }),
    };
    Ok(PadPage {
        frame: actor
            .frame(request, format!("Pad {number}"))
            .back(paths::PADS)
            .about(&form),
        form,
        pad: PadLine::of(app, &pad),
        clinic: pad.clinic_name.clone(),
        slips: slips.into_iter().map(words).collect(),
        screen: screen.map(|shown| Screen::of(&shown, &pad)).transpose()?,
        done,
    })
}

impl Screen {
    fn of(shown: &OnScreen, pad: &PadRow) -> anyhow::Result<Self> {
        Ok(Screen {
            svg: Symbol::of(&shown.url)?.svg("QR code that opens this slip"),
            code: shown.code.to_string(),
            address: pad.host.clone(),
            record: record_line(shown.serial, pad.created_at),
        })
    }
}

async fn print(
    app: Data<App>,
    templates: Data<Templates>,
    actor: Actor,
    number: Path<i32>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::MintPads)?;
    let printed = custody::reprint(&app, &templates, *number, Whose::Physio(actor.id)).await?;
    let (minted, proven) = printed.ok_or(web::Error::NotFound)?;
    custody::note_printed(&app, minted.id, minted.slips, Some(actor.id)).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"pad-{:06}.pdf\"", minted.number),
        ))
        .body(proven.into_bytes()))
}

async fn void(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    number: Path<i32>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::MintPads)?;
    let number = number.into_inner();
    let whose = Whose::Physio(actor.id);
    let (pad, _) = custody::show_pad(&app, number, whose)
        .await?
        .ok_or(web::Error::NotFound)?;
    let mut errors = posted.errors();
    let own = |range: SerialRange| {
        let within = pad.first_serial <= Some(range.first) && Some(range.last) <= pad.last_serial;
        if within {
            Ok(range)
        } else {
            Err(Unfit::because("These serials are not on this pad"))
        }
    };
    let Some(range) = errors.keep("serials", SerialRange::parse(posted.one("serials")).and_then(own)) else {
        let page = pad_page(&request, &app, &actor, number, Form::new(posted, errors), "").await?;
        return Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    // How many were still unused is not said: it would tell who came.
    custody::void(&app, range, whose, Some(actor.id)).await?;
    Ok(see_other(format!("{}?void", paths::pad(number))))
}
