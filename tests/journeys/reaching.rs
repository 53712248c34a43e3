//! The team on the phone: two taps keep an attempt, the row says how it stands, and who is due stands among the people to
//! ring.

use actix_web::http::StatusCode;
use iapt_pad::referrals::{Person, Reference};

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
            .says("You rang: what came of it?")
            .says("Ask for the person by name before you say who you are")
            .says("value=\"voicemail\"");
        let kept = taps(&desk, &one, "no_answer").await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
        desk.look(&kept.to)
            .await
            .says("Kept: nobody answered")
            .says("Tried 1 time, today, 9:31am: No answer")
            .says("next today, 2:00pm");
        desk.look("/inbox").await.says("tried 1, next today, 2:00pm");
        let list = desk.look("/inbox/rings").await;
        list.says("Dana Example")
            .says("Triage: speak with them before you decide")
            .keeps_quiet_about("Overdue");
        assert_eq!(house.reads("person to ring").await, 1);
        house.app.clock.set(at("2026-11-23T14:20:00Z"));
        let desk = house.sign_in("terry").await;
        desk.look("/inbox")
            .await
            .says("Overdue: tried 1, next today, 2:00pm");
        let form = [
            ("outcome", "spoke"),
            ("then", "rings"),
            ("attempt_note", "Will ring back"),
        ];
        let spoke = desk.decide(&one, "attempt", &form).await;
        assert_eq!(spoke.to, "/inbox/rings?done=kept");
        desk.look(&spoke.to).await.says("Nobody has to be rung");
        desk.open(&one)
            .await
            .says("Spoke. Will ring back")
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
            .says("This person did not allow a voicemail")
            .says("said Terry called");
        let nothing = taps(&desk, &one, "shouted").await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        nothing.says("Select what came of the call");
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
        desk.look("/inbox/rings").await.says("Nobody has to be rung");
    });
}
