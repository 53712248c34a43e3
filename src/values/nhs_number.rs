//! The NHS number: ten digits, the last a check digit (NHS Data Dictionary, modulus 11). Optional everywhere
//! and never the only thing two records are matched by.

use super::word::word;
use super::{Unfit, text};

/// An NHS number whose check digit is right. Stored as ten digits, shown 3-3-4.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NhsNumber(String);

word!(NhsNumber);

impl NhsNumber {
    /// Reads an NHS number, spaces and dashes aside.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let typed = text::with_digits(text).replace([' ', '-', '.'], "");
        if typed.is_empty() {
            return Err(Unfit::because("Enter your NHS number"));
        }
        if is_national_insurance_number(&typed) {
            return Err(Unfit::because(
                "This looks like a National Insurance number. An NHS number is 10 numbers long",
            ));
        }
        if !typed.bytes().all(|letter| letter.is_ascii_digit()) || typed.len() != 10 {
            return Err(Unfit::because(
                "NHS number must be 10 numbers long, with no letters",
            ));
        }
        if !is_genuine(&typed) {
            return Err(Unfit::because(
                "This is not an NHS number. Check each number, or leave it out if you are not sure",
            ));
        }
        Ok(NhsNumber(typed))
    }

    /// As people read it: `999 002 3115`.
    pub fn display(&self) -> String {
        let (first, rest) = self.0.split_at(3);
        let (second, third) = rest.split_at(3);
        format!("{first} {second} {third}")
    }
}

/// Two letters, six digits, one letter: what people confuse it with (NHS service manual, NHS numbers).
fn is_national_insurance_number(typed: &str) -> bool {
    let shape: String = typed
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                '9'
            } else if c.is_ascii_alphabetic() {
                'A'
            } else {
                '?'
            }
        })
        .collect();
    shape == "AA999999A"
}

/// The check digit fits: eleven less the weighted sum modulo eleven, where 11 stands for 0 and 10 for none.
/// Ten equal digits all pass that test and are nobody's number.
fn is_genuine(digits: &str) -> bool {
    let values: Vec<u32> = digits.chars().filter_map(|letter| letter.to_digit(10)).collect();
    let Some((check, nine)) = values.split_last() else {
        return false;
    };
    let sum: u32 = nine
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    let expected = (11 - sum % 11) % 11;
    expected == *check && nine.iter().any(|digit| digit != check)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn genuine_numbers_are_read_however_they_are_spaced() {
        for number in [
            "9990023115",
            "9990046220",
            "9990069336",
            "9434765919",
            "9434765870",
        ] {
            assert_eq!(NhsNumber::parse(number).expect("a number").as_str(), number);
        }
        for typed in [
            "999 002 3115",
            "999-002-3115",
            " 9990023115 ",
            "999\u{a0}002\u{a0}3115",
            "\u{202d}999\u{2212}002\u{2011}3115\u{202c}",
            "\u{feff}999 002 3115\u{200e}",
        ] {
            assert_eq!(
                NhsNumber::parse(typed).expect("a number").display(),
                "999 002 3115"
            );
        }
    }

    #[test]
    fn a_wrong_check_digit_is_refused() {
        for number in ["9991234567", "9990000001", "4857773456"] {
            assert!(NhsNumber::parse(number).is_err(), "{number} was accepted");
        }
    }

    #[test]
    fn one_digit_ten_times_is_refused() {
        for digit in '0'..='9' {
            assert!(
                NhsNumber::parse(&digit.to_string().repeat(10)).is_err(),
                "{digit} was accepted"
            );
        }
    }

    #[test]
    fn a_national_insurance_number_is_named() {
        let unfit = NhsNumber::parse("QQ 12 34 56 C").expect_err("not an NHS number");
        assert!(unfit.0.contains("National Insurance"));
    }

    #[test]
    fn the_number_is_not_shown_in_debug() {
        let number = NhsNumber::parse("9990023115").expect("a number");
        assert_eq!(format!("{number:?}"), "NhsNumber([redacted])");
        let json = serde_json::to_string(&number).expect("a string");
        assert_eq!(json, "\"9990023115\"");
        assert_eq!(
            serde_json::from_str::<NhsNumber>(&json).expect("the number again"),
            number
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            if let Ok(number) = NhsNumber::parse(&text) {
                prop_assert_eq!(number.display().len(), 12);
            }
        }

        #[test]
        fn every_single_wrong_digit_is_noticed(at in 0_usize..10, by in 1_u8..10) {
            let mut digits = *b"9990023115";
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            prop_assert!(NhsNumber::parse(&String::from_utf8_lossy(&digits)).is_err());
        }
    }
}
