//! Why: what each rule that spoke looked at, and the smallest single change that would turn each part of the
//! suggestion. Worked out from the facts as given and the rules of that day when somebody opens the page.

use std::sync::Arc;

use super::suggestion::Why;
use crate::config::Locality;
use crate::referrals::{CaseSheet, ReferralView, worrying_sentences};
use crate::triage::{Looked, RuleSet, Turn, decide, looked_at, what_would_change};

/// The rule that looks at the free text (domain facts, section 4).
const FREE_TEXT: &str = "A8";
/// Said of a rule that is the last of its group.
const LAST: &str = "No fact: it speaks where no rule above it in its group does";
/// Said where answers came more than once, and an earlier suggestion still stands.
const KEPT: &str = "It was kept from earlier answers, so the latest answers do not say what would change it.";

/// The reasons as stored, each with what its rule looked at, and the sentences that worried.
pub(super) fn reasons(view: &ReferralView, rules: Option<&RuleSet>, locality: &Locality) -> Vec<Why> {
    let sheet = &view.case_sheet;
    let looked = match rules {
        Some(rules) => looked_at(rules, &sheet.facts, &sheet.not_asked, locality),
        None => Vec::new(),
    };
    let reasons = sheet.decision.reasons.iter().map(|reason| Why {
        rule: reason.rule.clone(),
        text: reason.text.clone(),
        source: reason.source.clone(),
        looked_at: words(&looked, &reason.rule),
        sentences: match reason.rule.as_str() {
            FREE_TEXT => worrying_sentences(view, &locality.risk_words),
            _ => Vec::new(),
        },
    });
    reasons.collect()
}

/// A reason kept from earlier answers has no rule that speaks now: nothing is said of what it looked at then.
fn words(looked: &[Looked], rule: &str) -> String {
    match looked.iter().find(|looked| looked.rule == rule) {
        Some(looked) if looked.at.is_empty() => LAST.to_owned(),
        Some(looked) => looked.at.join(". "),
        None => String::new(),
    }
}

/// What would change each part.
pub(super) struct Changes {
    pub parts: Vec<PartChange>,
}

/// What would change one part.
pub(super) struct PartChange {
    /// "Service".
    pub part: &'static str,
    /// What stands: "Core IAPT".
    pub now: String,
    pub told: String,
}

impl Changes {
    pub fn of(sheet: &CaseSheet, rules: &Arc<RuleSet>, locality: &Locality) -> Changes {
        let (stored, again) = (&sheet.decision, decide(rules, &sheet.facts));
        let what_if = what_would_change(rules, &sheet.facts, locality);
        let part = |part, now: &str, same: bool, turn: &Turn| PartChange {
            part,
            now: now.to_owned(),
            told: if same { told(turn) } else { KEPT.to_owned() },
        };
        let service = &locality.service(stored.service).staff_name;
        let step = crate::triage::step_meaning(stored.step);
        let booking = crate::triage::booking_meaning(stored.booking);
        Changes {
            parts: vec![
                part(
                    "Service",
                    service,
                    stored.service == again.service,
                    &what_if.service,
                ),
                part("Step", step, stored.step == again.step, &what_if.step),
                part(
                    "Booking",
                    booking,
                    stored.booking == again.booking,
                    &what_if.booking,
                ),
            ],
        }
    }
}

/// "With GAD-7 item 1 at 3 (total 15) instead of 2 (total 14), these rules suggest: Step 3."
fn told(turn: &Turn) -> String {
    match turn {
        Turn::Change(change) => {
            let also = match change.also.as_slice() {
                [] => String::new(),
                also => format!(" It would also change the {}.", also.join(" and the ")),
            };
            format!(
                "Where the answer is “{}: {}” instead of “{}”, these rules suggest: {}.{also}",
                change.fact, change.to, change.from, change.becomes
            )
        }
        Turn::SafetyRule | Turn::Sooner | Turn::Age | Turn::Agreement | Turn::Nothing => {
            turn.told().to_owned()
        }
    }
}
