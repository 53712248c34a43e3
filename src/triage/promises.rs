//! What holds for every decision, whatever the facts: its shape, its reasons, and that more danger is never less urgent.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::decision::{Decision, Priority, RULE_FAILED, SelfBooking, decide};
use super::expectations::{facts, line, nine, shipped};
use super::facts::Facts;
use super::rules::RuleSet;
use crate::config::ServiceName;

#[test]
fn every_fired_rule_gives_its_reason_in_order_and_the_version() {
    let rules = shipped();
    let decision = decide(
        &rules,
        &facts(&json!({"crisis_now": "yes", "phq9": nine(json!(3)), "bsl": true})),
    );
    let fired: Vec<&str> = decision
        .reasons
        .iter()
        .map(|reason| reason.rule.as_str())
        .collect();
    assert_eq!(fired, ["A1", "A2", "C1", "D1", "E5", "F1"]);
    assert_eq!(decision.rules_version, rules.version);
    assert!(
        decision
            .reasons
            .iter()
            .all(|reason| !reason.text.is_empty() && !reason.source.is_empty())
    );
}

#[test]
fn a_decision_has_the_shape_of_the_contract() {
    let decision = decide(&shipped(), &facts(&json!({"bsl": true, "age": 17})));
    let shape = serde_json::to_value(&decision).expect("JSON");
    let keys: Vec<&str> = shape
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = [
        "service",
        "step",
        "priority",
        "flags",
        "booking",
        "reasons",
        "rules_version",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(shape["flags"], json!(["BSL", "UNDER_MIN_AGE"]));
    assert_eq!(shape["step"], "assess");
    assert_eq!(shape["reasons"][0]["rule"], "B3");
    assert!(serde_json::from_value::<Decision>(shape).expect("read back") == decision);
}

#[test]
fn a_rule_that_fails_sends_the_referral_to_review_and_never_nowhere() {
    for lost in 0..shipped().rules.len() {
        let mut rules = shipped();
        rules.rules[lost].condition.break_for_test();
        let decision = decide(&rules, &facts(&json!({})));
        let id = &rules.rules[lost].id;
        if decision.reasons.iter().all(|reason| reason.source != RULE_FAILED) {
            // Its group was settled before it was reached.
            assert!(rules.rules[lost].group.is_some(), "{id}");
            continue;
        }
        assert_eq!(
            line(&decision),
            format!("review assess P2 none {}", RULE_FAILED),
            "{id}"
        );
    }
    let mut rules = shipped();
    rules.rules[4].condition.break_for_test();
    let decision = decide(&rules, &facts(&json!({"crisis_now": "yes"})));
    assert_eq!(
        line(&decision),
        format!("review assess P1 none RISK_CRISIS {RULE_FAILED}")
    );
}

#[test]
fn no_reason_names_a_grade_of_risk_or_reassures() {
    for rule in shipped().rules {
        let text = rule.text.to_lowercase();
        for word in [
            "low risk",
            "medium risk",
            "high risk",
            "no risk",
            "diagnos",
            "is safe",
        ] {
            assert!(!text.contains(word), "{}: {text}", rule.id);
        }
    }
}

pub(super) fn any_facts() -> impl Strategy<Value = Facts> {
    let items = |n: usize, most: i64| {
        let item = prop_oneof![4 => (0..=most).prop_map(|v| json!(v)), 1 => Just(Value::Null)];
        prop_oneof![1 => Just(Value::Null), 4 => proptest::collection::vec(item, n).prop_map(|v| json!(v))]
    };
    let word = |words: &'static [&'static str]| proptest::sample::select(words).prop_map(|w| json!(w));
    let list =
        proptest::sample::subsequence(vec!["back_pain", "sciatica", "chronic_pain", "diabetes"], 0..=4);
    let flags = proptest::collection::vec(any::<bool>(), FLAGS.len());
    (
        (
            items(9, 3),
            items(7, 3),
            items(5, 8),
            list.prop_map(|l| json!(l)),
            flags,
            10u8..100,
            14u8..20,
        ),
        (
            word(&["yes", "no", "unknown"]),
            word(&["yes", "no", "prefer_not", "not_asked"]),
            word(&["yes", "no", "unsure"]),
            word(&[
                "low_mood",
                "worry",
                "ptsd",
                "ocd",
                "bdd",
                "social_anxiety",
                "not_sure",
            ]),
            word(&["yes", "no", "unsure"]),
            word(&["no", "yes", "service_related"]),
            0u16..60,
            any::<bool>(),
        ),
    )
        .prop_map(|((phq9, gad7, wsas, ltc, flags, age, min_age), words)| {
            let (gp_in_area, crisis_now, keep_safe, problem, ltc_linked, veteran, weeks, maybe) = words;
            let mut all = json!({"phq9": phq9, "gad7": gad7, "wsas": wsas, "ltc": ltc, "age": age,
                "min_age": min_age, "gp_in_area": gp_in_area, "crisis_now": crisis_now, "problem": problem,
                "ltc_linked": ltc_linked, "veteran": veteran, "pain_weeks": weeks});
            if maybe {
                all["keep_safe"] = keep_safe;
                all["pain_weeks"] = Value::Null;
                all["interpreter"] = json!("ur");
            }
            for (key, value) in FLAGS.iter().zip(flags) {
                all[*key] = json!(value);
            }
            Facts::from_json(&all.to_string()).expect("facts")
        })
}

const FLAGS: [&str; 15] = [
    "agreed",
    "harm_to_others",
    "safeguarding",
    "free_text_risk",
    "psychosis_mania",
    "spine_red_flag",
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

proptest! {
    #[test]
    fn whatever_the_facts_the_promises_hold(facts in any_facts()) {
        static RULES: std::sync::OnceLock<RuleSet> = std::sync::OnceLock::new();
        let rules = RULES.get_or_init(shipped);
        let decision = decide(rules, &facts);
        prop_assert!(!decision.has_flag(RULE_FAILED));
        prop_assert!(decision.flags.is_sorted());
        let risk = decision.flags.iter().any(|flag| flag.starts_with("RISK_"));
        let stopped = risk || decision.service == ServiceName::Review || decision.is_urgent()
            || ["SAFEGUARDING", "SPINE_RED_FLAG", "INTERPRETER", "BSL"].iter().any(|flag| decision.has_flag(flag));
        prop_assert_eq!(decision.booking == SelfBooking::None, stopped);
        if facts.item9() == Some(3) {
            prop_assert_eq!(decision.priority, Priority::P1);
        }
        if facts.item9().is_some_and(|answer| answer > 0) || facts.free_text_risk || facts.safeguarding {
            prop_assert!(decision.is_urgent());
        }
        // One more safety answer never makes anything less urgent.
        for more in [
            Facts { harm_to_others: true, ..facts.clone() },
            Facts { safeguarding: true, ..facts.clone() },
            Facts { free_text_risk: true, ..facts.clone() },
            Facts { psychosis_mania: true, ..facts.clone() },
            Facts { spine_red_flag: true, ..facts.clone() },
            Facts { perinatal: true, ..facts.clone() },
        ] {
            prop_assert!(decide(rules, &more).priority <= decision.priority);
        }
    }
}
