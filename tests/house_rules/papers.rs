//! The papers tell the truth: the table of facts is the program's own, what they point to exists, and every hazard
//! names a test or says that there is none.

use std::collections::BTreeSet;

use iapt_pad::triage::facts_table;

use super::sources::{files, none, read, top};

/// Papers whose paths are checked.
const PAPERS: [&str; 8] = [
    "README.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/before-you-go-live.md",
    "docs/clinical-safety.md",
    "docs/operations.md",
    "docs/prints.md",
];

/// Named before they are there: screenshots are taken from the finished demo.
const NOT_YET: [&str; 0] = [];

#[test]
fn the_table_of_facts_is_the_programs_own() {
    let table = facts_table();
    let paper = read("ARCHITECTURE.md");
    assert!(
        paper.contains(&table),
        "ARCHITECTURE.md must hold this table:\n{table}"
    );
}

#[test]
fn what_the_papers_point_to_exists() {
    let mut faults = Vec::new();
    let decisions = files("docs/adr", ".md");
    for paper in PAPERS.iter().map(|paper| (*paper).to_owned()).chain(decisions) {
        let text = read(&paper);
        let folder = paper.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in links(&text) {
            let from_top = if folder.is_empty() {
                link.clone()
            } else {
                format!("{folder}/{link}")
            };
            if !top().join(&from_top).exists() && !NOT_YET.contains(&from_top.as_str()) {
                faults.push(format!("{paper}: link to {link}"));
            }
        }
        for path in quoted_paths(&text) {
            if !top().join(&path).exists() {
                faults.push(format!("{paper}: `{path}`"));
            }
        }
    }
    none(&faults, "A paper points to something that is not there.");
}

/// Targets of links within the repository.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .filter(|target| {
            !target.contains("://") && !target.starts_with('#') && !target.starts_with("mailto:")
        })
        .map(|target| target.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

/// Paths in backticks that begin at the top of the repository.
fn quoted_paths(text: &str) -> Vec<String> {
    let roots = [
        "src/",
        "tests/",
        "docs/",
        "migrations/",
        "pad_templates/",
        "triage_rules/",
        ".ci/",
        "benches/",
        "packaging/",
    ];
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter(|word| roots.iter().any(|root| word.starts_with(root)))
        .filter(|word| !word.contains(['*', '{', '<', ' ']))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_test_that_a_paper_names_is_there() {
    let known = functions();
    let mut faults = Vec::new();
    for paper in PAPERS {
        let text = read(paper);
        let named = text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| is_test_name(word));
        faults.extend(
            named
                .filter(|name| !known.contains(*name))
                .map(|name| format!("{paper}: {name}")),
        );
    }
    none(&faults, "A paper names a test that is not there.");
}

#[test]
fn every_hazard_names_its_test_or_says_that_there_is_none() {
    let text = read("docs/clinical-safety.md");
    let hazards: Vec<&str> = text.split("\n### H").skip(1).collect();
    assert_eq!(hazards.len(), 23);
    let mut faults = Vec::new();
    for (number, hazard) in (1..).zip(hazards) {
        if !hazard.starts_with(&format!("{number}.")) {
            faults.push(format!("hazard {number} is out of its place"));
        }
        let tests = hazard.split_once("\n**Tests:**").map_or("", |(_, rest)| rest);
        let tests = tests.split("\n\n").next().unwrap_or_default();
        let names_one = tests.split('`').skip(1).step_by(2).any(is_test_name);
        if !names_one && !tests.contains("no test yet") {
            faults.push(format!("hazard {number} names no test and does not say so"));
        }
    }
    none(&faults, "docs/clinical-safety.md");
}

/// Tests are named as facts, so a name has at least four words.
fn is_test_name(word: &str) -> bool {
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    // Counters in the metrics have long names too.
    word.chars().all(letters) && word.matches('_').count() >= 3 && !word.ends_with("_total")
}

/// The name of every function, of the program and of its tests.
fn functions() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        let text = read(&path);
        for after in text.split("fn ").skip(1) {
            let length = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
            names.insert(after[..length.unwrap_or(after.len())].to_owned());
        }
    }
    names
}
