//! A whole process is killed while a crowd books through it. What it acknowledged stands in the rows, nothing stands
//! there twice, and the next process goes on to exactly twenty.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::booking::{self, Act, Hold};
use iapt_pad::config::{DatabaseUrl, Mail};
use iapt_pad::db::Db;
use iapt_pad::db::schema::place;
use iapt_pad::dispatch;
use iapt_pad::referrals::By;
use iapt_pad::values::{Id, MasterKey};

use crate::support::app::{monday_morning, test_app_with};
use crate::support::courses::Diary;
use crate::support::databases::on_both;

/// A key for this test alone, which both processes know.
const KEY: &str = "7XOFvGLQUKZaRyahR48wnKXa1Lq39yOOQgsJ9BX33oY=";
/// How many book at once.
const CROWD: usize = 200;
/// After how many acknowledged places each process is killed.
const KILLED_AFTER: [usize; 4] = [0, 1, 4, 9];

fn address(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(address) => address.clone(),
    }
}

/// What the other process does; without its orders it has nothing to do.
#[test]
fn a_process_books_when_it_is_told_to() {
    let Ok(orders) = std::env::var("BOOKS_FOR_A_TEST") else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(async {
        let mut orders = orders.split('\n');
        let url = DatabaseUrl::parse(orders.next().expect("a database")).expect("an address");
        let run = Id::parse(orders.next().expect("a run")).expect("an id");
        let key = MasterKey::parse(KEY).expect("a key");
        let db = Db::open(&url).await.expect("opened");
        let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let app = Arc::new(test_app_with(db, monday_morning(), Mail::Captured(folder), key).await);
        let wishes: Vec<_> = orders
            .map(|id| Id::parse(id).expect("an id"))
            .map(|person| {
                let app = app.clone();
                tokio::spawn(async move {
                    let act = Act::draw(app.clock.now(), By::Patient).expect("an act");
                    let inside = app.clone();
                    let held = app
                        .db
                        .write(move |conn| booking::hold(conn, &inside, &act, run, person))
                        .await
                        .expect("an answer");
                    if let Hold::Held(_) = held {
                        println!("kept {person}");
                    }
                })
            })
            .collect();
        for wish in wishes {
            wish.await.expect("joined");
        }
        println!("everybody has asked");
    });
}

fn another_process(url: &DatabaseUrl, run: Id, people: &[Id]) -> Child {
    let people: Vec<String> = people.iter().map(Id::to_string).collect();
    let orders = format!("{}\n{run}\n{}", address(url), people.join("\n"));
    Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            "stores::killed_bookings::a_process_books_when_it_is_told_to",
        ])
        .arg("--nocapture")
        .env("BOOKS_FOR_A_TEST", orders)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started")
}

/// Reads what a process acknowledges and kills it after so many.
fn killed_after(mut process: Child, many: usize) -> BTreeSet<Id> {
    let mut kept = BTreeSet::new();
    let mut lines = BufReader::new(process.stdout.take().expect("its words")).lines();
    while kept.len() < many {
        let Some(Ok(line)) = lines.next() else { break };
        kept.extend(line.strip_prefix("kept ").and_then(Id::parse));
    }
    process.kill().expect("killed");
    process.wait().expect("ended");
    // What it had still said before it fell.
    kept.extend(
        lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("kept ").and_then(Id::parse)),
    );
    kept
}

async fn taken(diary: &Diary, run: Id) -> BTreeSet<Id> {
    let read = diary.app.db.read(move |conn| {
        let rows = place::table
            .filter(place::run_id.eq(run))
            .select((place::referral_id, place::state));
        let rows: Vec<(Option<Id>, String)> = dispatch!(conn, c => rows.load(c))?;
        Ok(rows)
    });
    let rows = read.await.expect("the rows");
    assert_eq!(rows.len(), 20);
    let whose: Vec<Id> = rows.iter().filter_map(|(whose, _)| *whose).collect();
    let once: BTreeSet<Id> = whose.iter().copied().collect();
    assert_eq!(once.len(), whose.len(), "somebody has two places");
    once
}

#[test]
fn a_process_killed_while_a_crowd_books_has_kept_what_it_said_and_never_a_twenty_first() {
    on_both(|fresh| async move {
        let url = fresh.url.clone();
        let key = MasterKey::parse(KEY).expect("a key");
        let folder = std::env::temp_dir().join(format!("iapt-pad-mail-{}", Id::new()));
        let app = test_app_with(fresh.db, monday_morning(), Mail::Captured(folder), key).await;
        let diary = Diary::within(Arc::new(app), 20).await;
        let run = diary.run.id;
        let mut people = Vec::with_capacity(CROWD);
        for _ in 0..CROWD {
            people.push(diary.patient().await);
        }
        let mut said = BTreeSet::new();
        for many in KILLED_AFTER {
            let process = another_process(&url, run, &people);
            said.extend(
                tokio::task::spawn_blocking(move || killed_after(process, many))
                    .await
                    .expect("joined"),
            );
            let taken = taken(&diary, run).await;
            assert!(taken.len() <= 20);
            assert!(said.is_subset(&taken), "an acknowledged place is gone");
        }
        let process = another_process(&url, run, &people);
        let output = tokio::task::spawn_blocking(move || process.wait_with_output())
            .await
            .expect("joined")
            .expect("its words");
        assert!(output.status.success());
        let words = String::from_utf8_lossy(&output.stdout);
        assert!(words.contains("everybody has asked"), "{words}");
        assert_eq!(taken(&diary, run).await.len(), 20);
    });
}
