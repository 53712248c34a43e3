//! The story of the lists: whoever is in danger stands first, everybody stands in exactly one list, and nobody is
//! missed or shown twice on the way through the pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::config::{Mail, ServiceName};
use iapt_pad::db::schema::staff;
use iapt_pad::dispatch;
use iapt_pad::inbox::{self, Cursor, Row};
use iapt_pad::referrals::{
    Answered, Answering, Asking, By, ContactOutcome, Contacting, Declining, Deed, Event, EventKind, Outcome,
    Person, Queue, Recorded, Reference, ReferralView, ReviewState, Reviewing, Way, answer, open,
    record_contact, review, review_as,
};
use iapt_pad::triage::{Priority, Step};
use iapt_pad::values::{Id, Ts};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRng, TestRunner};

use crate::support::app::{monday_morning, test_app};
use crate::support::databases::{Fresh, on_both};
use crate::support::referrals::{ASubmission, person, shipped_rules, submission};

pub(super) async fn surroundings(fresh: Fresh) -> (Arc<App>, Id) {
    let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
    let app = Arc::new(test_app(fresh.db, monday_morning(), Mail::Captured(folder)).await);
    let terry = colleague(&app, "terry").await;
    (app, terry)
}

pub(super) async fn colleague(app: &Arc<App>, username: &'static str) -> Id {
    let (id, now) = (Id::new(), app.clock.now());
    app.db
        .write(move |conn| {
            let row = (
                staff::id.eq(id),
                staff::username.eq(username),
                staff::display_name.eq(format!("{username} Example")),
                staff::role.eq("triage"),
                staff::password_hash.eq("x"),
                staff::active.eq(true),
                staff::created_at.eq(now),
            );
            dispatch!(conn, c => diesel::insert_into(staff::table).values(row).execute(c))?;
            Ok(())
        })
        .await
        .expect("a colleague");
    id
}

async fn page(app: &Arc<App>, queue: Queue, after: Option<Cursor>) -> inbox::Page {
    let inside = app.clone();
    let page = app
        .db
        .read(move |conn| inbox::list(conn, &inside.keys, queue, after));
    page.await.expect("a page")
}

/// Everybody in a queue, through all its pages.
async fn everybody(app: &Arc<App>, queue: Queue) -> Vec<Row> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = page(app, queue, after).await;
        assert!(page.rows.len() <= inbox::PAGE);
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

async fn found(app: &Arc<App>, typed: &str) -> Vec<String> {
    let (inside, typed) = (app.clone(), typed.to_owned());
    let today = app.clock.now().london_date();
    let found = app
        .db
        .read(move |conn| inbox::search(conn, &inside.keys, &typed, today));
    let found = found.await.expect("a search");
    found.rows.into_iter().map(|row| row.name).collect()
}

pub(super) async fn sent(app: &Arc<App>, one: ASubmission) -> Reference {
    app.clock.advance_minutes(1);
    one.send(app)
        .await
        .receipt()
        .expect("a receipt")
        .reference
        .clone()
}

pub(super) async fn done(app: &Arc<App>, reference: &Reference, staff: Id, deed: Deed) -> Outcome {
    review(app, reference, None, staff, deed)
        .await
        .expect("an answer")
}

#[test]
fn the_person_in_danger_is_the_first_row_among_two_hundred() {
    on_both(|fresh| async move {
        let (app, _) = surroundings(fresh).await;
        for number in 0..199 {
            let one = submission();
            let one = match number {
                0..80 => one.item9(1),
                80..100 => one.expecting(),
                _ => one,
            };
            sent(&app, one).await;
        }
        let last = sent(&app, submission().named("Last Example").in_danger()).await;

        let now = everybody(&app, Queue::Now).await;
        assert_eq!(now.len(), 1);
        assert_eq!((&now[0].reference, now[0].name.as_str()), (&last, "Last Example"));
        let band = inbox::now_band(&app, iapt_pad::db::Haste::Ordinary)
            .await
            .expect("a band");
        assert_eq!((band.count, band.rows.len()), (1, 1));
        assert_eq!(band.rows[0].reference, last.to_string());

        let today = everybody(&app, Queue::Today).await;
        assert_eq!(today.len(), 80);
        assert!(today.iter().all(|row| row.priority == Priority::P2));
        let new = everybody(&app, Queue::New).await;
        assert_eq!(new.len(), 119);
        let order: Vec<_> = new.iter().map(Row::cursor).collect();
        assert!(order.is_sorted(), "by priority, then by the earliest promise");
        assert!(new[..20].iter().all(|row| row.priority == Priority::P3));

        let counts = app.db.read(inbox::counts).await.expect("counts");
        let counts: BTreeMap<&str, usize> = counts
            .into_iter()
            .map(|(queue, many)| (queue.as_str(), many))
            .collect();
        assert_eq!(
            (counts["now"], counts["today"], counts["new"], counts["done"]),
            (1, 80, 119, 0)
        );
    });
}

#[test]
fn pages_show_everybody_once_while_others_arrive_and_leave() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        let mut all = BTreeSet::new();
        for _ in 0..inbox::PAGE * 2 + 7 {
            // Several arrive in the same instant: the id tells them apart.
            let sent = submission().send(&app).await;
            all.insert(sent.receipt().expect("a receipt").reference.to_string());
        }
        let first = page(&app, Queue::New, None).await;
        assert_eq!(first.rows.len(), inbox::PAGE);
        // One who was shown leaves, one more urgent arrives at the top: neither moves the second page.
        let gone = first.rows[3].reference.clone();
        let outcome = done(
            &app,
            &gone,
            terry,
            Deed::Decline(Declining::by_call("x", "elsewhere")),
        )
        .await;
        assert_eq!(outcome, Outcome::Done);
        sent(&app, submission().expecting()).await;
        let second = page(&app, Queue::New, first.next).await;
        let third = page(&app, Queue::New, second.next).await;
        assert_eq!((second.rows.len(), third.rows.len()), (inbox::PAGE, 7));
        assert_eq!(third.next, None);
        let shown: Vec<String> = [first, second, third]
            .iter()
            .flat_map(|page| page.rows.iter().map(|row| row.reference.to_string()))
            .collect();
        assert_eq!(shown.len(), all.len(), "nobody twice");
        assert_eq!(shown.into_iter().collect::<BTreeSet<_>>(), all, "nobody missed");
    });
}

/// Something that happens to one of the referrals.
#[derive(Clone, Debug)]
pub(super) enum Happens {
    Acknowledge,
    Claim,
    Release,
    Accept(Step),
    SendOn(ServiceName),
    Ask(Way),
    Decline(Told),
    CouldNotReach(Told),
    Close(Told),
    Reopen,
    Note,
    Rings(ContactOutcome),
    Answers(bool),
}

/// Who was told, if anybody, and whether a lead says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    whom: bool,
    lead: bool,
}

impl Told {
    fn whom(self) -> Option<String> {
        self.whom.then(|| "Dr Example, by phone".to_owned())
    }
}

impl Happens {
    /// The deed, and whether a lead does it; nothing for what is no deed.
    fn deed(&self, now: Ts) -> Option<(Deed, bool)> {
        let reason = "because".to_owned();
        let by = |told: &Told| told.lead;
        Some(match self {
            Happens::Acknowledge => (Deed::Acknowledge, false),
            Happens::Claim => (Deed::Claim, false),
            Happens::Release => (Deed::Release, false),
            Happens::Accept(step) => {
                let accept = Deed::Accept {
                    step: *step,
                    reason: Some(reason),
                    with: None,
                };
                (accept, false)
            }
            Happens::SendOn(to) => (Deed::SendOn { to: *to, reason }, false),
            Happens::Ask(way) => {
                let asking = Asking {
                    question: reason,
                    way: *way,
                    answer_by: now.plus_days(7),
                };
                (Deed::Ask(asking), false)
            }
            Happens::Decline(told) => {
                let declining = Declining {
                    told: told.whom(),
                    ..Declining::by_call(reason, "elsewhere")
                };
                (Deed::Decline(declining), by(told))
            }
            Happens::CouldNotReach(told) => {
                let deed = Deed::CouldNotReach {
                    tried: String::new(),
                    told: told.whom(),
                };
                (deed, by(told))
            }
            Happens::Close(told) => {
                let deed = Deed::Close {
                    reason,
                    told: told.whom(),
                };
                (deed, by(told))
            }
            Happens::Reopen => (Deed::Reopen { reason }, false),
            Happens::Note => (Deed::Note(reason), false),
            Happens::Rings(_) | Happens::Answers(_) => return None,
        })
    }

    /// Lets it happen; whether anything came of it.
    pub async fn to(self, app: &Arc<App>, reference: &Reference, terry: Id) -> bool {
        let now = app.clock.now();
        if let Some((deed, lead)) = self.deed(now) {
            let reviewing = Reviewing::new(app, reference, None, terry, deed).expect("randomness");
            let outcome = review_as(reviewing.by_who_may_end_at_risk(lead)).await;
            return outcome.expect("an answer") == Outcome::Done;
        }
        let (inside, reference) = (app.clone(), reference.clone());
        let read = app.db.read(move |conn| open(conn, &inside.keys, &reference));
        let id = read.await.expect("read").expect("there").id;
        let (inside, rules) = (app.clone(), shipped_rules(app));
        match self {
            Happens::Rings(outcome) => {
                let ringing = Contacting::new(now, terry, outcome, "").expect("randomness");
                let rung = app
                    .db
                    .write(move |conn| record_contact(conn, &inside, id, &ringing));
                matches!(rung.await.expect("rung"), Recorded::Kept { .. })
            }
            Happens::Answers(worried) => {
                let text = if worried {
                    "I want to end it all"
                } else {
                    "In the morning"
                };
                let answering = Answering::in_words(text, now).expect("randomness");
                let kept = app
                    .db
                    .write(move |conn| answer(conn, &inside, &rules, id, &answering));
                kept.await.expect("kept") != Answered::Missing
            }
            _ => false,
        }
    }
}

fn told() -> impl Strategy<Value = Told> {
    (any::<bool>(), any::<bool>()).prop_map(|(whom, lead)| Told { whom, lead })
}

pub(super) fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        Just(Happens::Acknowledge),
        Just(Happens::Claim),
        Just(Happens::Release),
        prop::sample::select(Step::ALL).prop_map(Happens::Accept),
        prop::sample::select(ServiceName::ALL.to_vec()).prop_map(Happens::SendOn),
        prop::sample::select(Way::ALL.to_vec()).prop_map(Happens::Ask),
        told().prop_map(Happens::Decline),
        told().prop_map(Happens::CouldNotReach),
        told().prop_map(Happens::Close),
        Just(Happens::Reopen),
        Just(Happens::Note),
        prop::sample::select(ContactOutcome::ALL.to_vec()).prop_map(Happens::Rings),
        any::<bool>().prop_map(Happens::Answers),
    ]
}

/// Who sends something: the answer to item 9, in danger, expecting, stops before the end.
pub(super) type Sender = (u8, bool, bool, bool);

pub(super) fn a_submission((item9, danger, expecting, stops): Sender) -> ASubmission {
    let mut one = submission().item9(item9);
    if danger && item9 == 3 {
        one = one.in_danger();
    }
    if expecting {
        one = one.expecting();
    }
    if stops && item9 > 0 {
        one = one.unfinished();
    }
    one
}

/// Random submissions and random deeds in random order, the same ones on each run.
fn histories() -> (Vec<ASubmission>, Vec<(usize, Happens)>) {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let whole = (
        prop::collection::vec((0_u8..=3, any::<bool>(), any::<bool>(), any::<bool>()), 24),
        prop::collection::vec((0_usize..24, happens()), 360),
    );
    let tree = whole.new_tree(&mut runner).expect("a history");
    let (senders, deeds) = tree.current();
    (senders.into_iter().map(a_submission).collect(), deeds)
}

#[test]
fn over_random_histories_everybody_is_in_exactly_one_list() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        let (submissions, deeds) = histories();
        let mut references = Vec::new();
        for one in submissions {
            references.push(sent(&app, one).await);
        }
        let everyone: BTreeSet<String> = references.iter().map(Reference::to_string).collect();
        let mut done_deeds = 0;
        for (step, (index, what)) in deeds.into_iter().enumerate() {
            done_deeds += usize::from(what.to(&app, &references[index], terry).await);
            if step % 12 == 0 {
                in_exactly_one_list(&app, &everyone).await;
            }
        }
        in_exactly_one_list(&app, &everyone).await;
        assert!(done_deeds > 60, "only {done_deeds} deeds were done");
    });
}

async fn in_exactly_one_list(app: &Arc<App>, everyone: &BTreeSet<String>) {
    let mut seen = BTreeSet::new();
    for queue in Queue::ALL {
        for row in everybody(app, queue).await {
            assert!(seen.insert(row.reference.to_string()), "{} twice", row.reference);
            let (inside, reference) = (app.clone(), row.reference.clone());
            let view = app.db.read(move |conn| open(conn, &inside.keys, &reference));
            let view = view.await.expect("read").expect("there");
            let expected = Queue::of(
                view.state,
                view.priority,
                view.is_flagged(),
                view.acknowledged.is_some(),
            );
            assert_eq!(expected, queue, "{:?} {:?}", view.state, view.priority);
            assert!(view.chain_is_whole, "the timeline verifies");
            if queue == Queue::Done && view.is_at_risk() {
                somebody_answers_for(&view);
            }
        }
    }
    assert_eq!(&seen, everyone, "nobody is in no list");
}

/// Nobody with a safety flag is done with but by a named person, who said who was told.
fn somebody_answers_for(view: &ReferralView) {
    let ends = |event: &&Event| {
        let kind = event.kind;
        matches!(
            kind,
            EventKind::Declined | EventKind::NotReached | EventKind::Closed
        )
    };
    let end = view.timeline.iter().rev().find(ends).expect("an end");
    let words = end.payload.text.clone().unwrap_or_default();
    assert!(matches!(end.by, By::Staff(_)), "{}: nobody's end", view.reference);
    assert!(words.contains("Who was told: Dr Example"), "{words}");
}

#[test]
fn an_unacknowledged_person_in_danger_is_not_declined() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        let one = sent(&app, submission().in_danger()).await;
        let decline = || {
            Deed::Decline(Declining {
                told: Some("Dr Example, by phone".to_owned()),
                ..Declining::by_call("elsewhere".to_owned(), "elsewhere")
            })
        };
        assert_eq!(
            done(&app, &one, terry, decline()).await,
            Outcome::AcknowledgeFirst
        );
        assert_eq!(everybody(&app, Queue::Now).await.len(), 1);
        assert_eq!(done(&app, &one, terry, Deed::Acknowledge).await, Outcome::Done);
        assert!(everybody(&app, Queue::Now).await.is_empty());
        assert_eq!(done(&app, &one, terry, decline()).await, Outcome::Done);
        assert_eq!(everybody(&app, Queue::Done).await[0].state, ReviewState::Declined);
    });
}

#[test]
fn a_new_worry_after_the_acknowledgement_waits_for_another_one() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        let begun = submission().item9(3).unfinished();
        let one = sent(&app, begun.clone()).await;
        assert_eq!(done(&app, &one, terry, Deed::Acknowledge).await, Outcome::Done);
        assert!(everybody(&app, Queue::Now).await.is_empty());
        let mut finished = begun.in_danger();
        finished.0.incomplete = false;
        assert_eq!(
            sent(&app, finished).await,
            one,
            "the same draft is the same referral"
        );
        assert_eq!(everybody(&app, Queue::Now).await.len(), 1);
        let note = Deed::Note("rang".to_owned());
        assert_eq!(done(&app, &one, terry, note).await, Outcome::Done);
        assert_eq!(
            everybody(&app, Queue::Now).await.len(),
            1,
            "a note acknowledges nothing"
        );
    });
}

#[test]
fn of_two_people_at_once_the_second_changes_nothing() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        let sam = colleague(&app, "sam").await;
        let one = sent(&app, submission()).await;
        let accept = Deed::Accept {
            step: Step::Two,
            reason: None,
            with: None,
        };
        let decline = Deed::Decline(Declining {
            told: Some("Dr Example, by phone".to_owned()),
            ..Declining::by_call("elsewhere".to_owned(), "elsewhere")
        });
        let (first, second) = tokio::join!(
            review(&app, &one, Some(1), terry, accept),
            review(&app, &one, Some(1), sam, decline),
        );
        let outcomes = [first.expect("an answer"), second.expect("an answer")];
        assert_eq!(
            outcomes
                .iter()
                .filter(|outcome| **outcome == Outcome::Done)
                .count(),
            1
        );
        assert!(outcomes.contains(&Outcome::ChangedMeanwhile));
    });
}

#[test]
fn the_next_one_is_the_most_urgent_that_is_nobody_elses() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        let sam = colleague(&app, "sam").await;
        let routine = sent(&app, submission()).await;
        let second = sent(&app, submission()).await;
        let third = sent(&app, submission()).await;
        let row = everybody(&app, Queue::New).await[0].clone();
        assert_eq!(row.reference, routine);
        let next = |me| {
            let (app, row) = (app.clone(), row.clone());
            async move {
                let inside = app.clone();
                let ahead = inbox::Ahead::to_triage(me, app.clock.now(), (Queue::New, row.cursor()));
                let next = app
                    .db
                    .read(move |conn| inbox::next_after(conn, &inside.keys, &ahead));
                next.await.expect("read")
            }
        };
        assert_eq!(next(terry).await, Some(second.clone()));
        assert_eq!(done(&app, &second, sam, Deed::Claim).await, Outcome::Done);
        assert_eq!(next(terry).await, Some(third), "what Sam has is Sam's");
        assert_eq!(next(sam).await, Some(second));
        let worrying = sent(&app, submission().named("Wor Ried").item9(1)).await;
        let _ = worrying;
        let danger = sent(&app, submission().named("Dan Ger").in_danger()).await;
        assert_eq!(
            next(terry).await,
            Some(danger),
            "whoever is in danger comes first"
        );
    });
}

#[test]
fn a_search_finds_by_every_term_and_by_no_part_of_one() {
    on_both(|fresh| async move {
        let (app, _) = surroundings(fresh).await;
        let zoe = Person {
            nhs_number: Some("9990023115".to_owned()),
            ..person("Zo\u{eb} O\u{2019}Neill-Example")
        };
        let reference = sent(&app, submission().about(zoe)).await;
        let other = Person {
            email: Some("ann@example.org".to_owned()),
            phone: Some("+447700900124".to_owned()),
            postcode: Some("S2 2AA".to_owned()),
            date_of_birth: Some(jiff::civil::date(1990, 1, 1)),
            ..person("Ann Other")
        };
        sent(&app, submission().about(other)).await;
        let only_zoe = vec!["Zo\u{eb} O\u{2019}Neill-Example".to_owned()];
        let reference_typed = reference.to_string().to_lowercase();
        for typed in [
            reference_typed.as_str(),
            "zoe",
            "ZO\u{cb}",
            "o'neill-example zoe",
            "Example",
            "999 002 3115",
            "29/02/1980",
            "s1 2he",
            "07700 900123",
            "ROBIN@example.org",
            "zoe 29/2/1980",
            // Marks are no letters, and nothing stands for letters that are left out.
            "\"zoe\"",
            "zoe\\",
            "%zoe%",
        ] {
            assert_eq!(found(&app, typed).await, only_zoe, "{typed}");
        }
        for typed in [
            "zo",
            "zoe ann",
            "S1",
            "0770090012",
            "robin@",
            "%",
            "z%",
            "zo_",
            "*",
            "zoe' OR '1'='1",
            "ann 29/2/1980",
        ] {
            assert!(found(&app, typed).await.is_empty(), "{typed}");
        }
        assert_eq!(found(&app, "ann").await, ["Ann Other"]);
    });
}
