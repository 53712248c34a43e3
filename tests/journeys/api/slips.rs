//! A slip sent in: used once, and leading to help whatever state it is in.

use diesel::prelude::*;
use iapt_pad::db::schema::{clinic, outbox};
use iapt_pad::dispatch;
use iapt_pad::staff::Scope;
use serde_json::json;

use crate::support::api::{Answer, Api, body, on_api, with};
use crate::support::app::at;

fn opened(api: &Api, answer: &Answer) -> Answer {
    api.get(&format!("/api/v1/referrals/{}", answer.text("/reference")))
        .expect(200)
}

#[test]
fn an_unused_slip_makes_a_referral() {
    on_api(|api| {
        let made = api
            .submit(&with(&[("/slip", json!(api.slip().to_lowercase()))]))
            .expect(201);
        let reference = made.text("/reference").to_owned();
        assert_eq!(reference.len(), 9);
        assert_eq!(
            made.headers.get("location").map(|value| value.as_bytes()),
            Some(format!("/api/v1/referrals/{reference}").as_bytes())
        );
        assert!(
            made.text("/manage_url")
                .starts_with("https://talking.example.org/r/")
        );
        assert_eq!(made.text("/id").len(), 36);
        assert!(made.flags().iter().all(|flag| !flag.starts_with("SLIP_")));
        assert_eq!(opened(api, &made).text("/status"), "new");
    });
}

#[test]
fn the_decision_is_told_only_with_the_scope_triage() {
    on_api(|api| {
        let told = api.submit(&body()).expect(201);
        assert_eq!(told.text("/decision/service"), "hwb");
        let reasons = told.json.pointer("/decision/reasons/0").expect("a reason");
        assert!(
            reasons.get("rule").is_some() && reasons.get("text").is_some() && reasons.get("source").is_some()
        );
        let other = api.with_scopes(&[Scope::Submit, Scope::Read]);
        let made = other
            .submit(&with(&[("/patient/name", json!("Sam Example"))]))
            .expect(201);
        assert!(made.json.get("decision").is_none());
        let opened = opened(&other, &made);
        assert!(opened.json.get("decision").is_none() && opened.json.get("facts").is_none());
        assert_eq!(opened.text("/patient/name"), "Sam Example");
    });
}

#[test]
fn a_slip_used_by_the_same_person_adds_to_the_first_referral() {
    on_api(|api| {
        let slip = json!(api.slip());
        let first = api.submit(&with(&[("/slip", slip.clone())])).expect(201);
        api.app.clock.advance_minutes(5);
        let worse = with(&[
            ("/slip", slip.clone()),
            ("/patient/name", json!("  robin EXAMPLE ")),
            ("/facts/phq9", json!([1, 1, 1, 1, 1, 1, 1, 1, 2])),
        ]);
        let added = api.submit(&worse).expect(200);
        let alone = json!({"reference": first.text("/reference")});
        assert_eq!(
            added.json, alone,
            "the key that began it is told the reference alone"
        );
        assert_eq!(opened(api, &first).text("/decision/priority"), "P2");
        api.app.clock.advance_minutes(5);
        let calm_again = api.submit(&with(&[("/slip", slip)])).expect(200);
        assert_eq!(calm_again.json, alone);
        let now = opened(api, &first);
        assert_eq!(now.text("/decision/priority"), "P2", "priority only goes up");
        assert!(now.flags().contains(&"RISK_ITEM9"));
        assert_eq!(api.referrals(), 1);
    });
}

#[test]
fn a_key_that_did_not_begin_it_is_told_nothing_of_a_referral_it_adds_to() {
    on_api(|api| {
        let (slip, clinic) = api.slip_that("unused", at("2027-12-31T00:00:00Z"));
        let first = api.submit(&with(&[("/slip", json!(slip))])).expect(201);
        let worse = with(&[("/slip", json!(slip)), ("/facts/crisis_now", json!("yes"))]);
        let keyed = [("idempotency-key", "a-1")];
        for other in [
            api.with_scopes(&[Scope::Submit, Scope::Triage]),
            api.with_key(&[Scope::Submit, Scope::Triage], Some(clinic)),
        ] {
            let added = other.post_with("/api/v1/referrals", &keyed, &worse).expect(200);
            assert_eq!((&added.json, added.headers.get("location")), (&json!({}), None));
            let again = other.post_with("/api/v1/referrals", &keyed, &worse).expect(200);
            assert_eq!((again.json, again.headers.get("location")), (added.json, None));
        }
        assert_eq!(opened(api, &first).text("/decision/priority"), "P1");
        assert_eq!(api.referrals(), 1);
    });
}

#[test]
fn a_key_of_one_clinic_acts_for_its_slips_only_when_it_submits_too() {
    on_api(|api| {
        let later = at("2027-12-31T00:00:00Z");
        let (unused, clinic) = api.slip_that("unused", later);
        let used = api.slip();
        let first = api.submit(&with(&[("/slip", json!(used))])).expect(201);
        let other = api.with_key(&Scope::ALL, Some(api.slip_that("void", later).1));
        for slip in [&unused, &used, &api.slip_that("void", later).0] {
            let told = other.submit(&with(&[("/slip", json!(slip))])).expect(422);
            assert_eq!(told.pointers(), ["/slip"]);
            let unknown = other.submit(&with(&[("/slip", json!("7K3M-9QXT-2VBR"))]));
            assert_eq!(told.text("/errors/0/detail"), unknown.text("/errors/0/detail"));
        }
        assert_eq!(api.referrals(), 1);
        for slip in [&unused, &used] {
            let worry = with(&[("/slip", json!(slip)), ("/facts/crisis_now", json!("yes"))]);
            let made = other.submit(&worry).expect(201);
            assert!(made.flags().contains(&"SLIP_UNKNOWN") && made.flags().contains(&"NEEDS_CHECKING"));
            assert_ne!(made.text("/reference"), first.text("/reference"));
        }
        let untouched = opened(api, &first);
        assert_eq!(
            untouched.text("/facts/crisis_now"),
            "no",
            "nothing was added to it"
        );
        let own = api.with_key(&Scope::ALL, Some(clinic));
        let made = own.submit(&with(&[("/slip", json!(unused))])).expect(201);
        assert!(
            made.flags().iter().all(|flag| !flag.starts_with("SLIP_")),
            "it was not used up"
        );
    });
}

#[test]
fn the_same_nhs_number_alone_is_not_the_same_person() {
    on_api(|api| {
        let slip = json!(api.slip());
        let number = |number: &str, name: &str| {
            with(&[
                ("/slip", slip.clone()),
                ("/patient/nhs_number", json!(number)),
                ("/patient/name", json!(name)),
            ])
        };
        let first = api.submit(&number("9990023115", "Robin Example")).expect(201);
        let again = api.submit(&number("999 002 3115", " robin EXAMPLE")).expect(200);
        assert_eq!(again.text("/reference"), first.text("/reference"));
        let renamed = api.submit(&number("9990023115", "R. Example-Smith")).expect(201);
        assert!(renamed.flags().contains(&"SLIP_USED"));
        let other = api.submit(&number("9990046220", "Robin Example")).expect(201);
        assert!(other.flags().contains(&"SLIP_USED"));
    });
}

#[test]
fn a_slip_that_cannot_be_used_still_makes_a_referral_and_says_why() {
    on_api(|api| {
        let (later, past) = (at("2027-12-31T00:00:00Z"), at("2026-11-01T00:00:00Z"));
        let used = json!(api.slip());
        api.submit(&with(&[
            ("/slip", used.clone()),
            ("/patient/name", json!("Sam Example")),
        ]))
        .expect(201);
        for (slip, flag) in [
            (used, "SLIP_USED"),
            (json!(api.slip_that("void", later).0), "SLIP_VOID"),
            (json!(api.slip_that("unused", past).0), "SLIP_EXPIRED"),
        ] {
            let made = api.submit(&with(&[("/slip", slip)])).expect(201);
            assert!(made.flags().contains(&flag), "{flag}: {:?}", made.flags());
        }
        assert_eq!(api.referrals(), 4);
    });
}

#[test]
fn a_code_that_is_no_slips_is_refused_at_its_place() {
    on_api(|api| {
        for code in ["7K3M-9QXT-2VBS", "7K3M-9QXT-2VBR", "7K3M", "7K3M-9QXT-2VB!"] {
            let refused = api.submit(&with(&[("/slip", json!(code))])).expect(422);
            assert_eq!(refused.pointers(), ["/slip"], "{code}");
        }
        assert_eq!(api.referrals(), 0);
    });
}

#[test]
fn a_slip_is_made_sent_in_and_used_once() {
    on_api(|api| {
        let (_, place) = api.slip_that("void", at("2027-12-31T00:00:00Z"));
        let code: String = api.read(move |conn| {
            let one = clinic::table.filter(clinic::id.eq(place)).select(clinic::code);
            Ok(dispatch!(conn, c => one.first(c))?)
        });
        let asked = json!({"clinic": code, "service": "core", "patient_email": "robin@example.org"});
        let made = api.post("/api/v1/slips", &asked).expect(201);
        assert_eq!(made.text("/code").len(), 14);
        let compact = made.text("/code").replace('-', "");
        assert_eq!(
            made.text("/url"),
            format!("https://talking.example.org/s/{compact}")
        );
        assert_eq!(made.text("/expires_at").get(..4), Some("2027"));
        let sent: i64 = api.read(|conn| Ok(dispatch!(conn, c => outbox::table.count().get_result(c))?));
        assert_eq!(sent, 1, "the link");

        let body = with(&[("/slip", json!(made.text("/code")))]);
        let referral = api.submit(&body).expect(201);
        assert!(
            referral.flags().contains(&"REFERRER_DIFFERS"),
            "hwb by the answers, core by the slip"
        );
        assert_eq!(
            api.submit(&body).expect(200).text("/reference"),
            referral.text("/reference")
        );
    });
}

#[test]
fn a_slip_is_printed_for_the_key_that_may_issue() {
    on_api(|api| {
        let (_, place) = api.slip_that("void", at("2027-12-31T00:00:00Z"));
        let code: String = api.read(move |conn| {
            let one = clinic::table.filter(clinic::id.eq(place)).select(clinic::code);
            Ok(dispatch!(conn, c => one.first(c))?)
        });
        let key = api.with_key(&[Scope::Issue], Some(place));
        let made = key.post("/api/v1/slips", &json!({"clinic": code})).expect(201);
        let path = made
            .text("/pdf_url")
            .trim_start_matches("https://talking.example.org")
            .to_owned();
        let printed = key.get(&path).expect(200);
        assert_eq!(
            printed.headers.get("content-type").map(|value| value.as_bytes()),
            Some(&b"application/pdf"[..])
        );
        let other = api.with_key(
            &[Scope::Issue],
            Some(api.slip_that("void", at("2027-12-31T00:00:00Z")).1),
        );
        other.get(&path).expect(404);
        other.post("/api/v1/slips", &json!({"clinic": code})).expect(403);
        api.with_scopes(&[Scope::Submit]).get(&path).expect(403);
        key.get("/api/v1/slips/x/pdf").expect(404);
    });
}

#[test]
fn a_slip_that_cannot_be_made_is_told_at_the_place() {
    on_api(|api| {
        let asked =
            json!({"clinic": "NOWHERE", "service": "review", "patient_email": "robin@", "colour": "blue"});
        let told = api.post("/api/v1/slips", &asked).expect(422);
        assert_eq!(told.pointers(), ["/colour", "/service", "/patient_email"]);
        assert_eq!(
            api.post("/api/v1/slips", &json!({"clinic": "NOWHERE"}))
                .expect(422)
                .pointers(),
            ["/clinic"]
        );
        assert_eq!(
            api.post("/api/v1/slips", &json!({})).expect(422).pointers(),
            ["/clinic"]
        );
    });
}
