//! The administrator's pages about accounts. What lets somebody see patients becomes a request for a lead; the rest is in
//! force at once. Nobody sees a password: the person gets a link, or the link is shown once where there is no mailbox.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::account_answers::answered;
use super::account_form::{clinic_choices, read_account, read_reason, read_role, role_choices};
use super::changes::{self, Change, Outcome, Request};
use super::store::requests;
use super::{Account, Actor, Deed, roster, sees_patients};
use crate::app::App;
use crate::values::{Email, Id, Ts};
use crate::web::form::{Choice, Errors, Form, Posted};
use crate::web::{self, Frame, html, html_status, paths, see_other};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::ADMIN_STAFF, get().to(list))
        .route(paths::ADMIN_STAFF_ADD, get().to(add_page))
        .route(paths::ADMIN_STAFF_ADD, post().to(add))
        .route(paths::ADMIN_STAFF_ONE, get().to(one))
        .route(paths::ADMIN_STAFF_SET, post().to(set))
        .route(paths::ADMIN_STAFF_RESET, post().to(reset))
        .route(paths::ADMIN_STAFF_DISABLE, post().to(disable))
        .route(paths::ADMIN_STAFF_REACTIVATE, post().to(reactivate));
}

#[derive(Template)]
#[template(path = "staff/views/accounts.html")]
struct ListPage {
    frame: Frame,
    accounts: Vec<Account>,
    now: Ts,
    waiting: usize,
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
#[template(path = "staff/views/account.html")]
struct AccountPage {
    frame: Frame,
    form: Form,
    account: Account,
    is_own: bool,
    takes_two: bool,
    waiting: Vec<Request>,
    done: &'static str,
    roles: Vec<Choice>,
    clinics: Vec<Choice>,
}

async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageStaff)?;
    Ok(html(&ListPage {
        frame: actor.frame(&request, "Staff").wide(),
        accounts: roster::list_accounts(&app.db).await?,
        now: app.clock.now(),
        waiting: app.db.read(requests::list_waiting).await?.len(),
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
    Ok(AddPage {
        frame: actor
            .frame(request, "Add a person")
            .back(paths::ADMIN_STAFF)
            .about(&form),
        form,
        roles: role_choices(),
        clinics: clinic_choices(app).await?,
    })
}

async fn add(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageStaff)?;
    let mut errors = posted.errors();
    if let Some((account, email)) = read_account(&posted, &mut errors)
        && let Some(reason) = read_reason(&posted, "reason", sees_patients(account.role), &mut errors)
        && errors.is_empty()
    {
        let change = Change::Add { account, email };
        match changes::change(&app, &actor, change, &reason).await? {
            Outcome::NameTaken => errors.add("username", "Somebody has this username already"),
            outcome => return answered(&request, &app, &actor, outcome),
        }
    }
    let page = add_page_with(&request, &app, &actor, Form::new(posted, errors)).await?;
    Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn one(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageStaff)?;
    let account = asked_for(&app, &id).await?;
    let stored = Posted::default()
        .with("role", account.role.as_str())
        .with("email", account.email.clone().unwrap_or_default())
        .with(
            "clinic",
            account
                .clinic
                .as_ref()
                .map_or_else(String::new, |(id, _)| id.to_string()),
        );
    let form = Form::new(stored, Errors::default());
    Ok(html(&account_page(&request, &app, &actor, account, form).await?))
}

async fn account_page(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    account: Account,
    form: Form,
) -> Result<AccountPage, web::Error> {
    let waiting = app.db.read(requests::list_waiting).await?;
    let asked = Posted::read(request.query_string().as_bytes());
    Ok(AccountPage {
        frame: actor
            .frame(request, "Account")
            .back(paths::ADMIN_STAFF)
            .about(&form),
        form,
        is_own: account.id == actor.id,
        takes_two: sees_patients(account.role),
        waiting: waiting
            .into_iter()
            .filter(|request| request.change.account() == Some(account.id))
            .collect(),
        done: done(asked.one("done")),
        roles: role_choices(),
        clinics: clinic_choices(app).await?,
        account,
    })
}

/// What was just done, in words.
fn done(word: &str) -> &'static str {
    match word {
        "sent" => "A link to choose a password is on its way to the person’s own mailbox",
        "changed" => "The account was changed",
        "deactivated" => "The account is deactivated, and the person is signed out everywhere",
        _ => "",
    }
}

/// The account's page again, with what is wrong.
async fn again(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    account: Account,
    posted: Posted,
    errors: Errors,
) -> Result<HttpResponse, web::Error> {
    // The other form on the page shows what is stored.
    let posted = match posted.one("role") {
        "" => posted
            .with("role", account.role.as_str())
            .with("email", account.email.clone().unwrap_or_default()),
        _ => posted,
    };
    let page = account_page(request, app, actor, account, Form::new(posted, errors)).await?;
    Ok(html_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn set(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::ManageStaff)?;
    let account = asked_for(&app, &id).await?;
    let mut errors = posted.errors();
    let email = errors.keep_if_given("email", posted.one("email"), Email::parse);
    let (role, clinic) = read_role(&posted, &mut errors);
    if account.id == actor.id && role.is_some_and(|role| role != account.role) {
        errors.add(
            "role",
            "You cannot change your own role. Ask another administrator",
        );
    }
    if let Some(role) = role.filter(|_| errors.is_empty()) {
        let change = Change::Set {
            account: account.id,
            role,
            clinic,
            email,
        };
        let needs_lead = changes::takes_two(&change, Some(&account));
        if let Some(reason) = read_reason(&posted, "change_reason", needs_lead, &mut errors) {
            let outcome = changes::change(&app, &actor, change, &reason).await?;
            return answered(&request, &app, &actor, outcome);
        }
    }
    again(&request, &app, &actor, account, posted, errors).await
}

async fn reset(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let account = asked_by(&app, &actor, &id).await?;
    let change = Change::Reset { account: account.id };
    new_password(&request, &app, &actor, account, posted, change).await
}

async fn reactivate(
    request: HttpRequest,
    app: Data<App>,
    actor: Actor,
    id: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let account = asked_by(&app, &actor, &id).await?;
    let change = Change::Reactivate { account: account.id };
    new_password(&request, &app, &actor, account, posted, change).await
}

async fn new_password(
    request: &HttpRequest,
    app: &Data<App>,
    actor: &Actor,
    account: Account,
    posted: Posted,
    change: Change,
) -> Result<HttpResponse, web::Error> {
    let mut errors = posted.errors();
    let needs_lead = changes::takes_two(&change, Some(&account));
    let Some(reason) = read_reason(&posted, "reason", needs_lead, &mut errors) else {
        return again(request, app, actor, account, posted, errors).await;
    };
    let outcome = changes::change(app, actor, change, &reason).await?;
    answered(request, app, actor, outcome)
}

async fn disable(app: Data<App>, actor: Actor, id: Path<String>) -> Result<HttpResponse, web::Error> {
    let account = asked_by(&app, &actor, &id).await?;
    if account.id == actor.id {
        // So that there is always an administrator left.
        return Err(web::Error::conflict(
            "You cannot deactivate your own account. Ask another administrator.",
        ));
    }
    changes::deactivate(&app, &actor, &account).await?;
    tracing::info!(account = %account.id, by = %actor.id, "an account was deactivated");
    Ok(see_other(paths::admin_staff_done(account.id, "deactivated")))
}

async fn asked_by(app: &App, actor: &Actor, id: &str) -> Result<Account, web::Error> {
    actor.require(Deed::ManageStaff)?;
    asked_for(app, id).await
}

async fn asked_for(app: &App, id: &str) -> Result<Account, web::Error> {
    let id = Id::parse(id).ok_or(web::Error::NotFound)?;
    roster::find_account(&app.db, id)
        .await?
        .ok_or(web::Error::NotFound)
}
