//! The typed code of a slip: twelve characters that a person can copy, read out and mistype.
//!
//! Crockford's base 32 (no I, L, O or U). Eleven characters carry 55 bits; the twelfth makes the sum of
//! `a^i * d_i` over i = 0..11 zero in GF(32) with x^5 + x^2 + 1 (a = 2). Multiplying by different powers of a
//! primitive element means that every single wrong character and every swap of two neighbours is caught.

use super::{Unfit, text};
use std::borrow::Cow;
use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters in a code, the check character included.
pub const CODE_LENGTH: usize = 12;

/// Characters in one printed group.
const GROUP: usize = 4;

/// A well-formed slip code. That it is well formed says nothing about whether such a slip exists.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlipCode([u8; CODE_LENGTH]);

impl SlipCode {
    /// The code that carries the lowest 55 bits of `bits`, most significant first.
    pub fn from_bits(bits: u64) -> Self {
        let mut digits = [0u8; CODE_LENGTH];
        let mut rest = bits;
        for digit in digits.iter_mut().take(CODE_LENGTH - 1).rev() {
            *digit = (rest & 31) as u8;
            rest >>= 5;
        }
        let sum = weighted_sum(&digits);
        // a has order 31 in GF(32), so dividing by a^11 is multiplying by a^(31 - 11).
        if let Some(check) = digits.last_mut() {
            *check = (0..31 - (CODE_LENGTH - 1)).fold(sum, |value, _| double(value));
        }
        SlipCode(digits)
    }

    /// Reads what a person typed or a scanner sent: O is read as 0, I and L as 1; case, spaces and dashes do
    /// not matter. Errors name the position of a character that cannot be in a code, the number of characters
    /// if it is not twelve, or show the groups to compare if the check does not fit. Such an error repeats what
    /// was typed, so it is shown to whoever typed it and never logged.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let mut digits = [0u8; CODE_LENGTH];
        let mut count = 0usize;
        for letter in typed.chars().filter(|c| !is_separator(*c)) {
            let Some(value) = value_of(letter) else {
                return Err(bad_character(letter, count + 1));
            };
            if let Some(digit) = digits.get_mut(count) {
                *digit = value;
            }
            count += 1;
        }
        if count == 0 {
            return Err(Unfit(Cow::Borrowed(
                "Enter the code on your slip, like 7K3M-9QXT-2VBR",
            )));
        }
        if count != CODE_LENGTH {
            return Err(wrong_length(count));
        }
        let code = SlipCode(digits);
        if weighted_sum(&digits) != 0 {
            return Err(Unfit(Cow::Owned(format!(
                "One character, or two next to each other, do not fit in {code}. Compare each group with your slip"
            ))));
        }
        Ok(code)
    }

    /// The twelve characters without dashes, as they stand in an address.
    pub fn compact(&self) -> String {
        self.letters().collect()
    }

    fn letters(&self) -> impl Iterator<Item = char> + '_ {
        self.0
            .iter()
            .filter_map(|digit| ALPHABET.get(usize::from(*digit)))
            .map(|letter| char::from(*letter))
    }
}

/// The code in three groups of four: `7K3M-9QXT-2VBR`.
impl fmt::Display for SlipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for (index, letter) in self.letters().enumerate() {
            if index > 0 && index % GROUP == 0 {
                f.write_char('-')?;
            }
            f.write_char(letter)?;
        }
        Ok(())
    }
}

/// A code opens a slip, so it never reaches a log by way of `{:?}`.
impl fmt::Debug for SlipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SlipCode([redacted])")
    }
}

fn bad_character(letter: char, position: usize) -> Unfit {
    Unfit(Cow::Owned(if letter.is_control() {
        format!("Character {position} of the code cannot be read. Codes use letters and numbers only")
    } else {
        format!(
            "Character {position}, \u{201c}{letter}\u{201d}, is never in a code. Check it against your slip"
        )
    }))
}

fn wrong_length(count: usize) -> Unfit {
    Unfit(Cow::Owned(if count < CODE_LENGTH {
        format!(
            "The code has {CODE_LENGTH} characters, but only {count} were entered: something is missing after character {count}"
        )
    } else {
        format!(
            "The code has {CODE_LENGTH} characters, but {count} were entered: everything from character {} on is too much",
            CODE_LENGTH + 1
        )
    }))
}

/// Spaces and every kind of dash that a phone keyboard or a word processor puts between groups.
fn is_separator(letter: char) -> bool {
    matches!(letter, '_' | '.')
        || text::is_space(letter)
        || text::is_dash(letter)
        || (text::is_invisible(letter) && !letter.is_control())
}

fn value_of(letter: char) -> Option<u8> {
    let read = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET
        .iter()
        .position(|known| char::from(*known) == read)
        .and_then(|at| u8::try_from(at).ok())
}

/// Multiplies by a = 2 in GF(32) with x^5 + x^2 + 1.
fn double(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 != 0 {
        shifted ^ 0b10_0101
    } else {
        shifted
    }
}

/// The sum of a^i * d_i, by Horner's rule from the last digit.
fn weighted_sum(digits: &[u8; CODE_LENGTH]) -> u8 {
    digits.iter().rev().fold(0, |sum, digit| double(sum) ^ digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VECTORS: [&str; 4] = [
        "0000-0000-001J",
        "7K3M-9QXT-2VBR",
        "0123-4567-89A5",
        "G3RT-YP8N-5MQB",
    ];

    #[test]
    fn the_known_codes_are_read_and_shown_as_printed() {
        for vector in VECTORS {
            assert_eq!(SlipCode::parse(vector).unwrap().to_string(), vector);
        }
        assert_eq!(SlipCode::from_bits(1).to_string(), "0000-0000-001J");
    }

    #[test]
    fn reading_forgives_what_people_do() {
        let code = SlipCode::parse("0123-4567-89A5").unwrap();
        for typed in [
            "o i 2 3 4567 89a5",
            "OL23456789A5",
            " 0123\u{2013}4567\u{2013}89a5 ",
            "0l23.4567.89A5",
            "\u{202a}0123\u{2212}4567\u{2011}89A5\u{202c}",
        ] {
            assert_eq!(SlipCode::parse(typed), Ok(code), "{typed}");
        }
    }

    #[test]
    fn every_single_wrong_character_is_caught() {
        for vector in VECTORS {
            let right: Vec<char> = vector.chars().filter(|c| *c != '-').collect();
            for position in 0..CODE_LENGTH {
                for letter in ALPHABET
                    .iter()
                    .map(|l| char::from(*l))
                    .filter(|l| *l != right[position])
                {
                    let mut wrong = right.clone();
                    wrong[position] = letter;
                    assert!(SlipCode::parse(&wrong.iter().collect::<String>()).is_err());
                }
            }
        }
    }

    #[test]
    fn every_swap_of_neighbours_is_caught() {
        for vector in VECTORS {
            let right: Vec<char> = vector.chars().filter(|c| *c != '-').collect();
            for position in 0..CODE_LENGTH - 1 {
                let mut wrong = right.clone();
                wrong.swap(position, position + 1);
                assert_eq!(
                    SlipCode::parse(&wrong.iter().collect::<String>()).is_ok(),
                    wrong == right
                );
            }
        }
    }

    #[test]
    fn errors_name_the_place() {
        let said = |typed: &str| SlipCode::parse(typed).unwrap_err().0.into_owned();
        assert!(said("7K3M-9QXU-2VBR").contains("Character 8, \u{201c}U\u{201d}"));
        assert!(said("7K3M-9QXT-2VB").contains("only 11"));
        assert!(said("7K3M-9QXT-2VBRR").contains("13 were entered"));
        assert!(said("7K3M-9QXT-2VBS").contains("7K3M-9QXT-2VBS"));
        assert!(said("7K3M-9Q\u{7}T-2VBR").contains("Character 7"));
        assert!(said("").contains("7K3M"));
        assert!(said(&"A".repeat(1_000_000)).contains("1000000"));
    }

    #[test]
    fn debug_shows_no_code() {
        assert_eq!(format!("{:?}", SlipCode::from_bits(77)), "SlipCode([redacted])");
    }

    proptest! {
        #[test]
        fn any_55_bits_come_back_from_print(bits in 0u64..1 << 55) {
            let code = SlipCode::from_bits(bits);
            prop_assert_eq!(SlipCode::parse(&code.to_string()), Ok(code));
            prop_assert_eq!(SlipCode::parse(&code.compact().to_lowercase()), Ok(code));
            prop_assert_eq!(code.compact().len(), CODE_LENGTH);
        }

        #[test]
        fn any_text_is_answered_without_panic(typed in ".*") {
            let _ = SlipCode::parse(&typed);
        }

        #[test]
        fn any_single_slip_of_the_pen_is_caught(bits in 0u64..1 << 55, place in 0usize..12, other in 0usize..32) {
            let mut letters: Vec<char> = SlipCode::from_bits(bits).compact().chars().collect();
            let wrong = char::from(ALPHABET[other]);
            let changed = letters[place] != wrong;
            letters[place] = wrong;
            prop_assert_eq!(SlipCode::parse(&letters.iter().collect::<String>()).is_err(), changed);
        }
    }
}
