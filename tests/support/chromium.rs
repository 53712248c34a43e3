//! Debian's Chromium, driven by the small scripts in `tests/browser` through one demo that all of them share.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, mpsc};

use iapt_pad::demo::{Options, open};
use serde_json::Value;

use super::databases::missing;

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

/// The one demo of this test run, filled afresh; it listens on every address of this machine.
pub fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    DEMO.get_or_init(|| {
        let data = folder("demo");
        let free = TcpListener::bind("0.0.0.0:0").expect("a free port");
        let bind = free.local_addr().expect("an address");
        drop(free);
        Demo {
            from_outside: serve(bind, data),
            loopback: format!("http://127.0.0.1:{}", bind.port()),
        }
    })
}

/// Opens the demo in threads of its own, which end with the process, and hands back its address.
fn serve(bind: SocketAddr, data: PathBuf) -> String {
    let (opened, opening) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
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
    if !is_ready() {
        return None;
    }
    // One browser at a time: two of them on a small machine only wait for each other.
    let _alone = alone();
    Some(told_by(script, arguments))
}

/// Runs a script that needs no browser, only its packages.
pub fn reading(script: &str, arguments: &[&str]) -> Option<Value> {
    let _alone = alone();
    for (program, package) in [("node", "nodejs"), ("npm", "npm")] {
        if Command::new(program).arg("--version").output().is_err() {
            missing(program, package);
            return None;
        }
    }
    fetch_packages();
    Some(told_by(script, arguments))
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

fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    // A journey that failed leaves nothing half done for the next one.
    ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Whether browser, Node and the scripts' packages are there; fetches the packages when they are not.
fn is_ready() -> bool {
    static READY: OnceLock<bool> = OnceLock::new();
    *READY.get_or_init(|| {
        let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
        for (program, package) in [
            (chromium.as_str(), "chromium"),
            ("node", "nodejs"),
            ("npm", "npm"),
        ] {
            if Command::new(program).arg("--version").output().is_err() {
                missing(program, package);
                return false;
            }
        }
        fetch_packages();
        true
    })
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
