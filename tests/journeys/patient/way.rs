//! From the first page to the last.

use iapt_pad::config::ServiceName;
use iapt_pad::referrals::ReviewState;

use super::{ANSWERS, CHECK, Visit};
use crate::support::browser::Browser;
use crate::support::databases::on_both;
use crate::support::slips::{a_slip, openings};

#[test]
fn from_slip_to_confirmation_each_page_leads_to_the_next_and_makes_one_referral() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(CHECK).await;
        let check = visit.browser.get("/refer/9").await;
        check
            .is(200)
            .says("Robin Example")
            .says("29 February 1980")
            .says("07700 900123");
        check.says("You answered 9 of 9 questions").never_says("PHQ");
        visit
            .sends(CHECK, "then=send&share_status=yes")
            .await
            .leads_to("/refer/10");
        let referral = visit.the_referral().await;
        assert_eq!(
            (referral.state, referral.service),
            (ReviewState::New, ServiceName::Hwb)
        );
        assert!(referral.share_status && referral.slip_id.is_some());
        let done = visit.browser.get("/refer/10").await;
        done.is(200)
            .says(&referral.reference.to_string())
            .says("What happens next")
            .says("ring you by");
        for word in ["Priority", "hwb", "Step", "SUBTHRESHOLD", "mild", "score"] {
            done.never_says(word);
        }
        visit.ends().await;
    });
}

#[test]
fn a_second_tap_and_a_reload_show_the_same_confirmation() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page < CHECK) {
            visit.sends(page, form).await;
        }
        let (first, second) = tokio::join!(visit.sends(CHECK, "then=send"), visit.sends(CHECK, "then=send"));
        first.leads_to("/refer/10");
        second.leads_to("/refer/10");
        let reference = visit.the_referral().await.reference.to_string();
        visit.browser.get("/refer/10").await.says(&reference);
        visit.browser.get("/refer/10").await.says(&reference);
        visit.browser.get("/refer/2").await.leads_to("/refer/10");
        visit.sends(2, "name=Another").await.leads_to("/refer/10");
        assert_eq!(visit.referrals().await.len(), 1);
        visit.ends().await;
    });
}

#[test]
fn looking_changes_nothing_and_starting_counts_one_opening() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        for address in [format!("/s/{}", slip.compact()), format!("/S/{}", slip.compact())] {
            visit.browser.get(&address).await.is(200).says("Start now");
        }
        assert_eq!(openings(&visit.app, 1).await, 0);
        visit.starts(Some(&slip)).await;
        assert_eq!(openings(&visit.app, 1).await, 1);
        assert!(visit.referrals().await.is_empty());
        visit.ends().await;
    });
}

#[test]
fn a_page_before_its_turn_leads_to_the_first_that_is_not_answered() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(3).await;
        for ahead in ["/refer/5", "/refer/6", "/refer/9", "/refer/10"] {
            visit.browser.get(ahead).await.leads_to("/refer/3");
        }
        visit.sends(4, ANSWERS[3].1).await.leads_to("/refer/3");
        visit.browser.get("/refer/99").await.is(404);
        visit.browser.get("/refer/x").await.is(404);
        visit.ends().await;
    });
}

#[test]
fn a_changed_answer_comes_back_to_the_check_unless_it_asks_for_more() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(CHECK).await;
        visit
            .browser
            .get("/refer/2")
            .await
            .says("value=\"Robin Example\"");
        let renamed = ANSWERS[1].1.replace("Robin+Example", "Robin+Changed");
        visit.sends(2, &renamed).await.leads_to("/refer/9");
        let none = "problem=worry&anything_else=&ltc=none";
        visit.sends(4, none).await.leads_to("/refer/9");
        let more = visit.sends(4, "problem=worry&ltc=sciatica").await;
        for field in ["linked", "pain_length", "spine"] {
            more.is(422).says(&format!("href=\"#{field}\""));
        }
        visit.browser.get("/refer/9").await.leads_to("/refer/4");
        visit.sends(4, ANSWERS[3].1).await.leads_to("/refer/9");
        visit.browser.get("/refer/9").await.says("Robin Changed");
        visit.ends().await;
    });
}

#[test]
fn leaving_the_questionnaires_for_a_talk_shortens_the_way_and_is_no_zero() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(5).await;
        let later = "safety=none&care=none&life=none&scales=later";
        visit.sends(5, later).await.leads_to("/refer/9");
        visit.browser.get("/refer/9").await.says("In a talk");
        visit.sends(CHECK, "then=send").await.leads_to("/refer/10");
        let referral = visit.the_referral().await;
        assert_eq!(referral.case_sheet.facts.phq9_total(), None);
        assert!(referral.case_sheet.not_asked.iter().any(|key| key == "phq9"));
        visit.browser.get("/refer/10").await.says("ring you by");
        visit.ends().await;
    });
}

#[test]
fn a_wrong_field_is_named_and_nothing_typed_is_lost() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(3).await;
        let wrong = visit
            .sends(
                3,
                "phone=12&email=robin@example.org&may=text&best_time=pm&postcode=s12he",
            )
            .await;
        wrong
            .is(422)
            .says("There is a problem")
            .says("href=\"#phone\"")
            .says("<title>Error: ");
        wrong
            .says("value=\"12\"")
            .says("value=\"robin@example.org\"")
            .says("value=\"text\" checked");
        let million = format!("phone=07700900123&email={}&postcode=s12he", "a".repeat(1_000_000));
        visit.sends(3, &million).await.is(422).says("href=\"#email\"");
        visit.browser.get("/refer/3").await.is(200);
        visit.ends().await;
    });
}

#[test]
fn not_agreeing_stores_nothing() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(CHECK).await;
        let ended = visit.sends(CHECK, "then=refuse").await;
        ended
            .is(200)
            .says("We have not referred you")
            .says("We have not stored your answers");
        assert!(visit.referrals().await.is_empty());
        visit.browser.get("/refer/2").await.says("Please start again");
        visit
            .browser
            .get(&format!("/s/{}", slip.compact()))
            .await
            .says("Start now");
        visit.ends().await;
    });
}

#[test]
fn titles_and_addresses_say_nothing_about_health() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        let mut titles = vec![
            visit.browser.get("/").await.body,
            visit.browser.get(&format!("/s/{}", slip.compact())).await.body,
        ];
        visit.starts(Some(&slip)).await;
        for (page, form) in ANSWERS {
            titles.push(visit.browser.get(&format!("/refer/{page}")).await.body);
            visit.sends(page, form).await;
        }
        titles.push(visit.browser.get("/refer/10").await.body);
        for page in titles {
            let title = page
                .split("<title>")
                .nth(1)
                .and_then(|rest| rest.split("</title>").next())
                .expect("a title");
            for word in [
                "pain", "mood", "mental", "health", "therap", "worr", "crisis", "safe", "suicid", "depress",
                "phq",
            ] {
                assert!(!title.to_lowercase().contains(word), "{word} in {title}");
            }
        }
        visit.ends().await;
    });
}

#[test]
fn the_own_page_says_only_where_it_is() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        let slip = a_slip(&visit.app, 1, "unused").await;
        visit.starts(Some(&slip)).await;
        visit.answers_until(CHECK).await;
        visit.sends(CHECK, "then=send").await;
        let confirmation = visit.browser.get("/refer/10").await.body;
        let link = confirmation
            .split("href=\"/r/")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a link");
        let stranger = Browser::at(&visit.app.config.base_url);
        let own = stranger.get(&format!("/r/{link}")).await;
        own.is(200).says("We have it").says("23 November 2026");
        for word in ["Robin", "Example", "back", "Low", "priority", "07700"] {
            own.never_says(word);
        }
        stranger.get("/r/AAAAAAAAAAAAAAAAAAAAAAAAAA").await.is(404);
        stranger.get("/r/x").await.is(404);
        visit.ends().await;
    });
}
