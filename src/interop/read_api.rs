//! `GET /api/v1/referrals` and one of them. Every page and every record read is on the read log first.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::access::{caller, count_call};
use super::answers::{Opened, Page};
use super::listing::Asked;
use super::problem::{Problem, Refused, answered};
use super::store;
use crate::app::App;
use crate::referrals::{Reference, open};
use crate::staff::{ReadNote, Scope, record_read};
use crate::web::Error;

pub(super) async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Error> {
    answered(&request, page(&request, &app).await)
}

async fn page(request: &HttpRequest, app: &App) -> Result<HttpResponse, Refused> {
    let key = caller(request, app, Scope::Read).await?;
    count_call(&key)?;
    let asked = Asked::parse(request.query_string())
        .map_err(|told| Problem::of(StatusCode::UNPROCESSABLE_ENTITY, told))?;
    let clinic = key.clinic;
    let lines = app
        .db
        .read(move |conn| store::list_lines(conn, &asked, clinic))
        .await?;
    record_read(&app.db, ReadNote::new(&key, "api: list", None, app.clock.now())).await?;
    let (lines, next) = asked.page(lines);
    Ok(HttpResponse::Ok().json(Page::of(lines, next)))
}

pub(super) async fn one(
    request: HttpRequest,
    reference: web::Path<String>,
    app: web::Data<App>,
) -> Result<HttpResponse, Error> {
    answered(&request, record(&request, &reference, &app).await)
}

async fn record(
    request: &HttpRequest,
    reference: &str,
    app: &web::Data<App>,
) -> Result<HttpResponse, Refused> {
    let key = caller(request, app, Scope::Read).await?;
    count_call(&key)?;
    let reference = Reference::parse(reference).ok_or_else(no_such)?;
    let (inside, clinic) = (app.clone(), key.clinic);
    let found = app.db.read(move |conn| {
        let view = open(conn, &inside.keys, &reference)?;
        // Another clinic's referral looks the same as none.
        let Some(view) = view.filter(|view| clinic.is_none() || clinic == view.clinic_id) else {
            return Ok(None);
        };
        let booked = store::has_place(conn, view.id)?;
        Ok(Some((view, booked)))
    });
    let (view, booked) = found.await?.ok_or_else(no_such)?;
    record_read(
        &app.db,
        ReadNote::new(&key, "api: referral", Some(view.id), app.clock.now()),
    )
    .await?;
    Ok(HttpResponse::Ok().json(Opened::of(view, booked, key.allows(Scope::Triage))))
}

fn no_such() -> Refused {
    Problem::of(StatusCode::NOT_FOUND, "there is no referral with this reference").into()
}
