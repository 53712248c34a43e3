//! Words that worry in what a patient wrote: the sentences staff read beside the reason, and how often which kind is
//! found. Counted is the kind alone, never a word of the text.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::case_sheet::CaseSheet;
use super::event_kind::EventKind;
use super::view::ReferralView;
use crate::questionnaire::{RiskCause, find_risk_words};

impl CaseSheet {
    /// Everything in it that was written in the sender's own words.
    fn free_texts(&self) -> impl Iterator<Item = &str> {
        let answers = self.answers.iter().flat_map(|answers| answers.free_texts());
        answers.chain(self.facts.ltc.iter().map(String::as_str))
    }
}

/// The sentences with words that worry in everything this patient has written, the latest first, each once.
pub fn worrying_sentences(view: &ReferralView, words: &[String]) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    let surgery = view.person.gp_surgery.as_deref();
    let latest = view.case_sheet.free_texts().chain(surgery);
    let earlier = view.timeline.iter().rev().flat_map(|event| {
        let sheet = event.payload.case_sheet.iter();
        let answer = event.payload.text.as_deref();
        let answer = answer.filter(|_| event.kind == EventKind::PatientAnswered);
        sheet.flat_map(|sheet| sheet.free_texts()).chain(answer)
    });
    for text in latest.chain(earlier) {
        for found in find_risk_words(words, text) {
            if !sentences.contains(&found.sentence) {
                sentences.push(found.sentence);
            }
        }
    }
    sentences
}

/// The kinds of words that a submission brings, to be counted once it is kept. A transaction may run twice: what its
/// last run noted counts.
#[derive(Clone, Default)]
pub(super) struct WordsFound(Arc<Mutex<BTreeSet<RiskCause>>>);

impl WordsFound {
    /// Nothing yet.
    pub fn clear(&self) {
        self.hold(BTreeSet::new());
    }

    /// Notes the kinds that stand in `sheet` and did not in the one before, of the same person.
    pub fn note(&self, sheet: &CaseSheet, before: Option<&CaseSheet>, words: &[String]) {
        if !sheet.facts.free_text_risk {
            return self.clear();
        }
        let causes = |sheet: &CaseSheet| -> BTreeSet<RiskCause> {
            sheet
                .free_texts()
                .flat_map(|text| causes_in(text, words))
                .collect()
        };
        let known = before.map(causes).unwrap_or_default();
        self.hold(causes(sheet).difference(&known).copied().collect());
    }

    fn hold(&self, causes: BTreeSet<RiskCause>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = causes;
    }

    /// Counts each kind.
    pub fn count(&self) {
        count(&self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn causes_in(text: &str, words: &[String]) -> BTreeSet<RiskCause> {
    find_risk_words(words, text)
        .into_iter()
        .map(|found| found.cause)
        .collect()
}

/// Counts what a patient's answer on their own page was found to hold. Said once the answer is kept.
pub fn count_worrying_words(text: &str, words: &[String]) {
    count(&causes_in(text, words));
}

fn count(causes: &BTreeSet<RiskCause>) {
    for cause in causes {
        metrics::counter!("risk_words_found_total", "cause" => cause.as_str()).increment(1);
    }
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;
    use crate::config::ServiceName;
    use crate::questionnaire::Answers;
    use crate::triage::{Decision, Facts, Priority, SelfBooking, Step};

    fn sheet(words: &str) -> CaseSheet {
        CaseSheet {
            facts: Facts {
                free_text_risk: true,
                ..Facts::default()
            },
            not_asked: Vec::new(),
            answers: Some(Box::new(Answers {
                anything_else: Some(words.to_owned()),
                ..Answers::default()
            })),
            needs_checking: Vec::new(),
            decision: Decision {
                service: ServiceName::Core,
                step: Step::Two,
                priority: Priority::P2,
                flags: Vec::new(),
                booking: SelfBooking::None,
                reasons: Vec::new(),
                rules_version: "t".to_owned(),
            },
        }
    }

    /// What a scrape shows after this.
    fn counted(what: impl FnOnce()) -> String {
        let recorder = PrometheusBuilder::new().build_recorder();
        let figures = recorder.handle();
        metrics::with_local_recorder(&recorder, what);
        figures.render()
    }

    #[test]
    fn each_kind_is_counted_once_and_no_word_of_the_text_is() {
        let first = sheet("I want to die. I want to die! I cut myself.");
        let shown = counted(|| {
            let found = WordsFound::default();
            found.note(&first, None, &[]);
            found.note(&first, None, &[]);
            found.count();
        });
        assert!(
            shown.contains("risk_words_found_total{cause=\"wish_to_die\"} 1"),
            "{shown}"
        );
        assert!(
            shown.contains("risk_words_found_total{cause=\"self_harm\"} 1"),
            "{shown}"
        );
        assert!(!shown.contains("I want") && !shown.contains("cut"), "{shown}");
    }

    #[test]
    fn what_was_known_before_is_not_counted_again() {
        let (first, second) = (sheet("I want to die."), sheet("I want to die. I cut myself."));
        let shown = counted(|| {
            let found = WordsFound::default();
            found.note(&second, Some(&first), &[]);
            found.count();
        });
        assert!(
            !shown.contains("wish_to_die") && shown.contains("self_harm"),
            "{shown}"
        );
        let none = counted(|| {
            let found = WordsFound::default();
            found.note(&first, None, &[]);
            found.clear();
            found.count();
        });
        assert!(!none.contains("risk_words_found_total"), "{none}");
    }
}
