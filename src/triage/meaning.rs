//! Words for staff: what a score, a flag, a priority or an unanswered question means. Never a diagnosis, never a
//! grade of risk, and nothing that reassures.

use super::decision::{Priority, SelfBooking, Step};
use super::facts::Facts;
use crate::questionnaire::{GAD7_CASENESS, PHQ9_CASENESS, gad7_band, phq9_band, wsas_band};

/// Stands wherever a decision is shown.
pub const NOT_VALIDATED: &str =
    "A suggestion by rules that are not clinically validated. A named person decides.";

/// Whether a flag is about somebody's safety: such flags come first, stand out, and keep a referral on the lists.
pub fn is_safety_flag(raised: &str) -> bool {
    raised.starts_with("RISK_")
        || matches!(
            raised,
            "SAFEGUARDING" | "SPINE_RED_FLAG" | "PSYCHOSIS_MANIA" | "RULE_FAILED"
        )
}

/// One questionnaire's result, for the page of a referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreLine {
    /// "PHQ-9".
    pub name: &'static str,
    /// The whole line: "12 of 27, moderate, at or above the threshold of 10".
    pub told: String,
}

/// The results of the questionnaires, in order; one not answered says so.
pub fn score_lines(facts: &Facts) -> Vec<ScoreLine> {
    let phq = (
        facts.phq9.map(|items| skipped(&items)),
        facts.phq9_total(),
        27,
        PHQ9_CASENESS,
    );
    let gad = (
        facts.gad7.map(|items| skipped(&items)),
        facts.gad7_total(),
        21,
        GAD7_CASENESS,
    );
    let wsas = match (facts.wsas, facts.wsas.and_then(|wsas| wsas.score())) {
        (None, _) => None,
        (Some(_), None) => Some("no total: an item was skipped".to_owned()),
        (Some(_), Some(score)) if score.of < 40 => Some(format!(
            "{} of {} (work does not apply), {}",
            score.sum,
            score.of,
            wsas_band(score.sum)
        )),
        (Some(_), Some(score)) => Some(format!("{} of {}, {}", score.sum, score.of, wsas_band(score.sum))),
    };
    let line = |name, told| ScoreLine { name, told };
    let mut lines = vec![
        line("PHQ-9", told(phq, |total| phq9_band(total).label())),
        line("GAD-7", told(gad, |total| gad7_band(total).label())),
    ];
    lines.extend(wsas.map(|told| line("WSAS", told)));
    lines
}

fn skipped(items: &[Option<u8>]) -> usize {
    items.iter().filter(|item| item.is_none()).count()
}

/// One result in words, from how many items were skipped, the total, its maximum and the threshold.
fn told(
    (skipped, total, of, threshold): (Option<usize>, Option<u8>, u8, u8),
    band: impl Fn(u8) -> &'static str,
) -> String {
    match (skipped, total) {
        (None, _) => "not answered".to_owned(),
        (Some(1), None) => "no total: 1 item was skipped".to_owned(),
        (Some(n), None) => format!("no total: {n} items were skipped"),
        (Some(_), Some(total)) => {
            let side = if total >= threshold {
                "at or above"
            } else {
                "below"
            };
            format!(
                "{total} of {of}, {}, {side} the threshold of {threshold}",
                band(total)
            )
        }
    }
}

/// How soon, in words.
pub fn priority_meaning(priority: Priority) -> &'static str {
    match priority {
        Priority::P1 => "Contact today",
        Priority::P2 => "Read today, contact by the end of the next working day",
        Priority::P3 => "Read within 2 working days, assess within 14 days",
        Priority::P4 => "Read within 2 working days, contact within 10 working days",
    }
}

/// The step, in words.
pub fn step_meaning(step: Step) -> &'static str {
    match step {
        Step::Two => "Step 2",
        Step::Three => "Step 3",
        Step::Assess => "Assess first",
    }
}

/// What may be self-booked, in words.
pub fn booking_meaning(booking: SelfBooking) -> &'static str {
    match booking {
        SelfBooking::None => "The team books",
        SelfBooking::Assessment => "May book an assessment",
        SelfBooking::Course => "May book a place on a course",
    }
}

/// Every flag with its meaning: those of the shipped rules, then those added from outside the rules.
pub const FLAGS: [(&str, &str); 36] = [
    ("RISK_CRISIS", "Says they may not be safe now"),
    ("RISK_ITEM9", "Reported thoughts of death or self-harm"),
    ("RISK_UNKNOWN", "Safety question left out or not answered"),
    ("RISK_NOT_ASKED", "Nobody has asked about safety"),
    ("RISK_OTHERS", "Thoughts of harming someone else"),
    ("RISK_FREE_TEXT", "Words in the free text may point to risk"),
    ("SAFEGUARDING", "Harm, control or neglect reported"),
    ("PSYCHOSIS_MANIA", "Experiences that need another service first"),
    (
        "SPINE_RED_FLAG",
        "New spine symptom: same-day physical assessment",
    ),
    ("PERINATAL", "Pregnant or a baby under 12 months"),
    ("NO_AGREEMENT", "Has not agreed to be referred"),
    ("UNDER_16", "Under 16"),
    ("UNDER_MIN_AGE", "Younger than the minimum age"),
    ("OUT_OF_AREA", "GP surgery outside the area"),
    ("SECONDARY_CARE", "Under a mental health team"),
    ("SUBSTANCE_MAIN", "Alcohol or drugs are the main problem"),
    ("EATING_DISORDER", "Reports an eating disorder"),
    ("GP_UNCONFIRMED", "GP surgery to be confirmed"),
    ("LTC_PRESENT", "Long-term condition, not linked"),
    (
        "PATHWAY_CONFIRM",
        "Confirm that a pathway exists for the condition",
    ),
    ("REFERRER_DIFFERS", "The referrer ticked the other service"),
    ("SEVERE", "PHQ-9 of 20 to 27"),
    ("MORE_SEVERE", "PHQ-9 of 16 to 19"),
    (
        "SUBTHRESHOLD",
        "PHQ-9 and GAD-7 below their thresholds; still welcome",
    ),
    ("SCORES_MISSING", "PHQ-9 or GAD-7 has no total"),
    ("VETERAN", "Served in the armed forces"),
    ("EMPLOYMENT", "Off sick, or job at risk"),
    ("INTERPRETER", "Needs an interpreter"),
    ("BSL", "Uses British Sign Language"),
    ("FORMAT", "Needs another format"),
    ("NO_VOICEMAIL", "Do not leave a voicemail"),
    ("RULE_FAILED", "A rule could not be evaluated: a person must look"),
    ("SLIP_USED", "The slip had been used by someone else"),
    ("SLIP_VOID", "The slip had been made void"),
    ("SLIP_EXPIRED", "The slip had expired"),
    ("NEEDS_CHECKING", "Some details need checking"),
];

/// What a flag means; a flag of the service's own rules may have no words here.
pub fn flag_meaning(flag: &str) -> Option<&'static str> {
    FLAGS
        .iter()
        .find(|(known, _)| *known == flag)
        .map(|(_, meaning)| *meaning)
}

/// The question behind a fact nobody asked about, for "not asked: …".
pub fn unasked_meaning(key: &str) -> Option<&'static str> {
    Some(match key {
        "crisis_now" => "whether they are safe now",
        "keep_safe" => "whether they can keep themselves safe",
        "phq9" => "PHQ-9, with thoughts of death or self-harm",
        "harm_to_others" => "thoughts of harming someone else",
        "safeguarding" => "harm, control or neglect",
        "psychosis_mania" => "unusual experiences",
        "spine_red_flag" => "new numbness, bladder or bowel change, weak legs",
        "agreed" => "agreement to be referred",
        "age" => "date of birth",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::{RULE_FAILED, RuleSet, Wsas};

    #[test]
    fn scores_are_told_with_band_and_threshold() {
        let facts = Facts {
            phq9: Some([2, 2, 2, 2, 2, 0, 0, 0, 0].map(Some)),
            gad7: Some([1; 7].map(Some)),
            wsas: Some(Wsas::Items([None, Some(4), Some(4), Some(4), Some(4)])),
            ..Facts::default()
        };
        let told: Vec<String> = score_lines(&facts).into_iter().map(|line| line.told).collect();
        assert_eq!(
            told,
            [
                "10 of 27, moderate, at or above the threshold of 10",
                "7 of 21, mild, below the threshold of 8",
                "16 of 32 (work does not apply), significant",
            ]
        );
    }

    #[test]
    fn what_is_missing_is_said() {
        let mut phq9 = [Some(1); 9];
        phq9[2] = None;
        let facts = Facts {
            phq9: Some(phq9),
            ..Facts::default()
        };
        let told: Vec<String> = score_lines(&facts).into_iter().map(|line| line.told).collect();
        assert_eq!(told, ["no total: 1 item was skipped", "not answered"]);
    }

    #[test]
    fn every_flag_of_the_shipped_rules_has_its_words() {
        let rules = RuleSet::shipped(&[]).unwrap_or_else(|wrong| panic!("{wrong}"));
        for flag in rules.rules.iter().flat_map(|rule| &rule.then.flags) {
            assert!(flag_meaning(flag).is_some(), "{flag}");
        }
        assert!(flag_meaning(RULE_FAILED).is_some());
        assert_eq!(flag_meaning("SOMETHING"), None);
    }

    #[test]
    fn no_words_for_staff_grade_risk_or_reassure() {
        for (flag, meaning) in FLAGS {
            for word in ["low risk", "high risk", "no risk", "diagnos"] {
                assert!(!meaning.to_lowercase().contains(word), "{flag}");
            }
        }
    }
}
