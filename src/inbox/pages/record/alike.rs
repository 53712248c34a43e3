//! Referrals that may be about the same person.

use jiff::civil::Date;

use super::opened::Opened;
use crate::inbox::who::{born, name_of};
use crate::referrals::LookAlike;
use crate::web::paths;

/// One row of them.
pub(super) struct Alike {
    pub url: String,
    pub reference: String,
    pub name: String,
    pub born: String,
    pub state: &'static str,
    pub received: String,
}

/// All of them.
pub(super) fn alike(opened: &Opened, today: Date) -> Vec<Alike> {
    opened.alike.iter().map(|other| row(other, today)).collect()
}

fn row(other: &LookAlike, today: Date) -> Alike {
    Alike {
        url: paths::referral(other.reference.as_str()),
        reference: other.reference.to_string(),
        name: name_of(&other.person),
        born: born(other.person.date_of_birth, today),
        state: other.state.label(),
        received: other.received_at.display_date(),
    }
}
