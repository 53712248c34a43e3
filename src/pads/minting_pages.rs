//! The forms that make slips: a pad to print, or one slip on the screen.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::electronic::issue_hinted;
use super::expiry::Lasting;
use super::hint::{self, Hint};
use super::minting::{self, Order, SlipCount};
use super::template::Templates;
use crate::app::App;
use crate::config::ServiceName;
use crate::staff::{Actor, Deed};
use crate::values::{Email, Id, Unfit};
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, html, html_status, paths, see_other};

/// Most slips that a page mints at once: as many as a physio's pad has.
const MOST_ON_A_PAGE: u16 = 200;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::PAD_MINT, get().to(mint_page))
        .route(paths::PAD_MINT, post().to(mint))
        .route(paths::PAD_SLIP, get().to(slip_page))
        .route(paths::PAD_SLIP, post().to(slip));
}

#[derive(Template)]
#[template(path = "pads/views/mint.html")]
struct MintPage {
    frame: Frame,
    form: Form,
    clinic: String,
    templates: Vec<Choice>,
    lasting: Vec<Choice>,
    services: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "pads/views/slip.html")]
struct SlipPage {
    frame: Frame,
    form: Form,
    clinic: String,
    services: Vec<Choice>,
    hints: Vec<Choice>,
}

/// The clinic that a physio's slips name.
fn clinic_of(actor: &Actor) -> Result<(Id, String), web::Error> {
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

/// How long slips can be used, to choose from: months as days.
const LASTING: [(&str, &str); 4] = [
    ("92", "3 months"),
    ("183", "6 months"),
    ("366", "1 year"),
    ("731", "2 years"),
];

fn lasting(app: &App) -> Vec<Choice> {
    let days = app.config.locality.slip_days;
    let usual = Choice::new("", format!("As usual, {days} days"));
    let chosen = LASTING.map(|(days, words)| Choice::new(days, words));
    [usual].into_iter().chain(chosen).collect()
}

fn read_lasting(chosen: &str) -> Result<Lasting, Unfit> {
    match chosen {
        "" => Ok(Lasting::AsUsual),
        days if LASTING.iter().any(|(value, _)| *value == days) => Lasting::parse_days(days),
        _ => Err(Unfit::because("Select how long the slips can be used")),
    }
}

/// What a physio may suggest help with: the pathways of the locality, or nothing.
fn hints(app: &App) -> Vec<Choice> {
    let listed = app.config.locality.long_term_conditions.iter();
    let mut choices: Vec<Choice> = listed
        .map(|key| Choice::new(key.clone(), hint::words(key)))
        .collect();
    choices.push(Choice::new("none", "Nothing").after_or());
    choices
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
        lasting: lasting(app),
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
    let lasting = errors.keep("days", read_lasting(posted.one("days")));
    let service = read_service(&posted, &mut errors);
    let (Some(slips), Some(template), Some(service), Some(lasting)) = (slips, template, service, lasting)
    else {
        let page = mint_form(&request, &app, &templates, &actor, Form::new(posted, errors))?;
        return Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let order = Order {
        clinic: clinic_of(&actor)?,
        physio: Some(actor.id),
        service,
        slips,
        lasting,
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
        hints: hints(app),
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
    let listed = &app.config.locality.long_term_conditions;
    let hint = errors.keep("hint", Hint::parse(posted.one("hint"), listed));
    let (Some(service), Some(hint), false) = (service, hint, errors.any()) else {
        let page = slip_form(&request, &app, &actor, Form::new(posted, errors))?;
        return Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let template = templates
        .usual()
        .ok_or_else(|| anyhow::anyhow!("there is no template"))?;
    let (clinic, slips) = (clinic_of(&actor)?, SlipCount::ONE);
    let order = Order {
        clinic,
        physio: Some(actor.id),
        service,
        slips,
        lasting: Lasting::AsUsual,
        by: Some(actor.id),
    };
    let sent = email.is_some();
    let issued = issue_hinted(&app, template, order, hint, email).await?;
    tracing::info!(pad = issued.pad, by = %actor.id, "a slip was made on the screen");
    Ok(see_other(format!(
        "{}?{}",
        paths::pad(issued.pad),
        if sent { "sent" } else { "made" }
    )))
}
