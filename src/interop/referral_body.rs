//! The body of `POST /api/v1/referrals`: read whole, with every fault at its place. A body with a worrying answer
//! is kept although it is faulty, if there is anything that somebody could try to reach the person by; the team then
//! checks what was typed. Pure.

use jiff::civil::Date;
use serde_json::Value;

use super::fault::{Fault, Pointer};
use super::fields::{Fields, Kept, plain};
use super::json::Document;
use super::{facts_part, labels};
use crate::questionnaire::find_risk_words;
use crate::referrals::Person;
use crate::triage::{Facts, Given, Source};
use crate::values::text::is_something;
use crate::values::{BirthDate, Email, NhsNumber, PersonName, Phone, Postcode, SlipCode, Unfit};

/// The keys of the body.
pub(super) const BODY: [&str; 6] = [
    "slip",
    "source",
    "agreed",
    "share_status_with_referrer",
    "patient",
    "facts",
];
/// The keys of `patient`.
pub(super) const PATIENT: [&str; 9] = [
    "name",
    "date_of_birth",
    "nhs_number",
    "email",
    "phone",
    "phone_voicemail_ok",
    "address",
    "gp_surgery",
    "gp_ods",
];
/// The keys of `patient.address`.
pub(super) const ADDRESS: [&str; 2] = ["lines", "postcode"];

/// Lines of an address; characters of a line, and of the name of a surgery.
const ADDRESS_LINES: usize = 5;
const LINE: usize = 100;

/// What the reader must know besides the body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here<'a> {
    /// The date in London.
    pub today: Date,
    /// The locality's minimum age.
    pub min_age: u8,
    /// The locality's risk words.
    pub risk_words: &'a [String],
}

/// A body that can be submitted.
#[derive(Clone, Debug)]
pub(super) struct ReferralBody {
    /// The slip's code, if there is one that can be read.
    pub slip: Option<SlipCode>,
    /// A code was sent that cannot be a slip's.
    pub unknown_code: bool,
    /// May the referrer see how far it is?
    pub share_status: bool,
    /// Who it is about.
    pub person: Person,
    /// What the rules will look at.
    pub facts: Facts,
    /// Safety questions nobody asked.
    pub not_asked: Vec<String>,
    /// What was kept although it is faulty, in words for the team.
    pub needs_checking: Vec<String>,
    /// Whether it carries a worrying answer.
    pub worries: bool,
}

/// Reads a body, or tells everything that is wrong with it.
pub(super) fn read(document: Document, here: Here<'_>) -> Result<ReferralBody, Vec<Fault>> {
    let mut faults = document.faults;
    let root = &document.value;
    let mut body = Fields::open(root, Pointer::default(), &BODY, &mut faults);
    let slip = body.word("slip", SlipCode::parse);
    let unknown_code = matches!(slip, Kept::Unfit(_));
    let source = source(&mut body);
    if body.value("agreed").is_none() {
        body.missing("agreed");
    }
    let agreed = body.flag("agreed").unwrap_or(false);
    let share_status = body.flag("share_status_with_referrer").unwrap_or(false);
    let mut patient = body.below("patient", &PATIENT, true);
    let person = person(&mut patient, here.today);
    let given = Given {
        age: person.date_of_birth.and_then(|born| age(born, here.today)),
        min_age: here.min_age,
        source,
        pad_target: None,
        risk_words: has_risk_words(root, &person, here.risk_words),
    };
    let read = facts_part::read(root.get("facts"), &document.twice, agreed, given, &mut faults);
    let mut person = person;
    // Nobody leaves a voicemail on a number that could not be read.
    person.voicemail_ok &= !read.facts.no_voicemail && person.sound_phone().is_some();
    if root.get("patient").is_some_and(Value::is_object) && !has_contact(&person) {
        let told = "must have a way to reach the person: phone, email, or address with postcode";
        faults.push(Fault::at(Pointer::to(["patient"]), told));
    }
    let worry_of_somebody = read.worries && person.has_way();
    if !faults.is_empty() && !worry_of_somebody {
        return Err(faults);
    }
    Ok(ReferralBody {
        slip: slip.fit(),
        unknown_code,
        share_status,
        person,
        facts: read.facts,
        not_asked: read.not_asked.into_iter().map(str::to_owned).collect(),
        needs_checking: faults.iter().map(labels::needs_checking).collect(),
        worries: read.worries,
    })
}

fn source(body: &mut Fields<'_>) -> Source {
    let words = Source::ALL.map(Source::as_str).join(", ");
    let parse = |word: &str| Source::parse(word).ok_or(Unfit(format!("must be one of {words}").into()));
    body.required("source", parse).fit().unwrap_or(Source::Patient)
}

fn person(patient: &mut Fields<'_>, today: Date) -> Person {
    let name = patient.required("name", PersonName::parse);
    let born = patient.required("date_of_birth", |text| BirthDate::parse(text, today));
    let nhs_number = patient.word("nhs_number", NhsNumber::parse);
    let email = patient.word("email", Email::parse);
    let phone = patient.word("phone", Phone::parse);
    let voicemail_ok = patient.flag("phone_voicemail_ok").unwrap_or(false);
    let gp_surgery = patient.word("gp_surgery", |text| plain(text, LINE));
    let gp_ods = patient.word("gp_ods", ods_code);
    let mut at = patient.below("address", &ADDRESS, false);
    let address = at.lines("lines", ADDRESS_LINES, |text| plain(text, LINE));
    let postcode = at.word("postcode", Postcode::parse);
    // A letter is only assumed to be welcome where there is no other way; mail only goes to a sound address.
    let write_ok = email.is_fit() || phone == Kept::Absent;
    Person {
        name: name.text(|name| name.as_str().to_owned()).unwrap_or_default(),
        date_of_birth: born.fit().map(BirthDate::date),
        nhs_number: nhs_number.text(|number| number.as_str().to_owned()),
        email: email
            .text(|email| email.as_str().to_owned())
            .filter(|text| is_something(text)),
        phone: phone
            .text(|phone| phone.as_str().to_owned())
            .filter(|text| is_something(text)),
        voicemail_ok,
        write_ok,
        address,
        postcode: postcode.text(|postcode| postcode.as_str().to_owned()),
        gp_surgery: gp_surgery.text(|text| text),
        gp_ods: gp_ods.text(|code| code),
        ..Person::default()
    }
}

/// Whether there is a way to reach the person, named or not.
fn has_contact(person: &Person) -> bool {
    let by_letter = !person.address.is_empty() && person.postcode.is_some();
    person.phone.is_some() || person.email.is_some() || by_letter
}

/// Capital letters and digits: 3 for a trust or a board, 5 for a site, a letter and 5 digits for a GP practice
/// (domain facts, section 5).
fn ods_code(text: &str) -> Result<String, Unfit> {
    let code = text.trim().to_ascii_uppercase();
    let sound = (3..=8).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match sound {
        true => Ok(code),
        false => Err(Unfit::because(
            "must be an ODS code of letters and digits, like C88001",
        )),
    }
}

fn age(born: Date, today: Date) -> Option<u8> {
    BirthDate::parse(&born.to_string(), today)
        .ok()
        .map(|born| born.age_on(today))
}

/// Whether what people wrote in their own words holds a risk word: it raises, and its absence means nothing.
fn has_risk_words(root: &Value, person: &Person, words: &[String]) -> bool {
    let conditions = root.pointer("/facts/ltc").and_then(Value::as_array);
    let conditions = conditions.into_iter().flatten().filter_map(Value::as_str);
    let surgery = person.gp_surgery.as_deref();
    surgery
        .into_iter()
        .chain(conditions)
        .any(|text| !find_risk_words(words, text).is_empty())
}

#[cfg(test)]
#[path = "referral_body_tests.rs"]
mod tests;
