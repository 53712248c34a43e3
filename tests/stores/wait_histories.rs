//! Random histories of joining, cancelling, lapsing, offering again, full courses, courses that begin and runs that are
//! called off. After every step the rows are looked at: nobody has two places, no run has more than its rows, nobody
//! overtakes, no place is free beside somebody who waits and can be offered it, no offer lives for a begun course.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::booking::{self, BookingRules, tend};
use iapt_pad::db::schema::{course_run, outbox, place, waiting};
use iapt_pad::dispatch;
use iapt_pad::referrals::By;
use iapt_pad::referrals::ContactOutcome;
use iapt_pad::values::{Id, Ts};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::support::calls::{place_calls, record};
use crate::support::courses::{Diary, a_triager, act};
use crate::support::databases::on_both;

/// People in a history.
const PEOPLE: usize = 7;
/// Steps of one history, and how many histories.
const STEPS: usize = 45;
const HISTORIES: usize = 12;

#[derive(Clone, Copy, Debug)]
enum Step {
    Hold(usize),
    Change(usize),
    Cancel,
    Join,
    Leave,
    Accept,
    Refuse,
    Confirm,
    MoveTo(usize),
    CloseOut,
    Rang(ContactOutcome),
    Mail(bool),
    Hours(i64),
    CallOff(usize),
    Tend,
}

fn any_step() -> impl Strategy<Value = (usize, Step)> {
    let step = prop_oneof![
        6 => (0..2_usize).prop_map(Step::Hold),
        1 => (0..2_usize).prop_map(Step::Change),
        3 => Just(Step::Cancel),
        8 => Just(Step::Join),
        1 => Just(Step::Leave),
        3 => Just(Step::Accept),
        1 => Just(Step::Refuse),
        1 => Just(Step::Confirm),
        1 => (0..2_usize).prop_map(Step::MoveTo),
        1 => Just(Step::CloseOut),
        2 => prop::sample::select(ContactOutcome::ALL.to_vec()).prop_map(Step::Rang),
        3 => any::<bool>().prop_map(Step::Mail),
        3 => (1..30_i64).prop_map(Step::Hours),
        1 => (0..60_usize).prop_map(Step::CallOff),
        3 => Just(Step::Tend),
    ];
    (0..PEOPLE, step)
}

#[derive(Clone, Debug, PartialEq)]
struct Wait {
    id: Id,
    course: Id,
    referral: Id,
    state: String,
    joined_at: Ts,
    offered: Option<(Id, i32)>,
}

/// The rows as they stand.
struct Rows {
    places: Vec<(Id, i32, Option<Id>, String)>,
    waits: Vec<Wait>,
    runs: Vec<(Id, Id, Ts, bool)>,
}

async fn rows(diary: &Diary) -> Rows {
    let read = diary.app.db.read(|conn| {
        let places = place::table.select((place::run_id, place::seat, place::referral_id, place::state));
        let waits = waiting::table.filter(waiting::ended_at.is_null()).select((
            (
                waiting::id,
                waiting::course_id,
                waiting::referral_id,
                waiting::state,
                waiting::joined_at,
            ),
            (waiting::offered_run, waiting::offered_seat),
        ));
        let runs = course_run::table.select((
            course_run::id,
            course_run::course_id,
            course_run::first_session_at,
            course_run::cancelled,
        ));
        type Stored = ((Id, Id, Id, String, Ts), (Option<Id>, Option<i32>));
        let places = dispatch!(&mut *conn, c => places.load(c))?;
        let waits: Vec<Stored> = dispatch!(&mut *conn, c => waits.load(c))?;
        let runs = dispatch!(&mut *conn, c => runs.load(c))?;
        let waits = waits
            .into_iter()
            .map(|((id, course, referral, state, joined_at), (run, seat))| Wait {
                id,
                course,
                referral,
                state,
                joined_at,
                offered: run.zip(seat),
            });
        Ok(Rows {
            places,
            waits: waits.collect(),
            runs,
        })
    });
    read.await.expect("rows")
}

impl Rows {
    fn has_place(&self, referral: Id) -> bool {
        self.places
            .iter()
            .any(|(_, _, whose, _)| *whose == Some(referral))
    }

    fn can_be_offered(&self) -> impl Iterator<Item = &Wait> {
        self.waits
            .iter()
            .filter(|wait| wait.state == "waiting" && !self.has_place(wait.referral))
    }

    /// What holds at every moment.
    fn hold_true(&self, diary: &Diary, told: &str) {
        let now = diary.app.clock.now();
        let rules = BookingRules::of(&diary.app.config.locality);
        let mut people: Vec<Id> = self.places.iter().filter_map(|(_, _, whose, _)| *whose).collect();
        let many = people.len();
        people.sort_unstable();
        people.dedup();
        assert_eq!(people.len(), many, "{told}: somebody has two places");
        let mut seats: BTreeMap<Id, usize> = BTreeMap::new();
        for (run, _, whose, state) in &self.places {
            *seats.entry(*run).or_default() += 1;
            assert_eq!(whose.is_none(), state == "free", "{told}");
        }
        assert!(
            seats.values().all(|seats| *seats == 2),
            "{told}: a run has other rows"
        );
        let offers: Vec<(Id, i32, Id)> = self
            .places
            .iter()
            .filter(|(_, _, _, state)| state == "offered")
            .filter_map(|(run, seat, whose, _)| Some((*run, *seat, (*whose)?)))
            .collect();
        let promised: Vec<(Id, i32, Id)> = self
            .waits
            .iter()
            .filter_map(|wait| wait.offered.map(|(run, seat)| (run, seat, wait.referral)))
            .collect();
        let sorted = |mut list: Vec<(Id, i32, Id)>| {
            list.sort_unstable();
            list
        };
        assert_eq!(
            sorted(offers),
            sorted(promised),
            "{told}: an offer without its place"
        );
        for (run, course, first, cancelled) in &self.runs {
            let open = !cancelled && rules.is_open(now, *first);
            let free = self
                .places
                .iter()
                .any(|(of, _, _, state)| of == run && state == "free");
            let waits = self
                .can_be_offered()
                .filter(|wait| wait.course == *course)
                .count();
            assert!(
                !(open && free && waits > 0),
                "{told}: a free place beside {waits} who wait"
            );
        }
    }

    /// Whoever is newly offered a place was the first of those who could be.
    fn nobody_overtook(&self, before: &Rows, told: &str) {
        let was = |id: Id| before.waits.iter().find(|wait| wait.id == id);
        for offered in self.waits.iter().filter(|wait| wait.state == "offered") {
            if was(offered.id).is_some_and(|before| before.offered == offered.offered) {
                continue;
            }
            for other in self.can_be_offered().filter(|wait| wait.course == offered.course) {
                let earlier = (other.joined_at, other.id) < (offered.joined_at, offered.id);
                // Who let an offer pass in this very step stands back for one turn, and no longer.
                let passed = was(other.id).is_some_and(|before| before.state == "offered");
                assert!(!earlier || passed, "{told}: {offered:?} before {other:?}");
            }
        }
    }

    fn no_offer_for_a_begun_course(&self, diary: &Diary, told: &str) {
        let now = diary.app.clock.now();
        for wait in &self.waits {
            let Some((run, _)) = wait.offered else { continue };
            let run = self.runs.iter().find(|(id, _, _, _)| *id == run).expect("a run");
            assert!(run.2 > now && !run.3, "{told}: {wait:?}");
        }
    }
}

async fn mail(diary: &Diary, delivered: bool) {
    let (now, status) = (
        diary.app.clock.now(),
        if delivered { "delivered" } else { "given_up" },
    );
    let marked = diary.app.db.write(move |conn| {
        let all = outbox::table.filter(outbox::status.eq("waiting"));
        let change = (outbox::status.eq(status), outbox::done_at.eq(now));
        Ok(dispatch!(conn, c => diesel::update(all).set(change).execute(c))?)
    });
    marked.await.expect("marked");
}

async fn go(diary: &Diary, by: By, runs: [Id; 2], who: Id, step: Step) {
    let app = &diary.app;
    match step {
        Step::Hold(run) => {
            diary.hold(runs[run], who).await;
        }
        Step::Change(run) => {
            diary.change(runs[run], who).await;
        }
        Step::Cancel => {
            diary.cancel(who).await;
        }
        Step::Join => {
            diary.join(who).await;
        }
        Step::Leave => {
            diary.leave(who).await;
        }
        Step::Accept => {
            diary.accept(who).await;
        }
        Step::Refuse => {
            diary.refuse(who).await;
        }
        Step::Confirm => {
            act(app, by, move |conn, app, act| {
                booking::confirm(conn, app, act, who)
            })
            .await;
        }
        Step::MoveTo(run) => {
            let run = runs[run];
            act(app, by, move |conn, app, act| {
                booking::move_to(conn, app, act, run, who)
            })
            .await;
        }
        Step::CloseOut => {
            act(app, by, move |conn, app, act| {
                booking::close_out(conn, app, act, who)
            })
            .await;
        }
        Step::Rang(outcome) => {
            let calls = place_calls(app).await;
            if calls.iter().any(|call| call.referral == who)
                && let By::Staff(staff) = by
            {
                record(app, staff, who, outcome).await;
            }
        }
        Step::Mail(delivered) => mail(diary, delivered).await,
        Step::Hours(hours) => app.clock.advance_minutes(hours * 60),
        Step::CallOff(run) if run < runs.len() => {
            let run = runs[run];
            act(app, by, move |conn, app, act| {
                booking::call_off(conn, app, act, run)
            })
            .await;
        }
        Step::CallOff(_) => {}
        Step::Tend => {
            tend(app).await.expect("tended");
        }
    }
}

async fn a_history(diary: &Diary, by: By, steps: &[(usize, Step)], number: usize) {
    let mut people = Vec::new();
    for index in 0..PEOPLE {
        people.push(match index % 3 {
            0 => diary.without_mail().await,
            1 => diary.patient().await,
            _ => diary.without_voicemail().await,
        });
    }
    let later = diary.another("2026-12-17T14:00:00Z", 2).await;
    let runs = [diary.run.id, later];
    let mut before = rows(diary).await;
    for (index, (who, step)) in steps.iter().enumerate() {
        go(diary, by, runs, people[*who], *step).await;
        let after = rows(diary).await;
        let told = format!("history {number}, step {index}, {step:?} of {who}");
        after.hold_true(diary, &told);
        after.nobody_overtook(&before, &told);
        if matches!(step, Step::Tend) {
            after.no_offer_for_a_begun_course(diary, &told);
        }
        before = after;
    }
    diary.app.clock.advance_minutes(40 * 24 * 60);
    tend(&diary.app).await.expect("tended");
    let after = rows(diary).await;
    after.no_offer_for_a_begun_course(diary, "at the end");
    assert!(
        after.waits.is_empty(),
        "history {number}: somebody waits for a course that has begun"
    );
}

fn histories() -> Vec<Vec<(usize, Step)>> {
    let mut runner = TestRunner::deterministic();
    let steps = prop::collection::vec(any_step(), STEPS);
    (0..HISTORIES)
        .map(|_| steps.new_tree(&mut runner).expect("steps").current())
        .collect()
}

#[test]
fn whatever_the_history_of_a_waiting_list_its_promises_hold() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 2).await;
        let by = By::Staff(a_triager(&diary.app, "terry").await);
        let start = diary.app.clock.now();
        for (number, steps) in histories().iter().enumerate() {
            diary.app.clock.set(start);
            let next = Diary::within(diary.app.clone(), 2).await;
            a_history(&next, by, steps, number).await;
        }
    });
}

#[test]
fn the_promises_hold_when_everybody_acts_at_once() {
    on_both(|fresh| async move {
        let diary = Arc::new(Diary::open(fresh, 2).await);
        let by = By::Staff(a_triager(&diary.app, "terry").await);
        let later = diary.another("2026-12-17T14:00:00Z", 2).await;
        let mut people = Vec::new();
        for _ in 0..PEOPLE {
            people.push(diary.without_mail().await);
        }
        for steps in histories().chunks(3) {
            let together: Vec<_> = steps
                .iter()
                .flatten()
                .filter(|(_, step)| !matches!(step, Step::Hours(_) | Step::CallOff(_) | Step::Mail(_)))
                .map(|(who, step)| {
                    let (diary, person, step) = (diary.clone(), people[*who], *step);
                    let runs = [diary.run.id, later];
                    tokio::spawn(async move { go(&diary, by, runs, person, step).await })
                })
                .collect();
            for one in together {
                one.await.expect("joined");
            }
            rows(&diary).await.hold_true(&diary, "all at once");
        }
    });
}
