//! A worrying answer reaches a person, whatever else happens, and help is shown before anything else.

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::db::schema::referral;
use iapt_pad::dispatch;
use iapt_pad::referrals::{Queue, ReviewState};
use iapt_pad::triage::Priority;

use super::{ANSWERS, CHECK, Visit};
use crate::support::browser::Page;
use crate::support::databases::on_both;
use crate::support::slips::a_slip;

const HELP: &str = "Thank you for telling us. You deserve help now.";
const WORRYING: &str = "item1=0&item2=0&item3=0&item4=0&item5=0&item6=0&item7=0&item8=0&item9=1";

/// Help stands on the page, emergency first, and the one question that follows.
fn is_help(page: &Page) {
    page.is(200)
        .says(HELP)
        .says("Can you keep yourself safe right now?")
        .says("Carry on with the form");
    let at = |text: &str| {
        page.body
            .find(text)
            .unwrap_or_else(|| panic!("{text} is missing"))
    };
    assert!(at("care--emergency") < at("care--urgent") && at("tel:999") < at("tel:111"));
    page.says("116 123").says("85258");
}

#[test]
fn a_worrying_answer_is_kept_when_the_tab_is_closed() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(6).await;
        assert!(visit.referrals().await.is_empty());
        let page = visit.sends(6, WORRYING).await;
        is_help(&page);
        page.says("We have kept what you told us");
        let kept = visit.the_referral().await;
        assert_eq!(kept.state, ReviewState::Incomplete);
        assert!(kept.priority <= Priority::P2 && kept.queue == Queue::Today);
        assert_eq!(kept.person.name, "Robin Example");
        assert!(kept.case_sheet.decision.has_flag("RISK_ITEM9"));
        assert_eq!(visit.urgent_messages().await, 1);
        visit.ends().await;
    });
}

#[test]
fn going_on_completes_the_same_referral_and_never_meets_a_used_slip() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(6).await;
        is_help(&visit.sends(6, WORRYING).await);
        let kept = visit.the_referral().await;
        let greeting = visit.browser.get(&format!("/s/{}", slip.compact())).await;
        greeting.says("Carry on where you stopped");
        visit
            .browser
            .post("/refer/follow-up", "keep_safe=yes&then=go")
            .await
            .leads_to("/refer/7");
        for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page > 6) {
            visit.sends(page, form).await;
        }
        let done = visit.the_referral().await;
        assert_eq!(
            (done.reference.clone(), done.state),
            (kept.reference, ReviewState::New)
        );
        assert!(!done.case_sheet.decision.has_flag("SLIP_USED"));
        assert!(done.case_sheet.decision.has_flag("RISK_ITEM9"));
        visit
            .browser
            .get("/refer/10")
            .await
            .says(&done.reference.to_string());
        visit.ends().await;
    });
}

#[test]
fn what_comes_after_the_team_has_acted_is_added_and_never_lost() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(6).await;
        is_help(&visit.sends(6, WORRYING).await);
        visit
            .app
            .db
            .write(|conn| {
                let accepted = (referral::state.eq("accepted"), referral::queue.eq("accepted"));
                dispatch!(conn, c => diesel::update(referral::table).set(accepted).execute(c)?);
                Ok(())
            })
            .await
            .expect("accepted while the patient goes on");
        let page = visit
            .browser
            .post("/refer/follow-up", "keep_safe=no&then=go")
            .await;
        page.says("Please get help now")
            .says("We have kept what you told us");
        let again = visit.the_referral().await;
        assert_eq!((again.priority, again.queue), (Priority::P1, Queue::Now));
        for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page > 6) {
            visit.sends(page, form).await;
        }
        let done = visit.the_referral().await;
        assert!(
            done.case_sheet.facts.gad7.is_some(),
            "the last answers are there too"
        );
        assert_eq!(done.priority, Priority::P1);
        let events = done.seen();
        visit.sends(CHECK, "then=send").await;
        assert_eq!(visit.the_referral().await.seen(), events);
        visit.ends().await;
    });
}

#[test]
fn not_being_able_to_keep_safe_is_answered_with_help_and_kept() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(6).await;
        is_help(&visit.sends(6, WORRYING).await);
        for answer in ["unsure", "no"] {
            let page = visit
                .browser
                .post("/refer/follow-up", &format!("keep_safe={answer}&then=stop"))
                .await;
            page.is(200)
                .says("Please get help now")
                .says("tel:999")
                .says("Carry on with the form");
            let kept = visit.the_referral().await;
            assert_eq!(
                (kept.priority, kept.queue),
                (Priority::P1, Queue::Now),
                "{answer}"
            );
        }
        let stopped = visit.browser.post("/refer/follow-up", "then=stop").await;
        stopped
            .is(200)
            .says("You have stopped")
            .says("Our team has what you told us");
        visit.browser.get("/refer/follow-up").await.leads_to("/refer/7");
        visit.ends().await;
    });
}

#[test]
fn somebody_nobody_can_reach_is_asked_for_a_number_and_then_kept() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        let page = visit.sends(1, "crisis_now=yes").await;
        is_help(&page);
        page.says("May we ring you?")
            .never_says("We have kept what you told us");
        assert!(visit.referrals().await.is_empty());
        let nothing = visit
            .browser
            .post("/refer/follow-up", "ring_name=-&ring_phone=none&then=go")
            .await;
        nothing
            .is(422)
            .says("href=\"#ring_phone\"")
            .says("value=\"none\"")
            .says("tel:999");
        assert!(visit.referrals().await.is_empty(), "there is nothing to try");
        let form = "keep_safe=yes&ring_name=Robin&ring_phone=07700+900123&then=go";
        visit
            .browser
            .post("/refer/follow-up", form)
            .await
            .leads_to("/refer/2");
        let kept = visit.the_referral().await;
        assert_eq!(
            (kept.priority, kept.state),
            (Priority::P1, ReviewState::Incomplete)
        );
        assert_eq!(
            (kept.person.name.as_str(), kept.person.phone.as_deref()),
            ("Robin", Some("+447700900123"))
        );
        visit.browser.get("/refer/2").await.says("value=\"Robin\"");
        visit.ends().await;
    });
}

#[test]
fn a_worry_told_before_the_name_is_kept_with_the_name_and_again_once_somebody_can_be_reached() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        is_help(&visit.sends(1, "crisis_now=yes").await);
        visit
            .browser
            .post("/refer/follow-up", "then=go")
            .await
            .leads_to("/refer/2");
        visit.sends(2, ANSWERS[1].1).await;
        let named = visit.the_referral().await;
        assert_eq!(named.person.name, "Robin Example");
        assert!(!named.person.has_way(), "a colleague looks them up");
        visit.sends(3, ANSWERS[2].1).await.leads_to("/refer/4");
        let kept = visit.the_referral().await;
        assert!(kept.person.sound_phone().is_some());
        assert_eq!((kept.priority, kept.queue), (Priority::P1, Queue::Now));
        visit.ends().await;
    });
}

#[test]
fn a_skipped_item_is_unknown_not_zero() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(6).await;
        visit
            .sends(6, "item1=1&item2=1&item4=skip&item9=skip")
            .await
            .leads_to("/refer/7");
        let kept = visit.the_referral().await;
        assert!(kept.case_sheet.decision.has_flag("RISK_UNKNOWN"));
        let items = kept.case_sheet.facts.phq9.expect("it was started");
        assert_eq!((items[0], items[3], items[8]), (Some(1), None, None));
        assert_eq!(kept.case_sheet.facts.phq9_total(), None);
        visit.ends().await;
    });
}

#[test]
fn a_sign_from_the_spine_says_go_to_a_and_e_in_the_same_response() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(4).await;
        let signs = ANSWERS[3].1.replace("spine=none", "spine=saddle_numbness");
        let page = visit.sends(4, &signs).await;
        page.is(200)
            .says("Please go to A&#38;E now")
            .says("tel:999")
            .says("We have kept what you told us");
        let kept = visit.the_referral().await;
        assert_eq!(kept.priority, Priority::P1);
        assert!(kept.case_sheet.decision.has_flag("SPINE_RED_FLAG"));
        visit
            .browser
            .post("/refer/follow-up", "then=go")
            .await
            .leads_to("/refer/5");
        visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_is_answered_with_help_although_its_page_has_to_be_corrected() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(5).await;
        let page = visit.sends(5, "safety=harm_to_others&care=none").await;
        is_help(&page);
        page.says("We have kept what you told us");
        assert_eq!(visit.the_referral().await.priority, Priority::P1);
        let go = visit.browser.post("/refer/follow-up", "then=go").await;
        go.leads_to("/refer/5");
        let again = visit.browser.get("/refer/5").await;
        again.says("value=\"harm_to_others\" checked");
        let wrong = visit.sends(5, "safety=harm_to_others&care=none").await;
        wrong.is(422).says("href=\"#life\"").says("tel:999");
        visit.ends().await;
    });
}

#[test]
fn not_agreeing_leaves_a_safety_answer_with_the_team() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        is_help(&visit.sends(1, "crisis_now=yes").await);
        let form = "ring_name=Robin&ring_phone=07700+900123&then=go";
        visit.browser.post("/refer/follow-up", form).await;
        for (page, form) in ANSWERS.into_iter().filter(|(page, _)| (2..CHECK).contains(page)) {
            visit.sends(page, form).await;
        }
        let ended = visit.sends(CHECK, "then=refuse").await;
        ended
            .is(200)
            .says("We have not referred you")
            .says("Our team has what you told us");
        let kept = visit.the_referral().await;
        assert!(!kept.case_sheet.facts.agreed && kept.priority == Priority::P1);
        visit.ends().await;
    });
}

#[test]
fn a_worrying_word_beyond_the_limit_is_still_answered_and_kept() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(4).await;
        let with = |words: &str| {
            ANSWERS[3]
                .1
                .replace("anything_else=", &format!("anything_else={words}"))
        };
        let long = with(&format!("{}+I+want+to+end+it+all", "word+".repeat(80)));
        visit
            .sends(4, &long)
            .await
            .is(422)
            .says("please do not wait")
            .says("tel:999");
        let kept = visit.the_referral().await;
        assert!(kept.case_sheet.decision.has_flag("RISK_FREE_TEXT"));
        is_help(&visit.sends(4, &with("I+want+to+end+it+all")).await);
        visit.ends().await;
    });
}

#[test]
fn worrying_words_are_met_with_help_however_they_are_typed() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(4).await;
        for words in [
            "killing+myself",
            "I+don%C2%B4t+want+to+live",
            "I+don%E2%80%B2t+want+to+live",
            "I+don%CA%BCt+want+to+live",
            "I+don%EF%BC%87t+want+to+live",
            "I+dont+want+to+live",
            "k%C4%B1ll+++myself",
            "I+think+about+hurting+people",
        ] {
            let form = ANSWERS[3]
                .1
                .replace("anything_else=", &format!("anything_else={words}"));
            is_help(&visit.sends(4, &form).await);
            let kept = visit.the_referral().await;
            assert!(kept.case_sheet.decision.has_flag("RISK_FREE_TEXT"), "{words}");
        }
        visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_sent_after_the_draft_is_gone_is_answered_with_help() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(6).await;
        visit.app.clock.advance_minutes(24 * 60);
        let page = visit.sends(6, WORRYING).await;
        is_help(&page);
        page.says("May we ring you?");
        let form = "ring_name=Robin&ring_phone=07700+900123&keep_safe=no&then=go";
        visit
            .browser
            .post("/refer/follow-up", form)
            .await
            .is(200)
            .says("Please get help now");
        assert_eq!(visit.the_referral().await.priority, Priority::P1);
        visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_sent_after_the_draft_is_locked_is_kept_and_the_draft_stays_locked() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(6).await;
        visit.app.clock.advance_minutes(61);
        let page = visit.sends(6, WORRYING).await;
        is_help(&page);
        page.says("We have kept what you told us").never_says("Robin");
        let unsafe_now = visit.browser.post("/refer/follow-up", "keep_safe=no").await;
        unsafe_now.says("Please get help now");
        let kept = visit.the_referral().await;
        assert_eq!(
            (kept.priority, kept.person.name.as_str()),
            (Priority::P1, "Robin Example")
        );
        let on = visit.browser.post("/refer/follow-up", "then=go").await;
        on.leads_to("/refer/reopen");
        visit.browser.get("/refer/2").await.leads_to("/refer/reopen");
        visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_sent_after_the_form_from_a_second_tab_lifts_the_referral() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(CHECK).await;
        visit.sends(CHECK, "then=send").await.leads_to("/refer/10");
        let sent = visit.the_referral().await;
        visit.sends(6, ANSWERS[5].1).await.leads_to("/refer/10");
        assert_eq!(visit.the_referral().await.seen(), sent.seen());
        let page = visit.sends(6, WORRYING).await;
        is_help(&page);
        page.says("We have kept what you told us").never_says("Robin");
        let lifted = visit.the_referral().await;
        assert!(lifted.case_sheet.decision.has_flag("RISK_ITEM9"));
        assert_eq!(
            (lifted.priority, lifted.queue, lifted.reference.clone()),
            (Priority::P2, Queue::Today, sent.reference)
        );
        let answers = lifted.case_sheet.answers.as_deref().expect("answers");
        assert!(answers.gad7.is_some() && lifted.person.name == "Robin Example");
        let form = "keep_safe=no&then=go";
        let unsafe_now = visit.browser.post("/refer/follow-up", form).await;
        unsafe_now.is(200).says("Please get help now");
        assert_eq!(visit.the_referral().await.queue, Queue::Now);
        visit.browser.get("/refer/10").await.is(200);
        visit.ends().await;
    });
}

async fn rename(app: &App, from: &str, to: &str) {
    let change = format!("ALTER TABLE {from} RENAME TO {to}");
    app.db
        .write(move |conn| {
            dispatch!(conn, c => diesel::sql_query(&change).execute(c)?);
            Ok(())
        })
        .await
        .expect("renamed");
}

#[test]
fn a_database_that_fails_does_not_keep_help_from_being_shown() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(6).await;
        rename(&visit.app, "referral", "referral_away").await;
        let page = visit.sends(6, WORRYING).await;
        is_help(&page);
        page.says("We could not save what you told us")
            .says("0114 496 0100")
            .never_says("We have kept what you");
        let again = visit
            .browser
            .post("/refer/follow-up", "keep_safe=yes&then=go")
            .await;
        again
            .is(200)
            .says("We could not save what you told us")
            .says("tel:999");
        visit.browser.get("/help-now").await.is(200);
        rename(&visit.app, "referral_away", "referral").await;
        visit
            .browser
            .post("/refer/follow-up", "then=go")
            .await
            .leads_to("/refer/7");
        assert!(
            visit
                .the_referral()
                .await
                .case_sheet
                .decision
                .has_flag("RISK_ITEM9")
        );
        visit.ends().await;
    });
}
