//! A postcode, stored in capitals with its space. Everybody has a right to be seen without one: pages allow
//! none, and the NHS keeps one for people of no fixed abode.

use super::word::word;
use super::{Unfit, text};

/// What the NHS writes for people of no fixed abode (NHS Data Dictionary, pseudo postcodes).
const NO_FIXED_ABODE: &str = "ZZ99 3VZ";

/// A postcode of the United Kingdom by its shape; whether it exists is not checked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Postcode(String);

word!(Postcode);

impl Postcode {
    /// Reads a postcode in capitals or small letters, with or without its space.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let seen = text::with_digits(text);
        let typed = seen.trim_end_matches(['.', ',', ';']).chars();
        let typed: String = typed
            .filter(|letter| !matches!(letter, ' ' | '-'))
            .take(8)
            .collect();
        let typed = typed.to_ascii_uppercase();
        if typed.is_empty() {
            return Err(Unfit::because("Enter a postcode"));
        }
        let split = typed
            .len()
            .checked_sub(3)
            .and_then(|at| typed.split_at_checked(at));
        match split {
            Some((out, inward)) if is_outward(out) && is_inward(inward) => {
                Ok(Postcode(format!("{out} {inward}")))
            }
            Some(("ZZ99", "3VZ")) => Ok(Self::no_fixed_abode()),
            _ => Err(Unfit::because("Enter a full UK postcode, like S10 2HQ")),
        }
    }

    /// The postcode of people who have no fixed address.
    pub fn no_fixed_abode() -> Self {
        Postcode(NO_FIXED_ABODE.to_owned())
    }

    /// Whether the person has no fixed address.
    pub fn is_no_fixed_abode(&self) -> bool {
        self.0 == NO_FIXED_ABODE
    }

    /// The letters it begins with: `S` of `S10 2HQ`.
    pub fn area(&self) -> &str {
        let end = self
            .0
            .find(|letter: char| !letter.is_ascii_uppercase())
            .unwrap_or(self.0.len());
        self.0.get(..end).unwrap_or_default()
    }
}

/// One or two letters, a digit, perhaps one more letter or digit.
fn is_outward(out: &str) -> bool {
    let rest = match out.as_bytes() {
        [b'A'..=b'Z', b'A'..=b'Z', rest @ ..] | [b'A'..=b'Z', rest @ ..] => rest,
        _ => return false,
    };
    matches!(rest, [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9' | b'A'..=b'Z'])
}

/// A digit and two letters other than C, I, K, M, O, V.
fn is_inward(inward: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_uppercase() && !b"CIKMOV".contains(&byte);
    matches!(inward.as_bytes(), [b'0'..=b'9', first, second] if letter(*first) && letter(*second))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_postcode_is_stored_in_one_form() {
        for (typed, stored) in [
            ("s10 2hq", "S10 2HQ"),
            (" S102HQ ", "S10 2HQ"),
            ("sw1a1aa", "SW1A 1AA"),
            ("m1 1ae", "M1 1AE"),
            ("zz99 3vz", "ZZ99 3VZ"),
            ("\u{202a}S10\u{a0}2HQ\u{202c}", "S10 2HQ"),
            ("s10\u{200b}\u{2011}2hq,", "S10 2HQ"),
        ] {
            assert_eq!(Postcode::parse(typed).expect(typed).as_str(), stored);
        }
    }

    #[test]
    fn the_area_is_the_letters_in_front() {
        assert_eq!(Postcode::parse("S10 2HQ").expect("a postcode").area(), "S");
        assert_eq!(Postcode::parse("DN22 7XF").expect("a postcode").area(), "DN");
        assert!(
            Postcode::parse("ZZ993VZ")
                .expect("a postcode")
                .is_no_fixed_abode()
        );
    }

    #[test]
    fn what_is_no_postcode_is_refused() {
        for wrong in [
            "",
            "S10",
            "S10 2HC",
            "10 2HQ",
            "S10 2H",
            "SHEFFIELD",
            "S100 22HQ",
            "S1\u{e9} 2HQ",
            "ABC1 2HQ",
        ] {
            assert!(Postcode::parse(wrong).is_err(), "{wrong} was accepted");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = Postcode::parse(&text).map(|postcode| postcode.area().len());
        }
    }
}
