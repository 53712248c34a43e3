//! The page of the ledger: who changed which account or key, what, when, and through which way; the newest first.

use actix_web::web::{Data, ServiceConfig, get};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::changes::{AccountEvent, Way, list_changes};
use super::{Actor, Deed};
use crate::app::App;
use crate::values::Id;
use crate::web::form::Posted;
use crate::web::{self, Frame, html, paths};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::ADMIN_ACCOUNT_CHANGES, get().to(list));
}

/// Lines on one page.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "staff/views/account_changes.html")]
struct LedgerPage {
    frame: Frame,
    events: Vec<AccountEvent>,
    narrowed: bool,
    older: Option<String>,
}

async fn list(request: HttpRequest, app: Data<App>, actor: Actor) -> Result<HttpResponse, web::Error> {
    actor.require(Deed::SeeAccountChanges)?;
    let asked = Posted::read(request.query_string().as_bytes());
    let (of, before) = (Id::parse(asked.one("of")), Id::parse(asked.one("before")));
    let most = i64::try_from(SHOWN).unwrap_or(i64::MAX).saturating_add(1);
    let mut events = list_changes(&app.db, of, before, most).await?;
    let more = events.len() > SHOWN;
    events.truncate(SHOWN);
    let last = events.last().filter(|_| more);
    let older = last.map(|event| paths::admin_account_changes_before(event.id, of));
    Ok(html(&LedgerPage {
        frame: actor
            .frame(&request, "Changes to accounts and keys")
            .back(paths::ADMIN_APPROVALS)
            .wide(),
        narrowed: of.is_some(),
        events,
        older,
    }))
}

impl LedgerPage {
    /// Who did it, as the page says it.
    fn by<'a>(&self, event: &'a AccountEvent) -> &'a str {
        match (event.by.is_empty(), event.way) {
            (false, _) => &event.by,
            (true, Way::CommandLine) => "The operator",
            (true, Way::Page | Way::Link) => "Unknown",
        }
    }
}
