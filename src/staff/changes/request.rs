//! A change of an account or a key, and the request for one that waits for a second person.

use crate::staff::{Account, DisplayName, KeyLabel, NewAccount, Role, Scope, Username};
use crate::values::{Email, Id, Sealed, Ts};

/// What is to be changed.
#[derive(Clone, Debug)]
pub enum Change {
    /// A new account.
    Add {
        /// What the account is made of.
        account: NewAccount,
        /// The person's own mailbox.
        email: Option<Email>,
    },
    /// The password of an account ends, and the person chooses a new one.
    Reset {
        /// Whose.
        account: Id,
    },
    /// A deactivated account is opened again, with a new password.
    Reactivate {
        /// Whose.
        account: Id,
    },
    /// Role, clinic and e-mail address as they are to be.
    Set {
        /// Whose.
        account: Id,
        /// The role.
        role: Role,
        /// The clinic of a physio.
        clinic: Option<Id>,
        /// The person's own mailbox.
        email: Option<Email>,
    },
    /// A new API key.
    AddKey {
        /// What it is called.
        label: KeyLabel,
        /// What it may be used for.
        scopes: Vec<Scope>,
        /// The only clinic it acts for.
        clinic: Option<Id>,
    },
}

impl Change {
    /// The word that is stored for its kind.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Change::Add { .. } => ADD,
            Change::Reset { .. } => RESET,
            Change::Reactivate { .. } => REACTIVATE,
            Change::Set { .. } => SET,
            Change::AddKey { .. } => ADD_KEY,
        }
    }

    /// The account that is changed; none where something new is made.
    pub fn account(&self) -> Option<Id> {
        match self {
            Change::Reset { account } | Change::Reactivate { account } | Change::Set { account, .. } => {
                Some(*account)
            }
            Change::Add { .. } | Change::AddKey { .. } => None,
        }
    }

    /// Whose account or which key, as the ledger and the pages name it.
    pub fn whom(&self, subject: Option<&Account>) -> String {
        match self {
            Change::Add { account, .. } => account.display_name.as_str().to_owned(),
            Change::AddKey { label, .. } => label.as_str().to_owned(),
            Change::Reset { .. } | Change::Reactivate { .. } | Change::Set { .. } => {
                subject.map_or_else(String::new, |account| account.display_name.clone())
            }
        }
    }

    /// What happens, in a few words.
    pub fn label(&self) -> &'static str {
        match self {
            Change::Add { .. } => "New account",
            Change::Reset { .. } => "New password",
            Change::Reactivate { .. } => "Reactivate the account",
            Change::Set { .. } => "Change the account",
            Change::AddKey { .. } => "New API key",
        }
    }

    /// What is new about it, for the ledger: roles, scopes and addresses.
    pub fn detail(&self, subject: Option<&Account>) -> String {
        match self {
            Change::Add { account, email } => {
                let mail = email.as_ref().map(|email| format!(", {}", email.as_str()));
                format!("{}{}", account.role.label(), mail.unwrap_or_default())
            }
            Change::Reset { .. } | Change::Reactivate { .. } => String::new(),
            Change::Set { role, email, .. } => {
                let mut parts = Vec::new();
                let old = subject.map(|account| account.role);
                if let Some(old) = old.filter(|old| old != role) {
                    parts.push(format!("role from {} to {}", old.label(), role.label()));
                }
                let was = subject.and_then(|account| account.email.as_deref());
                if was != email.as_ref().map(Email::as_str) {
                    let said = |address: Option<&str>| address.unwrap_or("none").to_owned();
                    parts.push(format!(
                        "e-mail address from {} to {}",
                        said(was),
                        said(email.as_ref().map(Email::as_str))
                    ));
                }
                match parts.is_empty() {
                    true => "clinic".to_owned(),
                    false => parts.join("; "),
                }
            }
            Change::AddKey { scopes, .. } => words(scopes),
        }
    }
}

pub(crate) const ADD: &str = "add";
pub(crate) const RESET: &str = "reset";
pub(crate) const REACTIVATE: &str = "reactivate";
pub(crate) const SET: &str = "set";
pub(crate) const ADD_KEY: &str = "add_key";

/// The scopes as they are typed: "issue, submit".
pub fn words(scopes: &[Scope]) -> String {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    words.join(", ")
}

/// The parts of a change as a row has them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub account: Option<Id>,
    pub username: Option<String>,
    pub display_name: Option<String>,
    pub role: Option<Role>,
    pub clinic: Option<Id>,
    pub email: Option<String>,
    pub label: Option<String>,
    pub scopes: Option<String>,
}

impl Parts {
    pub fn of(change: &Change) -> Parts {
        let text = |email: &Option<Email>| email.as_ref().map(|email| email.as_str().to_owned());
        match change {
            Change::Add { account, email } => Parts {
                username: Some(account.username.as_str().to_owned()),
                display_name: Some(account.display_name.as_str().to_owned()),
                role: Some(account.role),
                clinic: account.clinic,
                email: text(email),
                ..Parts::default()
            },
            Change::Reset { account } | Change::Reactivate { account } => Parts {
                account: Some(*account),
                ..Parts::default()
            },
            Change::Set {
                account,
                role,
                clinic,
                email,
            } => Parts {
                account: Some(*account),
                role: Some(*role),
                clinic: *clinic,
                email: text(email),
                ..Parts::default()
            },
            Change::AddKey {
                label,
                scopes,
                clinic,
            } => Parts {
                label: Some(label.as_str().to_owned()),
                scopes: Some(words(scopes)),
                clinic: *clinic,
                ..Parts::default()
            },
        }
    }

    /// The change; none if the row does not hold one.
    pub fn read(self, word: &str) -> Option<Change> {
        let email = self.email.as_deref().map(Email::parse).transpose().ok()?;
        Some(match word {
            ADD => Change::Add {
                account: NewAccount {
                    username: Username::parse(&self.username?).ok()?,
                    display_name: DisplayName::parse(&self.display_name?).ok()?,
                    role: self.role?,
                    clinic: self.clinic,
                },
                email,
            },
            RESET => Change::Reset {
                account: self.account?,
            },
            REACTIVATE => Change::Reactivate {
                account: self.account?,
            },
            SET => Change::Set {
                account: self.account?,
                role: self.role?,
                clinic: self.clinic,
                email,
            },
            ADD_KEY => Change::AddKey {
                label: KeyLabel::parse(&self.label?).ok()?,
                scopes: self
                    .scopes?
                    .split(", ")
                    .map(Scope::parse)
                    .collect::<Option<_>>()?,
                clinic: self.clinic,
            },
            _ => return None,
        })
    }
}

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Nobody has decided; nothing has changed.
    Waiting,
    /// It was approved and is in force.
    Approved,
    /// It was refused; nothing has changed.
    Refused,
    /// Who asked took it back.
    Withdrawn,
}

impl RequestState {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            RequestState::Waiting => "waiting",
            RequestState::Approved => "approved",
            RequestState::Refused => "refused",
            RequestState::Withdrawn => "withdrawn",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            RequestState::Waiting,
            RequestState::Approved,
            RequestState::Refused,
            RequestState::Withdrawn,
        ];
        all.into_iter().find(|state| state.as_str() == word)
    }
}

/// A request: what, who asked, when and why, and what became of it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The request's row.
    pub id: Id,
    /// What is to be changed.
    pub change: Change,
    /// Where it is.
    pub state: RequestState,
    /// Why it was asked for; sealed for the row.
    pub reason: Sealed,
    /// Who asked.
    pub by: Id,
    /// When.
    pub at: Ts,
    /// Who decided, and when.
    pub decided: Option<(Id, Ts)>,
    /// Whether an administrator approved it because no lead was there.
    pub without_lead: bool,
    /// Why it was refused; sealed for the row.
    pub answer: Option<Sealed>,
    /// The lead who has checked what was approved without one.
    pub seen_by: Option<Id>,
}
