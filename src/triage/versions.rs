//! Rule versions. The file seeds an empty table; after that the table rules. A file with an unknown text becomes a
//! proposal, and a proposal comes into force only when a second person approves it.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context, anyhow};

use super::proposals::BY_FILE;
use super::rules::{DEFAULT_RULES, RuleSet, version_of};
use super::store::{self, NewVersion};
use crate::app::App;
use crate::db::{Conn, Db, Result};
use crate::values::{Id, Ts};

/// How often an instance asks whether other rules are in force: an approval given elsewhere holds within a minute.
const KEEP_UP_EVERY: Duration = Duration::from_secs(60);

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleState {
    /// Waits for a second person.
    Proposed,
    /// Decides.
    InForce,
    /// Decided once.
    Retired,
    /// Was turned down.
    Refused,
}

impl RuleState {
    /// Every state.
    pub const ALL: [RuleState; 4] = [
        RuleState::Proposed,
        RuleState::InForce,
        RuleState::Retired,
        RuleState::Refused,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            RuleState::Proposed => "proposed",
            RuleState::InForce => "in_force",
            RuleState::Retired => "retired",
            RuleState::Refused => "refused",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What became of a text brought to the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// The table was empty: it is in force.
    InForce,
    /// The table holds this text already.
    Known,
    /// It is new, and waits for a second person.
    Proposed,
}

/// Brings a rules text to the table. `id` and `now` are drawn by the caller; `by` is a person or [`BY_FILE`].
/// The text must have passed [`RuleSet::sound`].
pub fn bring(conn: &mut Conn<'_>, id: Id, text: &str, by: &str, now: Ts) -> Result<Brought> {
    let version = version_of(text);
    if store::find_version(conn, &version)?.is_some() {
        return Ok(Brought::Known);
    }
    let in_force = store::find_version_in_force(conn)?;
    let seeds = in_force.is_none();
    let state = if seeds {
        RuleState::InForce
    } else {
        RuleState::Proposed
    };
    let version = NewVersion {
        id,
        version: &version,
        text,
        state,
        by,
        now,
        note: None,
        based_on: in_force,
    };
    store::insert_version(conn, version)?;
    Ok(if seeds {
        Brought::InForce
    } else {
        Brought::Proposed
    })
}

/// The text of the version in force, if any.
pub fn text_in_force(conn: &mut Conn<'_>) -> Result<Option<String>> {
    Ok(store::find_in_force(conn)?.map(|row| row.source))
}

/// The rules in force, shared by all who decide; replaced whole when a new version is approved.
#[derive(Debug)]
pub struct RulesInForce(RwLock<Arc<RuleSet>>);

impl RulesInForce {
    /// Holds these rules.
    pub fn new(rules: impl Into<Arc<RuleSet>>) -> RulesInForce {
        RulesInForce(RwLock::new(rules.into()))
    }

    /// The rules now.
    pub fn now(&self) -> Arc<RuleSet> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the version in force anew if it is another one: each minute, because the approval may have been given to
    /// another instance.
    pub async fn keep_up(&self, db: &Db, pathways: &[String]) -> anyhow::Result<()> {
        let in_force = db.read(store::find_version_in_force).await?;
        if in_force.is_some_and(|version| version != self.now().version) {
            self.reload(db, pathways).await?;
            tracing::info!(version = %self.now().version, "other rules are in force");
        }
        Ok(())
    }

    /// Reads the version in force anew, after an approval here or elsewhere. Rules that do not load leave the
    /// former ones standing.
    pub async fn reload(&self, db: &Db, pathways: &[String]) -> anyhow::Result<()> {
        let rules = Arc::new(load_in_force(db, pathways).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = rules;
        Ok(())
    }
}

/// Keeps the rules in force up with the table until told to stop.
pub async fn keep_up_until(app: Arc<App>, rules: Arc<RulesInForce>, told_to_stop: impl Future<Output = ()>) {
    let mut told_to_stop = std::pin::pin!(told_to_stop);
    loop {
        tokio::select! {
            () = &mut told_to_stop => return,
            () = tokio::time::sleep(KEEP_UP_EVERY) => {}
        }
        if let Err(refused) = rules
            .keep_up(&app.db, &app.config.locality.long_term_conditions)
            .await
        {
            tracing::error!(error = %format!("{refused:#}"), "the rules in force cannot be read; the former decide");
        }
    }
}

/// At start-up: checks the file's text, brings it to the table, and loads the version in force.
pub async fn start(
    db: &Db,
    file: &str,
    text: &str,
    pathways: &[String],
    now: Ts,
) -> anyhow::Result<(RulesInForce, Brought)> {
    let rules = read_to_start(db, file, text, pathways).await?;
    let (id, owned) = (Id::new(), text.to_owned());
    let (brought, in_force) = db
        .write(move |conn| Ok((bring(conn, id, &owned, BY_FILE, now)?, text_in_force(conn)?)))
        .await?;
    // Checking rules takes some milliseconds, so rules that are already at hand are not checked again.
    let rules = match in_force {
        Some(text) if version_of(&text) == rules.version => rules,
        _ => load_in_force(db, pathways).await?,
    };
    Ok((RulesInForce::new(rules), brought))
}

/// The file's rules. A text the table does not know yet is checked whole, as before a person proposes it; one that it
/// knows was checked then. That the rules that ship are sound is tested before they ship.
async fn read_to_start(db: &Db, file: &str, text: &str, pathways: &[String]) -> anyhow::Result<RuleSet> {
    let version = version_of(text);
    let asked = version.clone();
    let known = db.read(move |conn| store::find_version(conn, &asked)).await?;
    let trusted = known.is_some() || version == version_of(DEFAULT_RULES);
    if trusted {
        Ok(RuleSet::parse(file, text, pathways)?)
    } else {
        Ok(RuleSet::sound(file, text, pathways)?)
    }
}

async fn load_in_force(db: &Db, pathways: &[String]) -> anyhow::Result<RuleSet> {
    let text = db
        .read(text_in_force)
        .await?
        .ok_or_else(|| anyhow!("no rules are in force"))?;
    let file = format!("rule version {}", version_of(&text));
    RuleSet::parse(&file, &text, pathways).context("the rules in force do not load")
}
