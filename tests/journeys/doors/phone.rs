//! A caller reads out a code, and the team types what they say.

use iapt_pad::questionnaire::CrisisNow;
use iapt_pad::referrals::{By, Door, EventKind, Queue, ReviewState};
use iapt_pad::staff::Role;
use iapt_pad::triage::{Priority, Source};

use super::{Caller, House, NO_SLIP, ROBIN, phone_form, signed_in};
use crate::support::app::at;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both;
use crate::support::slips::{CLINIC, a_slip, a_slip_until};

const IN_DANGER: Caller = Caller {
    danger: true,
    ..ROBIN
};

/// The value of a hidden field of the page.
fn hidden(page: &Page, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let found = page
        .body
        .split(&start)
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    found.expect("the field").to_owned()
}

async fn sends(browser: &Browser, form: &str) -> Page {
    browser.post("/inbox/call", form).await
}

#[test]
fn a_code_read_out_shows_at_once_what_it_leads_to() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let app = &house.visit.app;
        let blank = house.team.get("/inbox/call").await;
        blank
            .is(200)
            .says("value=\"not_asked\" checked")
            .says("href=\"/inbox/call\"");
        let unused = a_slip(app, 1, "unused").await;
        let used = a_slip(app, 2, "used").await;
        let void = a_slip(app, 3, "void").await;
        let expired = a_slip_until(app, 4, "unused", at("2026-11-01T00:00:00Z")).await;
        for (slip, told) in [
            (unused, "This slip can be used"),
            (used, "This slip has been used"),
            (void, "taken back by the clinic"),
            (expired, "out of date"),
        ] {
            let typed = slip.to_string().to_lowercase().replace('-', "+");
            let page = sends(&house.team, &format!("then=look&code={typed}&name=Robin+Example")).await;
            page.is(200)
                .says(told)
                .says(CLINIC)
                .says("Go on")
                .says("value=\"Robin Example\"");
        }
        let page = sends(
            &house.team,
            &format!("then=look&code={NO_SLIP}&name=Robin+Example"),
        )
        .await;
        page.is(422)
            .says("no slip with the code")
            .says("value=\"Robin Example\"");
        page.never_says("Select what the caller answered");
        assert!(house.visit.referrals().await.is_empty(), "looking stores nothing");
        house.visit.ends().await;
    });
}

#[test]
fn a_call_is_one_referral_and_what_was_not_asked_stays_so() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let slip = a_slip(&house.visit.app, 1, "unused").await;
        let form = phone_form(&slip.to_string(), ROBIN);
        let form = format!(
            "{form}&harm_to_others=no&perinatal=yes&ltc=back_pain&linked=yes&helper_name=Ann+Example\
             &helper_relation=daughter&interpreter=ur&gp_in_area=yes"
        );
        let done = sends(&house.team, &form).await;
        let view = house.visit.the_referral().await;
        done.is(200)
            .says("Referral received")
            .says(&view.reference.to_string());
        done.says(&format!("/inbox/{}", view.reference.as_str()))
            .never_says("Robin");
        assert_eq!(
            (view.door, view.source, view.state),
            (Door::Staff, Source::Carer, ReviewState::New)
        );
        assert!(view.share_status && view.slip_id.is_some() && view.person.voicemail_ok);
        assert!(matches!(view.timeline[0].by, By::Staff(_)));
        let sheet = &view.case_sheet;
        assert_eq!(sheet.facts.crisis_now, Some(CrisisNow::No));
        assert!(sheet.facts.perinatal && sheet.facts.interpreter.as_deref() == Some("ur"));
        let unasked = [
            "safeguarding",
            "psychosis_mania",
            "phq9",
            "spine_red_flag",
            "text_ok",
            "work_affected",
        ];
        for key in unasked {
            assert!(
                sheet.not_asked.iter().any(|known| known == key),
                "{key}: {:?}",
                sheet.not_asked
            );
        }
        assert!(
            !sheet
                .not_asked
                .iter()
                .any(|key| key == "harm_to_others" || key == "phone_voicemail_ok")
        );
        let record = house
            .team
            .get(&format!("/inbox/{}", view.reference.as_str()))
            .await;
        record
            .is(200)
            .says("typed by staff")
            .says("Ann Example (daughter)");
        record.says("Pregnant, or a baby under 12 months. Not asked: Off sick");
        house.visit.ends().await;
    });
}

#[test]
fn a_second_tap_is_the_same_referral_and_the_next_caller_another() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let form = phone_form("", ROBIN);
        let (one, two) = tokio::join!(sends(&house.team, &form), sends(&house.team, &form));
        one.is(200);
        two.is(200);
        assert_eq!(house.visit.referrals().await.len(), 1);
        let next = form.replace("Robin+Example", "Kim+Example");
        sends(&house.team, &next).await.is(200);
        assert_eq!(house.visit.referrals().await.len(), 2);
        house.visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_shows_what_to_do_first_and_is_kept_with_other_fields_wrong() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let slip = a_slip(&house.visit.app, 1, "unused").await;
        let wrong = phone_form(NO_SLIP, IN_DANGER).replace("birth-month=2", "birth-month=13");
        let page = sends(&house.team, &wrong).await;
        page.is(422)
            .says("Keep the caller on the line")
            .says("tel:999")
            .says("116 123");
        page.says("href=\"#code\"")
            .says("href=\"#birth-month\"")
            .says("value=\"13\"");
        let kept = house.visit.the_referral().await;
        page.says(&format!("with the team already: {}", kept.reference));
        assert_eq!(
            (kept.state, kept.priority, kept.queue),
            (ReviewState::Incomplete, Priority::P1, Queue::Now)
        );
        assert_eq!(house.visit.urgent_messages().await, 1);
        let told = &kept.case_sheet.needs_checking;
        assert_eq!(
            told,
            &[
                format!("Slip code: {NO_SLIP}"),
                "Date of birth: 29 13 1980".to_owned()
            ]
        );

        // Corrected, it goes on under the same reference, now with its slip, and nothing is left to be checked.
        let right = phone_form(&slip.to_string(), IN_DANGER);
        let right = format!("kept={}&{right}", hidden(&page, "kept"));
        let done = sends(&house.team, &right).await;
        done.is(200)
            .says("Referral received")
            .says("Keep the caller on the line");
        sends(&house.team, &right).await.is(200);
        let view = house.visit.the_referral().await;
        assert_eq!((&view.reference, view.state), (&kept.reference, ReviewState::New));
        assert!(view.slip_id.is_some() && view.clinic_id.is_some() && view.chain_is_whole);
        let decision = &view.case_sheet.decision;
        assert!(decision.has_flag("RISK_CRISIS"));
        assert!(!decision.has_flag("NEEDS_CHECKING") && !decision.has_flag("SLIP_UNKNOWN"));
        assert_eq!(
            view.timeline
                .iter()
                .filter(|event| event.kind == EventKind::Completed)
                .count(),
            1
        );
        house.visit.ends().await;
    });
}

#[test]
fn a_page_used_again_for_somebody_else_makes_nobody_one_with_the_person_before() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let wrong = phone_form("", IN_DANGER).replace("birth-year=1980", "birth-year=");
        let page = sends(&house.team, &wrong).await;
        let kept = format!("kept={}", hidden(&page, "kept"));
        let next = phone_form("", ROBIN)
            .replace("Robin+Example", "Kim+Example")
            .replace("900123", "900456");
        sends(&house.team, &format!("{kept}&{next}")).await.is(200);
        let all = house.visit.referrals().await;
        let names: Vec<&str> = all.iter().map(|view| view.person.name.as_str()).collect();
        assert_eq!(
            (all.len(), names.contains(&"Robin Example")),
            (2, true),
            "{names:?}"
        );
        // Sent whole, and then the page is used once more: that is a third person's, not Robin's.
        let whole = phone_form("", IN_DANGER);
        sends(&house.team, &format!("{kept}&{whole}")).await.is(200);
        assert_eq!(house.visit.referrals().await.len(), 2);
        let third = whole.replace("Robin+Example", "Jo+Example");
        sends(&house.team, &format!("{kept}&{third}")).await.is(200);
        assert_eq!(house.visit.referrals().await.len(), 3);
        house.visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_of_nobody_reachable_asks_for_name_and_number_first() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let form = "crisis_now=prefer_not&name=&phone=";
        let page = sends(&house.team, form).await;
        page.is(422)
            .says("Keep the caller on the line")
            .says("Nothing is kept yet");
        assert!(house.visit.referrals().await.is_empty());
        let named = sends(&house.team, "crisis_now=prefer_not&name=Kim+Example&phone=").await;
        named.is(422).says("with no way to reach them");
        assert_eq!(house.visit.the_referral().await.person.name, "Kim Example");
        house.visit.app.clock.advance_minutes(1);
        let spine = format!("spine=saddle_numbness&then=look&{}", phone_form("", ROBIN));
        let page = sends(&house.team, &spine).await;
        page.is(200)
            .says("they need A&amp;E now")
            .says("with the team already");
        let last = house.visit.referrals().await.pop().expect("a referral");
        assert_eq!(last.priority, Priority::P1);
        house.visit.ends().await;
    });
}

#[test]
fn who_does_not_agree_is_not_referred_but_a_worry_stays_with_the_team() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let refused = |who| phone_form("", who).replace("agreed=yes", "agreed=no");
        let page = sends(&house.team, &refused(ROBIN)).await;
        page.is(422).says("Without the caller’s agreement");
        assert!(house.visit.referrals().await.is_empty());
        sends(&house.team, &refused(IN_DANGER)).await.is(422);
        let kept = house.visit.the_referral().await;
        assert!(kept.state == ReviewState::Incomplete && !kept.case_sheet.facts.agreed);
        house.visit.ends().await;
    });
}

#[test]
fn only_the_team_takes_calls() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let stranger = &house.visit.browser;
        stranger
            .get("/inbox/call")
            .await
            .leads_to("/staff/sign-in?next=/inbox/call");
        let lead = signed_in(&house.visit, "lee", Role::Lead).await;
        lead.get("/inbox/call").await.is(200).says("Take a call");
        let admin = signed_in(&house.visit, "ada", Role::Admin).await;
        for browser in [&house.physio, &admin] {
            browser.get("/inbox/call").await.is(403);
            sends(browser, &phone_form("", ROBIN)).await.is(403);
        }
        assert!(house.visit.referrals().await.is_empty());
        house.visit.ends().await;
    });
}
