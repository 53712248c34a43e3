//! The words for each name of the vocabulary: what is said when it is true, measured, answered or missing.

use crate::config::ServiceName;
use crate::questionnaire::Condition;

/// How a name is said.
pub(super) enum Phrase {
    /// True, and not true.
    Truth(&'static str, &'static str),
    /// A number: its noun, what is said when it is missing, and when it is there.
    Number(&'static str, &'static str, &'static str),
    /// An answer that is a sentence: its noun and the sentences.
    Answer(&'static str, &'static [Answered]),
    /// One of several named things: its noun and the names.
    Named(&'static str, &'static [(&'static str, &'static str)]),
    /// The long-term conditions.
    Conditions,
    /// The flags.
    Flags,
}

/// One answer as a sentence.
pub(super) struct Answered {
    /// The word in the rules.
    pub word: &'static str,
    /// What is said of it.
    pub says: &'static str,
    /// What is said of every other answer.
    pub otherwise: &'static str,
}

const fn answered(word: &'static str, says: &'static str, otherwise: &'static str) -> Answered {
    Answered {
        word,
        says,
        otherwise,
    }
}

/// Every name with its words.
const PHRASES: [(&str, Phrase); 42] = [
    (
        "age",
        Phrase::Number("the age", "the age is not known", "the age is known"),
    ),
    (
        "min_age",
        Phrase::Number(
            "the service's minimum age",
            "there is no minimum age",
            "there is a minimum age",
        ),
    ),
    (
        "gp_in_area",
        Phrase::Answer(
            "the area of the GP surgery",
            &[
                answered(
                    "yes",
                    "the GP surgery is in the area",
                    "the GP surgery is not known to be in the area",
                ),
                answered(
                    "no",
                    "the GP surgery is outside the area",
                    "the GP surgery is not known to be outside the area",
                ),
                answered(
                    "unknown",
                    "it is not known whether the GP surgery is in the area",
                    "it is known whether the GP surgery is in the area",
                ),
            ],
        ),
    ),
    (
        "agreed",
        Phrase::Truth(
            "they agreed to be referred",
            "they have not agreed to be referred",
        ),
    ),
    (
        "source",
        Phrase::Named(
            "whoever filled in the form",
            &[
                ("self", "the patient"),
                ("physio", "a physiotherapist"),
                ("gp", "a GP"),
                ("carer", "a carer"),
            ],
        ),
    ),
    (
        "pad_target",
        Phrase::Named(
            "the service the referrer ticked",
            &[("core", "core"), ("hwb", "Health and Wellbeing")],
        ),
    ),
    (
        "crisis_now",
        Phrase::Answer(
            "the answer about safety now",
            &[
                answered(
                    "yes",
                    "they say they may not be safe now",
                    "they do not say that they may not be safe now",
                ),
                answered(
                    "no",
                    "they answer no to the question about safety now",
                    "they do not answer no to the question about safety now",
                ),
                answered(
                    "prefer_not",
                    "they would rather not say whether they are safe now",
                    "they do not refuse to say whether they are safe now",
                ),
                answered(
                    "not_asked",
                    "nobody asked whether they are safe now",
                    "somebody asked whether they are safe now",
                ),
            ],
        ),
    ),
    (
        "keep_safe",
        Phrase::Answer(
            "the answer about keeping safe",
            &[
                answered(
                    "yes",
                    "they say they can keep themselves safe",
                    "they do not say that they can keep themselves safe",
                ),
                answered(
                    "no",
                    "they say they cannot keep themselves safe",
                    "they do not say that they cannot keep themselves safe",
                ),
                answered(
                    "unsure",
                    "they are not sure that they can keep themselves safe",
                    "they do not say that they are unsure of keeping themselves safe",
                ),
            ],
        ),
    ),
    (
        "phq9_started",
        Phrase::Truth("PHQ-9 was begun", "PHQ-9 was not begun"),
    ),
    (
        "phq9",
        Phrase::Number("PHQ-9", "PHQ-9 was not begun", "PHQ-9 was begun"),
    ),
    (
        "gad7",
        Phrase::Number("GAD-7", "GAD-7 was not begun", "GAD-7 was begun"),
    ),
    (
        "phq9_total",
        Phrase::Number("the PHQ-9 total", "PHQ-9 has no total", "PHQ-9 has a total"),
    ),
    (
        "item9",
        Phrase::Number(
            "item 9 of PHQ-9",
            "item 9 of PHQ-9 has no answer",
            "item 9 of PHQ-9 has an answer",
        ),
    ),
    (
        "gad7_total",
        Phrase::Number("the GAD-7 total", "GAD-7 has no total", "GAD-7 has a total"),
    ),
    (
        "wsas_total",
        Phrase::Number("the WSAS total", "WSAS has no total", "WSAS has a total"),
    ),
    (
        "harm_to_others",
        Phrase::Truth(
            "they report thoughts of harming someone else",
            "they report no thoughts of harming someone else",
        ),
    ),
    (
        "safeguarding",
        Phrase::Truth(
            "they report harm, control or neglect",
            "they report no harm, control or neglect",
        ),
    ),
    (
        "free_text_risk",
        Phrase::Truth(
            "the free text holds a word on the list of risk words",
            "the free text holds no word on the list of risk words",
        ),
    ),
    (
        "psychosis_mania",
        Phrase::Truth(
            "they report unusual experiences (psychosis or mania)",
            "they report no unusual experiences (psychosis or mania)",
        ),
    ),
    (
        "spine_red_flag",
        Phrase::Truth(
            "they report new numbness, a bladder or bowel change, or weakness in both legs",
            "they report no new numbness, bladder or bowel change, or weakness in both legs",
        ),
    ),
    (
        "secondary_mh",
        Phrase::Truth(
            "they are under a mental health team",
            "they are not under a mental health team",
        ),
    ),
    (
        "substance_main",
        Phrase::Truth(
            "alcohol or drugs are the main problem",
            "alcohol or drugs are not the main problem",
        ),
    ),
    (
        "eating_disorder",
        Phrase::Truth("they report an eating disorder", "they report no eating disorder"),
    ),
    (
        "step2_no_benefit",
        Phrase::Truth(
            "Step 2 was tried before without benefit",
            "Step 2 was not tried before without benefit",
        ),
    ),
    (
        "perinatal",
        Phrase::Truth(
            "they are pregnant or have a baby under 12 months",
            "they are not pregnant and have no baby under 12 months",
        ),
    ),
    (
        "work_affected",
        Phrase::Truth(
            "they are off sick, or the job is at risk",
            "they are not off sick and the job is not at risk",
        ),
    ),
    (
        "bsl",
        Phrase::Truth(
            "they use British Sign Language",
            "they do not use British Sign Language",
        ),
    ),
    (
        "format_need",
        Phrase::Truth(
            "they need information in another format",
            "they need no other format",
        ),
    ),
    (
        "no_voicemail",
        Phrase::Truth("no voicemail may be left", "a voicemail may be left"),
    ),
    (
        "problem",
        Phrase::Named(
            "the main problem they ticked",
            &[
                ("low_mood", "feeling low"),
                ("worry", "worrying a lot"),
                ("panic", "sudden panic"),
                ("agoraphobia", "fear of going out"),
                ("phobia", "a strong fear of one thing"),
                ("health_anxiety", "worrying about health"),
                ("social_anxiety", "fear of being with people (social anxiety)"),
                ("ptsd", "bad memories of something frightening (PTSD)"),
                ("ocd", "thoughts or acts that keep coming back (OCD)"),
                ("bdd", "worrying about looks (BDD)"),
                ("stress_ltc", "coping with pain or a health condition"),
                ("not_sure", "not sure"),
            ],
        ),
    ),
    ("ltc", Phrase::Conditions),
    (
        "has_ltc",
        Phrase::Truth(
            "they have a long-term condition",
            "they have no long-term condition",
        ),
    ),
    (
        "ltc_listed",
        Phrase::Truth(
            "one of the conditions is on the local list of pathways",
            "none of the conditions is on the local list of pathways",
        ),
    ),
    (
        "ltc_linked",
        Phrase::Answer(
            "the link with the condition",
            &[
                answered(
                    "yes",
                    "they see the condition and how they feel as linked",
                    "they do not see the condition and how they feel as surely linked",
                ),
                answered(
                    "no",
                    "they do not see the condition and how they feel as linked",
                    "the condition and how they feel are linked, or may be",
                ),
                answered(
                    "unsure",
                    "they are not sure whether the condition and how they feel are linked",
                    "they are sure whether the condition and how they feel are linked",
                ),
            ],
        ),
    ),
    (
        "pain_weeks",
        Phrase::Number(
            "the number of weeks in pain",
            "it is not known how long the pain has lasted",
            "it is known how long the pain has lasted",
        ),
    ),
    (
        "veteran",
        Phrase::Answer(
            "service in the armed forces",
            &[
                answered(
                    "no",
                    "they did not serve in the armed forces",
                    "they served in the armed forces",
                ),
                answered(
                    "yes",
                    "they served in the armed forces and do not link the problem to it",
                    "they did not serve in the armed forces, or link the problem to it",
                ),
                answered(
                    "service_related",
                    "they served in the armed forces and link the problem to it",
                    "they did not serve in the armed forces, or do not link the problem to it",
                ),
            ],
        ),
    ),
    (
        "interpreter",
        Phrase::Named("the language of the interpreter they need", &[]),
    ),
    (
        "review",
        Phrase::Truth(
            "a rule above asks for a person to review",
            "no rule above asks for a person to review",
        ),
    ),
    ("flags", Phrase::Flags),
    ("priority", Phrase::Named("the priority so far", &[])),
    (
        "service",
        Phrase::Named(
            "the service chosen",
            &[
                ("core", "core"),
                ("hwb", "Health and Wellbeing"),
                ("review", "review by a person"),
            ],
        ),
    ),
    (
        "step",
        Phrase::Named(
            "the step chosen",
            &[
                ("2", "Step 2"),
                ("3", "Step 3"),
                ("assess", "to be chosen at an assessment"),
            ],
        ),
    ),
];

/// The words for a name, if there are any.
pub(super) fn phrase(name: &str) -> Option<&'static Phrase> {
    PHRASES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, phrase)| phrase)
}

/// The noun for a name that is compared.
pub(super) fn noun(name: &str) -> Option<&'static str> {
    match phrase(name)? {
        Phrase::Number(noun, ..) | Phrase::Answer(noun, _) | Phrase::Named(noun, _) => Some(noun),
        Phrase::Truth(..) | Phrase::Conditions | Phrase::Flags => None,
    }
}

/// What is said when a name has no value, or has one.
pub(super) fn missing(name: &str, is_null: bool) -> Option<String> {
    let said = match (name, phrase(name)?) {
        ("interpreter", _) if is_null => "they need no interpreter",
        ("interpreter", _) => "they need an interpreter",
        ("pad_target", _) if is_null => "the referrer ticked no service",
        ("pad_target", _) => "the referrer ticked a service",
        ("keep_safe", _) if is_null => "nobody asked whether they can keep themselves safe",
        ("keep_safe", _) => "they were asked whether they can keep themselves safe",
        ("service", _) if is_null => "no service is chosen yet",
        ("service", _) => "a service is chosen",
        ("step", _) if is_null => "no step is chosen yet",
        ("step", _) => "a step is chosen",
        (_, Phrase::Number(_, missing, there)) => {
            if is_null {
                missing
            } else {
                there
            }
        }
        (
            _,
            Phrase::Truth(..) | Phrase::Answer(..) | Phrase::Named(..) | Phrase::Conditions | Phrase::Flags,
        ) => {
            return None;
        }
    };
    Some(said.to_owned())
}

/// A service in words; what staff call it differs from town to town, so this is the plain one.
pub(super) fn service(service: ServiceName) -> &'static str {
    match service {
        ServiceName::Core => "core",
        ServiceName::Hwb => "Health and Wellbeing",
        ServiceName::Review => "review by a person",
    }
}

/// A long-term condition in words.
pub(super) fn condition(word: &str) -> String {
    let known = Condition::from_key(word).map(|condition| condition.label().to_lowercase());
    known.unwrap_or_else(|| word.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::vocabulary::VOCABULARY;

    #[test]
    fn every_name_of_the_vocabulary_has_words() {
        for (name, _) in VOCABULARY {
            assert!(phrase(name).is_some(), "{name}");
        }
    }
}
