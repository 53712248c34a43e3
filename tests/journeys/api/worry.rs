//! A worrying answer reaches a person, whatever else is wrong with the body that carries it.

use serde_json::{Value, json};

use crate::support::api::{body, on_api, with};

#[test]
fn a_worrying_answer_with_a_bad_postcode_is_kept_and_flagged() {
    on_api(|api| {
        let made = api
            .submit(&with(&[
                ("/facts/crisis_now", json!("yes")),
                ("/facts/gad7", json!([4])),
                ("/patient/address/postcode", json!("S1")),
                ("/patient/date_of_birth", json!("1980-02-31")),
                ("/colour", json!("blue")),
            ]))
            .expect(201);
        assert_eq!(made.text("/decision/priority"), "P1");
        assert_eq!(made.text("/decision/booking"), "none");
        assert!(made.flags().contains(&"NEEDS_CHECKING") && made.flags().contains(&"RISK_CRISIS"));
        let opened = api
            .get(&format!("/api/v1/referrals/{}", made.text("/reference")))
            .expect(200);
        assert_eq!(opened.text("/patient/address/postcode"), "S1");
        let kept = opened
            .json
            .get("needs_checking")
            .map(Value::to_string)
            .unwrap_or_default();
        for typed in [
            "Postcode: S1",
            "Date of birth: 1980-02-31",
            "/colour: blue",
            "/facts/gad7: [4]",
        ] {
            assert!(kept.contains(typed), "{typed} is not in {kept}");
        }
    });
}

#[test]
fn the_same_faults_without_a_worrying_answer_are_told_and_nothing_is_kept() {
    on_api(|api| {
        let refused = api
            .submit(&with(&[
                ("/facts/gad7", json!([4])),
                ("/patient/address/postcode", json!("S1")),
                ("/colour", json!("blue")),
            ]))
            .expect(422);
        assert_eq!(
            refused.pointers(),
            ["/colour", "/patient/address/postcode", "/facts/gad7"]
        );
        assert_eq!(api.referrals(), 0);
    });
}

#[test]
fn a_worrying_answer_about_nobody_reachable_is_refused() {
    on_api(|api| {
        let nobody = with(&[
            ("/facts/keep_safe", json!("unsure")),
            ("/patient/phone", Value::Null),
            ("/patient/address", Value::Null),
        ]);
        assert_eq!(api.submit(&nobody).expect(422).pointers(), ["/patient"]);
        assert_eq!(api.referrals(), 0);
        let nameless = with(&[("/facts/keep_safe", json!("no")), ("/patient/name", json!(""))]);
        assert!(
            api.submit(&nameless)
                .expect(201)
                .flags()
                .contains(&"NEEDS_CHECKING")
        );
    });
}

#[test]
fn a_worrying_answer_with_a_code_that_is_no_slips_is_kept() {
    on_api(|api| {
        for (code, flags) in [
            ("7K3M-9QXT-2VBS", &["NEEDS_CHECKING", "SLIP_UNKNOWN"]),
            ("7K3M-9QXT-2VBR", &["NEEDS_CHECKING", "SLIP_UNKNOWN"]),
            ("no idea", &["NEEDS_CHECKING", "SLIP_UNKNOWN"]),
        ] {
            let body = with(&[("/slip", json!(code)), ("/facts/psychosis_mania", json!(true))]);
            let made = api.submit(&body).expect(201);
            assert!(
                flags.iter().all(|flag| made.flags().contains(flag)),
                "{code}: {:?}",
                made.flags()
            );
        }
    });
}

#[test]
fn a_worrying_answer_is_taken_in_even_if_its_idempotency_key_is_worn_out() {
    on_api(|api| {
        let headers = [("idempotency-key", "always-the-same")];
        api.post_with("/api/v1/referrals", &headers, &body()).expect(201);
        let worse = with(&[
            ("/patient/name", json!("Sam Example")),
            ("/facts/crisis_now", json!("yes")),
        ]);
        api.post_with("/api/v1/referrals", &headers, &worse).expect(201);
        assert_eq!(api.referrals(), 2);
    });
}

#[test]
fn a_safety_question_left_out_was_not_asked() {
    on_api(|api| {
        let made = api
            .submit(&with(&[("/facts", json!({"ltc": ["back_pain"]}))]))
            .expect(201);
        assert!(made.flags().contains(&"RISK_NOT_ASKED"), "{:?}", made.flags());
        let opened = api
            .get(&format!("/api/v1/referrals/{}", made.text("/reference")))
            .expect(200);
        assert_eq!(opened.text("/facts/crisis_now"), "not_asked");
        let not_asked = opened
            .json
            .get("not_asked")
            .map(Value::to_string)
            .unwrap_or_default();
        for key in [
            "crisis_now",
            "phq9",
            "harm_to_others",
            "safeguarding",
            "psychosis_mania",
            "spine_red_flag",
        ] {
            assert!(not_asked.contains(key), "{key} is not in {not_asked}");
        }
    });
}

#[test]
fn the_age_comes_from_the_date_of_birth_and_the_limit_from_the_locality() {
    on_api(|api| {
        let made = api
            .submit(&with(&[("/patient/date_of_birth", json!("2009-11-24"))]))
            .expect(201);
        assert!(made.flags().contains(&"UNDER_MIN_AGE"), "{:?}", made.flags());
        let opened = api
            .get(&format!("/api/v1/referrals/{}", made.text("/reference")))
            .expect(200);
        assert_eq!(opened.json.pointer("/facts/age"), Some(&json!(16)));
        assert_eq!(opened.json.pointer("/facts/min_age"), Some(&json!(18)));
        assert_eq!(opened.text("/facts/source"), "physio");
    });
}

#[test]
fn who_does_not_agree_is_looked_at_by_a_person() {
    on_api(|api| {
        let made = api.submit(&with(&[("/agreed", json!(false))])).expect(201);
        assert!(made.flags().contains(&"NO_AGREEMENT"));
        assert_eq!(made.text("/decision/service"), "review");
        assert!(made.json.get("booking_url").is_none());
    });
}
