//! The path through the pages, computed from the answers and never stored.
//!
//! A worrying answer changes nothing here: the patient room shows the help page and lets the person go on or stop.

use super::answers::Answers;
use super::choices::Condition;
use super::page::Page;

/// What the path depends on besides the answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JourneyContext {
    /// The journey began with a slip, so "may they see how far it is?" is asked.
    pub from_slip: bool,
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
        let refused = answers
            .agreement
            .as_ref()
            .is_some_and(|agreement| !agreement.agreed);
        let path = Page::ALL
            .into_iter()
            .filter(|page| !(refused && *page > Page::Agreement))
            .filter(|page| is_asked(*page, answers, context))
            .map(|page| (page, is_answered(page, answers, context)))
            .collect();
        Journey { path }
    }

    /// The pages, in order. After "I do not agree" the path ends there.
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

    /// The first page still to be answered; "check your answers" when all questions are; `None` once sent or
    /// refused.
    pub fn first_unanswered(&self) -> Option<Page> {
        self.path
            .iter()
            .find(|(_, answered)| !answered)
            .map(|(page, _)| *page)
    }
}

/// Whether this person meets the page at all.
fn is_asked(page: Page, answers: &Answers, context: JourneyContext) -> bool {
    let conditions = answers.conditions();
    match page {
        Page::Linked => !conditions.is_empty(),
        Page::PainLength => conditions.iter().copied().any(Condition::is_pain),
        Page::Spine => conditions.iter().copied().any(Condition::is_spine),
        Page::Wsas => context.asks_wsas,
        Page::Safety
        | Page::Eligibility
        | Page::Agreement
        | Page::Name
        | Page::BirthDate
        | Page::Contact
        | Page::Address
        | Page::GpSurgery
        | Page::NhsNumber
        | Page::Problem
        | Page::LongTerm
        | Page::SafetyTicks
        | Page::CareTicks
        | Page::LifeTicks
        | Page::Phq9
        | Page::Gad7
        | Page::Needs
        | Page::AnythingElse
        | Page::Check
        | Page::Confirmation => true,
    }
}

/// Whether the page has its answer.
fn is_answered(page: Page, answers: &Answers, context: JourneyContext) -> bool {
    match page {
        Page::Safety => answers.crisis_now.is_some(),
        Page::Eligibility => answers.eligibility.is_some(),
        Page::Agreement => answers
            .agreement
            .as_ref()
            .is_some_and(|given| !given.agreed || !context.from_slip || given.share_status.is_some()),
        Page::Name => answers.name.is_some(),
        Page::BirthDate => answers.born.is_some(),
        Page::Contact => answers.contact.is_some(),
        Page::Address => answers.address.is_some(),
        Page::GpSurgery => answers.gp.is_some(),
        Page::NhsNumber => answers.nhs_number.is_some(),
        Page::Problem => answers.problem.is_some(),
        Page::LongTerm => answers.long_term.is_some(),
        Page::Linked => answers.linked.is_some(),
        Page::PainLength => answers.pain_length.is_some(),
        Page::Spine => answers.spine.is_some(),
        Page::SafetyTicks => answers.safety_ticks.is_some(),
        Page::CareTicks => answers.care_ticks.is_some(),
        Page::LifeTicks => answers.life_ticks.is_some(),
        Page::Phq9 => answers.phq9.is_some(),
        Page::Gad7 => answers.gad7.is_some(),
        Page::Wsas => answers.wsas.is_some(),
        Page::Needs => answers.needs.is_some(),
        Page::AnythingElse => answers.anything_else.is_some(),
        Page::Check | Page::Confirmation => context.submitted,
    }
}

#[cfg(test)]
#[path = "journey_tests.rs"]
mod tests;
