//! The pages of those who keep the pads: which there are, where each is, its ledger and its totals; handing out, counting
//! back, reporting lost, printing again. They know slips by number and nobody who used one.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::custody::Whose;
use super::kept::{self, Kept};
use super::ledger::Totals;
use super::ledger_words::LedgerWords;
use super::moves::{self, Recipient, Refusal};
use super::pages::{PadLine, printed_for};
use super::serials::SerialRange;
use super::store::PadRow;
use super::template::Templates;
use super::whereabouts::Custody;
use crate::app::App;
use crate::staff::{Actor, Deed, find_account, list_clinics, list_physios};
use crate::values::{Id, Unfit};
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, html, html_status, paths, see_other};

/// Pads on a page of the list.
const LISTED: i64 = 100;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::ADMIN_PADS, get().to(list))
        .route(paths::ADMIN_PAD, get().to(show))
        .route(paths::ADMIN_PAD_HAND, post().to(hand))
        .route(paths::ADMIN_PAD_RETURN, post().to(take_back))
        .route(paths::ADMIN_PAD_LOST, post().to(report_lost))
        .route(paths::ADMIN_PAD_PRINT, post().to(print));
}

#[derive(Template)]
#[template(path = "pads/views/kept_list.html")]
struct ListPage {
    frame: Frame,
    form: Form,
    clinics: Vec<Choice>,
    pads: Vec<ListLine>,
    older: Option<String>,
}

/// A pad in the list of the house.
struct ListLine {
    pad: PadLine,
    clinic: String,
    place: &'static str,
    colour: &'static str,
}

#[derive(Template)]
#[template(path = "pads/views/kept.html")]
struct KeptPage {
    frame: Frame,
    form: Form,
    pad: PadLine,
    clinic: String,
    place: String,
    host: String,
    totals: Option<Totals>,
    imbalance: String,
    ledger: Vec<LedgerWords>,
    recipients: Vec<Choice>,
    may_return: bool,
    may_lose: bool,
    done: &'static str,
}

fn colour(custody: Custody) -> &'static str {
    match custody {
        Custody::House => "blue",
        Custody::Clinic | Custody::Physio => "green",
        Custody::Returned => "grey",
        Custody::Lost => "red",
    }
}

async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepPads)?;
    let asked = Posted::read(request.query_string().as_bytes());
    let clinic = Id::parse(asked.one("clinic"));
    let below = asked.one("below").parse().unwrap_or(i32::MAX);
    let rows = kept::list_kept(&app, clinic, below, LISTED).await?;
    let last = rows
        .last()
        .filter(|_| i64::try_from(rows.len()).is_ok_and(|n| n == LISTED));
    let clinics = list_clinics(&app.db).await?;
    let clinics = clinics
        .into_iter()
        .map(|clinic| Choice::new(clinic.id.to_string(), clinic.name));
    Ok(html(&ListPage {
        frame: actor.frame(&request, "Pads").wide(),
        older: last.map(|pad| paths::admin_pads_below(pad.number, clinic)),
        pads: rows.iter().map(|pad| ListLine::of(&app, pad)).collect(),
        clinics: clinics.collect(),
        form: Form::new(asked, Errors::default()),
    }))
}

impl ListLine {
    fn of(app: &App, pad: &PadRow) -> Self {
        ListLine {
            pad: PadLine::of(app, pad),
            clinic: pad.clinic_name.clone(),
            place: pad.custody.label(),
            colour: colour(pad.custody),
        }
    }
}

async fn show(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    number: Path<i32>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepPads)?;
    let done = match request.query_string() {
        "handed" => "The pad is handed over.",
        "returned" => "The pad is counted back.",
        "lost" => "Reported lost. What was unused can no longer be used.",
        _ => "",
    };
    let page = kept_page(&request, &app, &actor, *number, Form::blank(), done).await?;
    Ok(html(&page))
}

async fn kept_page(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    number: i32,
    form: Form,
    done: &'static str,
) -> Result<KeptPage, web::Error> {
    let Kept {
        pad,
        physio,
        ledger,
        totals,
    } = on_paper(app, number).await?;
    let place = match physio {
        Some(name) => format!("{}: {name}", pad.custody.label()),
        None => pad.custody.label().to_owned(),
    };
    Ok(KeptPage {
        frame: actor
            .frame(request, format!("Pad {number}"))
            .back(paths::ADMIN_PADS)
            .about(&form),
        form,
        pad: PadLine::of(app, &pad),
        clinic: pad.clinic_name.clone(),
        place,
        host: pad.host.clone(),
        imbalance: totals.err().map(|why| why.to_string()).unwrap_or_default(),
        totals: totals.ok(),
        ledger: ledger.iter().map(LedgerWords::of).collect(),
        recipients: recipients(app, &pad).await?,
        may_return: pad.custody.may_go_to(Custody::Returned),
        may_lose: pad.custody.may_go_to(Custody::Lost),
        done,
    })
}

/// A printed pad. A slip on a screen is no pad to be kept: its totals would tell whether one person came.
async fn on_paper(app: &App, number: i32) -> Result<Kept, web::Error> {
    let kept = kept::show_kept(app, number, Whose::All).await?;
    kept.filter(|kept| !kept.pad.electronic)
        .ok_or(web::Error::NotFound)
}

/// What the form posts for the clinic itself; a physio is posted by id.
const THE_CLINIC: &str = "clinic";

/// Who may get this pad as it stands.
async fn recipients(app: &App, pad: &PadRow) -> Result<Vec<Choice>, web::Error> {
    let mut choices = Vec::new();
    if pad.custody.may_go_to(Custody::Clinic) {
        choices.push(Choice::new(THE_CLINIC, pad.clinic_name.clone()));
    }
    if pad.custody.may_go_to(Custody::Physio) {
        let has_it = pad.physio.filter(|_| pad.custody == Custody::Physio);
        let physios = list_physios(&app.db, pad.clinic).await?;
        let others = physios.into_iter().filter(|one| Some(one.id) != has_it);
        choices.extend(others.map(|one| Choice::new(one.id.to_string(), one.display_name)));
    }
    Ok(choices)
}

async fn hand(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    number: Path<i32>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepPads)?;
    let mut errors = posted.errors();
    let to = recipient(&app, *number, posted.one("to")).await?;
    if let Some(to) = errors.keep("to", to) {
        match moves::hand(&app, *number, to, Some(actor.id)).await? {
            Ok(_) => return Ok(see_other(format!("{}?handed", paths::admin_pad(*number)))),
            Err(refusal) => refused(&mut errors, "to", &refusal)?,
        }
    }
    again(&request, &app, &actor, *number, Form::new(posted, errors)).await
}

/// Who was chosen: the pad's clinic, or somebody by id.
async fn recipient(app: &App, number: i32, chosen: &str) -> Result<Result<Recipient, Unfit>, web::Error> {
    let pad = on_paper(app, number).await?.pad;
    if chosen == THE_CLINIC {
        return Ok(Ok(Recipient::Clinic(pad.clinic)));
    }
    let account = match Id::parse(chosen) {
        Some(id) => find_account(&app.db, id).await?,
        None => None,
    };
    let nobody = Unfit::because("Select who gets the pad");
    Ok(account.map(Box::new).map(Recipient::Physio).ok_or(nobody))
}

async fn take_back(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    number: Path<i32>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepPads)?;
    let mut errors = posted.errors();
    let counted: Result<i32, _> = posted.one("counted").parse();
    let counted = counted.map_err(|_| Unfit::because("Enter how many slips are on the pad, as a number"));
    if let Some(counted) = errors.keep("counted", counted) {
        match moves::take_back(&app, *number, counted, Some(actor.id)).await? {
            Ok(_) => return Ok(see_other(format!("{}?returned", paths::admin_pad(*number)))),
            Err(refusal) => refused(&mut errors, "counted", &refusal)?,
        }
    }
    again(&request, &app, &actor, *number, Form::new(posted, errors)).await
}

async fn report_lost(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    number: Path<i32>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepPads)?;
    let mut errors = posted.errors();
    let range = errors.keep_if_given("serials", posted.one("serials"), SerialRange::parse);
    if !errors.any() {
        match moves::report_lost(&app, *number, range, Whose::All, Some(actor.id)).await? {
            Ok(_) => return Ok(see_other(format!("{}?lost", paths::admin_pad(*number)))),
            Err(refusal) => refused(&mut errors, "serials", &refusal)?,
        }
    }
    again(&request, &app, &actor, *number, Form::new(posted, errors)).await
}

/// Puts a refusal at its field; a pad that is not there has no form.
fn refused(errors: &mut Errors, field: &'static str, refusal: &Refusal) -> Result<(), web::Error> {
    if *refusal == Refusal::NoSuchPad {
        return Err(web::Error::NotFound);
    }
    errors.add(field, refusal.to_string());
    Ok(())
}

async fn again(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    number: i32,
    form: Form,
) -> Result<HttpResponse, web::Error> {
    let page = kept_page(request, app, actor, number, form, "").await?;
    Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn print(
    app: Data<App>,
    templates: Data<Templates>,
    actor: Actor,
    number: Path<i32>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::KeepPads)?;
    on_paper(&app, *number).await?;
    printed_for(&app, &templates, *number, Whose::All, actor.id).await
}
