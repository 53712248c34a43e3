//! What one page gives: the parts of [`super::Answers`], with short names because they travel in a cookie.

use serde::{Deserialize, Serialize};

use super::choices::{BestTime, Condition, Veteran};

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
pub(super) use redacted;

/// Agreement to be referred, given with "send".
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

redacted!(Agreement, Helper, Contact, Address, GpSurgery, LongTerm, Needs);
