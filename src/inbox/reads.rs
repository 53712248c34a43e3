//! Who has read a record, as a list one can take in: what one reader did again within a few minutes is one line.

use jiff::SignedDuration;

use crate::staff::{MOST_READS, ReadEntry, Reader};
use crate::values::Ts;

/// Readings of one person this close together are one line.
const TOGETHER: SignedDuration = SignedDuration::from_mins(10);
/// Most lines that are shown.
const MOST: usize = 200;

/// One line: who read what, when, and how often in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub who: String,
    pub what: String,
    pub when: String,
    /// "3 times within a few minutes"; empty if it was once.
    pub often: String,
}

/// The latest first.
pub(super) struct Readings {
    pub lines: Vec<Reading>,
    /// Whether earlier ones are left out.
    pub is_more: bool,
}

/// One line while it grows: the entry it begins with, when the earliest was, and how many there are.
struct Fold<'a> {
    first: &'a ReadEntry,
    earliest: Ts,
    times: usize,
}

/// The readings of a record; `entries` come with the latest first.
pub(super) fn readings(entries: &[ReadEntry]) -> Readings {
    let mut folds: Vec<Fold<'_>> = Vec::new();
    for entry in entries {
        let again = folds
            .iter_mut()
            .rev()
            .take_while(|fold| is_near(fold.earliest, entry.at))
            .find(|fold| fold.first.reader == entry.reader && fold.first.what == entry.what);
        match again {
            Some(fold) => {
                fold.times += 1;
                fold.earliest = entry.at;
            }
            None => folds.push(Fold {
                first: entry,
                earliest: entry.at,
                times: 1,
            }),
        }
    }
    let is_cut = i64::try_from(entries.len()).is_ok_and(|many| many >= MOST_READS);
    let is_more = is_cut || folds.len() > MOST;
    let lines = folds.iter().take(MOST).map(line);
    Readings {
        lines: lines.collect(),
        is_more,
    }
}

fn is_near(later: Ts, earlier: Ts) -> bool {
    later.since(earlier) <= TOGETHER
}

fn line(fold: &Fold<'_>) -> Reading {
    let entry = fold.first;
    let who = match (entry.name.is_empty(), entry.reader) {
        (false, Some(Reader::ApiKey(_))) => format!("{} (another system)", entry.name),
        (false, _) => entry.name.clone(),
        (true, Some(Reader::ApiKey(_))) => "Another system".to_owned(),
        (true, _) => "A member of staff".to_owned(),
    };
    Reading {
        who,
        what: what(&entry.what),
        when: entry.at.display(),
        often: match fold.times {
            1 => String::new(),
            many => format!("{many} times within a few minutes"),
        },
    }
}

/// The fixed words of the read log, as staff say them.
fn what(stored: &str) -> String {
    match stored {
        "referral" => "The referral".to_owned(),
        "api: referral" => "The referral, through the API".to_owned(),
        other => match other.strip_prefix("referral: ") {
            Some(part) => format!("The referral: {part}"),
            None => other.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Id;

    fn entry(reader: Reader, name: &str, what: &str, minute: i64) -> ReadEntry {
        let nine = Ts("2026-11-23T09:00:00Z".parse().expect("a timestamp"));
        ReadEntry {
            reader: Some(reader),
            name: name.to_owned(),
            what: what.to_owned(),
            at: nine.plus_minutes(minute),
        }
    }

    #[test]
    fn what_was_read_again_within_minutes_is_one_line_and_nobody_is_left_out() {
        let (terry, system) = (Reader::Staff(Id::new()), Reader::ApiKey(Id::new()));
        let mut entries = vec![
            entry(terry, "Terry Example", "referral", 0),
            entry(terry, "Terry Example", "referral", 3),
            entry(system, "A pathway system", "api: referral", 4),
            entry(terry, "Terry Example", "referral", 9),
            entry(terry, "Terry Example", "referral: hand-over", 9),
            entry(terry, "Terry Example", "referral", 40),
        ];
        entries.reverse();
        let told = readings(&entries);
        let lines: Vec<(&str, &str, &str)> = told
            .lines
            .iter()
            .map(|line| (line.who.as_str(), line.what.as_str(), line.often.as_str()))
            .collect();
        assert_eq!(
            lines,
            [
                ("Terry Example", "The referral", ""),
                ("Terry Example", "The referral: hand-over", ""),
                ("Terry Example", "The referral", "3 times within a few minutes"),
                (
                    "A pathway system (another system)",
                    "The referral, through the API",
                    ""
                ),
            ]
        );
        assert!(!told.is_more);
        let many: Vec<ReadEntry> = (0..500)
            .rev()
            .map(|hour| entry(terry, "Terry Example", "referral", hour * 60))
            .collect();
        let told = readings(&many);
        assert!(told.is_more && told.lines.len() == MOST);
    }
}
