//! The demo's own pages: be the physio, the patient, triage or the lead in one click, and the mail that would have
//! been sent. Only a demo has these addresses.

use std::path::PathBuf;

use actix_web::{HttpResponse, web};
use anyhow::Context;
use askama::Template;

use super::cast::{CAST, PASSWORD, Player};
use super::seed;
use crate::app::App;
use crate::notify::{CapturedCall, CapturedMail, captured, captured_calls};
use crate::staff::sign_in_as;
use crate::web::{Error, Frame, html, paths, see_other};

/// As many mails as the page shows.
const MAILS: usize = 50;
/// As many calls of the second channel as stand above them.
const CALLS: usize = 10;

/// Adds the addresses of the demo; anywhere else there are none.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route(paths::DEMO, web::get().to(show))
        .route(paths::DEMO_MAIL, web::get().to(mail))
        .route(paths::DEMO_PATIENT, web::post().to(be_patient))
        .route(paths::DEMO_STAFF, web::post().to(be_staff));
}

#[derive(Template)]
#[template(path = "demo/views/demo.html")]
struct DemoPage {
    frame: Frame,
    cast: &'static [Player],
    keeps_mail: bool,
}

async fn show(app: web::Data<App>) -> HttpResponse {
    html(&DemoPage {
        frame: Frame::plain("The demonstration", true),
        cast: &CAST,
        keeps_mail: app.mailer.captures_to().is_some(),
    })
}

/// A new slip, and the page that scanning it leads to.
async fn be_patient(app: web::Data<App>) -> Result<HttpResponse, Error> {
    let code = seed::fresh_slip(&app).await?;
    Ok(see_other(paths::slip(code.compact())))
}

/// Signs the browser in as one of the cast.
async fn be_staff(app: web::Data<App>, username: web::Path<String>) -> Result<HttpResponse, Error> {
    let player = CAST
        .iter()
        .find(|player| player.username == username.as_str())
        .ok_or(Error::NotFound)?;
    let cookie = sign_in_as(&app, player.username).await?;
    let mut response = see_other(paths::STAFF);
    response
        .add_cookie(&cookie)
        .context("a cookie that cannot be written")?;
    Ok(response)
}

#[derive(Template)]
#[template(path = "demo/views/mail.html")]
struct MailPage {
    frame: Frame,
    mails: Vec<CapturedMail>,
    more: usize,
    calls: Vec<CapturedCall>,
}

async fn mail(app: web::Data<App>) -> Result<HttpResponse, Error> {
    let folder: PathBuf = app.mailer.captures_to().ok_or(Error::NotFound)?.to_owned();
    let beside = app.mailer.captures_calls_to().map(ToOwned::to_owned);
    let (mails, calls) = web::block(move || {
        let calls = beside.map_or_else(|| Ok(Vec::new()), |folder| captured_calls(&folder));
        (captured(&folder), calls)
    })
    .await
    .context("reading captured mail")?;
    let (mut mails, mut calls) = (
        mails.context("reading captured mail")?,
        calls.context("reading captured calls")?,
    );
    calls.truncate(CALLS);
    let more = mails.len().saturating_sub(MAILS);
    mails.truncate(MAILS);
    let frame = Frame::plain("Captured mail", true).back(paths::DEMO);
    Ok(html(&MailPage {
        frame,
        mails,
        more,
        calls,
    }))
}
