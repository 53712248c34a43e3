//! A phone number as somebody may ring it: stored as E.164 with the short note typed beside it, shown as people in the
//! United Kingdom write it.

use super::word::word;
use super::{Unfit, text};

/// A phone number, from here or abroad. One number may serve a household: the note says whom to ask for, or which
/// extension to dial.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

word!(Phone);

/// Longest note beside a number, in bytes.
const LONGEST_NOTE: usize = 29;

/// Longest run of bare digits beside a number that is taken for an extension.
const LONGEST_EXTENSION: usize = 6;

const NOT_A_NUMBER: Unfit = Unfit::because("Enter a phone number, like 01632 960 001 or 07700 900 982");
const NO_COUNTRY: Unfit = Unfit::because("Phone number must start with 0, or with + and the country code");
const WRONG_LENGTH: Unfit =
    Unfit::because("Phone number must have the right amount of numbers. Check that none is missing");
const LONG_NOTE: Unfit = Unfit::because(
    "Enter one phone number. A short note may follow it, like “ext 12” or “mum”, but not more",
);

/// Numbers that reach a person through Relay UK: people who cannot hear or speak on the phone type them in front.
const RELAY: [&str; 2] = ["18001", "18002"];

impl Phone {
    /// Reads a number in any spacing, as it is pasted from a contact list, and with a short note:
    /// `07700 900123`, `447700900123`, `tel:+44-7700-900123`, `+44 (0)7700 900123`, `0033 6…`, `0114 496 0123 ext 5`,
    /// `07700 900123 (mum)`.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let typed = text::with_digits(text);
        if typed.is_empty() {
            return Err(Unfit::because("Enter a phone number"));
        }
        // Brackets around digits are mostly part of the number: (0114) 496 0123. If that makes none, they stand beside it.
        let whole = Typed::read(&typed, true);
        let read = whole.number().or_else(|unfit| {
            let beside = Typed::read(&typed, false).number().ok();
            beside.or_else(|| whole.first_of_two()).ok_or(unfit)
        });
        let (number, notes) = read?;
        let note = notes.join(", ");
        match note.len() {
            0 => Ok(Phone(number)),
            1..=LONGEST_NOTE => Ok(Phone(format!("{number} ({note})"))),
            _ => Err(LONG_NOTE),
        }
    }

    /// The number alone, in E.164: what is dialled, searched for and compared.
    pub fn number(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    /// What was typed beside the number; empty if nothing was.
    pub fn note(&self) -> &str {
        let note = self.0.get(self.number().len()..).unwrap_or_default();
        note.trim_matches([' ', '(', ')'])
    }

    /// Whether a text message can reach it. 070 are personal numbers and 076 pagers, but for 07624 on the Isle of Man
    /// (Ofcom, National Telephone Numbering Plan).
    pub fn is_mobile(&self) -> bool {
        let number = self.number();
        let other = number.starts_with("+4470") || number.starts_with("+4476");
        number.starts_with("+447") && (!other || number.starts_with("+447624"))
    }

    /// As people write it: `07700 900123`, `0114 496 0123 (ext 5)`; from abroad as stored.
    pub fn display(&self) -> String {
        let number = self.number();
        let note = self.0.get(number.len()..).unwrap_or_default();
        let Some(national) = number.strip_prefix("+44") else {
            return self.0.clone();
        };
        let (area, exchange) = match national.as_bytes() {
            [b'2', ..] => (2, 4),
            [b'1', b'1', ..] | [b'1', _, b'1', ..] | [b'3' | b'8', ..] => (3, 3),
            _ => (4, 0),
        };
        let (code, rest) = national.split_at(area.min(national.len()));
        match exchange {
            0 => format!("0{code} {rest}{note}"),
            _ => {
                let (middle, end) = rest.split_at(exchange.min(rest.len()));
                format!("0{code} {middle} {end}{note}")
            }
        }
    }
}

/// What stands in the field: a run of digits, and the words around it.
struct Typed {
    /// Digits and what parts them; a plus only in front.
    digits: String,
    notes: Vec<String>,
}

impl Typed {
    fn read(typed: &str, with_brackets: bool) -> Self {
        let (line, brackets) = without_brackets(typed, with_brackets);
        let starts = |letter: char| letter == '+' || letter.is_ascii_digit();
        let start = line.find(starts).unwrap_or(line.len());
        let (before, rest) = line.split_at(start);
        let number = rest.trim_start_matches('+');
        let plus = if number.len() < rest.len() { "+" } else { "" };
        let end = number
            .find(|letter: char| !is_in_number(letter))
            .unwrap_or(number.len());
        let (digits, after) = number.split_at(end);
        let around = std::iter::once(before.to_owned())
            .chain(brackets)
            .chain([after.to_owned()]);
        Self {
            digits: format!("{plus}{digits}"),
            notes: around.filter_map(|words| note(&words)).collect(),
        }
    }

    fn number(&self) -> Result<(String, Vec<String>), Unfit> {
        Ok((international(&self.digits)?, self.notes.clone()))
    }

    /// Of two numbers with a stroke between them the first; the second is the note.
    fn first_of_two(&self) -> Option<(String, Vec<String>)> {
        let (first, second) = self.digits.split_once('/')?;
        let number = international(first).ok()?;
        let second = note(second)?;
        Some((
            number,
            std::iter::once(second)
                .chain(self.notes.iter().cloned())
                .collect(),
        ))
    }
}

fn is_in_number(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, ' ' | '-' | '.' | '/')
}

/// Whether it may stand among digits in brackets.
fn is_in_brackets(letter: char) -> bool {
    is_in_number(letter) || letter == '+'
}

/// The line without its brackets, and what stood in those that hold words. Brackets around digits stay in the line if
/// `with_digits`, but for the `(0)` that is dialled only inside the country.
fn without_brackets(typed: &str, with_digits: bool) -> (String, Vec<String>) {
    let (mut line, mut notes) = (String::new(), Vec::new());
    let mut rest = typed;
    while let Some((before, opened)) = rest.split_once('(') {
        line.push_str(before);
        let (inside, after) = opened.split_once(')').unwrap_or((opened, ""));
        let digits = inside.chars().all(is_in_brackets);
        let inside_only = inside.trim() == "0" && line.contains(|letter: char| letter.is_ascii_digit());
        match (digits && with_digits, inside_only) {
            (_, true) => {}
            (true, false) => line.push_str(inside),
            (false, false) => notes.push(inside.to_owned()),
        }
        rest = after;
    }
    line.push_str(rest);
    (line.replace(')', " "), notes)
}

/// Words that say no more than that it is a number.
const SAYS_NOTHING: [&str; 8] = [
    "tel",
    "telephone",
    "phone",
    "mob",
    "mobile",
    "number",
    "no",
    "callto",
];

/// Marks that part a note from its number and say nothing themselves.
const PARTING: [char; 7] = [',', ';', ':', '/', '-', '.', '='];

/// The words around a number, on one line and without brackets; nothing if they say nothing.
fn note(words: &str) -> Option<String> {
    let words = words.replace(['(', ')', '"', '\\'], " ");
    let words = words.split_whitespace();
    let telling =
        words.filter(|word| !SAYS_NOTHING.contains(&word.trim_matches(PARTING).to_lowercase().as_str()));
    let note = telling.collect::<Vec<_>>().join(" ");
    let note = note.trim_matches(|letter: char| letter.is_whitespace() || PARTING.contains(&letter));
    // Bare digits would be read as part of the number where one may be a digit longer.
    let few = note.chars().all(is_in_brackets) && note.len() <= LONGEST_EXTENSION;
    match (note.is_empty(), few) {
        (true, _) => None,
        (false, true) => Some(format!("ext {note}")),
        (false, false) => Some(note.to_owned()),
    }
}

/// The number in E.164.
fn international(typed: &str) -> Result<String, Unfit> {
    let digits: String = typed
        .chars()
        .filter(|letter| letter.is_ascii_digit() || *letter == '+')
        .collect();
    let relayed = RELAY.iter().find_map(|prefix| digits.strip_prefix(prefix));
    let digits = relayed.filter(|rest| rest.len() >= 10).unwrap_or(&digits);
    let (abroad, digits) = match (digits.strip_prefix('+'), digits.strip_prefix("00")) {
        (Some(rest), _) | (None, Some(rest)) => (true, rest),
        (None, None) => (false, digits),
    };
    if digits.is_empty() {
        return Err(NOT_A_NUMBER);
    }
    let national = match (digits.strip_prefix("44"), digits.strip_prefix('0')) {
        (Some(national), _) if abroad || is_british(national) => {
            national.strip_prefix('0').unwrap_or(national)
        }
        (_, Some(national)) if !abroad || is_british(national) => national,
        (None, None) if abroad => return from_abroad(digits),
        (Some(_) | None, Some(_) | None) => return Err(NO_COUNTRY),
    };
    match is_british(national) {
        true => Ok(format!("+44{national}")),
        false => Err(WRONG_LENGTH),
    }
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
fn from_abroad(digits: &str) -> Result<String, Unfit> {
    match digits.len() {
        7..=15 => Ok(format!("+{digits}")),
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
            "447700900123",
            "44 7700 900123",
            "+44 (0) 7700 900123",
            "+4407700900123",
            "+07700 900123",
            "tel:07700900123",
            "tel:+44-7700-900123",
            "Mobile: 07700 900123",
            "07700\u{2212}900\u{2011}123",
            "\u{feff}07700\u{a0}900\u{200b}123\u{ad}",
            "\u{660}\u{667}\u{667}\u{660}\u{660}\u{669}\u{660}\u{660}\u{661}\u{662}\u{663}",
            "\u{ff0b}44\u{ff08}0\u{ff09}7700\u{3000}900123",
            "18001 07700 900123",
        ] {
            assert_eq!(Phone::parse(typed).expect(typed).as_str(), "+447700900123");
        }
    }

    #[test]
    fn what_else_was_typed_stays_beside_the_number() {
        for (typed, stored, shown) in [
            ("07700 900774 (mum)", "+447700900774 (mum)", "07700 900774 (mum)"),
            ("mum 07700 900774", "+447700900774 (mum)", "07700 900774 (mum)"),
            (
                "0114 496 0123 ext. 12",
                "+441144960123 (ext. 12)",
                "0114 496 0123 (ext. 12)",
            ),
            ("(0114) 4960123x12", "+441144960123 (x12)", "0114 496 0123 (x12)"),
            (
                "tel:+44-114-496-0123;ext=12",
                "+441144960123 (ext=12)",
                "0114 496 0123 (ext=12)",
            ),
            (
                "07700 900774 (ask for (Jo))",
                "+447700900774 (ask for Jo)",
                "07700 900774 (ask for Jo)",
            ),
            (
                "07700 900774 / 0114 496 0123",
                "+447700900774 (0114 496 0123)",
                "07700 900774 (0114 496 0123)",
            ),
            (
                "07700 900774 or 0114 496 0123",
                "+447700900774 (or 0114 496 0123)",
                "07700 900774 (or 0114 496 0123)",
            ),
            (
                "+33 1 99 00 12 34 (work)",
                "+33199001234 (work)",
                "+33199001234 (work)",
            ),
        ] {
            let phone = Phone::parse(typed).expect(typed);
            assert_eq!((phone.as_str(), phone.display().as_str()), (stored, shown));
            assert_eq!(phone.number(), stored.split(' ').next().unwrap_or_default());
            assert_eq!(Phone::parse(stored).as_ref(), Ok(&phone), "as stored");
            assert_eq!(Phone::parse(shown).as_ref(), Ok(&phone), "as shown");
        }
        let long = Phone::parse("07700 900774 but only after six, and never on a Sunday");
        assert_eq!(long, Err(LONG_NOTE));
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
        for (number, takes_texts) in [
            ("01144960123", false),
            ("07012345678", false),
            ("07612345678", false),
            ("07624123456", true),
            ("07512345678", true),
            ("+33612345678", false),
        ] {
            assert_eq!(
                Phone::parse(number).expect(number).is_mobile(),
                takes_texts,
                "{number}"
            );
        }
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
            "ask at the Red Lion",
            "44770090077",
            "(mum)",
        ] {
            assert!(Phone::parse(wrong).is_err(), "{wrong} was accepted");
        }
    }

    #[test]
    fn what_stands_beside_a_number_stays_beside_it() {
        for (typed, shown) in [
            ("07700 900123=0", "07700 900123 (ext 0)"),
            ("01632 96000=1", "01632 96000 (ext 1)"),
            ("01632 96000;12", "01632 96000 (ext 12)"),
            (",no a07700 900123", "07700 900123 (a)"),
        ] {
            let phone = Phone::parse(typed).expect("a number");
            assert_eq!(phone.display(), shown);
            assert_eq!(Phone::parse(shown).expect("as shown"), phone, "{shown}");
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

        #[test]
        fn a_note_is_read_as_itself(
            before in "[a-z(), .:/+-]{0,9}",
            number in prop_oneof!["07700 900123", "01632 96000", "020 7946 0123"],
            after in "[a-z0-9(), .:/+x#;=-]{0,16}",
        ) {
            if let Ok(phone) = Phone::parse(&format!("{before}{number}{after}")) {
                prop_assert_eq!(Phone::parse(phone.as_str()).expect("itself"), phone.clone());
                prop_assert_eq!(Phone::parse(&phone.display()).expect("as shown"), phone);
            }
        }

        /// Google's library of the world's numbering plans reads every British number we take as the same number, and
        /// what it calls valid we take. It calls fewer valid: it knows which ranges were given out on the day it was
        /// made, and a number of a range opened since is somebody's all the same.
        #[test]
        fn the_worlds_numbering_plans_agree(text in "(0|\\+44)[1235789][0-9]{8,9}") {
            let theirs = phonenumber::parse(Some(phonenumber::country::GB), &text);
            let e164 = |number: &phonenumber::PhoneNumber| {
                number.format().mode(phonenumber::Mode::E164).to_string()
            };
            match (Phone::parse(&text), theirs) {
                (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours.number(), e164(&theirs)),
                (Ok(_), Err(problem)) => prop_assert!(false, "{} is no number to them: {}", text, problem),
                (Err(_), Ok(theirs)) => prop_assert!(!theirs.is_valid(), "{} is valid to them", text),
                (Err(_), Err(_)) => {}
            }
        }
    }
}
