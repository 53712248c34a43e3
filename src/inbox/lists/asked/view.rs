//! The looks across the queues, and their words in the address.

/// A look across the queues of what is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::inbox) enum View {
    /// What the reader has taken on.
    Mine,
    /// What anybody has taken on.
    Taken,
    /// What nobody has taken on.
    Free,
    /// To be decided about, and not contacted in time.
    Overdue,
    /// Taken on by somebody whose account has ended.
    Left,
}

impl View {
    pub const ALL: [View; 5] = [View::Mine, View::Taken, View::Free, View::Overdue, View::Left];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            View::Mine => "mine",
            View::Taken => "taken",
            View::Free => "free",
            View::Overdue => "overdue",
            View::Left => "left",
        }
    }

    /// How staff say it.
    pub fn label(self) -> &'static str {
        match self {
            View::Mine => "Mine",
            View::Taken => "The team's",
            View::Free => "Nobody's yet",
            View::Overdue => "Overdue",
            View::Left => "Of people who left",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == word)
    }
}
