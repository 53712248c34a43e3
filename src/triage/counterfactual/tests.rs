//! Whatever the facts: what is stated flips, nothing smaller does, and nobody's safety is ever argued away. The changes
//! are made again here, over the JSON of the facts and without the search.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Change, Turn, WhatIf, what_would_change};
use crate::config::Locality;
use crate::questionnaire::{CrisisNow, GpInArea};
use crate::triage::decision::{Decision, decide};
use crate::triage::expectations::{facts, shipped};
use crate::triage::facts::Facts;
use crate::triage::is_safety_flag;
use crate::triage::promises::any_facts;
use crate::triage::rules::RuleSet;

fn rules() -> &'static Arc<RuleSet> {
    static RULES: OnceLock<Arc<RuleSet>> = OnceLock::new();
    RULES.get_or_init(|| Arc::new(shipped()))
}

fn locality() -> &'static Locality {
    static LOCALITY: OnceLock<Locality> = OnceLock::new();
    LOCALITY.get_or_init(|| Locality::example().expect("a locality"))
}

fn what_if(facts: &Facts) -> WhatIf {
    what_would_change(rules(), facts, locality())
}

fn parts(what_if: &WhatIf) -> [(&'static str, &Turn); 3] {
    [
        ("service", &what_if.service),
        ("step", &what_if.step),
        ("booking", &what_if.booking),
    ]
}

fn value_of(part: &str, decision: &Decision) -> &'static str {
    match part {
        "service" => decision.service.as_str(),
        "step" => decision.step.as_str(),
        _ => decision.booking.as_str(),
    }
}

fn as_json(facts: &Facts) -> Value {
    serde_json::to_value(facts).expect("JSON")
}

fn from_json(all: &Value) -> Facts {
    Facts::from_json(&all.to_string()).expect("facts")
}

/// Keys with what each may be, in order; the flag says whether the order means anything.
const WORDS: [(&str, &[&str], bool); 5] = [
    ("gp_in_area", &["no", "unknown", "yes"], true),
    ("ltc_linked", &["no", "unsure", "yes"], true),
    ("veteran", &["no", "yes", "service_related"], true),
    ("source", &["self", "physio", "gp", "carer"], false),
    (
        "problem",
        &[
            "low_mood",
            "worry",
            "panic",
            "agoraphobia",
            "phobia",
            "health_anxiety",
            "social_anxiety",
            "ptsd",
            "ocd",
            "bdd",
            "stress_ltc",
            "not_sure",
        ],
        false,
    ),
];
const TICKS: [&str; 9] = [
    "secondary_mh",
    "substance_main",
    "eating_disorder",
    "step2_no_benefit",
    "perinatal",
    "work_affected",
    "bsl",
    "format_need",
    "no_voicemail",
];
/// What nobody is ever told to answer otherwise.
const NEVER: [&str; 9] = [
    "age",
    "min_age",
    "agreed",
    "crisis_now",
    "keep_safe",
    "harm_to_others",
    "safeguarding",
    "free_text_risk",
    "psychosis_mania",
];

/// Every single change there is of a fact that may be otherwise: which fact, how far, and all facts then.
fn others(given: &Value) -> Vec<(String, f64, Value)> {
    let mut made = Vec::new();
    let mut add = |fact: String, far: f64, key: &str, to: Value| {
        if given[key] != to {
            let mut all = given.clone();
            all[key] = to;
            made.push((fact, far, all));
        }
    };
    for (key, words, ordered) in WORDS {
        let here = words.iter().position(|word| given[key] == *word).expect("a word");
        for (place, word) in words.iter().enumerate() {
            let range = words.len() as f64 - 1.0;
            let far = if ordered {
                place.abs_diff(here) as f64 / range
            } else {
                1.0
            };
            add(key.to_owned(), far, key, json!(word));
        }
    }
    for key in TICKS {
        add(key.to_owned(), 1.0, key, json!(given[key] == false));
    }
    for target in [Value::Null, json!("core"), json!("hwb")] {
        add("pad_target".to_owned(), 1.0, "pad_target", target);
    }
    let other = if given["interpreter"].is_null() {
        json!("ur")
    } else {
        Value::Null
    };
    add("interpreter".to_owned(), 1.0, "interpreter", other);
    for one in ["back_pain", "sciatica", "chronic_pain", "diabetes", "other"] {
        let mut named = given["ltc"].as_array().expect("a list").clone();
        match named.iter().position(|known| known == one) {
            Some(place) => drop(named.remove(place)),
            None => named.push(json!(one)),
        }
        add("ltc".to_owned(), 1.0, "ltc", json!(named));
    }
    for weeks in 0..70_i64 {
        let far = given["pain_weeks"]
            .as_i64()
            .map(|now| (now - weeks).abs() as f64 / 52.0);
        add(
            "pain_weeks".to_owned(),
            far.unwrap_or(1.0),
            "pain_weeks",
            json!(weeks),
        );
    }
    for (key, changeable, highest) in [("phq9", 0..8, 3), ("gad7", 0..7, 3), ("wsas", 0..5, 8)] {
        let Some(items) = given[key].as_array() else {
            continue;
        };
        for item in changeable {
            // Work that does not apply was not left out.
            if key == "wsas" && item == 0 && items[0].is_null() {
                continue;
            }
            for to in 0..=highest {
                let mut all = items.clone();
                let far = items[item]
                    .as_i64()
                    .map(|now| (now - to).abs() as f64 / highest as f64);
                all[item] = json!(to);
                add(format!("{key} {item}"), far.unwrap_or(1.0), key, json!(all));
            }
        }
    }
    made
}

/// Whether a decision may be shown as what would be, beside the one that is.
fn may_be_shown(before: &Decision, after: &Decision) -> bool {
    let kept = before.flags.iter().filter(|flag| is_safety_flag(flag));
    after.priority <= before.priority && kept.into_iter().all(|flag| after.has_flag(flag))
}

/// The one fact in which two sets of facts differ, as [`others`] names it.
fn changed(given: &Value, then: &Value) -> String {
    let keys: Vec<&String> = given
        .as_object()
        .expect("an object")
        .iter()
        .filter(|(key, value)| then[key.as_str()] != **value)
        .map(|(key, _)| key)
        .collect();
    assert_eq!(keys.len(), 1, "exactly one fact is changed: {keys:?}");
    let key = keys[0];
    assert!(!NEVER.contains(&key.as_str()), "{key} is never changed");
    assert_ne!(key, "spine_red_flag");
    match (given[key].as_array(), then[key].as_array()) {
        (Some(one), Some(other)) if key != "ltc" => {
            let items: Vec<usize> = (0..one.len()).filter(|item| one[*item] != other[*item]).collect();
            assert_eq!(items.len(), 1, "exactly one answer is changed: {key} {items:?}");
            assert!(key != "phq9" || items[0] != 8, "item 9 is never changed");
            format!("{key} {}", items[0])
        }
        _ => key.clone(),
    }
}

fn check_change(part: &str, change: &Change, facts: &Facts) {
    let before = decide(rules(), facts);
    let after = decide(rules(), &change.facts);
    assert_ne!(
        value_of(part, &before),
        value_of(part, &after),
        "{part}: it flips"
    );
    assert!(
        may_be_shown(&before, &after),
        "{part}: nobody's safety is argued away"
    );
    let given = as_json(facts);
    let fact = changed(&given, &as_json(&change.facts));
    let others = others(&given);
    let own = others.iter().filter(|(other, _, _)| *other == fact);
    let far = own
        .clone()
        .find(|(_, _, all)| *all == as_json(&change.facts))
        .map(|(_, far, _)| *far);
    // A language that is not named, and weeks beyond those tried here, are not in the list above.
    let far = far.unwrap_or(f64::from(change.size) / 10_000.0);
    for (_, smaller, all) in own.filter(|(_, smaller, _)| *smaller < far - 1e-9) {
        let nearer = decide(rules(), &from_json(all));
        let flips = value_of(part, &nearer) != value_of(part, &before);
        assert!(
            !flips || !may_be_shown(&before, &nearer),
            "{part}, {fact}: {smaller} is smaller than {far} and flips too"
        );
    }
}

/// Every other answer there is, with what would be decided.
fn decided(facts: &Facts) -> Vec<Decision> {
    let all = others(&as_json(facts));
    all.iter()
        .map(|(_, _, all)| decide(rules(), &from_json(all)))
        .collect()
}

/// People as they come: most answers calm, so that every part of a suggestion has something that turns it.
fn people() -> impl Strategy<Value = Facts> {
    (any_facts(), proptest::collection::vec(0..10_u8, 16)).prop_map(|(mut facts, dice)| {
        let flags = [
            &mut facts.harm_to_others,
            &mut facts.safeguarding,
            &mut facts.free_text_risk,
            &mut facts.psychosis_mania,
            &mut facts.spine_red_flag,
            &mut facts.secondary_mh,
            &mut facts.substance_main,
            &mut facts.eating_disorder,
            &mut facts.step2_no_benefit,
            &mut facts.perinatal,
            &mut facts.bsl,
        ];
        for (flag, die) in flags.into_iter().zip(&dice) {
            *flag &= *die == 0;
        }
        let die = |index: usize| dice.get(index).copied().unwrap_or_default();
        facts.agreed |= die(11) > 0;
        if die(12) > 1 {
            (facts.crisis_now, facts.keep_safe) = (Some(CrisisNow::No), None);
        }
        if die(13) > 0 {
            (facts.age, facts.min_age, facts.gp_in_area) = (40, 18, GpInArea::Yes);
        }
        if let Some(items) = facts.phq9.as_mut().filter(|_| die(14) > 1) {
            items[8] = Some(0);
        }
        if die(15) > 1 {
            facts.interpreter = None;
        }
        facts
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_stated_change_flips_nothing_smaller_does_and_no_safety_is_argued_away(facts in prop_oneof![1 => any_facts().boxed(), 4 => people().boxed()]) {
        for (part, turn) in parts(&what_if(&facts)) {
            if let Turn::Change(change) = turn {
                check_change(part, change, &facts);
            }
        }
    }

    #[test]
    fn where_nothing_is_stated_no_single_answer_flips(facts in prop_oneof![1 => any_facts().boxed(), 2 => people().boxed()]) {
        let what_if = what_if(&facts);
        let silent = |(_, turn): &(&str, &Turn)| !matches!(turn, Turn::Change(_));
        if parts(&what_if).iter().any(silent) {
            let before = decide(rules(), &facts);
            let after = decided(&facts);
            for (part, turn) in parts(&what_if).into_iter().filter(silent) {
                let mut flips = after.iter().filter(|after| value_of(part, after) != value_of(part, &before));
                let about_safety = before.is_urgent()
                    || before.reasons.iter().any(|reason| reason.rule.starts_with('A'));
                match turn {
                    Turn::Sooner => prop_assert!(flips.all(|after| after.priority > before.priority)),
                    Turn::SafetyRule => prop_assert!(about_safety, "{}: no safety rule spoke", part),
                    Turn::Age | Turn::Agreement | Turn::Nothing | Turn::Change(_) => {
                        let told = turn.told();
                        prop_assert!(flips.next().is_none(), "{}: {} and yet one does", part, told);
                    }
                }
            }
        }
    }
}

/// "service: …, step: …, booking: …", as the page says it.
fn told(changes: &Value) -> [String; 3] {
    let what_if = what_if(&facts(changes));
    parts(&what_if).map(|(_, turn)| match turn {
        Turn::Change(change) => format!(
            "{}: {} instead of {}: {}",
            change.fact, change.to, change.from, change.becomes
        ),
        Turn::SafetyRule | Turn::Sooner | Turn::Age | Turn::Agreement | Turn::Nothing => {
            turn.told().to_owned()
        }
    })
}

const SAFETY: &str = "Set by a safety rule; only a person can answer this.";

#[test]
fn a_total_just_under_the_line_is_turned_by_one_answer_and_never_item_9() {
    let on_the_line = json!({"phq9": [3, 3, 3, 3, 2, 2, 2, 1, 0]});
    let [_, step, _] = told(&on_the_line);
    assert_eq!(step, "PHQ-9 item 5: 3 (total 20) instead of 2 (total 19): Step 3");
    // Only item 9 has room to rise: something else is named.
    let [_, step, _] = told(&json!({"phq9": [3, 3, 3, 3, 3, 3, 0, 1, 0], "step2_no_benefit": true}));
    assert!(!step.contains("item 9"), "{step}");
}

#[test]
fn a_link_that_is_not_sure_turns_the_service() {
    let linked = json!({"ltc": ["back_pain"], "ltc_linked": "no", "pain_weeks": 11});
    let [service, _, booking] = told(&linked);
    assert_eq!(
        service,
        "Linked to how they feel: not sure instead of no: Health and Wellbeing IAPT"
    );
    assert_eq!(
        booking,
        "Interpreter: needed instead of not needed: The team books"
    );
    let [_, _, booking] = told(&json!({"ltc": ["back_pain"], "ltc_linked": "yes", "pain_weeks": 11}));
    assert_eq!(
        booking,
        "Pain for at least: 12 weeks instead of 11 weeks: May book a place on a course"
    );
}

#[test]
fn what_a_safety_rule_set_only_a_person_can_answer() {
    assert_eq!(
        told(&json!({"crisis_now": "yes"})),
        [SAFETY, SAFETY, SAFETY].map(str::to_owned)
    );
    // Thoughts on several days: the team books, whatever else is answered; service and step go by the other answers.
    let [service, step, booking] = told(&json!({"phq9": [2, 2, 2, 2, 2, 2, 0, 0, 1]}));
    assert_eq!(booking, SAFETY);
    assert_ne!(service, SAFETY);
    assert_ne!(step, SAFETY);
    // Two reasons for review: the one about safety is not argued about because the other can be answered.
    let [service, _, _] = told(&json!({"harm_to_others": true, "gp_in_area": "no"}));
    assert_eq!(service, SAFETY);
    // Expecting a baby asks for contact sooner, and therefore the course may not be self-booked.
    let course = json!({"ltc": ["back_pain"], "ltc_linked": "yes", "pain_weeks": 52, "perinatal": true});
    let [_, _, booking] = told(&course);
    assert_eq!(booking, SAFETY);
}

#[test]
fn neither_age_nor_agreement_is_proposed_and_both_are_named_where_nothing_else_decides() {
    let [service, _, _] = told(&json!({"age": 17}));
    assert_eq!(
        service,
        "No answer would change this. It stands because of the age."
    );
    let [service, _, _] = told(&json!({"agreed": false}));
    assert_eq!(
        service,
        "It stands on the patient’s agreement, which is theirs alone to give."
    );
    let [service, _, _] = told(&json!({"agreed": false, "gp_in_area": "no"}));
    assert_eq!(service, "No single answer would change this.");
}

#[test]
fn nothing_said_here_is_advice_a_grade_or_a_comfort() {
    let all = [
        Turn::SafetyRule,
        Turn::Sooner,
        Turn::Age,
        Turn::Agreement,
        Turn::Nothing,
    ];
    for turn in all {
        for word in [
            "risk",
            "diagnos",
            "should",
            "try",
            "ask the patient to",
            "safe to",
        ] {
            assert!(!turn.told().to_lowercase().contains(word), "{}", turn.told());
        }
    }
}
