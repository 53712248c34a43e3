//! What the team has to tell or ask a patient next, and when. One for each referral: whoever rings says everything there
//! is to say, and nobody is rung twice. Receives attempts and decisions, decides what is due, and hands on the list of
//! people to ring. Never sends anything.

use super::contact_attempt::CallOutcome;
use super::store::contacts as store;
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matter {
    /// To speak with them before anybody decides.
    Triage,
    /// To ask them what the team wants to know.
    Asked,
    /// They were asked on their page and have not answered yet.
    Chase,
    /// To tell them that they were declined, and where they were pointed to.
    Declined,
}

impl Matter {
    /// All of them.
    pub const ALL: [Matter; 4] = [Matter::Triage, Matter::Asked, Matter::Chase, Matter::Declined];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Matter::Triage => "triage",
            Matter::Asked => "asked",
            Matter::Chase => "chase",
            Matter::Declined => "declined",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matter| matter.as_str() == word)
    }

    /// What to say on the phone, as staff read it.
    pub fn label(self) -> &'static str {
        match self {
            Matter::Triage => "Triage: speak with them before you decide",
            Matter::Asked => "Ask them what the team wants to know",
            Matter::Chase => "They have not answered on their page: ask them",
            Matter::Declined => "Tell them that they were declined, and where to go instead",
        }
    }
}

/// How they learn it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// Somebody rings.
    Call,
    /// Somebody writes a letter.
    Letter,
    /// A neutral message asks them to look at their own page.
    Page,
}

impl Way {
    /// All of them.
    pub const ALL: [Way; 3] = [Way::Call, Way::Letter, Way::Page];

    /// The word stored, and of the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Call => "call",
            Way::Letter => "letter",
            Way::Page => "page",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == word)
    }
}

/// What comes next for one referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextContact {
    /// Whose.
    pub referral: Id,
    /// What it is about.
    pub matter: Matter,
    /// How they learn it.
    pub way: Way,
    /// When somebody rings or writes; `None`: nothing is due.
    pub due_at: Option<Ts>,
    /// Calls that reached nobody since somebody last spoke with them or their number changed.
    pub tries: i32,
    /// The last call.
    pub tried_at: Option<Ts>,
    /// What came of it.
    pub outcome: Option<CallOutcome>,
    /// Somebody else answered: it is not their number.
    pub number_wrong: bool,
    /// The message that asked them to look at their page.
    pub message: Option<Id>,
}

impl NextContact {
    /// Nothing is due, and nobody has tried.
    pub(super) fn nothing(referral: Id) -> Self {
        Self {
            referral,
            matter: Matter::Triage,
            way: Way::Call,
            due_at: None,
            tries: 0,
            tried_at: None,
            outcome: None,
            number_wrong: false,
            message: None,
        }
    }

    /// Calls that reached nobody, as a number for rules.
    pub fn tried(&self) -> u32 {
        u32::try_from(self.tries).unwrap_or_default()
    }
}

/// What comes next for a referral, if anything is known.
pub fn next_contact(conn: &mut Conn<'_>, referral: Id) -> Result<Option<NextContact>> {
    store::find_next(conn, referral)
}

/// What comes next for those of these referrals for which something is known.
pub fn next_contacts(conn: &mut Conn<'_>, referrals: &[Id]) -> Result<Vec<NextContact>> {
    match referrals.is_empty() {
        true => Ok(Vec::new()),
        false => store::list_next(conn, referrals),
    }
}

/// The calls and letters due until this moment, what is due first, first. Who shows the names notes the reading.
pub fn contacts_due(conn: &mut Conn<'_>, until: Ts, most: i64) -> Result<Vec<NextContact>> {
    store::list_due(conn, until, most)
}

/// How many are due until this moment.
pub fn count_contacts_due(conn: &mut Conn<'_>, until: Ts) -> Result<i64> {
    store::count_due(conn, until)
}

/// What the referral had, or nothing yet.
pub(super) fn known(conn: &mut Conn<'_>, referral: Id) -> Result<NextContact> {
    let found = store::find_next(conn, referral)?;
    Ok(found.unwrap_or_else(|| NextContact::nothing(referral)))
}

/// Nothing is due any more: it was decided, or the patient answered. What was tried stays known.
pub(super) fn settle(conn: &mut Conn<'_>, referral: Id) -> Result<()> {
    let Some(mut next) = store::find_next(conn, referral)? else {
        return Ok(());
    };
    next.due_at = None;
    next.message = None;
    store::put_next(conn, &next)
}

/// The number is another one: what was tried with the old one does not count, and it may be right.
pub(super) fn new_number(conn: &mut Conn<'_>, referral: Id, now: Ts) -> Result<()> {
    let Some(mut next) = store::find_next(conn, referral)? else {
        return Ok(());
    };
    // Nobody was to ring a wrong number; the new one is there to be rung.
    if next.number_wrong && next.due_at.is_none() {
        next.due_at = Some(now);
    }
    next.tries = 0;
    next.number_wrong = false;
    store::put_next(conn, &next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for matter in Matter::ALL {
            assert_eq!(Matter::parse(matter.as_str()), Some(matter));
            assert!(!matter.label().is_empty());
        }
        for way in Way::ALL {
            assert_eq!(Way::parse(way.as_str()), Some(way));
        }
    }
}
