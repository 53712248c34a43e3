//! Everything a patient answers on the way. It travels in an encrypted cookie, hence the short names; a question
//! not yet reached is `None`, which is never the same as "no".

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::choices::{
    BestTime, Condition, CrisisNow, GpInArea, KeepSafe, Linked, PainLength, Problem, Veteran,
};
use super::phq9::item9;
use super::scale::Scale;

/// The longest legal text of each field, in characters (not bytes). Set so that the largest legal `Answers` in
/// four-byte characters stays under [`limits::LARGEST_JSON`]; a test holds them to it.
pub mod limits {
    /// Bytes of JSON the largest legal answers may take.
    pub const LARGEST_JSON: usize = 4300;
    /// Full name.
    pub const NAME: usize = 70;
    /// Phone number, as stored.
    pub const PHONE: usize = 16;
    /// E-mail address, in bytes: addresses are ASCII here.
    pub const EMAIL: usize = 100;
    /// Lines of an address.
    pub const ADDRESS_LINES: usize = 3;
    /// One line of an address.
    pub const ADDRESS_LINE: usize = 40;
    /// Postcode, as stored.
    pub const POSTCODE: usize = 8;
    /// Name of the GP surgery.
    pub const GP_SURGERY: usize = 70;
    /// NHS number, digits only.
    pub const NHS_NUMBER: usize = 10;
    /// Another long-term condition, in the patient's words.
    pub const OTHER_CONDITION: usize = 50;
    /// Language code of the interpreter.
    pub const LANGUAGE_CODE: usize = 12;
    /// Another language, in the patient's words.
    pub const OTHER_LANGUAGE: usize = 30;
    /// What makes letters and calls easier to use.
    pub const FORMAT_NEED: usize = 90;
    /// Name of the helper.
    pub const HELPER_NAME: usize = 50;
    /// What the helper is to the patient.
    pub const HELPER_RELATION: usize = 30;
    /// "Anything else you want us to know?"
    pub const ANYTHING_ELSE: usize = 300;
}

/// Answers of the page that says who the service is for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eligibility {
    /// Says they have reached the service's minimum age.
    #[serde(rename = "a")]
    pub aged_enough: bool,
    /// Whether the GP surgery lies in the area.
    #[serde(rename = "g")]
    pub gp_in_area: GpInArea,
}

/// Answers of the page that asks for agreement to be referred.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Agrees to be referred.
    #[serde(rename = "a")]
    pub agreed: bool,
    /// May the person who gave the slip see how far the referral is? `None`: not asked, as there is no slip.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub share_status: Option<bool>,
}

/// Someone who fills in the form for the patient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helper {
    /// The helper's name.
    #[serde(rename = "n")]
    pub name: String,
    /// What they are to the patient.
    #[serde(rename = "r")]
    pub relation: String,
}

/// How to reach the patient. At least one of phone and e-mail is there, or the address is where to write.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Phone number in E.164.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A voicemail may be left.
    #[serde(rename = "v", default, skip_serializing_if = "std::ops::Not::not")]
    pub voicemail_ok: bool,
    /// A text message may be sent.
    #[serde(rename = "t", default, skip_serializing_if = "std::ops::Not::not")]
    pub text_ok: bool,
    /// A letter or e-mail may be sent.
    #[serde(rename = "w", default, skip_serializing_if = "std::ops::Not::not")]
    pub write_ok: bool,
    /// When a call suits best.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub best_time: Option<BestTime>,
}

/// Where the patient lives.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// "No fixed address": then the rest is empty.
    #[serde(rename = "n", default, skip_serializing_if = "std::ops::Not::not")]
    pub no_fixed_address: bool,
    /// Postcode as stored, if given.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Lines of the address above the postcode.
    #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// The GP surgery.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GpSurgery {
    /// Its name, in the patient's words.
    #[serde(rename = "n")]
    Named(String),
    /// The patient does not know it.
    #[serde(rename = "u")]
    Unknown,
    /// The patient has no GP.
    #[serde(rename = "0")]
    None,
}

/// Long-term conditions. An empty list is the answer "none".
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongTerm {
    /// Those ticked.
    #[serde(rename = "c")]
    pub conditions: Vec<Condition>,
    /// The other condition, in the patient's words; empty unless `Condition::Other` is ticked.
    #[serde(rename = "o", default, skip_serializing_if = "String::is_empty")]
    pub other: String,
}

/// New trouble that can come from the spine. All false is "None of these".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpineTicks {
    /// New numbness between the legs or around the bottom.
    #[serde(rename = "s", default, skip_serializing_if = "std::ops::Not::not")]
    pub saddle_numbness: bool,
    /// A new change in passing urine or opening the bowels.
    #[serde(rename = "b", default, skip_serializing_if = "std::ops::Not::not")]
    pub bladder_or_bowel: bool,
    /// New weakness in both legs.
    #[serde(rename = "w", default, skip_serializing_if = "std::ops::Not::not")]
    pub both_legs_weak: bool,
}

impl SpineTicks {
    /// Whether any was ticked.
    pub fn any(self) -> bool {
        self.saddle_numbness || self.bladder_or_bowel || self.both_legs_weak
    }
}

/// The first list of "Do any of these apply?": safety. All false is "None of these".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyTicks {
    /// Thoughts of harming someone else.
    #[serde(rename = "o", default, skip_serializing_if = "std::ops::Not::not")]
    pub harm_to_others: bool,
    /// Someone is hurting, controlling or neglecting them, or a child or adult they know.
    #[serde(rename = "g", default, skip_serializing_if = "std::ops::Not::not")]
    pub safeguarding: bool,
    /// Hearing or seeing things others do not, or feeling far too high or full of energy.
    #[serde(rename = "p", default, skip_serializing_if = "std::ops::Not::not")]
    pub psychosis_mania: bool,
}

/// The second list: other care. All false is "None of these".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareTicks {
    /// Under a hospital or community mental health team.
    #[serde(rename = "m", default, skip_serializing_if = "std::ops::Not::not")]
    pub secondary_mh: bool,
    /// Alcohol or drugs are the main problem.
    #[serde(rename = "d", default, skip_serializing_if = "std::ops::Not::not")]
    pub substance_main: bool,
    /// An eating disorder.
    #[serde(rename = "e", default, skip_serializing_if = "std::ops::Not::not")]
    pub eating_disorder: bool,
    /// Guided self-help or a course did not help before.
    #[serde(rename = "2", default, skip_serializing_if = "std::ops::Not::not")]
    pub step2_no_benefit: bool,
}

/// The third list: life now. All false (and `Veteran::No`) is "None of these".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeTicks {
    /// Pregnant, or a baby under twelve months.
    #[serde(rename = "b", default, skip_serializing_if = "std::ops::Not::not")]
    pub perinatal: bool,
    /// Off sick, or the job is at risk.
    #[serde(rename = "w", default, skip_serializing_if = "std::ops::Not::not")]
    pub work_affected: bool,
    /// Armed forces.
    #[serde(rename = "v")]
    pub veteran: Veteran,
}

/// What makes the service usable for this person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Language code (BCP 47) of the interpreter needed; `other` where the language is not on the list.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub interpreter: Option<String>,
    /// The language in the patient's words, where it is not on the list.
    #[serde(rename = "l", default, skip_serializing_if = "String::is_empty")]
    pub other_language: String,
    /// British Sign Language.
    #[serde(rename = "b", default, skip_serializing_if = "std::ops::Not::not")]
    pub bsl: bool,
    /// Large print, easy read and the like, in the patient's words; empty for none.
    #[serde(rename = "f", default, skip_serializing_if = "String::is_empty")]
    pub format_need: String,
}

/// Everything a patient answers. `None` is "not asked yet".
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// The safety question that opens the journey.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub crisis_now: Option<CrisisNow>,
    /// The follow-up on the help page.
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub keep_safe: Option<KeepSafe>,
    /// Who the service is for.
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub eligibility: Option<Eligibility>,
    /// Agreement to be referred.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// Full name.
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who fills this in for the patient; `None` if they do it themselves.
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub helper: Option<Helper>,
    /// Date of birth.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub born: Option<Date>,
    /// How to reach the patient.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Where the patient lives.
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// GP surgery.
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub gp: Option<GpSurgery>,
    /// NHS number, digits only; `Some("")` is "I do not know it".
    #[serde(rename = "u", skip_serializing_if = "Option::is_none")]
    pub nhs_number: Option<String>,
    /// The main problem.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// Long-term conditions.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub long_term: Option<LongTerm>,
    /// Whether condition and problem are linked.
    #[serde(rename = "i", skip_serializing_if = "Option::is_none")]
    pub linked: Option<Linked>,
    /// How long the pain has lasted.
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    pub pain_length: Option<PainLength>,
    /// The spine questions.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub spine: Option<SpineTicks>,
    /// First tick list: safety.
    #[serde(rename = "x", skip_serializing_if = "Option::is_none")]
    pub safety_ticks: Option<SafetyTicks>,
    /// Second tick list: other care.
    #[serde(rename = "y", skip_serializing_if = "Option::is_none")]
    pub care_ticks: Option<CareTicks>,
    /// Third tick list: life now.
    #[serde(rename = "z", skip_serializing_if = "Option::is_none")]
    pub life_ticks: Option<LifeTicks>,
    /// PHQ-9.
    #[serde(rename = "9", skip_serializing_if = "Option::is_none")]
    pub phq9: Option<Scale<9>>,
    /// GAD-7.
    #[serde(rename = "7", skip_serializing_if = "Option::is_none")]
    pub gad7: Option<Scale<7>>,
    /// WSAS, where the deployment holds its text; only its first item, work, may be `None` as "not applicable".
    #[serde(rename = "5", skip_serializing_if = "Option::is_none")]
    pub wsas: Option<Scale<5>>,
    /// What makes the service usable.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub needs: Option<Needs>,
    /// "Anything else you want us to know?"; `Some("")` is nothing.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub anything_else: Option<String>,
}

impl Answers {
    /// Whether an answer asks for help at once: not safe now, cannot keep safe, or thoughts of death or self-harm
    /// on any day (domain facts, section 3). Free text is looked at by [`super::find_risk_words`].
    pub fn asks_for_help(&self) -> bool {
        self.crisis_now == Some(CrisisNow::Yes)
            || matches!(self.keep_safe, Some(KeepSafe::No | KeepSafe::Unsure))
            || self
                .phq9_items()
                .and_then(|items| item9(&items))
                .is_some_and(|answer| answer >= 1)
    }

    /// The PHQ-9 items, if it was started.
    pub fn phq9_items(&self) -> Option<[Option<u8>; 9]> {
        self.phq9.and_then(|scale| scale.items())
    }

    /// The GAD-7 items, if it was started.
    pub fn gad7_items(&self) -> Option<[Option<u8>; 7]> {
        self.gad7.and_then(|scale| scale.items())
    }

    /// The WSAS items, if it was started.
    pub fn wsas_items(&self) -> Option<[Option<u8>; 5]> {
        self.wsas.and_then(|scale| scale.items())
    }

    /// The conditions ticked; empty if none or not asked.
    pub fn conditions(&self) -> &[Condition] {
        self.long_term
            .as_ref()
            .map_or(&[], |long_term| &long_term.conditions)
    }

    /// Whether a name and one way to reach the person (phone, e-mail or a postal address) are known.
    pub fn is_reachable(&self) -> bool {
        let by_wire = self
            .contact
            .as_ref()
            .is_some_and(|c| c.phone.is_some() || c.email.is_some());
        let by_post = self
            .address
            .as_ref()
            .is_some_and(|a| !a.lines.is_empty() && a.postcode.is_some());
        self.name.is_some() && (by_wire || by_post)
    }

    /// Completed years on `today`; `None` without a date of birth or before it.
    pub fn age_on(&self, today: Date) -> Option<u8> {
        let born = self.born?;
        let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
        let years = i32::from(today.year()) - i32::from(born.year()) - i32::from(!had_birthday);
        u8::try_from(years).ok()
    }

    /// Every text the patient composed, for the risk words.
    pub fn free_texts(&self) -> impl Iterator<Item = &str> {
        let other = self.long_term.as_ref().map(|long_term| long_term.other.as_str());
        let needs = self.needs.as_ref().map(|needs| needs.format_need.as_str());
        let language = self.needs.as_ref().map(|needs| needs.other_language.as_str());
        [self.anything_else.as_deref(), other, needs, language]
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
    }
}

/// Answers are personal throughout: a log line shows only that they are there.
macro_rules! redacted {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), " [redacted]"))
            }
        }
    )+};
}
redacted!(
    Answers,
    Eligibility,
    Agreement,
    Helper,
    Contact,
    Address,
    GpSurgery,
    LongTerm,
    Needs
);

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
