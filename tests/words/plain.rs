//! Reading age nine to eleven, sentences of at most twenty words (NHS content guide).
//!
//! The measure is the Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59 (J. P. Kincaid
//! and others, Derivation of new readability formulas for Navy enlisted personnel, Research Branch Report 8-75, Naval
//! Technical Training Command, 1975). A grade and five years are a reading age.

use std::collections::BTreeMap;

use super::texts;
use crate::house_rules::sources::none;

/// Most words of a sentence.
const LONGEST: usize = 20;
/// The oldest a reader has to be for a whole page.
const OLDEST: f64 = 11.0;
/// The oldest a reader has to be for one sentence; short sentences measure wildly, so only from eight words.
const OLDEST_OF_A_SENTENCE: f64 = 15.0;
const ENOUGH_WORDS: usize = 8;

/// Long words that every reader of these pages knows: they stand on the slip, or there is no other word for them.
/// They count as words of two syllables.
const KNOWN: [&str; 10] = [
    "physiotherapist",
    "physiotherapy",
    "emergency",
    "sheffield",
    "samaritans",
    "interpreter",
    "accessibility",
    "information",
    "organisation",
    "email",
];

/// Names that the law gives, to be said as they are.
const NAMES: [&str; 3] = [
    "Equality Advisory and Support Service (EASS)",
    "Equality and Human Rights Commission",
    "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018",
];

#[test]
fn every_text_for_patients_is_plain() {
    let mut faults = Vec::new();
    let mut pages: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for text in texts::all() {
        let said = NAMES
            .iter()
            .fold(text.words.clone(), |said, name| said.replace(name, "name"));
        for sentence in sentences(&said) {
            let words = words(sentence);
            if words.is_empty() {
                continue;
            }
            if words.len() > LONGEST {
                faults.push(format!("{}: {} words: {sentence}", text.file, words.len()));
            } else if words.len() >= ENOUGH_WORDS && age(std::slice::from_ref(&words)) > OLDEST_OF_A_SENTENCE
            {
                let age = age(std::slice::from_ref(&words));
                faults.push(format!("{}: reading age {age:.0}: {sentence}", text.file));
            }
            pages.entry(text.file.clone()).or_default().push(words);
        }
    }
    for (file, sentences) in &pages {
        let counted: usize = sentences.iter().map(Vec::len).sum();
        println!("{file}: {counted} words, reading age {:.1}", age(sentences));
        if counted >= 30 && age(sentences) > OLDEST {
            let hardest = sentences
                .iter()
                .max_by(|one, other| age(&[(*one).clone()]).total_cmp(&age(&[(*other).clone()])));
            faults.push(format!(
                "{file}: reading age {:.1}; the hardest sentence: {}",
                age(sentences),
                hardest.map(|words| words.join(" ")).unwrap_or_default()
            ));
        }
    }
    assert!(pages.len() > 30, "texts were found in {} files only", pages.len());
    none(&faults, "A text for patients is hard to read.");
}

/// The age at which most can read this.
fn age(sentences: &[Vec<String>]) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let words: usize = sentences.iter().map(Vec::len).sum();
    let syllables: usize = sentences.iter().flatten().map(|word| syllables(word)).sum();
    let grade = 0.39 * count(words) / count(sentences.len()) + 11.8 * count(syllables) / count(words) - 15.59;
    grade + 5.0
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['.', '?', '!', ':', '\n'])
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

fn words(sentence: &str) -> Vec<String> {
    sentence
        .split_whitespace()
        .map(|word| {
            let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
            word.to_lowercase()
        })
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect()
}

/// Groups of vowels, without a silent e at the end: what one hears, near enough.
fn syllables(word: &str) -> usize {
    if KNOWN.contains(&word) || KNOWN.iter().any(|known| word.strip_suffix('s') == Some(known)) {
        return 2;
    }
    let is_vowel = |letter: char| "aeiouy".contains(letter);
    let letters: Vec<char> = word.chars().filter(|letter| letter.is_alphabetic()).collect();
    let mut count = 0;
    let mut before = false;
    for letter in &letters {
        let vowel = is_vowel(*letter);
        count += usize::from(vowel && !before);
        before = vowel;
    }
    let silent = word.ends_with('e') && !word.ends_with("le") || word.ends_with("es") || word.ends_with("ed");
    let hard = ["ted", "ded", "ses", "ches", "shes", "ges", "ces", "xes", "zes"];
    if silent && count > 1 && !hard.iter().any(|end| word.ends_with(end)) {
        count -= 1;
    }
    count.max(1)
}

#[test]
fn syllables_are_counted_as_they_are_heard() {
    for (word, heard) in [
        ("pain", 1),
        ("worry", 2),
        ("answers", 2),
        ("help", 1),
        ("number", 2),
        ("hospital", 3),
        ("needed", 2),
        ("asked", 1),
        ("place", 1),
        ("table", 2),
        ("community", 4),
        ("the", 1),
        ("changes", 2),
    ] {
        assert_eq!(syllables(word), heard, "{word}");
    }
}

#[test]
fn a_sentence_for_lawyers_is_found_out() {
    let lawyer = "Confidentiality obligations notwithstanding, disclosure remains permissible";
    assert!(age(&[words(lawyer)]) > OLDEST_OF_A_SENTENCE);
    assert!(age(&[words("We ring you by Friday to see how you are.")]) < OLDEST);
}
