//! What the pages answer once a change of an account or a key was asked for or approved. A link or a key is shown here, once,
//! on no address that could be opened again.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::api_key::ApiToken;
use super::changes::{Effect, Outcome};
use super::{Actor, Deed};
use crate::app::App;
use crate::values::Id;
use crate::web::{self, Frame, html, paths, see_other};

#[derive(Template)]
#[template(path = "staff/views/link_once.html")]
struct LinkPage {
    frame: Frame,
    name: String,
    username: String,
    link: String,
    until: String,
    back: String,
}

#[derive(Template)]
#[template(path = "staff/views/key_once.html")]
struct KeyPage {
    frame: Frame,
    label: String,
    token: String,
    back: &'static str,
}

/// The answer to who asked for a change.
pub(super) fn answered(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    outcome: Outcome,
) -> Result<HttpResponse, web::Error> {
    match outcome {
        Outcome::Waits(id) => {
            tracing::info!(request = %id, by = %actor.id, "a change of an account waits for approval");
            Ok(see_other(paths::admin_approval_done(id, "requested")))
        }
        Outcome::Done(effect) => Ok(shown(request, app, actor, effect)),
        Outcome::NameTaken => Err(web::Error::conflict("Somebody has this username already.")),
        Outcome::ChangedMeanwhile => Err(web::Error::conflict(
            "Somebody changed this account while you were looking at it. Nothing you asked for was done. Look at it again.",
        )),
    }
}

/// What came of a change, for the one person who may see it.
pub(super) fn shown(request: &HttpRequest, app: &App, actor: &Actor, effect: Effect) -> HttpResponse {
    match effect {
        Effect::LinkSent { account } => {
            tracing::info!(%account, by = %actor.id, "a link to choose a password was sent");
            see_other(back_to(actor, account, "sent"))
        }
        Effect::Changed { account } => {
            tracing::info!(%account, by = %actor.id, "an account was changed");
            see_other(back_to(actor, account, "changed"))
        }
        Effect::LinkShown {
            account,
            name,
            username,
            link,
        } => {
            tracing::info!(%account, by = %actor.id, "a link to choose a password was shown");
            let back = back_to(actor, account, "");
            html(&LinkPage {
                frame: actor.frame(request, "Link to choose a password").back(&back),
                name,
                username,
                link: format!("{}{}", app.config.base_url, paths::choose_password(link.reveal())),
                until: app.clock.now().plus_minutes(super::LINK_MINUTES).display(),
                back,
            })
        }
        Effect::Key { label, token } => key_once(request, actor, label, &token),
    }
}

/// The one page that shows a key.
fn key_once(request: &HttpRequest, actor: &Actor, label: String, token: &ApiToken) -> HttpResponse {
    tracing::info!(by = %actor.id, "an API key was added");
    let back = match actor.may(Deed::ManageKeys) {
        true => paths::ADMIN_KEYS,
        false => paths::ADMIN_APPROVALS,
    };
    html(&KeyPage {
        frame: actor.frame(request, "API key").back(back),
        label,
        token: token.reveal(),
        back,
    })
}

/// The page to go on with: the account for an administrator, what waits for a lead.
fn back_to(actor: &Actor, account: Id, done: &str) -> String {
    match (actor.may(Deed::ManageStaff), done.is_empty()) {
        (true, true) => paths::admin_staff_one(account),
        (true, false) => paths::admin_staff_done(account, done),
        (false, _) => format!("{}?done=approved", paths::ADMIN_APPROVALS),
    }
}
