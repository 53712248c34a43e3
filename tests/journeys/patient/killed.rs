//! Everything is killed at the very moment of a worrying answer: the server, with its answer on the way, and the
//! database under it. What the person was told is true afterwards. (A closed tab: `safety.rs` and, in a real browser,
//! `tests/journeys/browser.rs`.)

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{ANSWERS, Visit};
use crate::support::browser::Browser;
use crate::support::databases::{Cluster, alone_on};

const WORRYING: &str = "item1=0&item2=0&item3=0&item4=0&item5=0&item6=0&item7=0&item8=0&item9=3";
const KEPT: &str = "We have kept what you told us";

/// The real program, in a process of its own.
struct Program {
    process: Child,
    base: String,
}

impl Program {
    /// Starts it on this folder and waits until it is ready: before, its address answers that it is being filled.
    fn start(data: &Path) -> Program {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let bind = free.local_addr().expect("an address");
        drop(free);
        let process = Command::new(env!("CARGO_BIN_EXE_iapt-pad"))
            .args(["demo", "--bind", &bind.to_string(), "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let base = format!("http://{bind}");
        let until = Instant::now() + Duration::from_secs(60);
        let ready = format!("{base}/health/ready");
        while ureq::get(&ready).call().is_err() {
            assert!(Instant::now() < until, "the program is not ready");
            std::thread::sleep(Duration::from_millis(20));
        }
        Program { process, base }
    }

    /// Ends it as a power cut does.
    fn kill(mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("ended");
    }
}

/// Somebody with a name of their own, at the page with the questionnaire.
async fn at_the_questionnaire(base: &str, name: &str) -> Browser {
    let browser = Browser::at(base);
    browser.post("/", "then=without").await.leads_to("/refer/1");
    for (page, form) in ANSWERS.into_iter().filter(|(page, _)| *page < 6) {
        let form = form.replace("Robin+Example", &format!("Robin+{name}"));
        let sent = browser.post(&format!("/refer/{page}"), &form).await;
        assert_eq!(sent.status, 303, "page {page}: {}", sent.body);
    }
    browser
}

/// How many referrals the team finds under this name, and whether one of them stands on top.
async fn the_team_finds(base: &str, name: &str) -> usize {
    let team = Browser::at(base);
    team.post("/demo/be/staff/triage", "").await;
    let found = team.post("/inbox/search", &format!("sought={name}")).await;
    found.is(200);
    found.body.matches("pad-rows__reference").count()
}

#[test]
fn a_server_killed_with_its_answer_on_the_way_has_kept_what_it_said_it_kept() {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let data = tempfile::tempdir().expect("a folder");
    runtime.block_on(async {
        let mut acknowledged = 0;
        let mut program = Program::start(data.path());
        // The kill comes at once, while the answer is written, and after it has arrived.
        for (round, delay) in [0, 2, 5, 10, 20, 60_000].into_iter().enumerate() {
            let name = ["Aspen", "Birch", "Cedar", "Douglas", "Elder", "Fern"][round];
            let browser = at_the_questionnaire(&program.base, name).await;
            let mut sending = tokio::spawn({
                let browser = browser.clone();
                async move { browser.try_post("/refer/6", WORRYING).await }
            });
            let answered = tokio::time::timeout(Duration::from_millis(delay), &mut sending).await;
            program.kill();
            let answer = match answered {
                Ok(answer) => answer.expect("an end"),
                Err(_) => sending.await.expect("an end"),
            };
            let told = answer.is_some_and(|page| page.body.contains(KEPT));
            acknowledged += usize::from(told);
            program = Program::start(data.path());
            let found = the_team_finds(&program.base, name).await;
            assert!(found <= 1, "{name} is there {found} times");
            assert!(
                !told || found == 1,
                "{name} was told that it is kept, and it is not"
            );
        }
        program.kill();
        assert!(acknowledged >= 1, "the last of them waits for the answer");
    });
}

#[test]
fn a_database_killed_at_that_moment_keeps_nobody_from_help() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads");
    let Some(cluster) = Cluster::of_its_own() else {
        return;
    };
    runtime.block_on(async {
        let visit = Visit::to(alone_on(&cluster).await).await;
        visit.starts(None).await;
        visit.answers_until(6).await;
        cluster.kill();
        let page = visit.sends(6, WORRYING).await;
        page.is(200)
            .says("Thank you for telling us. You deserve help now.")
            .says("tel:999")
            .says("We could not save what you told us")
            .never_says(KEPT);
        let stranger = Browser::at(&visit.app.config.base_url);
        for page in ["/help-now", "/crisis"] {
            stranger.get(page).await.is(200).says("tel:999").says("116 123");
        }
        let slip = stranger.get("/s/7K3M9QXT2VBR").await;
        assert!(slip.status >= 500);
        slip.says("tel:999");
        visit.ends().await;
    });
}
