//! Databases of earlier programs stay openable. Each folder of `tests/fixtures/old_databases` holds one as it was left by
//! the program of that day, on SQLite and on PostgreSQL, with its key and with what was known of it. Today's program
//! migrates a copy, opens everything, verifies every timeline and rotates the secret. A folder that is added is taken
//! up by itself; `README.md` there says how one is made.

mod checks;
mod golden;
mod keeping;
mod restoring;
mod story;

use std::path::{Path, PathBuf};

use iapt_pad::values::MasterKey;

use golden::Golden;

/// Where the old databases are kept.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/old_databases");

/// Every folder with an old database, the oldest first.
fn folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(KEPT).expect("the folder of old databases");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn secret(folder: &Path) -> MasterKey {
    let text = std::fs::read_to_string(folder.join("secret.key")).expect("a key");
    MasterKey::parse(&text).expect("a key")
}

fn golden(folder: &Path, database: &str) -> Golden {
    let file = folder.join(format!("{database}.golden.json"));
    Golden::read(&std::fs::read_to_string(file).expect("golden values"))
}

/// Runs a story on its own threads.
fn block_on(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads")
        .block_on(story);
}

#[test]
fn an_old_sqlite_database_is_migrated_and_everything_in_it_opens() {
    for folder in folders() {
        let place = tempfile::tempdir().expect("a folder");
        let url = restoring::sqlite(&folder, place.path());
        block_on(checks::all(&url, secret(&folder), golden(&folder, "sqlite")));
    }
}

#[test]
fn an_old_postgresql_database_is_migrated_and_everything_in_it_opens() {
    for folder in folders() {
        let Some(url) = restoring::postgres(&folder) else {
            return;
        };
        block_on(checks::all(&url, secret(&folder), golden(&folder, "postgres")));
    }
}

#[test]
fn every_kind_of_sealed_value_opens_as_it_was_sealed() {
    for folder in folders() {
        for database in ["sqlite", "postgres"] {
            let golden = golden(&folder, database);
            let keys = golden.keyring(&secret(&folder));
            for (kind, value) in &golden.sealed {
                assert_eq!(value.opened(&keys), value.plain, "{kind} of {}", folder.display());
            }
            for kind in KINDS {
                let found = golden.sealed.keys().any(|known| known.starts_with(kind));
                assert!(found, "{} has no golden value of {kind}", folder.display());
            }
        }
    }
}

/// The kinds of sealed value that every old database has; what a later schema seals besides is added here with its
/// fixture.
const KINDS: [&str; 10] = [
    "cookie",
    "outbox.message email",
    "outbox.message webhook",
    "referral.case_sheet",
    "referral.list_name",
    "referral.person",
    "referral.person, not packed",
    "referral_event.payload",
    "rule_version.note",
    "rule_version.reason",
];
