//! Who did what with a version of the rules, and when, by the names colleagues use.

use super::super::proposals::BY_FILE;
use super::super::store::Row;
use super::super::versions::RuleState;
use crate::db::{self, Db};
use crate::staff::{Account, list_accounts};
use crate::values::{KeyError, Keyring, Purpose, Sealed};
use crate::web::paths;

/// The names of staff.
pub(super) struct Names(Vec<Account>);

impl Names {
    pub async fn read(db: &Db) -> db::Result<Names> {
        Ok(Names(list_accounts(db).await?))
    }

    /// What colleagues call the person behind what is stored.
    pub fn of(&self, stored: &str) -> String {
        if stored == BY_FILE {
            return "The file that came with the program".to_owned();
        }
        let found = self.0.iter().find(|account| account.username.as_str() == stored);
        found.map_or_else(
            || stored.to_owned(),
            |account| account.display_name.as_str().to_owned(),
        )
    }
}

/// A version as lists and its page show it.
pub(super) struct VersionShown {
    pub version: String,
    pub url: String,
    pub state: &'static str,
    pub colour: &'static str,
    pub proposed_by: String,
    pub proposed_at: String,
    /// Who approved it and when; empty if nobody had to.
    pub approved: String,
    pub refused: String,
    pub note: String,
    pub reason: String,
    pub waits: bool,
    /// The program's file proposed it, so one lead is enough.
    pub by_file: bool,
}

impl VersionShown {
    /// The name of the rules with their version.
    pub fn called(&self, name: &str) -> String {
        format!("{name}, version {}", self.version)
    }

    /// Who proposed it and when.
    pub fn proposed(&self) -> String {
        format!("{}, {}", self.proposed_by, self.proposed_at)
    }

    pub fn of(row: &Row, names: &Names, keys: &Keyring) -> Result<VersionShown, KeyError> {
        let (state, colour) = match row.state {
            RuleState::Proposed => ("Waits for approval", "yellow"),
            RuleState::InForce => ("In force", "green"),
            RuleState::Retired => ("Retired", "grey"),
            RuleState::Refused => ("Refused", "red"),
        };
        let open = |sealed: &Option<Sealed>| match sealed {
            Some(sealed) => {
                let plain = keys.open(Purpose::Person, row.id, sealed)?;
                Ok(String::from_utf8_lossy(&plain).into_owned())
            }
            None => Ok(String::new()),
        };
        let approved = match (&row.approved_by, row.in_force_at) {
            (Some(by), Some(at)) => format!("Approved by {}, {}", names.of(by), at.display()),
            (None, Some(at)) => format!(
                "With the first start, {}; no second person was needed",
                at.display()
            ),
            (_, None) => String::new(),
        };
        let refused = match (&row.refused_by, row.refused_at) {
            (Some(by), Some(at)) => format!("{}, {}", names.of(by), at.display()),
            _ => String::new(),
        };
        Ok(VersionShown {
            url: paths::admin_rules_version(&row.version),
            version: row.version.clone(),
            state,
            colour,
            proposed_by: names.of(&row.proposed_by),
            proposed_at: row.created_at.display(),
            approved,
            refused,
            note: open(&row.note)?,
            reason: open(&row.reason)?,
            waits: row.state == RuleState::Proposed,
            by_file: row.proposed_by == BY_FILE,
        })
    }
}
