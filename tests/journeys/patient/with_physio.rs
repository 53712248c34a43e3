//! The physio refers with the patient in the room.

use iapt_pad::referrals::{Door, Queue};
use iapt_pad::staff::{self, Added, ClinicCode, DisplayName, NewAccount, Password, Role, Username};
use iapt_pad::triage::{Priority, Source};

use super::Visit;
use crate::support::databases::on_both;

const PASSWORD: &str = "one-two-three-four";
const DRAWN: &str = "drawn=019aaf00-0000-7000-8000-000000000001";
const PATIENT: &str = "name=Robin+Example&birth-day=29&birth-month=2&birth-year=1980&phone=07700+900123\
                       &gp_surgery=&problem=stress_ltc&agreed=yes";

/// Signs somebody with this role in.
pub async fn signed_in(visit: &Visit, role: Role) {
    let (db, now) = (&visit.app.db, visit.app.clock.now());
    let name = |text| DisplayName::parse(text).expect("a name");
    let code = ClinicCode::parse("NORTH").expect("a code");
    let clinic = staff::add_clinic(db, now, code, name("Physioworks North"))
        .await
        .expect("a clinic");
    let account = NewAccount {
        username: Username::parse("sam").expect("a username"),
        display_name: name("Sam Example"),
        role,
        clinic,
    };
    let added = staff::add_account_with(db, now, account, Password::typed(PASSWORD)).await;
    assert!(matches!(added, Ok(Added::Yes { .. })));
    let form = format!("username=sam&password={PASSWORD}");
    assert_eq!(visit.browser.post("/staff/sign-in", &form).await.status, 303);
}

#[test]
fn a_physio_refers_with_the_patient_and_gets_a_reference_and_nothing_more() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        signed_in(&visit, Role::Physio).await;
        let page = visit.browser.get("/refer-now").await;
        page.is(200)
            .says("Not asked")
            .never_says("PHQ")
            .never_says("Little interest");
        let form = format!("{DRAWN}&{PATIENT}&safety=not_asked");
        let done = visit.browser.post("/refer-now", &form).await;
        let referral = visit.the_referral().await;
        done.is(200)
            .says(&referral.reference.to_string())
            .says("sent with the patient, 23 November 2026");
        for word in ["Robin", "Priority", "Step", "SCORES_MISSING", "RISK"] {
            done.never_says(word);
        }
        assert_eq!((referral.door, referral.source), (Door::Physio, Source::Physio));
        assert_eq!(
            referral.case_sheet.facts.crisis_now, None,
            "not asked is not a no"
        );
        assert!(
            referral
                .case_sheet
                .not_asked
                .iter()
                .any(|key| key == "crisis_now")
        );
        visit.ends().await;
    });
}

#[test]
fn the_same_page_twice_is_one_referral_and_the_next_patient_is_another() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        signed_in(&visit, Role::Physio).await;
        let form = format!("{DRAWN}&{PATIENT}&safety=asked");
        visit.browser.post("/refer-now", &form).await.is(200);
        visit.browser.post("/refer-now", &form).await.is(200);
        assert_eq!(visit.referrals().await.len(), 1);
        let next = form.replace("Robin+Example", "Kim+Example");
        visit.browser.post("/refer-now", &next).await.is(200);
        assert_eq!(visit.referrals().await.len(), 2);
        visit.ends().await;
    });
}

#[test]
fn worried_now_says_what_to_do_first_and_that_this_is_no_hand_over() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        signed_in(&visit, Role::Physio).await;
        let wrong = visit
            .browser
            .post("/refer-now", "safety=worried&name=Robin")
            .await;
        wrong
            .is(422)
            .says("Do not leave the patient")
            .says("value=\"Robin\"")
            .says("with no way to reach the patient");
        let kept = wrong.body.split("name=\"kept\" value=\"").nth(1);
        let kept = kept.and_then(|rest| rest.split('"').next()).expect("the field");
        let form = format!("kept={kept}&{DRAWN}&{PATIENT}&safety=worried");
        let done = visit.browser.post("/refer-now", &form).await;
        done.is(200)
            .says("Do not leave the patient")
            .says("not a hand-over")
            .says("tel:999");
        let referral = visit.the_referral().await;
        assert_eq!((referral.priority, referral.queue), (Priority::P1, Queue::Now));
        visit.ends().await;
    });
}

#[test]
fn only_a_physio_refers_with_the_patient() {
    on_both(|fresh| async move {
        let visit = Visit::to(fresh).await;
        visit
            .browser
            .get("/refer-now")
            .await
            .leads_to("/staff/sign-in?next=/refer-now");
        signed_in(&visit, Role::Triage).await;
        visit.browser.get("/refer-now").await.is(403);
        visit.browser.post("/refer-now", PATIENT).await.is(403);
        assert!(visit.referrals().await.is_empty());
        visit.ends().await;
    });
}
