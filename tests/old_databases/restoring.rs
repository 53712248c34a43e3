//! A copy of an old database, to be changed by a test.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use flate2::read::GzDecoder;
use iapt_pad::config::DatabaseUrl;
use iapt_pad::db::PgConn;

use crate::support::databases::{cluster, missing};

fn unpacked(file: &Path) -> Vec<u8> {
    let packed = std::fs::File::open(file).unwrap_or_else(|refused| panic!("{}: {refused}", file.display()));
    let mut plain = Vec::new();
    GzDecoder::new(packed)
        .read_to_end(&mut plain)
        .expect("a gzip file");
    plain
}

/// A copy in `place`.
pub fn sqlite(folder: &Path, place: &Path) -> DatabaseUrl {
    let file = place.join("iapt-pad.sqlite");
    std::fs::write(&file, unpacked(&folder.join("sqlite.gz"))).expect("a copy");
    DatabaseUrl::Sqlite(file)
}

/// A copy on the cluster of the tests; `None` when PostgreSQL is not installed.
pub fn postgres(folder: &Path) -> Option<DatabaseUrl> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let cluster = cluster()?;
    if Command::new("psql").arg("--version").output().is_err() {
        missing("psql", "postgresql-client");
        return None;
    }
    let name = format!("old{}", NUMBER.fetch_add(1, Ordering::SeqCst));
    let mut admin = PgConn::establish(&cluster.address("postgres")).expect("the cluster answers");
    let create = format!("CREATE DATABASE {name}");
    admin.batch_execute(&create).expect("a database");
    let address = cluster.address(&name);
    let mut psql = Command::new("psql")
        .args([
            "--quiet",
            "--no-psqlrc",
            "--set",
            "ON_ERROR_STOP=1",
            "--dbname",
            &address,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("psql");
    let dump = unpacked(&folder.join("postgres.sql.gz"));
    let mut input = psql.stdin.take().expect("an input");
    input.write_all(&dump).expect("psql reads");
    drop(input);
    assert!(psql.wait().expect("psql ends").success(), "the dump is restored");
    Some(DatabaseUrl::Postgres(address))
}
