//! SQL stands in stores, and each table is written by one room.

use std::collections::BTreeSet;

use super::migrations::schema;
use super::sources::{ROOMS, Source, named_paths, none, place_in_order, sources};

/// Which room writes which table.
const OWNERS: [(&str, &[&str]); 10] = [
    ("db", &["key"]),
    ("demo", &["deployment"]),
    (
        "notify",
        &["outbox", "rota", "rota_change", "rota_shift", "rota_leave"],
    ),
    (
        "staff",
        &[
            "clinic",
            "staff",
            "session",
            "throttle",
            "read_log",
            "api_key",
            "account_request",
            "account_event",
            "password_link",
        ],
    ),
    ("pads", &["pad", "pad_event", "slip", "counter"]),
    ("triage", &["rule_version"]),
    (
        "referrals",
        &[
            "referral",
            "referral_event",
            "search_term",
            "anchor",
            "contact_attempt",
            "contact_next",
            "contact_promise",
            "escalation",
            "alarm_window",
            "alarm_member",
            "late_notice",
            "referral_link",
            "daily_notice",
            "referral_facet",
        ],
    ),
    (
        "booking",
        &[
            "course",
            "venue",
            "course_run",
            "place",
            "waiting",
            "notice",
            "ring_task",
            "slot",
            "attendance",
        ],
    ),
    ("patient", &["own_opening"]),
    ("interop", &["idempotency"]),
];

/// Lists join: these rooms may read what others write, in their own store.
const READERS: [&str; 4] = ["inbox", "reports", "retention", "interop"];

/// SQL words outside a store, each with its reason.
const SQL_ELSEWHERE: [(&str, &str); 1] = [(
    "src/referrals/submit.rs",
    "tells a unique violation from other refusals, and places the submission anew",
)];

/// Tables read by a room that does not own them, each with its reason.
const GUESTS: [(&str, &str, &str); 3] = [
    ("pads", "clinic", "a slip says which clinic gave it"),
    (
        "demo",
        "staff",
        "a demo fills only a database in which nobody has an account",
    ),
    ("demo", "referral", "nor a referral"),
];

fn owner(table: &str) -> Option<&'static str> {
    let owned = OWNERS.iter().find(|(_, tables)| tables.contains(&table));
    owned.map(|(room, _)| *room)
}

fn is_guest(room: &str, table: &str) -> bool {
    GUESTS
        .iter()
        .any(|(guest, seen, _)| *guest == room && *seen == table)
}

#[test]
fn every_table_has_one_owner() {
    let known: BTreeSet<String> = schema().into_keys().collect();
    let owned: Vec<&str> = OWNERS
        .iter()
        .flat_map(|(_, tables)| tables.iter().copied())
        .collect();
    let once: BTreeSet<String> = owned.iter().map(|table| (*table).to_owned()).collect();
    assert_eq!(once.len(), owned.len(), "a table stands twice");
    assert_eq!(once, known);
}

fn holds_sql(source: &Source) -> bool {
    let words = ["diesel::", "dispatch!", "sql_query", "stored_as_text!"];
    let named = named_paths(&source.code);
    let schema = |path: &[String]| {
        path.first().is_some_and(|room| room == "db") && path.get(1).is_some_and(|s| s == "schema")
    };
    words.iter().any(|word| source.code.contains(word)) || named.iter().any(|(_, path)| schema(path))
}

fn is_store(path: &str) -> bool {
    path.starts_with("src/db/") || path.ends_with("/store.rs") || path.contains("/store/")
}

#[test]
fn sql_stands_in_stores_only() {
    let mut faults = Vec::new();
    let mut needed = BTreeSet::new();
    for source in sources() {
        if is_store(&source.path) || !holds_sql(&source) {
            continue;
        }
        match SQL_ELSEWHERE.iter().find(|(path, _)| *path == source.path) {
            Some((path, _)) => {
                needed.insert(*path);
            }
            None => faults.push(source.path),
        }
    }
    let stale = SQL_ELSEWHERE.iter().filter(|(path, _)| !needed.contains(path));
    faults.extend(stale.map(|(path, _)| format!("{path} needs no exception any more")));
    none(&faults, "SQL stands in store.rs, in store/ or in db/.");
}

#[test]
fn only_the_owner_writes_a_table() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some(room) = source.room() else { continue };
        for (at, written) in written_tables(&source) {
            match written {
                None => faults.push(format!(
                    "{}: it does not show which table is written",
                    source.place(at)
                )),
                Some(table) if owner(&table) == Some(room) => {}
                // The unit tests of `db` need some table to write to.
                Some(_) if source.path == "src/db/tests.rs" => {}
                Some(table) => faults.push(format!("{}: {room} writes {table}", source.place(at))),
            }
        }
    }
    none(
        &faults,
        "A room writes its own tables; of another it asks a verb.",
    );
}

/// Every place where a table is written, and which; `None` where it does not show.
fn written_tables(source: &Source) -> Vec<(usize, Option<String>)> {
    let mut found = Vec::new();
    for verb in [
        "insert_into(",
        "replace_into(",
        "diesel::update(",
        "diesel::delete(",
    ] {
        for (at, _) in source.code.match_indices(verb) {
            let argument = source.code[at + verb.len()..]
                .trim_start()
                .trim_start_matches('&');
            found.push((at, table_of(&source.code[..at], argument)));
        }
    }
    // SQL written out: in the text, because the code has its strings blanked.
    for verb in ["INSERT INTO ", "DELETE FROM ", "UPDATE "] {
        for (at, _) in source.text.match_indices(verb) {
            let table = first_word(&source.text[at + verb.len()..]);
            if owner(&table).is_some() {
                found.push((at, Some(table)));
            }
        }
    }
    found
}

/// The table an argument names: itself (`slip::table.find(…)`), or where its variable was bound.
fn table_of(before: &str, argument: &str) -> Option<String> {
    let name = first_word(argument);
    if argument[name.len()..].starts_with("::table") {
        return Some(name);
    }
    let bound = before.rfind(&format!("let {name} "))?;
    let binding = &before[bound..];
    let table = binding.find("::table")?;
    let word = binding[..table]
        .rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .next();
    word.map(str::to_owned)
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

/// What the pads may know of: their own tables, and the clinic that a slip names.
const PADS_KNOW: [&str; 5] = ["pad", "pad_event", "slip", "counter", "clinic"];

#[test]
fn pads_know_nothing_of_a_referral() {
    let left = &ROOMS[..=ROOMS.iter().position(|room| *room == "pads").expect("a room")];
    let mut faults = Vec::new();
    for source in sources()
        .into_iter()
        .filter(|source| source.room() == Some("pads"))
    {
        for (at, path) in named_paths(&source.code) {
            let first = path.first().map_or("", String::as_str);
            let is_room = place_in_order(first).is_some();
            if is_room && !left.contains(&first) {
                faults.push(format!("{}: {}", source.place(at), path.join("::")));
            }
            if let [db, schema, table, ..] = path.as_slice()
                && (db.as_str(), schema.as_str()) == ("db", "schema")
                && !PADS_KNOW.contains(&table.as_str())
            {
                faults.push(format!("{}: the table {table}", source.place(at)));
            }
        }
        // Not even in written SQL: the text of a store keeps its strings.
        let tables = schema()
            .into_keys()
            .filter(|table| !PADS_KNOW.contains(&table.as_str()));
        let words: Vec<&str> = source
            .text
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .collect();
        if is_store(&source.path) {
            let named = tables.filter(|table| table != "key" && words.contains(&table.as_str()));
            faults.extend(named.map(|table| format!("{}: names {table}", source.path)));
        }
    }
    none(
        &faults,
        "The physio's pages stand on pads alone: no way leads from a slip to who used it.",
    );
}

#[test]
fn only_list_rooms_read_what_others_write() {
    let mut faults = Vec::new();
    let mut met = BTreeSet::new();
    for source in sources() {
        let Some(room) = source.room() else { continue };
        if room == "db" || READERS.contains(&room) {
            continue;
        }
        for (at, path) in named_paths(&source.code) {
            let [db, schema, table, ..] = path.as_slice() else {
                continue;
            };
            if db != "db" || schema != "schema" || owner(table) == Some(room) {
                continue;
            }
            if is_guest(room, table) {
                met.insert((room, table.clone()));
            } else {
                faults.push(format!("{}: {room} reads {table}", source.place(at)));
            }
        }
    }
    let stale = GUESTS.iter().filter(|(room, table, _)| {
        let built = sources()
            .iter()
            .any(|source| source.room() == Some(*room) && source.path.contains("store"));
        built && !met.contains(&(*room, (*table).to_owned()))
    });
    faults.extend(stale.map(|(room, table, _)| format!("{room} does not read {table} any more")));
    none(
        &faults,
        "Inbox, reports, retention and interop read other rooms' tables; nobody else does.",
    );
}
