//! Where each fact comes from: the question, the person or the part of the system that knows it. The table of
//! ARCHITECTURE.md is this one; a test changes each question's answer and fails for a fact that does not move.

use crate::questionnaire::Page;

/// Who or what knows a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A page of the patient's journey.
    Page(Page),
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
    ("age", Origin::Page(Page::BirthDate)),
    ("min_age", Origin::Locality),
    ("gp_in_area", Origin::Page(Page::Eligibility)),
    ("agreed", Origin::Page(Page::Agreement)),
    ("source", Origin::Door),
    ("pad_target", Origin::Slip),
    ("crisis_now", Origin::Page(Page::Safety)),
    ("keep_safe", Origin::HelpPage),
    ("phq9", Origin::Page(Page::Phq9)),
    ("gad7", Origin::Page(Page::Gad7)),
    ("wsas", Origin::Page(Page::Wsas)),
    ("harm_to_others", Origin::Page(Page::SafetyTicks)),
    ("safeguarding", Origin::Page(Page::SafetyTicks)),
    ("free_text_risk", Origin::FreeText),
    ("psychosis_mania", Origin::Page(Page::SafetyTicks)),
    ("spine_red_flag", Origin::Page(Page::Spine)),
    ("secondary_mh", Origin::Page(Page::CareTicks)),
    ("substance_main", Origin::Page(Page::CareTicks)),
    ("eating_disorder", Origin::Page(Page::CareTicks)),
    ("step2_no_benefit", Origin::Page(Page::CareTicks)),
    ("perinatal", Origin::Page(Page::LifeTicks)),
    ("work_affected", Origin::Page(Page::LifeTicks)),
    ("bsl", Origin::Page(Page::Needs)),
    ("format_need", Origin::Page(Page::Needs)),
    ("no_voicemail", Origin::Page(Page::Contact)),
    ("problem", Origin::Page(Page::Problem)),
    ("ltc", Origin::Page(Page::LongTerm)),
    ("ltc_linked", Origin::Page(Page::Linked)),
    ("pain_weeks", Origin::Page(Page::PainLength)),
    ("veteran", Origin::Page(Page::LifeTicks)),
    ("interpreter", Origin::Page(Page::Needs)),
];

impl Origin {
    /// In words, for the table of ARCHITECTURE.md.
    pub fn words(self) -> String {
        match self {
            Origin::Page(page) => format!("the patient, page {} of the form ({page:?})", page.number()),
            Origin::HelpPage => "the patient, on the help page".to_owned(),
            Origin::FreeText => "`risk_words` of locality.toml, held against all free text".to_owned(),
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
