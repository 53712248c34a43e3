//! What the rules suggest, why, and what would change it.

use std::sync::Arc;

use super::opened::Opened;
use super::why::{self, Changes};
use crate::config::Locality;
use crate::inbox::words::{self, FlagWord};
use crate::triage::{FormerRules, NOT_VALIDATED, RuleSet, booking_meaning, step_meaning};

/// The suggestion as the page says it.
pub(super) struct Suggestion {
    /// "Health and Wellbeing IAPT, Step 2, Within 10 working days".
    pub heading: String,
    pub not_validated: &'static str,
    pub flags: Vec<FlagWord>,
    pub reasons: Vec<Why>,
    pub booking: &'static str,
    pub rules_version: String,
    /// What would change it; nothing where the rules of that day cannot be read any more.
    pub changes: Option<Changes>,
}

/// One rule that spoke.
pub(super) struct Why {
    pub rule: String,
    pub text: String,
    pub source: String,
    /// "PHQ-9 item 9: 2"; empty where what it looked at is not known.
    pub looked_at: String,
    /// The sentences with words that worry, as they were typed; empty for every other rule.
    pub sentences: Vec<String>,
}

impl Suggestion {
    pub fn of(opened: &Opened, locality: &Locality, former: &FormerRules) -> Suggestion {
        let sheet = &opened.view.case_sheet;
        let decision = &sheet.decision;
        let rules: Option<Arc<RuleSet>> = opened
            .rules_text
            .as_ref()
            .and_then(|text| former.read(&decision.rules_version, text, &locality.long_term_conditions));
        Suggestion {
            heading: format!(
                "{}, {}, {}",
                words::service(locality, decision.service),
                step_meaning(decision.step),
                words::urgency(decision.priority).text
            ),
            not_validated: NOT_VALIDATED,
            flags: words::flags(decision.flags.iter().map(String::as_str)),
            reasons: why::reasons(&opened.view, rules.as_deref(), locality),
            booking: booking_meaning(decision.booking),
            rules_version: decision.rules_version.clone(),
            changes: rules.map(|rules| Changes::of(sheet, &rules, locality)),
        }
    }
}
