//! What somebody typed into the search box, in every sense it may have. The search is exact: only keyed hashes are
//! stored, so the beginning of a name finds nothing, and the page says so.

use jiff::civil::Date;

use crate::referrals::{Reference, Term, TermKind, normal, term};
use crate::values::{BirthDate, Email, KeyError, Keyring, NhsNumber, Phone, Postcode};

/// Longest text that is searched for, in characters.
pub(in crate::inbox) const LONGEST: usize = 120;
/// Most words that are looked for together.
const MOST_WORDS: usize = 8;
/// Most digits of a serial number.
const SERIAL_DIGITS: usize = 9;

/// The senses of what was typed. A referral is found if it fits one of them.
pub(in crate::inbox) struct Sought {
    /// It may be a reference.
    pub reference: Option<Reference>,
    /// It may be the serial number of a slip.
    pub serial: Option<i64>,
    /// It may be a number, an address or words of a name: all terms of one way must fit.
    pub ways: Vec<Vec<Term>>,
}

/// Reads what was typed. `today` bounds dates of birth.
pub(in crate::inbox) fn understand(keys: &Keyring, typed: &str, today: Date) -> Result<Sought, KeyError> {
    let typed = typed.trim();
    let mut ways = vec![
        vec![term(
            keys,
            TermKind::NhsNumber,
            &parsed_or(typed, NhsNumber::parse(typed).map(|n| n.as_str().to_owned())),
        )?],
        vec![term(
            keys,
            TermKind::Postcode,
            &parsed_or(typed, Postcode::parse(typed).map(|p| p.as_str().to_owned())),
        )?],
        vec![term(
            keys,
            TermKind::Phone,
            &parsed_or(typed, Phone::parse(typed).map(|p| p.number().to_owned())),
        )?],
        vec![term(
            keys,
            TermKind::Email,
            &parsed_or(typed, Email::parse(typed).map(|e| e.as_str().to_owned())),
        )?],
    ];
    if let Some(born) = birth_date(typed, today) {
        ways.push(vec![term(keys, TermKind::Born, &born.to_string())?]);
    }
    let words = words(keys, typed, today)?;
    if !words.is_empty() {
        ways.push(words);
    }
    Ok(Sought {
        reference: Reference::parse(typed),
        serial: serial(typed),
        ways,
    })
}

/// The parsed word, or the text as typed: fields that did not pass their check are kept as typed, too.
fn parsed_or<E>(typed: &str, parsed: Result<String, E>) -> String {
    parsed.unwrap_or_else(|_| typed.to_owned())
}

/// Words of a name, beside which a date of birth or an e-mail address may stand.
fn words(keys: &Keyring, typed: &str, today: Date) -> Result<Vec<Term>, KeyError> {
    let words = typed.split_whitespace().filter(|word| !normal(word).is_empty());
    let mut terms: Vec<Term> = words
        .take(MOST_WORDS)
        .map(|word| match birth_date(word, today) {
            Some(born) => term(keys, TermKind::Born, &born.to_string()),
            None if word.contains('@') => term(keys, TermKind::Email, word),
            None => term(keys, TermKind::Name, word),
        })
        .collect::<Result<_, _>>()?;
    terms.sort_unstable();
    terms.dedup();
    Ok(terms)
}

/// "29/2/1980", "29.2.1980", "29 February 1980" or "1980-02-29".
fn birth_date(typed: &str, today: Date) -> Option<Date> {
    if let Ok(born) = BirthDate::parse(typed, today) {
        return Some(born.date());
    }
    let parts: Vec<&str> = typed
        .split(|letter: char| letter.is_whitespace() || matches!(letter, '/' | '.' | '-'))
        .filter(|part| !part.is_empty())
        .collect();
    let [day, month, year] = parts[..] else {
        return None;
    };
    BirthDate::from_boxes(day, month, year, today)
        .ok()
        .map(BirthDate::date)
}

/// The number of a slip as printed, with or without its leading zeros.
fn serial(typed: &str) -> Option<i64> {
    let digits = typed.trim_start_matches('#');
    let sound =
        !digits.is_empty() && digits.len() <= SERIAL_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referrals::Person;
    use crate::values::MasterKey;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);

    fn keys() -> Keyring {
        let master = MasterKey::draw().expect("randomness");
        let table = Keyring::draw(&master, 1).expect("keys");
        Keyring::open_table(&master, &table).expect("open")
    }

    fn robin() -> Person {
        Person {
            name: "Robin O'Neill-Example".to_owned(),
            date_of_birth: Some(jiff::civil::date(1980, 2, 29)),
            nhs_number: Some("9990023115".to_owned()),
            email: Some("robin.example@example.org".to_owned()),
            phone: Some("+447700900123".to_owned()),
            postcode: Some("S1 2HE".to_owned()),
            ..Person::default()
        }
    }

    fn finds(typed: &str) -> bool {
        let keys = keys();
        let stored = robin().terms(&keys).expect("terms");
        let sought = understand(&keys, typed, TODAY).expect("senses");
        sought
            .ways
            .iter()
            .any(|way| !way.is_empty() && way.iter().all(|term| stored.contains(term)))
    }

    #[test]
    fn a_person_is_found_as_people_type() {
        for typed in [
            "robin",
            "ROBIN o'neill-example",
            "999 002 3115",
            "29/02/1980",
            "29 February 1980",
            "1980-02-29",
            "s12he",
            "07700 900123",
            "+44 7700 900 123",
            "Robin.Example@example.org",
            "robin 29/2/1980",
        ] {
            assert!(finds(typed), "{typed}");
        }
    }

    #[test]
    fn a_part_of_a_word_finds_nothing() {
        for typed in [
            "rob",
            "robin example jones",
            "S1",
            "0770090012",
            "999002311",
            "robin%example",
            "1980",
            "*",
        ] {
            assert!(!finds(typed), "{typed}");
        }
    }

    #[test]
    fn references_and_serials_are_recognised() {
        let keys = keys();
        let sought = |typed| understand(&keys, typed, TODAY).expect("senses");
        assert!(sought("4k7m-2pq0").reference.is_some());
        assert_eq!(sought("000123").serial, Some(123));
        assert_eq!(sought("#123").serial, Some(123));
        assert_eq!(sought("9990023115").serial, None);
        assert!(sought("123a").serial.is_none() && sought("").ways.len() == 4);
    }
}
