//! The ledger of contact: what was promised is owed until somebody was reached, whatever is decided about the referral. Every
//! case here took somebody off every urgent list before there was a ledger.

use iapt_pad::booking::{self, Attendance, Mark};
use iapt_pad::config::ServiceName;
use iapt_pad::inbox;
use iapt_pad::referrals::{
    Asking, By, ContactClosing, ContactOutcome, Declining, Deed, HandOver, Leaving, Outcome, Person, Queue,
    RecordNumber, Reference, ReviewState, Subject, Way, hand_over, list_to_contact, withdraw,
};
use iapt_pad::triage::Step;
use iapt_pad::values::Id;

use super::contacts::Team;
use crate::support::app::at;
use crate::support::calls::{plan, record};
use crate::support::courses::{Diary, a_triager, act};
use crate::support::databases::on_both;
use crate::support::referrals::{ASubmission, person, submission};

impl Team {
    /// Whether the referral stands in "Overdue" at this moment.
    async fn is_overdue(&self, one: &Reference) -> bool {
        let (inside, me) = (self.app.clone(), self.terry);
        let look = self
            .app
            .db
            .read(move |conn| inbox::look(conn, &inside, me, &[], "view=overdue"));
        let look = look.await.expect("a look");
        let rows = look.sections.iter().flat_map(|section| &section.page.rows);
        rows.map(|row| &row.reference).any(|reference| reference == one)
    }

    /// Whether the referral stands in "Calls to make" at this moment.
    async fn is_to_call(&self, referral: Id) -> bool {
        let now = self.app.clock.now();
        let calls = self.app.db.read(move |conn| list_to_contact(conn, now, 100));
        let calls = calls.await.expect("calls");
        calls.iter().any(|plan| plan.referral == referral)
    }

    async fn withdraws(&self, referral: Id) {
        let leaving = Leaving::draw(self.app.clock.now()).expect("randomness");
        let inside = self.app.clone();
        let done = self
            .app
            .db
            .write(move |conn| withdraw(conn, &inside, referral, &leaving));
        done.await.expect("withdrawn");
    }

    async fn hands_over(&self, one: &Reference, to: Option<&str>) -> Outcome {
        let seen = i32::try_from(self.view(one).await.seen()).expect("few");
        let entered = HandOver::Entered {
            number: RecordNumber::parse("123456").expect("a number"),
            taken_over_by: to.map(str::to_owned),
        };
        hand_over(&self.app, one, seen, self.terry, entered)
            .await
            .expect("an answer")
    }
}

fn accept() -> Deed {
    Deed::Accept {
        step: Step::Assess,
        reason: Some("agreed in the team".to_owned()),
        with: None,
    }
}

fn decline() -> Deed {
    Deed::Decline(Declining {
        told: Some("GP surgery, Sam Example".to_owned()),
        ..Declining::by_call("elsewhere", "Ring the other service")
    })
}

fn ask() -> Deed {
    Deed::Ask(Asking {
        question: "When may we ring you?".to_owned(),
        way: Way::Call,
        answer_by: at("2026-12-07T17:00:00Z"),
    })
}

fn send_on(to: ServiceName) -> Deed {
    Deed::SendOn {
        to,
        reason: "better there".to_owned(),
    }
}

/// Somebody to whom contact is owed: in danger, to be looked at today, or routine.
fn somebody(kind: &str, number: usize) -> ASubmission {
    let mut one = match kind {
        "P1" => submission().in_danger(),
        "P2" => submission().item9(1),
        _ => submission(),
    };
    // Somebody of their own: who looks like somebody else is raised by that one's worry.
    one.0.person.name = format!("Person {number}");
    one.0.person.phone = Some(format!("+4477009000{number:02}"));
    one.0.person.email = Some(format!("person{number}@example.org"));
    one
}

#[test]
fn an_unacknowledged_p1_is_neither_accepted_nor_sent_on_nor_asked() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let unreachable = Person {
            phone: None,
            ..person("Robin Example")
        };
        let (id, one) = team.received(submission().in_danger().about(unreachable)).await;
        for action in [accept(), send_on(ServiceName::Hwb), ask()] {
            assert_eq!(team.does(&one, action).await, Outcome::AcknowledgeFirst);
        }
        assert_eq!(team.view(&one).await.queue, Queue::Now, "the alarm goes on");
        assert_eq!(team.does(&one, Deed::Acknowledge).await, Outcome::Done);
        let view = team.view(&one).await;
        assert_eq!(
            view.claimed.map(|(by, _)| by),
            Some(team.terry),
            "acknowledging takes it on"
        );
        assert_eq!(team.does(&one, accept()).await, Outcome::Done);
        assert!(team.is_to_call(id).await);
        team.app.clock.set(view.contact_by.plus_minutes(1));
        assert!(team.is_overdue(&one).await);
    });
}

#[test]
fn no_action_in_any_state_takes_an_owed_contact_off_the_lists() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let mut all = Vec::new();
        for kind in ["P1", "P2", "routine"] {
            for action in [
                "accept",
                "send on",
                "ask",
                "decline",
                "release",
                "withdraw",
                "hand over",
                "reopen",
            ] {
                let (id, reference) = team.received(somebody(kind, all.len())).await;
                let promised = team.view(&reference).await.contact_by;
                team.does(&reference, Deed::Acknowledge).await;
                match action {
                    "accept" => assert_eq!(team.does(&reference, accept()).await, Outcome::Done),
                    "send on" => {
                        let to = match team.view(&reference).await.service {
                            ServiceName::Hwb => ServiceName::Core,
                            ServiceName::Core | ServiceName::Review => ServiceName::Hwb,
                        };
                        assert_eq!(team.does(&reference, send_on(to)).await, Outcome::Done);
                    }
                    "ask" => assert_eq!(team.does(&reference, ask()).await, Outcome::Done),
                    "decline" => assert_eq!(team.does(&reference, decline()).await, Outcome::Done),
                    "release" => {
                        team.does(&reference, Deed::Claim).await;
                        assert_eq!(team.does(&reference, Deed::Release).await, Outcome::Done);
                    }
                    "withdraw" => {
                        team.withdraws(id).await;
                        // Somebody at risk who withdraws is acknowledged once more.
                        team.does(&reference, Deed::Acknowledge).await;
                    }
                    "hand over" => {
                        assert_eq!(team.does(&reference, accept()).await, Outcome::Done);
                        assert_eq!(team.hands_over(&reference, None).await, Outcome::Done);
                    }
                    _ => {
                        assert_eq!(team.does(&reference, accept()).await, Outcome::Done);
                        let reason = "rang back".to_owned();
                        assert_eq!(
                            team.does(&reference, Deed::Reopen { reason }).await,
                            Outcome::Done
                        );
                        // The alarm of somebody in danger came back with it.
                        team.does(&reference, Deed::Acknowledge).await;
                    }
                }
                let plan = team.plan(id).await;
                let first = plan.about(Subject::FirstContact).expect("owed");
                assert!(
                    first.due_at <= promised,
                    "{kind}, {action}: its old time or sooner"
                );
                all.push((kind, action, id, reference));
            }
        }
        team.app.clock.set(at("2026-12-31T12:00:00Z"));
        for (kind, action, id, reference) in all {
            assert!(team.is_overdue(&reference).await, "{kind}, {action}");
            assert!(team.is_to_call(id).await, "{kind}, {action}");
            team.rings(team.terry, id, ContactOutcome::Spoke).await;
            assert!(
                !team.is_overdue(&reference).await,
                "{kind}, {action}: they were reached"
            );
            assert!(!team.is_to_call(id).await, "{kind}, {action}");
        }
    });
}

#[test]
fn on_hand_over_what_is_owed_stays_or_is_taken_over_by_name() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        for (to, owed) in [(None, vec!["first_contact"]), (Some("Alex Example"), Vec::new())] {
            let (id, one) = team.received(submission().item9(1)).await;
            assert_eq!(team.does(&one, accept()).await, Outcome::Done);
            assert_eq!(team.hands_over(&one, to).await, Outcome::Done);
            assert_eq!(team.owed(id).await, owed, "{to:?}");
            let said = team.view(&one).await;
            let said = said.timeline.last().and_then(|event| event.payload.text.clone());
            let named = said.is_some_and(|said| said.contains("Alex Example"));
            assert_eq!(named, to.is_some(), "the timeline says who");
        }
    });
}

#[test]
fn only_a_lead_closes_a_promise_without_contact_and_reopening_brings_it_back() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission().in_danger()).await;
        let promised = team.view(&one).await.contact_by;
        let close = || Deed::CloseContact {
            why: ContactClosing::WelfareCheck,
            details: "Police asked, GP surgery told".to_owned(),
        };
        assert_eq!(team.lead_does(&one, close()).await, Outcome::AcknowledgeFirst);
        team.does(&one, Deed::Acknowledge).await;
        assert_eq!(team.does(&one, close()).await, Outcome::LeadOnly);
        assert_eq!(team.owed(id).await, ["first_contact"]);
        let ended = Deed::Close {
            reason: "welfare check done".to_owned(),
            told: Some("GP surgery".to_owned()),
        };
        assert_eq!(team.lead_does(&one, close()).await, Outcome::Done);
        assert!(team.owed(id).await.is_empty());
        assert_eq!(team.lead_does(&one, close()).await, Outcome::AlreadySo);
        assert_eq!(team.lead_does(&one, ended).await, Outcome::Done);
        let reason = "rang back".to_owned();
        assert_eq!(team.does(&one, Deed::Reopen { reason }).await, Outcome::Done);
        assert_eq!(
            (team.owed(id).await, team.plan(id).await.due_at()),
            (vec!["first_contact"], Some(promised))
        );
        assert_eq!(team.view(&one).await.queue, Queue::Now, "and the alarm with it");
    });
}

#[test]
fn death_stops_every_call_and_every_message() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission().item9(1)).await;
        let death = || Deed::RecordDeath {
            details: "GP surgery rang".to_owned(),
        };
        assert_eq!(team.does(&one, death()).await, Outcome::LeadOnly);
        assert_eq!(team.lead_does(&one, death()).await, Outcome::Done);
        let view = team.view(&one).await;
        assert_eq!((view.state, view.queue), (ReviewState::Closed, Queue::Done));
        assert!(team.owed(id).await.is_empty() && view.died_at.is_some());
        let counts = team.app.db.read(iapt_pad::notify::counts).await.expect("counts");
        assert_eq!(counts.waiting, 0, "{counts:?}");
        let wanted = iapt_pad::referrals::CallWanted {
            subject: Subject::PlaceGivenUp,
            run: None,
            due_at: at("2026-11-24T17:00:00Z"),
        };
        let now = team.app.clock.now();
        let asked = team
            .app
            .db
            .write(move |conn| iapt_pad::referrals::promise_call(conn, id, wanted, now));
        asked.await.expect("asked");
        assert!(
            team.owed(id).await.is_empty(),
            "nobody rings the family about a place"
        );
    });
}

#[test]
fn one_contact_keeps_what_was_promised_to_the_same_person_elsewhere() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (first, one) = team.received(submission()).await;
        let (second, other) = team.received(submission()).await;
        let seen = |view: iapt_pad::referrals::ReferralView| i32::try_from(view.seen()).expect("few");
        let lengths = (seen(team.view(&one).await), seen(team.view(&other).await));
        let said = iapt_pad::referrals::Said::Verdict(iapt_pad::referrals::Verdict::Same);
        let linked = iapt_pad::referrals::tell_alike(&team.app, (&one, &other), lengths, team.terry, said);
        assert_eq!(linked.await.expect("linked"), Outcome::Done);
        team.rings(team.terry, first, ContactOutcome::NoAnswer).await;
        assert_eq!(team.owed(second).await, ["first_contact"], "that reached nobody");
        team.rings(team.terry, first, ContactOutcome::Spoke).await;
        assert!(team.owed(second).await.is_empty(), "one person was spoken to");
        team.undoes(team.terry, first).await;
        assert_eq!(team.owed(second).await, ["first_contact"]);
    });
}

#[test]
fn somebody_at_risk_who_misses_a_session_is_owed_a_call_and_nobody_else_is() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 2).await;
        let terry = a_triager(&diary.app, "terry").await;
        let run = diary.run.id;
        for (one, owed) in [(submission().item9(1), true), (submission(), false)] {
            let sent = one.send(&diary.app).await;
            let id = sent.receipt().expect("a receipt").id;
            record(&diary.app, terry, id, ContactOutcome::Spoke).await;
            act(&diary.app, By::Staff(terry), move |conn, app, act| {
                booking::move_to(conn, app, act, run, id)
            })
            .await;
            diary.app.clock.set(at("2026-12-08T16:05:00Z"));
            let missed = vec![Mark {
                referral: id,
                was: None,
                now: Attendance::DidNotCome,
            }];
            act(&diary.app, By::Staff(terry), move |conn, app, act| {
                booking::mark(conn, app, act, run, 1, &missed)
            })
            .await;
            let plan = plan(&diary.app, id).await;
            let call = plan.about(Subject::MissedSession).map(|promise| promise.due_at);
            assert_eq!(call, owed.then(|| at("2026-12-09T16:05:00Z")));
        }
    });
}
