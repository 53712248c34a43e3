//! Bad input is answered with problem details at the place of the fault, and never with a panic.

use iapt_pad::staff::Scope;
use serde_json::json;

use crate::support::api::{Api, body, on_api, with};

const JSON: (&str, &str) = ("content-type", "application/json");

fn raw(api: &Api, body: impl Into<Vec<u8>>) -> crate::support::api::Answer {
    api.send("POST", "/api/v1/referrals", &[JSON], body.into())
}

#[test]
fn without_a_key_that_works_nothing_is_told() {
    on_api(|api| {
        let nobody = Api {
            key: String::new(),
            ..api.clone()
        };
        let refused = nobody.submit(&body()).expect(401);
        assert!(refused.headers.contains_key("www-authenticate"));
        let wrong = Api {
            key: format!("{}x", api.key),
            ..api.clone()
        };
        wrong.get("/api/v1/referrals").expect(401);
        let reader = api.with_scopes(&[Scope::Read]);
        assert!(
            reader
                .submit(&body())
                .expect(403)
                .text("/detail")
                .contains("`submit`")
        );
        let writer = api.with_scopes(&[Scope::Submit]);
        writer.get("/api/v1/referrals").expect(403);
        writer.get("/api/v1/referrals/0000-0000").expect(403);
    });
}

#[test]
fn a_body_that_is_no_small_json_is_refused() {
    on_api(|api| {
        for kind in [
            "text/plain",
            "application/xml",
            "application/json; charset=latin1",
        ] {
            let headers = [("content-type", kind)];
            api.send("POST", "/api/v1/referrals", &headers, b"{}".to_vec())
                .expect(415);
        }
        let zipped = [JSON, ("content-encoding", "gzip")];
        api.send("POST", "/api/v1/referrals", &zipped, vec![31, 139, 8, 0])
            .expect(415);
        let huge = with(&[("/patient/name", json!("n".repeat(1_000_000)))]);
        raw(api, huge.to_string()).expect(413);
        raw(api, vec![b' '; 70_000]).expect(413);
        let told = raw(api, "{\n  \"slip\": ,\n}").expect(400);
        assert!(told.text("/detail").contains("line 2 column 11"), "{}", told.json);
        raw(api, "").expect(400);
        raw(api, b"{\"source\":\"\xff\"}".to_vec()).expect(400);
        assert_eq!(api.referrals(), 0);
    });
}

#[test]
fn what_is_given_twice_or_too_deep_is_refused_at_its_place() {
    on_api(|api| {
        let text = body().to_string();
        let twice = text.replacen("\"agreed\":true", "\"agreed\":true,\"agreed\":false", 1);
        assert_eq!(raw(api, twice).expect(422).pointers(), ["/agreed"]);
        let bomb = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        let deep = text.replacen("[\"chronic_pain\"]", &bomb, 1);
        let told = raw(api, deep).expect(422);
        assert!(
            told.pointers()
                .iter()
                .all(|pointer| pointer.starts_with("/facts/ltc")),
            "{}",
            told.json
        );
        assert_eq!(raw(api, "[]").expect(422).pointers(), [""]);
    });
}

#[test]
fn every_field_is_told_at_its_place_and_all_at_once() {
    on_api(|api| {
        let cases = [
            ("/patient/name", json!("n".repeat(50_000))),
            ("/patient/name", json!("Robin\u{7}")),
            ("/patient/date_of_birth", json!("1981-02-31")),
            ("/patient/nhs_number", json!("4857773456")),
            ("/patient/nhs_number", json!("5555555555")),
            ("/patient/nhs_number", json!("9990000001")),
            ("/patient/phone", json!("07700 900")),
            ("/patient/email", json!("robin at example.org")),
            ("/patient/address/lines", json!(["1 Made-up\u{0} Street"])),
            ("/patient/title", json!("Dr")),
            ("/source", json!("nurse")),
            ("/facts/problem", json!("sadness")),
            ("/facts/mood", json!(3)),
        ];
        for (pointer, value) in cases {
            let told = api.submit(&with(&[(pointer, value)])).expect(422);
            let told = told.pointers().join(" ");
            assert!(
                told == pointer || told == format!("{pointer}/0"),
                "{pointer}: {told}"
            );
        }
        let several = with(&[
            ("/source", json!("nurse")),
            ("/patient/phone", json!("07700 900")),
            ("/facts/mood", json!(3)),
        ]);
        let told = api.submit(&several).expect(422);
        assert_eq!(told.pointers(), ["/source", "/patient/phone", "/facts/mood"]);
        assert_eq!(api.referrals(), 0);
    });
}

#[test]
fn facts_that_come_from_elsewhere_may_not_be_named() {
    on_api(|api| {
        for (key, value) in [
            ("age", json!(40)),
            ("min_age", json!(16)),
            ("agreed", json!(true)),
            ("source", json!("self")),
            ("pad_target", json!("hwb")),
        ] {
            let pointer = format!("/facts/{key}");
            let told = api.submit(&with(&[(&pointer, value)])).expect(422);
            assert_eq!(told.pointers(), [pointer]);
            assert!(told.text("/errors/0/detail").contains(key));
        }
    });
}

#[test]
fn another_method_or_address_is_told_what_there_is() {
    on_api(|api| {
        let told = api
            .send("DELETE", "/api/v1/referrals", &[], Vec::new())
            .expect(405);
        assert_eq!(
            told.headers.get("allow").map(|value| value.as_bytes()),
            Some(&b"GET, POST"[..])
        );
        api.get("/api/v1/nothing").expect(404);
    });
}

#[test]
fn who_keeps_sending_faulty_bodies_is_asked_to_wait_and_a_sound_one_still_passes() {
    on_api(|api| {
        // Not a wrong code: those are held back besides, so that four hundred would take half an hour.
        let faulty = with(&[("/source", json!("nurse"))]);
        let statuses: Vec<u16> = (0..400).map(|_| api.submit(&faulty).status).collect();
        assert!(statuses.contains(&429), "whoever goes on is stopped");
        assert!(statuses.iter().all(|status| [422, 429].contains(status)));
        api.submit(&body()).expect(201);
    });
}
