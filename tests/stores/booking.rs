//! The story of a place: held once, never a twenty-first, given up when its referral ends.

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::booking::{
    Course, Hold, NewRun, NewVenue, PlaceState, Run, add_course, add_run, add_venue, close_out, confirm,
    find_place, hold, list_runs,
};
use iapt_pad::config::{Mail, ServiceName};
use iapt_pad::db::schema::slip;
use iapt_pad::dispatch;
use iapt_pad::staff::{Added, DisplayName, NewAccount, Role, Username, add_account};
use iapt_pad::values::Id;

use crate::support::app::{at, monday_morning, test_app};
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::submission;
use crate::support::slips::a_slip;

async fn surroundings(fresh: Fresh) -> (Arc<App>, NewRun) {
    let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
    let app = Arc::new(test_app(fresh.db, monday_morning(), Mail::Captured(folder)).await);
    let course = Course {
        id: Id::new(),
        code: "back-pain".to_owned(),
        name: "Living Well with Back Pain and Sciatica".to_owned(),
        service: ServiceName::Hwb,
        sessions: 5,
    };
    let venue = NewVenue {
        id: Id::new(),
        name: "A hall".to_owned(),
        address: "A street".to_owned(),
        access: "Step-free".to_owned(),
    };
    let run = NewRun {
        id: Id::new(),
        course: course.id,
        venue: venue.id,
        first_session: at("2026-12-08T14:00:00Z"),
        minutes: 120,
        places: 20,
    };
    app.db
        .write(move |conn| {
            add_course(conn, &course)?;
            add_venue(conn, &venue)?;
            add_run(conn, &run)
        })
        .await
        .expect("a course");
    (app, run)
}

async fn hold_one(app: &Arc<App>, run: Id, referral: Id) -> Hold {
    let now = app.clock.now();
    app.db
        .write(move |conn| hold(conn, run, referral, now))
        .await
        .expect("an answer")
}

async fn the_run(app: &Arc<App>) -> Run {
    let from = app.clock.now();
    let runs = app
        .db
        .read(move |conn| list_runs(conn, from))
        .await
        .expect("runs");
    runs.into_iter().next().expect("one run")
}

#[test]
fn a_course_never_has_a_twenty_first_place_taken() {
    on_both(|fresh| async move {
        let (app, run) = surroundings(fresh).await;
        let mut people = Vec::new();
        for _ in 0..40 {
            people.push(submission().send(&app).await.receipt().id);
        }
        let wishes: Vec<_> = people
            .iter()
            .map(|person| {
                let (app, person) = (app.clone(), *person);
                tokio::spawn(async move { hold_one(&app, run.id, person).await })
            })
            .collect();
        let (mut held, mut full) = (0, 0);
        for wish in wishes {
            match wish.await.expect("joined") {
                Hold::Held(_) => held += 1,
                Hold::Full => full += 1,
                Hold::AlreadyHas(_) => panic!("nobody asked twice"),
            }
        }
        assert_eq!((held, full), (20, 20));
        let run = the_run(&app).await;
        assert_eq!((run.places, run.held, run.free()), (20, 20, 0));
    });
}

#[test]
fn a_double_submit_makes_one_booking() {
    on_both(|fresh| async move {
        let (app, run) = surroundings(fresh).await;
        let person = submission().send(&app).await.receipt().id;
        let taps: Vec<_> = (0..2)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move { hold_one(&app, run.id, person).await })
            })
            .collect();
        for tap in taps {
            let answer = tap.await.expect("joined");
            assert!(matches!(answer, Hold::Held(_) | Hold::AlreadyHas(_)));
        }
        assert_eq!(the_run(&app).await.held, 1);
    });
}

#[test]
fn a_place_is_held_until_somebody_confirms_it_and_free_once_the_referral_ends() {
    on_both(|fresh| async move {
        let (app, run) = surroundings(fresh).await;
        let person = submission().send(&app).await.receipt().id;
        let account = NewAccount {
            username: Username::parse("terry").expect("a name"),
            display_name: DisplayName::parse("Terry Testcase").expect("a name"),
            role: Role::Triage,
            clinic: None,
        };
        let Added::Yes { id: by, .. } = add_account(&app.db, app.clock.now(), account)
            .await
            .expect("added")
        else {
            panic!("the account is new");
        };
        assert!(matches!(hold_one(&app, run.id, person).await, Hold::Held(_)));
        let now = app.clock.now();
        let confirmed = app
            .db
            .write(move |conn| confirm(conn, person, by, now))
            .await
            .expect("confirmed");
        let place = app
            .db
            .read(move |conn| find_place(conn, person))
            .await
            .expect("read")
            .expect("a place");
        assert_eq!((confirmed, place.state), (true, PlaceState::Confirmed));
        assert!(
            app.db
                .write(move |conn| close_out(conn, person))
                .await
                .expect("closed")
        );
        assert_eq!(the_run(&app).await.free(), 20);
    });
}

#[test]
fn a_run_with_twenty_one_places_is_refused() {
    on_both(|fresh| async move {
        let (app, run) = surroundings(fresh).await;
        let larger = NewRun {
            id: Id::new(),
            places: 21,
            ..run
        };
        assert!(app.db.write(move |conn| add_run(conn, &larger)).await.is_err());
    });
}

#[test]
fn a_confirmed_place_is_shown_to_the_physio_only_where_the_patient_agreed() {
    on_both(|fresh| async move {
        let (app, run) = surroundings(fresh).await;
        let added = add_account(
            &app.db,
            app.clock.now(),
            NewAccount {
                username: Username::parse("ash").expect("a username"),
                display_name: DisplayName::parse("Ash Example").expect("a name"),
                role: Role::Triage,
                clinic: None,
            },
        );
        let Added::Yes { id: by, .. } = added.await.expect("asked") else {
            panic!("not added")
        };
        let now = app.clock.now();
        for (number, shares) in [(1, true), (2, false)] {
            let code = a_slip(&app, number, "unused").await;
            let mut sent = submission().with_slip(&code);
            sent.0.share_status = shares;
            let referral = sent.send(&app).await.receipt().id;
            let expect = |status: &str| shares.then(|| status.to_owned());
            assert_eq!(shared(&app, number).await, expect("used"));
            assert!(matches!(hold_one(&app, run.id, referral).await, Hold::Held(_)));
            assert_eq!(
                shared(&app, number).await,
                expect("used"),
                "held is not yet booked"
            );
            let confirmed = app.db.write(move |conn| confirm(conn, referral, by, now)).await;
            assert!(confirmed.expect("asked"));
            assert_eq!(shared(&app, number).await, expect("booked"));
            let freed = app.db.write(move |conn| close_out(conn, referral)).await;
            assert!(freed.expect("asked"));
            assert_eq!(shared(&app, number).await, expect("used"));
        }
    });
}

#[test]
fn an_unfinished_form_shares_nothing_until_it_is_finished() {
    on_both(|fresh| async move {
        let (app, _) = surroundings(fresh).await;
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
