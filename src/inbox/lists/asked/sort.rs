//! The orders of a list, and their words in the address.

use crate::referrals::Queue;

/// The order inside each queue. Whoever nobody has acknowledged stands above all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::inbox) enum Sort {
    /// By priority, then by the earliest promise.
    Urgency,
    /// By the earliest promise.
    ContactBy,
    /// The longest waiting first.
    Longest,
    /// The newest first.
    Newest,
}

impl Sort {
    pub const ALL: [Sort; 4] = [Sort::Urgency, Sort::ContactBy, Sort::Longest, Sort::Newest];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Urgency => "urgency",
            Sort::ContactBy => "contact",
            Sort::Longest => "longest",
            Sort::Newest => "newest",
        }
    }

    /// How staff say it.
    pub fn label(self) -> &'static str {
        match self {
            Sort::Urgency => "Most urgent, then contact by",
            Sort::ContactBy => "Contact by",
            Sort::Longest => "Longest waiting",
            Sort::Newest => "Newest",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word)
    }

    /// The order in this queue. What is done with has no urgency and no promise.
    pub fn in_queue(self, queue: Queue) -> Sort {
        match (self, queue) {
            (Sort::Urgency | Sort::ContactBy, Queue::Done) => Sort::Newest,
            (sort, _) => sort,
        }
    }
}
