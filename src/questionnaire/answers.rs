//! Everything a patient answers on the way. It travels in an encrypted cookie, hence the short names; a question
//! not yet reached is `None`, which is never the same as "no".

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::choices::{Condition, CrisisNow, GpInArea, KeepSafe, Linked, PainLength, Problem};
use super::parts::{
    Address, Agreement, CareTicks, Contact, GpSurgery, Helper, LifeTicks, LongTerm, Needs, SafetyTicks,
    SpineTicks, redacted,
};
use super::phq9::item9;
use super::scale::Scale;

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
    /// Whether the GP surgery lies in the area.
    #[serde(rename = "j", skip_serializing_if = "Option::is_none")]
    pub gp_in_area: Option<GpInArea>,
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
    /// Whether the questionnaires are answered now; `Some(false)` leaves them for a talk with a person.
    #[serde(rename = "q", skip_serializing_if = "Option::is_none")]
    pub scales_now: Option<bool>,
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

redacted!(Answers);

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
