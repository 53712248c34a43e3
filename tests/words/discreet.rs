//! What others may see over a shoulder, in a mailbox, in a history or a diary says nothing about health: subjects,
//! mails, senders, page titles, addresses, calendar entries.

use super::texts;
use crate::house_rules::sources::{files, none, read};

/// Words that would tell on somebody. Each stands for everything that begins so.
const HEALTH_WORDS: [&str; 33] = [
    "anxi",
    "back pain",
    "clinic",
    "counsel",
    "cris",
    "depress",
    "diagnos",
    "disorder",
    "doctor",
    "gad-7",
    "gad7",
    "gp",
    "health",
    "hospital",
    "iapt",
    "illness",
    "mental",
    "mood",
    "nhs",
    "pain",
    "panic",
    "patient",
    "phq",
    "physio",
    "psych",
    "referral",
    "sciatica",
    "self-harm",
    "suicid",
    "therap",
    "treat",
    "wellbeing",
    "worr",
];

/// The word that gives it away. A word counts where it begins: "complain" is not "pain".
pub fn telling(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    HEALTH_WORDS.into_iter().find(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let starts = !before.is_some_and(char::is_alphanumeric);
            let whole = word.len() > 2 || !text[at + word.len()..].starts_with(char::is_alphanumeric);
            starts && whole
        })
    })
}

#[test]
fn the_list_finds_what_it_should_and_nothing_else() {
    for text in [
        "Your therapy",
        "NHS",
        "For your pain",
        "see your GP.",
        "PHQ-9",
        "/s/mood",
    ] {
        assert!(telling(text).is_some(), "{text}");
    }
    for text in [
        "I complain",
        "Appointment",
        "a gpx file",
        "We have kept a place",
        "/refer/4",
    ] {
        assert_eq!(telling(text), None, "{text}");
    }
}

/// Mails to patients. "Ring 111 or 999" is no health word; the pages behind the link say the rest.
#[test]
fn mails_and_their_subjects_say_nothing_about_health() {
    let mails = texts::mails();
    assert!(mails.len() >= 2, "mails were found: {mails:?}");
    let mut faults: Vec<String> = mails
        .iter()
        .filter_map(|file| telling(&read(file)).map(|word| format!("{file} says {word:?}")))
        .collect();
    let mut subjects = 0;
    for file in files("src", ".rs") {
        let source = read(&file);
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, _) in source.match_indices("subject") {
            let Some(subject) = literal_soon_after(&source[at..]) else {
                continue;
            };
            subjects += 1;
            // The team's own mailbox belongs to the service; its subjects name a referral and nobody.
            let for_team = subject.starts_with("New referral") || subject.starts_with("Needs attention");
            if let Some(word) = telling(subject).filter(|_| !for_team) {
                faults.push(format!("{file}: the subject {subject:?} says {word:?}"));
            }
        }
    }
    assert!(subjects >= 2, "only {subjects} subjects were found");
    none(&faults, "A mail says something about health.");
}

/// The literal that follows within a line or two, if it reads like a sentence.
fn literal_soon_after(source: &str) -> Option<&str> {
    let soon = &source[..source.char_indices().nth(90).map_or(source.len(), |(at, _)| at)];
    let start = soon.find('"')? + 1;
    let literal = source[start..].split('"').next()?;
    let reads = literal.contains(' ') && literal.starts_with(|first: char| first.is_uppercase());
    reads.then_some(literal)
}

#[test]
fn titles_of_pages_for_patients_say_nothing_about_health() {
    let mut titles = Vec::new();
    for file in files("src/patient", ".rs") {
        let source = read(&file);
        for (at, _) in source.match_indices("Frame::patient(") {
            if let Some(title) = literal_soon_after(&source[at..]) {
                titles.push((file.clone(), title.to_owned()));
            }
        }
    }
    let question = read("src/patient/question.rs");
    let table = question.split("fn title").nth(1).expect("the table of titles");
    for title in table
        .split("}\n}")
        .next()
        .unwrap_or_default()
        .split('"')
        .skip(1)
        .step_by(2)
    {
        titles.push(("src/patient/question.rs".to_owned(), title.to_owned()));
    }
    assert!(titles.len() > 15, "only {} titles were found", titles.len());
    let faults: Vec<String> = titles
        .iter()
        .filter_map(|(file, title)| {
            telling(title).map(|word| format!("{file}: the title {title:?} says {word:?}"))
        })
        .collect();
    none(&faults, "A title says something about health.");
}

#[test]
fn addresses_for_patients_say_nothing_about_health() {
    let paths = read("src/web/paths.rs");
    let patients = paths
        .split("// What staff see.")
        .next()
        .expect("the patients' part");
    let addresses: Vec<&str> = patients
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .filter(|text| text.starts_with('/'))
        .collect();
    assert!(
        addresses.len() > 10,
        "only {} addresses were found",
        addresses.len()
    );
    // "/crisis" is fixed from outside; it is the address of the numbers to ring and says nothing about who opens it.
    let faults: Vec<String> = addresses
        .iter()
        .filter(|address| **address != "/crisis")
        .filter_map(|address| {
            telling(&address.replace(['/', '-'], " ")).map(|word| format!("{address} says {word:?}"))
        })
        .collect();
    none(&faults, "An address says something about health.");
}
