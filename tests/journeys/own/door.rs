//! What the link opens, what the date of birth opens, and what guessing gets.

use super::{BORN, Owner};
use crate::journeys::patient::Visit;
use crate::support::databases::on_both;
use crate::support::referrals::{person, submission};

const WRONG: &str = "birth-day=28&birth-month=2&birth-year=1980";

#[test]
fn the_link_alone_opens_neutral_words_and_looking_changes_nothing() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let owner = Owner::of(&visit, submission()).await;
        let page = owner.sees("").await;
        page.is(200)
            .says("We have it")
            .says("They ring you by")
            .says(&owner.reference);
        for word in [
            "Robin",
            "Example",
            "07700",
            "robin@",
            "back_pain",
            "Back Pain",
            "1980",
        ] {
            page.never_says(word);
        }
        for behind in ["details", "stop", "copy", "change", "place"] {
            let asked = owner.sees(&format!("/{behind}")).await;
            asked.leads_to(&owner.at(&format!("/open?then={behind}")));
        }
        let date = owner.sees("/open?then=stop").await;
        date.is(200)
            .says("What is your date of birth?")
            .never_says("Robin");
        owner.sees("/calendar.ics").await.is(404);
        owner.sees("/offer").await.leads_to(&owner.at(""));
        owner
            .sees("?said=%3Cscript%3E")
            .await
            .is(200)
            .never_says("<script>");
        let view = owner.stored(&visit).await;
        assert_eq!(view.timeline.len(), 1, "looking is no event");
        visit.ends().await;
    });
}

#[test]
fn behind_the_door_nothing_is_done_without_the_date() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let owner = Owner::of(&visit, submission()).await;
        for (at, form) in [
            ("/stop", "then=stop"),
            ("/copy", "as=text"),
            ("/change", "place=give-up"),
            ("/place", "place=ring"),
        ] {
            let sent = owner.sends(at, form).await;
            assert_eq!(sent.status, 303, "{at}");
            assert!(sent.location.contains("/open?then="), "{at}: {}", sent.location);
            assert!(!sent.body.contains("Robin"));
        }
        // What was typed is not thrown away: the date is asked for in the same breath.
        let sent = owner.sends("/details", "phone=07700900456").await;
        sent.is(200)
            .says("What is your date of birth?")
            .never_says("07700900456")
            .never_says("Robin");
        assert_eq!(owner.stored(&visit).await.timeline.len(), 1);
        visit.ends().await;
    });
}

#[test]
fn the_right_date_opens_this_page_only_and_for_fifteen_idle_minutes() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let owner = Owner::of(&visit, submission()).await;
        let other = Owner::of(&visit, submission().named("Sam Sample")).await;
        let then = owner.sends("/open?then=details", BORN).await;
        then.leads_to(&owner.at("/details"));
        owner.sees("/details").await.is(200).says("07700 900123");
        let elsewhere = owner.browser.get(&other.at("/details")).await;
        elsewhere.leads_to(&other.at("/open?then=details"));
        for _ in 0..3 {
            visit.app.clock.advance_minutes(14);
            owner.sees("/details").await.is(200);
        }
        visit.app.clock.advance_minutes(15);
        owner
            .sees("/details")
            .await
            .leads_to(&owner.at("/open?then=details"));
        owner.opens().await;
        owner.sees("").await.says("Close this page");
        owner.sends("/close", "").await.leads_to(&owner.at(""));
        owner
            .sees("/details")
            .await
            .leads_to(&owner.at("/open?then=details"));
        visit.ends().await;
    });
}

#[test]
fn wrong_dates_get_slow_and_the_link_goes_on_working() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let owner = Owner::of(&visit, submission()).await;
        owner
            .sends("/open?then=page", "birth-day=31&birth-month=2&birth-year=1980")
            .await
            .is(422)
            .says("must be a real date");
        for _ in 0..6 {
            let wrong = owner.sends("/open?then=page", WRONG).await;
            wrong
                .is(422)
                .says("This is not the date we have")
                .says("value=\"28\"")
                .never_says("Robin");
        }
        for date in [WRONG, BORN] {
            let slow = owner.sends("/open?then=page", date).await;
            slow.is(422).says("Please wait 30 seconds");
        }
        owner.sees("").await.is(200);
        visit.app.clock.advance_minutes(1);
        owner.opens().await;
        owner.sees("/details").await.is(200);
        visit.ends().await;
    });
}

#[test]
fn guessing_at_many_pages_from_one_address_gets_slow_too() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        for _ in 0..6 {
            let owner = Owner::of(&visit, submission()).await;
            for _ in 0..5 {
                owner.sends("/open?then=page", WRONG).await.says("not the date");
            }
        }
        let last = Owner::of(&visit, submission()).await;
        last.sends("/open?then=page", WRONG).await.says("not the date");
        last.sends("/open?then=page", BORN)
            .await
            .says("Please wait 2 seconds");
        visit.app.clock.advance_minutes(1);
        last.opens().await;
        visit.ends().await;
    });
}

#[test]
fn without_a_date_of_birth_on_record_a_person_helps_by_phone() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let mut who = person("Robin");
        who.date_of_birth = None;
        let owner = Owner::of(&visit, submission().about(who).in_danger().unfinished()).await;
        owner.sees("").await.is(200).says("You have not finished it");
        owner
            .sees("/open?then=details")
            .await
            .is(200)
            .says("Please ring us for this")
            .never_says("birth-day");
        owner
            .sends("/open?then=details", BORN)
            .await
            .is(200)
            .says("Please ring us");
        owner
            .sees("/details")
            .await
            .leads_to(&owner.at("/open?then=details"));
        visit.ends().await;
    });
}
