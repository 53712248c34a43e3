//! The questionnaires. An item may be left out: it is then unknown, never zero. Leaving out all of them is a
//! choice of its own, so that a page sent by mistake is not taken for one.

use super::{one, take_choice};
use crate::questionnaire::{Answers, Scale, item9};
use crate::web::form::{Errors, Posted};

/// The value of a button that passes over the whole page.
const PASS: &str = "pass";
/// The value of the choice that leaves one item out.
pub(in crate::patient) const SKIP: &str = "skip";

/// Reads whether the questionnaires are answered now or left for a talk.
pub(super) fn take_when(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let message = "Select if you would like to answer them now or later";
    let now = |key: &str| match key {
        "now" => Some(true),
        "later" => Some(false),
        _ => None,
    };
    answers.scales_now = take_choice(posted, errors, "scales", now, message);
    // Left for later they are not asked; but an answer that worries stays until a person has seen it.
    if answers.scales_now == Some(false) {
        let worries = answers.phq9_items().and_then(|items| item9(&items)) != Some(0);
        answers.phq9 = answers.phq9.filter(|scale| scale.items().is_some() && worries);
        answers.gad7 = None;
        answers.wsas = None;
    }
}

pub(super) fn show_when(answers: &Answers) -> Posted {
    let when = answers.scales_now.map(|now| if now { "now" } else { "later" });
    one("scales", when)
}

/// The field of an item, counted from 1.
pub(in crate::patient) fn item_field(number: usize) -> String {
    format!("item{number}")
}

/// Reads the items `0..=highest`. Passing over the page takes the others back, but not an answer above zero to the
/// item that worries: that one is kept, and only that one.
pub(super) fn take_scale<const N: usize>(
    posted: &Posted,
    errors: &mut Errors,
    highest: u8,
    worrying: Option<usize>,
) -> Option<Scale<N>> {
    let mut items = [None; N];
    for (index, item) in items.iter_mut().enumerate() {
        let field = item_field(index + 1);
        *item = match posted.one(&field) {
            "" | SKIP => None,
            text => {
                let answer = text.parse::<u8>().ok().filter(|answer| *answer <= highest);
                if answer.is_none() {
                    errors.add(
                        field,
                        format!("Select one of the answers to question {}", index + 1),
                    );
                }
                answer
            }
        };
    }
    if posted.one("then") == PASS {
        let kept = worrying.and_then(|index| only_worrying(posted, highest, index));
        return Some(kept.unwrap_or(Scale::PASSED));
    }
    if (1..=N).any(|number| !posted.one(&item_field(number)).is_empty()) {
        return Some(Scale::Given(items));
    }
    errors.add(
        item_field(1),
        "Answer the questions, or select “Leave out all of these”",
    );
    None
}

/// The item that worries alone, if it was answered above zero.
pub(super) fn only_worrying<const N: usize>(posted: &Posted, highest: u8, index: usize) -> Option<Scale<N>> {
    let answer = posted.one(&item_field(index + 1)).parse::<u8>().ok();
    let answer = answer.filter(|answer| (1..=highest).contains(answer))?;
    let mut items = [None; N];
    *items.get_mut(index)? = Some(answer);
    Some(Scale::Given(items))
}

pub(super) fn show_scale<const N: usize>(scale: Option<Scale<N>>) -> Posted {
    let mut form = Posted::default();
    let Some(items) = scale.and_then(|scale| scale.items()) else {
        return form;
    };
    for (index, item) in items.into_iter().enumerate() {
        let shown = item.map_or_else(|| SKIP.to_owned(), |answer| answer.to_string());
        form = form.with(item_field(index + 1), shown);
    }
    form
}
