//! What was answered, as it was given. A question left out is "not answered", one nobody asked is "not asked", and
//! neither is ever shown as "no" or as zero.

mod safety;
mod sheets;
mod situation;
#[cfg(test)]
mod tests;

use super::words;
use crate::questionnaire::{Answers, Sheet};
use crate::referrals::CaseSheet;
use crate::triage::Facts;

/// A question with its answer, in words.
pub(in crate::inbox) struct Line {
    pub question: &'static str,
    pub answer: String,
    /// Whether it stands out: a worrying answer, or a safety question without one.
    pub strong: bool,
}

/// One item of a questionnaire.
pub(in crate::inbox) struct Item {
    pub text: &'static str,
    pub answer: &'static str,
    /// The number behind the words; empty if the item was skipped.
    pub score: String,
    pub strong: bool,
}

/// A questionnaire as it was filled in.
pub(in crate::inbox) struct Filled {
    pub name: &'static str,
    pub stem: &'static str,
    pub items: Vec<Item>,
    /// "10 of 27, moderate, at or above the threshold of 10", or why there is no total.
    pub total: String,
}

/// Everything that was answered at one time.
pub(in crate::inbox) struct Answered {
    pub safety: Vec<Line>,
    pub situation: Vec<Line>,
    pub sheets: Vec<Filled>,
    /// The patient's own words.
    pub own_words: Vec<Line>,
    /// Fields that were kept although they did not pass their check.
    pub needs_checking: Vec<String>,
}

const NOT_ASKED: &str = "Not asked";
const NOT_ANSWERED: &str = "Not answered";

/// The answers of a case sheet.
pub(in crate::inbox) fn answered(sheet: &CaseSheet) -> Answered {
    let look = Look {
        facts: &sheet.facts,
        answers: sheet.answers.as_deref(),
        not_asked: &sheet.not_asked,
    };
    Answered {
        safety: look.safety(),
        situation: look.situation(),
        sheets: look.sheets(),
        own_words: look.own_words(),
        needs_checking: sheet.needs_checking.clone(),
    }
}

/// One case sheet, looked at.
struct Look<'a> {
    facts: &'a Facts,
    answers: Option<&'a Answers>,
    not_asked: &'a [String],
}

impl Look<'_> {
    fn was_not_asked(&self, key: &str) -> bool {
        self.not_asked.iter().any(|unasked| unasked == key)
    }

    /// A box of a list: ticked, not ticked, or the list was never shown. Our own pages know whether it was.
    fn tick(&self, key: &str, ticked: bool, shown: Option<bool>) -> &'static str {
        if ticked {
            "Yes"
        } else if self.was_not_asked(key) || shown == Some(false) {
            NOT_ASKED
        } else {
            "No"
        }
    }

    /// Why a questionnaire has no items: nobody asked, or the patient passed it over.
    fn unstarted(&self, key: &str, reached: Option<bool>) -> &'static str {
        match reached {
            Some(true) => "Would rather not answer",
            Some(false) => NOT_ASKED,
            None if self.was_not_asked(key) => NOT_ASKED,
            None => "Not given",
        }
    }
}

fn line(question: &'static str, answer: impl Into<String>) -> Line {
    Line {
        question,
        answer: answer.into(),
        strong: false,
    }
}

fn label(sheet: &Sheet, answer: u8) -> &'static str {
    sheet
        .labels
        .get(usize::from(answer))
        .copied()
        .unwrap_or(NOT_ANSWERED)
}

/// What the rules made of these answers, in one line: for earlier answers in the timeline.
pub(in crate::inbox) fn outcome(sheet: &CaseSheet) -> String {
    let decision = &sheet.decision;
    let flags = words::flags(decision.flags.iter().map(String::as_str));
    let flags: Vec<String> = flags.into_iter().map(|flag| flag.short).collect();
    let urgency = words::urgency(decision.priority).text;
    match flags.is_empty() {
        true => format!("Suggested: {urgency}"),
        false => format!("Suggested: {urgency}. {}", flags.join(", ")),
    }
}
