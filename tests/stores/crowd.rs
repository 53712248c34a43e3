//! Never a twenty-first place: a crowd books at once, on both databases, while workers are killed in between.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::booking::{self, Act, Hold};
use iapt_pad::db::schema::place;
use iapt_pad::dispatch;
use iapt_pad::referrals::By;
use iapt_pad::values::Id;
use tokio::task::JoinHandle;

use crate::support::courses::Diary;
use crate::support::databases::on_both;

/// Bookings at once.
const CROWD: usize = 200;
/// How often the crowd comes again.
const TIMES: usize = 3;

/// Every place row as it stands in the database: run, seat, whose, state.
async fn raw(diary: &Diary) -> Vec<(Id, i32, Option<Id>, String)> {
    let read = diary.app.db.read(|conn| {
        let all = place::table.order((place::run_id, place::seat)).select((
            place::run_id,
            place::seat,
            place::referral_id,
            place::state,
        ));
        Ok(dispatch!(conn, c => all.load(c))?)
    });
    read.await.expect("the rows")
}

/// Twenty rows a run, and nobody in two of them.
async fn nobody_has_two_and_no_run_has_more(diary: &Diary) -> usize {
    let rows = raw(diary).await;
    let mut taken: BTreeMap<Id, usize> = BTreeMap::new();
    let mut people: Vec<Id> = Vec::new();
    for (run, seat, referral, state) in &rows {
        assert!((1..=20).contains(seat));
        assert_eq!(referral.is_some(), state != "free");
        if let Some(referral) = referral {
            *taken.entry(*run).or_default() += 1;
            people.push(*referral);
        }
    }
    assert!(taken.values().all(|taken| *taken <= 20), "{taken:?}");
    let many = people.len();
    people.sort_unstable();
    people.dedup();
    assert_eq!(people.len(), many, "somebody has two places");
    many
}

fn wish(diary: &Diary, run: Id, person: Id) -> JoinHandle<Hold> {
    let app = diary.app.clone();
    tokio::spawn(async move {
        let act = Act::draw(app.clock.now(), By::Patient).expect("an act");
        let inside = app.clone();
        app.db
            .write(move |conn| booking::hold(conn, &inside, &act, run, person))
            .await
            .expect("an answer")
    })
}

#[test]
fn a_course_never_has_a_twenty_first_place_taken() {
    on_both(|fresh| async move {
        let diary = Arc::new(Diary::open(fresh, 20).await);
        for time in 0..TIMES {
            let run = diary.another(&format!("2026-12-1{time}T14:00:00Z"), 20).await;
            let mut people = Vec::with_capacity(CROWD);
            for _ in 0..CROWD {
                people.push(diary.patient().await);
            }
            let wishes: Vec<_> = people.iter().map(|person| wish(&diary, run, *person)).collect();
            let (mut held, mut full) = (0, 0);
            for wish in wishes {
                match wish.await.expect("joined") {
                    Hold::Held(_) => held += 1,
                    Hold::Full => full += 1,
                    Hold::AlreadyHas(_) | Hold::NotOffered => panic!("nobody asked twice, and all may"),
                }
            }
            assert_eq!((held, full), (20, CROWD - 20));
            assert_eq!(nobody_has_two_and_no_run_has_more(&diary).await, 20 * (time + 1));
        }
    });
}

#[test]
fn a_crowd_that_taps_twice_and_is_cut_off_in_between_gets_twenty_places() {
    on_both(|fresh| async move {
        let diary = Arc::new(Diary::open(fresh, 20).await);
        for time in 0..TIMES {
            let run = diary.another(&format!("2026-12-1{time}T14:00:00Z"), 20).await;
            let mut people = Vec::new();
            for _ in 0..CROWD / 4 {
                people.push(diary.patient().await);
            }
            // Each taps four times in one instant; every third tap loses its connection.
            let taps: Vec<_> = (0..4)
                .flat_map(|_| people.clone())
                .map(|person| wish(&diary, run, person))
                .collect();
            assert_eq!(taps.len(), CROWD);
            for cut_off in taps.iter().step_by(3) {
                cut_off.abort();
                tokio::task::yield_now().await;
            }
            let mut places: BTreeMap<Id, i32> = BTreeMap::new();
            for (person, tap) in people.iter().cycle().zip(taps) {
                match tap.await {
                    Ok(Hold::Held(place) | Hold::AlreadyHas(place)) => {
                        let same = *places.entry(*person).or_insert(place.seat);
                        assert_eq!(same, place.seat, "one person, one place");
                    }
                    Ok(Hold::Full) => {}
                    Ok(Hold::NotOffered) => panic!("all may"),
                    Err(cut_off) => assert!(cut_off.is_cancelled()),
                }
            }
            assert_eq!(nobody_has_two_and_no_run_has_more(&diary).await, 20 * (time + 1));
        }
    });
}
