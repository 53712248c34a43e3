//! What was answered, as it was given. A question left out is "not answered", one nobody asked is "not asked", and
//! neither is ever shown as "no" or as zero.

use super::words;
use crate::questionnaire::{Answers, Condition, GAD7, ITEM_9, PHQ9, Sheet, SpineTicks, Veteran};
use crate::referrals::CaseSheet;
use crate::triage::{Facts, score_lines};

/// A question with its answer, in words.
pub(super) struct Line {
    pub question: &'static str,
    pub answer: String,
    /// Whether it stands out: a worrying answer, or a safety question without one.
    pub strong: bool,
}

/// One item of a questionnaire.
pub(super) struct Item {
    pub text: &'static str,
    pub answer: &'static str,
    /// The number behind the words; empty if the item was skipped.
    pub score: String,
    pub strong: bool,
}

/// A questionnaire as it was filled in.
pub(super) struct Filled {
    pub name: &'static str,
    pub stem: &'static str,
    pub items: Vec<Item>,
    /// "10 of 27, moderate, at or above the threshold of 10", or why there is no total.
    pub total: String,
}

/// Everything that was answered at one time.
pub(super) struct Answered {
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
pub(super) fn answered(sheet: &CaseSheet) -> Answered {
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

    fn safety(&self) -> Vec<Line> {
        let facts = self.facts;
        let ticks_shown = self.answers.map(|answers| answers.safety_ticks.is_some());
        let crisis = facts.crisis_now.filter(|_| !self.was_not_asked("crisis_now"));
        let mut lines = vec![safety_line(
            "Not safe right now, or someone in danger?",
            crisis.map_or(NOT_ASKED, |answer| answer.label()),
        )];
        if let Some(answer) = facts.keep_safe {
            lines.push(safety_line("Can they keep themselves safe?", keep_safe(answer)));
        } else if self.was_not_asked("keep_safe") {
            lines.push(safety_line("Can they keep themselves safe?", NOT_ASKED));
        }
        lines.push(safety_line(
            "Thoughts of being better off dead, or of hurting themselves (PHQ-9, item 9)",
            self.item9(),
        ));
        let ticks = [
            (
                "harm_to_others",
                "Thoughts of harming someone else",
                facts.harm_to_others,
            ),
            ("safeguarding", "Harm, control or neglect", facts.safeguarding),
            (
                "psychosis_mania",
                "Unusual experiences, or far too much energy",
                facts.psychosis_mania,
            ),
        ];
        lines.extend(
            ticks.map(|(key, question, ticked)| safety_line(question, self.tick(key, ticked, ticks_shown))),
        );
        lines.push(safety_line(
            "New numbness between the legs, bladder or bowel change, weak legs",
            self.spine(),
        ));
        if facts.free_text_risk {
            lines.push(safety_line(
                "Words in the free text that may point to danger",
                "Yes: read them below",
            ));
        }
        lines
    }

    fn item9(&self) -> &'static str {
        match (self.facts.phq9, self.facts.item9()) {
            (_, Some(answer)) => label(&PHQ9, answer),
            (Some(_), None) => NOT_ANSWERED,
            (None, None) => self.unstarted("phq9", self.answers.map(|a| a.phq9.is_some())),
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

    fn spine(&self) -> &'static str {
        let shown = self.answers.map(|answers| answers.spine.is_some());
        let ticked = self.answers.and_then(|answers| answers.spine).unwrap_or_default();
        match (self.facts.spine_red_flag, ticked) {
            (
                true,
                SpineTicks {
                    saddle_numbness: true,
                    bladder_or_bowel: false,
                    both_legs_weak: false,
                },
            ) => "Yes: numbness between the legs",
            (
                true,
                SpineTicks {
                    saddle_numbness: false,
                    bladder_or_bowel: true,
                    both_legs_weak: false,
                },
            ) => "Yes: bladder or bowel change",
            (
                true,
                SpineTicks {
                    saddle_numbness: false,
                    bladder_or_bowel: false,
                    both_legs_weak: true,
                },
            ) => "Yes: weakness in both legs",
            (
                true,
                SpineTicks {
                    saddle_numbness: false,
                    bladder_or_bowel: false,
                    both_legs_weak: false,
                },
            ) => "Yes",
            (true, _) => "Yes: more than one of these",
            (false, _)
                if self
                    .facts
                    .ltc
                    .iter()
                    .any(|ltc| ltc == "back_pain" || ltc == "sciatica") =>
            {
                self.tick("spine_red_flag", false, shown)
            }
            (false, _) if shown == Some(true) => "No",
            (false, _) => "Not asked (no back pain or sciatica named)",
        }
    }

    fn situation(&self) -> Vec<Line> {
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

    fn sheets(&self) -> Vec<Filled> {
        let totals = score_lines(self.facts);
        let total = |name: &str| {
            let line = totals.iter().find(|line| line.name == name);
            line.map(|line| line.told.clone()).unwrap_or_default()
        };
        let mut sheets = vec![
            match self.facts.phq9 {
                Some(items) => filled(&PHQ9, &items, Some(ITEM_9), total("PHQ-9")),
                None => empty(
                    &PHQ9,
                    self.unstarted("phq9", self.answers.map(|a| a.phq9.is_some())),
                ),
            },
            match self.facts.gad7 {
                Some(items) => filled(&GAD7, &items, None, total("GAD-7")),
                None => empty(
                    &GAD7,
                    self.unstarted("gad7", self.answers.map(|a| a.gad7.is_some())),
                ),
            },
        ];
        if self.facts.wsas.is_some() {
            sheets.push(Filled {
                name: "WSAS",
                stem: "",
                items: Vec::new(),
                total: total("WSAS"),
            });
        }
        sheets
    }

    fn own_words(&self) -> Vec<Line> {
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

fn line(question: &'static str, answer: impl Into<String>) -> Line {
    Line {
        question,
        answer: answer.into(),
        strong: false,
    }
}

/// A safety answer stands out unless it is a plain "no".
fn safety_line(question: &'static str, answer: &str) -> Line {
    let plain = matches!(answer, "No" | "Not at all" | "Yes, they can") || answer.starts_with("Not asked (");
    Line {
        question,
        answer: answer.to_owned(),
        strong: !plain,
    }
}

fn keep_safe(answer: crate::questionnaire::KeepSafe) -> &'static str {
    use crate::questionnaire::KeepSafe;
    match answer {
        KeepSafe::Yes => "Yes, they can",
        KeepSafe::No => "No, they cannot",
        KeepSafe::Unsure => "Not sure",
    }
}

fn label(sheet: &Sheet, answer: u8) -> &'static str {
    sheet
        .labels
        .get(usize::from(answer))
        .copied()
        .unwrap_or(NOT_ANSWERED)
}

fn filled(sheet: &'static Sheet, answers: &[Option<u8>], safety: Option<usize>, total: String) -> Filled {
    let items = sheet.items.iter().zip(answers).enumerate();
    Filled {
        name: sheet.name,
        stem: sheet.stem,
        items: items
            .map(|(index, (text, answer))| Item {
                text,
                answer: answer.map_or(NOT_ANSWERED, |answer| label(sheet, answer)),
                score: answer.map(|answer| answer.to_string()).unwrap_or_default(),
                strong: safety == Some(index) && *answer != Some(0),
            })
            .collect(),
        total,
    }
}

fn empty(sheet: &'static Sheet, why: &str) -> Filled {
    Filled {
        name: sheet.name,
        stem: sheet.stem,
        items: Vec::new(),
        total: format!("{why}. There is no total."),
    }
}

/// What the rules made of these answers, in one line: for earlier answers in the timeline.
pub(super) fn outcome(sheet: &CaseSheet) -> String {
    let decision = &sheet.decision;
    let flags = words::flags(decision.flags.iter().map(String::as_str));
    let flags: Vec<String> = flags.into_iter().map(|flag| flag.short).collect();
    let urgency = words::urgency(decision.priority).text;
    match flags.is_empty() {
        true => format!("Suggested: {urgency}"),
        false => format!("Suggested: {urgency}. {}", flags.join(", ")),
    }
}

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
