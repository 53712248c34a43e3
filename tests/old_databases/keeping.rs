//! Keeps a database of today's schema for the programs to come. Not a test of anything; run by hand after the schema
//! has changed, as `tests/fixtures/old_databases/README.md` says.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use iapt_pad::app::App;
use iapt_pad::config::DatabaseUrl;
use iapt_pad::db::schema::{key, outbox, referral, referral_event, rule_version};
use iapt_pad::db::{Conn, Result};
use iapt_pad::dispatch;
use iapt_pad::referrals::{ManageToken, Reference, open};
use iapt_pad::values::{Id, MasterKey, Purpose, Sealed};
use iapt_pad::web::sealed_text;

use super::block_on;
use super::golden::{Golden, Kept, SealedValue, Wrapped};
use super::story;
use crate::support::databases::{postgres, sqlite};

/// Names the folder to keep it in.
const FOLDER: &str = "KEEP_OLD_DATABASE";

#[test]
#[ignore = "makes a fixture; see tests/fixtures/old_databases/README.md"]
fn keep_a_database_of_this_schema() {
    let folder = PathBuf::from(std::env::var(FOLDER).expect("KEEP_OLD_DATABASE names a folder"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let secret = MasterKey::draw().expect("randomness");
    std::fs::write(folder.join("secret.key"), format!("{}\n", secret.to_base64())).expect("a key");
    block_on(async {
        let place = tempfile::tempdir().expect("a folder");
        let fresh = sqlite(place.path()).await;
        let (app, known) = story::tell(fresh.db, secret.clone()).await;
        let copy = place.path().join("copy.sqlite");
        app.db.back_up(&copy).await.expect("a copy");
        packed(&folder.join("sqlite.gz"), &std::fs::read(copy).expect("a copy"));
        write_golden(&folder, "sqlite", &app, known).await;
        let fresh = postgres().await.expect("PostgreSQL");
        let url = fresh.url;
        let (app, known) = story::tell(fresh.db, secret).await;
        packed(&folder.join("postgres.sql.gz"), &dumped(&url));
        write_golden(&folder, "postgres", &app, known).await;
    });
}

fn packed(file: &Path, plain: &[u8]) {
    let mut packer = GzEncoder::new(std::fs::File::create(file).expect("a file"), Compression::best());
    packer.write_all(plain).expect("packed");
    packer.finish().expect("written");
}

/// A dump without the lines that an older `psql` does not know.
fn dumped(url: &DatabaseUrl) -> Vec<u8> {
    let DatabaseUrl::Postgres(address) = url else {
        panic!("a PostgreSQL database");
    };
    let dump = Command::new("pg_dump")
        .args(["--no-owner", "--no-privileges", address])
        .output()
        .expect("pg_dump");
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let text = String::from_utf8(dump.stdout).expect("text");
    let newer = |line: &str| {
        line.starts_with("SET transaction_timeout")
            || line.starts_with("\\restrict")
            || line.starts_with("\\unrestrict")
    };
    let lines: Vec<&str> = text.lines().filter(|line| !newer(line)).collect();
    (lines.join("\n") + "\n").into_bytes()
}

async fn write_golden(folder: &Path, database: &str, app: &Arc<App>, known: BTreeMap<String, String>) {
    let golden = Golden {
        now: app.clock.now().0.to_string(),
        keys: keys(app).await,
        sealed: sealed(app).await,
        derived: known,
        referrals: referrals(app).await,
    };
    let text = serde_json::to_string_pretty(&golden).expect("JSON");
    let file = folder.join(format!("{database}.golden.json"));
    std::fs::write(file, text + "\n").expect("written");
}

async fn keys(app: &Arc<App>) -> Vec<Wrapped> {
    let rows = read(app, |conn| {
        let columns = (key::id, key::purpose, key::wrapped, key::is_current);
        Ok(dispatch!(conn, c => key::table.select(columns).order(key::id).load(c))?)
    });
    let rows: Vec<(i32, String, Vec<u8>, bool)> = rows.await;
    rows.into_iter()
        .map(|(id, purpose, wrapped, current)| Wrapped {
            id,
            purpose,
            wrapped: STANDARD.encode(wrapped),
            current,
        })
        .collect()
}

/// One stored value of each kind, and of the timeline one for each kind of event.
async fn sealed(app: &Arc<App>) -> BTreeMap<String, SealedValue> {
    let mut found: Vec<(String, Id, Sealed)> = Vec::new();
    let people: Vec<(Id, Sealed, Sealed, Sealed)> = read(app, |conn| {
        let columns = (
            referral::id,
            referral::person,
            referral::list_name,
            referral::case_sheet,
        );
        Ok(dispatch!(conn, c => referral::table.select(columns).order(referral::id).load(c))?)
    })
    .await;
    for (id, person, name, case) in people {
        found.push(("referral.person".to_owned(), id, person));
        found.push(("referral.list_name".to_owned(), id, name));
        found.push(("referral.case_sheet".to_owned(), id, case));
    }
    let events: Vec<(Id, String, Sealed)> = read(app, |conn| {
        let columns = (
            referral_event::referral_id,
            referral_event::kind,
            referral_event::payload,
        );
        Ok(dispatch!(conn, c => referral_event::table.select(columns).load(c))?)
    })
    .await;
    let events = events
        .into_iter()
        .filter(|(_, _, payload)| !payload.as_bytes().is_empty());
    found.extend(events.map(|(id, kind, payload)| (format!("referral_event.payload {kind}"), id, payload)));
    let messages: Vec<(Id, String, Option<Sealed>)> = read(app, |conn| {
        let columns = (outbox::id, outbox::channel, outbox::message);
        Ok(dispatch!(conn, c => outbox::table.select(columns).load(c))?)
    })
    .await;
    let messages = messages
        .into_iter()
        .filter_map(|(id, channel, message)| Some((format!("outbox.message {channel}"), id, message?)));
    found.extend(messages);
    let rules: Vec<(Id, Option<Sealed>, Option<Sealed>)> = read(app, |conn| {
        let columns = (rule_version::id, rule_version::note, rule_version::reason);
        Ok(dispatch!(conn, c => rule_version::table.select(columns).load(c))?)
    })
    .await;
    for (id, note, reason) in rules {
        found.extend(note.map(|note| ("rule_version.note".to_owned(), id, note)));
        found.extend(reason.map(|reason| ("rule_version.reason".to_owned(), id, reason)));
    }
    let mut all = BTreeMap::new();
    for (kind, id, value) in found {
        all.entry(kind)
            .or_insert_with(|| SealedValue::of(&app.keys, Purpose::Person, id, &value));
    }
    all.extend(made_here(app));
    all
}

/// What stands in no table of this database: a value of a cookie, and one sealed before there was packing.
fn made_here(app: &Arc<App>) -> [(String, SealedValue); 2] {
    let id = Id::new();
    let person = br#"{"name":"Ann Example","date_of_birth":"1980-02-29","voicemail_ok":true}"#;
    let plain = app.keys.seal(Purpose::Person, id, person).expect("sealed");
    let text = sealed_text(&app.keys, "draft", &"half an answer", app.clock.now()).expect("a text");
    let bytes = base64::prelude::BASE64_URL_SAFE_NO_PAD
        .decode(text)
        .expect("base64");
    let (row, cookie) = bytes.split_at(16);
    let row = Id::from_slice(row).expect("an id");
    let cookie = Sealed::from_bytes(cookie.to_vec());
    [
        (
            "referral.person, not packed".to_owned(),
            SealedValue::of(&app.keys, Purpose::Person, id, &plain),
        ),
        (
            "cookie".to_owned(),
            SealedValue::of(&app.keys, Purpose::Cookies, row, &cookie),
        ),
    ]
}

async fn referrals(app: &Arc<App>) -> Vec<Kept> {
    let references: Vec<(Id, String)> = read(app, |conn| {
        let columns = (referral::id, referral::reference);
        Ok(dispatch!(conn, c => referral::table.select(columns).order(referral::id).load(c))?)
    })
    .await;
    let mut all = Vec::new();
    for (id, reference) in references {
        let (inside, parsed) = (app.clone(), Reference::parse(&reference).expect("a reference"));
        let view = app.db.read(move |conn| open(conn, &inside.keys, &parsed));
        let view = view.await.expect("read").expect("there");
        let events = view.timeline.iter();
        all.push(Kept {
            reference: view.reference.to_string(),
            name: view.person.name.clone(),
            state: view.state.as_str().to_owned(),
            token: ManageToken::of(&app.keys, id, 0)
                .expect("a token")
                .expose()
                .to_owned(),
            events: events
                .map(|event| (event.kind.as_str().to_owned(), event.payload.text.clone()))
                .collect(),
        });
    }
    all
}

async fn read<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&mut Conn<'_>) -> Result<T> + Send + 'static,
) -> T {
    app.db.read(work).await.expect("read")
}

/// The row of a proposed version of the rules.
pub fn rule_row(conn: &mut Conn<'_>, version: &str) -> Result<Id> {
    let row = rule_version::table
        .filter(rule_version::version.eq(version))
        .select(rule_version::id);
    Ok(dispatch!(conn, c => row.first(c))?)
}

/// How many messages have not been delivered yet.
pub async fn waiting_messages(app: &Arc<App>) -> i64 {
    let waiting = outbox::table.filter(outbox::status.eq("waiting"));
    read(app, move |conn| {
        Ok(dispatch!(conn, c => waiting.count().get_result(c))?)
    })
    .await
}
