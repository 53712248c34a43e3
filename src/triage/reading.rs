//! Facts from JSON: every key and value is checked, and an error names the key and says what would be right.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::facts::{Facts, NOT_ASKED, Source, Wsas};
use super::reader::{Reader, clipped};
use crate::config::ServiceName;
use crate::questionnaire::{CrisisNow, GpInArea, ITEM_HIGHEST, KeepSafe, Linked, Problem, Veteran};

/// What is wrong with facts as given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FactError {
    /// The key at fault; `None` if the whole text is not an object of facts.
    pub key: Option<String>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FactError {
    pub(super) fn at(key: &str, message: impl Into<String>) -> FactError {
        FactError {
            key: Some(key.to_owned()),
            message: message.into(),
        }
    }

    /// The text as a whole cannot be read.
    pub(super) fn whole(message: impl Into<String>) -> FactError {
        FactError {
            key: None,
            message: message.into(),
        }
    }
}

/// What the caller knows of a referral besides the answers.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// Completed years; `None` if the date of birth is not known.
    pub age: Option<u8>,
    /// The locality's minimum age.
    pub min_age: u8,
    /// Who fills in the form.
    pub source: Source,
    /// The service ticked on the slip.
    pub pad_target: Option<ServiceName>,
    /// Free text held a risk word of the locality.
    pub risk_words: bool,
}

/// The highest age a fact may give; an older date of birth counts as this.
const OLDEST: u8 = 120;

/// Facts an API caller may not name, and where they come from instead.
const NOT_FROM_API: [(&str, &str); 5] = [
    ("age", "the patient's date of birth"),
    ("min_age", "the service's own settings"),
    ("agreed", "`agreed` in the body"),
    ("source", "`source` in the body"),
    ("pad_target", "the slip"),
];

impl Facts {
    /// Facts from one JSON object, as `triage decide` reads it; a key left out has its default.
    pub fn from_json(text: &str) -> Result<Facts, FactError> {
        let pairs: Pairs = serde_json::from_str(text).map_err(|wrong| match wrong.classify() {
            serde_json::error::Category::Data => FactError::whole(format!("not an object of facts: {wrong}")),
            _ => FactError::whole(format!("not JSON: {wrong}")),
        })?;
        pairs.facts()
    }

    /// Facts from the `facts` of an API body, with what the rest of the body, the slip and the locality say.
    /// Second come the keys of the safety questions that were not asked: leaving one out is never a "no".
    pub fn from_api(
        named: &serde_json::Map<String, Value>,
        agreed: bool,
        given: Given,
    ) -> Result<(Facts, Vec<&'static str>), FactError> {
        let mut facts = Facts {
            crisis_now: None,
            agreed,
            ..Facts::default()
        };
        for (key, value) in named {
            if let Some((_, whence)) = NOT_FROM_API.iter().find(|(own, _)| own == key) {
                return Err(FactError::at(
                    key,
                    format!("`{key}` may not be named here: it comes from {whence}"),
                ));
            }
            facts.set(key, value)?;
        }
        facts.apply(given);
        let mut not_asked: Vec<&'static str> = Vec::new();
        let mut left_out = |key: &'static str, due: bool| {
            if due && !named.contains_key(key) {
                not_asked.push(key);
            }
        };
        left_out("crisis_now", true);
        left_out("keep_safe", facts.keep_safe_is_due());
        left_out("phq9", true);
        for key in ["harm_to_others", "safeguarding", "psychosis_mania"] {
            left_out(key, true);
        }
        left_out("spine_red_flag", facts.spine_is_due());
        if facts.crisis_now.is_none() && named.contains_key("crisis_now") {
            not_asked.insert(0, "crisis_now");
        }
        Ok((facts, not_asked))
    }

    /// Whether "can you keep yourself safe?" should have followed.
    pub(super) fn keep_safe_is_due(&self) -> bool {
        self.crisis_now == Some(CrisisNow::Yes) || self.item9().is_some_and(|answer| answer >= 1)
    }

    /// Whether the spine questions belong to the conditions named.
    pub(super) fn spine_is_due(&self) -> bool {
        self.ltc
            .iter()
            .any(|condition| condition == "back_pain" || condition == "sciatica")
    }

    /// Takes over what the caller knows.
    pub(super) fn apply(&mut self, given: Given) {
        self.age = given.age.unwrap_or(self.age).min(OLDEST);
        self.min_age = given.min_age;
        self.source = given.source;
        self.pad_target = given.pad_target;
        self.free_text_risk |= given.risk_words;
    }

    /// Sets the fact of this key.
    pub(super) fn set(&mut self, key: &str, value: &Value) -> Result<(), FactError> {
        let v = Reader { key, value };
        match key {
            "age" => self.age = v.number(0, OLDEST.into())?,
            "min_age" => self.min_age = v.number(0, 120)?,
            "gp_in_area" => self.gp_in_area = v.choice(GpInArea::ALL, GpInArea::key)?,
            "agreed" => self.agreed = v.flag()?,
            "source" => self.source = v.choice(&Source::ALL, Source::as_str)?,
            "pad_target" => {
                let targets = [ServiceName::Core, ServiceName::Hwb];
                self.pad_target = v.or_null(|v| v.choice(&targets, ServiceName::as_str))?;
            }
            "crisis_now" if value.as_str() == Some(NOT_ASKED) => self.crisis_now = None,
            "crisis_now" => self.crisis_now = Some(v.crisis()?),
            "keep_safe" => self.keep_safe = v.or_null(|v| v.choice(KeepSafe::ALL, KeepSafe::key))?,
            "phq9" => self.phq9 = v.or_null(|v| v.items::<9>(ITEM_HIGHEST))?,
            "gad7" => self.gad7 = v.or_null(|v| v.items::<7>(ITEM_HIGHEST))?,
            "wsas" if value.is_array() => self.wsas = Some(Wsas::Items(v.items::<5>(8)?)),
            "wsas" => self.wsas = v.or_null(|v| v.number(0, 40).map(Wsas::Total))?,
            "problem" => self.problem = v.choice(Problem::ALL, Problem::key)?,
            "ltc" => self.ltc = v.names()?,
            "ltc_linked" => self.ltc_linked = v.choice(Linked::ALL, Linked::key)?,
            "pain_weeks" => self.pain_weeks = v.or_null(|v| v.number(0, 5200))?,
            "veteran" => self.veteran = v.choice(Veteran::ALL, Veteran::key)?,
            "interpreter" => self.interpreter = v.or_null(|v| v.language())?,
            _ => *self.flag_mut(key).ok_or_else(|| unknown(key))? = v.flag()?,
        }
        Ok(())
    }

    /// The facts that are plainly true or false.
    pub(super) fn flag_mut(&mut self, key: &str) -> Option<&mut bool> {
        Some(match key {
            "harm_to_others" => &mut self.harm_to_others,
            "safeguarding" => &mut self.safeguarding,
            "free_text_risk" => &mut self.free_text_risk,
            "psychosis_mania" => &mut self.psychosis_mania,
            "spine_red_flag" => &mut self.spine_red_flag,
            "secondary_mh" => &mut self.secondary_mh,
            "substance_main" => &mut self.substance_main,
            "eating_disorder" => &mut self.eating_disorder,
            "step2_no_benefit" => &mut self.step2_no_benefit,
            "perinatal" => &mut self.perinatal,
            "work_affected" => &mut self.work_affected,
            "bsl" => &mut self.bsl,
            "format_need" => &mut self.format_need,
            "no_voicemail" => &mut self.no_voicemail,
            _ => return None,
        })
    }
}

fn unknown(key: &str) -> FactError {
    FactError::at(
        &clipped(key),
        format!(
            "`{}` is not a fact; see the list of facts in ARCHITECTURE.md",
            clipped(key)
        ),
    )
}

/// An object's pairs in order, so that a key given twice is seen.
struct Pairs(Vec<(String, Value)>);

impl Pairs {
    fn facts(&self) -> Result<Facts, FactError> {
        let mut facts = Facts::default();
        let mut seen: Vec<&str> = Vec::with_capacity(self.0.len());
        for (key, value) in &self.0 {
            if seen.contains(&key.as_str()) {
                return Err(FactError::at(key, format!("`{key}` is given twice")));
            }
            seen.push(key);
            facts.set(key, value)?;
        }
        Ok(facts)
    }
}

/// Facts within other JSON, by the same reader.
impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Pairs::deserialize(from)?
            .facts()
            .map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of facts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        from.deserialize_map(PairsVisitor)
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
