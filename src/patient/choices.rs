//! The choices and the few computed words that the pages of the journey offer. What the rules know of a choice is
//! its key.

use super::question::Asked;
use super::{fields, language};
use crate::questionnaire::{
    BestTime, Condition, CrisisNow, GAD7, GpInArea, Linked, PHQ9, Page, PainLength, Problem, Sheet,
};
use crate::web::form::{Choice, Form};

/// One item of a questionnaire.
pub(super) struct Item {
    pub field: String,
    pub text: String,
    pub choices: Vec<Choice>,
}

/// How somebody may be reached; on the own page too.
pub(super) fn may() -> Vec<Choice> {
    vec![
        Choice::new("voicemail", "Leave a voicemail"),
        Choice::new("text", "Send a text message"),
        Choice::new("write", "Send an email or a letter"),
        Choice::new(
            "only_post",
            "I have no phone or email. Please write to me by post",
        )
        .after_or(),
    ]
}

/// When a call suits; on the own page too.
pub(super) fn best_times() -> Vec<Choice> {
    BestTime::ALL
        .iter()
        .map(|time| Choice::new(time.key(), time.label()))
        .collect()
}

impl Asked<'_> {
    pub(super) fn crisis_now(&self) -> Vec<Choice> {
        CrisisNow::ALL
            .iter()
            .map(|answer| Choice::new(answer.key(), answer.label()))
            .collect()
    }

    pub(super) fn gp_in_area(&self) -> String {
        format!("Is your GP surgery in {}?", self.here.organisation.area)
    }

    pub(super) fn gp_choices(&self) -> Vec<Choice> {
        let mut choices: Vec<Choice> = GpInArea::ALL
            .iter()
            .map(|answer| Choice::new(answer.key(), answer.label()))
            .collect();
        choices.push(Choice::new("none", "I am not with a GP surgery"));
        choices
    }

    /// Whether one of these holds something or has to be corrected: nothing of that may hide in a folded part.
    fn is_used(&self, form: &Form, fields: &[&str]) -> bool {
        fields
            .iter()
            .any(|field| !form.value(field).is_empty() || !form.error(field).is_empty())
    }

    pub(super) fn is_helped(&self, form: &Form) -> bool {
        self.for_another || self.is_used(form, &["helper_name", "helper_relation"])
    }

    pub(super) fn has_address(&self, form: &Form) -> bool {
        self.is_used(form, &["line1", "line2", "town"])
    }

    pub(super) fn has_needs(&self, form: &Form) -> bool {
        let typed = self.is_used(form, &["other_language", "format_need", "bsl"]);
        typed || !matches!(form.value("interpreter"), "" | "no") || !form.error("interpreter").is_empty()
    }

    /// A suggestion of the physio stands ticked; the list opens when there is more to see.
    pub(super) fn shows_conditions(&self, form: &Form) -> bool {
        self.suggested.is_none()
            || !form.error("ltc").is_empty()
            || self.is_used(form, &["other_condition"])
            || form.posted.all("ltc").len() != 1
    }

    pub(super) fn scales(&self) -> Vec<Choice> {
        let now = Choice::new("now", "Answer them now");
        let later = Choice::new("later", "Leave them for a talk with a person");
        match self.needs_interpreter {
            true => vec![
                now.hint("They are in English"),
                later.hint("We can have an interpreter with us then"),
            ],
            false => vec![now.hint("It takes about 3 minutes"), later],
        }
    }

    pub(super) fn may(&self) -> Vec<Choice> {
        may()
    }

    pub(super) fn best_times(&self) -> Vec<Choice> {
        best_times()
    }

    pub(super) fn problems(&self) -> Vec<Choice> {
        Problem::ALL
            .iter()
            .map(|problem| {
                let choice = Choice::new(problem.key(), problem.label());
                match problem {
                    Problem::NotSure => choice.after_or(),
                    _ => choice,
                }
            })
            .collect()
    }

    pub(super) fn conditions(&self) -> Vec<Choice> {
        Condition::ALL
            .iter()
            .map(|condition| Choice::new(condition.key(), condition.label()))
            .collect()
    }

    pub(super) fn linked(&self) -> Vec<Choice> {
        Linked::ALL
            .iter()
            .map(|linked| Choice::new(linked.key(), linked.label()))
            .collect()
    }

    pub(super) fn pain_lengths(&self) -> Vec<Choice> {
        PainLength::ALL
            .iter()
            .map(|length| Choice::new(length.key(), length.label()))
            .collect()
    }

    pub(super) fn spine(&self) -> Vec<Choice> {
        vec![
            Choice::new(
                "saddle_numbness",
                "Numbness or tingling between my legs, or around my bottom",
            ),
            Choice::new(
                "bladder_or_bowel",
                "A change in how I pee or poo, or in holding it",
            ),
            Choice::new("both_legs_weak", "Weakness in both legs"),
        ]
    }

    pub(super) fn safety(&self) -> Vec<Choice> {
        vec![
            Choice::new("harm_to_others", "I have thoughts of hurting someone else"),
            Choice::new(
                "safeguarding",
                "Someone hurts, controls or neglects me, or a child or adult I know",
            ),
            Choice::new(
                "psychosis_mania",
                "I hear or see things that others do not, or I feel far too high or full of energy",
            ),
        ]
    }

    pub(super) fn care(&self) -> Vec<Choice> {
        vec![
            Choice::new(
                "secondary_mh",
                "I am with a hospital or community mental health team",
            ),
            Choice::new("substance_main", "Alcohol or drugs are my main problem"),
            Choice::new("eating_disorder", "I have an eating disorder"),
            Choice::new(
                "step2_no_benefit",
                "I had guided self-help or a course before, and it did not help",
            ),
        ]
    }

    pub(super) fn life(&self) -> Vec<Choice> {
        vec![
            Choice::new("perinatal", "I am pregnant, or I have a baby under 12 months"),
            Choice::new("work_affected", "I am off sick from work, or my job is at risk"),
            Choice::new("veteran", "I served in the armed forces").hint("One day of service counts"),
            Choice::new(
                "service_related",
                "I served in the armed forces, and my problems come from that time",
            ),
        ]
    }

    pub(super) fn sheet(&self) -> &'static Sheet {
        match self.page {
            Page::Gad7 => &GAD7,
            _ => &PHQ9,
        }
    }

    pub(super) fn scale_heading(&self) -> &'static str {
        match self.page {
            Page::Gad7 => "And some more about the last 2 weeks",
            _ => "How have the last 2 weeks been?",
        }
    }

    /// Who reads it is said before the first questionnaire.
    pub(super) fn explains_reading(&self) -> bool {
        self.page == Page::Phq9
    }

    pub(super) fn items(&self) -> Vec<Item> {
        let sheet = self.sheet();
        let answers = |_| {
            let labels = sheet.labels.iter().enumerate();
            let mut choices: Vec<Choice> = labels
                .map(|(value, label)| Choice::new(value.to_string(), *label))
                .collect();
            choices.push(Choice::new(fields::SKIP, "Leave this one out").after_or());
            choices
        };
        sheet
            .items
            .iter()
            .enumerate()
            .map(|(index, text)| Item {
                field: fields::item_field(index + 1),
                text: format!("{}. {text}", index + 1),
                choices: answers(index),
            })
            .collect()
    }

    pub(super) fn interpreters(&self) -> Vec<Choice> {
        let mut choices = vec![Choice::new("no", "No")];
        for code in &self.here.languages {
            choices.push(Choice::new(code.clone(), language::name(code).to_owned()));
        }
        choices.push(Choice::new(fields::OTHER_LANGUAGE, "Another language"));
        choices
    }
}
