//! What a slip's state means is the same at every door, and nobody is turned away because of a slip.

use iapt_pad::referrals::{EventKind, ReferralView};
use iapt_pad::triage::Priority;
use serde_json::Value;

use super::{Caller, House, NO_SLIP, ROBIN, Sent, Way};
use crate::support::app::at;
use crate::support::databases::on_both;
use crate::support::referrals::submission;
use crate::support::slips::{a_slip, a_slip_until};

const KIM: Caller = Caller {
    name: "Kim Example",
    ..ROBIN
};

fn about<'a>(referrals: &'a [ReferralView], who: &Caller) -> Vec<&'a ReferralView> {
    let found = referrals.iter().filter(|view| view.person.name == who.name);
    found.collect()
}

fn slip_flags(view: &ReferralView) -> Vec<&str> {
    let flags = view.case_sheet.decision.flags.iter().map(String::as_str);
    flags.filter(|flag| flag.starts_with("SLIP_")).collect()
}

#[test]
fn an_unused_slip_makes_one_referral_at_every_door() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        for (number, way) in (1..).zip(Way::ALL) {
            let slip = a_slip(&house.visit.app, number, "unused").await;
            house.sends(way, &slip.to_string(), ROBIN).await.is_taken_in();
            let all = house.visit.referrals().await;
            assert_eq!(all.len(), number as usize, "{way:?}");
            let last = all.last().expect("a referral");
            assert!(last.slip_id.is_some() && last.clinic_id.is_some(), "{way:?}");
            assert_eq!(slip_flags(last), [""; 0], "{way:?}");
            house.visit.app.clock.advance_minutes(1);
        }
        house.visit.ends().await;
    });
}

#[test]
fn a_slip_the_same_person_used_adds_to_the_first_at_every_door_and_worry_only_grows() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        for (number, way) in (1..).zip(Way::ALL) {
            let slip = a_slip(&house.visit.app, number, "unused").await;
            let first = submission().with_slip(&slip).send(&house.visit.app).await;
            let first = first.receipt().expect("a receipt").reference.clone();
            let danger = Caller {
                danger: true,
                problem: "panic",
                ..ROBIN
            };
            house.sends(way, &slip.to_string(), danger).await.is_taken_in();
            house.visit.app.clock.advance_minutes(1);
            house.sends(way, &slip.to_string(), ROBIN).await.is_taken_in();
            let all = house.visit.referrals().await;
            assert_eq!(all.len(), number as usize, "{way:?}");
            let view = all
                .iter()
                .find(|view| view.reference == first)
                .expect("the first");
            assert_eq!(view.priority, Priority::P1, "{way:?}: priority only goes up");
            let added = view
                .timeline
                .iter()
                .filter(|event| event.kind == EventKind::AnswersAdded);
            assert!(added.count() >= 2, "{way:?}");
            assert!(view.chain_is_whole && slip_flags(view).is_empty());
            house.visit.app.clock.advance_minutes(1);
        }
        house.visit.ends().await;
    });
}

#[test]
fn a_slip_that_cannot_be_used_makes_a_flagged_referral_without_it_at_every_door() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let app = &house.visit.app;
        let mut number = 0;
        for way in Way::ALL {
            for (state, flag) in [
                ("used", "SLIP_USED"),
                ("void", "SLIP_VOID"),
                ("expired", "SLIP_EXPIRED"),
            ] {
                number += 1;
                let slip = match state {
                    "used" => {
                        let slip = a_slip(app, number, "unused").await;
                        submission().named(KIM.name).with_slip(&slip).send(app).await;
                        slip
                    }
                    "void" => a_slip(app, number, "void").await,
                    _ => a_slip_until(app, number, "unused", at("2026-11-01T00:00:00Z")).await,
                };
                house.visit.app.clock.advance_minutes(1);
                house.sends(way, &slip.to_string(), ROBIN).await.is_taken_in();
                let all = house.visit.referrals().await;
                let mine = about(&all, &ROBIN);
                assert_eq!(mine.len(), number as usize, "{way:?} {state}");
                let last = mine.last().expect("a referral");
                assert_eq!(slip_flags(last), [flag], "{way:?} {state}");
                assert!(
                    last.slip_id.is_none() && last.clinic_id.is_some(),
                    "{way:?} {state}"
                );
            }
        }
        let kims = house.visit.referrals().await;
        assert!(
            about(&kims, &KIM)
                .iter()
                .all(|view| view.slip_id.is_some() && view.timeline.len() == 1)
        );
        house.visit.ends().await;
    });
}

#[test]
fn a_code_that_is_no_slips_is_a_message_at_the_field_and_nothing_typed_is_lost() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        for (code, told) in [
            (NO_SLIP, "no slip with the code 7K3M-9QXT-2VBR"),
            ("7K3M-9QXU-2VBR", "Character 8"),
            ("7K3M-9QXT-2VBS", "Compare each group"),
        ] {
            for way in [Way::Phone, Way::Physio] {
                let Sent::Page(page) = house.sends(way, code, ROBIN).await else {
                    panic!("a page")
                };
                page.is(422)
                    .says(told)
                    .says("href=\"#code\"")
                    .says("<title>Error: ");
                page.says(&format!("value=\"{code}\""))
                    .says("value=\"Robin Example\"");
                page.says("value=\"07700 900123\"");
                page.says(match way {
                    Way::Phone => "value=\"worry\" selected",
                    _ => "value=\"worry\" checked",
                });
            }
            let Sent::Answer(refused) = house.sends(Way::Api, code, ROBIN).await else {
                panic!("an answer")
            };
            assert_eq!(refused.expect(422).pointers(), ["/slip"]);
        }
        let compact = NO_SLIP.replace('-', "");
        let scanned = house.visit.browser.get(&format!("/S/{compact}")).await;
        scanned
            .is(404)
            .says("do not know this code")
            .says("Start without a slip");
        assert!(house.visit.referrals().await.is_empty());
        house.visit.ends().await;
    });
}

#[test]
fn a_worrying_answer_with_a_code_that_is_no_slips_is_taken_in_by_staff_too() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let danger = Caller {
            danger: true,
            ..ROBIN
        };
        for (count, (way, code, flags)) in (1..).zip([
            (Way::Phone, NO_SLIP, &["NEEDS_CHECKING", "SLIP_UNKNOWN"]),
            (Way::Physio, NO_SLIP, &["NEEDS_CHECKING", "SLIP_UNKNOWN"]),
            (Way::Phone, "7K3M-9QXT-2VBS", &["NEEDS_CHECKING", "SLIP_UNKNOWN"]),
            (Way::Physio, "7K3M-9QXT-2VBS", &["NEEDS_CHECKING", "SLIP_UNKNOWN"]),
        ]) {
            house.visit.app.clock.advance_minutes(1);
            house.sends(way, code, danger).await.is_taken_in();
            let all = house.visit.referrals().await;
            assert_eq!(all.len(), count, "{way:?} {code}");
            let last = all.last().expect("a referral");
            assert_eq!(last.priority, Priority::P1);
            let sheet = &last.case_sheet;
            assert!(
                flags.iter().all(|flag| sheet.decision.has_flag(flag)),
                "{way:?} {code}"
            );
            let kept = serde_json::to_value(&sheet.needs_checking).unwrap_or(Value::Null);
            assert_eq!(kept, serde_json::json!([format!("Slip code: {code}")]));
        }
        house.visit.ends().await;
    });
}

#[test]
fn who_stopped_half_way_and_then_rings_has_one_referral_that_awaits_triage() {
    use iapt_pad::referrals::ReviewState;
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        let slip = a_slip(&house.visit.app, 1, "unused").await;
        house.visit.starts(Some(&slip)).await;
        house.visit.sends(1, "crisis_now=yes").await.is(200);
        for (page, form) in super::ANSWERS
            .into_iter()
            .filter(|(page, _)| (2..4).contains(page))
        {
            house.visit.sends(page, form).await;
        }
        assert_eq!(house.visit.the_referral().await.state, ReviewState::Incomplete);
        house
            .sends(Way::Phone, &slip.to_string(), ROBIN)
            .await
            .is_taken_in();
        let view = house.visit.the_referral().await;
        assert_eq!((view.state, view.priority), (ReviewState::New, Priority::P1));
        house.visit.ends().await;
    });
}
