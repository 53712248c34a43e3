//! A place: chosen after the form, waited for, offered, changed, given up.

use iapt_pad::booking::PlaceState;
use serde_json::json;

use super::{BORN, Owner, house};
use crate::journeys::patient::{CHECK, Visit};
use crate::support::api::with;
use crate::support::browser::Browser;
use crate::support::calls::place_calls;
use crate::support::courses::Diary;
use crate::support::databases::on_both;
use crate::support::referrals::submission;

/// The whole form, and the link that its confirmation names.
async fn fills_in(visit: &Visit) -> String {
    visit.starts(None).await;
    visit.answers_until(CHECK).await;
    visit.sends(CHECK, "then=send").await.leads_to("/refer/10");
    let page = visit.browser.get("/refer/10").await.body;
    let link = page
        .split("href=\"/r/")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    format!("/r/{}", link.expect("a link"))
}

#[test]
fn two_pages_lead_from_the_answers_to_a_place_that_is_kept_once() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let diary = Diary::within(visit.app.clone(), 3).await;
        let own = fills_in(&visit).await;
        let list = visit.browser.get("/refer/10").await;
        list.is(200)
            .says("We have your answers")
            .says("Living Well with Back Pain and Sciatica")
            .says("From Tuesday 8 December 2026")
            .says("2pm to 4pm")
            .says("15 December, 22 December, 29 December, 5 January")
            .says("3 places left")
            .says("Step-free")
            .says("None of these suit me: please ring me");
        let (at, form) = (format!("{own}/place"), format!("place=run-{}", diary.run.id));
        let (first, second) = tokio::join!(visit.browser.post(&at, &form), visit.browser.post(&at, &form));
        first.leads_to(&at);
        second.leads_to(&at);
        let kept = visit.browser.get(&at).await;
        kept.is(200)
            .says("We have kept this place for you")
            .says("A member of the team will confirm it by Wednesday 25 November")
            .says("Living Well with Back Pain and Sciatica")
            .says("A hall")
            .says("What to bring")
            .says("/calendar.ics");
        assert_eq!(diary.runs().await[0].free(), 2);
        visit
            .browser
            .get("/refer/10")
            .await
            .says("We have kept a place for you");
        let (status, file) = visit.browser.ask("GET", &format!("{own}/calendar.ics"), "").await;
        assert_eq!((status, file.matches("BEGIN:VEVENT").count()), (200, 5));
        // Later, in another browser: the days by the link, the course and a change behind the date of birth.
        let stranger = Browser::at(&visit.app.config.base_url);
        stranger
            .get(&own)
            .await
            .says("We have kept a place for you")
            .says("Tuesday 8 December 2026")
            .never_says("Back Pain")
            .never_says("Robin");
        stranger
            .get(&at)
            .await
            .leads_to(&format!("{own}/open?then=place"));
        visit
            .browser
            .get(&format!("{own}/change"))
            .await
            .leads_to(&format!("{own}/open?then=change"));
        visit.ends().await;
    });
}

#[test]
fn a_place_taken_meanwhile_brings_the_list_again_and_nothing_is_lost() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let diary = Diary::within(visit.app.clone(), 1).await;
        let later = diary.another("2026-12-15T14:00:00Z", 5).await;
        let own = fills_in(&visit).await;
        let quicker = Owner::of(&visit, submission().named("Sam Sample")).await;
        diary.hold(diary.run.id, quicker.id).await;
        let at = format!("{own}/place");
        let form = format!("place=run-{}", diary.run.id);
        let again = visit.browser.post(&at, &form).await;
        again
            .is(422)
            .says("somebody took the last place there a moment ago")
            .says(&format!("run-{later}"))
            .never_says(&format!("value=\"run-{}\"", diary.run.id));
        for nonsense in [
            "",
            "place=",
            "place=run-x",
            "place=give",
            "place=run-00000000-0000-0000-0000-000000000000",
        ] {
            visit
                .browser
                .post(&at, nonsense)
                .await
                .is(422)
                .says("href=\"#place\"");
        }
        visit
            .browser
            .post(&at, &format!("place=run-{later}"))
            .await
            .leads_to(&at);
        visit.ends().await;
    });
}

#[test]
fn none_of_these_suit_me_has_somebody_ring() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let _diary = Diary::within(visit.app.clone(), 3).await;
        let own = fills_in(&visit).await;
        let asked = visit.browser.post(&format!("{own}/place"), "place=ring").await;
        asked.leads_to(&format!("{own}?said=ring"));
        visit
            .browser
            .get(&asked.location)
            .await
            .says("A person from our team will be in touch soon");
        assert_eq!(place_calls(&visit.app).await.len(), 1);
        visit.ends().await;
    });
}

#[test]
fn where_a_person_books_there_is_no_list_and_no_word_about_why() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let diary = Diary::within(visit.app.clone(), 3).await;
        let owner = Owner::of(&visit, submission().item9(1)).await;
        owner.opens().await;
        owner
            .sees("")
            .await
            .says("They ring you by")
            .never_says("Choose a place");
        owner.sees("/place").await.leads_to(&owner.at(""));
        let forced = owner
            .sends("/place", &format!("place=run-{}", diary.run.id))
            .await;
        forced.leads_to(&owner.at(""));
        assert_eq!(diary.place(owner.id).await, None);
        visit.ends().await;
    });
}

#[test]
fn who_waits_is_offered_a_place_and_says_yes_by_a_button() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let diary = Diary::within(visit.app.clone(), 1).await;
        let first = Owner::of(&visit, submission().named("Sam Sample")).await;
        diary.hold(diary.run.id, first.id).await;
        let owner = Owner::of(&visit, submission()).await;
        owner.opens().await;
        let list = owner.sees("/place").await;
        list.says("Full for now")
            .says("Join the waiting list for Living Well");
        let wish = format!("place=wait-{}", diary.course);
        owner.sends("/place", &wish).await.leads_to(&owner.at(""));
        owner.sees("").await.says("You are next in line");
        diary.cancel(first.id).await;
        let stranger = Browser::at(&visit.app.config.base_url);
        stranger
            .get(&owner.at(""))
            .await
            .says("A place has come free for you")
            .says("Please say yes or no")
            .says("Tuesday 8 December 2026");
        let no = stranger.post(&owner.at("/offer"), "answer=no").await;
        no.leads_to(&owner.at("/open?then=page"));
        let yes = stranger.post(&owner.at("/offer"), "answer=yes").await;
        yes.leads_to(&owner.at(""));
        let place = diary.place(owner.id).await.expect("a place");
        assert_eq!(place.state, PlaceState::Held);
        stranger
            .post(&owner.at("/offer"), "answer=yes")
            .await
            .leads_to(&owner.at(""));
        visit.ends().await;
    });
}

#[test]
fn a_place_is_changed_or_given_up_behind_the_date_of_birth() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let diary = Diary::within(house.visit.app.clone(), 3).await;
        let later = diary.another("2026-12-15T14:00:00Z", 5).await;
        let owner = Owner::of(&house.visit, submission()).await;
        diary.hold(diary.run.id, owner.id).await;
        owner
            .sees("/change")
            .await
            .leads_to(&owner.at("/open?then=change"));
        owner
            .sends("/open?then=change", BORN)
            .await
            .leads_to(&owner.at("/change"));
        owner
            .sees("/change")
            .await
            .says("This is your place now")
            .says(&format!("run-{later}"))
            .never_says(&format!("value=\"run-{}\"", diary.run.id));
        let moved = owner.sends("/change", &format!("place=run-{later}")).await;
        moved.leads_to(&owner.at("/place"));
        assert_eq!(diary.place(owner.id).await.map(|place| place.run), Some(later));
        owner
            .sends("/change", "place=give-up")
            .await
            .leads_to(&owner.at("?said=gave-up"));
        assert_eq!(diary.place(owner.id).await, None);
        owner.sees("").await.says("We have it").says("Choose a place");
        house.visit.ends().await;
    });
}

#[test]
fn another_system_is_told_where_its_patient_may_choose() {
    on_both(|fresh| async move {
        let house = house(fresh).await;
        let diary = Diary::within(house.visit.app.clone(), 3).await;
        let calm = json!({"crisis_now": "no", "phq9": [1, 1, 1, 1, 1, 1, 1, 1, 0], "gad7": [1, 1, 1, 1, 1, 1, 1],
            "ltc": ["back_pain"], "ltc_linked": "yes", "pain_weeks": 52});
        let mut worried = calm.clone();
        worried["phq9"][8] = json!(1);
        for (facts, chooses) in [(calm, true), (worried, false)] {
            let api = house.api.clone();
            let sent = with(&[("/facts", facts)]);
            let answer = tokio::task::spawn_blocking(move || api.submit(&sent)).await;
            let answer = answer.expect("asked");
            let url = answer.json.get("booking_url").and_then(|url| url.as_str());
            assert_eq!(url.is_some(), chooses, "{answer:?}");
            let Some(url) = url else { continue };
            let own = url
                .strip_prefix(&house.visit.app.config.base_url)
                .expect("our own");
            let browser = Browser::at(&house.visit.app.config.base_url);
            browser
                .get(own)
                .await
                .leads_to(&own.replace("/place", "/open?then=place"));
            browser
                .post(&own.replace("/place", "/open?then=place"), BORN)
                .await
                .leads_to(own);
            let form = format!("place=run-{}", diary.run.id);
            browser.post(own, &form).await.leads_to(own);
        }
        house.visit.ends().await;
    });
}
