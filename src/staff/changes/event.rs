//! The ledger of accounts and keys: what one line of it holds.

use crate::values::{Id, Ts};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A change was asked for and waits for a second person.
    Requested,
    /// A lead approved it.
    Approved,
    /// An administrator approved it because no lead was there.
    ApprovedWithoutLead,
    /// A lead refused it.
    Refused,
    /// Who asked took it back.
    Withdrawn,
    /// A lead looked at what was approved without one.
    Seen,
    /// An account was added.
    AccountAdded,
    /// Role, clinic or e-mail address of an account was changed.
    AccountChanged,
    /// The password ended, and a new one is to be chosen.
    PasswordReset,
    /// The person chose a password with their link.
    PasswordChosen,
    /// An account was deactivated.
    Deactivated,
    /// A deactivated account was opened again.
    Reactivated,
    /// A lead went on leave.
    LeaveBegan,
    /// A lead came back from leave.
    LeaveEnded,
    /// An API key was added.
    KeyAdded,
    /// An API key was revoked.
    KeyRevoked,
}

impl EventKind {
    /// All of them.
    pub const ALL: [EventKind; 16] = [
        EventKind::Requested,
        EventKind::Approved,
        EventKind::ApprovedWithoutLead,
        EventKind::Refused,
        EventKind::Withdrawn,
        EventKind::Seen,
        EventKind::AccountAdded,
        EventKind::AccountChanged,
        EventKind::PasswordReset,
        EventKind::PasswordChosen,
        EventKind::Deactivated,
        EventKind::Reactivated,
        EventKind::LeaveBegan,
        EventKind::LeaveEnded,
        EventKind::KeyAdded,
        EventKind::KeyRevoked,
    ];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::Requested => "requested",
            EventKind::Approved => "approved",
            EventKind::ApprovedWithoutLead => "approved_without_lead",
            EventKind::Refused => "refused",
            EventKind::Withdrawn => "withdrawn",
            EventKind::Seen => "seen",
            EventKind::AccountAdded => "account_added",
            EventKind::AccountChanged => "account_changed",
            EventKind::PasswordReset => "password_reset",
            EventKind::PasswordChosen => "password_chosen",
            EventKind::Deactivated => "deactivated",
            EventKind::Reactivated => "reactivated",
            EventKind::LeaveBegan => "leave_began",
            EventKind::LeaveEnded => "leave_ended",
            EventKind::KeyAdded => "key_added",
            EventKind::KeyRevoked => "key_revoked",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What happened, as the page says it.
    pub fn label(self) -> &'static str {
        match self {
            EventKind::Requested => "Approval requested",
            EventKind::Approved => "Approved by a lead",
            EventKind::ApprovedWithoutLead => "Approved without a lead",
            EventKind::Refused => "Refused",
            EventKind::Withdrawn => "Request withdrawn",
            EventKind::Seen => "Checked by a lead afterwards",
            EventKind::AccountAdded => "Account added",
            EventKind::AccountChanged => "Account changed",
            EventKind::PasswordReset => "Password reset",
            EventKind::PasswordChosen => "Password chosen",
            EventKind::Deactivated => "Account deactivated",
            EventKind::Reactivated => "Account reactivated",
            EventKind::LeaveBegan => "Leave began",
            EventKind::LeaveEnded => "Leave ended",
            EventKind::KeyAdded => "API key added",
            EventKind::KeyRevoked => "API key revoked",
        }
    }
}

/// Who makes a change, and through which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changer {
    /// Somebody who is signed in, on a page.
    Page(Id),
    /// The operator, on the command line.
    CommandLine,
    /// The person with the link that was sent to them.
    Link(Id),
}

impl Changer {
    pub(crate) fn account(self) -> Option<Id> {
        match self {
            Changer::Page(id) | Changer::Link(id) => Some(id),
            Changer::CommandLine => None,
        }
    }

    pub(crate) fn way(self) -> Way {
        match self {
            Changer::Page(_) => Way::Page,
            Changer::CommandLine => Way::CommandLine,
            Changer::Link(_) => Way::Link,
        }
    }
}

/// Through which way a change came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A page.
    Page,
    /// The command line.
    CommandLine,
    /// A link to choose a password.
    Link,
}

impl Way {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Page => "page",
            Way::CommandLine => "command_line",
            Way::Link => "link",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Way::Page, Way::CommandLine, Way::Link];
        all.into_iter().find(|way| way.as_str() == word)
    }

    /// The way, as the page says it.
    pub fn label(self) -> &'static str {
        match self {
            Way::Page => "Page",
            Way::CommandLine => "Command line",
            Way::Link => "Link",
        }
    }
}

/// A line to be added. Made before the transaction, because a write may run twice.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub(crate) id: Id,
    pub(crate) kind: EventKind,
    pub(crate) by: Changer,
    pub(crate) account: Option<Id>,
    pub(crate) key: Option<Id>,
    pub(crate) request: Option<Id>,
    pub(crate) whom: String,
    pub(crate) detail: String,
    pub(crate) at: Ts,
}

impl NewEvent {
    pub(crate) fn new(kind: EventKind, by: Changer, whom: &str, now: Ts) -> Self {
        NewEvent {
            id: Id::drawn_at(now),
            kind,
            by,
            account: None,
            key: None,
            request: None,
            whom: whom.to_owned(),
            detail: String::new(),
            at: now,
        }
    }

    #[must_use]
    pub(crate) fn about_account(mut self, account: Option<Id>) -> Self {
        self.account = account;
        self
    }

    #[must_use]
    pub(crate) fn about_key(mut self, key: Option<Id>) -> Self {
        self.key = key;
        self
    }

    #[must_use]
    pub(crate) fn of_request(mut self, request: Option<Id>) -> Self {
        self.request = request;
        self
    }

    #[must_use]
    pub(crate) fn of(mut self, whom: String) -> Self {
        self.whom = whom;
        self
    }

    #[must_use]
    pub(crate) fn saying(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// One line, as it is shown.
#[derive(Clone, Debug)]
pub struct AccountEvent {
    /// The line's row.
    pub id: Id,
    /// What happened.
    pub kind: EventKind,
    /// Through which way.
    pub way: Way,
    /// Who did it; empty for the operator.
    pub by: String,
    /// Whose account, or which key.
    pub whom: String,
    /// What exactly.
    pub detail: String,
    /// When.
    pub at: Ts,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_ways_are_read_back_from_their_words() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
        for way in [Way::Page, Way::CommandLine, Way::Link] {
            assert_eq!(Way::parse(way.as_str()), Some(way));
        }
        assert_eq!(EventKind::parse("deleted"), None);
    }
}
