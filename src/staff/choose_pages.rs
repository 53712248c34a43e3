//! The page on which somebody chooses a password with their link. Opening it changes nothing: mail scanners follow links.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::choose::{Invited, choose_password, find_invited};
use super::chosen_password::{SHORTEST, check};
use super::{LinkToken, Password};
use crate::app::App;
use crate::web::form::{Errors, Form, Posted};
use crate::web::{self, Frame, Site, html, html_status, paths, see_other};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::CHOOSE_PASSWORD, get().to(page))
        .route(paths::CHOOSE_PASSWORD, post().to(choose));
}

#[derive(Template)]
#[template(path = "staff/views/choose_password.html")]
struct ChoosePage {
    frame: Frame,
    form: Form,
    token: String,
    username: String,
    shortest: usize,
}

#[derive(Template)]
#[template(path = "staff/views/link_over.html")]
struct OverPage {
    frame: Frame,
}

impl ChoosePage {
    fn new(request: &HttpRequest, token: &LinkToken, invited: &Invited, form: Form) -> Self {
        ChoosePage {
            frame: Frame::plain("Choose your password", Site::of(request).demo).about(&form),
            form,
            token: token.reveal().to_owned(),
            username: invited.username.clone(),
            shortest: SHORTEST,
        }
    }
}

/// The link does not work, whatever the reason.
fn over(request: &HttpRequest) -> HttpResponse {
    let frame = Frame::plain("This link does not work", Site::of(request).demo);
    html_status(StatusCode::NOT_FOUND, &OverPage { frame })
}

async fn page(request: HttpRequest, app: Data<App>, token: Path<String>) -> Result<HttpResponse, web::Error> {
    let Some(token) = LinkToken::parse(&token) else {
        return Ok(over(&request));
    };
    match find_invited(&app, &token).await? {
        Some(invited) => Ok(html(&ChoosePage::new(&request, &token, &invited, Form::blank()))),
        None => Ok(over(&request)),
    }
}

async fn choose(
    request: HttpRequest,
    app: Data<App>,
    token: Path<String>,
    posted: Posted,
) -> Result<HttpResponse, web::Error> {
    let Some(token) = LinkToken::parse(&token) else {
        return Ok(over(&request));
    };
    let Some(invited) = find_invited(&app, &token).await? else {
        return Ok(over(&request));
    };
    let mut errors = posted.errors();
    let checked = check(posted.one("password"), &invited.username, &invited.display_name);
    if errors.keep("password", checked).is_none() || errors.any() {
        return Ok(again(&request, &token, &invited, errors));
    }
    let chosen = Password::typed(posted.one("password"));
    if !choose_password(&app, &token, &invited, &chosen).await? {
        return Ok(over(&request));
    }
    tracing::info!(account = %invited.account, "a password was chosen with a link");
    Ok(see_other(paths::PASSWORD_CHOSEN))
}

/// The form once more, without what was typed.
fn again(request: &HttpRequest, token: &LinkToken, invited: &Invited, errors: Errors) -> HttpResponse {
    let form = Form::new(Posted::default(), errors);
    let page = ChoosePage::new(request, token, invited, form);
    html_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
