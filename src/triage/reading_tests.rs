//! Bad facts are named; good ones come through whole.

use super::*;
use serde_json::json;

fn given() -> Given {
    Given {
        age: Some(50),
        min_age: 18,
        source: Source::Physio,
        pad_target: None,
        risk_words: false,
    }
}

fn api(facts: Value) -> Result<(Facts, Vec<&'static str>), FactError> {
    Facts::from_api(facts.as_object().expect("an object"), true, given())
}

#[test]
fn nothing_given_is_the_defaults() {
    assert!(Facts::from_json("{}").expect("facts") == Facts::default());
}

#[test]
fn facts_written_down_come_back() {
    let facts = Facts {
        crisis_now: None,
        keep_safe: Some(KeepSafe::Unsure),
        phq9: Some([
            Some(1),
            None,
            Some(0),
            Some(3),
            Some(1),
            Some(1),
            Some(1),
            Some(1),
            Some(2),
        ]),
        wsas: Some(Wsas::Items([None, Some(8), Some(0), Some(1), Some(2)])),
        ltc: vec!["back_pain".into(), "diabetes".into()],
        pad_target: Some(ServiceName::Hwb),
        interpreter: Some("pt-BR".into()),
        ..Facts::default()
    };
    let text = serde_json::to_string(&facts).expect("text");
    assert!(text.contains("\"crisis_now\":\"not_asked\""), "{text}");
    assert!(Facts::from_json(&text).expect("facts") == facts);
}

#[test]
fn every_bad_value_is_refused_and_its_key_named() {
    let bad = [
        ("age", json!(-1)),
        ("age", json!(121)),
        ("age", json!(40.5)),
        ("age", json!(null)),
        ("age", json!("40")),
        ("min_age", json!(121)),
        ("gp_in_area", json!("maybe")),
        ("agreed", json!("true")),
        ("source", json!("nurse")),
        ("pad_target", json!("review")),
        ("crisis_now", json!("maybe")),
        ("crisis_now", json!(null)),
        ("keep_safe", json!(true)),
        ("phq9", json!([0, 0, 0])),
        ("phq9", json!([0, 0, 0, 0, 0, 0, 0, 0, 4])),
        ("phq9", json!([0, 0, 0, 0, 0, 0, 0, 0, -1])),
        ("phq9", json!([0, 0, 0, 0, 0, 0, 0, 0, "1"])),
        ("phq9", json!([0, 0, 0, 0, 0, 0, 0, 0, 1.0])),
        ("phq9", json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
        ("phq9", json!(12)),
        ("gad7", json!([0, 0, 0, 0, 0, 0, 9])),
        ("gad7", json!([])),
        ("wsas", json!(41)),
        ("wsas", json!([9, 0, 0, 0, 0])),
        ("problem", json!("ptds")),
        ("ltc", json!("back_pain")),
        ("ltc", json!([1])),
        ("ltc", json!([""])),
        ("ltc", json!(["x\u{0}"])),
        ("ltc", json!(["x".repeat(51)])),
        ("ltc", json!(vec!["x"; 21])),
        ("ltc_linked", json!(null)),
        ("pain_weeks", json!(-1)),
        ("pain_weeks", json!(5201)),
        ("veteran", json!(true)),
        ("interpreter", json!("")),
        ("interpreter", json!("x")),
        ("interpreter", json!("ur-")),
        ("interpreter", json!(true)),
        ("bsl", json!(null)),
        ("free_text_risk", json!(1)),
        ("perinatel", json!(true)),
    ];
    for (key, value) in bad {
        let text = json!({ key: value }).to_string();
        let wrong = Facts::from_json(&text).expect_err(&text);
        assert_eq!(wrong.key.as_deref(), Some(key), "{text}");
        assert!(wrong.message.contains(key), "{}", wrong.message);
    }
}

#[test]
fn ends_of_ranges_are_taken() {
    for good in [
        json!({"age": 0}),
        json!({"age": 120}),
        json!({"wsas": 0}),
        json!({"wsas": 40}),
        json!({"wsas": null}),
        json!({"pain_weeks": 0}),
        json!({"pain_weeks": 5200}),
        json!({"phq9": [null, null, null, null, null, null, null, null, null]}),
        json!({"phq9": null, "gad7": [3, 3, 3, 3, 3, 3, 3]}),
        json!({"ltc": []}),
        json!({"interpreter": "ar"}),
    ] {
        Facts::from_json(&good.to_string()).unwrap_or_else(|wrong| panic!("{good}: {wrong}"));
    }
}

#[test]
fn a_key_given_twice_is_refused() {
    let wrong = Facts::from_json(r#"{"crisis_now":"yes","crisis_now":"no"}"#).expect_err("twice");
    assert_eq!(wrong.key.as_deref(), Some("crisis_now"));
}

#[test]
fn what_is_not_an_object_is_refused_as_a_whole() {
    for text in ["", "[]", "12", "\"yes\"", "{", "null", "{\"age\":40} x"] {
        assert_eq!(Facts::from_json(text).expect_err(text).key, None);
    }
}

#[test]
fn a_long_value_is_clipped_in_the_message() {
    let text = json!({ "problem": "x".repeat(1_000_000) }).to_string();
    assert!(Facts::from_json(&text).expect_err("long").message.len() < 400);
    let text = json!({ "y".repeat(1_000_000): true }).to_string();
    assert!(Facts::from_json(&text).expect_err("long").message.len() < 400);
}

#[test]
fn the_api_may_not_name_what_others_know() {
    for key in ["age", "min_age", "agreed", "source", "pad_target"] {
        let wrong = api(json!({ key: null })).expect_err(key);
        assert_eq!(wrong.key.as_deref(), Some(key));
        assert!(wrong.message.contains("comes from"), "{}", wrong.message);
    }
}

#[test]
fn in_the_api_a_safety_fact_left_out_is_not_asked() {
    let (facts, not_asked) = api(json!({})).expect("facts");
    assert_eq!(facts.crisis_now, None);
    assert_eq!(facts.age, 50);
    assert_eq!(facts.source, Source::Physio);
    assert_eq!(
        not_asked,
        [
            "crisis_now",
            "phq9",
            "harm_to_others",
            "safeguarding",
            "psychosis_mania"
        ]
    );
    let (_, not_asked) = api(json!({"crisis_now": "not_asked"})).expect("facts");
    assert_eq!(not_asked.first(), Some(&"crisis_now"));
    let all = json!({"crisis_now": "no", "phq9": [0, 0, 0, 0, 0, 0, 0, 0, 0], "harm_to_others": false,
        "safeguarding": false, "psychosis_mania": false});
    assert!(api(all).expect("facts").1.is_empty());
}

#[test]
fn follow_ups_are_missed_only_where_they_were_due() {
    let (_, not_asked) = api(json!({"crisis_now": "yes", "ltc": ["sciatica"]})).expect("facts");
    assert!(not_asked.contains(&"keep_safe") && not_asked.contains(&"spine_red_flag"));
    let (_, not_asked) = api(json!({"crisis_now": "no", "ltc": ["diabetes"]})).expect("facts");
    assert!(!not_asked.contains(&"keep_safe") && !not_asked.contains(&"spine_red_flag"));
    let (_, not_asked) = api(json!({"phq9": [0, 0, 0, 0, 0, 0, 0, 0, 1]})).expect("facts");
    assert!(not_asked.contains(&"keep_safe"));
}
