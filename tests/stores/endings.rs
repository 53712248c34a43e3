//! The story of endings: nothing is sent by itself, what is to be told is due with a name to tell it to, and whoever has
//! left has nobody in hand.

use diesel::prelude::*;
use iapt_pad::db::schema::outbox;
use iapt_pad::dispatch;
use iapt_pad::notify::{Status, statuses};
use iapt_pad::referrals::{
    Asking, ContactOutcome, Declining, Deed, Outcome, Person, Queue, Reference, ReviewState, Reviewing,
    Subject, Way, for_patient, review, review_as, tend,
};
use iapt_pad::staff::disable_account;
use iapt_pad::values::Id;

use super::contacts::Team;
use crate::support::app::at;
use crate::support::databases::on_both;
use crate::support::referrals::{person, submission};

impl Team {
    pub async fn does(&self, one: &Reference, deed: Deed) -> Outcome {
        review(&self.app, one, None, self.terry, deed)
            .await
            .expect("an answer")
    }

    pub async fn lead_does(&self, one: &Reference, deed: Deed) -> Outcome {
        let reviewing = Reviewing::new(&self.app, one, None, self.sam, deed).expect("randomness");
        review_as(reviewing.by_who_may_end_at_risk(true))
            .await
            .expect("an answer")
    }

    async fn told(&self, id: Id, state: ReviewState) -> Option<String> {
        let inside = self.app.clone();
        let told = self
            .app
            .db
            .read(move |conn| for_patient(conn, &inside.keys, id, state));
        told.await.expect("read")
    }
}

fn unreached(told: Option<&str>) -> Deed {
    Deed::CouldNotReach {
        tried: String::new(),
        told: told.map(str::to_owned),
    }
}

fn declined(way: Way) -> Deed {
    Deed::Decline(Declining {
        way,
        ..Declining::by_call("with another team", "Ring the other service on 0114 496 0199")
    })
}

#[test]
fn could_not_reach_closes_after_the_attempts_of_the_locality_and_at_risk_only_by_a_lead() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission().item9(1)).await;
        for missing in [3, 2, 1] {
            let outcome = team.lead_does(&one, unreached(Some("Dr Example"))).await;
            assert_eq!(outcome, Outcome::TryAgain(missing));
            team.rings(team.terry, id, ContactOutcome::NoAnswer).await;
            team.app.clock.advance_minutes(60);
        }
        assert_eq!(
            team.does(&one, unreached(Some("Dr Example"))).await,
            Outcome::LeadOnly
        );
        assert_eq!(
            team.lead_does(&one, unreached(None)).await,
            Outcome::SayWhoWasTold
        );
        assert_eq!(team.view(&one).await.queue, Queue::Today, "nothing has ended it");
        let told = unreached(Some("Example Surgery by phone, Sam Example"));
        assert_eq!(team.lead_does(&one, told).await, Outcome::Done);
        let view = team.view(&one).await;
        assert_eq!((view.state, view.queue), (ReviewState::Closed, Queue::Done));
        let words = view.timeline.last().and_then(|event| event.payload.text.clone());
        assert_eq!(
            words.as_deref(),
            Some("Calls that reached nobody: 3\nWho was told: Example Surgery by phone, Sam Example")
        );
        assert!(team.owed(id).await.is_empty(), "a lead closed it by name");
    });
}

#[test]
fn a_p1_nobody_has_acknowledged_is_never_closed() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission().in_danger()).await;
        for _ in 0..4 {
            team.rings(team.terry, id, ContactOutcome::NoAnswer).await;
        }
        let close = Deed::Close {
            reason: "x".to_owned(),
            told: Some("Dr Example".to_owned()),
        };
        let asking = Deed::Ask(Asking {
            question: "When may we ring you?".to_owned(),
            way: Way::Call,
            answer_by: team.app.clock.now(),
        });
        for deed in [unreached(Some("Dr Example")), close, asking] {
            assert_eq!(team.lead_does(&one, deed).await, Outcome::AcknowledgeFirst);
        }
        assert_eq!(team.view(&one).await.queue, Queue::Now);
    });
}

#[test]
fn a_decline_is_told_as_it_was_chosen_and_nothing_is_sent_by_itself() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let sent = || async {
            let before = team.app.db.read(iapt_pad::notify::counts).await;
            format!("{:?}", before.expect("counts"))
        };
        let (call, one) = team.received(submission()).await;
        let before = sent().await;
        assert_eq!(team.does(&one, declined(Way::Call)).await, Outcome::Done);
        let plan = team.plan(call).await;
        let next = plan.about(Subject::Declined).expect("a call");
        assert_eq!((next.way, next.due_at), (Way::Call, at("2026-11-24T17:00:00Z")));
        assert!(
            plan.about(Subject::FirstContact).is_some(),
            "that stays owed as well"
        );
        assert_eq!(
            team.told(call, ReviewState::Declined).await.as_deref(),
            Some("Ring the other service on 0114 496 0199")
        );
        assert_eq!(sent().await, before, "nothing was sent");
        team.rings(team.terry, call, ContactOutcome::Spoke).await;
        assert!(team.owed(call).await.is_empty(), "one call says everything");

        let (letter, one) = team.received(submission()).await;
        assert_eq!(team.does(&one, declined(Way::Letter)).await, Outcome::Done);
        let is_owed = async || {
            let plan = team.plan(letter).await;
            plan.about(Subject::Declined).map(|promise| promise.way)
        };
        assert_eq!(is_owed().await, Some(Way::Letter));
        team.rings(team.terry, letter, ContactOutcome::NoAnswer).await;
        assert_eq!(is_owed().await, Some(Way::Letter), "it is to be a letter");
        team.rings(team.terry, letter, ContactOutcome::LetterSent).await;
        assert_eq!(is_owed().await, None);
        assert_eq!(
            team.owed(letter).await,
            ["first_contact"],
            "a letter passes on a decision; it is not contact"
        );

        let (page, one) = team.received(submission()).await;
        assert_eq!(team.does(&one, declined(Way::Page)).await, Outcome::Done);
        let plan = team.plan(page).await;
        let message = plan.about(Subject::Declined).and_then(|promise| promise.message);
        let message = message.expect("a message");
        let known = team.app.db.read(move |conn| statuses(conn, &[message])).await;
        assert_eq!(known.expect("read")[0].1, Status::Waiting);

        let unwritten = Person {
            write_ok: false,
            ..person("Robin Example")
        };
        let (_, one) = team.received(submission().about(unwritten)).await;
        for way in [Way::Page, Way::Letter] {
            assert_eq!(team.does(&one, declined(way)).await, Outcome::NotThisWay);
        }
    });
}

#[test]
fn who_was_asked_on_their_page_is_chased_and_a_reopened_referral_begins_anew() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission()).await;
        team.rings(team.terry, id, ContactOutcome::NoAnswer).await;
        let by = at("2026-11-30T17:00:00Z");
        let asking = Deed::Ask(Asking {
            question: "When may we ring you?".to_owned(),
            way: Way::Page,
            answer_by: by,
        });
        assert_eq!(team.does(&one, asking).await, Outcome::Done);
        let view = team.view(&one).await;
        assert_eq!(
            (view.state, view.queue),
            (ReviewState::WaitingForPatient, Queue::Waiting)
        );
        let plan = team.plan(id).await;
        let chase = plan.about(Subject::Chase).expect("a question");
        assert_eq!((chase.due_at, chase.tries), (by, 1));
        assert_eq!(
            team.told(id, ReviewState::WaitingForPatient).await.as_deref(),
            Some("When may we ring you?")
        );
        // They were spoken to before that: they still have until then to answer on their page.
        team.rings(team.terry, id, ContactOutcome::Spoke).await;
        assert_eq!(team.owed(id).await, ["chase"]);
        let reason = "They rang back".to_owned();
        assert_eq!(team.does(&one, Deed::Reopen { reason }).await, Outcome::Done);
        assert_eq!(
            team.owed(id).await,
            ["chase"],
            "nothing but contact or a decision ends it"
        );
        assert_eq!(team.told(id, ReviewState::WaitingForPatient).await, None);
    });
}

#[test]
fn what_somebody_had_in_hand_whose_account_ended_is_let_go_of() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (_, one) = team.received(submission()).await;
        let (_, done) = team.received(submission()).await;
        let (_, sams) = team.received(submission()).await;
        for reference in [&one, &done] {
            assert_eq!(team.does(reference, Deed::Claim).await, Outcome::Done);
        }
        assert_eq!(team.lead_does(&sams, Deed::Claim).await, Outcome::Done);
        assert_eq!(team.does(&done, declined(Way::Call)).await, Outcome::Done);
        assert_eq!(tend(&team.app).await.expect("tended").released, 0, "all are here");
        assert!(
            disable_account(&team.app.db, team.app.clock.now(), team.terry)
                .await
                .expect("disabled")
        );
        // Two instances at once: one of them does it.
        let (first, second) = tokio::join!(tend(&team.app), tend(&team.app));
        let released = first.expect("tended").released + second.expect("tended").released;
        assert_eq!(released, 1);
        let view = team.view(&one).await;
        assert_eq!(view.claimed, None);
        let last = view.timeline.last().expect("an event");
        assert_eq!(
            (last.kind.label(), last.by),
            ("Let go: the account ended", iapt_pad::referrals::By::System)
        );
        assert!(team.view(&sams).await.claimed.is_some(), "Sam is here");
        assert!(
            team.view(&done).await.claimed.is_some(),
            "what is done stays as it was"
        );
    });
}

#[test]
fn a_message_to_look_at_their_page_that_is_given_up_becomes_a_call() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission()).await;
        assert_eq!(team.does(&one, declined(Way::Page)).await, Outcome::Done);
        assert_eq!(
            tend(&team.app).await.expect("tended").calls,
            0,
            "it is on its way"
        );
        let now = team.app.clock.now();
        let gave_up = team.app.db.write(move |conn| {
            let waiting = outbox::table.filter(outbox::status.eq("waiting"));
            let change = (outbox::status.eq("given_up"), outbox::done_at.eq(now));
            Ok(dispatch!(conn, c => diesel::update(waiting).set(change).execute(c))?)
        });
        gave_up.await.expect("given up");
        assert_eq!(tend(&team.app).await.expect("tended").calls, 1);
        assert_eq!(tend(&team.app).await.expect("tended").calls, 0, "once");
        let plan = team.plan(id).await;
        let call = plan.about(Subject::Declined).expect("a call");
        assert_eq!((call.way, call.message), (Way::Call, None));
    });
}

#[test]
fn what_has_to_be_told_stays_to_be_told_when_the_number_is_wrong() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission()).await;
        assert_eq!(team.does(&one, declined(Way::Call)).await, Outcome::Done);
        team.rings(team.terry, id, ContactOutcome::WrongNumber).await;
        assert!(team.plan(id).await.about(Subject::Declined).is_some());
        team.rings(team.terry, id, ContactOutcome::EmailSent).await;
        assert_eq!(
            team.owed(id).await,
            ["first_contact"],
            "told in writing; contact is owed"
        );
    });
}
