//! Signing in: a name, a password, and patience with who gets it wrong. The answer never tells whether the
//! name exists: not by its words, its time, or its waits.

use std::net::IpAddr;

use actix_web::cookie::Cookie;
use anyhow::Context;

use super::session::{LONGEST_MINUTES, SessionToken};
use super::store::accounts::{self, Credentials};
use super::store::{sessions, tries};
use super::throttle::{self, SIGN_IN_ADDRESS, SIGN_IN_NAME, Subject, Verdict};
use super::{Password, Role, Username, password};
use crate::app::App;
use crate::db::{self, Db};
use crate::values::{Keyring, Ts};

/// What somebody sent to be signed in.
pub struct Attempt<'a> {
    /// The name as typed.
    pub username: &'a str,
    /// The password as typed.
    pub password: &'a str,
    /// Where the request came from, if that is known.
    pub address: Option<IpAddr>,
}

/// How it ended.
#[derive(Debug)]
pub enum SignIn {
    /// The person is signed in.
    Admitted {
        /// The secret for the browser's cookie.
        token: SessionToken,
        /// What the person is here for, to find the first page.
        role: Role,
    },
    /// Name and password do not belong together, or the account is disabled.
    Refused,
    /// Too many tries: so many seconds to wait, whether or not the password was right.
    Wait(i64),
}

/// Signs somebody in. The try is counted before the password is looked at, so that a thousand guesses at the
/// same moment are a thousand tries.
pub async fn sign_in(db: &Db, keys: &Keyring, now: Ts, attempt: Attempt<'_>) -> db::Result<SignIn> {
    let name = Username::parse(attempt.username).ok();
    let counted = Counted::of(keys, attempt.username, attempt.address)?;
    if let Verdict::Wait(seconds) = db.write(move |conn| counted.count(conn, now)).await? {
        return Ok(SignIn::Wait(seconds));
    }
    let found = match name {
        Some(name) => {
            db.read(move |conn| accounts::find_credentials(conn, name.as_str()))
                .await?
        }
        None => None,
    };
    let typed = Password::typed(attempt.password);
    let stored = found.as_ref().map(|account| account.password_hash.as_str());
    let matches = password::matches(&typed, stored).await?;
    match found {
        Some(account) if matches => admit(db, keys, now, account, counted).await,
        Some(_) | None => Ok(SignIn::Refused),
    }
}

/// Opens the session, unless the account was disabled or reset while its password was being compared.
async fn admit(
    db: &Db,
    keys: &Keyring,
    now: Ts,
    account: Credentials,
    counted: Counted,
) -> db::Result<SignIn> {
    let token = SessionToken::draw()?;
    let hash = token.hash(keys)?;
    let role = account.role;
    let admitted = db
        .write(move |conn| {
            if !accounts::is_unchanged(conn, &account)? {
                return Ok(false);
            }
            counted.forgive(conn)?;
            sessions::delete_ended(conn, now)?;
            tries::delete_forgotten(conn, now)?;
            sessions::insert_session(conn, &hash, account.id, now, now.plus_minutes(LONGEST_MINUTES))?;
            Ok(true)
        })
        .await?;
    Ok(if admitted {
        SignIn::Admitted { token, role }
    } else {
        SignIn::Refused
    })
}

/// What one try counts against.
#[derive(Clone, Copy)]
struct Counted {
    name: Subject,
    address: Option<Subject>,
}

impl Counted {
    fn of(keys: &Keyring, typed: &str, address: Option<IpAddr>) -> db::Result<Self> {
        // What was typed counts, fit or not: an unfit name must not be answered differently.
        let name = typed.trim().to_lowercase();
        let address = address.map(|address| Subject::address(keys, "sign in", address));
        Ok(Self {
            name: Subject::of(keys, "sign in name", name.as_bytes())?,
            address: address.transpose()?,
        })
    }

    fn count(&self, conn: &mut db::Conn<'_>, now: Ts) -> db::Result<Verdict> {
        let mut subjects = vec![(self.name, SIGN_IN_NAME)];
        subjects.extend(self.address.map(|address| (address, SIGN_IN_ADDRESS)));
        throttle::take_each(conn, &subjects, now)
    }

    /// The password was right: the name starts afresh; the address only gets its one try back, or somebody
    /// with an account could guess at others' for as long as they like.
    fn forgive(&self, conn: &mut db::Conn<'_>) -> db::Result<()> {
        throttle::forget(conn, &self.name)?;
        match &self.address {
            Some(address) => throttle::take_back(conn, address),
            None => Ok(()),
        }
    }
}

/// Signs somebody in without a password, for the one-click pages of the demo. Anywhere else it refuses.
pub async fn sign_in_as(app: &App, username: &str) -> anyhow::Result<Cookie<'static>> {
    anyhow::ensure!(
        app.config.demo,
        "only the demo signs anybody in without a password"
    );
    let (now, name) = (app.clock.now(), username.to_owned());
    let token = SessionToken::draw()?;
    let hash = token.hash(&app.keys)?;
    let found = app
        .db
        .write(move |conn| {
            let found = accounts::find_credentials(conn, &name)?;
            if let Some(account) = &found {
                let end = now.plus_minutes(LONGEST_MINUTES);
                sessions::insert_session(conn, &hash, account.id, now, end)?;
            }
            Ok(found.is_some())
        })
        .await?;
    found.then_some(()).context("the demo has no such account")?;
    Ok(token.cookie(&app.config))
}
