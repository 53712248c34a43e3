//! The electronic slip: made on the physio's screen, with a word of what it may help with, opened and printed at home.

use iapt_pad::pads::proof::check;
use iapt_pad::referrals::ReviewState;
use iapt_pad::values::SlipCode;

use super::super::patient::Visit;
use super::{House, ROBIN, Way};
use crate::support::databases::{Fresh, on_both};
use crate::support::slips::a_slip;

/// A house with one electronic slip, and its code.
async fn with_a_slip(fresh: Fresh, form: &str) -> (House, SlipCode) {
    let house = House::with(Visit::to_the_demo(fresh).await).await;
    let made = house.physio.post("/pads/slip", form).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let shown = house.physio.get("/pads/1").await.body;
    let code = shown.split("pad-code\">").nth(1).and_then(|rest| rest.get(..14));
    let code = SlipCode::parse(code.expect("a code")).expect("well formed");
    (house, code)
}

const FORM: &str = "email=robin@example.org&service=hwb&hint=back_pain";

#[test]
fn the_patient_sees_what_was_suggested_and_may_change_it() {
    on_both(|fresh| async move {
        let (house, code) = with_a_slip(fresh, FORM).await;
        let on_screen = house.physio.get("/pads/1").await;
        on_screen.says("You suggested help with: <strong>Back pain</strong>");
        let at = format!("/s/{}", code.compact());
        let page = house.visit.browser.get(&at).await;
        page.is(200)
            .says("Your physiotherapist suggested: help with back pain");
        page.says("NHS Talking Therapies, Health and Wellbeing")
            .says("/slip.pdf");
        house.visit.starts(Some(&code)).await;
        house.visit.answers_until(4).await;
        let asked = house.visit.browser.get("/refer/4").await;
        asked
            .says("suggested help with back pain")
            .says("value=\"back_pain\" checked");
        house
            .visit
            .sends(4, "problem=low_mood&anything_else=&ltc=none")
            .await
            .leads_to("/refer/5");
        let changed = house.visit.browser.get("/refer/4").await;
        changed
            .never_says("value=\"back_pain\" checked")
            .says("value=\"none\" checked");
        house.visit.ends().await;
    });
}

#[test]
fn a_suggestion_is_no_answer_until_the_patient_gives_it() {
    on_both(|fresh| async move {
        let (house, code) = with_a_slip(fresh, FORM).await;
        house.visit.starts(Some(&code)).await;
        house.visit.sends(1, "crisis_now=yes").await.is(200);
        for (page, form) in super::ANSWERS
            .into_iter()
            .filter(|(page, _)| (2..4).contains(page))
        {
            house.visit.sends(page, form).await;
        }
        let kept = house.visit.the_referral().await;
        assert_eq!(kept.state, ReviewState::Incomplete);
        assert!(kept.case_sheet.facts.ltc.is_empty());
        house.visit.ends().await;
    });
}

#[test]
fn the_team_hears_of_the_suggestion_when_the_code_is_read_out() {
    on_both(|fresh| async move {
        let (house, code) = with_a_slip(fresh, FORM).await;
        let page = house
            .team
            .post("/inbox/call", &format!("then=look&code={code}"))
            .await;
        page.is(200)
            .says("suggested help with back pain")
            .says("Health and Wellbeing IAPT");
        house.visit.ends().await;
    });
}

#[test]
fn the_slip_is_printed_at_home_and_shows_nothing_but_itself() {
    on_both(|fresh| async move {
        let (house, code) = with_a_slip(fresh, FORM).await;
        let address = format!(
            "{}/s/{}/slip.pdf",
            house.visit.app.config.base_url,
            code.compact()
        );
        let pdf = tokio::task::spawn_blocking(move || {
            let mut answer = ureq::get(&address).call().expect("a PDF");
            let kind = answer
                .headers()
                .get("content-type")
                .map(|kind| kind.as_bytes().to_vec());
            assert_eq!(kind.as_deref(), Some(&b"application/pdf"[..]));
            answer.body_mut().read_to_vec().expect("bytes")
        });
        let found = check(pdf.await.expect("asked")).expect("a PDF");
        let codes: Vec<&str> = found
            .iter()
            .filter_map(|one| one.text.rsplit('/').next())
            .collect();
        assert_eq!(codes, [code.compact()]);

        house
            .sends(Way::Scan, &code.to_string(), ROBIN)
            .await
            .is_taken_in();
        let used = house
            .visit
            .browser
            .get(&format!("/s/{}/slip.pdf", code.compact()))
            .await;
        used.leads_to(&format!("/s/{}", code.compact()));
        let on_paper = a_slip(&house.visit.app, 77, "unused").await;
        let page = house
            .visit
            .browser
            .get(&format!("/s/{}", on_paper.compact()))
            .await;
        page.is(200).never_says("slip.pdf").never_says("suggested:");
        house
            .visit
            .browser
            .get(&format!("/s/{}/slip.pdf", on_paper.compact()))
            .await
            .is(404);
        house.visit.ends().await;
    });
}

#[test]
fn a_suggestion_that_the_locality_does_not_list_is_refused_at_the_field() {
    on_both(|fresh| async move {
        let house = House::with(Visit::to_the_demo(fresh).await).await;
        let wrong = house
            .physio
            .post("/pads/slip", "email=&service=core&hint=grief")
            .await;
        wrong.is(422).says("href=\"#hint\"");
        let none = house
            .physio
            .post("/pads/slip", "email=&service=core&hint=none")
            .await;
        assert_eq!(none.status, 303);
        house.visit.ends().await;
    });
}
