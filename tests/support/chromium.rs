//! Debian's Chromium, driven by the small scripts in `tests/browser` through a demo that most of them share. They run
//! side by side: a script counts on nobody and nothing in it but what it put there, or has a demo or a house of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, OnceLock, mpsc};

use actix_web::{HttpResponse, web};
use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::booking::{NewSlot, SlotKind, add_slots};
use iapt_pad::config::{Mail, ServiceName, Smtp};
use iapt_pad::db::schema::referral;
use iapt_pad::demo::{Options, open};
use iapt_pad::dispatch;
use iapt_pad::staff::{DisplayName, NewAccount, Password, Role, Username, add_account_with};
use iapt_pad::values::{Clock, Id};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::app::{at, monday_morning};
use super::courses::Diary;
use super::databases::{missing, sqlite};
use super::referrals::submission;
use super::server::{served, served_with};
use super::slips::a_slip_until;

/// Where the scripts stand, with their own packages.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");
/// Cargo's own folder for what integration tests leave behind.
const LEFT_BEHIND: &str = env!("CARGO_TARGET_TMPDIR");

/// The demo, open for as long as the tests run.
pub struct Demo {
    /// Its address on this machine's loopback.
    pub loopback: String,
    /// Its address as another machine on the network would reach it.
    pub from_outside: String,
}

/// The demo that most journeys of this test run share.
pub fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    DEMO.get_or_init(|| a_demo("demo"))
}

/// A demo in a folder of this name, filled afresh; it listens on every address of this machine.
pub fn a_demo(name: &str) -> Demo {
    let data = folder(name);
    let free = TcpListener::bind("0.0.0.0:0").expect("a free port");
    let bind = free.local_addr().expect("an address");
    drop(free);
    Demo {
        from_outside: serve(bind, data),
        loopback: format!("http://127.0.0.1:{}", bind.port()),
    }
}

/// Opens the demo in threads of its own, which end with the process, and hands back its address.
fn serve(bind: SocketAddr, data: PathBuf) -> String {
    let (opened, opening) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = Runtime::new().expect("threads");
        let options = Options {
            bind,
            data,
            database: None,
            base_url: None,
            mail_catcher: None,
        };
        let demo = runtime.block_on(open(&options)).expect("a demo");
        opened.send(demo.base_url).expect("somebody waits");
        runtime.block_on(std::future::pending::<()>());
    });
    opening.recv().expect("a demo")
}

/// A house beside the demo, with a clock that a journey moves by asking for it: `POST /test/wait/{minutes}`.
pub struct Aside {
    pub base: String,
    app: Arc<App>,
    runtime: Runtime,
    slips: AtomicI32,
}

/// The one such house of this test run. Its clock goes forward only, by a few days at most.
pub fn aside() -> &'static Aside {
    static ASIDE: OnceLock<Aside> = OnceLock::new();
    ASIDE.get_or_init(|| {
        let runtime = Runtime::new().expect("threads");
        let folder = folder("aside");
        let mail = Mail::Captured(folder.join("mail"));
        let served = runtime.block_on(async {
            let fresh = sqlite(&folder).await;
            served_with(
                fresh,
                monday_morning(),
                mail,
                |config| config.locality.booking.assessment = true,
                |config| {
                    config.route("/test/wait/{minutes}", web::post().to(wait));
                },
            )
            .await
        });
        let (base, app) = (served.base.clone(), served.app.clone());
        // It serves until the process ends.
        std::mem::forget(served);
        Aside {
            base,
            app,
            runtime,
            slips: AtomicI32::new(1),
        }
    })
}

/// The password of the colleague in a house that is no demo.
pub const PASSWORD: &str = "one-two-three-four";

/// A house whose mail reaches nobody, with somebody in danger in it and a colleague, `terry`: its address.
pub fn unreached() -> String {
    let nowhere = Smtp::parse("smtp://127.0.0.1:9").expect("an address");
    house("unreached", monday_morning(), Mail::Smtp(nowhere), async |app| {
        submission().in_danger().send(app).await;
        app.mailer.nudge();
    })
}

/// A house with somebody in danger, a few others, and a colleague, `terry`: nobody comes but who is made to. Its
/// address.
pub fn quiet() -> String {
    let mail = Mail::Captured(folder("quiet-mail"));
    // The clock goes, or nobody would be newer than the page.
    house("quiet", Clock::system(), mail, async |app| {
        submission().in_danger().send(app).await;
        for number in 0..12 {
            submission().named(&format!("Person {number}")).send(app).await;
        }
    })
}

fn house(name: &str, clock: Clock, mail: Mail, fill: impl AsyncFnOnce(&Arc<App>)) -> String {
    let runtime = Runtime::new().expect("threads");
    let base = runtime.block_on(async {
        let served = served(sqlite(&folder(name)).await, clock, mail).await;
        let account = NewAccount {
            username: Username::parse("terry").expect("a username"),
            display_name: DisplayName::parse("Terry Example").expect("a name"),
            role: Role::Triage,
            clinic: None,
        };
        let (now, password) = (served.app.clock.now(), Password::typed(PASSWORD));
        let added = add_account_with(&served.app.db, now, account, password).await;
        added.expect("an account");
        fill(&served.app).await;
        let base = served.base.clone();
        std::mem::forget(served);
        base
    });
    // It serves until the process ends.
    std::mem::forget(runtime);
    base
}

async fn wait(app: web::Data<App>, minutes: web::Path<i64>) -> HttpResponse {
    app.clock.advance_minutes(*minutes);
    HttpResponse::NoContent().finish()
}

impl Aside {
    /// The code of a slip that nobody has used.
    pub fn slip(&self) -> String {
        self.a_slip("unused", "2027-12-31T00:00:00Z")
    }

    /// The code of a slip that the clinic took back.
    pub fn void_slip(&self) -> String {
        self.a_slip("void", "2027-12-31T00:00:00Z")
    }

    /// The code of a slip that is out of date.
    pub fn expired_slip(&self) -> String {
        self.a_slip("unused", "2026-01-01T00:00:00Z")
    }

    fn a_slip(&self, state: &'static str, until: &str) -> String {
        let number = self.slips.fetch_add(1, Ordering::SeqCst);
        let code = self
            .runtime
            .block_on(a_slip_until(&self.app, number, state, at(until)));
        code.compact()
    }

    /// The links of somebody who is offered a place, of somebody who waits for one, and of somebody who may choose a
    /// first talk.
    pub fn own_pages(&self) -> [String; 3] {
        self.runtime.block_on(async {
            let diary = Diary::within(self.app.clone(), 1).await;
            let talk = NewSlot {
                id: Id::new(),
                service: ServiceName::Core,
                starts: diary.run.first_session,
                minutes: 45,
                kind: SlotKind::Phone,
                venue: None,
                staff: None,
            };
            let added = self.app.db.write(move |conn| add_slots(conn, &[talk])).await;
            added.expect("a talk");
            let first = diary.patient().await;
            diary.hold(diary.run.id, first).await;
            let mut links = Vec::new();
            for waits in [true, true, false] {
                let mut sent = submission();
                if !waits {
                    sent.0.facts.ltc.clear();
                }
                let sent = sent.send(&self.app).await;
                if waits {
                    diary.join(sent.receipt().expect("a receipt").id).await;
                }
                links.push(sent.receipt().expect("a receipt").token.expose().to_owned());
            }
            diary.cancel(first).await;
            links.try_into().expect("three")
        })
    }

    /// How many referrals there are.
    pub fn referrals(&self) -> i64 {
        let counted = self.app.db.read(|conn| {
            let all = referral::table.count();
            Ok(dispatch!(conn, c => all.get_result::<i64>(c)?))
        });
        self.runtime.block_on(counted).expect("a count")
    }
}

/// An empty folder of this name. What an earlier run left in it goes; what this run leaves can be looked at.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(LEFT_BEHIND).join("browser").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("emptied");
    }
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Runs a script to its end and hands back what it found. `None`, said loudly, where there is no browser.
pub fn journey(script: &str, arguments: &[&str]) -> Option<Value> {
    static READY: OnceLock<bool> = OnceLock::new();
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let ready = READY.get_or_init(|| runs(&chromium, "chromium") && has_packages());
    ready.then(|| told_by(script, arguments))
}

/// Runs a script that needs no browser, only its packages.
pub fn reading(script: &str, arguments: &[&str]) -> Option<Value> {
    has_packages().then(|| told_by(script, arguments))
}

/// Whether a program is there; said loudly where it is not.
fn runs(program: &str, package: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    if !there {
        missing(program, package);
    }
    there
}

/// Whether Node and the scripts' packages are there; fetches the packages when they are not.
fn has_packages() -> bool {
    static READY: OnceLock<bool> = OnceLock::new();
    *READY.get_or_init(|| {
        let ready = runs("node", "nodejs") && runs("npm", "npm");
        if ready {
            fetch_packages();
        }
        ready
    })
}

fn told_by(script: &str, arguments: &[&str]) -> Value {
    let output = Command::new("node")
        .current_dir(SCRIPTS)
        .arg(format!("{script}.mjs"))
        .args(arguments)
        .output()
        .expect("node runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} {arguments:?}: {complaint}");
    serde_json::from_slice(&output.stdout).expect("one line of JSON")
}

/// Runs `npm ci` when what is installed is not what the lock file names.
fn fetch_packages() {
    let scripts = Path::new(SCRIPTS);
    let (lock, stamp) = (
        scripts.join("package-lock.json"),
        scripts.join("node_modules/.fetched-for"),
    );
    let wanted = std::fs::read(lock).expect("a lock file");
    if std::fs::read(&stamp).is_ok_and(|had| had == wanted) {
        return;
    }
    let fetched = Command::new("npm")
        .current_dir(scripts)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .output()
        .expect("npm runs");
    let complaint = String::from_utf8_lossy(&fetched.stderr);
    assert!(fetched.status.success(), "npm ci in tests/browser: {complaint}");
    std::fs::write(stamp, wanted).expect("a stamp");
}
