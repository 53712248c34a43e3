//! The roster: who has an account and which clinics there are. Names and addresses of staff are no patient data and stand
//! in the database as they are. What changes here is the operator's: it is in force at once, and recorded in the ledger
//! as done on the command line. What pages change goes through `changes`.

use super::account::{Account, Clinic, ClinicCode, NewAccount};
use super::changes::event::{Changer, EventKind, NewEvent};
use super::store::{account_events, accounts as store, links, sessions};
use super::{Password, Username, password};
use crate::db::{self, Conn, Db};
use crate::values::{Email, Id, Ts};

/// How adding an account ended.
#[derive(Debug)]
pub enum Added {
    /// It exists now; the password is nowhere but here.
    Yes {
        /// The account's row.
        id: Id,
        /// The password to sign in with.
        password: Password,
    },
    /// Somebody has this username already.
    NameTaken,
    /// A physio needs a clinic.
    ClinicMissing,
}

/// Adds an account with a password that is drawn here.
pub async fn add_account(db: &Db, now: Ts, account: NewAccount) -> db::Result<Added> {
    let password = Password::draw()?;
    add_account_with(db, now, account, password).await
}

/// Adds an account with this password; the demo's are on its page.
pub async fn add_account_with(
    db: &Db,
    now: Ts,
    account: NewAccount,
    password: Password,
) -> db::Result<Added> {
    if account.role.needs_clinic() && account.clinic.is_none() {
        return Ok(Added::ClinicMissing);
    }
    let hash = password::hash(&password).await?;
    let id = Id::new();
    let name = account.display_name.as_str();
    let event = by_operator(EventKind::AccountAdded, id, name, now).saying(account.role.label());
    let added = db
        .write(move |conn| {
            let added = store::insert_account(conn, id, &account, None, &hash, now)?;
            if added {
                account_events::insert_event(conn, &event)?;
            }
            Ok(added)
        })
        .await?;
    Ok(if added {
        Added::Yes { id, password }
    } else {
        Added::NameTaken
    })
}

fn by_operator(kind: EventKind, account: Id, name: &str, now: Ts) -> NewEvent {
    NewEvent::new(kind, Changer::CommandLine, name, now).about_account(Some(account))
}

/// Sets where the links of an account go; false when there is no such account.
pub async fn set_email(db: &Db, now: Ts, id: Id, email: Email) -> db::Result<bool> {
    let event = by_operator(EventKind::AccountChanged, id, "", now)
        .saying(format!("e-mail address to {}", email.as_str()));
    db.write(move |conn| {
        let Some(account) = store::find_account(conn, id)? else {
            return Ok(false);
        };
        links::delete_links_of(conn, id)?;
        account_events::insert_event(conn, &event.clone().of(account.display_name))?;
        store::mark_email(conn, id, email.as_str())
    })
    .await
}

/// Name and mailbox of somebody who can sign in and is not away; nothing where no mailbox is known.
pub fn find_mailbox(conn: &mut Conn<'_>, id: Id, now: Ts) -> db::Result<Option<(String, String)>> {
    let account = store::find_account(conn, id)?.filter(|account| account.active);
    let here = account.filter(|account| {
        account
            .away
            .is_none_or(|(from, until)| now < from || until <= now)
    });
    Ok(here.and_then(|account| Some((account.display_name, account.email?))))
}

/// Gives an account a new password, ends its sessions and links, and opens it again if it was deactivated. None when
/// there is no such account.
pub async fn reset_account(db: &Db, now: Ts, id: Id) -> db::Result<Option<Password>> {
    let password = Password::draw()?;
    let hash = password::hash(&password).await?;
    let event = by_operator(EventKind::PasswordReset, id, "", now);
    let found = db
        .write(move |conn| {
            let Some(account) = store::find_account(conn, id)? else {
                return Ok(false);
            };
            sessions::delete_sessions_of(conn, id)?;
            links::delete_links_of(conn, id)?;
            account_events::insert_event(conn, &event.clone().of(account.display_name))?;
            store::mark_reset(conn, id, &hash)
        })
        .await?;
    Ok(found.then_some(password))
}

/// Deactivates an account and ends its sessions and links; false when it was deactivated already or never there.
pub async fn disable_account(db: &Db, now: Ts, id: Id) -> db::Result<bool> {
    let event = by_operator(EventKind::Deactivated, id, "", now);
    db.write(move |conn| {
        let changed = store::mark_disabled(conn, id, now)?;
        sessions::delete_sessions_of(conn, id)?;
        links::delete_links_of(conn, id)?;
        if changed && let Some(account) = store::find_account(conn, id)? {
            account_events::insert_event(conn, &event.clone().of(account.display_name))?;
        }
        Ok(changed)
    })
    .await
}

/// The accounts that have ended: whoever had something in hand has it no more.
pub fn list_ended(conn: &mut Conn<'_>) -> db::Result<Vec<Id>> {
    store::list_ended(conn)
}

/// All accounts, those in use first.
pub async fn list_accounts(db: &Db) -> db::Result<Vec<Account>> {
    db.read(store::list_accounts).await
}

/// One account.
pub async fn find_account(db: &Db, id: Id) -> db::Result<Option<Account>> {
    db.read(move |conn| store::find_account(conn, id)).await
}

/// One account by the name it signs in with.
pub async fn find_account_named(db: &Db, username: &Username) -> db::Result<Option<Account>> {
    let name = username.clone();
    db.read(move |conn| store::find_account_named(conn, name.as_str()))
        .await
}

/// The physios of one clinic, to hand a pad to one of them.
pub async fn list_physios(db: &Db, clinic: Id) -> db::Result<Vec<Account>> {
    db.read(move |conn| store::list_physios(conn, clinic)).await
}

/// Adds a clinic; none when the code is taken.
pub async fn add_clinic(
    db: &Db,
    now: Ts,
    code: ClinicCode,
    name: super::DisplayName,
) -> db::Result<Option<Id>> {
    let id = Id::new();
    let added = db
        .write(move |conn| store::insert_clinic(conn, id, &code, name.as_str(), now))
        .await?;
    Ok(added.then_some(id))
}

/// All clinics by name.
pub async fn list_clinics(db: &Db) -> db::Result<Vec<Clinic>> {
    db.read(store::list_clinics).await
}

/// One clinic, for a verb of another room that holds a connection already.
pub fn find_clinic(conn: &mut db::Conn<'_>, id: Id) -> db::Result<Option<Clinic>> {
    store::find_clinic(conn, id)
}

/// One clinic by its code, for a verb of another room that holds a connection already.
pub fn find_clinic_coded(conn: &mut db::Conn<'_>, code: &str) -> db::Result<Option<Clinic>> {
    store::find_clinic_coded(conn, code)
}
