//! What the shipped rules suggest, case by case: every rule, every boundary. Each rule is left out in turn and the
//! table must notice; a table that does not would let the rule be lost.

use serde_json::{Value, json};

use super::decision::{Decision, decide};
use super::facts::Facts;
use super::rules::{DEFAULT_RULES, RuleSet};

/// The conditions with a pathway that the domain facts name for tests.
fn pathways() -> Vec<String> {
    ["back_pain", "sciatica", "chronic_pain"]
        .map(str::to_owned)
        .to_vec()
}

pub(super) fn shipped() -> RuleSet {
    RuleSet::shipped(&pathways()).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// Facts of somebody with a PHQ-9 total of 12 and a GAD-7 total of 9, changed as told.
pub(super) fn facts(changes: &Value) -> Facts {
    let mut all = json!({"phq9": [2, 2, 2, 2, 2, 2, 0, 0, 0], "gad7": [2, 2, 2, 1, 1, 1, 0]});
    if let (Some(all), Some(changes)) = (all.as_object_mut(), changes.as_object()) {
        all.extend(changes.clone());
    }
    Facts::from_json(&all.to_string()).unwrap_or_else(|wrong| panic!("{changes}: {wrong}"))
}

/// "service step priority booking FLAG FLAG".
pub(super) fn line(decision: &Decision) -> String {
    let d = decision;
    let words = [
        d.service.as_str(),
        d.step.as_str(),
        d.priority.as_str(),
        d.booking.as_str(),
    ];
    words
        .into_iter()
        .chain(d.flags.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(" ")
}

/// PHQ-9 items that add up to `total`, with item 9 at 0.
fn phq(total: i64) -> Value {
    let item = |n: i64| (total - 3 * n).clamp(0, 3);
    let mut items: Vec<i64> = (0..8).map(item).collect();
    items.push(0);
    json!(items)
}

/// GAD-7 items that add up to `total`.
fn gad(total: i64) -> Value {
    json!(
        (0..7)
            .map(|n: i64| (total - 3 * n).clamp(0, 3))
            .collect::<Vec<i64>>()
    )
}

/// PHQ-9 items with this answer to item 9.
pub(super) fn nine(item: Value) -> Value {
    json!([2, 2, 2, 2, 2, 2, 0, 0, item])
}

/// Facts and what is suggested, and with "by" a rule that must speak. Without changes: core, Step 2, P4, an assessment may be booked, no flags.
fn table() -> Vec<(Value, &'static str)> {
    let back = json!({"ltc": ["back_pain"], "ltc_linked": "yes", "pain_weeks": 12});
    let but = |changes: Value| {
        let mut all = back.clone();
        if let (Some(all), Some(changes)) = (all.as_object_mut(), changes.as_object()) {
            all.extend(changes.clone());
        }
        all
    };
    vec![
        (json!({}), "core 2 P4 assessment"),
        // A1: safety now.
        (json!({"crisis_now": "yes"}), "review assess P1 none RISK_CRISIS"),
        (json!({"keep_safe": "no"}), "review assess P1 none RISK_CRISIS"),
        (
            json!({"keep_safe": "unsure"}),
            "review assess P1 none RISK_CRISIS",
        ),
        (json!({"keep_safe": "yes"}), "core 2 P4 assessment"),
        // A2 and A3: item 9.
        (json!({"phq9": nine(json!(3))}), "core assess P1 none RISK_ITEM9"),
        (json!({"phq9": nine(json!(2))}), "core 2 P2 none RISK_ITEM9"),
        (json!({"phq9": nine(json!(1))}), "core 2 P2 none RISK_ITEM9"),
        (
            json!({"phq9": [0, 0, 0, 0, 0, 0, 0, 0, 1]}),
            "core 2 P2 none RISK_ITEM9",
        ),
        (
            json!({"phq9": [0, 0, 0, null, 0, 0, 0, 0, 2]}),
            "core assess P2 none RISK_ITEM9 SCORES_MISSING",
        ),
        // A4: not known.
        (
            json!({"phq9": nine(Value::Null)}),
            "core assess P2 none RISK_UNKNOWN SCORES_MISSING",
        ),
        (json!({"crisis_now": "prefer_not"}), "core 2 P2 none RISK_UNKNOWN"),
        (
            json!({"crisis_now": "prefer_not", "phq9": null}),
            "core assess P2 none RISK_UNKNOWN SCORES_MISSING",
        ),
        (json!({"phq9": null}), "core assess P4 assessment SCORES_MISSING"),
        // A5: nobody asked.
        (
            json!({"crisis_now": "not_asked", "phq9": null}),
            "core assess P4 none RISK_NOT_ASKED SCORES_MISSING",
        ),
        (json!({"crisis_now": "not_asked"}), "core 2 P4 assessment"),
        // A6 to A10.
        (
            json!({"harm_to_others": true}),
            "review assess P1 none RISK_OTHERS",
        ),
        (json!({"safeguarding": true}), "core 2 P2 none SAFEGUARDING"),
        (json!({"free_text_risk": true}), "core 2 P2 none RISK_FREE_TEXT"),
        (
            json!({"psychosis_mania": true}),
            "review assess P2 none PSYCHOSIS_MANIA",
        ),
        (
            json!({"spine_red_flag": true}),
            "core assess P1 none SPINE_RED_FLAG",
        ),
        (
            but(json!({"spine_red_flag": true})),
            "hwb assess P1 none SPINE_RED_FLAG",
        ),
        // A11 and A12: perinatal.
        (json!({"perinatal": true}), "core 2 P3 assessment PERINATAL"),
        (
            json!({"perinatal": true, "phq9": nine(json!(1))}),
            "core assess P1 none PERINATAL RISK_ITEM9",
        ),
        (
            json!({"perinatal": true, "phq9": nine(Value::Null)}),
            "core assess P2 none PERINATAL RISK_UNKNOWN SCORES_MISSING",
        ),
        (
            json!({"perinatal": true, "free_text_risk": true}),
            "core assess P1 none PERINATAL RISK_FREE_TEXT",
        ),
        (
            json!({"perinatal": true, "psychosis_mania": true}),
            "review assess P1 none PERINATAL PSYCHOSIS_MANIA",
        ),
        (
            json!({"perinatal": true, "safeguarding": true}),
            "core 2 P2 none PERINATAL SAFEGUARDING",
        ),
        // B: a person reviews, at the ordinary pace.
        (json!({"agreed": false}), "review assess P4 none NO_AGREEMENT"),
        (json!({"age": 15}), "review assess P4 none UNDER_16 UNDER_MIN_AGE"),
        (
            json!({"age": 15, "min_age": 15}),
            "review assess P4 none UNDER_16",
        ),
        (json!({"age": 16, "min_age": 16}), "core 2 P4 assessment"),
        (json!({"age": 17}), "review assess P4 none UNDER_MIN_AGE"),
        (json!({"age": 18}), "core 2 P4 assessment"),
        (json!({"age": 17, "min_age": 17}), "core 2 P4 assessment"),
        (json!({"gp_in_area": "no"}), "review assess P4 none OUT_OF_AREA"),
        (
            json!({"secondary_mh": true}),
            "review assess P4 none SECONDARY_CARE",
        ),
        (
            json!({"substance_main": true}),
            "review assess P4 none SUBSTANCE_MAIN",
        ),
        (
            json!({"eating_disorder": true}),
            "review assess P4 none EATING_DISORDER",
        ),
        (
            json!({"gp_in_area": "unknown"}),
            "core 2 P4 assessment GP_UNCONFIRMED",
        ),
        // C: service.
        (but(json!({})), "hwb 2 P4 course"),
        (
            but(json!({"agreed": false})),
            "review assess P4 none NO_AGREEMENT",
        ),
        (but(json!({"ltc_linked": "unsure"})), "hwb 2 P4 course"),
        (
            but(json!({"ltc_linked": "no"})),
            "core 2 P4 assessment LTC_PRESENT by C5",
        ),
        (json!({"ltc_linked": "yes"}), "core 2 P4 assessment"),
        (but(json!({"problem": "ptsd"})), "hwb 3 P4 assessment"),
        (but(json!({"problem": "ocd"})), "hwb 2 P4 course"),
        (
            but(json!({"problem": "ptsd", "ltc_linked": "unsure"})),
            "core 3 P4 assessment LTC_PRESENT by C3",
        ),
        (
            but(json!({"problem": "ocd", "ltc_linked": "unsure"})),
            "core 2 P4 assessment LTC_PRESENT",
        ),
        (
            but(json!({"problem": "bdd", "ltc_linked": "unsure"})),
            "core 3 P4 assessment LTC_PRESENT",
        ),
        (
            but(json!({"problem": "social_anxiety", "ltc_linked": "unsure"})),
            "core 3 P4 assessment LTC_PRESENT",
        ),
        (
            but(json!({"problem": "panic", "ltc_linked": "unsure"})),
            "hwb 2 P4 course",
        ),
        (
            json!({"ltc": ["diabetes"], "ltc_linked": "yes"}),
            "hwb 2 P4 assessment PATHWAY_CONFIRM",
        ),
        (
            json!({"ltc": ["diabetes"], "ltc_linked": "unsure"}),
            "hwb 2 P4 assessment PATHWAY_CONFIRM",
        ),
        (
            json!({"ltc": ["diabetes"], "ltc_linked": "no"}),
            "core 2 P4 assessment LTC_PRESENT",
        ),
        (
            json!({"ltc": ["diabetes", "sciatica"], "ltc_linked": "yes"}),
            "hwb 2 P4 assessment",
        ),
        (
            json!({"ltc": ["diabetes"], "ltc_linked": "yes", "agreed": false}),
            "review assess P4 none NO_AGREEMENT",
        ),
        (
            json!({"pad_target": "hwb"}),
            "core 2 P4 assessment REFERRER_DIFFERS",
        ),
        (json!({"pad_target": "core"}), "core 2 P4 assessment"),
        (
            but(json!({"pad_target": "core"})),
            "hwb 2 P4 course REFERRER_DIFFERS",
        ),
        (
            json!({"pad_target": "hwb", "agreed": false}),
            "review assess P4 none NO_AGREEMENT",
        ),
        // D: step.
        (json!({"problem": "ptsd"}), "core 3 P4 assessment"),
        (json!({"problem": "social_anxiety"}), "core 3 P4 assessment"),
        (json!({"problem": "bdd"}), "core 3 P4 assessment"),
        (
            json!({"problem": "ptsd", "phq9": null}),
            "core 3 P4 assessment SCORES_MISSING",
        ),
        (
            json!({"problem": "ptsd", "crisis_now": "yes"}),
            "review assess P1 none RISK_CRISIS",
        ),
        (json!({"step2_no_benefit": true}), "core 3 P4 assessment"),
        (
            json!({"step2_no_benefit": true, "gad7": null}),
            "core 3 P4 assessment SCORES_MISSING",
        ),
        (json!({"gad7": null}), "core assess P4 assessment SCORES_MISSING"),
        (
            json!({"gad7": [null, 2, 2, 1, 1, 1, 0]}),
            "core assess P4 assessment SCORES_MISSING",
        ),
        (json!({"phq9": phq(20)}), "core 3 P4 assessment SEVERE"),
        (json!({"phq9": phq(19)}), "core 2 P4 assessment MORE_SEVERE"),
        (json!({"phq9": phq(16)}), "core 2 P4 assessment MORE_SEVERE"),
        (json!({"phq9": phq(15)}), "core 2 P4 assessment"),
        (
            json!({"phq9": phq(20), "gad7": null}),
            "core assess P4 assessment SCORES_MISSING SEVERE",
        ),
        (json!({"problem": "ocd", "gad7": gad(15)}), "core 3 P4 assessment"),
        (json!({"problem": "ocd", "gad7": gad(14)}), "core 2 P4 assessment"),
        (json!({"problem": "ocd", "wsas": 21}), "core 3 P4 assessment"),
        (json!({"problem": "ocd", "wsas": 20}), "core 2 P4 assessment"),
        (
            json!({"problem": "ocd", "wsas": [5, 4, 4, 4, 4]}),
            "core 3 P4 assessment",
        ),
        (
            json!({"problem": "ocd", "wsas": [null, 8, 8, 8, 8]}),
            "core 3 P4 assessment",
        ),
        (
            json!({"problem": "ocd", "wsas": [8, null, 8, 8, 8]}),
            "core 2 P4 assessment",
        ),
        (json!({"gad7": gad(15), "wsas": 21}), "core 3 P4 assessment"),
        (json!({"gad7": gad(14), "wsas": 21}), "core 2 P4 assessment"),
        (json!({"gad7": gad(15), "wsas": 20}), "core 2 P4 assessment"),
        (json!({"gad7": gad(15)}), "core 2 P4 assessment"),
        (
            json!({"phq9": phq(9), "gad7": gad(7)}),
            "core 2 P4 assessment SUBTHRESHOLD",
        ),
        (json!({"phq9": phq(10), "gad7": gad(7)}), "core 2 P4 assessment"),
        (json!({"phq9": phq(9), "gad7": gad(8)}), "core 2 P4 assessment"),
        (
            json!({"phq9": phq(0), "gad7": null}),
            "core assess P4 assessment SCORES_MISSING",
        ),
        // E: other.
        (json!({"veteran": "yes"}), "core 2 P4 assessment VETERAN"),
        (
            json!({"veteran": "service_related"}),
            "core 2 P3 assessment VETERAN",
        ),
        (
            json!({"veteran": "service_related", "safeguarding": true}),
            "core 2 P2 none SAFEGUARDING VETERAN",
        ),
        (json!({"work_affected": true}), "core 2 P4 assessment EMPLOYMENT"),
        (json!({"interpreter": "ur"}), "core 2 P4 none INTERPRETER"),
        (json!({"bsl": true}), "core 2 P4 none BSL"),
        (json!({"format_need": true}), "core 2 P4 assessment FORMAT"),
        (json!({"no_voicemail": true}), "core 2 P4 assessment NO_VOICEMAIL"),
        // F: self-booking of a course.
        (
            json!({"ltc": ["sciatica"], "ltc_linked": "yes", "pain_weeks": 12}),
            "hwb 2 P4 course",
        ),
        (
            json!({"ltc": ["chronic_pain"], "ltc_linked": "yes", "pain_weeks": 52}),
            "hwb 2 P4 assessment",
        ),
        (but(json!({"pain_weeks": 11})), "hwb 2 P4 assessment"),
        (but(json!({"pain_weeks": null})), "hwb 2 P4 assessment"),
        (but(json!({"phq9": phq(20)})), "hwb 3 P4 assessment SEVERE"),
        (but(json!({"perinatal": true})), "hwb 2 P3 assessment PERINATAL"),
        (but(json!({"interpreter": "ar"})), "hwb 2 P4 none INTERPRETER"),
        (but(json!({"bsl": true})), "hwb 2 P4 none BSL"),
        (
            but(json!({"free_text_risk": true})),
            "hwb 2 P2 none RISK_FREE_TEXT",
        ),
        (
            but(json!({"crisis_now": "not_asked", "phq9": null})),
            "hwb assess P4 none RISK_NOT_ASKED SCORES_MISSING",
        ),
    ]
}

/// The first case the rules do not meet.
fn first_miss(rules: &RuleSet) -> Option<String> {
    table().into_iter().find_map(|(changes, expected)| {
        let decision = decide(rules, &facts(&changes));
        let (expected, by) = expected.split_once(" by ").unwrap_or((expected, ""));
        let spoke = by.is_empty() || decision.reasons.iter().any(|reason| reason.rule == by);
        let got = line(&decision);
        (got != expected || !spoke).then(|| format!("{changes}\n  expected {expected}\n  got      {got}"))
    })
}

#[test]
fn the_shipped_rules_suggest_what_the_table_says() {
    if let Some(miss) = first_miss(&shipped()) {
        panic!("{miss}");
    }
}

#[test]
fn no_rule_can_be_lost_without_the_table_noticing() {
    let mut rules = shipped();
    for lost in 0..rules.rules.len() {
        let rule = rules.rules.remove(lost);
        assert!(
            first_miss(&rules).is_some(),
            "the table does not notice that {} is gone",
            rule.id
        );
        rules.rules.insert(lost, rule);
    }
}

/// Each comparison of each condition moved by one, each `||` turned, each flag test dropped: the table must notice.
#[test]
fn no_boundary_can_move_without_the_table_noticing() {
    let turns = [
        (" >= 20", " >= 21"),
        (" >= 16", " >= 17"),
        (" <= 19", " <= 18"),
        (" >= 15", " >= 16"),
        (" >= 21", " >= 22"),
        (" >= 21", " >= 20"),
        (" >= 15", " >= 14"),
        (" >= 16", " >= 15"),
        (" < 10", " < 9"),
        (" < 10", " < 11"),
        (" < 8", " < 7"),
        (" < 8", " < 9"),
        (" < 16", " < 17"),
        (" < 16", " < 15"),
        ("age < min_age", "age <= min_age"),
        (" >= 12", " >= 13"),
        (" >= 12", " >= 11"),
        ("item9 == 1 || item9 == 2", "item9 == 2"),
        ("item9 == 1 || item9 == 2", "item9 == 1"),
        ("keep_safe == 'no' || ", ""),
        (" || keep_safe == 'unsure'", ""),
        ("crisis_now == 'yes' || ", ""),
        (" || crisis_now == 'prefer_not'", ""),
        ("phq9_started && item9 == null", "item9 == null"),
        ("!phq9_started && crisis_now", "crisis_now"),
        ("item9 >= 1", "item9 >= 2"),
        (" || free_text_risk || psychosis_mania", " || psychosis_mania"),
        ("free_text_risk || psychosis_mania", "free_text_risk"),
        (
            "['ptsd', 'ocd', 'bdd', 'social_anxiety']",
            "['ocd', 'bdd', 'social_anxiety']",
        ),
        (
            "['ptsd', 'ocd', 'bdd', 'social_anxiety']",
            "['ptsd', 'bdd', 'social_anxiety']",
        ),
        (
            "['ptsd', 'ocd', 'bdd', 'social_anxiety']",
            "['ptsd', 'ocd', 'social_anxiety']",
        ),
        (
            "['ptsd', 'ocd', 'bdd', 'social_anxiety']",
            "['ptsd', 'ocd', 'bdd']",
        ),
        ("['ptsd', 'social_anxiety', 'bdd']", "['social_anxiety', 'bdd']"),
        ("['ptsd', 'social_anxiety', 'bdd']", "['ptsd', 'bdd']"),
        ("['ptsd', 'social_anxiety', 'bdd']", "['ptsd', 'social_anxiety']"),
        ("service == 'hwb' && !ltc_listed", "has_ltc && !ltc_listed"),
        (" && !ltc_listed", ""),
        (
            "service != 'review' && pad_target != service",
            "pad_target != service",
        ),
        ("service == 'review' || priority == 'P1'", "service == 'review'"),
        ("service == 'review' || priority == 'P1'", "priority == 'P1'"),
        ("phq9_total == null || gad7_total == null", "phq9_total == null"),
        ("phq9_total == null || gad7_total == null", "gad7_total == null"),
        (" || flags.exists(flag, flag.startsWith('RISK_'))", ""),
        (" || 'INTERPRETER' in flags", ""),
        (" || 'BSL' in flags", ""),
        ("service == 'hwb' && step == '2'", "service == 'hwb'"),
        ("step == '2' && priority == 'P4'", "step == '2'"),
        ("'back_pain' in ltc || 'sciatica' in ltc", "'back_pain' in ltc"),
        ("'back_pain' in ltc || 'sciatica' in ltc", "'sciatica' in ltc"),
        ("'back_pain' in ltc || 'sciatica' in ltc", "has_ltc"),
        ("service == 'hwb' && step", "step"),
        ("veteran != 'no'", "veteran == 'yes'"),
        ("veteran == 'service_related'", "veteran != 'no'"),
    ];
    for (from, to) in turns {
        for (place, _) in DEFAULT_RULES.match_indices(from) {
            let (before, after) = DEFAULT_RULES.split_at(place);
            if before.lines().last().is_none_or(|line| !line.starts_with("when")) {
                continue;
            }
            let text = format!("{before}{}", after.replacen(from, to, 1));
            let Ok(rules) = RuleSet::parse("turned.toml", &text, &pathways()) else {
                continue;
            };
            let line = before.lines().count();
            assert!(
                first_miss(&rules).is_some(),
                "line {line}: nobody notices {from:?} turned into {to:?}"
            );
        }
    }
}
