//! The hand-over to the record system: what a clerk types there, as a page, on paper and as a row of a table; and the
//! number it was entered under, with the name of who entered it.

mod entering;
mod standing;

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web as actix};
use askama::Template;
use serde::Deserialize;

pub(super) use self::entering::{entered, not_entered};
use self::standing::{Standing, raised_since, standing};
use super::record::{Notice, Opened};
use crate::app::App;
use crate::inbox::choice::REASON_LIMIT;
use crate::inbox::hand_over::{self as form_of, Group, Surroundings, accepted};
use crate::inbox::reaching::owed;
use crate::inbox::timeline::actor as actor_name;
use crate::referrals::Reference;
use crate::staff::{Actor, Deed, ReadNote, record_read};
use crate::web::form::Form;
use crate::web::{self, Frame, paths};

/// The part of an address behind the question mark: what was just done.
#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "inbox/views/hand_over.html")]
struct HandOverPage {
    frame: Frame,
    form: Form,
    notice: Notice,
    chain_is_whole: bool,
    reference: String,
    seen: usize,
    system: String,
    groups: Vec<Group>,
    standing: Standing,
    /// Whether something raised it after it was accepted.
    raised_since: bool,
    /// What is still owed to the patient.
    owed: Vec<String>,
}

/// `GET /inbox/{reference}/hand-over`.
pub(super) async fn show(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
    asked: actix::Query<Asked>,
    request: HttpRequest,
) -> Result<HttpResponse, web::Error> {
    let opened = read(&actor, &app, &reference, "referral: hand-over").await?;
    let notice = match asked.done.as_deref() {
        Some("entered") => Notice::Done("Entered. The clock continues in the record system".to_owned()),
        Some("undone") => Notice::Done("Taken back. It waits to be entered again".to_owned()),
        Some(_) | None => Notice::Nothing,
    };
    let page = HandOverPage::new(&app, &actor, &request, &opened, Form::blank(), notice);
    Ok(web::html(&page))
}

/// `GET /inbox/{reference}/hand-over.pdf`.
pub(super) async fn on_paper(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
) -> Result<HttpResponse, web::Error> {
    let opened = read(&actor, &app, &reference, "referral: hand-over, printed").await?;
    let groups = groups(&app, &opened);
    let drawn = form_of::pdf(&opened.view.reference, &groups, app.clock.now())?;
    Ok(file("application/pdf", &opened.view.reference, "pdf", drawn))
}

/// `GET /inbox/{reference}/hand-over.csv`.
pub(super) async fn as_a_row(
    actor: Actor,
    app: actix::Data<App>,
    reference: actix::Path<String>,
) -> Result<HttpResponse, web::Error> {
    let opened = read(&actor, &app, &reference, "referral: hand-over, as a row").await?;
    let groups = groups(&app, &opened);
    let table = form_of::table(&form_of::header(&groups), &[form_of::row(&groups)])?;
    let kind = "text/csv; charset=utf-8; header=present";
    Ok(file(kind, &opened.view.reference, "csv", table))
}

/// A download that is named by the reference alone. That no copy is kept on the way is a header of every answer.
pub(super) fn file(
    kind: &'static str,
    name: impl std::fmt::Display,
    ending: &str,
    body: Vec<u8>,
) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{ending}\""),
        ))
        .body(body)
}

/// Opens the referral and notes who sees it, and in which form.
async fn read(
    actor: &Actor,
    app: &Arc<App>,
    reference: &str,
    what: &'static str,
) -> Result<Opened, web::Error> {
    actor.require(Deed::OpenReferral)?;
    let reference = Reference::parse(reference).ok_or(web::Error::NotFound)?;
    let opened = Opened::read(app, &reference).await?;
    let opened = opened.ok_or(web::Error::NotFound)?;
    let note = ReadNote::new(actor, what, Some(opened.view.id), app.clock.now());
    record_read(&app.db, note).await?;
    Ok(opened)
}

fn groups(app: &App, opened: &Opened) -> Vec<Group> {
    let by = accepted(&opened.view.timeline).map(|event| event.by);
    let decided_by = by.map(|by| actor_name(by, &opened.names)).unwrap_or_default();
    let around = Surroundings {
        locality: &app.config.locality,
        clinic: opened.clinic.as_deref(),
        serial: opened.serial,
        place: opened.place.as_ref(),
        decided_by: &decided_by,
    };
    form_of::groups(&opened.view, &around)
}

impl HandOverPage {
    fn new(
        app: &App,
        actor: &Actor,
        request: &HttpRequest,
        opened: &Opened,
        form: Form,
        notice: Notice,
    ) -> Self {
        let (view, now) = (&opened.view, app.clock.now());
        let back = paths::referral(view.reference.as_str());
        let title = format!("Hand over {}", view.reference);
        let frame = actor.frame(request, title).wide().back(back).about(&form);
        Self {
            frame,
            form,
            notice,
            chain_is_whole: view.chain_is_whole,
            reference: view.reference.to_string(),
            seen: view.seen(),
            system: app.config.locality.record_system.name.clone(),
            groups: groups(app, opened),
            standing: standing(opened, now),
            raised_since: raised_since(opened),
            owed: view
                .plan
                .open()
                .map(|promise| format!("{}: {}", promise.subject.label(), owed(promise, now)))
                .collect(),
        }
    }

    fn url(&self) -> String {
        paths::referral_hand_over(self.reference.replace('-', ""))
    }

    fn undo_url(&self) -> String {
        paths::referral_not_entered(self.reference.replace('-', ""))
    }

    fn reason_limit(&self) -> usize {
        REASON_LIMIT
    }
}
