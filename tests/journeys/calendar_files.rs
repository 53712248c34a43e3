//! What a calendar shows of our files: read with ical.js, a parser that is not ours and that takes the hours from
//! the rules in the file.

use iapt_pad::booking::{CalendarEntry, calendar_file, uid_root};
use iapt_pad::config::Mail;
use iapt_pad::values::{Id, Ts};
use serde_json::Value;

use crate::support::app::{at, monday_morning, test_app};
use crate::support::chromium::{folder, reading};
use crate::support::databases::sqlite;

const VENUE: &str = "Graves sports; and leisure, centre\n1 Made-up Street, Łódź Row, Sheffield \u{1F333} \u{1F333} \u{1F333} \u{1F333}\\ next to Café Ünïcode";

fn entry(number: usize, starts: &str, location: &str) -> CalendarEntry {
    CalendarEntry {
        number,
        starts: at(starts),
        minutes: 120,
        location: location.to_owned(),
        sequence: 0,
        cancelled: false,
    }
}

/// What the independent parser makes of a file with these entries.
fn opened(name: &str, entries: &[CalendarEntry]) -> Option<Value> {
    let file = folder(name).join("calendar.ics");
    let text = calendar_file(entries, "5f2b9c", at("2026-11-25T09:00:00Z"));
    std::fs::write(&file, &text).expect("written");
    assert!(
        text.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains('\n'))
    );
    reading("calendar_file", &[file.to_str().expect("a path")])
}

#[test]
fn sessions_stay_at_two_o_clock_over_both_changes_of_the_clocks() {
    // 25 October 2026 and 28 March 2027: each list has Sundays' neighbours on both sides, and the day itself.
    let starts = [
        "2026-10-20T13:00:00Z",
        "2026-10-25T14:00:00Z",
        "2026-10-27T14:00:00Z",
        "2027-03-23T14:00:00Z",
        "2027-03-28T13:00:00Z",
        "2027-03-30T13:00:00Z",
    ];
    let entries: Vec<CalendarEntry> = (1..)
        .zip(starts)
        .map(|(number, starts)| entry(number, starts, VENUE))
        .collect();
    let Some(found) = opened("calendar_clocks", &entries) else {
        return;
    };
    let events = found["events"].as_array().expect("events");
    assert_eq!(events.len(), 6);
    for (event, start) in events.iter().zip(starts) {
        let wall = event["onTheWall"].as_str().expect("a time");
        assert!(wall.ends_with("T14:00:00"), "{event}");
        assert_eq!(event["zone"], "Europe/London");
        let moment: Ts = Ts(event["starts"]
            .as_str()
            .expect("a moment")
            .parse()
            .expect("a moment"));
        assert_eq!(moment, at(start), "{event}");
        let ends: Ts = Ts(event["ends"]
            .as_str()
            .expect("a moment")
            .parse()
            .expect("a moment"));
        assert_eq!(ends, at(start).plus_minutes(120), "{event}");
        assert_eq!(event["location"], VENUE, "commas, lines and letters survive");
    }
}

#[test]
fn a_moved_session_is_the_same_entry_with_a_higher_number_and_a_cancelled_one_says_so() {
    let moved = CalendarEntry {
        sequence: 1,
        ..entry(2, "2026-12-17T14:00:00Z", "")
    };
    let cancelled = CalendarEntry {
        sequence: 2,
        cancelled: true,
        ..entry(3, "2026-12-22T14:00:00Z", "A hall")
    };
    let entries = [entry(1, "2026-12-08T14:00:00Z", "A hall"), moved, cancelled];
    let Some(found) = opened("calendar_moved", &entries) else {
        return;
    };
    assert_eq!(found["method"], "PUBLISH");
    let told = |event: usize, what: &str| found["events"][event][what].clone();
    let uids = [told(0, "uid"), told(1, "uid"), told(2, "uid")];
    assert_eq!(uids, ["5f2b9c-1", "5f2b9c-2", "5f2b9c-3"]);
    assert_eq!(
        [told(0, "sequence"), told(1, "sequence"), told(2, "sequence")],
        [0, 1, 2]
    );
    assert_eq!(told(1, "status"), "CONFIRMED");
    assert_eq!(told(2, "status"), "CANCELLED");
    assert_eq!(told(1, "location"), Value::Null, "a call is nowhere");
}

#[test]
fn a_calendar_file_says_nothing_about_health() {
    let text = calendar_file(
        &[entry(1, "2026-12-08T14:00:00Z", "A hall")],
        "5f2b9c",
        at("2026-11-25T09:00:00Z"),
    );
    let text = text.to_lowercase();
    for word in [
        "therap", "talking", "mental", "health", "pain", "back", "mood", "depress", "anxi", "iapt", "nhs",
        "clinic", "patient", "course", "@",
    ] {
        assert!(!text.contains(word), "{word:?} is in {text}");
    }
}

#[tokio::test]
async fn the_uid_is_the_same_each_time_and_tells_nobody_whose_it_is() {
    let temporary = tempfile::tempdir().expect("a folder");
    let fresh = sqlite(temporary.path()).await;
    let mail = Mail::Captured(temporary.path().join("mail"));
    let app = test_app(fresh.db, monday_morning(), mail).await;
    let (one, other) = (Id::new(), Id::new());
    let root = |id| uid_root(&app.keys, id).expect("keys");
    assert_eq!(root(one), root(one));
    assert_ne!(root(one), root(other));
    assert_eq!(root(one).len(), 32);
    assert!(!root(one).contains(&one.to_string().replace('-', "")));
}
