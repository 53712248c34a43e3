//! Somebody at risk types a number, an address or a date that cannot be read: it is kept as typed, a colleague tries it,
//! and what comes later stands beside it.

use iapt_pad::referrals::{EventKind, Queue, ReferralView, ReviewState};
use iapt_pad::staff::Role;
use iapt_pad::triage::Priority;

use super::with_physio::signed_in;
use super::{ANSWERS, CHECK, Visit};
use crate::support::browser::Page;
use crate::support::databases::on_both;

/// Numbers as people paste them from their contacts, and what a phone then dials.
const DIALLED: [(&str, &str); 6] = [
    ("447700900774", "+447700900774"),
    ("%E2%80%AD07700+900774%E2%80%AC", "+447700900774"),
    ("07700+900774+(mum)", "+447700900774"),
    ("tel:07700900774", "+447700900774"),
    ("07700%E2%88%92900%E2%88%92774", "+447700900774"),
    ("%2B44+(0)114+496+0123", "+441144960123"),
];

/// Page 3 as it is answered, with another number.
fn with_phone(phone: &str) -> String {
    ANSWERS[2].1.replace("07700+900123", phone)
}

async fn follows_up(visit: &Visit, form: &str) -> Page {
    visit.browser.post("/refer/follow-up", form).await
}

fn needs_checking(view: &ReferralView) -> bool {
    view.case_sheet.decision.has_flag("NEEDS_CHECKING")
}

#[test]
fn a_number_as_people_paste_it_is_kept_and_dialled_and_stopping_loses_nobody() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        for (count, (typed, dialled)) in (1..).zip(DIALLED) {
            visit.starts(None).await;
            visit.sends(1, "crisis_now=yes").await.is(200);
            let form = format!("keep_safe=no&ring_name=Robin&ring_phone={typed}&then=stop");
            let page = follows_up(&visit, &form).await;
            page.is(200)
                .says("Please get help now")
                .says("We have kept what you told us")
                .never_says("hidden characters");
            let all = visit.referrals().await;
            assert_eq!(all.len(), count, "{typed}");
            let kept = all.last().expect("a referral");
            assert_eq!((kept.priority, kept.queue), (Priority::P1, Queue::Now), "{typed}");
            let phone = kept.person.sound_phone().expect(typed);
            assert_eq!(phone.number(), dialled, "{typed}");
            assert!(!needs_checking(kept), "{typed}");
            visit.app.clock.advance_minutes(1);
        }
        let with_note = visit.referrals().await.remove(2);
        assert_eq!(with_note.person.phone.as_deref(), Some("+447700900774 (mum)"));
        visit.ends().await;
    });
}

#[test]
fn a_number_nobody_can_dial_is_kept_as_typed_and_marked_for_the_team() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.sends(1, "crisis_now=yes").await;
        let form = "keep_safe=yes&ring_name=Robin&ring_phone=0770+900+12+or+mum&then=stop";
        let page = follows_up(&visit, form).await;
        page.is(200)
            .says("You have stopped")
            .says("Our team has what you told us")
            .says("kept it as you typed it");
        let kept = visit.the_referral().await;
        assert_eq!(
            (kept.priority, kept.state),
            (Priority::P1, ReviewState::Incomplete)
        );
        assert_eq!(kept.person.phone.as_deref(), Some("0770 900 12 or mum"));
        assert!(needs_checking(&kept));
        assert_eq!(
            kept.case_sheet.needs_checking,
            ["Phone number: 0770 900 12 or mum"]
        );
        assert_eq!(visit.urgent_messages().await, 1);

        signed_in(&visit, Role::Triage).await;
        let record = visit
            .browser
            .get(&format!("/inbox/{}", kept.reference.as_str()))
            .await;
        record
            .is(200)
            .says("0770 900 12 or mum")
            .says("As typed, needs checking. Do NOT leave a voicemail")
            .says("Details to check")
            .says("Kept as typed, to be checked: Phone number: 0770 900 12 or mum")
            .never_says("href=\"tel:0770");
        visit.ends().await;
    });
}

#[test]
fn who_sends_the_same_number_a_second_time_goes_on() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.sends(1, "crisis_now=yes").await;
        let form = "keep_safe=yes&ring_name=Robin&ring_phone=ask+at+the+Red+Lion&then=go";
        let asked = follows_up(&visit, form).await;
        asked
            .is(422)
            .says("href=\"#ring_phone\"")
            .says("value=\"ask at the Red Lion\"")
            .says("We have kept what you told us");
        follows_up(&visit, form).await.leads_to("/refer/2");
        visit.sends(2, ANSWERS[1].1).await.leads_to("/refer/3");
        let odd = with_phone("ask+at+the+Red+Lion").replace("&email=robin@example.org", "");
        let asked = visit.sends(3, &odd).await;
        asked
            .is(422)
            .says("href=\"#phone\"")
            .says("We have kept what you told us, as you typed it")
            .says("tel:999");
        for _ in 0..2 {
            let other = visit.sends(3, &format!("{odd}&interpreter=other")).await;
            other
                .is(422)
                .says("href=\"#other_language\"")
                .never_says("send it again");
        }
        visit.sends(3, &odd).await.leads_to("/refer/4");
        for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page > 3) {
            visit.sends(page, form).await;
        }
        let sent = visit.the_referral().await;
        assert_eq!(sent.state, ReviewState::New);
        assert_eq!(sent.person.phone.as_deref(), Some("ask at the Red Lion"));
        assert!(needs_checking(&sent), "it still has to be checked");
        visit.ends().await;
    });
}

#[test]
fn a_good_address_beside_a_bad_number_is_kept_and_a_later_good_form_hides_nothing() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.sends(1, "crisis_now=yes").await;
        follows_up(&visit, "keep_safe=yes&then=go").await;
        visit.sends(2, ANSWERS[1].1).await;
        let bad = with_phone("0770+900+12").replace("s1+2he", "s1");
        let page = visit.sends(3, &bad).await;
        page.is(422)
            .says("href=\"#phone\"")
            .says("href=\"#postcode\"")
            .says("value=\"robin@example.org\"")
            .says("value=\"0770 900 12\"");
        let kept = visit.the_referral().await;
        assert_eq!(kept.person.email.as_deref(), Some("robin@example.org"));
        assert_eq!(kept.person.phone.as_deref(), Some("0770 900 12"));
        assert_eq!(kept.person.postcode.as_deref(), Some("s1"));
        assert_eq!(kept.person.address, ["1 Made-up Street", "Sheffield"]);
        assert!(kept.person.may_mail() && !kept.person.voicemail_ok && needs_checking(&kept));
        let decision = &kept.case_sheet.decision;
        assert!(!decision.has_flag("NO_VOICEMAIL"), "they refused nothing");

        visit.sends(3, ANSWERS[2].1).await.leads_to("/refer/4");
        for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page > 3) {
            visit.sends(page, form).await;
        }
        let sent = visit.the_referral().await;
        assert_eq!((&sent.reference, sent.state), (&kept.reference, ReviewState::New));
        assert_eq!(sent.person.phone.as_deref(), Some("+447700900123"));
        assert!(sent.person.voicemail_ok && !needs_checking(&sent) && sent.chain_is_whole);
        let before = sent
            .timeline
            .iter()
            .filter_map(|event| event.payload.person_before.as_deref());
        let phones: Vec<_> = before.filter_map(|person| person.phone.as_deref()).collect();
        assert_eq!(phones, ["0770 900 12"]);

        signed_in(&visit, Role::Triage).await;
        let record = visit
            .browser
            .get(&format!("/inbox/{}", sent.reference.as_str()))
            .await;
        record
            .is(200)
            .says("href=\"tel:+447700900123\"")
            .says("What was typed about the person before")
            .says("0770 900 12");
        visit.ends().await;
    });
}

#[test]
fn more_details_to_check_are_no_new_alarm() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.sends(1, "crisis_now=yes").await;
        follows_up(&visit, "keep_safe=no&ring_name=Robin&ring_phone=0770&then=go").await;
        let kept = visit.the_referral().await;
        signed_in(&visit, Role::Triage).await;
        let at = format!("/inbox/{}/acknowledge", kept.reference.as_str());
        visit.browser.post(&at, &format!("seen={}", kept.seen())).await;
        assert!(visit.the_referral().await.acknowledged.is_some());
        let bad = ANSWERS[1].1.replace("birth-day=29", "birth-day=31");
        visit.sends(2, &bad).await.is(422);
        visit.sends(2, ANSWERS[1].1).await.leads_to("/refer/3");
        visit.sends(3, &with_phone("0770+900+12")).await.is(422);
        let later = visit.the_referral().await;
        assert!(later.timeline.len() > kept.timeline.len() && needs_checking(&later));
        assert!(later.acknowledged.is_some(), "somebody has it in hand");
        assert_eq!(later.state, ReviewState::Incomplete);
        visit.ends().await;
    });
}

#[test]
fn a_date_of_birth_that_is_none_is_kept_as_typed_with_the_name() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.sends(1, "crisis_now=yes").await;
        follows_up(&visit, "then=go").await;
        let bad = ANSWERS[1].1.replace("birth-day=29", "birth-day=31");
        visit
            .sends(2, &format!("{bad}&nhs_number=999+002+3116"))
            .await
            .is(422);
        let kept = visit.the_referral().await;
        assert_eq!(kept.person.name, "Robin Example");
        assert_eq!(
            kept.case_sheet.needs_checking,
            ["NHS number: 999 002 3116", "Date of birth: 31 2 1980"]
        );
        assert!(kept.person.sound_nhs_number().is_none());
        visit.ends().await;
    });
}

#[test]
fn a_calm_form_is_shown_again_with_a_message_and_nothing_lost() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(3).await;
        let page = visit.sends(3, &with_phone("0770+900+12")).await;
        page.is(422)
            .says("href=\"#phone\"")
            .says("value=\"robin@example.org\"")
            .says("value=\"1 Made-up Street\"")
            .never_says("We have kept");
        assert!(visit.referrals().await.is_empty());
        visit
            .sends(3, &with_phone("%E2%80%AA447700900774%E2%80%AC"))
            .await
            .leads_to("/refer/4");
        visit.ends().await;
    });
}

#[test]
fn on_a_handed_tablet_a_bad_number_is_kept_as_typed_too() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        signed_in(&visit, Role::Physio).await;
        visit.browser.post("/refer-now/hand-over", "code=").await;
        visit.sends(1, "crisis_now=yes").await.is(200);
        let form = "keep_safe=no&ring_name=Robin&ring_phone=0770+900+12&then=stop";
        follows_up(&visit, form).await.is(200).says("Please get help now");
        let kept = visit.the_referral().await;
        assert_eq!(kept.person.phone.as_deref(), Some("0770 900 12"));
        assert!(needs_checking(&kept));
        visit.ends().await;
    });
}

#[test]
fn who_would_rather_not_say_sees_whom_to_ring_and_that_it_is_kept() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        let page = visit.sends(1, "crisis_now=prefer_not").await;
        page.is(200)
            .says("That is all right")
            .says("tel:999")
            .says("116 123")
            .says("keep this answer for our team")
            .never_says("Can you keep yourself safe");
        assert!(visit.referrals().await.is_empty());
        follows_up(&visit, "then=go").await.leads_to("/refer/2");
        visit.sends(2, ANSWERS[1].1).await;
        visit.sends(3, ANSWERS[2].1).await.leads_to("/refer/4");
        let kept = visit.the_referral().await;
        assert_eq!(kept.timeline[0].kind, EventKind::RiskAnswerKept);
        let again = visit.sends(1, "crisis_now=prefer_not").await;
        again.is(200).says("We have kept what you told us");
        let deleted = visit.browser.post("/refer/forget", "").await;
        deleted
            .is(200)
            .says("Your answers are deleted from this device")
            .says("Our team has what you told us");
        visit.browser.get("/refer/4").await.says("Please start again");
        assert_eq!(visit.referrals().await.len(), 1);
        visit.ends().await;
    });
}

#[test]
fn deleting_what_nobody_else_has_leads_home() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit.starts(None).await;
        visit.answers_until(CHECK).await;
        visit.browser.post("/refer/forget", "").await.leads_to("/");
        assert!(visit.referrals().await.is_empty());
        visit.ends().await;
    });
}
