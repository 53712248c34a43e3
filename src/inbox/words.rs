//! Short words for lists: how soon, which service, what to know. Never a diagnosis and never a grade of risk.

use crate::config::{Locality, ServiceName};
use crate::triage::{Priority, Source, flag_meaning, is_safety_flag};

/// A coloured word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub text: &'static str,
    /// A colour that the macro `tag` knows.
    pub colour: &'static str,
}

/// How soon somebody looks.
pub(super) fn urgency(priority: Priority) -> Tag {
    let (text, colour) = match priority {
        Priority::P1 => ("Now", "red"),
        Priority::P2 => ("Today or tomorrow", "orange"),
        Priority::P3 => ("Within 14 days", "blue"),
        Priority::P4 => ("Routine", "grey"),
    };
    Tag { text, colour }
}

/// The same once contact was made and nothing is owed: urgency fades after contact, and only then.
pub(super) fn urgency_after_contact(priority: Priority) -> Tag {
    match priority {
        Priority::P1 | Priority::P2 => Tag {
            text: "Was urgent",
            colour: "grey",
        },
        Priority::P3 | Priority::P4 => urgency(priority),
    }
}

/// The service as staff call it.
pub(super) fn service(locality: &Locality, service: ServiceName) -> &str {
    &locality.service(service).staff_name
}

/// Who referred, as staff say it.
pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Patient => "Self-referral",
        Source::Physio => "Physiotherapist with the patient",
        Source::Gp => "GP",
        Source::Carer => "Carer or helper",
    }
}

/// The flags a list can be narrowed to, with their short words, safety first: those that ship, and those that the rules
/// in force raise beside them.
pub(super) fn known_flags(in_force: &[String]) -> Vec<(String, String)> {
    let shipped = SHORT.iter().map(|(known, _)| *known);
    let own = in_force.iter().map(String::as_str).filter(|own| !is_shipped(own));
    let mut all: Vec<(usize, FlagWord, &str)> = shipped
        .chain(own)
        .map(|raised| {
            let (rank, word) = flag(raised);
            (rank, word, raised)
        })
        .collect();
    all.sort_by(|(one, a, _), (two, b, _)| (!a.safety, one, &a.short).cmp(&(!b.safety, two, &b.short)));
    let all = all.into_iter();
    all.map(|(_, word, raised)| (raised.to_owned(), word.short))
        .collect()
}

fn is_shipped(raised: &str) -> bool {
    SHORT.iter().any(|(known, _)| *known == raised)
}

/// A flag as lists and pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FlagWord {
    /// Two or three words.
    pub short: String,
    /// A sentence.
    pub meaning: String,
    /// Whether it is about somebody's safety: such flags come first and stand out.
    pub safety: bool,
    /// Whether it is about the totals of the questionnaires.
    pub about_scores: bool,
}

/// Short words for the flags of the shipped rules and those added outside the rules, safety first.
const SHORT: [(&str, &str); 38] = [
    ("RISK_CRISIS", "May not be safe now"),
    ("RISK_ITEM9", "Thoughts of self-harm"),
    ("RISK_OTHERS", "Harm to others"),
    ("SPINE_RED_FLAG", "New spine symptom"),
    ("SAFEGUARDING", "Safeguarding"),
    ("PSYCHOSIS_MANIA", "Unusual experiences"),
    ("RISK_FREE_TEXT", "Worrying words"),
    ("RISK_ALIKE", "Worry in another referral"),
    ("RISK_UNKNOWN", "Safety not known"),
    ("RISK_NOT_ASKED", "Safety not asked"),
    ("RULE_FAILED", "A rule failed"),
    ("PERINATAL", "Perinatal"),
    ("NEEDS_CHECKING", "Details to check"),
    ("NO_AGREEMENT", "Not agreed"),
    ("UNDER_16", "Under 16"),
    ("UNDER_MIN_AGE", "Under age"),
    ("OUT_OF_AREA", "Out of area"),
    ("SECONDARY_CARE", "Mental health team"),
    ("SUBSTANCE_MAIN", "Alcohol or drugs"),
    ("EATING_DISORDER", "Eating"),
    ("INTERPRETER", "Interpreter"),
    ("BSL", "BSL"),
    ("FORMAT", "Other format"),
    ("NO_VOICEMAIL", "No voicemail"),
    ("GP_UNCONFIRMED", "GP to confirm"),
    ("LTC_PRESENT", "Condition, not linked"),
    ("PATHWAY_CONFIRM", "Pathway to confirm"),
    ("REFERRER_DIFFERS", "Referrer ticked other"),
    ("SEVERE", "PHQ-9 20 or more"),
    ("MORE_SEVERE", "PHQ-9 16 to 19"),
    ("SUBTHRESHOLD", "Scores under threshold"),
    ("SCORES_MISSING", "No total"),
    ("VETERAN", "Armed forces"),
    ("EMPLOYMENT", "Work at risk"),
    ("SLIP_USED", "Slip used before"),
    ("SLIP_VOID", "Slip void"),
    ("SLIP_EXPIRED", "Slip expired"),
    ("SLIP_UNKNOWN", "Slip not known"),
];

/// The flags of a row of a list. Beside a safety flag the scores are left out: nothing in a list weighs one against
/// the other, and a total under a threshold must not calm anybody.
pub(super) fn list_flags<'a>(raised: impl IntoIterator<Item = &'a str>) -> Vec<FlagWord> {
    let words = flags(raised);
    let is_worrying = words.iter().any(|word| word.safety);
    let told = words
        .into_iter()
        .filter(|word| !is_worrying || !word.about_scores);
    told.collect()
}

/// The flags of a row (words with spaces between) as words, safety first, then in the order above; flags of the
/// service's own rules come last with their own name.
pub(super) fn flags<'a>(raised: impl IntoIterator<Item = &'a str>) -> Vec<FlagWord> {
    let mut ranked: Vec<(usize, FlagWord)> = raised.into_iter().map(flag).collect();
    ranked.sort_by(|(one, a), (two, b)| (!a.safety, one, &a.short).cmp(&(!b.safety, two, &b.short)));
    ranked.into_iter().map(|(_, word)| word).collect()
}

fn flag(raised: &str) -> (usize, FlagWord) {
    let rank = SHORT.iter().position(|(known, _)| *known == raised);
    let short = rank.and_then(|rank| SHORT.get(rank)).map(|(_, short)| *short);
    let own_name = || raised.to_lowercase().replace('_', " ");
    let word = FlagWord {
        short: short.map_or_else(own_name, str::to_owned),
        meaning: meaning(raised).map_or_else(own_name, str::to_owned),
        safety: is_safety_flag(raised),
        about_scores: matches!(
            raised,
            "SEVERE" | "MORE_SEVERE" | "SUBTHRESHOLD" | "SCORES_MISSING"
        ),
    };
    (rank.unwrap_or(SHORT.len()), word)
}

fn meaning(raised: &str) -> Option<&'static str> {
    match raised {
        "SLIP_UNKNOWN" => Some("The code belongs to no slip"),
        "RISK_ALIKE" => Some("Another referral that may be about the same person brought a new risk answer"),
        known => flag_meaning(known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::FLAGS;

    #[test]
    fn every_known_flag_has_a_short_word() {
        for (known, _) in FLAGS {
            assert!(SHORT.iter().any(|(flag, _)| *flag == known), "{known}");
        }
    }

    #[test]
    fn safety_stands_first_and_an_unknown_flag_last() {
        let words = flags([
            "EMPLOYMENT",
            "OWN_RULE",
            "RISK_ITEM9",
            "PERINATAL",
            "SAFEGUARDING",
        ]);
        let short: Vec<&str> = words.iter().map(|word| word.short.as_str()).collect();
        assert_eq!(
            short,
            [
                "Thoughts of self-harm",
                "Safeguarding",
                "Perinatal",
                "Work at risk",
                "own rule"
            ]
        );
        assert!(words[1].safety && !words[2].safety);
    }

    #[test]
    fn a_low_total_never_stands_beside_a_worry_in_a_list() {
        let told = |raised: &[&'static str]| list_flags(raised.iter().copied()).len();
        assert_eq!(told(&["SUBTHRESHOLD", "RISK_ITEM9"]), 1);
        assert_eq!(told(&["SUBTHRESHOLD", "VETERAN"]), 2);
    }

    #[test]
    fn no_word_grades_risk_or_reassures() {
        let priorities = Priority::ALL.iter().map(|priority| urgency(*priority).text);
        for word in priorities.chain(SHORT.iter().map(|(_, short)| *short)) {
            for grade in ["low", "risk", "safe to", "no concern", "fine"] {
                let told = word.to_lowercase();
                assert!(!told.contains(grade) || word == "Work at risk", "{word}");
            }
        }
    }
}
