//! Where each fact comes from: the question, the person or the part of the system that knows it. The table of
//! ARCHITECTURE.md is this one; a test changes each question's answer and fails for a fact that does not move.

use crate::questionnaire::Question;

/// Who or what knows a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A question of the patient's journey.
    Asked(Question),
    /// The follow-up on the help page.
    HelpPage,
    /// The list of risk words, held against all free text.
    FreeText,
    /// The door the referral came through.
    Door,
    /// The slip.
    Slip,
    /// The locality file.
    Locality,
}

/// Every fact key with its origin, in the order of the domain facts, section 4.
pub const ORIGINS: [(&str, Origin); 31] = [
    ("age", Origin::Asked(Question::BirthDate)),
    ("min_age", Origin::Locality),
    ("gp_in_area", Origin::Asked(Question::GpSurgery)),
    ("agreed", Origin::Asked(Question::Agreement)),
    ("source", Origin::Door),
    ("pad_target", Origin::Slip),
    ("crisis_now", Origin::Asked(Question::Safety)),
    ("keep_safe", Origin::HelpPage),
    ("phq9", Origin::Asked(Question::Phq9)),
    ("gad7", Origin::Asked(Question::Gad7)),
    ("wsas", Origin::Asked(Question::Wsas)),
    ("harm_to_others", Origin::Asked(Question::SafetyTicks)),
    ("safeguarding", Origin::Asked(Question::SafetyTicks)),
    ("free_text_risk", Origin::FreeText),
    ("psychosis_mania", Origin::Asked(Question::SafetyTicks)),
    ("spine_red_flag", Origin::Asked(Question::Spine)),
    ("secondary_mh", Origin::Asked(Question::CareTicks)),
    ("substance_main", Origin::Asked(Question::CareTicks)),
    ("eating_disorder", Origin::Asked(Question::CareTicks)),
    ("step2_no_benefit", Origin::Asked(Question::CareTicks)),
    ("perinatal", Origin::Asked(Question::LifeTicks)),
    ("work_affected", Origin::Asked(Question::LifeTicks)),
    ("bsl", Origin::Asked(Question::Needs)),
    ("format_need", Origin::Asked(Question::Needs)),
    ("no_voicemail", Origin::Asked(Question::Contact)),
    ("problem", Origin::Asked(Question::Problem)),
    ("ltc", Origin::Asked(Question::LongTerm)),
    ("ltc_linked", Origin::Asked(Question::Linked)),
    ("pain_weeks", Origin::Asked(Question::PainLength)),
    ("veteran", Origin::Asked(Question::LifeTicks)),
    ("interpreter", Origin::Asked(Question::Needs)),
];

impl Origin {
    /// In words, for the table of ARCHITECTURE.md.
    pub fn words(self) -> String {
        match self {
            Origin::Asked(question) => {
                let page = question.page().number();
                format!("the patient, page {page} of the form ({question:?})")
            }
            Origin::HelpPage => "the patient, on the help page".to_owned(),
            Origin::FreeText => {
                "`risk_words` of locality.toml and those always looked for, held against all free text"
                    .to_owned()
            }
            Origin::Door => "the door the referral came through, or `source` in the API".to_owned(),
            Origin::Slip => "the slip".to_owned(),
            Origin::Locality => "locality.toml".to_owned(),
        }
    }
}

/// The table of ARCHITECTURE.md: one row for each fact.
pub fn facts_table() -> String {
    let rows = ORIGINS
        .iter()
        .map(|(key, origin)| format!("| `{key}` | {} |\n", origin.words()));
    ["| fact | comes from |\n|---|---|\n".to_owned()]
        .into_iter()
        .chain(rows)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_in_the_architecture_page_is_this_one() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/ARCHITECTURE.md");
        // The page is written after the rooms stand; from then on its table may not drift.
        let Ok(text) = std::fs::read_to_string(page) else {
            return;
        };
        assert!(
            text.contains(&facts_table()),
            "ARCHITECTURE.md must hold this table:\n{}",
            facts_table()
        );
    }
}
