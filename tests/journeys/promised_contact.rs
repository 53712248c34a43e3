//! What the triage pages do with a promise of contact: no button takes somebody in danger off the alarm, and a call that was
//! promised stays in Calls to make and Overdue whatever is decided.

use actix_web::http::StatusCode;
use iapt_pad::referrals::{Person, Queue, Reference};
use iapt_pad::staff::Role;

use super::triage::{Desk, House};
use crate::support::app::at;
use crate::support::databases::on_both;
use crate::support::referrals::{person, submission};

async fn queue(house: &House, one: &Reference) -> Queue {
    let (inside, reference) = (house.app.clone(), one.clone());
    let view = house
        .app
        .db
        .read(move |conn| iapt_pad::referrals::open(conn, &inside.keys, &reference));
    view.await.expect("read").expect("there").queue
}

async fn accept(desk: &Desk<'_>, one: &Reference, seen: &str, then: &str) -> super::triage::Answer {
    let form = [
        ("seen", seen),
        ("accept_step", "assess"),
        ("accept_reason", "agreed in the team"),
        ("then", then),
    ];
    desk.decide(one, "accept", &form).await
}

#[test]
fn one_tap_on_accept_and_next_takes_nobody_in_danger_off_the_alarm() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let unreachable = Person {
            phone: None,
            write_ok: false,
            ..person("Dana Example")
        };
        let calm = house.received(submission().named("Alex Example")).await;
        let urgent = house.received(submission().in_danger().about(unreachable)).await;
        let desk = house.sign_in("terry").await;
        // After a routine referral the next one is the person in danger; the button is folded away.
        let next = accept(&desk, &calm, "1", "next").await;
        assert!(
            next.to.starts_with(&format!("/inbox/{}", urgent.as_str())),
            "{}",
            next.to
        );
        desk.look(&next.to)
            .await
            .says("Nothing can be decided before somebody has acknowledged")
            .keeps_quiet_about("Accept and next");
        let tap = accept(&desk, &urgent, "1", "next").await;
        assert_eq!(tap.status, StatusCode::CONFLICT);
        tap.says("Acknowledge this referral first");
        assert_eq!(queue(&house, &urgent).await, Queue::Now);
        desk.look("/inbox").await.says(&urgent.to_string());
        desk.decide(&urgent, "acknowledge", &[("seen", "1")]).await;
        desk.open(&urgent)
            .await
            .says("Assigned to you")
            .keeps_quiet_about("Accept and next");
        desk.look("/inbox?view=mine").await.says("Dana Example");
        let accepted = accept(&desk, &urgent, "2", "stay").await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.body);
        desk.look("/inbox/rings").await.says("Dana Example");
        house.app.clock.set(at("2026-11-24T09:00:00Z"));
        let desk = house.sign_in("terry").await;
        desk.look("/inbox?view=overdue").await.says("Dana Example");
    });
}

#[test]
fn a_p2_that_was_told_we_ring_by_monday_stays_to_be_rung_after_it_is_accepted() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let one = house.received(submission().named("Dana Example").item9(1)).await;
        let desk = house.sign_in("terry").await;
        let accepted = accept(&desk, &one, "1", "stay").await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.body);
        desk.look(&accepted.to)
            .await
            .says("First contact, as promised: <span>call by tomorrow, 5:00pm</span>");
        desk.look("/inbox/rings")
            .await
            .says("Dana Example")
            .says("Accepted");
        house.app.clock.set(at("2026-11-24T17:01:00Z"));
        let desk = house.sign_in("terry").await;
        desk.look("/inbox?view=overdue").await.says("Dana Example");
        desk.decide(&one, "attempt", &[("outcome", "voicemail")]).await;
        desk.look("/inbox?view=overdue").await.says("Dana Example");
        desk.decide(&one, "attempt", &[("outcome", "spoke_interpreter")])
            .await;
        desk.look("/inbox?view=overdue")
            .await
            .keeps_quiet_about("Dana Example");
        desk.open(&one).await.says("Spoke through an interpreter");
        let undone = desk.decide(&one, "attempt/undo", &[]).await;
        desk.look(&undone.to)
            .await
            .says("Undone. What it had ended is owed again");
        desk.look("/inbox?view=overdue").await.says("Dana Example");
    });
}

#[test]
fn only_a_lead_is_offered_to_close_a_promise_and_says_who_was_told() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.add("lee", "Lee Example", Role::Lead).await;
        let one = house.received(submission().named("Dana Example").item9(1)).await;
        let desk = house.sign_in("terry").await;
        desk.open(&one)
            .await
            .keeps_quiet_about("Close the promise of contact")
            .keeps_quiet_about("Record that they have died");
        let form = [
            ("seen", "1"),
            ("contact_why", "welfare_check"),
            ("contact_details", "Police asked, GP told"),
        ];
        let refused = desk.decide(&one, "close-contact", &form).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let lead = house.sign_in("lee").await;
        lead.open(&one).await.says("Close the promise of contact");
        let untold = lead
            .decide(
                &one,
                "close-contact",
                &[("seen", "1"), ("contact_why", "welfare_check")],
            )
            .await;
        assert_eq!(untold.status, StatusCode::UNPROCESSABLE_ENTITY);
        untold.says("Enter who was told, by name, and what was done");
        let closed = lead.decide(&one, "close-contact", &form).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
        lead.look(&closed.to)
            .await
            .says("A welfare check was asked for")
            .says("Police asked, GP told");
        lead.look("/inbox/rings").await.says("No calls to make");
    });
}
