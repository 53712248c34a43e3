//! A submission sent again, by one system or by several at once, makes one referral.

use std::thread;

use iapt_pad::interop::forget_old_answers;
use iapt_pad::staff::Scope;
use serde_json::json;

use crate::support::api::{Answer, Api, body, on_api, with};

fn keyed(api: &Api, key: &str, body: &serde_json::Value) -> Answer {
    api.post_with("/api/v1/referrals", &[("idempotency-key", key)], body)
}

#[test]
fn the_same_idempotency_key_and_body_get_the_same_answer() {
    on_api(|api| {
        let first = keyed(api, "a-1", &body()).expect(201);
        let again = keyed(api, "a-1", &body()).expect(201);
        assert_eq!(first.json, again.json);
        assert_eq!(first.headers.get("location"), again.headers.get("location"));
        // The same values in another order and with other spaces are the same body.
        let text = serde_json::to_string_pretty(&body()).expect("JSON");
        let headers = [("content-type", "application/json"), ("idempotency-key", "a-1")];
        let pretty = api
            .send("POST", "/api/v1/referrals", &headers, text.into_bytes())
            .expect(201);
        assert_eq!((pretty.json, api.referrals()), (first.json, 1));
    });
}

#[test]
fn the_same_idempotency_key_with_another_body_is_refused() {
    on_api(|api| {
        keyed(api, "a-1", &body()).expect(201);
        let other = with(&[("/patient/name", json!("Sam Example"))]);
        let refused = keyed(api, "a-1", &other).expect(422);
        assert!(refused.text("/detail").contains("Idempotency-Key"));
        assert_eq!(api.referrals(), 1);
        keyed(api, "a-2", &other).expect(201);
        for wrong in ["", &"k".repeat(256)] {
            keyed(api, wrong, &body()).expect(400);
        }
    });
}

#[test]
fn an_idempotency_key_stands_for_a_day_and_for_one_api_key() {
    on_api(|api| {
        let first = keyed(api, "a-1", &body()).expect(201);
        let other = api.with_scopes(&[Scope::Submit]);
        let theirs = keyed(&other, "a-1", &with(&[("/patient/name", json!("Sam Example"))])).expect(201);
        assert_ne!(first.text("/reference"), theirs.text("/reference"));
        api.app.clock.advance_minutes(23 * 60);
        assert_eq!(
            keyed(api, "a-1", &body()).expect(201).text("/reference"),
            first.text("/reference")
        );
        api.app.clock.advance_minutes(2 * 60);
        let later = keyed(api, "a-1", &with(&[("/patient/name", json!("Kim Example"))])).expect(201);
        assert_ne!(later.text("/reference"), first.text("/reference"));
        assert_eq!(api.referrals(), 3);
        let now = api.app.clock.now();
        assert_eq!(
            api.write(move |conn| forget_old_answers(conn, now)),
            1,
            "theirs is a day old, ours was sent again"
        );
    });
}

#[test]
fn an_answer_told_again_is_the_answer_of_then() {
    on_api(|api| {
        let slip = json!(api.slip());
        let calm = with(&[("/slip", slip.clone())]);
        let first = keyed(api, "a-1", &calm).expect(201);
        api.app.clock.advance_minutes(5);
        let worse = with(&[("/slip", slip), ("/facts/crisis_now", json!("yes"))]);
        let added = keyed(api, "a-2", &worse).expect(200);
        assert_eq!(added.json, json!({"reference": first.text("/reference")}));
        assert_eq!(keyed(api, "a-1", &calm).expect(201).json, first.json);
        assert_eq!(keyed(api, "a-2", &worse).expect(200).json, added.json);
        let opened = api
            .get(&format!("/api/v1/referrals/{}", first.text("/reference")))
            .expect(200);
        assert_eq!(opened.text("/decision/priority"), "P1");
    });
}

#[test]
fn twenty_identical_posts_at_once_make_one_referral() {
    on_api(|api| {
        let answers = at_once(20, |_| keyed(api, "a-1", &body()));
        let first = answers[0].text("/reference").to_owned();
        assert!(
            answers
                .iter()
                .all(|answer| answer.status == 201 && answer.text("/reference") == first)
        );
        assert_eq!(api.referrals(), 1);
    });
}

#[test]
fn twenty_identical_posts_of_one_slip_make_one_referral() {
    on_api(|api| {
        let body = with(&[("/slip", json!(api.slip()))]);
        let answers = at_once(20, |_| api.submit(&body));
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses.split_last(), Some((&201, &[200; 19][..])));
        let first = answers[0].text("/reference").to_owned();
        assert!(answers.iter().all(|answer| answer.text("/reference") == first));
        assert_eq!(api.referrals(), 1);
    });
}

#[test]
fn two_people_who_race_for_one_slip_make_two_referrals_and_one_is_flagged() {
    on_api(|api| {
        let slip = json!(api.slip());
        let answers = at_once(2, |index| {
            let name = json!(["Robin Example", "Sam Example"][index]);
            api.submit(&with(&[("/slip", slip.clone()), ("/patient/name", name)]))
        });
        assert!(answers.iter().all(|answer| answer.status == 201));
        let flagged = answers
            .iter()
            .filter(|answer| answer.flags().contains(&"SLIP_USED"));
        assert_eq!((flagged.count(), api.referrals()), (1, 2));
    });
}

/// So many requests, all in flight together.
fn at_once(count: usize, ask: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    thread::scope(|scope| {
        let asking: Vec<_> = (0..count)
            .map(|index| {
                scope.spawn({
                    let ask = &ask;
                    move || ask(index)
                })
            })
            .collect();
        asking
            .into_iter()
            .map(|asked| asked.join().expect("asked"))
            .collect()
    })
}
