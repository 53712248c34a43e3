//! Choosing a password with a link: the link is used up, the password is stored, and every session of before ends.

use std::sync::Arc;

use super::changes::event::{Changer, EventKind, NewEvent};
use super::link::LinkToken;
use super::store::{account_events, accounts, links, sessions};
use super::{Password, password};
use crate::app::App;
use crate::db;
use crate::values::Id;

/// Whose link it is.
#[derive(Clone)]
pub struct Invited {
    /// The account.
    pub account: Id,
    /// The name to sign in with.
    pub username: String,
    /// What colleagues call the person.
    pub display_name: String,
}

/// Whose link this is; none when it is used, over, or was never one. Changes nothing.
pub async fn find_invited(app: &Arc<App>, token: &LinkToken) -> db::Result<Option<Invited>> {
    let (hash, now) = (token.hash(&app.keys)?, app.clock.now());
    let found = app
        .db
        .read(move |conn| links::find_link(conn, &hash, now))
        .await?;
    Ok(found.map(|(account, username, display_name)| Invited {
        account,
        username,
        display_name,
    }))
}

/// Stores the password and uses the link up; false when the link does not work any more.
pub async fn choose_password(
    app: &Arc<App>,
    token: &LinkToken,
    invited: &Invited,
    chosen: &Password,
) -> db::Result<bool> {
    let (link, now) = (token.hash(&app.keys)?, app.clock.now());
    let hash = password::hash(chosen).await?;
    let account = invited.account;
    let event = NewEvent::new(
        EventKind::PasswordChosen,
        Changer::Link(account),
        &invited.display_name,
        now,
    )
    .about_account(Some(account));
    app.db
        .write(move |conn| {
            if !links::use_link(conn, &link, now)? || !accounts::mark_password(conn, account, &hash)? {
                return Ok(false);
            }
            links::delete_links_of(conn, account)?;
            sessions::delete_sessions_of(conn, account)?;
            account_events::insert_event(conn, &event)?;
            Ok(true)
        })
        .await
}
