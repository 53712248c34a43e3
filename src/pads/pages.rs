//! The physio's pages about what there is: own pads and slips by serial, printing, taking back, one slip on the screen.
//! Nothing here leads to a patient: a slip shows only what its patient agreed to share.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::counts_pages;
use super::custody::{self, Release, Whose};
use super::draw::serial_words;
use super::hint;
use super::keeping_pages;
use super::kept;
use super::ledger_words::{LedgerWords, serials};
use super::minting_pages;
use super::moves;
use super::previews;
use super::qr::Symbol;
use super::serials::SerialRange;
use super::shown::{self, OnScreen, SlipLine};
use super::slip::record_line;
use super::store::PadRow;
use super::template::Templates;
use super::whereabouts::Custody;
use crate::app::App;
use crate::config::ServiceName;
use crate::staff::{Actor, Deed};
use crate::values::{Id, Unfit};
use crate::web::form::{Form, Posted};
use crate::web::{self, Frame, html, html_status, paths, see_other};

/// Pads on the list; older ones are found by their number.
const LISTED: i64 = 200;

/// The addresses of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    // Before the pattern of one pad, which would take "new" for a number.
    minting_pages::routes(cfg);
    previews::routes(cfg);
    counts_pages::routes(cfg);
    keeping_pages::routes(cfg);
    cfg.route(paths::PADS, get().to(list))
        .route(paths::PAD, get().to(show))
        .route(paths::PAD_PRINT, post().to(print))
        .route(paths::PAD_VOID, post().to(void))
        .route(paths::PAD_LOST, post().to(report_lost));
}

#[derive(Template)]
#[template(path = "pads/views/list.html")]
struct ListPage {
    frame: Frame,
    pads: Vec<PadLine>,
}

/// A pad in the words of a list.
pub(super) struct PadLine {
    pub(super) number: i32,
    pub(super) serials: String,
    pub(super) what: String,
    pub(super) minted: String,
    pub(super) until: String,
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
    place: &'static str,
    in_hand: bool,
    electronic: bool,
    ledger: Vec<LedgerWords>,
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
    /// What the physio suggested, in words.
    hint: Option<String>,
}

impl PadLine {
    pub(super) fn of(app: &App, pad: &PadRow) -> Self {
        let range = pad.first_serial.zip(pad.last_serial);
        let range = range.map(|(first, last)| serials(SerialRange { first, last }));
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
            serials: range.unwrap_or_default(),
            what: format!("{kind}, {service}"),
            minted: pad.created_at.display_date(),
            until: pad.expires_at.display_date(),
        }
    }
}

async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeOwnSlips)?;
    let pads = shown::list_pads(&app, Whose::Physio(actor.id), LISTED).await?;
    let frame = actor.frame(&request, "Pads and slips").wide();
    Ok(html(&ListPage {
        frame,
        pads: pads.iter().map(|pad| PadLine::of(&app, pad)).collect(),
    }))
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
        "lost" => "The pad is reported lost. Its slips can no longer be used.",
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
    let (pad, slips) = shown::show_pad(app, number, whose)
        .await?
        .ok_or(web::Error::NotFound)?;
    let kept = kept::show_kept(app, number, whose)
        .await?
        .ok_or(web::Error::NotFound)?;
    let screen = shown::show_electronic(app, number, whose).await?;
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
        place: pad.custody.label_for_holder(),
        in_hand: pad.custody == Custody::Physio,
        electronic: pad.electronic,
        ledger: kept.ledger.iter().map(LedgerWords::for_physio).collect(),
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
            hint: shown.hint.as_deref().map(hint::words),
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
    let number = number.into_inner();
    let whose = Whose::Physio(actor.id);
    in_hand(&app, number, whose).await?;
    printed_for(&app, &templates, number, whose, actor.id).await
}

/// The pad, if it is with the physio: only then is it theirs to print, to take slips back from, or to report lost.
async fn in_hand(app: &App, number: i32, whose: Whose) -> Result<PadRow, web::Error> {
    let found = shown::show_pad(app, number, whose).await?;
    let (pad, _) = found.ok_or(web::Error::NotFound)?;
    match pad.custody {
        Custody::Physio => Ok(pad),
        Custody::Lost => Err(web::Error::conflict("This pad was reported lost.")),
        Custody::House | Custody::Clinic | Custody::Returned => {
            Err(web::Error::conflict("This pad is not with you any more."))
        }
    }
}

/// The pad as a document, once the ledger says who printed it. What is taken back while it is drawn stops it.
pub(super) async fn printed_for(
    app: &App,
    templates: &Templates,
    number: i32,
    whose: Whose,
    by: Id,
) -> Result<HttpResponse, web::Error> {
    let found = shown::show_pad(app, number, whose).await?;
    let (_, lines) = found.ok_or(web::Error::NotFound)?;
    if lines.iter().all(|line| line.taken_back) {
        return Err(web::Error::conflict(
            "Every slip of this pad was taken back, so there is nothing to print.",
        ));
    }
    let printed = custody::reprint(app, templates, number, whose).await?;
    let (minted, proven) = printed.ok_or(web::Error::NotFound)?;
    match custody::note_printed(app, &minted, Some(by)).await? {
        Release::Released => {}
        Release::TakenBackMeanwhile => {
            return Err(web::Error::conflict(
                "Slips of this pad were taken back while it was being drawn. Print it again.",
            ));
        }
    }
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
    let pad = in_hand(&app, number, whose).await?;
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

/// Reports the whole pad lost. What was still unused is not said.
async fn report_lost(app: Data<App>, actor: Actor, number: Path<i32>) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::MintPads)?;
    let number = number.into_inner();
    let whose = Whose::Physio(actor.id);
    in_hand(&app, number, whose).await?;
    match moves::report_lost(&app, number, None, whose, Some(actor.id)).await? {
        Ok(_) => Ok(see_other(format!("{}?lost", paths::pad(number)))),
        Err(refusal) => Err(web::Error::conflict(refusal.to_string())),
    }
}
