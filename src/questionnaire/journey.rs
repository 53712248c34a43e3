//! The path through the pages, computed from the answers and never stored.
//!
//! A worrying answer changes nothing here: the patient room shows the help page and lets the person go on or stop.

use super::answers::Answers;
use super::choices::Condition;
use super::page::Page;
use super::question::Question;

/// What the path depends on besides the answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JourneyContext {
    /// The deployment holds the text of WSAS.
    pub asks_wsas: bool,
    /// The answers have been sent.
    pub submitted: bool,
}

/// The pages this person meets, in order, and which of them are answered.
#[derive(Clone, Debug)]
pub struct Journey {
    path: Vec<(Page, bool)>,
}

impl Journey {
    /// The path that follows from the answers so far.
    pub fn new(answers: &Answers, context: JourneyContext) -> Journey {
        let path = Page::ALL
            .into_iter()
            .filter_map(|page| Some((page, is_answered(page, answers, context)?)))
            .collect();
        Journey { path }
    }

    /// The pages, in order.
    pub fn pages(&self) -> impl DoubleEndedIterator<Item = Page> {
        self.path.iter().map(|(page, _)| *page)
    }

    /// Whether the person may open this page: it is on the path and all before it are answered.
    pub fn may_visit(&self, page: Page) -> bool {
        self.pages().any(|on_path| on_path == page)
            && self
                .path
                .iter()
                .all(|(before, answered)| *before >= page || *answered)
    }

    /// The page that follows, also for a page that fell off the path; `None` at the end.
    pub fn next_after(&self, page: Page) -> Option<Page> {
        self.pages().find(|later| *later > page)
    }

    /// The page before, for the back link; `None` at the beginning.
    pub fn before(&self, page: Page) -> Option<Page> {
        self.pages().rev().find(|earlier| *earlier < page)
    }

    /// The first page still to be answered; "check your answers" when all questions are; `None` once sent.
    pub fn first_unanswered(&self) -> Option<Page> {
        self.path
            .iter()
            .find(|(_, answered)| !answered)
            .map(|(page, _)| *page)
    }
}

/// Whether the page has all its answers; `None` if this person does not meet it.
fn is_answered(page: Page, answers: &Answers, context: JourneyContext) -> Option<bool> {
    if matches!(page, Page::Check | Page::Confirmation) {
        return Some(context.submitted);
    }
    let mut asked = page
        .questions()
        .iter()
        .filter(|question| question.is_asked(answers, context))
        .peekable();
    asked.peek()?;
    Some(asked.all(|question| question.is_answered(answers)))
}

impl Question {
    /// Whether this person is asked it at all.
    pub fn is_asked(self, answers: &Answers, context: JourneyContext) -> bool {
        let conditions = answers.conditions();
        match self {
            Question::Linked => !conditions.is_empty(),
            Question::PainLength => conditions.iter().copied().any(Condition::is_pain),
            Question::Spine => conditions.iter().copied().any(Condition::is_spine),
            Question::Phq9 | Question::Gad7 => answers.scales_now == Some(true),
            Question::Wsas => answers.scales_now == Some(true) && context.asks_wsas,
            Question::Safety
            | Question::Name
            | Question::BirthDate
            | Question::GpSurgery
            | Question::NhsNumber
            | Question::Contact
            | Question::Address
            | Question::Needs
            | Question::Problem
            | Question::AnythingElse
            | Question::LongTerm
            | Question::SafetyTicks
            | Question::CareTicks
            | Question::LifeTicks
            | Question::Scales
            | Question::Agreement => true,
        }
    }

    /// Whether it has its answer.
    fn is_answered(self, answers: &Answers) -> bool {
        match self {
            Question::Safety => answers.crisis_now.is_some(),
            Question::Name => answers.name.is_some(),
            Question::BirthDate => answers.born.is_some(),
            Question::GpSurgery => answers.gp.is_some() && answers.gp_in_area.is_some(),
            Question::NhsNumber => answers.nhs_number.is_some(),
            Question::Contact => answers.contact.is_some(),
            Question::Address => answers.address.is_some(),
            Question::Needs => answers.needs.is_some(),
            Question::Problem => answers.problem.is_some(),
            Question::AnythingElse => answers.anything_else.is_some(),
            Question::LongTerm => answers.long_term.is_some(),
            Question::Linked => answers.linked.is_some(),
            Question::PainLength => answers.pain_length.is_some(),
            Question::Spine => answers.spine.is_some(),
            Question::SafetyTicks => answers.safety_ticks.is_some(),
            Question::CareTicks => answers.care_ticks.is_some(),
            Question::LifeTicks => answers.life_ticks.is_some(),
            Question::Scales => answers.scales_now.is_some(),
            Question::Phq9 => answers.phq9.is_some(),
            Question::Gad7 => answers.gad7.is_some(),
            Question::Wsas => answers.wsas.is_some(),
            Question::Agreement => answers.agreement.is_some(),
        }
    }
}

#[cfg(test)]
#[path = "journey_tests.rs"]
mod tests;
