//! Facts from what a patient answered: the one place where a question becomes a fact.

use super::facts::{Facts, Wsas};
use super::reader::is_language_code;
use super::reading::Given;
use crate::questionnaire::{Answers, GpInArea, Problem, Veteran};

impl Facts {
    /// The facts these answers carry. Second come the keys of questions that matter and were not asked, so that
    /// triage sees them as not asked and never as "no".
    pub fn from_answers(answers: &Answers, given: Given) -> (Facts, Vec<&'static str>) {
        let safety = answers.safety_ticks.unwrap_or_default();
        let care = answers.care_ticks.unwrap_or_default();
        let life = answers.life_ticks;
        let contact = answers.contact.as_ref();
        let needs = answers.needs.as_ref();
        let mut facts = Facts {
            gp_in_area: answers.gp_in_area.unwrap_or(GpInArea::Unknown),
            // Not having been asked yet is not a refusal; the key then stands among those not asked.
            agreed: answers.agreement.as_ref().is_none_or(|asked| asked.agreed),
            crisis_now: answers.crisis_now,
            keep_safe: answers.keep_safe,
            phq9: answers.phq9_items(),
            gad7: answers.gad7_items(),
            wsas: answers.wsas_items().map(Wsas::Items),
            harm_to_others: safety.harm_to_others,
            safeguarding: safety.safeguarding,
            psychosis_mania: safety.psychosis_mania,
            spine_red_flag: answers.spine.is_some_and(|spine| spine.any()),
            secondary_mh: care.secondary_mh,
            substance_main: care.substance_main,
            eating_disorder: care.eating_disorder,
            step2_no_benefit: care.step2_no_benefit,
            perinatal: life.is_some_and(|life| life.perinatal),
            work_affected: life.is_some_and(|life| life.work_affected),
            veteran: life.map_or(Veteran::No, |life| life.veteran),
            bsl: needs.is_some_and(|needs| needs.bsl),
            format_need: needs.is_some_and(|needs| !needs.format_need.is_empty()),
            no_voicemail: contact.is_some_and(|contact| contact.phone.is_some() && !contact.voicemail_ok),
            problem: answers.problem.unwrap_or(Problem::NotSure),
            ltc: answers
                .conditions()
                .iter()
                .map(|condition| condition.key().to_owned())
                .collect(),
            ltc_linked: answers.linked.unwrap_or(Facts::default().ltc_linked),
            pain_weeks: answers.pain_length.and_then(|length| length.weeks()),
            interpreter: needs.and_then(|needs| needs.interpreter.as_deref()).map(language),
            ..Facts::default()
        };
        facts.apply(given);
        let not_asked = not_asked(answers, &facts);
        (facts, not_asked)
    }
}

/// The language code, or `und` (undetermined): stored facts are read back by the reader that checks codes.
fn language(code: &str) -> String {
    if is_language_code(code) { code } else { "und" }.to_owned()
}

/// The keys of questions that were due and have no answer, in the order asked.
fn not_asked(answers: &Answers, facts: &Facts) -> Vec<&'static str> {
    let ticks = answers.safety_ticks.is_none();
    [
        ("crisis_now", answers.crisis_now.is_none()),
        (
            "keep_safe",
            answers.keep_safe.is_none() && facts.keep_safe_is_due(),
        ),
        ("agreed", answers.agreement.is_none()),
        ("age", answers.born.is_none()),
        ("phq9", answers.phq9.is_none()),
        ("harm_to_others", ticks),
        ("safeguarding", ticks),
        ("psychosis_mania", ticks),
        ("spine_red_flag", answers.spine.is_none() && facts.spine_is_due()),
    ]
    .into_iter()
    .filter_map(|(key, missing)| missing.then_some(key))
    .collect()
}

#[cfg(test)]
#[path = "answered_tests.rs"]
mod tests;
