//! Safety, what the person would like help with, and agreement.

use super::{one, take_choice, take_text, take_ticks, ticked};
use crate::questionnaire::{
    Agreement, Answers, Condition, CrisisNow, Linked, LongTerm, PainLength, Problem, limits,
};
use crate::web::form::{Errors, Posted};

/// The value of the button of somebody who does not want to be referred.
pub(in crate::patient) const REFUSE: &str = "refuse";

pub(super) fn take_safety(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    answers.crisis_now = take_choice(
        posted,
        errors,
        "crisis_now",
        CrisisNow::from_key,
        "Select yes or no, or that you would rather not say",
    );
}

pub(super) fn show_safety(answers: &Answers) -> Posted {
    one("crisis_now", answers.crisis_now.map(|answer| answer.key()))
}

/// Sending is agreeing. Sharing is asked only of those who have a slip: without one there is nobody to share with.
pub(super) fn take_agreement(posted: &Posted, answers: &mut Answers, from_slip: bool) {
    let share_status = from_slip.then(|| posted.has("share_status", "yes"));
    answers.agreement = Some(Agreement {
        agreed: !posted.has("then", REFUSE),
        share_status,
    });
}

pub(super) fn show_agreement(answers: &Answers) -> Posted {
    match answers.agreement.as_ref().and_then(|given| given.share_status) {
        Some(true) => one("share_status", Some("yes")),
        Some(false) | None => Posted::default(),
    }
}

pub(super) fn take_problem(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let message = "Select what you would like help with most, or “I am not sure”";
    answers.problem = take_choice(posted, errors, "problem", Problem::from_key, message);
}

/// A condition written in words ticks its box. Answers to pages that fall off the path go with them, but for a
/// worrying answer about the spine: that one is kept until a person has seen it.
pub(super) fn take_long_term(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let other = take_text(
        posted,
        errors,
        "other_condition",
        "Your condition",
        limits::OTHER_CONDITION,
    );
    let known: Vec<&str> = Condition::ALL.iter().map(|condition| condition.key()).collect();
    let mut ticks = posted.all("ltc");
    let written = !other.is_empty() && !ticks.contains(&"none");
    let ticks = if written && ticks.is_empty() {
        ticks.push(Condition::Other.key());
        Some(ticks)
    } else {
        take_ticks(posted, errors, "ltc", &known)
    };
    let Some(ticks) = ticks else { return };
    let mut conditions: Vec<Condition> = ticks.into_iter().filter_map(Condition::from_key).collect();
    if written {
        conditions.push(Condition::Other);
    }
    conditions.sort_unstable();
    conditions.dedup();
    if conditions.is_empty() {
        answers.linked = None;
    }
    if !conditions.iter().copied().any(Condition::is_pain) {
        answers.pain_length = None;
    }
    if !conditions.iter().copied().any(Condition::is_spine) && !answers.spine.is_some_and(|spine| spine.any())
    {
        answers.spine = None;
    }
    let other = if conditions.contains(&Condition::Other) {
        other
    } else {
        String::new()
    };
    answers.long_term = Some(LongTerm { conditions, other });
}

pub(super) fn show_long_term(answers: &Answers) -> Posted {
    let Some(given) = answers.long_term.as_ref() else {
        return Posted::default();
    };
    if given.conditions.is_empty() {
        return one("ltc", Some("none"));
    }
    let keys = given.conditions.iter().map(|condition| condition.key());
    ticked(Posted::default(), "ltc", keys).with("other_condition", &given.other)
}

pub(super) fn take_linked(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let message = "Select yes or no, or that you are not sure";
    answers.linked = take_choice(posted, errors, "linked", Linked::from_key, message);
}

pub(super) fn take_pain_length(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let message = "Select how long you have had the pain, or “I am not sure”";
    answers.pain_length = take_choice(posted, errors, "pain_length", PainLength::from_key, message);
}
