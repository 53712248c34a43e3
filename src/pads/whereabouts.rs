//! Where a pad is, and where it may go from there. Pure.

/// Where the paper of a pad is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Custody {
    /// Minted, and still in the house.
    House,
    /// Handed to the clinic whose name it carries.
    Clinic,
    /// Handed to a named physio of that clinic.
    Physio,
    /// Counted back.
    Returned,
    /// Reported lost: nothing on it can be used any more.
    Lost,
}

impl Custody {
    /// All places.
    pub const ALL: [Custody; 5] = [
        Custody::House,
        Custody::Clinic,
        Custody::Physio,
        Custody::Returned,
        Custody::Lost,
    ];

    /// The places a pad may go to from here. From one physio to another is a move; to the same one is none.
    pub fn may_become(self) -> &'static [Custody] {
        match self {
            Custody::House => &[Custody::Clinic, Custody::Physio, Custody::Lost],
            Custody::Clinic => &[Custody::Physio, Custody::Returned, Custody::Lost],
            Custody::Physio => &[Custody::Physio, Custody::Clinic, Custody::Returned, Custody::Lost],
            Custody::Returned => &[Custody::Clinic, Custody::Physio, Custody::Lost],
            // Found again and counted. Its slips stay what they became.
            Custody::Lost => &[Custody::Returned],
        }
    }

    /// Whether a pad may go from here to there.
    pub fn may_go_to(self, to: Custody) -> bool {
        self.may_become().contains(&to)
    }

    /// The word in `pad.custody`; whether a handed pad is with a physio stands in `pad.physio_id`.
    pub fn as_stored(self) -> &'static str {
        match self {
            Custody::House => "minted",
            Custody::Clinic | Custody::Physio => "handed",
            Custody::Returned => "returned",
            Custody::Lost => "lost",
        }
    }

    /// Reads what is stored.
    pub fn of_stored(word: &str, has_physio: bool) -> Option<Self> {
        match (word, has_physio) {
            ("minted", _) => Some(Custody::House),
            ("handed", false) => Some(Custody::Clinic),
            ("handed", true) => Some(Custody::Physio),
            ("returned", _) => Some(Custody::Returned),
            ("lost", _) => Some(Custody::Lost),
            _ => None,
        }
    }

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Custody::House => "house",
            Custody::Clinic => "clinic",
            Custody::Physio => "physio",
            Custody::Returned => "returned",
            Custody::Lost => "lost",
        }
    }

    /// How it is said to the physio who has it, or had it.
    pub fn label_for_holder(self) -> &'static str {
        match self {
            Custody::House | Custody::Clinic => "Not with you",
            Custody::Physio => "With you",
            Custody::Returned => "Counted back",
            Custody::Lost => "Reported lost",
        }
    }

    /// How staff say it.
    pub fn label(self) -> &'static str {
        match self {
            Custody::House => "In the house",
            Custody::Clinic => "At the clinic",
            Custody::Physio => "With a physiotherapist",
            Custody::Returned => "Counted back",
            Custody::Lost => "Lost",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        for custody in Custody::ALL {
            let has_physio = custody == Custody::Physio;
            assert_eq!(Custody::of_stored(custody.as_stored(), has_physio), Some(custody));
        }
    }

    #[test]
    fn a_pad_never_returns_to_unminted_and_a_lost_one_only_comes_back_by_count() {
        for custody in Custody::ALL {
            assert!(!custody.may_go_to(Custody::House), "{custody:?}");
            assert_eq!(custody.may_go_to(Custody::Lost), custody != Custody::Lost);
        }
        assert_eq!(Custody::Lost.may_become(), [Custody::Returned]);
    }
}
