//! The name a person gives. Kept as they write it; searched for by its words without case, accents and
//! apostrophes.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::word::word;
use super::{Unfit, text};

/// Longest name, in characters.
const LONGEST: usize = 100;

/// A full name, or what somebody wants to be called.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PersonName(String);

word!(PersonName);

impl PersonName {
    /// Reads a name of 1 to 100 characters in any script; several spaces become one, and what was pasted along and
    /// nobody sees is gone: a name must read the same on every screen.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let seen: String = typed
            .chars()
            .filter(|letter| !text::is_unneeded(*letter))
            .collect();
        if seen.chars().any(char::is_control) {
            return Err(Unfit::because(
                "Name must be on one line, without control characters",
            ));
        }
        let name = seen.split_whitespace().collect::<Vec<_>>().join(" ");
        let name: String = name.nfc().take(LONGEST + 1).collect();
        if name.is_empty() {
            return Err(Unfit::because("Enter your name"));
        }
        if name.chars().count() > LONGEST {
            return Err(Unfit::because("Name must be 100 characters or fewer"));
        }
        match name.chars().any(char::is_alphabetic) {
            true => Ok(PersonName(name)),
            false => Err(Unfit::because("Name must include letters")),
        }
    }

    /// The words of the name as they are searched for: `Zoë O'Neill-Smith` gives `zoe`, `oneill`, `smith`.
    pub fn words(&self) -> Vec<String> {
        words(&self.0)
    }
}

/// The words of any text as names are searched for: small letters, no accents, no apostrophes, parted at
/// spaces and hyphens.
pub fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().filter(|letter| !is_apostrophe(*letter)).collect();
    let parts = text.split(|letter: char| !letter.is_alphanumeric() && !is_combining_mark(letter));
    let plain = parts.map(|part| {
        part.nfkd()
            .flat_map(char::to_lowercase)
            .filter(|c| !is_combining_mark(*c))
    });
    let spelled = plain.map(|part| part.map(spell_out).collect::<String>());
    spelled.filter(|word| !word.is_empty()).collect()
}

fn is_apostrophe(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '`' | '\u{2BC}' | '\u{2018}' | '\u{2019}' | '\u{B4}'
    )
}

/// Letters that carry no separable accent, as people type them who cannot type them.
fn spell_out(letter: char) -> String {
    let plain = match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        other => return other.to_string(),
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_kept_as_it_is_written() {
        for (typed, kept) in [
            ("  Zo\u{eb}   O'Neill ", "Zo\u{eb} O'Neill"),
            ("Zoe\u{308} O'Neill", "Zo\u{eb} O'Neill"),
            ("\u{645}\u{62d}\u{645}\u{62f}", "\u{645}\u{62d}\u{645}\u{62f}"),
            ("\u{674e}\u{5c0f}\u{9f8d}", "\u{674e}\u{5c0f}\u{9f8d}"),
            ("X", "X"),
            ("\u{202e}Ann\u{202c} \u{200b}Example\u{feff}", "Ann Example"),
        ] {
            assert_eq!(PersonName::parse(typed).expect(typed).as_str(), kept);
        }
    }

    #[test]
    fn two_spellings_of_a_name_have_the_same_words() {
        let name = |text| PersonName::parse(text).expect("a name").words();
        assert_eq!(name("Zo\u{eb} O\u{2019}Neill-Smith"), ["zoe", "oneill", "smith"]);
        assert_eq!(name("ZOE  O'NEILL SMITH"), ["zoe", "oneill", "smith"]);
        assert_eq!(name("\u{141}ukasz Stra\u{df}e"), ["lukasz", "strasse"]);
        assert_eq!(name("\u{110}inh S\u{f8}rensen"), ["dinh", "sorensen"]);
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = "a".repeat(101);
        for wrong in [
            "",
            "   ",
            "123",
            "---",
            "Ann\u{0}",
            "Ann\nSmith",
            "\u{202e}",
            &long,
        ] {
            assert!(PersonName::parse(wrong).is_err(), "{wrong:?} was accepted");
        }
        assert!(PersonName::parse(&"\u{e9}".repeat(100)).is_ok());
        assert_eq!(
            format!("{:?}", PersonName::parse("Ann").expect("a name")),
            "PersonName([redacted])"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            if let Ok(name) = PersonName::parse(&text) {
                let _ = name.words();
                prop_assert_eq!(PersonName::parse(name.as_str()).expect("itself"), name);
            }
        }

        #[test]
        fn case_does_not_change_the_words(text in "[a-zA-Z\u{e0}-\u{fe}' -]{1,20}") {
            prop_assert_eq!(words(&text.to_uppercase()), words(&text.to_lowercase()));
        }
    }
}
