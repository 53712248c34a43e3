//! The service's record system (iaptus, PCMIS), as far as a hand-over has to speak its language.

use serde::Deserialize;

/// What it is called, how soon a referral is entered there, and which codes it takes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecordSystem {
    /// What colleagues call it.
    pub name: String,
    /// Calendar days from accepting to entering; a referral that waits longer is overdue.
    pub enter_within_days: u8,
    /// Source of referral of somebody who refers themselves (NHS Talking Therapies data set v2.1,
    /// SourceOfReferralIAPT).
    pub source_self: String,
    /// Of a physiotherapist. The data set has no code for one: A3 or H2 by local decision.
    pub source_physio: String,
    /// Of a GP.
    pub source_gp: String,
    /// Of a carer.
    pub source_carer: String,
}

impl Default for RecordSystem {
    fn default() -> Self {
        Self {
            name: "the record system".to_owned(),
            enter_within_days: 2,
            source_self: "B1".to_owned(),
            source_physio: "A3".to_owned(),
            source_gp: "A1".to_owned(),
            source_carer: "B2".to_owned(),
        }
    }
}

impl RecordSystem {
    /// The first key that cannot be right, and why.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if self.name.trim().is_empty() {
            return Err(("name", "the record system needs a name"));
        }
        if self.enter_within_days == 0 {
            return Err(("enter_within_days", "must be at least 1"));
        }
        let code = "must be a code of the data set: a letter and a digit, such as B1";
        for (key, value) in [
            ("source_self", &self.source_self),
            ("source_physio", &self.source_physio),
            ("source_gp", &self.source_gp),
            ("source_carer", &self.source_carer),
        ] {
            if !is_source_code(value) {
                return Err((key, code));
            }
        }
        Ok(())
    }
}

fn is_source_code(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, digit] if letter.is_ascii_uppercase() && digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locality_that_says_nothing_gets_the_codes_of_the_data_set() {
        let usual = RecordSystem::default();
        assert_eq!(usual.check(), Ok(()));
        assert_eq!(
            (usual.source_self.as_str(), usual.source_physio.as_str()),
            ("B1", "A3")
        );
    }

    #[test]
    fn what_cannot_be_right_is_named() {
        let refused = |system: RecordSystem| system.check().err().map(|(key, _)| key);
        let usual = RecordSystem::default;
        for wrong in ["", "B", "b1", "B12", "Physio"] {
            let source_physio = wrong.to_owned();
            assert_eq!(
                refused(RecordSystem {
                    source_physio,
                    ..usual()
                }),
                Some("source_physio"),
                "{wrong}"
            );
        }
        let enter_within_days = 0;
        assert_eq!(
            refused(RecordSystem {
                enter_within_days,
                ..usual()
            }),
            Some("enter_within_days")
        );
    }
}
