//! The story of a place: chosen, held, confirmed, changed, given up when its referral ends.

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::booking::{
    self, BookingRules, Choices, Hold, NewRun, Offerable, PlaceState, add_run, choices, own_place,
};
use iapt_pad::config::ServiceName;
use iapt_pad::db::schema::slip;
use iapt_pad::dispatch;
use iapt_pad::referrals::{By, ReviewState};
use iapt_pad::triage::SelfBooking;
use iapt_pad::values::Id;

use crate::support::app::at;
use crate::support::courses::{Diary, a_triager, act};
use crate::support::databases::on_both;
use crate::support::referrals::submission;
use crate::support::slips::a_slip;

#[test]
fn a_place_is_held_until_somebody_confirms_it_and_free_once_the_referral_ends() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let (person, run) = (diary.patient().await, diary.run.id);
        let terry = a_triager(&diary.app, "terry").await;
        let Hold::Held(place) = diary.hold(run, person).await else {
            panic!("there is room")
        };
        assert_eq!(
            place.confirm_by,
            Some(at("2026-11-25T09:30:00Z")),
            "two working days"
        );
        assert!(matches!(diary.hold(run, person).await, Hold::AlreadyHas(_)));
        let by = By::Staff(terry);
        assert!(
            act(&diary.app, by, move |conn, app, act| booking::confirm(
                conn, app, act, person
            ))
            .await
        );
        let own = diary.app.db.read(move |conn| own_place(conn, person)).await;
        let own = own.expect("read").expect("a place");
        assert_eq!((own.state, own.confirm_by), (PlaceState::Confirmed, None));
        assert_eq!(own.sessions.len(), 5);
        assert_eq!(own.sessions.last(), Some(&at("2027-01-05T14:00:00Z")));
        let ended = act(&diary.app, by, move |conn, app, act| {
            booking::close_out(conn, app, act, person)
        })
        .await;
        assert!(ended);
        assert_eq!(diary.runs().await[0].free(), 20);
        assert_eq!(diary.place(person).await, None);
    });
}

#[test]
fn a_place_is_changed_and_given_up_by_the_patient() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let (person, run) = (diary.patient().await, diary.run.id);
        let later = diary.another("2026-12-15T14:00:00Z", 1).await;
        assert!(matches!(diary.hold(run, person).await, Hold::Held(_)));
        let Hold::Held(place) = diary.change(later, person).await else {
            panic!("there is room")
        };
        assert_eq!((place.run, place.state), (later, PlaceState::Held));
        // The other run is full now: whoever wants to change there keeps what they have.
        let second = diary.patient().await;
        assert!(matches!(diary.hold(run, second).await, Hold::Held(_)));
        assert_eq!(diary.change(later, second).await, Hold::Full);
        assert_eq!(diary.place(second).await.map(|place| place.run), Some(run));
        assert!(diary.cancel(person).await && !diary.cancel(person).await);
        assert_eq!(diary.place(person).await, None);
        let free: Vec<i64> = diary.runs().await.iter().map(|run| run.free()).collect();
        assert_eq!(free, [19, 1]);
    });
}

#[test]
fn a_run_that_may_not_be_chosen_is_not_offered() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let person = diary.patient().await;
        // Less than two working days away: nobody could confirm it.
        let soon = diary.another("2026-11-24T14:00:00Z", 20).await;
        assert_eq!(diary.hold(soon, person).await, Hold::NotOffered);
        assert_eq!(diary.hold(Id::new(), person).await, Hold::NotOffered);
        let called_off = diary.another("2026-12-10T14:00:00Z", 20).await;
        let terry = a_triager(&diary.app, "terry").await;
        let off = act(&diary.app, By::Staff(terry), move |conn, app, act| {
            booking::call_off(conn, app, act, called_off)
        });
        assert!(off.await);
        assert_eq!(diary.hold(called_off, person).await, Hold::NotOffered);
        // Where a person decides first, nothing may be chosen.
        let worried = submission()
            .named("Wor Ried")
            .item9(2)
            .send(&diary.app)
            .await
            .receipt()
            .expect("a receipt")
            .id;
        assert_eq!(diary.hold(diary.run.id, worried).await, Hold::NotOffered);
        let elsewhere = submission()
            .named("Else Where")
            .expecting()
            .in_danger()
            .send(&diary.app)
            .await
            .receipt()
            .expect("a receipt")
            .id;
        assert_eq!(diary.hold(diary.run.id, elsewhere).await, Hold::NotOffered);
        assert!(matches!(diary.hold(diary.run.id, person).await, Hold::Held(_)));
    });
}

async fn offered(diary: &Diary, of: Offerable) -> Choices {
    let app = diary.app.clone();
    let read = diary.app.db.read(move |conn| {
        let rules = BookingRules::of(&app.config.locality);
        choices(conn, &of, &rules, app.clock.now())
    });
    read.await.expect("choices")
}

#[test]
fn choices_are_runs_with_room_and_full_courses_to_wait_for() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 1).await;
        let may = Offerable {
            service: ServiceName::Hwb,
            booking: SelfBooking::Course,
            state: ReviewState::New,
        };
        let now = offered(&diary, may).await;
        assert_eq!((now.runs.len(), now.runs[0].free, now.waiting.len()), (1, 1, 0));
        assert_eq!(now.runs[0].run.session_starts().len(), 5);
        let person = diary.patient().await;
        assert!(matches!(diary.hold(diary.run.id, person).await, Hold::Held(_)));
        let now = offered(&diary, may).await;
        assert_eq!((now.runs.len(), now.waiting.len()), (0, 1));
        assert_eq!(now.waiting[0].course, diary.course);
        for of in [
            Offerable {
                booking: SelfBooking::None,
                ..may
            },
            Offerable {
                booking: SelfBooking::Assessment,
                ..may
            },
            Offerable {
                service: ServiceName::Core,
                ..may
            },
            Offerable {
                state: ReviewState::Incomplete,
                ..may
            },
            Offerable {
                state: ReviewState::Declined,
                ..may
            },
        ] {
            assert!(offered(&diary, of).await.is_empty(), "{of:?}");
        }
    });
}

#[test]
fn a_run_with_twenty_one_places_is_refused() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let larger = NewRun {
            id: Id::new(),
            places: 21,
            ..diary.run
        };
        assert!(
            diary
                .app
                .db
                .write(move |conn| add_run(conn, &larger))
                .await
                .is_err()
        );
    });
}

#[test]
fn a_confirmed_place_is_shown_to_the_physio_only_where_the_patient_agreed() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let (app, run) = (diary.app.clone(), diary.run.id);
        let by = By::Staff(a_triager(&app, "ash").await);
        for (number, shares) in [(1, true), (2, false)] {
            let code = a_slip(&app, number, "unused").await;
            let mut sent = submission().with_slip(&code);
            sent.0.share_status = shares;
            let referral = sent.send(&app).await.receipt().expect("a receipt").id;
            let expect = |status: &str| shares.then(|| status.to_owned());
            assert_eq!(shared(&app, number).await, expect("used"));
            assert!(matches!(diary.hold(run, referral).await, Hold::Held(_)));
            assert_eq!(
                shared(&app, number).await,
                expect("used"),
                "held is not yet booked"
            );
            assert!(
                act(&app, by, move |conn, app, act| booking::confirm(
                    conn, app, act, referral
                ))
                .await
            );
            assert_eq!(shared(&app, number).await, expect("booked"));
            assert!(
                act(&app, by, move |conn, app, act| booking::close_out(
                    conn, app, act, referral
                ))
                .await
            );
            assert_eq!(shared(&app, number).await, expect("used"));
        }
    });
}

#[test]
fn an_unfinished_form_shares_nothing_until_it_is_finished() {
    on_both(|fresh| async move {
        let app = Diary::open(fresh, 20).await.app;
        let code = a_slip(&app, 1, "unused").await;
        let mut sent = submission().with_slip(&code).unfinished().in_danger();
        sent.0.share_status = true;
        sent.send(&app).await;
        assert_eq!(shared(&app, 1).await, None);
        sent.0.incomplete = false;
        sent.send(&app).await;
        assert_eq!(shared(&app, 1).await.as_deref(), Some("used"));
    });
}

/// What the slip of this serial says to its physio.
async fn shared(app: &Arc<App>, serial: i32) -> Option<String> {
    let read = app.db.read(move |conn| {
        let one = slip::table
            .filter(slip::serial.eq(i64::from(serial)))
            .select(slip::shared_status);
        Ok(dispatch!(conn, c => one.first(c))?)
    });
    read.await.expect("read")
}
