//! `POST /api/v1/slips`: one slip for one patient, made by another system; and the same slip to print.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::access::{caller, count_call, count_fault};
use super::answers::{self, instant};
use super::fault::{Fault, Pointer};
use super::incoming::body;
use super::problem::{Problem, Refused, answered};
use super::slip_body::{self, SlipBody};
use super::store;
use crate::app::App;
use crate::pads::template::{Template, Templates};
use crate::pads::{Lasting, Order, SlipCount, Whose, issue_electronic, reprint};
use crate::staff::{ApiKey, Clinic, Scope, find_clinic_coded};
use crate::values::Id;
use crate::web::{Error, paths};

pub(super) async fn post(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
    templates: web::Data<Templates>,
) -> Result<HttpResponse, Error> {
    answered(&request, mint(&request, payload, &app, &templates).await)
}

async fn mint(
    request: &HttpRequest,
    payload: web::Payload,
    app: &App,
    templates: &Templates,
) -> Result<HttpResponse, Refused> {
    let key = caller(request, app, Scope::Issue).await?;
    count_call(&key)?;
    let document = body(request, payload).await?;
    let read = slip_body::read(document).map_err(|faults| count_fault(&key, Problem::faulty(faults)))?;
    let template = template(templates, &read)?;
    let clinic = clinic(app, &key, &read).await?;
    let order = Order {
        clinic: (clinic.id, clinic.name),
        physio: None,
        service: read.service,
        slips: SlipCount::ONE,
        lasting: Lasting::AsUsual,
        by: None,
    };
    let issued = issue_electronic(app, template, order, read.email).await?;
    let base = &app.config.base_url;
    Ok(HttpResponse::Created().json(answers::Slip {
        slip: format!("{:06}", issued.serial),
        code: issued.code.to_string(),
        url: format!("{base}{}", paths::slip(issued.code.compact())),
        pdf_url: format!("{base}{}", paths::api_slip_pdf(issued.id)),
        expires_at: instant(issued.expires_at),
    }))
}

fn template<'t>(templates: &'t Templates, read: &SlipBody) -> Result<&'t Template, Refused> {
    let found = match &read.template {
        Some(name) => templates.get(name),
        None => templates.usual(),
    };
    let names: Vec<&str> = templates.iter().map(|template| template.name.as_str()).collect();
    found.ok_or_else(|| at("template", format!("must be one of {}", names.join(", "))))
}

/// The clinic asked for, if it still gives slips out and the key may act for it.
async fn clinic(app: &App, key: &ApiKey, read: &SlipBody) -> Result<Clinic, Refused> {
    let code = read.clinic.clone();
    let found = app
        .db
        .read(move |conn| find_clinic_coded(conn, code.as_str()))
        .await?;
    let found = found.filter(|clinic| clinic.active);
    let clinic = found.ok_or_else(|| {
        at(
            "clinic",
            "no clinic that gives slips out has this code".to_owned(),
        )
    })?;
    match key.acts_for(clinic.id) {
        true => Ok(clinic),
        false => Err(Problem::of(StatusCode::FORBIDDEN, "this API key is for another clinic").into()),
    }
}

fn at(key: &str, detail: String) -> Refused {
    Problem::faulty(vec![Fault::at(Pointer::to([key]), detail)]).into()
}

pub(super) async fn pdf(
    request: HttpRequest,
    id: web::Path<String>,
    app: web::Data<App>,
    templates: web::Data<Templates>,
) -> Result<HttpResponse, Error> {
    answered(&request, print(&request, &id, &app, &templates).await)
}

async fn print(
    request: &HttpRequest,
    id: &str,
    app: &App,
    templates: &Templates,
) -> Result<HttpResponse, Refused> {
    let key = caller(request, app, Scope::Issue).await?;
    count_call(&key)?;
    let id = Id::parse(id).ok_or_else(no_such)?;
    let slip = app.db.read(move |conn| store::find_single_slip(conn, id)).await?;
    let (pad, _) = slip
        .filter(|(_, clinic)| key.acts_for(*clinic))
        .ok_or_else(no_such)?;
    let printed = reprint(app, templates, pad, Whose::All).await?;
    let (_, proven) = printed.ok_or_else(no_such)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/pdf"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"slip.pdf\""))
        .body(proven.into_bytes()))
}

fn no_such() -> Refused {
    Problem::of(StatusCode::NOT_FOUND, "there is no such slip to print").into()
}
