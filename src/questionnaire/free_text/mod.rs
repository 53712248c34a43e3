//! Looks for words that worry in what a patient wrote. A find raises the priority; its absence means nothing.

mod cause;
mod floor;
mod pattern;
#[cfg(test)]
mod sentences;
mod token;

use std::collections::HashSet;
use std::ops::Range;

pub use cause::RiskCause;
pub use floor::missing_from_floor;

use pattern::{Pattern, Patterns};
use token::{Token, tokens};

/// As many bytes of a sentence as are shown on each side of the words that were found.
const AROUND: usize = 160;

/// Words that worry, and where they stand.
#[derive(Clone, PartialEq, Eq)]
pub struct RiskWords {
    /// What kind of words.
    pub cause: RiskCause,
    /// As they were typed.
    pub words: String,
    /// The sentence they stand in, as it was typed.
    pub sentence: String,
}

/// It is what a patient wrote.
impl std::fmt::Debug for RiskWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RiskWords({}, [redacted])", self.cause.as_str())
    }
}

/// The words in `text` that worry: those of the floor, which no locality takes away, and the locality's own (`words`),
/// in the order of the text. Each sentence once for each cause.
pub fn find_risk_words(words: &[String], text: &str) -> Vec<RiskWords> {
    let tokens = tokens(text);
    let mut found = floor::patterns().find(&tokens);
    let own = Patterns::new(
        words
            .iter()
            .map(|written| (RiskCause::Locality, Pattern::read(written))),
    );
    // What both find is counted by what the floor calls it.
    let known: Vec<Range<usize>> = found.iter().map(|(_, words)| words.clone()).collect();
    let meets = |words: &Range<usize>| {
        known
            .iter()
            .any(|one| one.start < words.end && words.start < one.end)
    };
    found.extend(own.find(&tokens).into_iter().filter(|(_, words)| !meets(words)));
    found.sort_by_key(|(cause, words)| (words.start, *cause));
    let mut seen = HashSet::new();
    found
        .into_iter()
        .filter_map(|(cause, words)| {
            let sentence = sentence_around(&tokens, &words);
            seen.insert((cause, sentence.clone())).then(|| {
                let typed = bytes_of(&tokens, &words);
                RiskWords {
                    cause,
                    words: text.get(typed).unwrap_or_default().to_owned(),
                    sentence: text.get(sentence).unwrap_or_default().trim().to_owned(),
                }
            })
        })
        .collect()
}

fn bytes_of(tokens: &[Token], words: &Range<usize>) -> Range<usize> {
    let start = tokens.get(words.start).map_or(0, |token| token.at.start);
    let last = words.end.checked_sub(1).and_then(|last| tokens.get(last));
    start..last.map_or(start, |token| token.at.end)
}

/// Where the sentence begins and ends; of a very long one as much as stands around the words.
fn sentence_around(tokens: &[Token], words: &Range<usize>) -> Range<usize> {
    let at = bytes_of(tokens, words);
    let before = tokens.get(..words.start).unwrap_or_default();
    let first = before
        .iter()
        .rposition(|token| token.stop)
        .map_or(0, |stop| stop + 1);
    let last = words.end.saturating_sub(1);
    let behind = tokens.get(last..).unwrap_or_default();
    let last = behind
        .iter()
        .position(|token| token.stop)
        .map_or(tokens.len(), |more| last + more + 1);
    let whole = bytes_of(tokens, &(first..last));
    let from = whole.start.max(at.start.saturating_sub(AROUND));
    let to = whole.end.min(at.end.saturating_add(AROUND));
    // Nothing is cut in the middle of a word.
    let from = tokens
        .iter()
        .find(|token| token.at.start >= from)
        .map_or(at.start, |token| token.at.start);
    let to = tokens
        .iter()
        .rev()
        .find(|token| token.at.end <= to)
        .map_or(at.end, |token| token.at.end);
    from.min(at.start)..to.max(at.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Vec<String> {
        ["want the red stool", "blue*", "ends with it all"]
            .map(String::from)
            .to_vec()
    }

    fn words_in(text: &str) -> Vec<String> {
        find_risk_words(&own(), text)
            .into_iter()
            .map(|found| found.words)
            .collect()
    }

    #[test]
    fn every_apostrophe_and_none_is_the_same() {
        for apostrophe in [
            "'", "\u{2019}", "\u{2018}", "\u{201b}", "\u{b4}", "`", "\u{2032}", "\u{2bc}", "\u{2b9}",
            "\u{ff07}", "\u{2035}", "\u{a78c}", "\u{384}", "\u{5f3}", "", " ",
        ] {
            let text = format!("I don{apostrophe}t want to live like this.");
            assert_eq!(words_in(&text).len(), 1, "{text:?}");
        }
        assert_eq!(words_in("I do not want to live like this").len(), 1);
    }

    #[test]
    fn case_accents_marks_width_and_what_nobody_sees_make_no_difference() {
        for text in [
            "I want to KILL   MYSELF.",
            "kill-myself",
            "i could kíll mysélf",
            "kill\u{200b} my\u{200b}self",
            "ki\u{2060}ll\u{ad} mysel\u{202e}f",
            "kill\u{3164} myself",
            "ｋｉｌｌ ｍｙｓｅｌｆ",
            "kill\r\n\r\nmyself",
            "kill\u{a0}\u{a0}myself",
            "kıll mysélf",
            "KİLL MYSELF",
            "kill my self",
            "kill mesen",
            "𝐤𝐢𝐥𝐥 𝐦𝐲𝐬𝐞𝐥𝐟",
            "kill, myself",
        ] {
            assert_eq!(words_in(text).len(), 1, "{text:?}");
        }
    }

    #[test]
    fn whole_words_match_and_a_star_leaves_the_end_open() {
        for (text, found) in [
            ("feeling suicidal", vec!["suicidal"]),
            ("skill myselfie", vec![]),
            ("kill time by myself", vec![]),
            (
                "I want the red stool. And the bluest one",
                vec!["want the red stool", "bluest"],
            ),
            ("I want the red stools", vec![]),
        ] {
            assert_eq!(words_in(text), found, "{text}");
        }
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert!(find_risk_words(&own(), "").is_empty());
        let empty = [
            String::new(),
            "*".into(),
            " ".into(),
            "~".into(),
            "!x".into(),
            "? ~ .".into(),
            "|".into(),
        ];
        assert!(find_risk_words(&empty, "anything at all").is_empty());
        assert!(find_risk_words(&own(), "my back hurts").is_empty());
    }

    #[test]
    fn the_floor_is_held_against_a_text_whatever_the_locality_lists() {
        let found = find_risk_words(&[], "I think about killing myself.");
        assert_eq!(found[0].cause, RiskCause::EndingLife);
        let found = find_risk_words(&own(), "the bluest day");
        assert_eq!(found[0].cause, RiskCause::Locality);
    }

    #[test]
    fn the_sentence_is_the_one_the_words_stand_in() {
        let text =
            "My back hurts. Some nights I think of ending my life\nand my dog stops me! I sleep badly.";
        let found = find_risk_words(&[], text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].words, "ending my life");
        assert_eq!(
            found[0].sentence,
            "Some nights I think of ending my life\nand my dog stops me"
        );
        let long = format!("{} kill myself {}", "word ".repeat(100), "and ".repeat(100));
        let shown = &find_risk_words(&[], &long)[0].sentence;
        assert!(shown.contains("kill myself") && shown.len() < 400, "{shown}");
        assert!(shown.starts_with("word ") && shown.ends_with(" and"), "{shown}");
    }

    #[test]
    fn each_sentence_is_named_once_for_a_cause() {
        let found = find_risk_words(&[], "I want to die, I want to die. Overdose, or end it all.");
        let causes: Vec<RiskCause> = found.iter().map(|found| found.cause).collect();
        assert_eq!(causes, [RiskCause::WishToDie, RiskCause::EndingLife]);
    }

    #[test]
    fn what_was_found_is_not_printed() {
        let found = find_risk_words(&[], "I want to die");
        assert!(!format!("{found:?}").contains("want"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_typed_panics(text in "\\PC{0,80}", pattern in "[a-z|*~?!. ]{0,20}") {
            for found in find_risk_words(&[pattern], &text) {
                proptest::prop_assert!(text.contains(&found.sentence) && found.sentence.contains(found.words.trim()));
            }
        }
    }
}
