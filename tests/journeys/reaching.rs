//! The team on the phone: two taps record an attempt, the row says how it stands, and a call stays in Calls to make until
//! somebody was reached.

use actix_web::http::StatusCode;
use iapt_pad::referrals::{Person, Reference};

use iapt_pad::staff::Role;

use super::triage::{Desk, House};
use crate::support::app::at;
use crate::support::databases::on_both;
use crate::support::referrals::{person, submission};

async fn taps(desk: &Desk<'_>, one: &Reference, outcome: &str) -> super::triage::Answer {
    desk.decide(one, "attempt", &[("outcome", outcome)]).await
}

#[test]
fn a_call_is_kept_with_two_taps_and_the_row_says_how_it_stands() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let one = house.received(submission().named("Dana Example").item9(1)).await;
        let desk = house.sign_in("terry").await;
        desk.open(&one)
            .await
            .says("Record your call")
            .says("Ask for the person by name before you say who you are")
            .says("value=\"voicemail\"");
        let kept = taps(&desk, &one, "no_answer").await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
        desk.look(&kept.to)
            .await
            .says("The call stays due until somebody reaches them")
            .says("Tried 1 time, today, 9:31am: No answer")
            .says("First contact, as promised: <span>call by tomorrow, 5:00pm</span>");
        desk.look("/inbox").await.says("tried 1, next today, 2:00pm");
        let list = desk.look("/inbox/rings").await;
        list.says("Dana Example")
            .says("First contact, as promised")
            .keeps_quiet_about("pad-overdue");
        assert_eq!(house.reads("person to call").await, 1);
        house.app.clock.set(at("2026-11-24T17:20:00Z"));
        let desk = house.sign_in("terry").await;
        desk.look("/inbox?view=overdue").await.says("Dana Example");
        let form = [
            ("outcome", "spoke"),
            ("then", "rings"),
            ("attempt_note", "Will ring back"),
        ];
        let spoke = desk.decide(&one, "attempt", &form).await;
        assert_eq!(
            spoke.to,
            format!("/inbox/rings?done=contact-made&of={}", one.as_str())
        );
        desk.look(&spoke.to)
            .await
            .says(&format!("{one}: Contact recorded, with your name"))
            .says("No calls to make");
        desk.open(&one)
            .await
            .says("Will ring back")
            .says("Was urgent")
            .says("Go on to decide");
    });
}

#[test]
fn a_voicemail_is_offered_and_kept_only_where_it_is_allowed() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let silent = Person {
            voicemail_ok: false,
            ..person("Dana Example")
        };
        let one = house.received(submission().about(silent)).await;
        let desk = house.sign_in("terry").await;
        desk.open(&one)
            .await
            .says("value=\"no_answer\"")
            .keeps_quiet_about("value=\"voicemail\"");
        let form = [("outcome", "voicemail"), ("attempt_note", "said Terry called")];
        let refused = desk.decide(&one, "attempt", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused
            .says("They did not allow this way")
            .says("said Terry called");
        let nothing = taps(&desk, &one, "shouted").await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        nothing.says("Select the outcome");
    });
}

#[test]
fn a_wrong_number_stands_out_on_the_page_and_in_the_list() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let one = house.received(submission()).await;
        let desk = house.sign_in("terry").await;
        taps(&desk, &one, "wrong_number").await;
        desk.open(&one).await.says("Wrong number: somebody else answered");
        desk.look("/inbox").await.says("wrong number");
        house.app.clock.set(at("2026-11-24T09:00:00Z"));
        let desk = house.sign_in("terry").await;
        desk.look("/inbox/rings")
            .await
            .says("Wrong number")
            .says("Find another way");
    });
}

async fn seen(house: &House, one: &Reference) -> String {
    let (inside, reference) = (house.app.clone(), one.clone());
    let view = house
        .app
        .db
        .read(move |conn| iapt_pad::referrals::open(conn, &inside.keys, &reference));
    view.await.expect("read").expect("there").seen().to_string()
}

#[test]
fn could_not_reach_says_how_many_calls_are_missing_and_asks_for_a_lead() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.add("lee", "Lee Example", Role::Lead).await;
        let one = house.received(submission().item9(1)).await;
        let mut desk = house.sign_in("terry").await;
        taps(&desk, &one, "no_answer").await;
        desk.open(&one)
            .await
            .says("One attempt reached nobody. 2 more calls before it may be closed");
        for _ in 0..2 {
            house.app.clock.advance_minutes(30);
            desk = house.sign_in("terry").await;
            taps(&desk, &one, "no_answer").await;
        }
        desk.open(&one).await.says("Only a clinical lead may close it");
        let now = seen(&house, &one).await;
        let told = [("seen", now.as_str()), ("unreached_told", "Example Surgery, Sam")];
        let refused = desk.decide(&one, "could-not-reach", &told).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        refused
            .says("Only a clinical lead may close this")
            .says("Example Surgery, Sam");
        let lead = house.sign_in("lee").await;
        let untold = lead
            .decide(&one, "could-not-reach", &[("seen", now.as_str())])
            .await;
        assert_eq!(untold.status, StatusCode::UNPROCESSABLE_ENTITY);
        untold.says("Say who was told, by name");
        let closed = lead.decide(&one, "could-not-reach", &told).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
        lead.look(&closed.to)
            .await
            .says("Closed: could not be reached")
            .says("Who was told: Example Surgery, Sam");
        // A claim on a closed referral is refused kindly.
        let now = seen(&house, &one).await;
        let claim = desk.decide(&one, "claim", &[("seen", now.as_str())]).await;
        assert_eq!(claim.status, StatusCode::CONFLICT);
        claim.says("The referral is now: Closed.");
    });
}

#[test]
fn of_each_form_the_second_person_is_told_and_loses_nothing_typed() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.add("sam", "Sam Example", Role::Triage).await;
        let one = house.received(submission()).await;
        let terry = house.sign_in("terry").await;
        let sam = house.sign_in("sam").await;
        terry.decide(&one, "claim", &[("seen", "1")]).await;
        let words = "Words that took a while";
        let forms: [(&str, &[(&str, &str)]); 5] = [
            ("accept", &[("accept_step", "2"), ("accept_with", words)]),
            (
                "ask",
                &[("ask_own", words), ("ask_way", "call"), ("ask_days", "7")],
            ),
            (
                "decline",
                &[
                    ("decline_reason", "x"),
                    ("decline_signpost", words),
                    ("decline_way", "call"),
                ],
            ),
            ("could-not-reach", &[("unreached_tried", words)]),
            ("close", &[("close_reason", words)]),
        ];
        for (deed, form) in forms {
            let form: Vec<(&str, &str)> = form.iter().copied().chain([("seen", "1")]).collect();
            let late = sam.decide(&one, deed, &form).await;
            assert_eq!(late.status, StatusCode::CONFLICT, "{deed}");
            late.says("Somebody changed this referral")
                .says("Terry Example: Taken on")
                .says(words);
        }
    });
}

#[test]
fn each_form_names_what_is_missing_at_its_field() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let one = house.received(submission()).await;
        let desk = house.sign_in("terry").await;
        for (deed, form, missing) in [
            (
                "ask",
                vec![("ask_way", "call"), ("ask_days", "7")],
                "Select what to ask",
            ),
            (
                "ask",
                vec![("ask_which", "when"), ("ask_way", "call"), ("ask_days", "0")],
                "Days to answer must be",
            ),
            (
                "ask",
                vec![("ask_which", "when"), ("ask_days", "7")],
                "Select how they are asked",
            ),
            (
                "decline",
                vec![("decline_reason", "x"), ("decline_way", "call")],
                "Say where you pointed the patient to",
            ),
            (
                "decline",
                vec![("decline_reason", "x"), ("decline_signpost", "y")],
                "Select how the patient is told",
            ),
            ("close", vec![], "Say why it is closed"),
        ] {
            let form: Vec<(&str, &str)> = form.into_iter().chain([("seen", "1")]).collect();
            let again = desk.decide(&one, deed, &form).await;
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{deed}");
            again.says(missing);
        }
    });
}

#[test]
fn who_has_left_is_said_to_have_left() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.add("sam", "Sam Example", Role::Triage).await;
        let one = house.received(submission()).await;
        let sam = house.sign_in("sam").await;
        sam.decide(&one, "claim", &[("seen", "1")]).await;
        let id = house.id_of("sam").await;
        iapt_pad::staff::disable_account(&house.app.db, house.app.clock.now(), id)
            .await
            .expect("disabled");
        let desk = house.sign_in("terry").await;
        desk.look("/inbox").await.says("Sam Example (has left)");
        desk.open(&one).await.says("Sam Example (has left)");
    });
}
