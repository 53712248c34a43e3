//! Drafts that rest: on the person's own device, and on one that was handed over.

use super::{ANSWERS, CHECK, Visit};
use crate::journeys::doors::House;
use crate::support::databases::on_both;
use crate::support::slips::a_slip;

const BORN: &str = "birth-day=29&birth-month=2&birth-year=1980";

#[test]
fn after_an_hour_a_draft_opens_only_with_the_date_of_birth_in_it() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(4).await;
        visit.app.clock.advance_minutes(59);
        visit.browser.get("/refer/4").await.is(200);
        visit.app.clock.advance_minutes(1);
        visit.browser.get("/refer/4").await.leads_to("/refer/reopen");
        visit.browser.get("/").await.says("Carry on where you stopped");
        let locked = visit.browser.get("/refer/reopen").await;
        locked
            .is(200)
            .says("You were away for a while")
            .never_says("Robin");
        let wrong = "birth-day=1&birth-month=2&birth-year=1980";
        visit
            .browser
            .post("/refer/reopen", wrong)
            .await
            .is(422)
            .says("This is not the date you gave us");
        visit.browser.get("/refer/2").await.leads_to("/refer/reopen");
        visit
            .browser
            .post("/refer/reopen", BORN)
            .await
            .leads_to("/refer/4");
        visit.browser.get("/refer/2").await.says("Robin Example");
        visit.app.clock.advance_minutes(24 * 60);
        let gone = visit.browser.get("/refer/4").await;
        gone.is(200).says("Please start again");
        visit.ends().await;
    });
}

#[test]
fn guessing_the_date_of_birth_takes_longer_and_longer() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(4).await;
        visit.app.clock.advance_minutes(61);
        for year in 1960..1966 {
            let guess = format!("birth-day=1&birth-month=2&birth-year={year}");
            visit.browser.post("/refer/reopen", &guess).await.is(422);
        }
        let waits = visit.browser.post("/refer/reopen", BORN).await;
        waits.is(422).says("Please wait");
        visit.app.clock.advance_minutes(16);
        visit
            .browser
            .post("/refer/reopen", BORN)
            .await
            .leads_to("/refer/4");
        visit.ends().await;
    });
}

#[test]
fn a_draft_that_tells_nothing_of_whose_it_is_is_gone_after_an_hour() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(2).await;
        visit.app.clock.advance_minutes(60);
        let gone = visit.browser.get("/refer/2").await;
        gone.is(200).says("Please start again").says("60 minutes");
        let sent = visit.sends(2, ANSWERS[1].1).await;
        sent.is(200).says("Please start again");
        visit.ends().await;
    });
}

#[test]
fn handing_over_signs_the_physio_out_and_leaves_nothing_to_read_back() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let tablet = &house.physio;
        let slip = a_slip(&house.visit.app, 1, "unused").await;
        tablet
            .get("/refer-now")
            .await
            .is(200)
            .says("Hand over this tablet");
        let odd = tablet.post("/refer-now/hand-over", "code=7K3M-9QXT-2VBR").await;
        odd.is(422).says("We do not know this code");
        tablet
            .post("/refer-now/hand-over", &format!("code={slip}"))
            .await
            .leads_to(&format!("/s/{}", slip.compact()));
        let welcome = tablet.get(&format!("/s/{}", slip.compact())).await;
        welcome
            .is(200)
            .says("Welcome")
            .says("deleted after 10 minutes")
            .never_says("For staff");
        tablet
            .post(&format!("/s/{}", slip.compact()), "")
            .await
            .leads_to("/refer/1");
        let asks = tablet.get("/refer-now").await;
        assert_eq!(asks.status, 303, "the session has ended on the server");
        for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page < CHECK) {
            let at = format!("/refer/{page}");
            let asked = tablet.get(&at).await;
            asked.is(200).says("device of the clinic").never_says("For staff");
            assert_eq!(tablet.post(&at, form).await.status, 303, "page {page}");
        }
        let done = tablet
            .post(&format!("/refer/{CHECK}"), "then=send&share_status=yes")
            .await;
        let referral = house.visit.the_referral().await;
        done.is(200).says(&referral.reference.to_string());
        assert!(referral.slip_id.is_some());
        for page in ["/refer/2", "/refer/9", "/refer/10", "/refer/reopen"] {
            let back = tablet.get(page).await;
            back.is(200).says("Please start again").never_says("Robin");
        }
        house.visit.ends().await;
    });
}

#[test]
fn on_a_handed_tablet_a_draft_is_gone_after_ten_minutes_and_the_next_patient_starts_empty() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let tablet = &house.physio;
        tablet.post("/refer-now/hand-over", "code=").await.leads_to("/");
        tablet.post("/", "then=without").await.leads_to("/refer/1");
        for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page < 4) {
            tablet.post(&format!("/refer/{page}"), form).await;
        }
        let slip = a_slip(&house.visit.app, 1, "unused").await;
        let at = format!("/s/{}", slip.compact());
        tablet
            .get(&at)
            .await
            .says("Start now")
            .never_says("Carry on where");
        house.visit.app.clock.advance_minutes(10);
        let gone = tablet.get("/refer/4").await;
        gone.is(200).says("Please start again");
        tablet.post(&at, "").await.leads_to("/refer/1");
        tablet.get("/refer/2").await.leads_to("/refer/1");
        house.visit.ends().await;
    });
}

#[test]
fn a_gp_refers_a_patient_with_the_same_pages_and_says_who_they_are() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit
            .browser
            .post("/", "then=for_another")
            .await
            .leads_to("/refer/1");
        visit.sends(1, ANSWERS[0].1).await.leads_to("/refer/2");
        visit.browser.get("/refer/2").await.says("Your own name");
        let nobody = visit.sends(2, ANSWERS[1].1).await;
        nobody.is(422).says("Enter your own name");
        let named = format!(
            "{}&helper_name=Dr+Example&helper_relation=GP+at+Example+Surgery",
            ANSWERS[1].1
        );
        visit.sends(2, &named).await.leads_to("/refer/3");
        visit.sends(3, ANSWERS[2].1).await;
        visit.sends(4, ANSWERS[3].1).await;
        visit
            .sends(5, "safety=none&care=none&life=none&scales=later")
            .await
            .leads_to("/refer/9");
        visit.browser.get("/refer/9").await.says("The patient agrees");
        visit.sends(CHECK, "then=send").await.leads_to("/refer/10");
        let referral = visit.the_referral().await;
        assert_eq!(referral.source, iapt_pad::triage::Source::Gp);
        assert!(
            referral
                .person
                .helper
                .is_some_and(|helper| helper.contains("Dr Example"))
        );
        visit.ends().await;
    });
}

#[test]
fn stopping_or_deleting_on_a_handed_tablet_clears_it_for_the_next_person() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let tablet = &house.physio;
        tablet.post("/refer-now/hand-over", "code=").await.leads_to("/");
        for ends in ["stop", "delete", "refuse"] {
            tablet.post("/", "then=without").await.leads_to("/refer/1");
            tablet.post("/refer/1", "crisis_now=yes").await.is(200);
            for (page, form) in ANSWERS.into_iter().filter(|(page, _)| (2..CHECK).contains(page)) {
                tablet.post(&format!("/refer/{page}"), form).await;
            }
            let here = tablet.get("/").await;
            here.never_says("Carry on").never_says("For staff");
            let ended = match ends {
                "stop" => tablet.post("/refer/follow-up", "then=stop").await,
                "delete" => tablet.post("/refer/forget", "").await,
                _ => tablet.post(&format!("/refer/{CHECK}"), "then=refuse").await,
            };
            ended
                .is(200)
                .says("Our team has what you told us")
                .says("Your answers are deleted from this device")
                .says("Please give it back now")
                .never_says("arry on")
                .never_says("next hour")
                .never_says("For staff");
            for page in ["/refer/1", "/refer/2", "/refer/5", "/refer/9", "/refer/follow-up"] {
                let page = tablet.get(page).await;
                assert!(
                    !page.body.contains("Robin") && page.status != 200 || page.body.contains("start again")
                );
            }
            tablet
                .get("/refer/2")
                .await
                .says("Please start again")
                .says("10 minutes");
            tablet
                .get("/")
                .await
                .says("Start without a slip")
                .never_says("Carry on");
        }
        assert_eq!(
            house.visit.referrals().await.len(),
            3,
            "what worries was kept each time"
        );
        house.visit.ends().await;
    });
}
