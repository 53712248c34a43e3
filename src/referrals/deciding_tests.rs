//! Every deed in every state: what is done, what is refused, and why.

use super::*;
use crate::config::ServiceName;
use crate::referrals::contact_promise::Promise;
use crate::referrals::deed::{Asking, ContactClosing};
use crate::referrals::promise;
use crate::referrals::submission::Door;
use crate::triage::{SelfBooking, Source, Step};
use crate::values::Sealed;

fn now() -> Ts {
    Ts("2026-11-23T09:30:00Z".parse().expect("a timestamp"))
}

fn row(state: ReviewState, priority: i32, flags: &str, acknowledged: bool) -> Row {
    let nothing = Sealed::from_bytes(Vec::new());
    Row {
        id: Id::from_bytes([7; 16]),
        reference: "4K7M2PQ0".to_owned(),
        draft_id: Id::from_bytes([8; 16]),
        slip_id: None,
        clinic_id: None,
        source: Source::Patient,
        door: Door::Patient,
        state,
        queue: Queue::New,
        service: ServiceName::Core,
        step: Step::Two,
        priority,
        booking: SelfBooking::None,
        flags: flags.to_owned(),
        rules_version: "t".to_owned(),
        person: nothing.clone(),
        list_name: nothing.clone(),
        case_sheet: nothing,
        share_status: false,
        manage_hash: Vec::new(),
        received_at: now(),
        contact_by: now(),
        acknowledged_by: acknowledged.then_some(Id::from_bytes([2; 16])),
        acknowledged_at: acknowledged.then(now),
        claimed_by: None,
        claimed_at: None,
        started_at: None,
        head_seq: 1,
        head_mac: Vec::new(),
        pathways: Some(String::new()),
        died_at: None,
        link_generation: 0,
    }
}

/// A first contact that was promised and not made.
fn owed(referral: Id, tries: i32) -> ContactPlan {
    let promise = Promise {
        tries,
        ..promise::new(referral, Subject::FirstContact, Way::Call, (now(), now()))
    };
    ContactPlan::new(referral, vec![promise])
}

/// Who acts, as far as it matters here: a lead or not, and how often somebody rang in vain.
fn outcome(mut row: Row, deed: &Deed, lead: bool, tries: i32) -> Outcome {
    let plan = owed(row.id, tries);
    let with = Circumstances {
        staff: Id::from_bytes([1; 16]),
        now: now(),
        suggested: Step::Two,
        may_end_at_risk: lead,
        plan: &plan,
        attempts: 3,
        has_number: true,
        may_mail: true,
        may_post: false,
    };
    let before = row.state;
    let refused = apply(&mut row, deed, &with);
    if refused.is_some() {
        assert_eq!(row.state, before, "{deed:?} was refused and changed the state");
    }
    refused.unwrap_or(Outcome::Done)
}

fn ask() -> Deed {
    Deed::Ask(Asking {
        question: "When may we ring you?".to_owned(),
        way: Way::Page,
        answer_by: now(),
    })
}

fn decline(told: Option<&str>) -> Deed {
    Deed::Decline(Declining {
        told: told.map(str::to_owned),
        ..Declining::by_call("elsewhere", "Ring the other service")
    })
}

fn unreached(told: Option<&str>) -> Deed {
    Deed::CouldNotReach {
        tried: String::new(),
        told: told.map(str::to_owned),
    }
}

fn close(told: Option<&str>) -> Deed {
    Deed::Close {
        reason: "moved away".to_owned(),
        told: told.map(str::to_owned),
    }
}

fn close_contact() -> Deed {
    Deed::CloseContact {
        why: ContactClosing::CouldNotReach,
        details: "GP surgery told".to_owned(),
    }
}

fn accept() -> Deed {
    Deed::Accept {
        step: Step::Two,
        reason: None,
        with: None,
    }
}

fn send_on() -> Deed {
    Deed::SendOn {
        to: ServiceName::Hwb,
        reason: "better there".to_owned(),
    }
}

fn reopen() -> Deed {
    Deed::Reopen {
        reason: "rang back".to_owned(),
    }
}

/// One letter for each outcome, so that the table can be read.
fn letter(outcome: Outcome) -> char {
    match outcome {
        Outcome::Done => 'D',
        Outcome::AlreadySo => 'a',
        Outcome::NotFrom(_) => '-',
        Outcome::AcknowledgeFirst => 'F',
        Outcome::LeadOnly => 'L',
        Outcome::SayWhoWasTold => 'W',
        Outcome::SayWhy => 'y',
        Outcome::ChooseService => 's',
        Outcome::TryAgain(_) => 'T',
        Outcome::NotThisWay => 'x',
        Outcome::Missing | Outcome::ChangedMeanwhile => '?',
    }
}

fn in_all_states(priority: i32, flags: &str, acknowledged: bool, deed: &Deed, lead: bool) -> String {
    let letters = ReviewState::ALL.map(|state| {
        let row = row(state, priority, flags, acknowledged);
        letter(outcome(row, deed, lead, 3))
    });
    letters.iter().collect()
}

/// The columns, in the order of `ReviewState::ALL`: incomplete, new, waiting, accepted, handed over, started, closed,
/// declined, withdrawn. D: done. a: was so already. -: the state does not allow it.
#[test]
fn every_deed_in_every_state_of_a_calm_referral() {
    for (deed, expected) in [
        (Deed::Acknowledge, "aaaaaaaaa"),
        (Deed::Claim, "DDDD-D---"),
        (Deed::Release, "aaaaaaaaa"),
        (accept(), "DDDa-----"),
        (send_on(), "DD-------"),
        (ask(), "DDDD-----"),
        (decline(None), "DDDD---a-"),
        (unreached(None), "DDDD-----"),
        (close(None), "DDDD-Da--"),
        (reopen(), "DaDDD-DDD"),
        (Deed::Note("x".to_owned()), "DDDDDDDDD"),
    ] {
        assert_eq!(in_all_states(4, "", false, &deed, false), expected, "{deed:?}");
    }
}

/// F: acknowledged by name first. Nothing ends a P1 nobody has acknowledged, in no state and by no role.
#[test]
fn every_deed_in_every_state_of_a_p1_nobody_has_acknowledged() {
    for (deed, expected) in [
        (Deed::Acknowledge, "DDDDDDDDD"),
        (Deed::Claim, "DDDDDDDDD"),
        (accept(), "FFFFFFFFF"),
        (send_on(), "FFFFFFFFF"),
        (close_contact(), "FFFFFFFFF"),
        (ask(), "FFFFFFFFF"),
        (decline(Some("Dr Example")), "FFFF---a-"),
        (unreached(Some("Dr Example")), "FFFF-----"),
        (close(Some("Dr Example")), "FFFF-Fa--"),
        (reopen(), "DaDDD-DDD"),
        (Deed::Note("x".to_owned()), "DDDDDDDDD"),
    ] {
        for lead in [false, true] {
            assert_eq!(
                in_all_states(1, "RISK_CRISIS", false, &deed, lead),
                expected,
                "{deed:?}"
            );
        }
    }
}

/// L: only a lead. W: who was told is missing.
#[test]
fn where_a_safety_flag_was_raised_it_ends_only_with_a_named_outcome() {
    for (priority, flags) in [
        (1, "RISK_CRISIS"),
        (2, "RISK_ITEM9"),
        (4, "RISK_NOT_ASKED"),
        (2, ""),
    ] {
        let told = |deed: &Deed, lead| in_all_states(priority, flags, true, deed, lead);
        assert_eq!(told(&decline(None), false), "WWWW---a-", "{flags}");
        assert_eq!(told(&decline(Some("Dr Example")), false), "DDDD---a-");
        assert_eq!(told(&unreached(Some("Dr Example")), false), "LLLL-----");
        assert_eq!(told(&unreached(None), true), "WWWW-----");
        assert_eq!(told(&unreached(Some(" ")), true), "WWWW-----");
        assert_eq!(told(&unreached(Some("Dr Example")), true), "DDDD-----");
        assert_eq!(told(&close(Some("Dr Example")), false), "LLLL-La--");
        assert_eq!(told(&close(Some("Dr Example")), true), "DDDD-Da--");
        assert_eq!(told(&ask(), false), "DDDD-----");
        assert_eq!(told(&close_contact(), false), "LLLLLLLLL");
        assert_eq!(told(&close_contact(), true), "DDDDDDDDD");
    }
}

#[test]
fn it_is_not_closed_as_could_not_reach_before_it_was_tried_often_enough() {
    for (tries, expected) in [
        (0, Outcome::TryAgain(3)),
        (2, Outcome::TryAgain(1)),
        (3, Outcome::Done),
        (7, Outcome::Done),
    ] {
        let calm = row(ReviewState::New, 4, "", false);
        assert_eq!(outcome(calm, &unreached(None), false, tries), expected);
    }
    // A lead does not skip the calls either.
    let at_risk = row(ReviewState::New, 2, "RISK_ITEM9", true);
    let deed = unreached(Some("Dr Example"));
    assert_eq!(outcome(at_risk, &deed, true, 2), Outcome::TryAgain(1));
}

#[test]
fn nobody_is_told_in_a_way_they_did_not_allow() {
    let by_letter = Deed::Decline(Declining {
        way: Way::Letter,
        ..Declining::by_call("elsewhere", "Ring the other service")
    });
    let calm = row(ReviewState::New, 4, "", false);
    assert_eq!(outcome(calm, &by_letter, false, 0), Outcome::NotThisWay);
}

#[test]
fn whoever_ends_or_asks_has_acknowledged_by_name() {
    for deed in [accept(), ask(), decline(Some("Dr Example"))] {
        let mut at_risk = row(ReviewState::New, 2, "RISK_ITEM9", false);
        let plan = owed(at_risk.id, 0);
        let with = Circumstances {
            staff: Id::from_bytes([1; 16]),
            now: now(),
            suggested: Step::Two,
            may_end_at_risk: false,
            plan: &plan,
            attempts: 3,
            has_number: true,
            may_mail: true,
            may_post: true,
        };
        assert_eq!(apply(&mut at_risk, &deed, &with), None);
        assert_eq!(at_risk.acknowledged_by, Some(Id::from_bytes([1; 16])), "{deed:?}");
    }
}

#[test]
fn a_step_that_differs_from_the_suggestion_needs_a_reason() {
    let accepted = |state, step, reason: Option<&str>| {
        let deed = Deed::Accept {
            step,
            reason: reason.map(str::to_owned),
            with: None,
        };
        outcome(row(state, 3, "", false), &deed, false, 0)
    };
    for step in [Step::Three, Step::Assess] {
        for nothing in [None, Some(""), Some(" \n")] {
            assert_eq!(accepted(ReviewState::New, step, nothing), Outcome::SayWhy);
        }
        assert_eq!(
            accepted(ReviewState::New, step, Some("asked for it")),
            Outcome::Done
        );
        assert_eq!(
            accepted(ReviewState::Accepted, step, None),
            Outcome::AlreadySo,
            "what cannot be done anyway needs no reason"
        );
    }
    assert_eq!(accepted(ReviewState::New, Step::Two, None), Outcome::Done);
}

#[test]
fn nobody_is_accepted_to_a_step_before_a_service_is_chosen() {
    let accepted = |step| {
        let mut in_review = row(ReviewState::New, 3, "", false);
        in_review.service = ServiceName::Review;
        let deed = Deed::Accept {
            step,
            reason: Some("asked for it".to_owned()),
            with: None,
        };
        outcome(in_review, &deed, true, 0)
    };
    assert_eq!(accepted(Step::Two), Outcome::ChooseService);
    assert_eq!(accepted(Step::Three), Outcome::ChooseService);
    assert_eq!(accepted(Step::Assess), Outcome::Done);
}

#[test]
fn acknowledging_takes_it_on_and_a_colleague_who_has_it_keeps_it() {
    let acknowledged = |claimed_by| {
        let mut urgent = row(ReviewState::New, 1, "RISK_CRISIS", false);
        urgent.claimed_by = claimed_by;
        let plan = owed(urgent.id, 0);
        let with = Circumstances {
            staff: Id::from_bytes([1; 16]),
            now: now(),
            suggested: Step::Two,
            may_end_at_risk: false,
            plan: &plan,
            attempts: 3,
            has_number: true,
            may_mail: true,
            may_post: true,
        };
        assert_eq!(apply(&mut urgent, &Deed::Acknowledge, &with), None);
        urgent.claimed_by
    };
    let colleague = Id::from_bytes([9; 16]);
    assert_eq!(acknowledged(None), Some(Id::from_bytes([1; 16])));
    assert_eq!(acknowledged(Some(colleague)), Some(colleague));
}

#[test]
fn reopening_somebody_in_danger_who_was_never_reached_brings_the_alarm_back() {
    let reopened = |plan: &ContactPlan| {
        let mut closed = row(ReviewState::Closed, 1, "RISK_CRISIS", true);
        let with = Circumstances {
            staff: Id::from_bytes([1; 16]),
            now: now(),
            suggested: Step::Two,
            may_end_at_risk: true,
            plan,
            attempts: 3,
            has_number: true,
            may_mail: true,
            may_post: true,
        };
        assert_eq!(apply(&mut closed, &reopen(), &with), None);
        closed.proper_queue()
    };
    let id = Id::from_bytes([7; 16]);
    assert_eq!(reopened(&owed(id, 0)), Queue::Now);
    assert_eq!(reopened(&ContactPlan::new(id, Vec::new())), Queue::Now);
}
