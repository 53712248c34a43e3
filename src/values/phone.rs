//! A phone number as somebody may ring it: stored as E.164, shown as people in the United Kingdom write it.

use super::Unfit;
use super::word::word;

/// A phone number, from here or abroad. One number may serve a household.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

word!(Phone);

const NOT_A_NUMBER: Unfit = Unfit::because("Enter a phone number, like 01632 960 001 or 07700 900 982");
const NO_COUNTRY: Unfit = Unfit::because("Phone number must start with 0, or with + and the country code");
const WRONG_LENGTH: Unfit = Unfit::because("Phone number must have the right amount of numbers");

impl Phone {
    /// Reads a number with any spacing: `07700 900123`, `(0114) 496 0123`, `+44 (0)7700 900123`, `0033 6…`.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let typed = text.replace("(0)", "");
        let typed: String = typed.chars().filter(|letter| !is_spacing(*letter)).collect();
        if typed.is_empty() {
            return Err(Unfit::because("Enter a phone number"));
        }
        let (abroad, digits) = match (typed.strip_prefix('+'), typed.strip_prefix("00")) {
            (Some(rest), _) | (None, Some(rest)) => (true, rest),
            (None, None) => (false, typed.as_str()),
        };
        if digits.is_empty() || !digits.bytes().all(|letter| letter.is_ascii_digit()) {
            return Err(NOT_A_NUMBER);
        }
        let national = match (abroad, digits.strip_prefix("44"), digits.strip_prefix('0')) {
            (true, Some(national), _) => national.strip_prefix('0').unwrap_or(national),
            (true, None, None) => return from_abroad(digits),
            (false, _, Some(national)) => national,
            (true, None, Some(_)) | (false, _, None) => return Err(NO_COUNTRY),
        };
        if !is_british(national) {
            return Err(WRONG_LENGTH);
        }
        Ok(Phone(format!("+44{national}")))
    }

    /// Whether a text message can reach it.
    pub fn is_mobile(&self) -> bool {
        self.0.starts_with("+447")
    }

    /// As people write it: `07700 900123`, `0114 496 0123`; from abroad as stored.
    pub fn display(&self) -> String {
        let Some(national) = self.0.strip_prefix("+44") else {
            return self.0.clone();
        };
        let (area, exchange) = match national.as_bytes() {
            [b'2', ..] => (2, 4),
            [b'1', b'1', ..] | [b'1', _, b'1', ..] | [b'3' | b'8', ..] => (3, 3),
            _ => (4, 0),
        };
        let (code, rest) = national.split_at(area.min(national.len()));
        match exchange {
            0 => format!("0{code} {rest}"),
            _ => {
                let (middle, end) = rest.split_at(exchange.min(rest.len()));
                format!("0{code} {middle} {end}")
            }
        }
    }
}

fn is_spacing(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}')
}

/// Nine or ten digits after the 0; mobile numbers always ten (Ofcom, National Telephone Numbering Plan).
fn is_british(national: &str) -> bool {
    match national.as_bytes().first() {
        Some(b'1' | b'8') => matches!(national.len(), 9 | 10),
        Some(b'2' | b'3' | b'5' | b'7' | b'9') => national.len() == 10,
        _ => false,
    }
}

/// At most fifteen digits with the country code (ITU-T E.164); fewer than seven reach nobody.
fn from_abroad(digits: &str) -> Result<Phone, Unfit> {
    match digits.len() {
        7..=15 => Ok(Phone(format!("+{digits}"))),
        _ => Err(WRONG_LENGTH),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_one_number_however_it_is_typed() {
        for typed in [
            "07700 900123",
            "07700900123",
            "+44 7700 900123",
            "+44 (0)7700 900 123",
            "0044 7700-900123",
            "(07700) 900.123",
            "\u{202d}07700 900123\u{202c}",
        ] {
            assert_eq!(Phone::parse(typed).expect(typed).as_str(), "+447700900123");
        }
    }

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        let shown = |typed| Phone::parse(typed).expect("a number").display();
        assert_eq!(shown("+447700900123"), "07700 900123");
        assert_eq!(shown("01144960123"), "0114 496 0123");
        assert_eq!(shown("02079460123"), "020 7946 0123");
        assert_eq!(shown("01632960001"), "01632 960001");
        assert_eq!(shown("08081570123"), "0808 157 0123");
        assert_eq!(shown("+33 1 99 00 12 34"), "+33199001234");
    }

    #[test]
    fn only_mobiles_take_text_messages() {
        assert!(Phone::parse("07700900123").expect("a number").is_mobile());
        assert!(!Phone::parse("01144960123").expect("a number").is_mobile());
    }

    #[test]
    fn what_nobody_can_ring_is_refused() {
        for wrong in [
            "",
            "none",
            "7700900123",
            "0770090012",
            "077009001234",
            "+",
            "+0114",
            "+1234",
            "0",
            "06000000000",
        ] {
            assert!(Phone::parse(wrong).is_err(), "{wrong} was accepted");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = Phone::parse(&text).map(|phone| phone.display());
        }

        #[test]
        fn what_is_stored_reads_as_itself(digits in "[0-9]{5,18}", start in "(0|\\+|\\+44|00)") {
            if let Ok(phone) = Phone::parse(&format!("{start}{digits}")) {
                prop_assert_eq!(Phone::parse(phone.as_str()).expect("itself"), phone.clone());
                prop_assert_eq!(Phone::parse(&phone.display()).expect("as shown"), phone);
            }
        }
    }
}
