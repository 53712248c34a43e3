//! From a posted page to the answers, and from the answers back to the page that shows them for changing.
//! One pair of functions for each question of the journey: `take_` reads, `show_` fills in.

mod as_typed;
mod by_staff;
mod call;
mod needs;
mod reach;
mod scales;
mod ticks;
mod who;
mod why;

pub(super) use as_typed::{birth_date, keep_as_typed, line, lines_to_check};
pub(super) use by_staff::{contact_not_asked, take_person};
pub(super) use call::{Call, NOT_ASKED, THREE_STATE, take_call};
pub(super) use needs::OTHER_LANGUAGE;
pub(super) use reach::{show_address, show_contact, shown_phone, take_address, take_contact};
pub(super) use scales::{SKIP, item_field};
pub(super) use why::REFUSE;

use jiff::civil::Date;

use crate::questionnaire::{Answers, ITEM_9, JourneyContext, Page, Question};
use crate::web::form::{Errors, Posted};

/// What reading a page depends on besides what was posted.
#[derive(Clone, Copy, Debug)]
pub struct TakeContext<'a> {
    /// The London date: nobody is born after it.
    pub today: Date,
    /// The journey began with a slip, so there is somebody to share the status with.
    pub from_slip: bool,
    /// Somebody fills in the form for a patient who is not there, such as a GP: they give their own name.
    pub for_another: bool,
    /// What the path depends on besides the answers.
    pub journey: JourneyContext,
    /// Language codes offered for interpreters.
    pub languages: &'a [String],
}

/// Reads one posted page into the answers, question by question: one that has to be corrected keeps the others from
/// nothing, so that a worrying answer counts although something else on its page is wrong.
pub fn take_page(page: Page, posted: &Posted, answers: &mut Answers, context: TakeContext<'_>) -> Errors {
    let mut errors = posted.errors();
    let is_asked = |question: &Question, answers: &Answers| question.is_asked(answers, context.journey);
    // A page that this person does not meet was sent all the same: then it is read whole.
    let is_met = page
        .questions()
        .iter()
        .any(|question| is_asked(question, answers));
    for question in page.questions() {
        // A sign from the spine counts although the condition that leads to it was left out or garbled.
        let worries = *question == Question::Spine && ticks::has_spine_sign(posted);
        if is_met && !worries && !is_asked(question, answers) {
            continue;
        }
        let mut taken = answers.clone();
        let wrong = take_answer(*question, posted, &mut taken, context);
        match wrong.is_empty() {
            true => *answers = taken,
            false => keep_worry(*question, posted, answers),
        }
        errors.extend(wrong);
    }
    errors
}

/// What worries in an answer that cannot be taken as a whole: a sign ticked together with "None of these", item 9
/// beside an item that is garbled.
fn keep_worry(question: Question, posted: &Posted, answers: &mut Answers) {
    if question == Question::Spine && ticks::has_spine_sign(posted) {
        answers.spine = Some(ticks::spine_of(posted));
    }
    if question == Question::SafetyTicks && ticks::has_safety_tick(posted) {
        answers.safety_ticks = Some(ticks::safety_of(posted));
    }
    if question == Question::Phq9
        && let Some(worrying) = scales::only_worrying(posted, 3, ITEM_9)
    {
        answers.phq9 = Some(worrying);
    }
}

fn take_answer(question: Question, posted: &Posted, taken: &mut Answers, context: TakeContext<'_>) -> Errors {
    let mut wrong = Errors::default();
    let errors = &mut wrong;
    match question {
        Question::Safety => why::take_safety(posted, errors, taken),
        Question::Name => who::take_name(posted, errors, taken, context.for_another),
        Question::BirthDate => who::take_birth_date(posted, errors, taken, context.today),
        Question::GpSurgery => who::take_gp_surgery(posted, errors, taken),
        Question::NhsNumber => who::take_nhs_number(posted, errors, taken),
        Question::Contact => reach::take_contact(posted, errors, taken),
        Question::Address => reach::take_address(posted, errors, taken),
        Question::Needs => needs::take_needs(posted, errors, taken, context.languages),
        Question::Problem => why::take_problem(posted, errors, taken),
        Question::AnythingElse => needs::take_anything_else(posted, errors, taken),
        Question::LongTerm => why::take_long_term(posted, errors, taken),
        Question::Linked => why::take_linked(posted, errors, taken),
        Question::PainLength => why::take_pain_length(posted, errors, taken),
        Question::Spine => ticks::take_spine(posted, errors, taken),
        Question::SafetyTicks => ticks::take_safety_ticks(posted, errors, taken),
        Question::CareTicks => ticks::take_care_ticks(posted, errors, taken),
        Question::LifeTicks => ticks::take_life_ticks(posted, errors, taken),
        Question::Scales => scales::take_when(posted, errors, taken),
        Question::Phq9 => taken.phq9 = scales::take_scale(posted, errors, 3, Some(ITEM_9)),
        Question::Gad7 => taken.gad7 = scales::take_scale(posted, errors, 3, None),
        Question::Wsas => taken.wsas = scales::take_scale(posted, errors, 8, None),
        Question::Agreement => why::take_agreement(posted, taken, context.from_slip),
    }
    wrong
}

/// The page as it was answered, or blank where it was not yet.
pub fn show_page(page: Page, answers: &Answers) -> Posted {
    let shown = page
        .questions()
        .iter()
        .map(|question| show_answer(*question, answers));
    shown.fold(Posted::default(), Posted::and)
}

fn show_answer(question: Question, answers: &Answers) -> Posted {
    match question {
        Question::Safety => why::show_safety(answers),
        Question::Name => who::show_name(answers),
        Question::BirthDate => who::show_birth_date(answers),
        Question::GpSurgery => who::show_gp_surgery(answers),
        Question::NhsNumber => who::show_nhs_number(answers),
        Question::Contact => reach::show_contact(answers),
        Question::Address => reach::show_address(answers),
        Question::Needs => needs::show_needs(answers),
        Question::Problem => one("problem", answers.problem.map(|problem| problem.key())),
        Question::AnythingElse => one("anything_else", answers.anything_else.as_deref()),
        Question::LongTerm => why::show_long_term(answers),
        Question::Linked => one("linked", answers.linked.map(|linked| linked.key())),
        Question::PainLength => one("pain_length", answers.pain_length.map(|length| length.key())),
        Question::Spine => ticks::show_spine(answers),
        Question::SafetyTicks => ticks::show_safety_ticks(answers),
        Question::CareTicks => ticks::show_care_ticks(answers),
        Question::LifeTicks => ticks::show_life_ticks(answers),
        Question::Scales => scales::show_when(answers),
        Question::Phq9 => scales::show_scale(answers.phq9),
        Question::Gad7 => scales::show_scale(answers.gad7),
        Question::Wsas => scales::show_scale(answers.wsas),
        Question::Agreement => why::show_agreement(answers),
    }
}

/// A field that was answered, or an empty form.
fn one(field: &'static str, value: Option<&str>) -> Posted {
    match value {
        Some(value) => Posted::default().with(field, value),
        None => Posted::default(),
    }
}

/// Adds the values to a field that may hold several.
fn ticked<'a>(mut form: Posted, field: &'static str, values: impl IntoIterator<Item = &'a str>) -> Posted {
    for value in values {
        form = form.with(field, value);
    }
    form
}

/// Reads yes or no; anything else, or nothing, is this message.
fn take_yes_no(
    posted: &Posted,
    errors: &mut Errors,
    field: &'static str,
    message: &'static str,
) -> Option<bool> {
    match posted.one(field) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => {
            errors.add(field, message);
            None
        }
    }
}

/// Reads one choice of a closed list; anything else, or nothing, is this message.
fn take_choice<T>(
    posted: &Posted,
    errors: &mut Errors,
    field: &'static str,
    from_key: impl Fn(&str) -> Option<T>,
    message: &'static str,
) -> Option<T> {
    let chosen = from_key(posted.one(field));
    if chosen.is_none() {
        errors.add(field, message);
    }
    chosen
}

/// Reads a list of boxes with "None of these": the keys ticked, or a message. Nothing ticked is not "none".
fn take_ticks<'p>(
    posted: &'p Posted,
    errors: &mut Errors,
    field: &'static str,
    known: &[&str],
) -> Option<Vec<&'p str>> {
    let ticks = posted.all(field);
    let (none, ticks): (Vec<&str>, Vec<&str>) = ticks.into_iter().partition(|tick| *tick == "none");
    let message = if ticks.iter().any(|tick| !known.contains(tick)) {
        "Select from the list"
    } else if ticks.is_empty() && none.is_empty() {
        "Select all that apply to you, or select “None of these”"
    } else if !ticks.is_empty() && !none.is_empty() {
        "Select the ones that apply to you, or “None of these”, but not both"
    } else {
        return Some(ticks);
    };
    errors.add(field, message);
    None
}

/// Reads a text of at most `limit` characters, counted as people count them; too long is a message.
fn take_text(posted: &Posted, errors: &mut Errors, field: &'static str, what: &str, limit: usize) -> String {
    let text = posted.one(field);
    if text.chars().count() > limit {
        errors.add(field, format!("{what} must be {limit} characters or fewer"));
        return String::new();
    }
    text.to_owned()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
