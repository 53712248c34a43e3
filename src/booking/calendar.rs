//! Calendar files: what is booked, as Google, Apple and Outlook read it (RFC 5545). Receives plain values, decides
//! nothing, hands on the text of one file. No word in it says anything about health, and no host stands in its
//! UIDs: the name of a service's host may tell as much as a title.
//!
//! Written here rather than with the crate `icalendar` (0.17), which draws the time of day itself, brings a second
//! calendar library beside ours and has no VTIMEZONE. A parser that is not ours reads these files in the tests.

use crate::values::{Id, KeyError, Keyring, Purpose, Ts};

/// What stands in the calendar, on a screen others may see.
const TITLE: &str = "Appointment";
/// Longest line in octets, its end not counted (RFC 5545, section 3.1).
const LINE: usize = 75;
/// Both rules of the London clock since 1996, written out because some calendars know zones by their rules only.
const LONDON: [&str; 16] = [
    "BEGIN:VTIMEZONE",
    "TZID:Europe/London",
    "BEGIN:DAYLIGHT",
    "DTSTART:19960331T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZNAME:BST",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZNAME:GMT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
];

/// One entry of a calendar: a session of a course, or one assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEntry {
    /// Its number among the entries of one person, from 1: the same session keeps its number when it moves.
    pub number: usize,
    /// When it begins.
    pub starts: Ts,
    /// How long it takes.
    pub minutes: i32,
    /// Name and address of where it is; empty for a call.
    pub location: String,
    /// Rises with every change that people are told of.
    pub sequence: i32,
    /// Whether it does not take place.
    pub cancelled: bool,
}

/// What the UIDs of one referral's entries begin with: the same in every file, and nobody can tell whose it is.
pub fn uid_root(keys: &Keyring, referral: Id) -> Result<String, KeyError> {
    let mac = keys.mac(Purpose::Tokens, &[b"calendar", referral.as_bytes()])?;
    Ok(mac.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

/// One file with all these entries. `stamp` is the moment it is made.
pub fn calendar_file(entries: &[CalendarEntry], uid_root: &str, stamp: Ts) -> String {
    let mut file = File::default();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Appointments//Diary//EN",
    ] {
        file.line(line);
    }
    file.line("CALSCALE:GREGORIAN");
    file.line("METHOD:PUBLISH");
    for line in LONDON {
        file.line(line);
    }
    file.line("END:VTIMEZONE");
    for entry in entries {
        file.entry(entry, uid_root, stamp);
    }
    file.line("END:VCALENDAR");
    file.text
}

#[derive(Default)]
struct File {
    text: String,
}

impl File {
    fn entry(&mut self, entry: &CalendarEntry, root: &str, stamp: Ts) {
        let ends = entry.starts.plus_minutes(i64::from(entry.minutes));
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{root}-{}", entry.number));
        self.line(&format!("SEQUENCE:{}", entry.sequence));
        self.line(&format!("DTSTAMP:{}", stamp.0.strftime("%Y%m%dT%H%M%SZ")));
        self.line(&format!(
            "DTSTART;TZID=Europe/London:{}",
            on_the_wall(entry.starts)
        ));
        self.line(&format!("DTEND;TZID=Europe/London:{}", on_the_wall(ends)));
        self.line(&format!("SUMMARY:{TITLE}"));
        if !entry.location.is_empty() {
            self.line(&format!("LOCATION:{}", escaped(&entry.location)));
        }
        let status = if entry.cancelled { "CANCELLED" } else { "CONFIRMED" };
        self.line(&format!("STATUS:{status}"));
        self.line("END:VEVENT");
    }

    /// Adds a line, folded where it is too long, never inside a letter.
    fn line(&mut self, line: &str) {
        let mut used = 0;
        for letter in line.chars() {
            if used + letter.len_utf8() > LINE {
                self.text.push_str("\r\n ");
                used = 1;
            }
            self.text.push(letter);
            used += letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// The time on a London clock, which the zone in the file turns into a moment.
fn on_the_wall(moment: Ts) -> String {
    moment.london().strftime("%Y%m%dT%H%M%S").to_string()
}

/// Text as a value (RFC 5545, section 3.3.11). Whatever else a line could be broken with becomes a space.
fn escaped(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => safe.extend(['\\', letter]),
            '\n' => safe.push_str("\\n"),
            other if other.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    fn one(location: &str) -> CalendarEntry {
        CalendarEntry {
            number: 1,
            starts: at("2026-12-08T14:00:00Z"),
            minutes: 120,
            location: location.to_owned(),
            sequence: 3,
            cancelled: false,
        }
    }

    #[test]
    fn a_file_is_written_as_the_standard_says() {
        let file = calendar_file(&[one("A hall, 1 Street")], "ab12", at("2026-11-25T09:00:00Z"));
        let event: Vec<&str> = file
            .split("\r\n")
            .skip_while(|line| *line != "BEGIN:VEVENT")
            .collect();
        let expected = [
            "BEGIN:VEVENT",
            "UID:ab12-1",
            "SEQUENCE:3",
            "DTSTAMP:20261125T090000Z",
            "DTSTART;TZID=Europe/London:20261208T140000",
            "DTEND;TZID=Europe/London:20261208T160000",
            "SUMMARY:Appointment",
            "LOCATION:A hall\\, 1 Street",
            "STATUS:CONFIRMED",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        assert_eq!(event, expected);
    }

    #[test]
    fn a_call_has_no_location_and_a_cancelled_entry_says_so() {
        let entry = CalendarEntry {
            cancelled: true,
            ..one("")
        };
        let file = calendar_file(&[entry], "ab12", at("2026-11-25T09:00:00Z"));
        assert!(!file.contains("LOCATION"));
        assert!(file.contains("\r\nSTATUS:CANCELLED\r\n"));
    }

    proptest! {
        #[test]
        fn whatever_a_venue_is_called_no_line_is_too_long_or_broken(name in ".{0,300}") {
            let file = calendar_file(&[one(&name)], "ab12", at("2026-11-25T09:00:00Z"));
            let lines: Vec<&str> = file.split("\r\n").collect();
            prop_assert!(lines.iter().all(|line| line.len() <= LINE));
            prop_assert!(lines.iter().all(|line| !line.contains(['\r', '\n'])));
            prop_assert_eq!(lines.iter().filter(|line| **line == "BEGIN:VEVENT").count(), 1);
            let unfolded = file.replace("\r\n ", "");
            let location = unfolded.lines().find_map(|line| line.strip_prefix("LOCATION:"));
            prop_assert_eq!(location.unwrap_or_default(), escaped(&name));
        }
    }
}
