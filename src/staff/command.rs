//! The command line's part of this room: accounts, API keys, clinics. Secrets are printed once, where they are
//! made, to whoever runs the command; everything else prints a table, or JSON.

use std::io::Write;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::account::{ClinicCode, DisplayName, NewAccount, Username};
use super::api_key::{self, KeyLabel, Scope};
use super::changes::Changer;
use super::print::{print_accounts, print_clinics, print_json, print_keys, print_password};
use super::roster::{self, Added};
use super::{Account, Role};
use crate::db::Db;
use crate::values::{Email, Id, Keyring, Ts, Unfit};

/// Accounts of staff
#[derive(Subcommand, Clone, Debug)]
pub enum StaffCommand {
    /// Add an account and print its password, once
    Add(AddAccount),
    /// Print a new password, once; signs the person out everywhere and opens a stopped account again
    Reset {
        /// The name the person signs in with
        #[arg(value_parser = Username::parse)]
        username: Username,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Set the mailbox of an account, where links to choose a password go
    Email {
        /// The name the person signs in with
        #[arg(value_parser = Username::parse)]
        username: Username,
        /// The person's own e-mail address
        #[arg(value_parser = Email::parse)]
        email: Email,
    },
    /// Stop an account and end its sessions at once
    Disable {
        /// The name the person signs in with
        #[arg(value_parser = Username::parse)]
        username: Username,
    },
    /// List all accounts
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// What an account is made of.
#[derive(Args, Clone, Debug)]
pub struct AddAccount {
    /// The name to sign in with
    #[arg(value_parser = Username::parse)]
    username: Username,
    /// The name colleagues know the person by
    #[arg(long, value_parser = DisplayName::parse)]
    name: DisplayName,
    /// physio, triage, lead or admin
    #[arg(long, value_parser = role)]
    role: Role,
    /// The code of a physio's clinic
    #[arg(long, value_parser = ClinicCode::parse, required_if_eq("role", "physio"))]
    clinic: Option<ClinicCode>,
    /// The person's own e-mail address, where links to choose a password go
    #[arg(long, value_parser = Email::parse)]
    email: Option<Email>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Keys of the JSON API
#[derive(Subcommand, Clone, Debug)]
pub enum KeysCommand {
    /// Add a key and print it, once
    Add {
        /// The name of the system that uses the key
        #[arg(value_parser = KeyLabel::parse)]
        label: KeyLabel,
        /// issue, submit, read or triage; may be given several times
        #[arg(long = "scope", required = true, value_delimiter = ',', value_parser = scope)]
        scopes: Vec<Scope>,
        /// The code of the only clinic the key acts for
        #[arg(long, value_parser = ClinicCode::parse)]
        clinic: Option<ClinicCode>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// End a key at once
    Revoke {
        /// The key's id, as `keys list` prints it
        #[arg(value_parser = id)]
        id: Id,
    },
    /// List all keys
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Clinics
#[derive(Subcommand, Clone, Debug)]
pub enum ClinicsCommand {
    /// Add a clinic
    Add {
        /// Its short code, such as PW-GRAVES
        #[arg(value_parser = ClinicCode::parse)]
        code: ClinicCode,
        /// Its name, as patients are greeted with it
        #[arg(value_parser = DisplayName::parse)]
        name: DisplayName,
    },
    /// List all clinics
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

fn role(word: &str) -> Result<Role, Unfit> {
    Role::parse(word).ok_or(Unfit::because("role must be physio, triage, lead or admin"))
}

fn scope(word: &str) -> Result<Scope, Unfit> {
    Scope::parse(word).ok_or(Unfit::because("scope must be issue, submit, read or triage"))
}

fn id(word: &str) -> Result<Id, Unfit> {
    Id::parse(word).ok_or(Unfit::because("id must be an id as the list prints it"))
}

impl StaffCommand {
    /// Runs the command; an error is told and ends with exit 1.
    pub async fn run(self, db: &Db, now: Ts, out: &mut impl Write) -> anyhow::Result<()> {
        match self {
            StaffCommand::Add(asked) => add_account(db, now, asked, out).await,
            StaffCommand::Reset { username, json } => {
                let account = named(db, &username).await?;
                let password = roster::reset_account(db, now, account.id).await?;
                let password = password.context("there is no such account any more")?;
                print_password(out, json, account.id, &account.username, password.reveal())
            }
            StaffCommand::Email { username, email } => {
                let account = named(db, &username).await?;
                if !roster::set_email(db, now, account.id, email).await? {
                    bail!("there is no such account any more");
                }
                Ok(writeln!(
                    out,
                    "The e-mail address of {} is set.",
                    account.username
                )?)
            }
            StaffCommand::Disable { username } => {
                let account = named(db, &username).await?;
                match roster::disable_account(db, now, account.id).await? {
                    true => writeln!(out, "{} can no longer sign in.", account.username)?,
                    false => writeln!(out, "{} was stopped already.", account.username)?,
                }
                Ok(())
            }
            StaffCommand::List { json } => {
                let accounts = roster::list_accounts(db).await?;
                print_accounts(out, json, &accounts)
            }
        }
    }
}

impl KeysCommand {
    /// Runs the command; `keys` are opened only where a token is drawn. An error is told and ends with exit 1.
    pub async fn run(
        self,
        db: &Db,
        now: Ts,
        keys: impl AsyncFnOnce() -> anyhow::Result<Keyring>,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        match self {
            KeysCommand::Add {
                label,
                scopes,
                clinic,
                json,
            } => {
                let clinic = coded(db, clinic).await?;
                let (key, token) = api_key::add_key(db, &keys().await?, now, &label, &scopes, clinic).await?;
                match json {
                    true => print_json(out, &json!({"id": key.id, "token": token.reveal()})),
                    false => Ok(writeln!(out, "{}\n{}", key.id, token.reveal())?),
                }
            }
            KeysCommand::Revoke { id } => {
                if !api_key::revoke_key(db, now, Changer::CommandLine, id).await? {
                    bail!("no key with the id {id} is in use");
                }
                Ok(writeln!(out, "{id} no longer works.")?)
            }
            KeysCommand::List { json } => {
                let keys = api_key::list_keys(db).await?;
                print_keys(out, json, &keys)
            }
        }
    }
}

impl ClinicsCommand {
    /// Runs the command; an error is told and ends with exit 1.
    pub async fn run(self, db: &Db, now: Ts, out: &mut impl Write) -> anyhow::Result<()> {
        match self {
            ClinicsCommand::Add { code, name } => {
                let told = code.as_str().to_owned();
                let added = roster::add_clinic(db, now, code, name).await?;
                if added.is_none() {
                    bail!("there is a clinic with the code {told} already");
                }
                Ok(writeln!(out, "{told} added.")?)
            }
            ClinicsCommand::List { json } => {
                let clinics = roster::list_clinics(db).await?;
                print_clinics(out, json, &clinics)
            }
        }
    }
}

async fn add_account(db: &Db, now: Ts, asked: AddAccount, out: &mut impl Write) -> anyhow::Result<()> {
    let username = asked.username.as_str().to_owned();
    let account = NewAccount {
        username: asked.username,
        display_name: asked.name,
        role: asked.role,
        clinic: coded(db, asked.clinic).await?,
    };
    match roster::add_account(db, now, account).await? {
        Added::Yes { id, password } => {
            if let Some(email) = asked.email {
                roster::set_email(db, now, id, email).await?;
            }
            print_password(out, asked.json, id, &username, password.reveal())
        }
        Added::NameTaken => bail!("there is an account {username} already"),
        Added::ClinicMissing => bail!("a physio needs a clinic: --clinic CODE"),
    }
}

async fn named(db: &Db, username: &Username) -> anyhow::Result<Account> {
    let found = roster::find_account_named(db, username).await?;
    found.with_context(|| format!("there is no account {}", username.as_str()))
}

async fn coded(db: &Db, code: Option<ClinicCode>) -> anyhow::Result<Option<Id>> {
    let Some(code) = code else { return Ok(None) };
    let wanted = code.clone();
    let found = db
        .read(move |conn| roster::find_clinic_coded(conn, wanted.as_str()))
        .await?;
    let found = found.with_context(|| format!("there is no clinic {}", code.as_str()))?;
    Ok(Some(found.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser, Debug)]
    struct Line {
        #[command(subcommand)]
        staff: StaffCommand,
    }

    #[test]
    fn bad_words_on_the_line_are_refused_before_anything_is_done() {
        let parse = |line: &[&str]| Line::try_parse_from([&["staff"], line].concat()).map(|_| ());
        assert!(parse(&["add", "sam", "--name", "Sam", "--role", "lead"]).is_ok());
        for wrong in [
            &["add", "sam", "--name", "Sam", "--role", "boss"][..],
            &["add", "sam", "--name", "Sam", "--role", "physio"],
            &["add", "s a m", "--name", "Sam", "--role", "lead"],
            &["add", "sam", "--role", "lead"],
            &["reset"],
        ] {
            let refused = parse(wrong).expect_err("refused");
            assert_eq!(refused.exit_code(), 2, "{wrong:?}");
        }
    }
}
