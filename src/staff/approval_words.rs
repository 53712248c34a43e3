//! A request in words: what was asked for, by whom and why, what happens once it is approved, and who can approve it.

use super::changes::{self, Change, Request, Second};
use super::{Account, roster};
use crate::app::App;
use crate::values::{Email, Id, Purpose, Sealed};
use crate::web;

pub(super) fn subject<'a>(request: &Request, accounts: &'a [Account]) -> Option<&'a Account> {
    let id = request.change.account()?;
    accounts.iter().find(|account| account.id == id)
}

pub(super) fn name_of(id: Id, accounts: &[Account]) -> String {
    let found = accounts.iter().find(|account| account.id == id);
    found.map_or_else(String::new, |account| account.display_name.clone())
}

pub(super) fn opened(app: &App, id: Id, sealed: Option<&Sealed>) -> Result<String, web::Error> {
    let Some(sealed) = sealed else {
        return Ok(String::new());
    };
    let plain = app.keys.open(Purpose::Person, id, sealed);
    let plain = plain.map_err(anyhow::Error::new)?;
    Ok(String::from_utf8_lossy(&plain).into_owned())
}

/// What was asked for, by whom, when and why.
pub(super) async fn rows(
    app: &App,
    found: &Request,
    all: &[Account],
) -> Result<Vec<(&'static str, String)>, web::Error> {
    let mut rows = Vec::new();
    let account = subject(found, all);
    if let Some(account) = account {
        rows.push(("Username", account.username.clone()));
        rows.push(("Role now", account.role.label().to_owned()));
        let mailbox = account.email.clone().unwrap_or_else(|| "None".to_owned());
        rows.push(("E-mail address now", mailbox));
    }
    match &found.change {
        Change::Add { account, email } => {
            rows.push(("Username", account.username.as_str().to_owned()));
            rows.push(("Role", account.role.label().to_owned()));
            rows.push(("E-mail address", address(email.as_ref())));
        }
        Change::Set { role, email, .. } => {
            rows.push(("Role to be", role.label().to_owned()));
            rows.push(("E-mail address to be", address(email.as_ref())));
        }
        Change::AddKey { scopes, clinic, .. } => {
            let labels: Vec<&str> = scopes.iter().map(|scope| scope.label()).collect();
            rows.push(("The key may", labels.join("\n")));
            let clinics = roster::list_clinics(&app.db).await?;
            let named = clinic.and_then(|id| clinics.into_iter().find(|clinic| clinic.id == id));
            rows.push((
                "Clinic",
                named.map_or_else(|| "All".to_owned(), |clinic| clinic.name),
            ));
        }
        Change::Reset { .. } | Change::Reactivate { .. } => {}
    }
    rows.push(("Requested by", name_of(found.by, all)));
    rows.push(("Requested", found.at.display()));
    rows.push(("Why", opened(app, found.id, Some(&found.reason))?));
    Ok(rows)
}

fn address(email: Option<&Email>) -> String {
    email.map_or_else(|| "None".to_owned(), |email| email.as_str().to_owned())
}

/// What happens once it is approved.
pub(super) fn then(change: &Change, subject: Option<&Account>) -> String {
    let mailbox = match change {
        Change::Add { email, .. } | Change::Set { email, .. } => email.as_ref().map(Email::as_str),
        Change::Reset { .. } | Change::Reactivate { .. } | Change::AddKey { .. } => {
            subject.and_then(|account| account.email.as_deref())
        }
    };
    let link = match mailbox {
        Some(mailbox) => format!("A link to choose a password goes to {mailbox}."),
        None => {
            "There is no e-mail address. The link to choose a password is shown once, to the lead who approves, who hands it over in person."
                .to_owned()
        }
    };
    match change {
        Change::Add { .. } => format!("The account is added. {link}"),
        Change::Reset { .. } => {
            format!("The old password stops working, and the person is signed out everywhere. {link}")
        }
        Change::Reactivate { .. } => format!("The person can sign in again with a new password. {link}"),
        Change::Set { role, .. } => {
            let saw = subject.is_some_and(|account| super::sees_patients(account.role));
            match super::sees_patients(*role) && !saw {
                true => format!("The account is changed, and the old password stops working. {link}"),
                false => {
                    "The account is changed; the password stays. If the e-mail address changes, the address before is told."
                        .to_owned()
                }
            }
        }
        Change::AddKey { .. } => {
            "The key is made and shown once, to the lead who approves. They hand it to whoever sets up the other system."
                .to_owned()
        }
    }
}

/// Who can approve it, or why nobody here can.
pub(super) fn told(second: &Second, found: &Request, all: &[Account]) -> String {
    match second {
        Second::Lead => {
            let leads = all
                .iter()
                .filter(|account| changes::may_decide_as_lead(found, all, account.id));
            let names: Vec<&str> = leads.map(|lead| lead.display_name.as_str()).collect();
            format!(
                "It waits for a lead who is neither the person it is about nor who asked for it, and who was a lead before it was asked for: {}.",
                names.join(", ")
            )
        }
        Second::Admin => {
            "No lead is here who could approve this. An administrator can go on; all leads are told by mail, and it stays on their page until one of them has checked it."
                .to_owned()
        }
        Second::AdminFrom(from) => format!(
            "No lead is here who could approve this. If none comes back, an administrator can go on from {}; all leads are then told by mail. Until then the operator can do it on the command line.",
            from.display()
        ),
        Second::AskAgain => {
            "The only leads there are became leads after this was asked for. Withdraw it and ask again."
                .to_owned()
        }
        Second::Operator(why) => format!(
            "No lead is here who could approve this. {why} The operator can do it on the command line."
        ),
    }
}
