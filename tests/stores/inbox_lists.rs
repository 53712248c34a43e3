//! The story of the narrowed lists: whatever happened to whom, a list shows those whom a plain look at every record
//! would find, in the order asked for, and whoever is in danger stands above all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::config::ServiceName;
use iapt_pad::inbox::{self, Looked};
use iapt_pad::questionnaire::Linked;
use iapt_pad::referrals::{Deed, Outcome, Queue, Reference, ReferralView, open};
use iapt_pad::staff::disable_account;
use iapt_pad::triage::{SelfBooking, Source};
use iapt_pad::values::{Id, Ts};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::inbox::{Happens, Sender, a_submission, colleague, done, happens, sent, surroundings};
use crate::support::budget::budget;
use crate::support::databases::on_both;
use crate::support::referrals::{ASubmission, submission};
use crate::support::slips::a_slip;

/// The same answers from a person of their own: whoever looks like somebody else is raised by that one's worry.
fn from_person(mut one: ASubmission, number: usize) -> ASubmission {
    one.0.person.name = format!("Person {number}");
    one.0.person.phone = None;
    one.0.person.email = Some(format!("person{number}@example.org"));
    one
}

/// Every page of every queue that an address asks for, and how often a page was turned.
async fn shown(app: &Arc<App>, me: Id, query: &str) -> BTreeMap<&'static str, Vec<String>> {
    let mut all: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut waiting: Vec<(Option<Queue>, String)> = vec![(None, query.to_owned())];
    while let Some((only, query)) = waiting.pop() {
        for Looked {
            queue, page, next, ..
        } in look(app, me, &query).await.sections
        {
            if only.is_some_and(|only| only != queue) {
                continue;
            }
            let rows = page.rows.iter().map(|row| row.reference.to_string());
            all.entry(queue.as_str()).or_default().extend(rows);
            waiting.extend(next.map(|next| (Some(queue), next)));
        }
    }
    all
}

async fn look(app: &Arc<App>, me: Id, query: &str) -> inbox::Look {
    let (inside, query) = (app.clone(), query.to_owned());
    let look = app
        .db
        .read(move |conn| inbox::look(conn, &inside, me, &[], &query));
    look.await.expect("a look")
}

async fn every_record(app: &Arc<App>, references: &[Reference]) -> Vec<ReferralView> {
    let mut all = Vec::new();
    for reference in references {
        let (inside, reference) = (app.clone(), reference.clone());
        let view = app.db.read(move |conn| open(conn, &inside.keys, &reference));
        all.push(view.await.expect("read").expect("there"));
    }
    all
}

/// The plain way: every record is looked at.
fn plain(
    records: &[ReferralView],
    queue: Queue,
    fits: &dyn Fn(&ReferralView) -> bool,
    (sort, of_promises): (&str, bool),
) -> Vec<String> {
    let mut found: Vec<&ReferralView> = records
        .iter()
        .filter(|record| record.queue == queue && (fits(record) || queue == Queue::Now))
        .collect();
    // What is overdue stands in the order of the broken promises, everything else by the first contact.
    let promised = |record: &ReferralView| match of_promises && queue != Queue::Now {
        true => (record.plan.due_at().unwrap_or(record.contact_by), record.id),
        false => (record.contact_by, record.id),
    };
    match sort {
        "" => found.sort_by_key(|record| (record.priority, promised(record))),
        "contact" => found.sort_by_key(|record| promised(record)),
        "longest" => found.sort_by_key(|record| (record.received_at, record.id)),
        _ => found.sort_by_key(|record| std::cmp::Reverse((record.received_at, record.id))),
    }
    found.iter().map(|record| record.reference.to_string()).collect()
}

type Fits = Box<dyn Fn(&ReferralView) -> bool>;

fn flagged(record: &ReferralView, flag: &str) -> bool {
    record
        .case_sheet
        .decision
        .flags
        .iter()
        .any(|raised| raised == flag)
}

/// What an address narrows a list to, and the same said of a record.
fn narrowings(me: Id, clinic: Id, code: &str, left: Id, now: Ts) -> Vec<(String, Fits)> {
    let day = move |record: &ReferralView| {
        let days = now.london_date() - record.received_at.london_date();
        days.get_days()
    };
    let held = |record: &ReferralView| record.claimed.map(|(by, _)| by);
    vec![
        (
            "service=hwb".to_owned(),
            Box::new(|record| record.service == ServiceName::Hwb),
        ),
        (
            "service=review".to_owned(),
            Box::new(|record| record.service == ServiceName::Review),
        ),
        (
            "source=gp".to_owned(),
            Box::new(|record| record.source == Source::Gp),
        ),
        (
            "flag=RISK_ITEM9".to_owned(),
            Box::new(|record| flagged(record, "RISK_ITEM9")),
        ),
        (
            "flag=PERINATAL&source=self".to_owned(),
            Box::new(|record| flagged(record, "PERINATAL") && record.source == Source::Patient),
        ),
        (
            "pathway=sciatica".to_owned(),
            Box::new(|record| record.case_sheet.facts.ltc.contains(&"sciatica".to_owned())),
        ),
        (
            "pathway=course&service=hwb".to_owned(),
            Box::new(|record| record.booking == SelfBooking::Course && record.service == ServiceName::Hwb),
        ),
        (
            format!("clinic={code}"),
            Box::new(move |record| record.clinic_id == Some(clinic)),
        ),
        (
            format!("clinic={code}&pathway=back_pain&flag=RISK_ITEM9"),
            Box::new(move |record| {
                record.clinic_id == Some(clinic)
                    && record.case_sheet.facts.ltc.contains(&"back_pain".to_owned())
                    && flagged(record, "RISK_ITEM9")
            }),
        ),
        ("waiting=7".to_owned(), Box::new(move |record| day(record) > 7)),
        (
            "waiting=14&flag=RISK_ITEM9".to_owned(),
            Box::new(move |record| day(record) > 14 && flagged(record, "RISK_ITEM9")),
        ),
        (
            "view=mine".to_owned(),
            Box::new(move |record| held(record) == Some(me)),
        ),
        (
            "view=mine&service=core".to_owned(),
            Box::new(move |record| held(record) == Some(me) && record.service == ServiceName::Core),
        ),
        (
            "view=taken".to_owned(),
            Box::new(move |record| held(record).is_some()),
        ),
        (
            "view=free&pathway=sciatica".to_owned(),
            Box::new(move |record| {
                held(record).is_none() && record.case_sheet.facts.ltc.contains(&"sciatica".to_owned())
            }),
        ),
        (
            "view=left".to_owned(),
            Box::new(move |record| held(record) == Some(left)),
        ),
        (
            "view=overdue".to_owned(),
            Box::new(move |record| record.plan.is_overdue(now)),
        ),
        (
            "view=overdue&flag=RISK_ITEM9".to_owned(),
            Box::new(move |record| record.plan.is_overdue(now) && flagged(record, "RISK_ITEM9")),
        ),
    ]
}

/// Something that happens to one of the people: a deed, or they tell more.
#[derive(Clone, Debug)]
enum Turn {
    Deed(Happens, bool),
    TellsMore(u8),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        6 => (happens(), any::<bool>()).prop_map(|(what, mine)| Turn::Deed(what, mine)),
        1 => (0_u8..=3).prop_map(Turn::TellsMore),
    ]
}

const PEOPLE: usize = 30;

/// Who sends first, with what they tell of item 9, and what happens to whom.
type History = (Vec<(Sender, u8)>, Vec<(usize, Turn)>);

/// Random people and random turns in random order, the same ones on each run.
fn history() -> History {
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let sender = ((0_u8..=3, any::<bool>(), any::<bool>(), any::<bool>()), 0_u8..8);
    let whole = (
        prop::collection::vec(sender, PEOPLE),
        prop::collection::vec((0..PEOPLE, turn()), 260),
    );
    whole.new_tree(&mut runner).expect("a history").current()
}

/// Somebody with a source and conditions of their own.
fn somebody((sender, kind): (Sender, u8)) -> ASubmission {
    let mut one = a_submission(sender);
    let facts = &mut one.0.facts;
    facts.source = Source::ALL[usize::from(kind) % Source::ALL.len()];
    facts.ltc = match kind {
        0..3 => vec!["sciatica".to_owned()],
        3..6 => vec!["back_pain".to_owned(), "sciatica".to_owned()],
        6 => vec!["chronic_pain".to_owned()],
        _ => Vec::new(),
    };
    if facts.ltc.is_empty() {
        facts.ltc_linked = Linked::No;
    }
    one
}

#[test]
fn over_random_histories_a_narrowed_list_is_what_a_plain_look_finds() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        let (sam, lee) = (colleague(&app, "sam").await, colleague(&app, "lee").await);
        app.clock.set(app.clock.now().plus_days(-21));
        let (people, turns) = history();
        let (mut sheets, mut references) = (Vec::new(), Vec::new());
        for (number, one) in people.into_iter().enumerate() {
            let mut one = from_person(somebody(one), number);
            if number % 3 == 0 {
                one = one.with_slip(&a_slip(&app, i32::try_from(number).expect("few") + 1, "unused").await);
            }
            references.push(sent(&app, one.clone()).await);
            sheets.push(one);
            app.clock.advance_minutes(17 * 60);
        }
        let clinic = every_record(&app, &references[..1]).await[0]
            .clinic_id
            .expect("a clinic");
        let mut told_more = 0;
        for (at, (index, turn)) in turns.into_iter().enumerate() {
            match turn {
                Turn::Deed(what, mine) => {
                    let by = if mine {
                        terry
                    } else if index % 2 == 0 {
                        sam
                    } else {
                        lee
                    };
                    what.to(&app, &references[index], by).await;
                }
                Turn::TellsMore(item9) => {
                    sheets[index] = sheets[index].clone().item9(item9).expecting();
                    sheets[index].0.facts.ltc = vec!["back_pain".to_owned()];
                    sheets[index].0.incomplete = false;
                    sheets[index].send(&app).await;
                    told_more += 1;
                }
            }
            if at == 130 {
                disable_account(&app.db, app.clock.now(), lee)
                    .await
                    .expect("ended");
            }
            let often = budget(130, 65);
            if at % often == often - 1 {
                is_what_a_plain_look_finds(&app, &references, (terry, lee), clinic).await;
            }
        }
        assert!(told_more > 20, "only {told_more} told more");
    });
}

async fn is_what_a_plain_look_finds(
    app: &Arc<App>,
    references: &[Reference],
    (me, left): (Id, Id),
    clinic: Id,
) {
    let records = every_record(app, references).await;
    let mut found = 0;
    let active = disabled(app, left).await;
    for (query, fits) in narrowings(me, clinic, "C1", left, app.clock.now()) {
        for sort in ["", "contact", "longest", "newest"] {
            let lists: &[&str] = match query.contains("view=") {
                true => &[""],
                false => &[
                    "",
                    "&queue=accepted",
                    "&queue=done",
                    "&queue=today",
                    "&queue=waiting",
                ],
            };
            for list in lists {
                let sorted = if sort.is_empty() {
                    String::new()
                } else {
                    format!("&sort={sort}")
                };
                let whole = format!("{query}{list}{sorted}");
                for (queue, rows) in shown(app, me, &whole).await {
                    let queue = Queue::parse(queue).expect("a queue");
                    let sort = match (queue, sort) {
                        (Queue::Now, _) => "",
                        (Queue::Done, "" | "contact") => "newest",
                        (_, sort) => sort,
                    };
                    let nobody_left = query == "view=left" && !active && queue != Queue::Now;
                    let expected = match nobody_left {
                        true => Vec::new(),
                        false => plain(&records, queue, &fits, (sort, query.contains("view=overdue"))),
                    };
                    assert_eq!(rows, expected, "{whole} in {queue:?}");
                    found += usize::from(queue != Queue::Now) * rows.len();
                }
            }
        }
    }
    assert!(found > 300, "only {found} rows were compared");
}

/// Whether the account of this person has ended.
async fn disabled(app: &Arc<App>, staff: Id) -> bool {
    let account = iapt_pad::staff::find_account(&app.db, staff).await.expect("read");
    !account.expect("an account").active
}

#[test]
fn whatever_is_asked_for_whoever_is_in_danger_stands_first() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        for number in 0..199 {
            let one = match number < 80 {
                true => submission().item9(1),
                false => submission(),
            };
            sent(&app, from_person(one, number)).await;
        }
        let danger = sent(&app, from_person(submission().in_danger(), 199))
            .await
            .to_string();
        for query in [
            "",
            "queue=new",
            "queue=done",
            "view=mine",
            "view=overdue&flag=BSL",
            "service=core&source=carer&waiting=126&sort=newest",
            "queue=nonsense&flag=%00&clinic=' OR 1=1",
            "on=new&after=4.1795426200000001.00000000-0000-0000-0000-000000000000",
        ] {
            let look = look(&app, terry, query).await;
            let first = look
                .sections
                .first()
                .and_then(|section| section.page.rows.first());
            assert_eq!(
                first.map(|row| row.reference.to_string()).as_deref(),
                Some(danger.as_str()),
                "{query}"
            );
        }
        let today = &shown(&app, terry, "").await["today"];
        let records = every_record(
            &app,
            &today
                .iter()
                .filter_map(|one| Reference::parse(one))
                .collect::<Vec<_>>(),
        )
        .await;
        let promises: Vec<Ts> = records.iter().map(|record| record.contact_by).collect();
        assert!(
            promises.len() == 80 && promises.is_sorted(),
            "P2 by when somebody gets in touch"
        );
    });
}

#[test]
fn mine_the_teams_and_overdue_are_views_of_the_same_people() {
    on_both(|fresh| async move {
        let (app, terry) = surroundings(fresh).await;
        let sam = colleague(&app, "sam").await;
        let mut all = BTreeSet::new();
        for number in 0..12 {
            let one = match number % 2 == 0 {
                true => submission().item9(1),
                false => submission(),
            };
            let one = sent(&app, from_person(one, number)).await;
            all.insert(one.to_string());
            let claims = match number % 3 {
                0 => Some(terry),
                1 => Some(sam),
                _ => None,
            };
            if let Some(by) = claims {
                assert_eq!(done(&app, &one, by, Deed::Claim).await, Outcome::Done);
            }
        }
        let whole = |view: BTreeMap<&'static str, Vec<String>>| -> BTreeSet<String> {
            view.into_values().flatten().collect()
        };
        let mine = whole(shown(&app, terry, "view=mine").await);
        let taken = whole(shown(&app, terry, "view=taken").await);
        let free = whole(shown(&app, terry, "view=free").await);
        assert_eq!((mine.len(), taken.len(), free.len()), (4, 8, 4));
        assert!(mine.is_subset(&taken) && taken.is_disjoint(&free));
        assert_eq!(taken.union(&free).cloned().collect::<BTreeSet<_>>(), all);
        assert!(whole(shown(&app, terry, "view=overdue").await).is_empty());
        app.clock.set(app.clock.now().plus_days(5));
        let overdue = whole(shown(&app, terry, "view=overdue").await);
        assert_eq!(overdue.len(), 6, "those who were promised today or tomorrow");
        assert!(whole(shown(&app, terry, "view=left").await).is_empty());
        disable_account(&app.db, app.clock.now(), sam)
            .await
            .expect("ended");
        let left = whole(shown(&app, terry, "view=left").await);
        assert_eq!(left.len(), 4, "what Sam holds is not lost with Sam");
    });
}
