//! The administrator's pages about API keys. A key that shows nothing about patients is made at once and shown once, in the
//! answer to the form that made it; one that does becomes a request, and is shown once to the lead who approves it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::account_answers::shown;
use super::account_form::{clinic_choices, read_reason};
use super::api_key::{self, ApiKey, KeyLabel, Scope};
use super::changes::{self, Change, Changer, Outcome};
use super::{Actor, Deed, roster};
use crate::app::App;
use crate::values::Id;
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, html, html_status, paths, see_other};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::ADMIN_KEYS, get().to(list))
        .route(paths::ADMIN_KEYS_ADD, get().to(add_page))
        .route(paths::ADMIN_KEYS_ADD, post().to(add))
        .route(paths::ADMIN_KEYS_REVOKE, post().to(revoke));
}

/// One key as the list shows it.
struct Row {
    key: ApiKey,
    scopes: String,
    clinic: String,
}

#[derive(Template)]
#[template(path = "staff/views/keys.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "staff/views/key_add.html")]
struct AddPage {
    frame: Frame,
    form: Form,
    scopes: Vec<Choice>,
    clinics: Vec<Choice>,
}

async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageKeys)?;
    let clinics = roster::list_clinics(&app.db).await?;
    let name_of = |id: Option<Id>| {
        let found = id.and_then(|id| clinics.iter().find(|clinic| clinic.id == id));
        found.map_or_else(|| "All".to_owned(), |clinic| clinic.name.clone())
    };
    let rows = api_key::list_keys(&app.db).await?.into_iter().map(|key| Row {
        scopes: key.scopes_in_words(),
        clinic: name_of(key.clinic),
        key,
    });
    Ok(html(&ListPage {
        frame: actor.frame(&request, "API keys").wide(),
        rows: rows.collect(),
    }))
}

async fn add_page(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageKeys)?;
    let page = add_page_with(&request, &app, &actor, Form::blank()).await?;
    Ok(html(&page))
}

async fn add_page_with(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    form: Form,
) -> Result<AddPage, web::Error> {
    let scopes = Scope::ALL.map(|scope| Choice::new(scope.as_str(), scope.label()));
    Ok(AddPage {
        frame: actor
            .frame(request, "Add an API key")
            .back(paths::ADMIN_KEYS)
            .about(&form),
        form,
        scopes: scopes.into(),
        clinics: clinic_choices(app).await?,
    })
}

async fn add(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageKeys)?;
    let mut errors = posted.errors();
    let asked = read_key(&posted, &mut errors);
    let clinic = chosen_clinic(&app, &posted, &mut errors).await?;
    let needs_lead = asked
        .as_ref()
        .is_some_and(|(_, scopes)| scopes.iter().any(|scope| scope.shows_patients()));
    let reason = read_reason(&posted, "reason", needs_lead, &mut errors);
    let Some(((label, scopes), reason)) = asked.zip(reason).filter(|_| errors.is_empty()) else {
        let page = add_page_with(&request, &app, &actor, Form::new(posted, errors)).await?;
        return Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let change = Change::AddKey {
        label,
        scopes,
        clinic,
    };
    match changes::change(&app, &actor, change, &reason).await? {
        Outcome::Waits(id) => Ok(see_other(paths::admin_approval_done(id, "requested"))),
        Outcome::Done(effect) => Ok(shown(&request, &app, &actor, effect)),
        Outcome::NameTaken | Outcome::ChangedMeanwhile => Err(web::Error::conflict("Nothing was done.")),
    }
}

fn read_key(posted: &Posted, errors: &mut Errors) -> Option<(KeyLabel, Vec<Scope>)> {
    let label = errors.keep("label", KeyLabel::parse(posted.one("label")));
    let scopes: Vec<Scope> = posted.all("scope").into_iter().filter_map(Scope::parse).collect();
    if scopes.is_empty() {
        errors.add("scope", "Select what the key may be used for");
    }
    label.map(|label| (label, scopes))
}

/// The clinic the key is for; none for all of them.
async fn chosen_clinic(app: &App, posted: &Posted, errors: &mut Errors) -> Result<Option<Id>, web::Error> {
    let typed = posted.one("clinic");
    if typed.is_empty() {
        return Ok(None);
    }
    let clinics = roster::list_clinics(&app.db).await?;
    let chosen = clinics.iter().find(|clinic| clinic.id.to_string() == typed);
    if chosen.is_none() {
        errors.add("clinic", "Select a clinic from the list");
    }
    Ok(chosen.map(|clinic| clinic.id))
}

async fn revoke(app: Data<App>, actor: Actor, id: Path<String>) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageKeys)?;
    let id = Id::parse(&id).ok_or(web::Error::NotFound)?;
    let (now, by) = (app.clock.now(), Changer::Page(actor.id));
    if api_key::revoke_key(&app.db, now, by, id).await? {
        tracing::info!(key = %id, by = %actor.id, "an API key was revoked");
    }
    Ok(see_other(paths::ADMIN_KEYS))
}
