//! Who a referral is about: identity and contact, sealed as one value, and the hashes it is found by.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::values::text::is_something;
use crate::values::{Email, Id, KeyError, Keyring, NhsNumber, Phone, Postcode, Purpose};

/// Identity and contact, as typed and checked at the door. A field that did not pass its check but came with a
/// worrying answer is kept as it was typed; the referral is then flagged `NEEDS_CHECKING`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Full name, or the first name alone when help was asked for before more was known.
    pub name: String,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// NHS number, ten digits. Present, not traced: no demographics service has confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nhs_number: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number in E.164, with the note typed beside it: `+447700900123 (mum)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Numbers that were changed on the own page since somebody last spoke with them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier_phones: Vec<EarlierPhone>,
    /// May a voicemail be left?
    pub voicemail_ok: bool,
    /// May a text be sent?
    pub text_ok: bool,
    /// May a letter or an e-mail be sent?
    pub write_ok: bool,
    /// When to ring, in the patient's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_time: Option<String>,
    /// Lines of the address, without the postcode.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<String>,
    /// Postcode in capitals with its space; `ZZ99 3VZ` for no fixed abode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// GP surgery, in the patient's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gp_surgery: Option<String>,
    /// ODS code of the surgery, where a system sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gp_ods: Option<String>,
    /// Who filled the form in with or for the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helper: Option<String>,
}

/// A phone number that was changed on the own page. Whoever is to ring tries it too, until somebody has spoken with the
/// person: a change must not silence a call that is due.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierPhone {
    /// The number, as it stood.
    pub number: String,
    /// May a voicemail be left on it? What is allowed on the new number does not count here.
    pub voicemail_ok: bool,
    /// The day of the change.
    pub until: Date,
    /// The attempt by which somebody has spoken with the person since; should it be undone, the number is to be rung again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached_by: Option<Id>,
}

/// Most earlier numbers that are kept to be rung; the timeline has all of them.
const MOST_EARLIER: usize = 8;

impl fmt::Debug for EarlierPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EarlierPhone [redacted]")
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person [redacted]")
    }
}

impl Person {
    /// The phone number, if it can be dialled as it stands.
    pub fn sound_phone(&self) -> Option<Phone> {
        Phone::parse(self.phone.as_deref()?).ok()
    }

    /// The e-mail address, if a message can be sent to it as it stands.
    pub fn sound_email(&self) -> Option<&str> {
        self.email
            .as_deref()
            .filter(|stored| Email::parse(stored).is_ok())
    }

    /// The NHS number, if its check digit fits: only such a one tells whether two people are one.
    pub fn sound_nhs_number(&self) -> Option<&str> {
        self.nhs_number
            .as_deref()
            .filter(|stored| NhsNumber::parse(stored).is_ok())
    }

    /// Whether a message may be sent, and where to is known.
    pub fn may_mail(&self) -> bool {
        self.write_ok && self.sound_email().is_some()
    }

    /// Keeps the number that stood until this day, if it is not theirs any longer. A number that they took up again is no
    /// earlier one.
    pub(super) fn keep_earlier(&mut self, was: &Person, until: Date) {
        if was.phone != self.phone
            && let Some(number) = was.phone.clone()
            && self.phones_to_try().count() < MOST_EARLIER
        {
            self.earlier_phones.retain(|earlier| earlier.number != number);
            self.earlier_phones.push(EarlierPhone {
                number,
                voicemail_ok: was.voicemail_ok,
                until,
                reached_by: None,
            });
        }
        self.earlier_phones
            .retain(|earlier| self.phone.as_ref() != Some(&earlier.number));
    }

    /// Earlier numbers that are still to be tried.
    pub fn phones_to_try(&self) -> impl Iterator<Item = &EarlierPhone> {
        self.earlier_phones
            .iter()
            .filter(|earlier| earlier.reached_by.is_none())
    }

    /// Whether there is any number to ring, this or an earlier one.
    pub fn can_be_rung(&self) -> bool {
        self.phone.is_some() || self.phones_to_try().next().is_some()
    }

    /// Whether a voicemail may be left on any number there is.
    pub fn may_leave_voicemail(&self) -> bool {
        let on_this = self.phone.is_some() && self.voicemail_ok;
        on_this || self.phones_to_try().any(|earlier| earlier.voicemail_ok)
    }

    /// Notes that this attempt reached the person; whether anything changed by it.
    pub(super) fn reached(&mut self, attempt: Id) -> bool {
        let open = self.earlier_phones.iter_mut();
        let open = open.filter(|earlier| earlier.reached_by.is_none());
        open.map(|earlier| earlier.reached_by = Some(attempt)).count() > 0
    }

    /// Takes that back; whether anything changed by it.
    pub(super) fn not_reached(&mut self, attempt: Id) -> bool {
        let by_it = self.earlier_phones.iter_mut();
        let by_it = by_it.filter(|earlier| earlier.reached_by == Some(attempt));
        by_it.map(|earlier| earlier.reached_by = None).count() > 0
    }

    /// Whether a letter may be sent, and where to is known.
    pub fn may_post(&self) -> bool {
        self.write_ok && !self.address.is_empty() && self.postcode.is_some()
    }
}

/// By what a referral is found, and by what two look alike. The number is stored beside the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TermKind {
    /// NHS number.
    NhsNumber,
    /// One word of the name.
    Name,
    /// Date of birth.
    Born,
    /// Postcode.
    Postcode,
    /// Phone number.
    Phone,
    /// E-mail address.
    Email,
    /// Name and date of birth together: a likely duplicate.
    NameBorn,
    /// Postcode and phone together.
    PostcodePhone,
    /// Postcode and e-mail together.
    PostcodeEmail,
}

impl TermKind {
    /// The number stored. Pairs have those from 7 on, which the index `search_term_alike` is made for.
    pub fn number(self) -> i16 {
        match self {
            TermKind::Name => 1,
            TermKind::Born => 2,
            TermKind::NhsNumber => 3,
            TermKind::Postcode => 4,
            TermKind::Phone => 5,
            TermKind::Email => 6,
            TermKind::NameBorn => 7,
            TermKind::PostcodePhone => 8,
            TermKind::PostcodeEmail => 9,
        }
    }

    /// The word that is hashed with the text, so that no hash of one kind is one of another.
    fn as_str(self) -> &'static str {
        match self {
            TermKind::NhsNumber => "nhs",
            TermKind::Name => "name",
            TermKind::Born => "born",
            TermKind::Postcode => "postcode",
            TermKind::Phone => "phone",
            TermKind::Email => "email",
            TermKind::NameBorn => "name+born",
            TermKind::PostcodePhone => "postcode+phone",
            TermKind::PostcodeEmail => "postcode+email",
        }
    }
}

/// A keyed hash with what it is a hash of. Eight bytes of it are enough: among ten million of a kind, one search in
/// two million million would meet the hash of somebody else's word.
pub type Term = (TermKind, [u8; 8]);

/// The hash of one searched word, after normalising: what the inbox looks for.
pub fn term(keys: &Keyring, kind: TermKind, text: &str) -> Result<Term, KeyError> {
    let whole = keys.mac(
        Purpose::Search,
        &[kind.as_str().as_bytes(), normal(text).as_bytes()],
    )?;
    let mut hash = [0; 8];
    hash.copy_from_slice(&whole[..8]);
    Ok((kind, hash))
}

/// Case, accents, spaces, hyphens and apostrophes do not tell people apart.
pub fn normal(text: &str) -> String {
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter) && letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Person {
    /// Every hash this person is found by, each once. What is only as typed is found by the same text, but makes
    /// nobody look like somebody else.
    pub fn terms(&self, keys: &Keyring) -> Result<Vec<Term>, KeyError> {
        let born = self.date_of_birth.map(|date| date.to_string());
        let sound_phone = self.sound_phone().map(|phone| phone.number().to_owned());
        let sound_email = self.sound_email().map(str::to_owned);
        let postcode = self.postcode.as_ref();
        let sound_postcode = postcode.filter(|stored| Postcode::parse(stored).is_ok());
        let phone = sound_phone.as_ref().or(self.phone.as_ref());
        let mut words: Vec<(TermKind, String)> = Vec::with_capacity(12);
        words.extend(name_words(&self.name).map(|word| (TermKind::Name, word)));
        let whole = [
            (TermKind::NhsNumber, self.nhs_number.as_ref()),
            (TermKind::Born, born.as_ref()),
            (TermKind::Postcode, postcode),
            (TermKind::Phone, phone),
            (TermKind::Email, self.email.as_ref()),
        ];
        words.extend(
            whole
                .into_iter()
                .filter_map(|(kind, text)| Some((kind, text.filter(|text| is_something(text))?.clone()))),
        );
        let pairs = [
            (
                TermKind::NameBorn,
                Some(&self.name).filter(|name| !name.is_empty()),
                born.as_ref(),
            ),
            (TermKind::PostcodePhone, sound_postcode, sound_phone.as_ref()),
            (TermKind::PostcodeEmail, sound_postcode, sound_email.as_ref()),
        ];
        words.extend(
            pairs
                .into_iter()
                .filter_map(|(kind, one, two)| Some((kind, format!("{}/{}", one?, two?)))),
        );
        let mut terms: Vec<Term> = words
            .iter()
            .map(|(kind, text)| term(keys, *kind, text))
            .collect::<Result<_, _>>()?;
        terms.sort_unstable();
        terms.dedup();
        Ok(terms)
    }

    /// Whether this is the same person as far as a form can tell: the same name and the same date of birth. An NHS
    /// number alone is not enough, and two different NHS numbers are two people, whatever else agrees.
    pub fn is_same_as(&self, other: &Person) -> bool {
        let other_number = match (self.sound_nhs_number(), other.sound_nhs_number()) {
            (Some(ours), Some(theirs)) => ours != theirs,
            (Some(_), None) | (None, Some(_)) | (None, None) => false,
        };
        let named = !normal(&self.name).is_empty() && normal(&self.name) == normal(&other.name);
        let born = self.date_of_birth.is_some() && self.date_of_birth == other.date_of_birth;
        named && born && !other_number
    }
}

/// Each word of a name; a name with a hyphen is found whole and by each of its halves.
fn name_words(name: &str) -> impl Iterator<Item = String> {
    name.split_whitespace()
        .flat_map(|word| {
            let halves = word.split(['-', '\u{2010}', '\u{2011}', '\u{2013}']);
            std::iter::once(word).chain(halves)
        })
        .map(normal)
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::MasterKey;

    fn keys() -> Keyring {
        let master = MasterKey::draw().expect("randomness");
        let table = Keyring::draw(&master, 1).expect("keys");
        Keyring::open_table(&master, &table).expect("open")
    }

    fn person(name: &str, born: Option<Date>, nhs: Option<&str>) -> Person {
        Person {
            name: name.to_owned(),
            date_of_birth: born,
            nhs_number: nhs.map(str::to_owned),
            ..Person::default()
        }
    }

    const BORN: Date = jiff::civil::date(1980, 2, 29);

    #[test]
    fn accents_hyphens_and_case_do_not_hide_a_name() {
        let keys = keys();
        let typed = person("Zoë O’Neill-Smith", None, None)
            .terms(&keys)
            .expect("terms");
        let searched = term(&keys, TermKind::Name, "zoe").expect("a term");
        assert!(typed.contains(&searched));
        for searched in ["ONEILL SMITH", "o'neill", "Smith"] {
            assert!(typed.contains(&term(&keys, TermKind::Name, searched).expect("a term")));
        }
    }

    #[test]
    fn a_person_is_known_by_name_and_birth_together() {
        let one = person("Ann Example", Some(BORN), Some("9990023115"));
        assert!(one.is_same_as(&person("ann  EXAMPLE", Some(BORN), None)));
        assert!(one.is_same_as(&person("Ann Example", Some(BORN), Some("9990023115"))));
        assert!(!one.is_same_as(&person("A. Other", Some(BORN), Some("9990023115"))));
        assert!(!one.is_same_as(&person("Ann Example", None, Some("9990023115"))));
        let later = jiff::civil::date(1981, 2, 28);
        assert!(!one.is_same_as(&person("Ann Example", Some(later), Some("9990023115"))));
        assert!(!one.is_same_as(&person("Ann Example", Some(BORN), Some("9990046220"))));
        assert!(!one.is_same_as(&person("Ann Example", None, None)));
        assert!(!person("", Some(BORN), None).is_same_as(&person("", Some(BORN), None)));
    }

    #[test]
    fn what_is_only_as_typed_is_found_by_the_same_text_and_makes_nobody_alike() {
        let keys = keys();
        let typed = |phone: &str| Person {
            phone: Some(phone.to_owned()),
            email: Some("none".to_owned()),
            postcode: Some("S1 2HE".to_owned()),
            nhs_number: Some("not known".to_owned()),
            ..Person::default()
        };
        let kinds = |phone: &str| {
            let terms = typed(phone).terms(&keys).expect("terms");
            terms.iter().map(|(kind, _)| *kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("0770 900 12"), [TermKind::Postcode, TermKind::Phone]);
        assert_eq!(kinds("n/a"), [TermKind::Postcode]);
        let whole = [TermKind::Postcode, TermKind::Phone, TermKind::PostcodePhone];
        assert_eq!(kinds("+447700900123"), whole);
        let terms = |phone: &str| typed(phone).terms(&keys).expect("terms");
        assert_eq!(
            terms("+447700900123 (mum)"),
            terms("+447700900123"),
            "a note makes no other number"
        );
        assert!(
            !typed("x").is_same_as(&typed("x")),
            "two people whose number nobody knows are two"
        );
    }

    #[test]
    fn nothing_of_a_person_is_in_debug() {
        assert_eq!(
            format!("{:?}", person("Ann Example", None, None)),
            "Person [redacted]"
        );
    }
}
