//! Imports point left, nobody calls a neighbour's store, and what is pure stays pure.

use super::sources::{Source, files, named_paths, none, place_in_order, read, room_of, sources};

#[test]
fn imports_point_left_only() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some(room) = source.room() else { continue };
        for (at, path) in named_paths(&source.code) {
            let other = path.first().map_or("", String::as_str);
            if place_in_order(other) > place_in_order(room) {
                faults.push(format!("{}: {room} uses {}", source.place(at), path.join("::")));
            }
        }
    }
    none(
        &faults,
        "A room uses only rooms to its left (src/lib.rs has the order).",
    );
}

#[test]
fn templates_are_taken_from_the_left_only() {
    let mut faults = Vec::new();
    for path in files("src", ".html") {
        let room = room_of(&path).unwrap_or_else(|| panic!("{path} stands in no room"));
        let text = read(&path);
        let tags = text.split("{%").skip(1);
        for tag in tags.filter_map(|tag| tag.split("%}").next()) {
            let word = tag.trim_start_matches('-').split_whitespace().next();
            if !matches!(word, Some("extends" | "include" | "import")) {
                continue;
            }
            let other = tag.split('"').nth(1).and_then(|named| named.split('/').next());
            let other = other.unwrap_or_default();
            if place_in_order(other).is_none() || place_in_order(other) > place_in_order(room) {
                faults.push(format!("{path}: {}", tag.trim()));
            }
        }
    }
    none(
        &faults,
        "A template builds on templates of its own room or of one to the left.",
    );
}

#[test]
fn nobody_calls_a_neighbours_store() {
    let mut faults = Vec::new();
    for source in sources() {
        for (at, path) in named_paths(&source.code) {
            let is_store = path.get(1).is_some_and(|second| second == "store");
            if is_store && path.first().map(String::as_str) != source.room() {
                faults.push(format!("{}: {}", source.place(at), path.join("::")));
            }
        }
    }
    none(&faults, "Ask a room's mod.rs, not its store.");
}

/// Rooms that know nothing of HTTP, but for their pages.
const WITHOUT_HTTP: [&str; 8] = [
    "values",
    "config",
    "db",
    "notify",
    "app",
    "questionnaire",
    "triage",
    "referrals",
];

#[test]
fn only_pages_know_of_http() {
    let mut faults = Vec::new();
    for source in sources() {
        let apart = source.room().is_some_and(|room| WITHOUT_HTTP.contains(&room));
        let page = source.path.contains("/pages") || source.path.ends_with("/mod.rs");
        if apart && !page && source.code.contains("actix_web") {
            faults.push(source.path);
        }
    }
    none(
        &faults,
        "These rooms answer without HTTP; their pages stand in pages.rs.",
    );
}

/// Pure files: what they decide, they decide from their arguments.
const PURE: [&str; 26] = [
    "src/booking/calendar.rs",
    "src/booking/diary/when.rs",
    "src/pads/expiry.rs",
    "src/pads/ledger.rs",
    "src/pads/whereabouts.rs",
    "src/pads/serials.rs",
    "src/questionnaire/",
    "src/triage/answered.rs",
    "src/triage/asked.rs",
    "src/triage/condition.rs",
    "src/triage/contact_by.rs",
    "src/triage/counterfactual/",
    "src/triage/decision.rs",
    "src/triage/fact_words.rs",
    "src/triage/facts.rs",
    "src/triage/looked.rs",
    "src/triage/meaning.rs",
    "src/triage/reading.rs",
    "src/triage/remembered.rs",
    "src/triage/replay.rs",
    "src/triage/rules.rs",
    "src/triage/view.rs",
    "src/triage/vocabulary.rs",
    "src/referrals/merge.rs",
    "src/referrals/state.rs",
    "src/notify/next.rs",
];

#[test]
fn pure_files_see_no_app_clock_sql_or_http() {
    let mut faults = Vec::new();
    let sources = sources();
    for pure in PURE {
        let mut there = sources
            .iter()
            .filter(|source| source.path.starts_with(pure))
            .peekable();
        if there.peek().is_none() {
            faults.push(format!("{pure} is gone: take it off the list"));
        }
        for source in there {
            faults.extend(impurities(source));
        }
    }
    none(
        &faults,
        "A pure file gets the time, and everything else, as an argument.",
    );
}

fn impurities(source: &Source) -> Vec<String> {
    let paths = named_paths(&source.code);
    let rooms = ["db", "app", "web", "staff"];
    let imported = paths
        .iter()
        .filter(|(_, path)| path.first().is_some_and(|room| rooms.contains(&room.as_str())))
        .map(|(at, path)| format!("{}: {}", source.place(*at), path.join("::")));
    let words = [
        "Clock",
        "Ts::now",
        "Timestamp::now",
        "SystemTime",
        "actix_web",
        "diesel",
    ];
    let said = words.iter().filter_map(|word| {
        let at = source.code.find(word)?;
        Some(format!("{}: {word}", source.place(at)))
    });
    imported.chain(said).collect()
}

#[test]
fn nothing_is_left_for_later_and_no_drawer_is_for_odds_and_ends() {
    let mut faults = Vec::new();
    for source in sources() {
        for word in ["todo!(", "unimplemented!(", "dbg!("] {
            if let Some(at) = source.code.find(word) {
                faults.push(format!("{}: {word}", source.place(at)));
            }
        }
        let file = source.path.rsplit('/').next().unwrap_or_default();
        if [
            "utils.rs",
            "util.rs",
            "helpers.rs",
            "helper.rs",
            "common.rs",
            "misc.rs",
        ]
        .contains(&file)
        {
            faults.push(source.path);
        }
    }
    none(&faults, "Finish it, or give it a name that says what it is.");
}
