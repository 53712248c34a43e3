//! Changing an account or a key: at once where one person is enough, as a request where it takes two.

use std::sync::Arc;

use super::effect::{Effect, Plan, Taken};
use super::event::{Changer, EventKind, NewEvent};
use super::mail::{self, Notice};
use super::request::{Change, RequestState};
use super::second::{approves, takes_two};
use crate::app::App;
use crate::db;
use crate::notify::enqueue_sealed;
use crate::staff::store::{account_events, accounts, links, requests, sessions};
use crate::staff::{Account, Actor};
use crate::values::{Id, Purpose};

/// How asking for a change ended.
#[derive(Debug)]
pub enum Outcome {
    /// It is in force.
    Done(Effect),
    /// It waits for a second person, under this request.
    Waits(Id),
    /// Somebody has this username already, or is to have it.
    NameTaken,
    /// The account is not as it was on the page.
    ChangedMeanwhile,
}

/// Changes an account or adds a key, or asks a second person to. `reason` is what the second person reads.
pub async fn change(app: &Arc<App>, by: &Actor, change: Change, reason: &str) -> db::Result<Outcome> {
    let accounts = app.db.read(accounts::list_accounts).await?;
    let subject = change
        .account()
        .and_then(|id| accounts.iter().find(|account| account.id == id));
    if change.account().is_some() && subject.is_none() {
        return Ok(Outcome::ChangedMeanwhile);
    }
    match takes_two(&change, subject) {
        true => request(app, by, change.clone(), reason, &accounts).await,
        false => at_once(app, by, &change, &accounts).await,
    }
}

async fn at_once(app: &Arc<App>, by: &Actor, change: &Change, all: &[Account]) -> db::Result<Outcome> {
    let plan = Plan::draw(app, change, Changer::Page(by.id), None, all, app.clock.now())?;
    let (inside, asked) = (plan.clone(), change.clone());
    let taken = app
        .db
        .write(move |conn| {
            // What takes one person must not have come to take two since it was prepared.
            let now = match asked.account() {
                Some(id) => accounts::find_account(conn, id)?,
                None => None,
            };
            match takes_two(&asked, now.as_ref()) {
                true => Ok(Taken::ChangedMeanwhile),
                false => inside.take_effect(conn),
            }
        })
        .await?;
    Ok(match taken {
        Taken::Yes => {
            app.mailer.nudge();
            Outcome::Done(plan.effect())
        }
        Taken::ByAnother => Outcome::NameTaken,
        Taken::ChangedMeanwhile => Outcome::ChangedMeanwhile,
    })
}

async fn request(
    app: &Arc<App>,
    by: &Actor,
    change: Change,
    reason: &str,
    all: &[Account],
) -> db::Result<Outcome> {
    let (now, id, by) = (app.clock.now(), Id::drawn_at(app.clock.now()), by.id);
    let reason = app.keys.seal(Purpose::Person, id, reason.as_bytes())?;
    let subject = change
        .account()
        .and_then(|id| all.iter().find(|account| account.id == id));
    let event = NewEvent::new(
        EventKind::Requested,
        Changer::Page(by),
        &change.whom(subject),
        now,
    )
    .about_account(change.account())
    .of_request(Some(id))
    .saying(said(&change, subject));
    let mails = mail::to_leads(app, Notice::Waits, all, now)?;
    let asked = change.clone();
    let outcome = app
        .db
        .write(move |conn| {
            if let Change::Add { account, .. } = &asked
                && accounts::find_account_named(conn, account.username.as_str())?.is_some()
            {
                return Ok(Outcome::NameTaken);
            }
            for other in requests::list_waiting(conn)? {
                match same(&other.change, &asked) {
                    Same::Request => return Ok(Outcome::Waits(other.id)),
                    Same::Username => return Ok(Outcome::NameTaken),
                    Same::Nothing => {}
                }
            }
            requests::insert_request(conn, id, &asked, &reason, by, now)?;
            account_events::insert_event(conn, &event)?;
            for message in &mails {
                enqueue_sealed(conn, message)?;
            }
            Ok(Outcome::Waits(id))
        })
        .await?;
    app.mailer.nudge();
    Ok(outcome)
}

/// What is asked for and what is new about it, in one line.
pub(super) fn said(change: &Change, subject: Option<&Account>) -> String {
    let detail = change.detail(subject);
    match detail.is_empty() {
        true => change.label().to_owned(),
        false => format!("{}: {detail}", change.label()),
    }
}

/// What two requests have in common.
enum Same {
    Request,
    Username,
    Nothing,
}

fn same(one: &Change, other: &Change) -> Same {
    match (one, other) {
        (Change::Reset { account: one }, Change::Reset { account: other })
        | (Change::Reactivate { account: one }, Change::Reactivate { account: other })
            if one == other =>
        {
            Same::Request
        }
        (Change::Add { account: one, .. }, Change::Add { account: other, .. })
            if one.username == other.username =>
        {
            Same::Username
        }
        _ => Same::Nothing,
    }
}

/// Takes a request back that waits; false when it does not, or somebody else asked.
pub async fn withdraw(app: &Arc<App>, by: &Actor, id: Id) -> db::Result<bool> {
    let (now, by) = (app.clock.now(), by.id);
    app.db
        .write(move |conn| {
            let Some(found) = requests::find_request(conn, id)?.filter(|found| found.by == by) else {
                return Ok(false);
            };
            if !requests::mark_decided(conn, id, RequestState::Withdrawn, by, now, false, None)? {
                return Ok(false);
            }
            let subject = match found.change.account() {
                Some(account) => accounts::find_account(conn, account)?,
                None => None,
            };
            let event = NewEvent::new(
                EventKind::Withdrawn,
                Changer::Page(by),
                &found.change.whom(subject.as_ref()),
                now,
            )
            .about_account(found.change.account())
            .of_request(Some(id))
            .saying(said(&found.change, subject.as_ref()));
            account_events::insert_event(conn, &event)?;
            Ok(true)
        })
        .await
}

/// Deactivates an account and ends its sessions and links. Leads are told when it was one of theirs. False when it was
/// deactivated already or never there.
pub async fn deactivate(app: &Arc<App>, by: &Actor, account: &Account) -> db::Result<bool> {
    let now = app.clock.now();
    let mails = match approves(account.role) {
        true => {
            let all = app.db.read(accounts::list_accounts).await?;
            mail::to_leads(app, Notice::LeadChanged, &all, now)?
        }
        false => Vec::new(),
    };
    let event = NewEvent::new(
        EventKind::Deactivated,
        Changer::Page(by.id),
        &account.display_name,
        now,
    )
    .about_account(Some(account.id));
    let id = account.id;
    let changed = app
        .db
        .write(move |conn| {
            let changed = accounts::mark_disabled(conn, id, now)?;
            sessions::delete_sessions_of(conn, id)?;
            links::delete_links_of(conn, id)?;
            if changed {
                account_events::insert_event(conn, &event)?;
                for message in &mails {
                    enqueue_sealed(conn, message)?;
                }
            }
            Ok(changed)
        })
        .await?;
    app.mailer.nudge();
    Ok(changed)
}
