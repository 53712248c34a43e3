//! Looks for words that worry in what a patient wrote. A find raises the priority; its absence means nothing.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The risk words of the locality that occur in `text`, as they are spelled there.
///
/// Case, accents, punctuation, invisible characters and the width of letters make no difference. A phrase matches
/// whole words in its order; a word ending in `*` matches every word that begins so.
pub fn find_risk_words<'w>(words: &'w [String], text: &str) -> Vec<&'w str> {
    let text = normalise(text);
    let text: Vec<&str> = text.split(' ').collect();
    words
        .iter()
        .filter(|word| occurs(word, &text))
        .map(String::as_str)
        .collect()
}

/// Whether the phrase occurs among the words of a normalised text.
fn occurs(phrase: &str, text: &[&str]) -> bool {
    let (phrase, open_ended) = match phrase.trim_end().strip_suffix('*') {
        Some(stem) => (normalise(stem), true),
        None => (normalise(phrase), false),
    };
    let phrase: Vec<&str> = phrase.split(' ').filter(|word| !word.is_empty()).collect();
    let Some((last, before)) = phrase.split_last() else {
        return false;
    };
    text.windows(phrase.len()).any(|window| {
        window.split_last().is_some_and(|(end, start)| {
            start == before && (end == last || (open_ended && end.starts_with(last)))
        })
    })
}

/// Lower case, without accents, apostrophes and invisible characters; every other mark becomes one space.
fn normalise(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        if is_combining_mark(c) || is_ignored(c) {
            continue;
        }
        match c.is_alphanumeric() {
            true => plain.push(c),
            false if !plain.is_empty() && !plain.ends_with(' ') => plain.push(' '),
            false => {}
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Apostrophes ("don't" is "dont") and characters nobody sees.
fn is_ignored(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2018}' | '\u{2019}' | '`' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vec<String> {
        ["suicid*", "kill myself", "end it all", "can't go on", "overdose"]
            .map(String::from)
            .to_vec()
    }

    #[test]
    fn case_accents_marks_and_width_make_no_difference() {
        let words = words();
        for text in [
            "I want to KILL   MYSELF.",
            "kill-myself",
            "i could kíll mysélf",
            "kill\u{200b} my\u{200b}self",
            "ｋｉｌｌ ｍｙｓｅｌｆ",
            "kill\nmyself",
        ] {
            assert_eq!(find_risk_words(&words, text), ["kill myself"], "{text:?}");
        }
        assert_eq!(find_risk_words(&words, "I cant go on"), ["can't go on"]);
        assert_eq!(find_risk_words(&words, "I can’t go on!"), ["can't go on"]);
    }

    #[test]
    fn whole_words_match_and_a_star_leaves_the_end_open() {
        let words = words();
        assert_eq!(find_risk_words(&words, "feeling suicidal"), ["suicid*"]);
        assert!(find_risk_words(&words, "overdosed").is_empty());
        assert!(find_risk_words(&words, "skill myselfie").is_empty());
        assert!(find_risk_words(&words, "kill time by myself").is_empty());
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert!(find_risk_words(&words(), "").is_empty());
        assert!(find_risk_words(&[String::new(), "*".into(), " ".into()], "anything").is_empty());
        assert!(find_risk_words(&words(), "my back hurts").is_empty());
    }

    #[test]
    fn several_words_are_all_found() {
        assert_eq!(
            find_risk_words(&words(), "overdose, or end it all"),
            ["end it all", "overdose"]
        );
    }
}
