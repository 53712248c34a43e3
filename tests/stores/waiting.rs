//! Stories of the waiting list: who is next, when a clock starts, what happens when it runs out.

use diesel::prelude::*;
use iapt_pad::booking::{self, Accepted, Hold, Join, PlaceState, WaitState, tend};
use iapt_pad::db::schema::waiting;
use iapt_pad::dispatch;
use iapt_pad::referrals::{By, ContactOutcome, Recorded, Subject};
use iapt_pad::values::Id;

use crate::support::app::at;
use crate::support::calls::{place_subjects, plan, record};
use crate::support::courses::{Diary, a_triager, act};
use crate::support::databases::on_both;

async fn state(diary: &Diary, referral: Id) -> WaitState {
    let read = diary.app.db.read(move |conn| {
        let last = waiting::table
            .filter(waiting::referral_id.eq(referral))
            .order(waiting::id.desc())
            .select(waiting::state);
        let word: String = dispatch!(conn, c => last.first(c))?;
        Ok(word)
    });
    WaitState::parse(&read.await.expect("an entry")).expect("a state")
}

async fn has(diary: &Diary, referral: Id) -> Option<PlaceState> {
    diary.place(referral).await.map(|place| place.state)
}

/// One place, somebody who has it, and as many who wait.
async fn a_full_run(diary: &Diary, waiters: &[Id]) -> Id {
    let holder = diary.patient().await;
    assert!(matches!(diary.hold(diary.run.id, holder).await, Hold::Held(_)));
    for waiter in waiters {
        assert_eq!(diary.join(*waiter).await, Join::Joined);
        diary.app.clock.advance_minutes(1);
    }
    holder
}

#[test]
fn a_freed_place_is_offered_to_the_first_who_waits_in_the_same_breath() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let (first, second) = (diary.patient().await, diary.patient().await);
        let holder = a_full_run(&diary, &[first, second]).await;
        assert_eq!(diary.join(first).await, Join::AlreadyWaits);
        assert_eq!(diary.join(holder).await, Join::HasPlace);
        assert!(diary.cancel(holder).await);
        assert_eq!(has(&diary, first).await, Some(PlaceState::Offered));
        // Nobody overtakes: neither who waits behind, nor who comes along.
        let passer_by = diary.patient().await;
        assert_eq!(diary.hold(diary.run.id, passer_by).await, Hold::Full);
        assert!(matches!(diary.accept(first).await, Accepted::Held(_)));
        assert_eq!(diary.accept(first).await, Accepted::NoOffer);
        assert_eq!(has(&diary, first).await, Some(PlaceState::Held));
        assert_eq!(
            (state(&diary, first).await, state(&diary, second).await),
            (WaitState::Taken, WaitState::Waiting)
        );
        // A refusal and a departure hand it on as well.
        assert!(diary.cancel(first).await);
        assert_eq!(has(&diary, second).await, Some(PlaceState::Offered));
        assert_eq!(diary.join(passer_by).await, Join::Joined);
        assert!(diary.refuse(second).await && !diary.refuse(second).await);
        assert_eq!(state(&diary, second).await, WaitState::Refused);
        assert_eq!(has(&diary, passer_by).await, Some(PlaceState::Offered));
        assert!(diary.leave(passer_by).await);
        assert_eq!(diary.runs().await[0].free(), 1);
    });
}

#[test]
fn an_offers_clock_starts_when_its_message_was_delivered() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let (first, second) = (diary.patient().await, diary.patient().await);
        let holder = a_full_run(&diary, &[first, second]).await;
        assert!(diary.cancel(holder).await);
        // Not delivered: three days pass, and the place is still kept.
        diary.app.clock.set(at("2026-11-26T09:30:00Z"));
        tend(&diary.app).await.expect("tended");
        assert_eq!(has(&diary, first).await, Some(PlaceState::Offered));
        diary.app.postman().deliver_due().await;
        let tended = tend(&diary.app).await.expect("tended");
        assert_eq!((tended.started, tended.ended), (1, 0));
        diary.app.clock.set(at("2026-11-28T09:29:00Z"));
        assert_eq!(tend(&diary.app).await.expect("tended").ended, 0);
        diary.app.clock.set(at("2026-11-28T09:30:00Z"));
        assert_eq!(tend(&diary.app).await.expect("tended").ended, 1);
        assert_eq!(has(&diary, second).await, Some(PlaceState::Offered));
        // Back at the old position, once.
        assert_eq!(
            (has(&diary, first).await, state(&diary, first).await),
            (None, WaitState::Waiting)
        );
        assert!(diary.refuse(second).await);
        assert_eq!(has(&diary, first).await, Some(PlaceState::Offered));
        diary.app.postman().deliver_due().await;
        tend(&diary.app).await.expect("tended");
        diary.app.clock.set(at("2026-11-30T09:30:00Z"));
        tend(&diary.app).await.expect("tended");
        // The second silence ends it, and somebody rings to ask.
        assert_eq!(
            (has(&diary, first).await, state(&diary, first).await),
            (None, WaitState::Lapsed)
        );
        assert_eq!(
            place_subjects(&diary.app, first).await,
            [Subject::PlaceStillWanted]
        );
    });
}

#[test]
fn who_let_an_offer_run_out_gets_it_again_only_when_nobody_else_waits() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let only = diary.patient().await;
        let holder = a_full_run(&diary, &[only]).await;
        assert!(diary.cancel(holder).await);
        diary.app.postman().deliver_due().await;
        tend(&diary.app).await.expect("tended");
        diary.app.clock.advance_minutes(48 * 60 + 1);
        assert_eq!(tend(&diary.app).await.expect("tended").ended, 1);
        assert_eq!(
            has(&diary, only).await,
            Some(PlaceState::Offered),
            "no free place beside somebody who waits"
        );
        assert!(matches!(diary.accept(only).await, Accepted::Held(_)));
    });
}

#[test]
fn without_mail_a_call_starts_the_clock_and_a_voicemail_only_where_allowed() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let (first, second) = (diary.without_mail().await, diary.without_voicemail().await);
        let terry = a_triager(&diary.app, "terry").await;
        let holder = a_full_run(&diary, &[first, second]).await;
        assert!(diary.cancel(holder).await);
        let tries = async |who| {
            let plan = plan(&diary.app, who).await;
            plan.about(Subject::PlaceOffered).map(|promise| promise.tries)
        };
        assert_eq!(place_subjects(&diary.app, first).await, [Subject::PlaceOffered]);
        let kept = record(&diary.app, terry, first, ContactOutcome::NoAnswer).await;
        assert!(matches!(kept, Recorded::Kept { .. }));
        diary.app.clock.advance_minutes(3 * 24 * 60);
        assert_eq!(
            tend(&diary.app).await.expect("tended").ended,
            0,
            "nobody was told"
        );
        assert_eq!(tries(first).await, Some(1));
        let kept = record(&diary.app, terry, first, ContactOutcome::Voicemail).await;
        assert!(matches!(kept, Recorded::Kept { .. }));
        assert_eq!(tries(first).await, Some(2), "a voicemail is not yet contact");
        diary.app.clock.advance_minutes(48 * 60);
        assert_eq!(tend(&diary.app).await.expect("tended").ended, 1);
        // The next one allows no voicemail: it counts as nothing.
        let refused = record(&diary.app, terry, second, ContactOutcome::Voicemail).await;
        assert_eq!(refused, Recorded::NotAllowed);
        diary.app.clock.advance_minutes(49 * 60);
        assert_eq!(tend(&diary.app).await.expect("tended").ended, 0);
        // Nobody can be reached: the place is not kept from the others for ever.
        let kept = record(&diary.app, terry, second, ContactOutcome::WrongNumber).await;
        assert!(matches!(kept, Recorded::Kept { .. }));
        assert_eq!(has(&diary, first).await, Some(PlaceState::Offered));
    });
}

#[test]
fn no_offer_lives_and_nobody_waits_once_the_course_has_begun() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let (first, second) = (diary.without_mail().await, diary.patient().await);
        let holder = a_full_run(&diary, &[first, second]).await;
        assert!(diary.cancel(holder).await);
        diary.app.clock.set(at("2026-12-08T13:59:00Z"));
        assert_eq!(tend(&diary.app).await.expect("tended").ended, 0);
        diary.app.clock.set(at("2026-12-08T14:00:00Z"));
        assert_eq!(diary.accept(first).await, Accepted::NoOffer);
        let tended = tend(&diary.app).await.expect("tended");
        assert_eq!((tended.ended, tended.over), (1, 2));
        assert_eq!(
            (has(&diary, first).await, has(&diary, second).await),
            (None, None)
        );
        assert_eq!(
            (state(&diary, first).await, state(&diary, second).await),
            (WaitState::Ended, WaitState::Ended)
        );
        for person in [first, second] {
            assert_eq!(
                place_subjects(&diary.app, person).await,
                [Subject::PlaceStillWanted]
            );
        }
    });
}

#[test]
fn everybody_on_a_run_that_is_called_off_is_first_in_line_and_told() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 2).await;
        let terry = a_triager(&diary.app, "terry").await;
        let (one, two, waits) = (
            diary.patient().await,
            diary.without_mail().await,
            diary.patient().await,
        );
        for person in [one, two] {
            assert!(matches!(diary.hold(diary.run.id, person).await, Hold::Held(_)));
            diary.app.clock.advance_minutes(1);
        }
        assert_eq!(diary.join(waits).await, Join::Joined);
        let run = diary.run.id;
        let off = || {
            act(&diary.app, By::Staff(terry), move |conn, app, act| {
                booking::call_off(conn, app, act, run)
            })
        };
        assert!(off().await);
        assert!(!off().await, "once");
        assert_eq!(place_subjects(&diary.app, two).await, [Subject::CourseCancelled]);
        assert!(place_subjects(&diary.app, one).await.is_empty(), "never both");
        // The next run has two places: those who lost theirs come before whoever waited.
        diary.another("2026-12-15T14:00:00Z", 2).await;
        tend(&diary.app).await.expect("tended");
        assert_eq!(has(&diary, one).await, Some(PlaceState::Offered));
        assert_eq!(has(&diary, two).await, Some(PlaceState::Offered));
        assert_eq!(has(&diary, waits).await, None);
    });
}

#[test]
fn a_choice_elsewhere_ends_the_waiting_and_hands_the_offer_on() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let (first, second) = (diary.patient().await, diary.patient().await);
        let holder = a_full_run(&diary, &[first, second]).await;
        assert!(diary.cancel(holder).await);
        let later = diary.another("2026-12-15T14:00:00Z", 2).await;
        tend(&diary.app).await.expect("tended");
        // The second got the new run's place; the first prefers that run as well.
        assert_eq!(diary.place(second).await.map(|place| place.run), Some(later));
        assert!(matches!(diary.hold(later, first).await, Hold::Held(_)));
        assert_eq!(state(&diary, first).await, WaitState::Taken);
        assert_eq!(has(&diary, second).await, Some(PlaceState::Offered));
        assert_eq!(
            diary
                .runs()
                .await
                .iter()
                .map(|run| run.free())
                .collect::<Vec<_>>(),
            [1, 0]
        );
    });
}
