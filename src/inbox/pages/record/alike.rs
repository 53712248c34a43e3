//! Referrals that are, or may be, about the same person: what a person has said, and what still waits to be said.

use jiff::civil::Date;

use super::opened::Opened;
use crate::inbox::who::{born, name_of};
use crate::referrals::{LookAlike, Verdict};
use crate::web::paths;

/// One row of them.
pub(super) struct Alike {
    /// The page that shows both.
    pub url: String,
    pub reference: String,
    pub name: String,
    pub born: String,
    pub state: &'static str,
    pub received: String,
    /// What a person said about the two.
    pub said: &'static str,
}

const SAME: &str = "The same person";
const APART: &str = "Not the same person";
const UNSAID: &str = "Nobody has said";

impl Alike {
    /// Whether a person told the two apart.
    pub fn is_apart(&self) -> bool {
        self.said == APART
    }
}

/// Those that are linked, and those that nobody has told apart.
pub(super) fn alike(opened: &Opened, today: Date) -> Vec<Alike> {
    let rows = opened.alike.iter().map(|other| row(opened, other, today));
    rows.collect()
}

fn row(opened: &Opened, other: &LookAlike, today: Date) -> Alike {
    let said = opened.links.iter().find(|link| link.other == other.id);
    Alike {
        url: paths::referral_alike(opened.view.reference.as_str(), other.reference.as_str()),
        reference: other.reference.to_string(),
        name: name_of(&other.person),
        born: born(other.person.date_of_birth, today),
        state: other.state.label(),
        received: other.received_at.display_date(),
        said: match said.map(|link| link.verdict) {
            Some(Verdict::Same) => SAME,
            Some(Verdict::Apart) => APART,
            None => UNSAID,
        },
    }
}

/// How many wait for somebody to say.
pub(super) fn unsaid(rows: &[Alike]) -> usize {
    rows.iter().filter(|row| row.said == UNSAID).count()
}
