//! The diary on both databases: runs that move, places that never become fewer than are taken, one person for each
//! appointment, who came, and the beginning of treatment.

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::booking::{
    self, Attendance, BookingRules, Changed, Mark, Marked, NewSlot, PlaceState, Plan, Sheet, SlotHold,
    SlotKind, add_slots, call_off_slot, change_run, confirm_slot, find_diary_run, free_slots, hold_slot,
    mark, own_calendar, own_slot, parallel_sessions, sheet,
};
use iapt_pad::config::{Mail, ServiceName};
use iapt_pad::db::schema::{outbox, place, slot};
use iapt_pad::dispatch;
use iapt_pad::referrals::{By, Deed, EventKind, ReferralView, ReviewState, Subject, open_by_id, review};
use iapt_pad::triage::Step;
use iapt_pad::values::{Id, Ts};

use crate::support::app::{at, monday_morning, test_app};
use crate::support::calls::place_calls;
use crate::support::courses::{Diary, a_triager, act};
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::{ASubmission, submission};

/// The same run, moved or with more places.
fn plan(diary: &Diary, first_session: &str, places: i32) -> Plan {
    Plan {
        venue: diary.run.venue,
        first_session: at(first_session),
        minutes: 120,
        places,
    }
}

async fn changed(diary: &Diary, by: Id, seen: i32, plan: Plan) -> Changed {
    let run = diary.run.id;
    act(&diary.app, By::Staff(by), move |conn, app, act| {
        change_run(conn, app, act, run, seen, &plan)
    })
    .await
}

async fn view(app: &Arc<App>, referral: Id) -> ReferralView {
    let inside = app.clone();
    let read = app.db.read(move |conn| open_by_id(conn, &inside.keys, referral));
    read.await.expect("read").expect("a referral")
}

/// A patient on the run with a confirmed place, accepted by this person.
async fn confirmed(diary: &Diary, by: Id) -> Id {
    let sent = submission().send(&diary.app).await;
    let (referral, reference) = (
        sent.receipt().expect("a receipt").id,
        sent.receipt().expect("a receipt").reference.clone(),
    );
    diary.hold(diary.run.id, referral).await;
    let accept = Deed::Accept {
        step: Step::Two,
        reason: None,
        with: None,
    };
    review(&diary.app, &reference, None, by, accept)
        .await
        .expect("accepted");
    act(&diary.app, By::Staff(by), move |conn, app, act| {
        booking::confirm(conn, app, act, referral)
    })
    .await;
    referral
}

async fn mails(app: &Arc<App>) -> i64 {
    let all = app
        .db
        .read(|conn| Ok(dispatch!(conn, c => outbox::table.count().get_result(c))?));
    all.await.expect("read")
}

#[test]
fn whoever_is_on_a_run_that_moves_is_told_and_their_calendar_follows() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let terry = a_triager(&diary.app, "terry").await;
        let (one, other) = (diary.patient().await, diary.without_mail().await);
        diary.hold(diary.run.id, one).await;
        diary.hold(diary.run.id, other).await;
        let before = calendar(&diary.app, one).await.expect("a file");
        let written = mails(&diary.app).await;
        let calls = place_calls(&diary.app).await.len();
        let told = changed(&diary, terry, 0, plan(&diary, "2026-12-09T10:00:00Z", 20)).await;
        assert_eq!(told, Changed::Done { told: 2 });
        assert_eq!(mails(&diary.app).await, written + 1, "one by mail");
        let now = place_calls(&diary.app).await;
        assert_eq!(now.len(), calls, "the call that was open is now about the move");
        assert!(
            now.iter()
                .any(|task| task.referral == other && task.subject == Subject::PlaceMoved)
        );
        let after = calendar(&diary.app, one).await.expect("a file");
        assert!(before.contains("DTSTART;TZID=Europe/London:20261208T140000"));
        assert!(after.contains("DTSTART;TZID=Europe/London:20261209T100000"));
        assert_eq!(uids(&before), uids(&after), "the same entries");
        assert_eq!(uids(&after).len(), 5);
        assert!(sequence(&after) > sequence(&before), "{before} {after}");
        assert!(
            view(&diary.app, one)
                .await
                .timeline
                .iter()
                .any(|event| event.kind == EventKind::PlaceMoved)
        );
    });
}

async fn calendar(app: &Arc<App>, referral: Id) -> Option<String> {
    let inside = app.clone();
    let now = app.clock.now();
    let read = app
        .db
        .read(move |conn| own_calendar(conn, &inside.keys, referral, now));
    read.await.expect("read")
}

fn uids(file: &str) -> Vec<&str> {
    file.lines().filter(|line| line.starts_with("UID:")).collect()
}

fn sequence(file: &str) -> i32 {
    let line = file.lines().find_map(|line| line.strip_prefix("SEQUENCE:"));
    line.expect("a sequence").parse().expect("a number")
}

#[test]
fn places_become_more_or_fewer_but_never_fewer_than_are_taken() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 4).await;
        let terry = a_triager(&diary.app, "terry").await;
        for _ in 0..3 {
            diary.hold(diary.run.id, diary.patient().await).await;
        }
        let same = "2026-12-08T14:00:00Z";
        assert_eq!(
            changed(&diary, terry, 0, plan(&diary, same, 2)).await,
            Changed::Taken(3)
        );
        let unmoved = Changed::Done { told: 0 };
        assert_eq!(changed(&diary, terry, 0, plan(&diary, same, 3)).await, unmoved);
        assert_eq!(seats(&diary).await, (3, 0));
        // Somebody who looked before that is told; nothing is done.
        assert_eq!(
            changed(&diary, terry, 0, plan(&diary, same, 20)).await,
            Changed::Meanwhile
        );
        // Who waits is offered the first of the new places.
        let waiting = diary.patient().await;
        diary.join(waiting).await;
        assert_eq!(changed(&diary, terry, 1, plan(&diary, same, 20)).await, unmoved);
        assert_eq!(seats(&diary).await, (20, 16));
        let offered = diary.place(waiting).await.expect("an offer");
        assert_eq!(offered.state, PlaceState::Offered);
        let run = diary.run.id;
        let stands = diary.app.db.read(move |conn| find_diary_run(conn, run)).await;
        let stands = stands.expect("read").expect("a run");
        assert_eq!((stands.places, stands.taken(), stands.sequence), (20, 4, 2));
    });
}

/// All seats of the run and the free ones, from the raw rows.
async fn seats(diary: &Diary) -> (usize, usize) {
    let run = diary.run.id;
    let all = diary.app.db.read(move |conn| {
        let seats = place::table
            .filter(place::run_id.eq(run))
            .select(place::referral_id);
        let seats: Vec<Option<Id>> = dispatch!(conn, c => seats.load(c))?;
        Ok(seats)
    });
    let all = all.await.expect("read");
    (all.len(), all.iter().filter(|seat| seat.is_none()).count())
}

#[test]
fn a_run_that_has_begun_keeps_its_dates_and_one_that_is_called_off_stays_as_it_is() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let terry = a_triager(&diary.app, "terry").await;
        diary.app.clock.set(at("2026-12-08T15:00:00Z"));
        let later = plan(&diary, "2026-12-15T14:00:00Z", 20);
        assert_eq!(changed(&diary, terry, 0, later).await, Changed::Begun);
        let longer = Plan {
            minutes: 90,
            ..plan(&diary, "2026-12-08T14:00:00Z", 20)
        };
        assert_eq!(changed(&diary, terry, 0, longer).await, Changed::Done { told: 0 });
        let run = diary.run.id;
        act(&diary.app, By::Staff(terry), move |conn, app, act| {
            booking::call_off(conn, app, act, run)
        })
        .await;
        assert_eq!(changed(&diary, terry, 1, longer).await, Changed::CalledOff);
    });
}

async fn ticked(
    diary: &Diary,
    by: Id,
    session: i32,
    marks: &[(Id, Option<Attendance>, Attendance)],
) -> Marked {
    let run = diary.run.id;
    ticked_on(diary, by, run, session, marks).await
}

async fn ticked_on(
    diary: &Diary,
    by: Id,
    run: Id,
    session: i32,
    marks: &[(Id, Option<Attendance>, Attendance)],
) -> Marked {
    let marks: Vec<Mark> = marks
        .iter()
        .map(|(referral, was, now)| Mark {
            referral: *referral,
            was: *was,
            now: *now,
        })
        .collect();
    act(&diary.app, By::Staff(by), move |conn, app, act| {
        mark(conn, app, act, run, session, &marks)
    })
    .await
}

fn one_changed() -> Marked {
    Marked::Done {
        changed: 1,
        meanwhile: Vec::new(),
    }
}

#[test]
fn the_first_session_somebody_came_to_begins_their_treatment_and_a_mistake_is_put_right() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let terry = a_triager(&diary.app, "terry").await;
        let person = confirmed(&diary, terry).await;
        let came = [(person, None, Attendance::Came)];
        assert_eq!(ticked(&diary, terry, 1, &came).await, Marked::TooEarly);
        let told_us = [(person, None, Attendance::ToldUs)];
        assert_eq!(
            ticked(&diary, terry, 1, &told_us).await,
            one_changed(),
            "known before"
        );
        assert_eq!(view(&diary.app, person).await.state, ReviewState::Accepted);
        diary.app.clock.set(at("2026-12-15T16:30:00Z"));
        assert_eq!(ticked(&diary, terry, 2, &came).await, one_changed());
        let began = view(&diary.app, person).await;
        assert_eq!(
            (began.state, began.started_at),
            (ReviewState::Started, Some(at("2026-12-15T14:00:00Z")))
        );
        // They had come to the first session after all: the clock stopped a week earlier.
        let after_all = [(person, Some(Attendance::ToldUs), Attendance::CameLate)];
        assert_eq!(ticked(&diary, terry, 1, &after_all).await, one_changed());
        let earlier = view(&diary.app, person).await;
        assert_eq!(
            (earlier.state, earlier.started_at),
            (ReviewState::Started, Some(at("2026-12-08T14:00:00Z")))
        );
        // Both ticks were mistakes: nobody came, and the clock runs again.
        let wrong = [(person, Some(Attendance::CameLate), Attendance::DidNotCome)];
        assert_eq!(ticked(&diary, terry, 1, &wrong).await, one_changed());
        let wrong = [(person, Some(Attendance::Came), Attendance::DidNotCome)];
        assert_eq!(ticked(&diary, terry, 2, &wrong).await, one_changed());
        let now = view(&diary.app, person).await;
        assert_eq!((now.state, now.started_at), (ReviewState::Accepted, None));
        assert!(now.chain_is_whole);
        let count = |kind| now.timeline.iter().filter(|event| event.kind == kind).count();
        assert_eq!(count(EventKind::Attended), 5, "each tick and each correction");
        assert_eq!(count(EventKind::NotStarted), 1);
        let put_right = now
            .timeline
            .iter()
            .filter_map(|event| event.payload.text.as_deref());
        assert!(
            put_right
                .into_iter()
                .any(|text| text.ends_with("Put right; it said: Came"))
        );
    });
}

#[test]
fn two_who_tick_at_once_do_not_overwrite_each_other() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let terry = a_triager(&diary.app, "terry").await;
        let sam = a_triager(&diary.app, "sam").await;
        let person = confirmed(&diary, terry).await;
        diary.app.clock.set(at("2026-12-08T16:30:00Z"));
        assert_eq!(
            ticked(&diary, terry, 1, &[(person, None, Attendance::Came)]).await,
            one_changed()
        );
        let stale = [(person, None, Attendance::DidNotCome)];
        let answer = Marked::Done {
            changed: 0,
            meanwhile: vec![person],
        };
        assert_eq!(ticked(&diary, sam, 1, &stale).await, answer);
        assert_eq!(
            ticked(&diary, sam, 1, &[(person, None, Attendance::Came)]).await,
            Marked::Done {
                changed: 0,
                meanwhile: Vec::new()
            }
        );
        let stranger = diary.patient().await;
        let unknown = ticked(&diary, sam, 1, &[(stranger, None, Attendance::Came)]).await;
        assert_eq!(
            unknown,
            Marked::Done {
                changed: 0,
                meanwhile: Vec::new()
            },
            "not on the list"
        );
        assert_eq!(ticked(&diary, sam, 6, &stale).await, Marked::Missing);
    });
}

#[test]
fn whoever_missed_a_session_may_come_to_the_same_one_of_another_run() {
    on_both(|fresh| async move {
        let diary = Diary::open(fresh, 20).await;
        let terry = a_triager(&diary.app, "terry").await;
        let person = confirmed(&diary, terry).await;
        let beside = diary.another("2026-12-14T10:00:00Z", 1).await;
        let full = diary.another("2026-12-11T10:00:00Z", 1).await;
        let filled = diary.patient().await;
        diary.hold(full, filled).await;
        diary.another("2027-02-01T10:00:00Z", 20).await;
        diary.app.clock.set(at("2026-12-08T16:30:00Z"));
        assert!(parallel(&diary, person).await.is_empty(), "nothing missed yet");
        ticked(&diary, terry, 1, &[(person, None, Attendance::DidNotCome)]).await;
        let offered = parallel(&diary, person).await;
        let starts: Vec<Ts> = offered.iter().map(|one| one.starts).collect();
        assert_eq!(starts, [at("2026-12-14T10:00:00Z")], "soon, and with room");
        assert_eq!((offered[0].run, offered[0].session), (beside, 1));
        // There they stand on the list as a guest, and having come counts.
        diary.app.clock.set(at("2026-12-14T12:00:00Z"));
        let guests = the_sheet(&diary, beside, 1).await.lines;
        assert!(guests.len() == 1 && guests[0].guest && guests[0].who.id == person);
        let came = [(person, None, Attendance::Came)];
        assert_eq!(ticked_on(&diary, terry, beside, 1, &came).await, one_changed());
        assert_eq!(
            view(&diary.app, person).await.started_at,
            Some(at("2026-12-14T10:00:00Z"))
        );
        assert!(parallel(&diary, person).await.is_empty(), "made up for");
    });
}

async fn parallel(diary: &Diary, referral: Id) -> Vec<booking::Parallel> {
    let now = diary.app.clock.now();
    let read = diary
        .app
        .db
        .read(move |conn| parallel_sessions(conn, referral, now));
    read.await.expect("read")
}

async fn the_sheet(diary: &Diary, run: Id, session: i32) -> Sheet {
    let inside = diary.app.clone();
    let read = diary.app.db.read(move |conn| sheet(conn, &inside, run, session));
    read.await.expect("read").expect("a session")
}

// Assessment appointments.

async fn surroundings(fresh: Fresh, offered: bool) -> Arc<App> {
    let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
    let mut app = test_app(fresh.db, monday_morning(), Mail::Captured(folder)).await;
    app.config.locality.booking.assessment = offered;
    Arc::new(app)
}

fn a_slot(starts: &str) -> NewSlot {
    NewSlot {
        id: Id::new(),
        service: ServiceName::Hwb,
        starts: at(starts),
        minutes: 45,
        kind: SlotKind::Phone,
        venue: None,
        staff: None,
    }
}

/// Somebody whose decision says that an assessment may be chosen: pain for a short time.
fn for_assessment() -> ASubmission {
    let mut one = submission();
    one.0.facts.pain_weeks = Some(6);
    one
}

async fn hold_one(app: &Arc<App>, slot: Id, referral: Id) -> SlotHold {
    act(app, By::Patient, move |conn, app, act| {
        hold_slot(conn, app, act, slot, referral)
    })
    .await
}

#[test]
fn an_appointment_is_never_given_to_two() {
    on_both(|fresh| async move {
        let app = surroundings(fresh, true).await;
        let slots: Vec<NewSlot> = ["09:00", "09:45", "10:30", "11:15"]
            .iter()
            .map(|time| a_slot(&format!("2026-12-08T{time}:00Z")))
            .collect();
        let ids: Vec<Id> = slots.iter().map(|slot| slot.id).collect();
        let twice = slots.clone();
        let added = app
            .db
            .write(move |conn| add_slots(conn, &slots))
            .await
            .expect("added");
        let again = app
            .db
            .write(move |conn| add_slots(conn, &twice))
            .await
            .expect("added");
        assert_eq!((added, again), (4, 0), "a form sent twice makes them once");
        let mut people = Vec::new();
        for _ in 0..40 {
            people.push(for_assessment().send(&app).await.receipt().expect("a receipt").id);
        }
        let wishes: Vec<_> = people
            .iter()
            .enumerate()
            .flat_map(|(index, person)| {
                // Everybody taps twice, half of them at another time.
                [index, index + index % 2].map(|wanted| {
                    let (app, slot, person) = (app.clone(), ids[wanted % ids.len()], *person);
                    tokio::spawn(async move { hold_one(&app, slot, person).await })
                })
            })
            .collect();
        let mut held = 0;
        for wish in wishes {
            match wish.await.expect("joined") {
                SlotHold::Held(_) => held += 1,
                SlotHold::AlreadyHas(_) | SlotHold::Taken => {}
                SlotHold::NotOffered => panic!("they may choose"),
            }
        }
        assert_eq!(held, 4);
        let taken: Vec<Option<Id>> = app
            .db
            .read(|conn| Ok(dispatch!(conn, c => slot::table.select(slot::referral_id).load(c))?))
            .await
            .expect("read");
        let mut taken: Vec<Id> = taken.into_iter().flatten().collect();
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), 4, "four people, one each");
    });
}

#[test]
fn appointments_are_offered_only_where_the_locality_says_so() {
    on_both(|fresh| async move {
        let app = surroundings(fresh, false).await;
        let slot = a_slot("2026-12-08T09:00:00Z");
        app.db
            .write(move |conn| add_slots(conn, &[slot]))
            .await
            .expect("added");
        let person = for_assessment().send(&app).await.receipt().expect("a receipt").id;
        assert_eq!(hold_one(&app, slot.id, person).await, SlotHold::NotOffered);
        let (now, inside) = (app.clock.now(), app.clone());
        let shown = app.db.read(move |conn| {
            let rules = BookingRules::of(&inside.config.locality);
            free_slots(conn, ServiceName::Hwb, &rules, now)
        });
        assert!(shown.await.expect("read").is_empty());
    });
}

#[test]
fn an_appointment_is_confirmed_by_name_and_whoever_loses_it_is_rung() {
    on_both(|fresh| async move {
        let app = surroundings(fresh, true).await;
        let (soon, later) = (a_slot("2026-11-24T09:00:00Z"), a_slot("2026-12-08T09:00:00Z"));
        app.db
            .write(move |conn| add_slots(conn, &[soon, later]))
            .await
            .expect("added");
        let terry = a_triager(&app, "terry").await;
        let person = for_assessment().send(&app).await.receipt().expect("a receipt").id;
        assert_eq!(
            hold_one(&app, soon.id, person).await,
            SlotHold::NotOffered,
            "too near to confirm"
        );
        let worried = for_assessment()
            .named("Wor Ried")
            .item9(2)
            .send(&app)
            .await
            .receipt()
            .expect("a receipt")
            .id;
        assert_eq!(
            hold_one(&app, later.id, worried).await,
            SlotHold::NotOffered,
            "a person decides first"
        );
        assert!(matches!(
            hold_one(&app, later.id, person).await,
            SlotHold::Held(_)
        ));
        let file = calendar(&app, person).await.expect("a file");
        assert!(
            !file.contains("LOCATION") && uids(&file).len() == 1,
            "a call is nowhere"
        );
        let by = By::Staff(terry);
        assert!(
            act(&app, by, move |conn, app, act| confirm_slot(
                conn, app, act, person
            ))
            .await
        );
        let own = app
            .db
            .read(move |conn| own_slot(conn, person))
            .await
            .expect("read")
            .expect("theirs");
        assert_eq!(own.slot.state, PlaceState::Confirmed);
        assert!(
            act(&app, by, move |conn, app, act| call_off_slot(
                conn, app, act, later.id
            ))
            .await
        );
        assert!(
            !act(&app, by, move |conn, app, act| call_off_slot(
                conn, app, act, later.id
            ))
            .await
        );
        assert_eq!(
            app.db
                .read(move |conn| own_slot(conn, person))
                .await
                .expect("read"),
            None
        );
        let calls = place_calls(&app).await;
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].referral, person);
        // A referral that ends lets go of its appointment, too.
        let other = a_slot("2026-12-09T09:00:00Z");
        app.db
            .write(move |conn| add_slots(conn, &[other]))
            .await
            .expect("added");
        assert!(matches!(
            hold_one(&app, other.id, person).await,
            SlotHold::Held(_)
        ));
        act(&app, By::Patient, move |conn, app, act| {
            booking::close_out(conn, app, act, person)
        })
        .await;
        assert_eq!(
            app.db
                .read(move |conn| own_slot(conn, person))
                .await
                .expect("read"),
            None
        );
    });
}
