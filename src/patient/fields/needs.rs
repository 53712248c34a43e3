//! What makes the service usable for this person, and what else they would like to say.

use super::{one, take_text};
use crate::questionnaire::{Answers, Needs, limits};
use crate::web::form::{Errors, Posted};

/// The code of a language that is not on the list.
pub(in crate::patient) const OTHER_LANGUAGE: &str = "other";

pub(super) fn take_needs(posted: &Posted, errors: &mut Errors, answers: &mut Answers, languages: &[String]) {
    let other_language = take_text(
        posted,
        errors,
        "other_language",
        "Your language",
        limits::OTHER_LANGUAGE,
    );
    let format_need = take_text(posted, errors, "format_need", "This", limits::FORMAT_NEED);
    let interpreter = match posted.one("interpreter") {
        "" if !other_language.is_empty() => Some(OTHER_LANGUAGE.to_owned()),
        // The part stands folded: whoever leaves it alone needs nothing of it.
        "" => None,
        "no" if !other_language.is_empty() => {
            errors.add(
                "interpreter",
                "Select “Another language”, or take out the language you typed",
            );
            None
        }
        "no" => None,
        OTHER_LANGUAGE if other_language.is_empty() => {
            errors.add("other_language", "Enter the language");
            None
        }
        code if code == OTHER_LANGUAGE || languages.iter().any(|known| known == code) => {
            Some(code.to_owned())
        }
        _ => {
            errors.add(
                "interpreter",
                "Select a language from the list, or “Another language”",
            );
            None
        }
    };
    let is_other = interpreter.as_deref() == Some(OTHER_LANGUAGE);
    answers.needs = Some(Needs {
        other_language: if is_other { other_language } else { String::new() },
        interpreter,
        bsl: posted.has("bsl", "yes"),
        format_need,
    });
}

pub(super) fn show_needs(answers: &Answers) -> Posted {
    let Some(needs) = answers.needs.as_ref() else {
        return Posted::default();
    };
    let form = one("interpreter", Some(needs.interpreter.as_deref().unwrap_or("no")))
        .with("other_language", &needs.other_language)
        .with("format_need", &needs.format_need);
    match needs.bsl {
        true => form.with("bsl", "yes"),
        false => form,
    }
}

pub(super) fn take_anything_else(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let text = take_text(posted, errors, "anything_else", "This", limits::ANYTHING_ELSE);
    answers.anything_else = Some(text);
}
