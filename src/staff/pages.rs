//! Signing in and out, and the way to everybody's first page.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::session::{SessionToken, empty_cookie, sign_out};
use super::sign_in::{Attempt, SignIn, sign_in};
use super::throttle::in_words;
use super::{
    Actor, Role, account_pages, actor, approval_pages, choose_pages, key_pages, ledger_pages, next,
    rota_pages,
};
use crate::app::App;
use crate::web::cookies::with_cookies;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, Site, html, html_status, paths, see_other};

/// The addresses of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::SIGN_IN, get().to(sign_in_page))
        .route(paths::SIGN_IN, post().to(post_sign_in))
        .route(paths::SIGN_OUT, post().to(post_sign_out))
        .route(paths::STAFF, get().to(landing));
    choose_pages::routes(cfg);
    account_pages::routes(cfg);
    approval_pages::routes(cfg);
    ledger_pages::routes(cfg);
    key_pages::routes(cfg);
    rota_pages::routes(cfg);
}

#[derive(Template)]
#[template(path = "staff/views/sign_in.html")]
struct SignInPage {
    frame: Frame,
    form: Form,
    signed_out: bool,
    password_chosen: bool,
}

impl SignInPage {
    fn new(request: &HttpRequest, form: Form) -> Self {
        SignInPage {
            frame: Frame::plain("Sign in", Site::of(request).demo).about(&form),
            form,
            signed_out: request.query_string() == "signed-out",
            password_chosen: request.query_string() == "password-chosen",
        }
    }
}

/// Where somebody with this role begins.
fn first_page(role: Role) -> &'static str {
    match role {
        Role::Physio => paths::PADS,
        Role::Triage | Role::Lead => paths::INBOX,
        Role::Admin => paths::ADMIN_STAFF,
    }
}

async fn landing(actor: Actor) -> HttpResponse {
    see_other(first_page(actor.role))
}

async fn sign_in_page(request: HttpRequest) -> Result<HttpResponse, web::Error> {
    let asked = Posted::read(request.query_string().as_bytes());
    if let Some(actor) = actor::signed_in(&request).await? {
        let then = next::fit(asked.one("next"));
        return Ok(see_other(then.unwrap_or(first_page(actor.role))));
    }
    Ok(html(&SignInPage::new(
        &request,
        Form::new(asked, Default::default()),
    )))
}

async fn post_sign_in(
    request: HttpRequest,
    app: Data<App>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let errors = missing(&posted);
    if errors.any() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, &request, posted, errors));
    }
    let attempt = Attempt {
        username: posted.one("username"),
        password: posted.one("password"),
        address: Site::of(&request).client_ip(&request),
    };
    match sign_in(&app.db, &app.keys, app.clock.now(), attempt).await? {
        SignIn::Admitted { token, role } => {
            if let Some(old) = SessionToken::of(&app.config, &request) {
                sign_out(&app.db, &app.keys, &old).await?;
            }
            let then = next::fit(posted.one("next")).unwrap_or(first_page(role));
            Ok(with_cookies(see_other(then), [token.cookie(&app.config)]))
        }
        SignIn::Refused => Ok(refused(&request, posted)),
        SignIn::Wait(seconds) => Ok(wait(&request, posted, seconds)),
    }
}

fn missing(posted: &Posted) -> Errors {
    let mut errors = posted.errors();
    for (field, message) in [
        ("username", "Enter your username"),
        ("password", "Enter your password"),
    ] {
        if posted.one(field).is_empty() {
            errors.add(field, message);
        }
    }
    errors
}

/// The form once more, with what was typed and what is wrong with it.
fn again(status: StatusCode, request: &HttpRequest, posted: Posted, errors: Errors) -> HttpResponse {
    html_status(status, &SignInPage::new(request, Form::new(posted, errors)))
}

/// The same words whether the name exists, the password is wrong, or the account is disabled.
fn refused(request: &HttpRequest, posted: Posted) -> HttpResponse {
    // Whose name was typed is not logged: it may be a password in the wrong box.
    tracing::info!("a sign-in was refused");
    metrics::counter!("staff_sign_ins_refused").increment(1);
    let mut errors = Errors::default();
    errors.add(
        "username",
        "The username or the password is not right. Check both and try again",
    );
    again(StatusCode::UNPROCESSABLE_ENTITY, request, posted, errors)
}

fn wait(request: &HttpRequest, posted: Posted, seconds: i64) -> HttpResponse {
    tracing::warn!(seconds, "a sign-in was slowed down after too many tries");
    metrics::counter!("staff_sign_ins_slowed").increment(1);
    let mut errors = Errors::default();
    let message = format!(
        "There were too many tries. Wait {}, then try again",
        in_words(seconds)
    );
    errors.add("username", message);
    let mut answer = again(StatusCode::TOO_MANY_REQUESTS, request, posted, errors);
    answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    answer
}

async fn post_sign_out(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, web::Error> {
    end_session(&app, &request, see_other(paths::SIGNED_OUT)).await
}

/// Ends the session of whoever sent this request, on the server and in the browser, with this answer.
pub async fn end_session(
    app: &App,
    request: &HttpRequest,
    answer: HttpResponse,
) -> Result<HttpResponse, web::Error> {
    if let Some(token) = SessionToken::of(&app.config, request) {
        sign_out(&app.db, &app.keys, &token).await?;
    }
    Ok(with_cookies(answer, [empty_cookie(&app.config)]))
}
