//! The first minute of somebody who tries the program out: the demo answers at once, says what it does, and is well when
//! it is ready; and whatever stands in its way is said in a sentence, with what to type.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use iapt_pad::demo::PASSWORD;
use iapt_pad::values::MasterKey;

use super::command_line::{iapt_pad, ran, settings};
use crate::support::browser::Browser;

/// The promise for a debug build; a machine that is busy with other tests gets the double.
const SOON: Duration = Duration::from_secs(4);
/// As long as a busy machine may take to fill a demo.
const FILLED: Duration = Duration::from_secs(120);

/// A demo in a process of its own, ended with the value.
struct Started {
    process: Child,
    out: BufReader<ChildStdout>,
    base: String,
}

impl Started {
    fn on(folder: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let bind = free.local_addr().expect("an address").to_string();
        drop(free);
        let mut process = iapt_pad(&["demo", "--bind", &bind, "--data"])
            .arg(folder)
            .spawn()
            .expect("the binary starts");
        Started {
            out: BufReader::new(process.stdout.take().expect("piped")),
            base: format!("http://{bind}"),
            process,
        }
    }

    /// Waits until something answers, as somebody does who opens the address too early.
    fn answers(&self) {
        let address = self.base.trim_start_matches("http://");
        let since = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            assert!(since.elapsed() < SOON, "nothing answers");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What it prints until somebody is told where to start.
    fn told(&mut self) -> String {
        let mut told = String::new();
        while !told.contains("Start here") {
            let read = self.out.read_line(&mut told).expect("lines");
            assert!(read > 0, "it ended: {told}");
        }
        told
    }

    fn kill(&mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("ended");
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ended_before = self.process.kill();
        let _ended_before = self.process.wait();
    }
}

#[test]
fn a_demo_answers_at_once_and_says_start_here_when_everything_is_there() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("town");
    let runtime = tokio::runtime::Runtime::new().expect("threads");

    // A first start that is broken off while the database is being filled leaves nothing that the next one stumbles over.
    let mut broken_off = Started::on(&folder);
    broken_off.answers();
    let since = Instant::now();
    while !folder.join("half-filled").exists() {
        assert!(since.elapsed() < FILLED, "it fills nothing");
        std::thread::sleep(Duration::from_millis(5));
    }
    broken_off.kill();

    let since = Instant::now();
    let mut demo = Started::on(&folder);
    demo.answers();
    runtime.block_on(async {
        let early = Browser::at(&demo.base);
        let (status, page) = early.ask("GET", "/demo", "").await;
        assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
        assert_eq!(status, 503, "{page}");
        assert!(page.contains("The demonstration is being made ready"), "{page}");
        assert!(page.contains("\"refresh\": \"1\""), "{page}");
        assert_eq!(early.ask("POST", "/refer/1", "crisis=no").await.0, 503);
        early.get("/health/ready").await.is(503);
        early.get("/health/live").await.is(200);
    });
    let told = demo.told();
    assert!(
        told.contains(&format!("Start here     {}/demo", demo.base)),
        "{told}"
    );
    assert!(told.starts_with("Making a town of 300 made-up people"), "{told}");
    runtime.block_on(async {
        let team = Browser::at(&demo.base);
        team.get("/health/ready").await.is(200);
        team.get("/demo")
            .await
            .is(200)
            .says("See it as they do")
            .says(PASSWORD);
        is_well(&team).await;
    });
    beside_it(&folder, &demo.base);
    demo.kill();
    let mut complaints = String::new();
    let mut errors = demo.process.stderr.take().expect("piped");
    errors.read_to_string(&mut complaints).expect("text");
    assert_eq!(complaints, "", "a demo has nothing to warn of");
    finds_its_data_again(&folder, &runtime);
}

/// A handful of things is overdue, to show what that looks like, and the rest is in time.
async fn is_well(team: &Browser) {
    team.post("/demo/be/staff/triage", "").await;
    let late = |page: &str| page.matches("pad-overdue\">Overdue").count();
    let entering = late(&team.get("/inbox/accepted-not-entered").await.body);
    // Three were forgotten, and somebody may have missed their first session.
    assert!(
        (3..=4).contains(&entering),
        "{entering} are overdue for the record system"
    );
    let overdue = team.get("/inbox?view=overdue").await;
    let overdue = late(&overdue.is(200).body);
    assert!((3..=5).contains(&overdue), "{overdue} are overdue");
    let places = team.get("/inbox/places").await;
    places.never_says("pad-overdue\">").says(" the place of ");
    let calls = late(&team.get("/inbox/rings").await.body);
    assert!((3..=5).contains(&calls), "{calls} calls are overdue");
}

/// What others do while the demo runs: commands work on its folder, and a second demo is told where the first one is.
fn beside_it(folder: &Path, base: &str) {
    let data = folder.to_str().expect("a path");
    let (code, list, complaint) = ran(&mut iapt_pad(&["clinics", "list", "--json", "--data", data]));
    assert_eq!(code, 0, "{complaint}");
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(list[0]["code"], "PW-GRAVES");
    let (code, told, _) = ran(&mut iapt_pad(&["audit", "verify", "--data", data]));
    assert_eq!(
        (code, told.as_str()),
        (0, "300 timelines are whole, 0 were altered.\n")
    );
    let (code, told, _) = ran(&mut iapt_pad(&["doctor", "--next", "--data", data]));
    assert!(
        code == 1 && told.contains("FAIL  people: this database was filled with made-up people"),
        "{told}"
    );

    let (code, _, told) = ran(&mut iapt_pad(&["demo", "--data", data, "--bind", "127.0.0.1:0"]));
    assert_eq!(code, 1);
    assert!(
        told.contains("a demo is running on the folder") && told.contains(&format!("open {base}/demo")),
        "{told}"
    );
    let other = folder.with_file_name("other");
    let taken = base.trim_start_matches("http://");
    let mut second = iapt_pad(&["demo", "--bind", taken, "--data"]);
    let (code, _, told) = ran(second.arg(&other));
    assert_eq!(code, 1);
    assert!(
        told.contains("is taken") && told.contains("--bind 127.0.0.1:"),
        "{told}"
    );
    assert!(
        !other.join("iapt-pad.sqlite").exists(),
        "nothing is filled before the port is sure"
    );
}

fn finds_its_data_again(folder: &Path, runtime: &tokio::runtime::Runtime) {
    let mut again = Started::on(folder);
    let told = again.told();
    assert!(!told.contains("Making a town"), "{told}");
    runtime.block_on(async {
        Browser::at(&again.base).get("/health/ready").await.is(200);
    });
}

#[test]
fn a_service_never_says_that_it_is_being_made_ready() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::draw().expect("randomness").to_base64();
    let free = || {
        TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a port")
    };
    let (bind, figures) = (free(), free());
    let serving = |arguments: &[&str]| {
        let mut command = iapt_pad(arguments);
        command
            .envs(settings(folder.path(), &key))
            .env("SMTP_URL", "smtp://127.0.0.1:9")
            .env("MAIL_FROM", "no-reply@talking.example.org")
            .env("BIND", bind.to_string())
            .env("METRICS_BIND", figures.to_string());
        command
    };
    assert_eq!(ran(&mut serving(&["migrate"])).0, 0);
    let mut service = serving(&["serve"])
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let since = Instant::now();
    while std::net::TcpStream::connect(bind).is_err() {
        assert!(since.elapsed() < FILLED, "nothing answers");
        std::thread::sleep(Duration::from_millis(5));
    }
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(async {
        let browser = Browser::at(&format!("http://{bind}"));
        browser.get("/health/ready").await.is(200);
        for page in ["/", "/demo", "/staff/sign-in"] {
            browser.get(page).await.never_says("being made ready");
        }
        browser.get("/demo").await.is(404);
    });
    let (code, _, told) = ran(&mut serving(&["serve"]));
    assert!(
        code == 1 && told.contains("is taken") && told.contains("BIND=127.0.0.1:"),
        "{told}"
    );
    service.kill().expect("killed");
    service.wait().expect("ended");
}

#[test]
fn each_bad_start_of_a_demo_is_said_in_a_sentence_with_what_to_type() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("notes");
    std::fs::write(&file, "mine").expect("written");
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    let (file, below, holds_more) = (text(&file), text(&file.join("below")), text(place.path()));
    let new = text(&place.path().join("new"));
    for (arguments, code, said) in [
        (
            vec!["--data", &file],
            1,
            "is a file, and a demo keeps its data in a folder. Type: iapt-pad demo --data",
        ),
        (
            vec!["--data", &below],
            1,
            "is a file, and a demo keeps its data in a folder. Type: iapt-pad demo --data",
        ),
        (vec!["--data", &holds_more], 1, "holds something else (notes)"),
        (vec!["--data", "/sys/iapt-pad-demo"], 1, "cannot be used: "),
        (
            vec!["--bind", "localhost:8080"],
            2,
            "takes an address, not a name: type 127.0.0.1:8080",
        ),
        (
            vec!["--bind", "8080"],
            2,
            "has no address before the port: type 127.0.0.1:8080",
        ),
        (vec!["--bind", "::1"], 2, "has no port: type [::1]:8080"),
        (
            vec!["--data", &new, "--bind", "192.0.2.1:8080"],
            1,
            "is no address of this machine",
        ),
        (
            vec!["--database-url", "mysql://x"],
            2,
            "must begin with `sqlite:` or `postgres://`",
        ),
        (
            vec!["--base-url", "pad.example.org"],
            2,
            "must begin with http:// or https://",
        ),
        (
            vec!["--smtp-url", "localhost"],
            2,
            "must begin with smtp:// or smtps://",
        ),
    ] {
        let (ended, out, told) = ran(&mut iapt_pad(&[&["demo"], arguments.as_slice()].concat()));
        assert_eq!(ended, code, "{arguments:?} says {out}{told}");
        assert!(told.contains(said), "{arguments:?} says {told}");
        assert!(!told.contains("os error"), "{arguments:?} says {told}");
    }
}

#[test]
fn each_bad_setting_of_a_service_is_said_in_a_sentence_with_what_to_type() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::draw().expect("randomness").to_base64();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let sqlite = |name: &str| format!("sqlite:{}", path(name));
    std::fs::write(
        path("file"),
        "a file of something else, longer than the head of a database\n".repeat(9),
    )
    .expect("written");
    for (setting, value, said) in [
        ("LOCALITY", path("missing.toml"), "LOCALITY: there is no file"),
        ("LOCALITY", path(""), "is a folder, not a file"),
        ("LOCALITY", path("file"), "LOCALITY: in "),
        (
            "DATABASE_URL",
            "mysql://x".to_owned(),
            "DATABASE_URL must begin with `sqlite:` or `postgres://`",
        ),
        (
            "DATABASE_URL",
            sqlite("none/pad.sqlite"),
            "does not exist: make it with `mkdir -p ",
        ),
        (
            "DATABASE_URL",
            sqlite("file/pad.sqlite"),
            "is a file, not a folder",
        ),
        (
            "DATABASE_URL",
            sqlite(""),
            "is a folder: the address of the database names a file",
        ),
        (
            "DATABASE_URL",
            sqlite("file"),
            "is not a database this program can open",
        ),
        (
            "DATABASE_URL",
            "postgres://pad@127.0.0.1:9/pad".to_owned(),
            "PostgreSQL does not let this program in",
        ),
        ("SECRET_KEY", "short".to_owned(), "SECRET_KEY must be"),
    ] {
        let mut migrate = iapt_pad(&["migrate"]);
        migrate.envs(settings(folder.path(), &key)).env(setting, &value);
        let (code, _, told) = ran(&mut migrate);
        assert_eq!(code, 1, "{setting}={value}");
        assert!(told.contains(said), "{setting}={value} says {told}");
        assert!(!told.contains("os error"), "{setting}={value} says {told}");
    }
    let mut from_file = iapt_pad(&["migrate"]);
    from_file
        .envs(settings(folder.path(), &key))
        .env_remove("SECRET_KEY")
        .env("SECRET_KEY_FILE", path("no.key"));
    let (code, _, told) = ran(&mut from_file);
    assert!(
        code == 1 && told.contains("SECRET_KEY_FILE: there is no file"),
        "{told}"
    );
}
