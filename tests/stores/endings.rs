//! The story of endings: nothing is sent by itself, what is to be told is due with a name to tell it to, and whoever has
//! left has nobody in hand.

use diesel::prelude::*;
use iapt_pad::db::schema::outbox;
use iapt_pad::dispatch;
use iapt_pad::notify::{Status, statuses};
use iapt_pad::referrals::{
    Asking, CallOutcome, Declining, Deed, Matter, Outcome, Person, Queue, Reference, ReviewState, Reviewing,
    Rung, Telling, ToldBy, Way, for_patient, review, review_as, tend, told,
};
use iapt_pad::staff::disable_account;
use iapt_pad::values::Id;

use super::contacts::Team;
use crate::support::app::at;
use crate::support::databases::on_both;
use crate::support::referrals::{person, submission};

impl Team {
    async fn does(&self, one: &Reference, deed: Deed) -> Outcome {
        review(&self.app, one, None, self.terry, deed)
            .await
            .expect("an answer")
    }

    async fn lead_does(&self, one: &Reference, deed: Deed) -> Outcome {
        let reviewing = Reviewing::new(&self.app, one, None, self.sam, deed).expect("randomness");
        review_as(reviewing.by_who_may_end_at_risk(true))
            .await
            .expect("an answer")
    }

    async fn told_by(&self, id: Id, by: ToldBy) -> bool {
        let inside = self.app.clone();
        let telling = Telling::new(self.app.clock.now(), self.terry, by).expect("randomness");
        let kept = self.app.db.write(move |conn| told(conn, &inside, id, &telling));
        kept.await.expect("kept")
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
            team.rings(team.terry, id, CallOutcome::NoAnswer).await;
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
        assert_eq!(team.next(id).await.and_then(|next| next.due_at), None);
    });
}

#[test]
fn a_p1_nobody_has_acknowledged_is_never_closed() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission().in_danger()).await;
        for _ in 0..4 {
            team.rings(team.terry, id, CallOutcome::NoAnswer).await;
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
        let next = team.next(call).await.expect("a call");
        assert_eq!(
            (next.matter, next.way, next.due_at),
            (Matter::Declined, Way::Call, Some(at("2026-11-24T17:00:00Z")))
        );
        assert_eq!(
            team.told(call, ReviewState::Declined).await.as_deref(),
            Some("Ring the other service on 0114 496 0199")
        );
        assert_eq!(sent().await, before, "nothing was sent");
        team.rings(team.terry, call, CallOutcome::Spoke).await;
        assert_eq!(team.next(call).await.and_then(|next| next.due_at), None);

        let (letter, one) = team.received(submission()).await;
        assert_eq!(team.does(&one, declined(Way::Letter)).await, Outcome::Done);
        assert!(
            team.next(letter)
                .await
                .is_some_and(|next| next.way == Way::Letter && next.due_at.is_some())
        );
        let another = team.told_by(letter, ToldBy::AnotherWay).await;
        assert!(!another, "it is to be a letter");
        let written = (
            team.told_by(letter, ToldBy::Letter).await,
            team.told_by(letter, ToldBy::Letter).await,
        );
        assert_eq!(written, (true, false), "one letter");

        let (page, one) = team.received(submission()).await;
        assert_eq!(team.does(&one, declined(Way::Page)).await, Outcome::Done);
        let next = team.next(page).await.expect("known");
        let message = next.message.expect("a message");
        assert_eq!(next.due_at, None);
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
        team.rings(team.terry, id, CallOutcome::NoAnswer).await;
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
        let next = team.next(id).await.expect("known");
        assert_eq!(
            (next.matter, next.due_at, next.tries),
            (Matter::Chase, Some(by), 1)
        );
        assert_eq!(
            team.told(id, ReviewState::WaitingForPatient).await.as_deref(),
            Some("When may we ring you?")
        );
        // They were spoken to before that: they still have until then to answer on their page.
        assert_eq!(
            team.rings(team.terry, id, CallOutcome::Spoke).await,
            Rung::Kept(Some(by))
        );
        let reason = "They rang back".to_owned();
        assert_eq!(team.does(&one, Deed::Reopen { reason }).await, Outcome::Done);
        let next = team.next(id).await.expect("known");
        assert_eq!((next.due_at, next.tries), (None, 0));
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
        assert!(disable_account(&team.app.db, team.terry).await.expect("disabled"));
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
        let next = team.next(id).await.expect("a call");
        assert_eq!((next.matter, next.way), (Matter::Declined, Way::Call));
        assert!(next.due_at.is_some());
    });
}

#[test]
fn what_has_to_be_told_stays_to_be_told_when_the_number_is_wrong() {
    on_both(|fresh| async move {
        let team = Team::of(fresh).await;
        let (id, one) = team.received(submission()).await;
        assert_eq!(team.does(&one, declined(Way::Call)).await, Outcome::Done);
        assert!(
            !team.told_by(id, ToldBy::AnotherWay).await,
            "a call can tell them"
        );
        let wrong = team.rings(team.terry, id, CallOutcome::WrongNumber).await;
        assert!(matches!(wrong, Rung::Kept(Some(_))), "{wrong:?}");
        assert!(team.told_by(id, ToldBy::AnotherWay).await);
        assert_eq!(team.next(id).await.and_then(|next| next.due_at), None);
    });
}
