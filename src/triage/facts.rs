//! The facts a decision is made from, with the key names, values and defaults of the domain facts, section 4.
//! They are stored with the decision as given, so that it can be made again.

use serde::{Deserialize, Serialize};

use crate::config::ServiceName;
use crate::questionnaire::{
    CrisisNow, GpInArea, KeepSafe, Linked, Problem, Veteran, WsasScore, item9, total, wsas_score,
};

/// Who filled in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The patient.
    #[serde(rename = "self")]
    Patient,
    /// A physiotherapist, with the patient.
    Physio,
    /// A GP.
    Gp,
    /// A carer or helper.
    Carer,
}

impl Source {
    /// Every source.
    pub const ALL: [Source; 4] = [Source::Patient, Source::Physio, Source::Gp, Source::Carer];

    /// The word stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Patient => "self",
            Source::Physio => "physio",
            Source::Gp => "gp",
            Source::Carer => "carer",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

/// A WSAS result: five items as answered, or only the total another system sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Wsas {
    /// The sum, 0 to 40.
    Total(u8),
    /// The items, 0 to 8 each; the first, work, may be `None` for "not applicable".
    Items([Option<u8>; 5]),
}

impl Wsas {
    /// The score with what it is out of; `None` if an item was skipped.
    pub fn score(self) -> Option<WsasScore> {
        match self {
            Wsas::Total(sum) => Some(WsasScore { sum, of: 40 }),
            Wsas::Items(items) => wsas_score(&items),
        }
    }
}

/// The facts. `Facts::default()` holds the default of every key.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Completed years.
    pub age: u8,
    /// The youngest age the service takes on.
    pub min_age: u8,
    /// Whether the GP surgery lies in the area.
    pub gp_in_area: GpInArea,
    /// The patient agreed to be referred.
    pub agreed: bool,
    /// Who filled in the form.
    pub source: Source,
    /// The service the referrer ticked on the slip: core or hwb.
    pub pad_target: Option<ServiceName>,
    /// "Not safe now?"; `None` is `not_asked`.
    #[serde(serialize_with = "not_asked_if_none")]
    pub crisis_now: Option<CrisisNow>,
    /// "Can you keep yourself safe?"
    pub keep_safe: Option<KeepSafe>,
    /// PHQ-9 items; a skipped item is `None`; `None` around it: not started.
    pub phq9: Option<[Option<u8>; 9]>,
    /// GAD-7 items, likewise.
    pub gad7: Option<[Option<u8>; 7]>,
    /// WSAS.
    pub wsas: Option<Wsas>,
    /// Thoughts of harming others.
    pub harm_to_others: bool,
    /// Harm, control or neglect.
    pub safeguarding: bool,
    /// The free text holds a risk word.
    pub free_text_risk: bool,
    /// Signs of current psychosis or mania.
    pub psychosis_mania: bool,
    /// A new spine symptom.
    pub spine_red_flag: bool,
    /// Under a mental health team.
    pub secondary_mh: bool,
    /// Alcohol or drugs are the main problem.
    pub substance_main: bool,
    /// An eating disorder.
    pub eating_disorder: bool,
    /// Step 2 was tried without benefit.
    pub step2_no_benefit: bool,
    /// Pregnant, or a baby under twelve months.
    pub perinatal: bool,
    /// Off sick, or the job is at risk.
    pub work_affected: bool,
    /// Uses British Sign Language.
    pub bsl: bool,
    /// Needs another format.
    pub format_need: bool,
    /// No voicemail may be left.
    pub no_voicemail: bool,
    /// The main problem, as the patient ticked it.
    pub problem: Problem,
    /// Long-term conditions.
    pub ltc: Vec<String>,
    /// Whether condition and problem are linked.
    pub ltc_linked: Linked,
    /// Weeks of pain, at least.
    pub pain_weeks: Option<u16>,
    /// Armed forces.
    pub veteran: Veteran,
    /// Language code of the interpreter needed.
    pub interpreter: Option<String>,
}

impl Default for Facts {
    fn default() -> Self {
        Facts {
            age: 40,
            min_age: 18,
            gp_in_area: GpInArea::Yes,
            agreed: true,
            source: Source::Patient,
            pad_target: None,
            crisis_now: Some(CrisisNow::No),
            keep_safe: None,
            phq9: None,
            gad7: None,
            wsas: None,
            harm_to_others: false,
            safeguarding: false,
            free_text_risk: false,
            psychosis_mania: false,
            spine_red_flag: false,
            secondary_mh: false,
            substance_main: false,
            eating_disorder: false,
            step2_no_benefit: false,
            perinatal: false,
            work_affected: false,
            bsl: false,
            format_need: false,
            no_voicemail: false,
            problem: Problem::LowMood,
            ltc: Vec::new(),
            ltc_linked: Linked::No,
            pain_weeks: None,
            veteran: Veteran::No,
            interpreter: None,
        }
    }
}

impl Facts {
    /// PHQ-9 total, if no item was skipped.
    pub fn phq9_total(&self) -> Option<u8> {
        self.phq9.and_then(|items| total(&items))
    }

    /// PHQ-9 item 9, also where other items were skipped.
    pub fn item9(&self) -> Option<u8> {
        self.phq9.and_then(|items| item9(&items))
    }

    /// GAD-7 total, if no item was skipped.
    pub fn gad7_total(&self) -> Option<u8> {
        self.gad7.and_then(|items| total(&items))
    }

    /// WSAS sum, if no item but work was skipped.
    pub fn wsas_total(&self) -> Option<u8> {
        self.wsas.and_then(Wsas::score).map(|score| score.sum)
    }
}

/// Facts are personal: a log line shows only that they are there.
impl std::fmt::Debug for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Facts [redacted]")
    }
}

/// Writes the safety answer with its fourth value.
fn not_asked_if_none<S: serde::Serializer>(answer: &Option<CrisisNow>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(answer.map_or(NOT_ASKED, CrisisNow::key))
}

/// The value of `crisis_now` where nobody asked.
pub(super) const NOT_ASKED: &str = "not_asked";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_work_item_still_scores() {
        let work_skipped = Wsas::Items([None, Some(4), Some(4), Some(4), Some(4)]);
        assert_eq!(
            work_skipped.score().map(|score| (score.sum, score.of)),
            Some((16, 32))
        );
        assert_eq!(Wsas::Total(21).score().map(|score| score.sum), Some(21));
    }

    #[test]
    fn debug_shows_no_fact() {
        assert_eq!(format!("{:?}", Facts::default()), "Facts [redacted]");
    }
}
