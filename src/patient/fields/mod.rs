//! From a posted page to the answers, and from the answers back to the page that shows them for changing.
//! One pair of functions for each page of the journey: `take_` reads, `show_` fills in.

mod by_staff;
mod call;
mod needs;
mod scales;
mod who;
mod why;

pub(super) use by_staff::{contact_not_asked, take_person};
pub(super) use call::{Call, NOT_ASKED, THREE_STATE, take_call};
pub(super) use needs::OTHER_LANGUAGE;
pub(super) use scales::{SKIP, item_field};
pub(super) use who::shown_phone;

use jiff::civil::Date;

use crate::questionnaire::{Answers, ITEM_9, Page};
use crate::web::form::{Errors, Posted};

/// What reading a page depends on besides what was posted.
#[derive(Clone, Copy, Debug)]
pub struct TakeContext<'a> {
    /// The London date: nobody is born after it.
    pub today: Date,
    /// The journey began with a slip, so there is somebody to share the status with.
    pub from_slip: bool,
    /// Language codes offered for interpreters.
    pub languages: &'a [String],
}

/// Reads one posted page into the answers. With any message nothing is taken, and the answers stay as they were.
pub fn take_answer(page: Page, posted: &Posted, answers: &mut Answers, context: TakeContext<'_>) -> Errors {
    let mut errors = posted.errors();
    let mut taken = answers.clone();
    match page {
        Page::Safety => why::take_safety(posted, &mut errors, &mut taken),
        Page::Eligibility => why::take_eligibility(posted, &mut errors, &mut taken),
        Page::Agreement => why::take_agreement(posted, &mut errors, &mut taken, context.from_slip),
        Page::Name => who::take_name(posted, &mut errors, &mut taken),
        Page::BirthDate => who::take_birth_date(posted, &mut errors, &mut taken, context.today),
        Page::Contact => who::take_contact(posted, &mut errors, &mut taken),
        Page::Address => who::take_address(posted, &mut errors, &mut taken),
        Page::GpSurgery => who::take_gp_surgery(posted, &mut errors, &mut taken),
        Page::NhsNumber => who::take_nhs_number(posted, &mut errors, &mut taken),
        Page::Problem => why::take_problem(posted, &mut errors, &mut taken),
        Page::LongTerm => why::take_long_term(posted, &mut errors, &mut taken),
        Page::Linked => why::take_linked(posted, &mut errors, &mut taken),
        Page::PainLength => why::take_pain_length(posted, &mut errors, &mut taken),
        Page::Spine => why::take_spine(posted, &mut errors, &mut taken),
        Page::SafetyTicks => why::take_safety_ticks(posted, &mut errors, &mut taken),
        Page::CareTicks => why::take_care_ticks(posted, &mut errors, &mut taken),
        Page::LifeTicks => why::take_life_ticks(posted, &mut errors, &mut taken),
        Page::Phq9 => taken.phq9 = scales::take_scale(posted, &mut errors, 3, Some(ITEM_9)),
        Page::Gad7 => taken.gad7 = scales::take_scale(posted, &mut errors, 3, None),
        Page::Wsas => taken.wsas = scales::take_scale(posted, &mut errors, 8, None),
        Page::Needs => needs::take_needs(posted, &mut errors, &mut taken, context.languages),
        Page::AnythingElse => needs::take_anything_else(posted, &mut errors, &mut taken),
        Page::Check | Page::Confirmation => {}
    }
    if errors.is_empty() {
        *answers = taken;
    }
    errors
}

/// The page as it was answered, or blank where it was not yet.
pub fn show_answer(page: Page, answers: &Answers) -> Posted {
    match page {
        Page::Safety => why::show_safety(answers),
        Page::Eligibility => why::show_eligibility(answers),
        Page::Agreement => why::show_agreement(answers),
        Page::Name => who::show_name(answers),
        Page::BirthDate => who::show_birth_date(answers),
        Page::Contact => who::show_contact(answers),
        Page::Address => who::show_address(answers),
        Page::GpSurgery => who::show_gp_surgery(answers),
        Page::NhsNumber => who::show_nhs_number(answers),
        Page::Problem => one("problem", answers.problem.map(|problem| problem.key())),
        Page::LongTerm => why::show_long_term(answers),
        Page::Linked => one("linked", answers.linked.map(|linked| linked.key())),
        Page::PainLength => one("pain_length", answers.pain_length.map(|length| length.key())),
        Page::Spine => why::show_spine(answers),
        Page::SafetyTicks => why::show_safety_ticks(answers),
        Page::CareTicks => why::show_care_ticks(answers),
        Page::LifeTicks => why::show_life_ticks(answers),
        Page::Phq9 => scales::show_scale(answers.phq9),
        Page::Gad7 => scales::show_scale(answers.gad7),
        Page::Wsas => scales::show_scale(answers.wsas),
        Page::Needs => needs::show_needs(answers),
        Page::AnythingElse => one("anything_else", answers.anything_else.as_deref()),
        Page::Check | Page::Confirmation => Posted::default(),
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

/// Yes or no, in the words of a form.
fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
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
