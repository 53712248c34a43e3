//! What was answered about the problem, the body, other care and life now.

use super::{Line, Look, NOT_ASKED, line};
use crate::questionnaire::{Condition, Veteran};

impl Look<'_> {
    pub(super) fn situation(&self) -> Vec<Line> {
        let facts = self.facts;
        let problem = match self.answers {
            Some(answers) => answers.problem.map_or(NOT_ASKED, |problem| problem.label()),
            None => facts.problem.label(),
        };
        let mut lines = vec![
            line("Main problem, as they put it", problem),
            line("Long-term conditions", self.conditions()),
        ];
        if !facts.ltc.is_empty() {
            lines.push(line("Do they affect each other?", facts.ltc_linked.label()));
        }
        if let Some(length) = self.answers.and_then(|answers| answers.pain_length) {
            lines.push(line("How long the pain has lasted", length.label()));
        } else if let Some(weeks) = facts.pain_weeks {
            lines.push(line(
                "How long the pain has lasted",
                format!("{weeks} weeks or more"),
            ));
        }
        lines.push(line("Other care", self.other_care()));
        lines.push(line("Life now", self.life_now()));
        lines.push(line("GP surgery in the area", self.gp_in_area()));
        lines.push(line("Agreed to be referred", self.agreed()));
        lines
    }

    fn gp_in_area(&self) -> &'static str {
        match self.answers.map(|answers| answers.gp_in_area.is_some()) {
            Some(false) => NOT_ASKED,
            Some(true) | None => self.facts.gp_in_area.label(),
        }
    }

    fn agreed(&self) -> &'static str {
        match (self.was_not_asked("agreed"), self.facts.agreed) {
            (true, _) => "Not asked yet",
            (false, true) => "Yes",
            (false, false) => "No",
        }
    }

    fn conditions(&self) -> String {
        let named: Vec<&str> = self
            .facts
            .ltc
            .iter()
            .map(|key| Condition::from_key(key).map_or(key.as_str(), |known| known.label()))
            .collect();
        match (
            named.is_empty(),
            self.answers.map(|answers| answers.long_term.is_some()),
        ) {
            (true, Some(false)) => NOT_ASKED.to_owned(),
            (true, _) => "None named".to_owned(),
            (false, _) => named.join(", "),
        }
    }

    fn other_care(&self) -> String {
        let facts = self.facts;
        let ticked = [
            ("secondary_mh", facts.secondary_mh, "Under a mental health team"),
            (
                "substance_main",
                facts.substance_main,
                "Alcohol or drugs are the main problem",
            ),
            ("eating_disorder", facts.eating_disorder, "An eating disorder"),
            (
                "step2_no_benefit",
                facts.step2_no_benefit,
                "Self-help or a course did not help before",
            ),
        ];
        self.list(&ticked, self.answers.map(|answers| answers.care_ticks.is_some()))
    }

    fn life_now(&self) -> String {
        let facts = self.facts;
        let ticked = [
            (
                "perinatal",
                facts.perinatal,
                "Pregnant, or a baby under 12 months",
            ),
            ("work_affected", facts.work_affected, "Off sick, or job at risk"),
            (
                "veteran",
                facts.veteran == Veteran::Yes,
                "Served in the armed forces",
            ),
            // The same question again: whether it was asked is said above.
            (
                "",
                facts.veteran == Veteran::ServiceRelated,
                "Served in the armed forces, and the problem is linked to it",
            ),
        ];
        self.list(&ticked, self.answers.map(|answers| answers.life_ticks.is_some()))
    }

    /// The ticked boxes of a list, and those that nobody asked about. A list that was never shown is not asked.
    fn list(&self, boxes: &[(&str, bool, &str)], shown: Option<bool>) -> String {
        let named = |wanted: fn(&Self, &(&str, bool, &str)) -> bool| {
            let found = boxes.iter().filter(|one| wanted(self, one));
            found.map(|(_, _, text)| *text).collect::<Vec<&str>>().join(", ")
        };
        let ticked = named(|_, (_, on, _)| *on);
        let unasked = named(|look, (key, on, _)| !on && look.was_not_asked(key));
        match (ticked.is_empty(), unasked.is_empty(), shown) {
            (true, _, Some(false)) => NOT_ASKED.to_owned(),
            (true, true, _) => "None of these ticked".to_owned(),
            (true, false, _) => format!("None of those asked. {NOT_ASKED}: {unasked}"),
            (false, true, _) => ticked,
            (false, false, _) => format!("{ticked}. {NOT_ASKED}: {unasked}"),
        }
    }

    pub(super) fn own_words(&self) -> Vec<Line> {
        let Some(answers) = self.answers else {
            return Vec::new();
        };
        let other = answers.long_term.as_ref().map(|given| given.other.as_str());
        [
            (
                "Anything else they want us to know",
                answers.anything_else.as_deref(),
            ),
            ("Another condition", other),
        ]
        .into_iter()
        .filter_map(|(question, text)| Some(line(question, text.filter(|text| !text.is_empty())?)))
        .collect()
    }
}
