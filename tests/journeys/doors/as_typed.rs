//! At every entry point a worrying answer is kept with what was typed beside it, whatever of it cannot be read; and a
//! calm form is shown again.

use diesel::prelude::*;
use iapt_pad::db::schema::outbox;
use iapt_pad::dispatch;
use iapt_pad::referrals::{Queue, ReferralView, ReviewState};
use iapt_pad::triage::{Priority, Source};
use serde_json::json;

use super::{Caller, House, NO_SLIP, ROBIN, phone_form, physio_form};
use crate::support::api::with;
use crate::support::browser::Page;
use crate::support::databases::on_both;
use crate::support::slips::a_slip;

const IN_DANGER: Caller = Caller {
    danger: true,
    ..ROBIN
};

/// A form with another number.
fn with_phone(form: &str, phone: &str) -> String {
    form.replace("07700+900123", phone)
}

/// The value of the hidden field under which a worrying answer was kept.
fn kept_under(page: &Page) -> String {
    let found = page.body.split("name=\"kept\" value=\"").nth(1);
    let found = found.and_then(|rest| rest.split('"').next());
    found.expect("the field").to_owned()
}

fn is_kept_as_typed(view: &ReferralView, phone: &str) {
    assert_eq!((view.priority, view.queue), (Priority::P1, Queue::Now));
    assert_eq!(view.person.phone.as_deref(), Some(phone));
    assert!(view.case_sheet.decision.has_flag("NEEDS_CHECKING"));
    let told = format!("Phone number: {phone}");
    assert!(
        view.case_sheet.needs_checking.contains(&told),
        "{:?}",
        view.case_sheet.needs_checking
    );
}

#[test]
fn a_caller_in_danger_with_an_odd_number_is_kept_and_the_corrected_page_completes_it() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let calm = with_phone(&phone_form("", ROBIN), "0770+900+12");
        house
            .team
            .post("/inbox/call", &calm)
            .await
            .is(422)
            .says("value=\"0770 900 12\"");
        assert!(house.visit.referrals().await.is_empty());

        let form = phone_form("", IN_DANGER);
        let page = house
            .team
            .post("/inbox/call", &with_phone(&form, "0770+900+12"))
            .await;
        let kept = house.visit.the_referral().await;
        page.is(422)
            .says(&format!("with the team already: {}", kept.reference));
        is_kept_as_typed(&kept, "0770 900 12");
        assert_eq!(kept.state, ReviewState::Incomplete);

        let right = format!("kept={}&{form}", kept_under(&page));
        house.team.post("/inbox/call", &right).await.is(200);
        let done = house.visit.the_referral().await;
        assert_eq!((&done.reference, done.state), (&kept.reference, ReviewState::New));
        assert_eq!(done.person.phone.as_deref(), Some("+447700900123"));
        assert!(!done.case_sheet.decision.has_flag("NEEDS_CHECKING"));
        let record = house
            .team
            .get(&format!("/inbox/{}", done.reference.as_str()))
            .await;
        record
            .says("What was typed about the person before")
            .says("0770 900 12");
        house.visit.ends().await;
    });
}

#[test]
fn a_number_as_people_paste_it_is_taken_from_a_caller_without_a_message() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let form = with_phone(&phone_form("", IN_DANGER), "%E2%80%AA447700900774+(mum)%E2%80%AC");
        house.team.post("/inbox/call", &form).await.is(200);
        let view = house.visit.the_referral().await;
        assert_eq!(view.person.phone.as_deref(), Some("+447700900774 (mum)"));
        let record = house
            .team
            .get(&format!("/inbox/{}", view.reference.as_str()))
            .await;
        record
            .says("href=\"tel:+447700900774\"")
            .says("07700 900774 (mum)");
        house.visit.ends().await;
    });
}

#[test]
fn a_patient_in_danger_with_an_odd_number_is_kept_at_the_physios_page() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let calm = with_phone(&physio_form("", ROBIN), "0770+900+12");
        house
            .physio
            .post("/refer-now", &calm)
            .await
            .is(422)
            .says("href=\"#phone\"");
        assert!(house.visit.referrals().await.is_empty());

        let form = physio_form("", IN_DANGER);
        let wrong = with_phone(&form, "0770+900+12").replace("&agreed=yes", "");
        let page = house.physio.post("/refer-now", &wrong).await;
        let kept = house.visit.the_referral().await;
        page.is(422)
            .says("Do not leave the patient")
            .says(&format!("with the triage team already: {}", kept.reference));
        is_kept_as_typed(&kept, "0770 900 12");
        assert_eq!(kept.source, Source::Physio);
        assert!(
            kept.case_sheet.not_asked.iter().any(|key| key == "agreed"),
            "nobody ticked it"
        );

        let right = format!("kept={}&{form}", kept_under(&page));
        house
            .physio
            .post("/refer-now", &right)
            .await
            .is(200)
            .says(&kept.reference.to_string());
        let done = house.visit.the_referral().await;
        assert_eq!(done.state, ReviewState::New);
        assert!(done.person.sound_phone().is_some() && done.case_sheet.facts.agreed);
        house.visit.ends().await;
    });
}

#[test]
fn a_code_nobody_knows_is_flagged_while_other_fields_are_wrong_and_gone_once_it_is_right() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        for (number, code) in (1..).zip([NO_SLIP, "7K3M-9QXT-2VBS"]) {
            for (at, browser, form) in [
                ("/inbox/call", &house.team, phone_form(code, IN_DANGER)),
                ("/refer-now", &house.physio, physio_form(code, IN_DANGER)),
            ] {
                house.visit.app.clock.advance_minutes(1);
                let page = browser.post(at, &with_phone(&form, "0770")).await;
                page.is(422).says("href=\"#code\"");
                let last = house.visit.referrals().await.pop().expect("a referral");
                let decision = &last.case_sheet.decision;
                assert!(
                    decision.has_flag("SLIP_UNKNOWN") && decision.has_flag("NEEDS_CHECKING"),
                    "{at} {code}"
                );
                let serial = number * 2 + i32::from(at == "/refer-now");
                let slip = a_slip(&house.visit.app, serial, "unused").await;
                let right = form.replace(code, &slip.to_string());
                browser
                    .post(at, &format!("kept={}&{right}", kept_under(&page)))
                    .await
                    .is(200);
                let last = house.visit.referrals().await.pop().expect("a referral");
                assert!(last.slip_id.is_some(), "{at} {code}");
                assert!(!last.case_sheet.decision.has_flag("SLIP_UNKNOWN"), "{at} {code}");
            }
        }
        house.visit.ends().await;
    });
}

#[test]
fn another_system_may_send_any_number_with_a_worrying_answer() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let sends = |phone: &str, crisis: &str| {
            let body = with(&[
                ("/patient/phone", json!(phone)),
                ("/patient/email", json!("robin@example.org")),
                ("/patient/phone_voicemail_ok", json!(true)),
                ("/facts/crisis_now", json!(crisis)),
            ]);
            let api = house.api.clone();
            tokio::task::spawn_blocking(move || api.submit(&body))
        };
        let calm = sends("0770 900 12", "no").await.expect("sent");
        assert_eq!(calm.expect(422).pointers(), ["/patient/phone"]);
        let made = sends("0770 900 12", "yes").await.expect("sent").expect(201);
        assert!(made.flags().contains(&"NEEDS_CHECKING"));
        let view = house.visit.the_referral().await;
        is_kept_as_typed(&view, "0770 900 12");
        assert!(!view.person.voicemail_ok && view.person.may_mail());
        let mails = house.visit.app.db.read(|conn| {
            let normal = outbox::table.filter(outbox::lane.eq("normal")).count();
            Ok(dispatch!(conn, c => normal.get_result::<i64>(c)?))
        });
        assert_eq!(
            mails.await.expect("a count"),
            1,
            "the good address gets its confirmation"
        );
        house.visit.app.clock.advance_minutes(1);
        for pasted in [
            "\u{202d}447700900774\u{202c}",
            "tel:+44-7700-900774",
            "07700\u{2212}900774 (mum)",
        ] {
            sends(pasted, "no").await.expect("sent").expect(201);
        }
        house.visit.ends().await;
    });
}

#[test]
fn what_is_only_as_typed_is_marked_where_it_is_copied_to_the_record_system() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let body = with(&[
            ("/patient/phone", json!("0770 900 12")),
            ("/patient/email", json!("robin@example")),
            ("/patient/address/postcode", json!("S10")),
            ("/patient/nhs_number", json!("12")),
            ("/facts/crisis_now", json!("yes")),
        ]);
        let api = house.api.clone();
        let made = tokio::task::spawn_blocking(move || api.submit(&body))
            .await
            .expect("sent");
        made.expect(201);
        let reference = house.visit.the_referral().await.reference;
        let at = format!("/inbox/{}/hand-over", reference.as_str());
        let page = house.team.get(&at).await;
        page.is(200).says("0770 900 12").says("as typed, needs checking");
        let table = house.team.get(&format!("{at}.csv")).await;
        for cell in ["0770 900 12", "robin@example", "S10", "12"] {
            table.says(&format!("{cell} (as typed, needs checking)"));
        }
        house.visit.ends().await;
    });
}
