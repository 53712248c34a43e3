//! The administrator's pages about accounts. Passwords are drawn here and shown once, in the answer to the
//! form that asked for them, and on no address that could be opened again.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::roster::{self, Added};
use super::{Account, Actor, Deed, DisplayName, NewAccount, Role, Username};
use crate::app::App;
use crate::values::{Id, Unfit};
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, html, html_status, paths, see_other};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::ADMIN_STAFF, get().to(list))
        .route(paths::ADMIN_STAFF_ADD, get().to(add_page))
        .route(paths::ADMIN_STAFF_ADD, post().to(add))
        .route(paths::ADMIN_STAFF_RESET, post().to(reset))
        .route(paths::ADMIN_STAFF_DISABLE, post().to(disable));
}

#[derive(Template)]
#[template(path = "staff/views/accounts.html")]
struct ListPage {
    frame: Frame,
    accounts: Vec<Account>,
    own: Id,
}

#[derive(Template)]
#[template(path = "staff/views/account_add.html")]
struct AddPage {
    frame: Frame,
    form: Form,
    roles: Vec<Choice>,
    clinics: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "staff/views/password_once.html")]
struct PasswordPage {
    frame: Frame,
    display_name: String,
    username: String,
    password: String,
}

async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageStaff)?;
    Ok(html(&ListPage {
        frame: actor.frame(&request, "Staff").wide(),
        accounts: roster::list_accounts(&app.db).await?,
        own: actor.id,
    }))
}

async fn add_page(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageStaff)?;
    let page = add_page_with(&request, &app, &actor, Form::blank()).await?;
    Ok(html(&page))
}

async fn add_page_with(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    form: Form,
) -> Result<AddPage, web::Error> {
    let roles = Role::ALL.map(|role| Choice::new(role.as_str(), role.label()).hint(about(role)));
    Ok(AddPage {
        frame: actor
            .frame(request, "Add somebody")
            .back(paths::ADMIN_STAFF)
            .about(&form),
        form,
        roles: roles.into(),
        clinics: clinic_choices(app).await?,
    })
}

/// The clinics to choose from, by id.
pub(super) async fn clinic_choices(app: &App) -> Result<Vec<Choice>, web::Error> {
    let clinics = roster::list_clinics(&app.db).await?;
    let active = clinics.into_iter().filter(|clinic| clinic.active);
    Ok(active
        .map(|clinic| Choice::new(clinic.id.to_string(), clinic.name))
        .collect())
}

/// What a role may do, for who gives it out.
fn about(role: Role) -> &'static str {
    match role {
        Role::Physio => "Hands out slips and sees whether they were used, not by whom",
        Role::Triage => "Reads referrals and decides on them",
        Role::Lead => "Triage, and answers for the rules and the reports",
        Role::Admin => "Runs accounts and API keys, and sees nothing about patients",
    }
}

async fn add(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageStaff)?;
    let mut errors = posted.errors();
    if let Some(account) = read_account(&posted, &mut errors) {
        let shown = (
            account.display_name.as_str().to_owned(),
            account.username.as_str().to_owned(),
        );
        match roster::add_account(&app.db, app.clock.now(), account).await? {
            Added::Yes { id, password } => {
                tracing::info!(account = %id, by = %actor.id, "an account was added");
                let page = PasswordPage {
                    frame: actor.frame(&request, "Password").back(paths::ADMIN_STAFF),
                    display_name: shown.0,
                    username: shown.1,
                    password: password.reveal().to_owned(),
                };
                return Ok(html(&page));
            }
            Added::NameTaken => errors.add("username", "Somebody has this username already"),
            Added::ClinicMissing => errors.add("clinic", CLINIC_MISSING),
        }
    }
    let page = add_page_with(&request, &app, &actor, Form::new(posted, errors)).await?;
    Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

const CLINIC_MISSING: &str = "Select the clinic of the physiotherapist";

fn read_account(posted: &Posted, errors: &mut Errors) -> Option<NewAccount> {
    let display_name = errors.keep("name", DisplayName::parse(posted.one("name")));
    let username = errors.keep("username", Username::parse(posted.one("username")));
    let role = Role::parse(posted.one("role"));
    let role = errors.keep("role", role.ok_or(Unfit::because("Select a role")));
    let clinic = Id::parse(posted.one("clinic"));
    if role.is_some_and(Role::needs_clinic) && clinic.is_none() {
        errors.add("clinic", CLINIC_MISSING);
    }
    if errors.any() {
        return None;
    }
    Some(NewAccount {
        username: username?,
        display_name: display_name?,
        role: role?,
        clinic,
    })
}

async fn reset(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageStaff)?;
    let account = asked_for(&app, &id).await?;
    let password = roster::reset_account(&app.db, account.id)
        .await?
        .ok_or(web::Error::NotFound)?;
    tracing::info!(account = %account.id, by = %actor.id, "a password was reset");
    Ok(html(&PasswordPage {
        frame: actor.frame(&request, "Password").back(paths::ADMIN_STAFF),
        display_name: account.display_name,
        username: account.username,
        password: password.reveal().to_owned(),
    }))
}

async fn disable(app: Data<App>, actor: Actor, id: Path<String>) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageStaff)?;
    let account = asked_for(&app, &id).await?;
    if account.id == actor.id {
        // So that there is always an administrator left.
        return Err(web::Error::conflict(
            "You cannot stop your own account. Ask another administrator.",
        ));
    }
    roster::disable_account(&app.db, account.id).await?;
    tracing::info!(account = %account.id, by = %actor.id, "an account was disabled");
    Ok(see_other(paths::ADMIN_STAFF))
}

async fn asked_for(app: &App, id: &str) -> Result<Account, web::Error> {
    let id = Id::parse(id).ok_or(web::Error::NotFound)?;
    roster::find_account(&app.db, id)
        .await?
        .ok_or(web::Error::NotFound)
}
