//! What every action leaves owed to the patient.

use super::*;
use crate::config::{Locality, ServiceName};
use crate::referrals::contact_promise::Ended;
use crate::referrals::deed::ContactClosing;
use crate::triage::Step;

fn at(text: &str) -> Ts {
    Ts(text.parse().expect("a timestamp"))
}

const NOW: &str = "2026-11-23T09:30:00Z";
const DUE: &str = "2026-11-23T17:00:00Z";

fn actor(is_lead: bool) -> Actor {
    Actor {
        staff: Id::from_bytes([1; 16]),
        is_lead,
        now: at(NOW),
    }
}

fn promised(subject: Subject) -> Promise {
    promise::new(
        Id::from_bytes([7; 16]),
        subject,
        Way::Call,
        (at(DUE), at("2026-11-20T09:00:00Z")),
    )
}

fn plan(promises: Vec<Promise>) -> ContactPlan {
    ContactPlan::new(Id::from_bytes([7; 16]), promises)
}

/// The plan after an action, as the store would write it.
fn done(action: &Deed, before: Vec<Promise>, is_lead: bool) -> ContactPlan {
    let hours = Locality::example().expect("an example").hours;
    let follows = after(action, true, &plan(before.clone()), &hours, actor(is_lead));
    let mut all = before;
    all.retain(|old| follows.promises.iter().all(|new| new.id != old.id));
    all.extend(follows.promises);
    plan(all)
}

fn owed(plan: &ContactPlan) -> Vec<&'static str> {
    let mut subjects: Vec<&str> = plan.open().map(|promise| promise.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects
}

fn declining(way: Way) -> Deed {
    Deed::Decline(Declining {
        way,
        ..Declining::by_call("elsewhere", "Ring the other service")
    })
}

fn asking(way: Way) -> Deed {
    Deed::Ask(Asking {
        question: "When may we ring you?".to_owned(),
        way,
        answer_by: at("2026-11-30T17:00:00Z"),
    })
}

fn close() -> Deed {
    Deed::Close {
        reason: "moved away".to_owned(),
        told: Some("GP surgery".to_owned()),
    }
}

fn unreached() -> Deed {
    Deed::CouldNotReach {
        tried: "two letters".to_owned(),
        told: Some("GP surgery".to_owned()),
    }
}

fn close_contact() -> Deed {
    Deed::CloseContact {
        why: ContactClosing::WelfareCheck,
        details: "Police asked, log 12".to_owned(),
    }
}

fn accept() -> Deed {
    Deed::Accept {
        step: Step::Two,
        reason: None,
        with: None,
    }
}

#[test]
fn the_promise_of_first_contact_outlives_every_action_but_a_leads_closing() {
    let send_on = Deed::SendOn {
        to: ServiceName::Hwb,
        reason: "better there".to_owned(),
    };
    let reopen = Deed::Reopen {
        reason: "rang back".to_owned(),
    };
    for (action, by_anybody, by_a_lead) in [
        (Deed::Acknowledge, "first_contact", "first_contact"),
        (Deed::Claim, "first_contact", "first_contact"),
        (Deed::Release, "first_contact", "first_contact"),
        (accept(), "first_contact", "first_contact"),
        (send_on, "first_contact", "first_contact"),
        (asking(Way::Page), "chase first_contact", "chase first_contact"),
        (
            asking(Way::Call),
            "first_contact question",
            "first_contact question",
        ),
        (
            declining(Way::Call),
            "declined first_contact",
            "declined first_contact",
        ),
        (unreached(), "first_contact", ""),
        (close(), "first_contact", ""),
        (reopen, "first_contact", "first_contact"),
        (Deed::Note("x".to_owned()), "first_contact", "first_contact"),
        (close_contact(), "", ""),
    ] {
        for (is_lead, expected) in [(false, by_anybody), (true, by_a_lead)] {
            // That anybody but a lead closes a promise is refused before it comes to this.
            let after = done(&action, vec![promised(Subject::FirstContact)], is_lead);
            assert_eq!(owed(&after).join(" "), expected, "{action:?} lead: {is_lead}");
            if let Some(first) = after.about(Subject::FirstContact) {
                assert_eq!(first.due_at, at(DUE), "its old time: {action:?}");
            }
        }
    }
}

#[test]
fn reopening_brings_back_what_a_lead_closed_with_its_old_time() {
    let closed = Promise {
        ended: Some(Ended {
            at: at(NOW),
            by: None,
            ending: Ending::Closed,
            attempt: None,
        }),
        ..promised(Subject::FirstContact)
    };
    let reopen = Deed::Reopen {
        reason: "rang back".to_owned(),
    };
    let after = done(&reopen, vec![closed.clone()], false);
    assert_eq!(
        (owed(&after), after.due_at()),
        (vec!["first_contact"], Some(at(DUE)))
    );
    assert!(after.is_overdue(at("2026-11-24T09:00:00Z")));
    let kept = Promise {
        ended: closed.ended.map(|ended| Ended {
            ending: Ending::Contact,
            ..ended
        }),
        ..closed
    };
    assert!(
        owed(&done(&reopen, vec![kept], false)).is_empty(),
        "they were spoken to"
    );
}

#[test]
fn a_decision_answers_the_questions_of_the_team() {
    for action in [accept(), declining(Way::Letter), close()] {
        let before = vec![promised(Subject::Question), promised(Subject::Chase)];
        let after = done(&action, before, false);
        let asked = |promise: &Promise| matches!(promise.subject, Subject::Question | Subject::Chase);
        assert!(!after.open().any(asked), "{action:?}");
    }
}

#[test]
fn a_decline_is_told_as_it_was_chosen_and_only_the_page_sends_a_message() {
    let hours = Locality::example().expect("an example").hours;
    let told = |way| {
        let follows = after(&declining(way), true, &plan(Vec::new()), &hours, actor(false));
        let first = follows.promises[0].clone();
        (first.subject, first.due_at, follows.asks_to_look)
    };
    let (call, letter) = (at("2026-11-24T17:00:00Z"), at("2026-11-25T17:00:00Z"));
    assert_eq!(told(Way::Call), (Subject::Declined, call, false));
    assert_eq!(told(Way::Letter), (Subject::Declined, letter, false));
    assert_eq!(told(Way::Page), (Subject::Declined, call, true));
}

#[test]
fn who_is_asked_on_their_page_is_chased_and_rung_if_the_message_does_not_arrive() {
    let hours = Locality::example().expect("an example").hours;
    let follows = after(&asking(Way::Page), true, &plan(Vec::new()), &hours, actor(false));
    let chase = &follows.promises[0];
    assert_eq!(
        (chase.subject, chase.due_at, follows.asks_to_look),
        (Subject::Chase, at("2026-11-30T17:00:00Z"), true)
    );
    let rung = not_arrived(chase, &hours, at(NOW));
    assert_eq!((rung.subject, rung.way), (Subject::Question, Way::Call));
}
