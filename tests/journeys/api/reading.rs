//! What other systems read: lists that go on where they stopped, single referrals, and a note of every reading.

use diesel::prelude::*;
use iapt_pad::db::schema::read_log;
use iapt_pad::dispatch;
use iapt_pad::staff::Scope;
use serde_json::{Value, json};

use crate::support::api::{Api, body, on_api, with};
use crate::support::app::at;

fn references(page: &Value) -> Vec<String> {
    let items = page.get("items").and_then(Value::as_array).expect("items");
    let reference = |item: &Value| item.get("reference").and_then(Value::as_str).map(str::to_owned);
    items
        .iter()
        .map(|item| reference(item).expect("a reference"))
        .collect()
}

fn submitted(api: &Api, count: usize) -> Vec<String> {
    let letter = |number: usize| char::from(b'a' + u8::try_from(number % 26).expect("a letter"));
    let one = |index: usize| {
        api.app.clock.advance_minutes(i64::from(index.is_multiple_of(3)));
        let name = json!(format!("Robin Example {}{}", letter(index / 26), letter(index)));
        let made = api.submit(&with(&[("/patient/name", name)]));
        made.expect(201).text("/reference").to_owned()
    };
    (0..count).map(one).collect()
}

#[test]
fn a_list_goes_on_where_it_stopped() {
    on_api(|api| {
        let mut made = submitted(api, 120);
        let mut seen = Vec::new();
        let mut path = "/api/v1/referrals".to_owned();
        let mut pages = 0;
        loop {
            let page = api.get(&path).expect(200);
            seen.extend(references(&page.json));
            pages += 1;
            match page.json.get("next").and_then(Value::as_str) {
                Some(next) => path = format!("/api/v1/referrals?after={next}"),
                None => break,
            }
        }
        assert_eq!(pages, 3);
        made.sort_unstable();
        let mut all = seen.clone();
        all.sort_unstable();
        assert_eq!(all, made, "each once");
    });
}

#[test]
fn a_list_is_of_one_service_and_one_state_if_asked() {
    on_api(|api| {
        let hwb = api.submit(&body()).expect(201);
        let core = api
            .submit(&with(&[
                ("/facts/ltc", json!([])),
                ("/patient/name", json!("Sam Example")),
            ]))
            .expect(201);
        let list = |query: &str| references(&api.get(&format!("/api/v1/referrals?{query}")).expect(200).json);
        assert_eq!(list("service=hwb&status=new"), [hwb.text("/reference")]);
        assert_eq!(list("service=core"), [core.text("/reference")]);
        assert!(list("status=accepted").is_empty());
        for wrong in [
            "service=iapt",
            "status=P1",
            "after=x",
            "page=2",
            "status=new&status=new",
        ] {
            api.get(&format!("/api/v1/referrals?{wrong}")).expect(422);
        }
        let page = api.get("/api/v1/referrals").expect(200);
        let text = page.json.to_string();
        assert!(!text.contains("Example"), "a list names nobody");
        assert_eq!(page.json.pointer("/items/0/booked"), Some(&json!(false)));
        assert_eq!(page.text("/items/0/received_at"), "2026-11-23T09:30:00Z");
    });
}

#[test]
fn a_referral_is_read_as_it_was_sent() {
    on_api(|api| {
        let made = api.submit(&body()).expect(201);
        let path = format!("/api/v1/referrals/{}", made.text("/reference"));
        let read = api.get(&path).expect(200);
        assert_eq!(
            (read.text("/status"), read.text("/service"), read.text("/id")),
            ("new", "hwb", made.text("/id"))
        );
        assert_eq!(read.json.get("booked"), Some(&json!(false)));
        assert_eq!(read.text("/patient/phone"), "+447700900123");
        assert_eq!(read.text("/patient/date_of_birth"), "1980-02-29");
        assert_eq!(
            read.json.pointer("/patient/address/lines/0"),
            Some(&json!("1 Made-up Street"))
        );
        assert_eq!(read.json.pointer("/facts/phq9/8"), Some(&json!(0)));
        assert_eq!(read.json.get("decision"), made.json.get("decision"));
        let typed = path.replace('-', "").to_lowercase();
        api.get(&typed).expect(200);
        for wrong in ["0000-0000", "x", "%00", "..%2f"] {
            api.get(&format!("/api/v1/referrals/{wrong}")).expect(404);
        }
    });
}

#[test]
fn a_key_of_one_clinic_reads_only_that_clinics_referrals() {
    on_api(|api| {
        let (slip, clinic) = api.slip_that("unused", at("2027-12-31T00:00:00Z"));
        let ours = api.submit(&with(&[("/slip", json!(slip))])).expect(201);
        let other = api
            .submit(&with(&[("/patient/name", json!("Sam Example"))]))
            .expect(201);
        let key = api.with_key(&[Scope::Read], Some(clinic));
        assert_eq!(
            references(&key.get("/api/v1/referrals").expect(200).json),
            [ours.text("/reference")]
        );
        key.get(&format!("/api/v1/referrals/{}", ours.text("/reference")))
            .expect(200);
        key.get(&format!("/api/v1/referrals/{}", other.text("/reference")))
            .expect(404);
    });
}

#[test]
fn every_reading_is_on_the_record() {
    on_api(|api| {
        let made = api.submit(&body()).expect(201);
        let notes = |api: &Api| -> Vec<(String, bool)> {
            api.read(|conn| {
                let all = read_log::table
                    .order(read_log::id)
                    .select((read_log::what, read_log::referral_id.is_not_null()));
                Ok(dispatch!(conn, c => all.load(c))?)
            })
        };
        assert!(notes(api).is_empty(), "sending is not reading");
        api.get("/api/v1/referrals").expect(200);
        api.get(&format!("/api/v1/referrals/{}", made.text("/reference")))
            .expect(200);
        assert_eq!(
            notes(api),
            [
                ("api: list".to_owned(), false),
                ("api: referral".to_owned(), true)
            ]
        );
    });
}
