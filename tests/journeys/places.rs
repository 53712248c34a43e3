//! The team and the places patients chose: confirmed, moved or given up by a named person, and whom somebody rings.

use std::sync::Arc;

use actix_web::http::StatusCode;
use iapt_pad::app::App;
use iapt_pad::booking::{Hold, Join, PlaceState};
use iapt_pad::referrals::{Reference, ReviewState, open};
use iapt_pad::staff::Role;
use iapt_pad::values::Id;

use super::triage::House;
use crate::support::courses::Diary;
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::{ASubmission, person, submission};
use crate::support::slips::a_slip;

/// The inbox, with a course of so many places.
async fn house_with_course(fresh: Fresh, places: i32) -> (House, Diary) {
    let house = House::new(fresh).await;
    let app: Arc<App> = house.app.clone().into_inner();
    let diary = Diary::within(app, places).await;
    (house, diary)
}

async fn arrives(diary: &Diary, one: ASubmission) -> (Id, Reference) {
    let sent = one.send(&diary.app).await;
    (
        sent.receipt().expect("a receipt").id,
        sent.receipt().expect("a receipt").reference.clone(),
    )
}

/// Somebody of this name who chose a place.
async fn who_chose(diary: &Diary, name: &str) -> (Id, Reference) {
    let (id, reference) = arrives(diary, submission().named(name)).await;
    assert!(matches!(diary.hold(diary.run.id, id).await, Hold::Held(_)));
    (id, reference)
}

async fn state(diary: &Diary, reference: &Reference) -> (ReviewState, i32) {
    let (app, reference) = (diary.app.clone(), reference.clone());
    let read = diary.app.db.read(move |conn| open(conn, &app.keys, &reference));
    let view = read.await.expect("read").expect("there");
    assert!(view.chain_is_whole);
    (view.state, i32::try_from(view.seen()).expect("few"))
}

#[test]
fn a_place_is_confirmed_in_one_tap_by_a_named_person_and_the_second_is_told() {
    on_both(|fresh| async move {
        let (house, diary) = house_with_course(fresh, 20).await;
        let (id, one) = who_chose(&diary, "Dana Example").await;
        let desk = house.sign_in("terry").await;
        desk.look("/inbox")
            .await
            .says("Places to confirm <span class=\"pad-tabs__count\">1</span>");
        let list = desk.look("/inbox/places").await;
        list.says("Dana Example")
            .says("Living Well with Back Pain")
            .says("Confirm<span")
            .keeps_quiet_about("Overdue");
        assert_eq!(house.reads("place to confirm").await, 1);
        let seen = state(&diary, &one).await.1.to_string();
        let confirm = [("seen", seen.as_str()), ("then", "places"), ("place", "confirm")];
        let done = desk.decide(&one, "place", &confirm).await;
        assert_eq!(
            (done.status, done.to.as_str()),
            (StatusCode::SEE_OTHER, "/inbox/places?done=place-confirmed")
        );
        desk.look(&done.to)
            .await
            .says("The place is confirmed")
            .says("No place waits");
        assert_eq!(
            diary.place(id).await.map(|place| place.state),
            Some(PlaceState::Confirmed)
        );
        desk.open(&one)
            .await
            .says("Place confirmed")
            .says("Terry Example");
        // Somebody who still has the old page before them.
        house.add("sam", "Sam Example", Role::Triage).await;
        let late = house.sign_in("sam").await;
        let release = [("seen", seen.as_str()), ("place", "release")];
        let late = late.decide(&one, "place", &release).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.says("Somebody changed this referral")
            .says("Terry Example: Place confirmed");
        assert!(diary.place(id).await.is_some());
    });
}

#[test]
fn accepting_says_what_happens_with_the_place_and_both_are_done_or_neither() {
    on_both(|fresh| async move {
        let (house, diary) = house_with_course(fresh, 20).await;
        let full = diary.another("2026-12-15T14:00:00Z", 1).await;
        let (id, one) = who_chose(&diary, "Dana Example").await;
        let desk = house.sign_in("terry").await;
        desk.open(&one)
            .await
            .says("Kept, to be confirmed")
            .says("The place they chose")
            .says("Move to");
        let (_, seen) = state(&diary, &one).await;
        let seen = seen.to_string();
        let accept = |place: String| {
            let (desk, one, seen) = (&desk, &one, seen.clone());
            async move {
                let form = [
                    ("seen", seen.as_str()),
                    ("accept_step", "2"),
                    ("accept_place", place.as_str()),
                ];
                desk.decide(one, "accept", &form).await
            }
        };
        let nothing = accept(String::new()).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        nothing.says("Select what happens with the place they chose");
        // The last place elsewhere is taken meanwhile: nothing is decided.
        let other = diary.patient().await;
        assert!(matches!(diary.hold(full, other).await, Hold::Held(_)));
        let refused = accept(format!("run:{full}")).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        refused.says("This place is not to be had any more");
        assert_eq!(state(&diary, &one).await.0, ReviewState::New);
        let done = accept("confirm".to_owned()).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert_eq!(state(&diary, &one).await.0, ReviewState::Accepted);
        assert_eq!(
            diary.place(id).await.map(|place| place.state),
            Some(PlaceState::Confirmed)
        );
        // Moved later, and given up at last.
        let later = diary.another("2026-12-22T14:00:00Z", 3).await;
        for (word, says, run) in [
            (
                format!("run:{later}"),
                "The patient has the other place",
                Some(later),
            ),
            ("release".to_owned(), "The place is given up", None),
        ] {
            let seen = state(&diary, &one).await.1.to_string();
            let done = desk
                .decide(&one, "place", &[("seen", &seen), ("place", &word)])
                .await;
            desk.look(&done.to).await.says(says);
            assert_eq!(diary.place(id).await.map(|place| place.run), run);
        }
    });
}

#[test]
fn declining_lets_go_of_the_place_offers_it_on_and_has_somebody_ring() {
    on_both(|fresh| async move {
        let (house, diary) = house_with_course(fresh, 1).await;
        let (id, one) = who_chose(&diary, "Dana Example").await;
        let next = diary.patient().await;
        assert_eq!(diary.join(next).await, Join::Joined);
        let desk = house.sign_in("terry").await;
        desk.open(&one)
            .await
            .says("Their place is given up, and a call to tell them is noted");
        let seen = state(&diary, &one).await.1.to_string();
        let decline = [
            ("seen", seen.as_str()),
            ("decline_reason", "Pointed to the GP"),
            ("decline_signpost", "Rang with the number"),
            ("decline_way", "call"),
            ("decline_told", "Dr Example"),
        ];
        assert_eq!(
            desk.decide(&one, "decline", &decline).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(state(&diary, &one).await.0, ReviewState::Declined);
        assert_eq!(diary.place(id).await, None);
        assert_eq!(
            diary.place(next).await.map(|place| place.state),
            Some(PlaceState::Offered)
        );
        desk.look("/inbox/rings")
            .await
            .says("Dana Example")
            .says("We are no longer holding their place");
    });
}

#[test]
fn new_answers_keep_the_place_and_are_marked_and_what_is_near_stands_on_top() {
    on_both(|fresh| async move {
        let (house, diary) = house_with_course(fresh, 20).await;
        let code = a_slip(&diary.app, 1, "unused").await;
        let calm = submission().named("Dana Example").with_slip(&code);
        let (id, _) = arrives(&diary, calm.clone()).await;
        let near = diary.another("2026-11-27T10:00:00Z", 20).await;
        assert!(matches!(diary.hold(diary.run.id, id).await, Hold::Held(_)));
        let (second, _) = arrives(&diary, submission().named("Nero Example")).await;
        diary.app.clock.advance_minutes(5);
        assert!(matches!(diary.hold(near, second).await, Hold::Held(_)));
        let mut worried = calm.item9(2);
        worried.0.draft_id = Id::new();
        worried.send(&diary.app).await;
        let desk = house.sign_in("terry").await;
        let list = desk.look("/inbox/places").await;
        list.says("New answers since").says("Look at the answers first");
        assert_eq!(
            diary.place(id).await.map(|place| place.state),
            Some(PlaceState::Held)
        );
        // The day before the session the newer promise is the more urgent one.
        diary.app.clock.advance_minutes(3 * 24 * 60);
        let desk = house.sign_in("terry").await;
        let list = desk.look("/inbox/places").await;
        list.says("Begins soon").says("Overdue");
        let rows: Vec<&str> = list.body.split("<tr role=\"row\"").skip(2).collect();
        assert!(rows[0].contains("Nero Example"), "{}", rows[0]);
    });
}

#[test]
fn a_call_is_kept_in_one_tap_and_a_voicemail_only_where_allowed() {
    on_both(|fresh| async move {
        let (house, diary) = house_with_course(fresh, 20).await;
        let mut who = person("Dana Example");
        (who.email, who.voicemail_ok) = (None, false);
        let (id, one) = arrives(&diary, submission().about(who)).await;
        assert!(matches!(diary.hold(diary.run.id, id).await, Hold::Held(_)));
        let desk = house.sign_in("terry").await;
        let page = desk.look("/inbox/rings").await;
        page.says("Dana Example")
            .says("07700 900123")
            .says("Do NOT leave a voicemail")
            .says("A place is held for them")
            .says("value=\"spoke\"")
            .keeps_quiet_about("value=\"voicemail\"");
        assert_eq!(house.reads("person to call").await, 1);
        let refused = desk.decide(&one, "attempt", &[("outcome", "voicemail")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("They did not allow this way").says("Dana Example");
        let then = |outcome: &'static str| [("outcome", outcome), ("then", "rings")];
        let again = desk.decide(&one, "attempt", &then("no_answer")).await;
        desk.look(&again.to)
            .await
            .says("The call stays due until somebody reaches them");
        desk.open(&one).await.says("Tried 1 time").says("No answer");
        let spoke = desk.decide(&one, "attempt", &then("spoke")).await;
        desk.look(&spoke.to)
            .await
            .says("Contact recorded")
            .says("No calls to make");
        desk.open(&one)
            .await
            .says("Contact with the patient")
            .says("A place is held for them; the team will confirm it");
        for nonsense in ["overtaken", "", "x"] {
            let refused = desk.decide(&one, "attempt", &[("outcome", nonsense)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    });
}

#[test]
fn only_the_team_sees_places_and_calls() {
    on_both(|fresh| async move {
        let (house, diary) = house_with_course(fresh, 20).await;
        let (_, one) = who_chose(&diary, "Dana Example").await;
        house.add("pat", "Pat Example", Role::Physio).await;
        house.add("admin", "Ada Example", Role::Admin).await;
        for name in ["pat", "admin"] {
            let desk = house.sign_in(name).await;
            for path in ["/inbox/places", "/inbox/rings"] {
                let page = desk.look(path).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN);
                page.keeps_quiet_about("Dana");
            }
            let tried = desk
                .decide(&one, "place", &[("seen", "2"), ("place", "confirm")])
                .await;
            assert_eq!(tried.status, StatusCode::FORBIDDEN);
        }
        let desk = house.sign_in("terry").await;
        let nothing = desk.decide(&one, "place", &[("seen", "2")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        nothing.says("Select what happens with the place");
        let nobody = desk
            .send("/inbox/ZZZZZZZZ/place", &[("seen", "1"), ("place", "confirm")])
            .await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn sending_on_says_what_happens_with_the_place() {
    on_both(|fresh| async move {
        let (house, diary) = house_with_course(fresh, 20).await;
        let desk = house.sign_in("terry").await;
        for (choice, kept) in [("leave", true), ("release", false)] {
            let (id, one) = who_chose(&diary, "Dana Example").await;
            desk.open(&one)
                .await
                .says("The place they have")
                .says("They keep it");
            let seen = state(&diary, &one).await.1.to_string();
            let form = [
                ("seen", seen.as_str()),
                ("send_to", "core"),
                ("send_reason", "Their pain is better"),
            ];
            let unsaid = desk.decide(&one, "send-on", &form).await;
            assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
            unsaid
                .says("Select what happens with the place they have")
                .says("Their pain is better");
            let form: Vec<(&str, &str)> = form.into_iter().chain([("send_place", choice)]).collect();
            let sent = desk.decide(&one, "send-on", &form).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
            assert_eq!(diary.place(id).await.is_some(), kept, "{choice}");
        }
    });
}

#[test]
fn accepting_gives_a_place_to_who_has_none() {
    on_both(|fresh| async move {
        let (house, diary) = house_with_course(fresh, 1).await;
        let desk = house.sign_in("terry").await;
        let run = format!("run:{}", diary.run.id);
        let (id, one) = arrives(&diary, submission().named("Dana Example")).await;
        desk.open(&one)
            .await
            .says("A place on a course (optional)")
            .says("Therapist or team (optional)");
        let (other, second) = arrives(&diary, submission().named("Nero Example")).await;
        let form = |place| {
            [
                ("seen", "1"),
                ("accept_step", "2"),
                ("accept_with", "North team, Sam Example"),
                ("accept_place", place),
            ]
        };
        let accepted = desk.decide(&one, "accept", &form(&run)).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.body);
        desk.look(&accepted.to)
            .await
            .says("Step 2, with North team, Sam Example")
            .says("Place confirmed");
        assert_eq!(
            diary.place(id).await.map(|place| place.state),
            Some(PlaceState::Confirmed)
        );
        // The last place is gone: nothing is decided, nothing typed is lost.
        let full = desk.decide(&second, "accept", &form(&run)).await;
        assert_eq!(full.status, StatusCode::CONFLICT);
        full.says("This place is not to be had any more")
            .says("North team, Sam Example");
        assert_eq!(state(&diary, &second).await.0, ReviewState::New);
        assert_eq!(diary.place(other).await, None);
    });
}
