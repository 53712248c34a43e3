//! The clinical part of a referral: what was answered, and what the rules suggested. Sealed as one value.

use serde::{Deserialize, Serialize};

use crate::questionnaire::Answers;
use crate::triage::{Decision, Facts};

/// Facts as given and the decision under the rules of that day, with the patient's own words where there are any.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseSheet {
    /// The facts the rules looked at.
    pub facts: Facts,
    /// Safety questions nobody asked: shown to triage as not asked, never as "no".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_asked: Vec<String>,
    /// The patient's answers on our own pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Box<Answers>>,
    /// Fields that were kept although they did not pass their check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs_checking: Vec<String>,
    /// What the rules suggested, with reasons.
    pub decision: Decision,
}

impl std::fmt::Debug for CaseSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CaseSheet [redacted]")
    }
}
