//! One sound body, and what becomes of it when something is wrong with it.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::interop::json::parse;

const TODAY: Date = jiff::civil::date(2026, 11, 23);

fn sound() -> Value {
    json!({
        "slip": "7k3m 9qxt 2vbr", "source": "physio", "agreed": true, "share_status_with_referrer": true,
        "patient": {
            "name": "Ann Example", "date_of_birth": "1980-02-29", "nhs_number": "999 002 3115",
            "email": "ann@example.org", "phone": "07700 900123", "phone_voicemail_ok": true,
            "address": {"lines": ["1 Some Street", "Sheffield"], "postcode": "s10 2hq"},
            "gp_surgery": "Example Surgery", "gp_ods": "c88001"
        },
        "facts": {"crisis_now": "no", "problem": "worry", "ltc": ["back_pain"], "ltc_linked": "yes"}
    })
}

fn reading(body: &Value) -> Result<ReferralBody, Vec<String>> {
    let words = ["kill myself".to_owned()];
    let here = Here {
        today: TODAY,
        min_age: 18,
        risk_words: &words,
    };
    let document = parse(body.to_string().as_bytes()).expect("JSON");
    read(document, here).map_err(|faults| faults.iter().map(|fault| fault.pointer.to_string()).collect())
}

/// The sound body with another value at a place; null at a place takes it away as far as the reader is concerned.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut body = sound();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = body
            .pointer_mut(parent)
            .and_then(Value::as_object_mut)
            .expect("an object");
        parent.insert(key.to_owned(), value.clone());
    }
    body
}

#[test]
fn a_sound_body_is_read_whole() {
    let read = reading(&sound()).expect("sound");
    let person = read.person;
    assert_eq!(person.name, "Ann Example");
    assert_eq!(person.date_of_birth, Some(jiff::civil::date(1980, 2, 29)));
    assert_eq!(person.nhs_number.as_deref(), Some("9990023115"));
    assert_eq!(person.phone.as_deref(), Some("+447700900123"));
    assert_eq!(person.postcode.as_deref(), Some("S10 2HQ"));
    assert_eq!(person.gp_ods.as_deref(), Some("C88001"));
    assert_eq!(person.address, ["1 Some Street", "Sheffield"]);
    assert!(person.voicemail_ok && person.write_ok && read.share_status && !read.worries);
    assert!(read.slip.is_some() && read.needs_checking.is_empty());
    let facts = read.facts;
    assert_eq!((facts.age, facts.min_age, facts.source), (46, 18, Source::Physio));
}

#[test]
fn what_may_be_null_or_left_out_is_not_missed() {
    let body = json!({
        "slip": null, "source": "self", "agreed": true,
        "patient": {"name": "Ann Example", "date_of_birth": "1980-02-29", "nhs_number": null, "email": "",
            "phone": "0114 496 0001", "address": null}
    });
    let read = reading(&body).expect("sound");
    assert!(read.slip.is_none() && read.person.email.is_none() && !read.share_status);
    assert!(read.not_asked.contains(&"crisis_now".to_owned()) && read.facts.crisis_now.is_none());
}

#[test]
fn every_fault_is_told_at_its_place() {
    let long = json!("a".repeat(60_000));
    for (pointer, value) in [
        ("/slip", json!("7K3M-9QXT-2VBS")),
        ("/slip", json!(7)),
        ("/source", json!("vicar")),
        ("/source", Value::Null),
        ("/agreed", json!("yes")),
        ("/agreed", Value::Null),
        ("/share_status_with_referrer", json!(1)),
        ("/unknown", json!(1)),
        ("/patient/unknown", json!({})),
        ("/patient/name", long.clone()),
        ("/patient/name", json!("Ann\u{0}")),
        ("/patient/name", Value::Null),
        ("/patient/date_of_birth", json!("1980-02-31")),
        ("/patient/date_of_birth", json!("2027-01-01")),
        ("/patient/date_of_birth", Value::Null),
        ("/patient/nhs_number", json!("9991234567")),
        ("/patient/nhs_number", json!("5555555555")),
        ("/patient/nhs_number", json!(9_990_023_115_u64)),
        ("/patient/email", json!("ann@")),
        ("/patient/phone", json!("12")),
        ("/patient/phone", json!(["07700 900123"])),
        ("/patient/phone_voicemail_ok", json!("true")),
        ("/patient/address", json!("1 Some Street")),
        ("/patient/address/lines", json!("1 Some Street")),
        ("/patient/address/lines", json!(["a", "b", "c", "d", "e", "f"])),
        ("/patient/address/postcode", json!("nowhere")),
        ("/patient/address/county", json!("Yorkshire")),
        ("/patient/gp_surgery", long),
        ("/patient/gp_ods", json!("C-88")),
        ("/facts/age", json!(40)),
        ("/facts/phq9", json!([0, 0, 0, 0, 0, 0, 0, 0])),
        ("/facts/mood", json!(1)),
        ("/facts", json!([1])),
    ] {
        assert_eq!(
            reading(&with(&[(pointer, value.clone())])).expect_err(pointer),
            [pointer],
            "{value}"
        );
    }
    let several = with(&[
        ("/patient/phone", json!("12")),
        ("/facts/mood", json!(1)),
        ("/agreed", json!(0)),
    ]);
    assert_eq!(
        reading(&several).expect_err("faults"),
        ["/agreed", "/patient/phone", "/facts/mood"]
    );
    assert_eq!(
        reading(&json!([]))
            .expect_err("faults")
            .first()
            .map(String::as_str),
        Some("")
    );
}

#[test]
fn somebody_must_be_reachable() {
    let body = with(&[
        ("/patient/phone", Value::Null),
        ("/patient/email", Value::Null),
        ("/patient/address", Value::Null),
    ]);
    assert_eq!(reading(&body).expect_err("unreachable"), ["/patient"]);
    let by_letter = with(&[("/patient/phone", Value::Null), ("/patient/email", Value::Null)]);
    assert!(reading(&by_letter).expect("by letter").person.write_ok);
}

#[test]
fn a_worrying_answer_is_kept_with_what_was_typed() {
    let body = with(&[
        ("/facts/crisis_now", json!("yes")),
        ("/facts/gad7", json!([9])),
        ("/patient/address/postcode", json!("S10 2")),
        ("/patient/date_of_birth", json!("1980-02-31")),
        ("/patient/phone", json!("07700 90012")),
        ("/slip", json!("7K3M-9QXT-2VBS")),
        ("/extra", json!(true)),
    ]);
    let read = reading(&body).expect("kept");
    assert!(read.worries && read.slip.is_none());
    assert_eq!(read.person.postcode.as_deref(), Some("S10 2"));
    assert_eq!(read.person.phone.as_deref(), Some("07700 90012"));
    assert_eq!(read.person.date_of_birth, None);
    for kept in [
        "Postcode: S10 2",
        "Date of birth: 1980-02-31",
        "Slip code: 7K3M-9QXT-2VBS",
        "/extra: true",
    ] {
        assert!(
            read.needs_checking.iter().any(|line| line == kept),
            "{kept}: {:?}",
            read.needs_checking
        );
    }
}

#[test]
fn a_worrying_answer_about_nobody_reachable_is_refused() {
    let gone = |phone: &str| {
        with(&[
            ("/facts/keep_safe", json!("no")),
            ("/patient/phone", json!(phone)),
            ("/patient/email", json!("none")),
            ("/patient/address", Value::Null),
        ])
    };
    let told = reading(&gone("")).expect_err("unreachable");
    assert_eq!(told, ["/patient/email", "/patient"]);
    assert!(reading(&gone("not known")).is_err());
    for tried in ["900123", "ask at the Red Lion", "0770"] {
        assert!(reading(&gone(tried)).is_ok(), "somebody could try {tried}");
    }
    let alone = |pointer: &str, value: Value| {
        with(&[
            ("/facts/keep_safe", json!("no")),
            ("/patient/phone", Value::Null),
            ("/patient/email", Value::Null),
            ("/patient/address", json!({})),
            (pointer, value),
        ])
    };
    for (pointer, value) in [
        ("/patient/email", json!("ann@example")),
        ("/patient/address/lines", json!(["1 Some Street"])),
        ("/patient/address/postcode", json!("S10 2")),
    ] {
        let read = reading(&alone(pointer, value)).expect(pointer);
        assert!(
            read.person.has_way() && !read.needs_checking.is_empty(),
            "{pointer}"
        );
    }
    let nameless = with(&[("/facts/keep_safe", json!("no")), ("/patient/name", json!(""))]);
    assert!(reading(&nameless).is_ok(), "a number can be rung without a name");
}

#[test]
fn a_code_that_cannot_be_a_slips_is_told_apart_from_none() {
    let danger = ("/facts/crisis_now", json!("yes"));
    let read = |code: Value| reading(&with(&[danger.clone(), ("/slip", code)])).expect("kept");
    assert!(read(json!("7K3M-9QXT-2VBS")).unknown_code && read(json!(7)).unknown_code);
    assert!(!read(json!("7K3M-9QXT-2VBR")).unknown_code && !read(Value::Null).unknown_code);
}

#[test]
fn no_mail_goes_to_an_address_that_is_none() {
    let body = with(&[
        ("/facts/crisis_now", json!("yes")),
        ("/patient/email", json!("ann@example")),
    ]);
    let person = reading(&body).expect("kept").person;
    assert!(person.email.is_some() && !person.write_ok);
}

#[test]
fn a_risk_word_in_free_text_is_a_worrying_answer() {
    let body = with(&[
        ("/facts/ltc", json!(["I want to kill myself"])),
        ("/patient/gp_ods", json!("?")),
    ]);
    let read = reading(&body).expect("kept");
    assert!(read.worries && read.facts.free_text_risk);
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["yes", "no", "2026-13-45", "7K3M-9QXT-2VBR", "self"]).prop_map(Value::from),
    ];
    let keys = prop::sample::select(
        [
            &BODY[..],
            &PATIENT[..],
            &ADDRESS[..],
            &["phq9", "ltc", "wsas", "x"][..],
        ]
        .concat(),
    );
    leaf.prop_recursive(4, 40, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..10).prop_map(Value::from),
            prop::collection::btree_map(keys.clone(), inner, 0..10).prop_map(|pairs| Value::Object(
                pairs
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_answered(body in anything()) {
        let _ = reading(&body);
    }

    #[test]
    fn any_value_at_any_place_is_answered(value in anything(), place in 0..18_usize) {
        let places: Vec<String> = BODY.iter().map(|key| format!("/{key}"))
            .chain(PATIENT.iter().map(|key| format!("/patient/{key}")))
            .chain(["/facts/phq9", "/facts/ltc", "/facts/wsas"].map(str::to_owned)).collect();
        let _ = reading(&with(&[(&places[place], value)]));
    }
}
