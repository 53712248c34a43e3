//! A form as it is drawn: what was typed, what is wrong with it, what there is to choose from.
//!
//! [`Posted`] is what arrived, [`Errors`] collects the messages, [`Form`] is both together, as the macros in
//! `views/macros.html` draw them.

use std::borrow::Cow;

pub use super::posted::{BODY_LIMIT, Posted};
use crate::values::{Unfit, UnfitDate};

/// The messages about one form, each at its field, in the order of the page.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    list: Vec<Problem>,
}

/// One message about one field.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The field it stands at.
    pub field: Cow<'static, str>,
    /// Which of the three boxes of a date it is about; empty for the whole field.
    pub part: &'static str,
    /// What is wrong and how to put it right.
    pub message: Cow<'static, str>,
}

impl Problem {
    /// The id of the input that the summary's link leads to. The day's box has the id of its field.
    pub fn target(&self) -> String {
        match self.part {
            "" | "day" => self.field.to_string(),
            part => format!("{}-{part}", self.field),
        }
    }
}

impl Errors {
    /// Adds a message at a field. The first message at a field stays, so that nobody reads two.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) {
        self.add_part(field, "", message);
    }

    /// Adds a message at one box of a date: "day", "month" or "year".
    pub fn add_part(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        part: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) {
        let field = field.into();
        if self.at(&field).is_none() {
            self.list.push(Problem {
                field,
                part,
                message: message.into(),
            });
        }
    }

    /// Keeps a parsed word, or its reason as the message at the field.
    pub fn keep<T>(&mut self, field: impl Into<Cow<'static, str>>, parsed: Result<T, Unfit>) -> Option<T> {
        parsed.map_err(|unfit| self.add(field, unfit.0)).ok()
    }

    /// Keeps a date, or the message at the box it is about.
    pub fn keep_date<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        parsed: Result<T, UnfitDate>,
    ) -> Option<T> {
        parsed
            .map_err(|wrong| self.add_part(field, wrong.part, wrong.unfit.0))
            .ok()
    }

    /// Parses what may be left empty: nothing typed is no word and no message.
    pub fn keep_if_given<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        typed: &str,
        parse: impl FnOnce(&str) -> Result<T, Unfit>,
    ) -> Option<T> {
        if typed.is_empty() {
            None
        } else {
            self.keep(field, parse(typed))
        }
    }

    /// Adds the messages about a later part of the page.
    pub fn extend(&mut self, later: Errors) {
        for problem in later.list {
            self.add_part(problem.field, problem.part, problem.message);
        }
    }

    /// Whether there is any message.
    pub fn any(&self) -> bool {
        !self.list.is_empty()
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All messages, in the order they were added.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// The message at this field.
    pub fn at(&self, field: &str) -> Option<&Problem> {
        self.list.iter().find(|problem| problem.field == field)
    }
}

/// A form as it is drawn: what was typed, and the messages about it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// What was typed, or what is stored and shown for changing.
    pub posted: Posted,
    /// What is wrong with it.
    pub errors: Errors,
}

impl Form {
    /// A form that was typed and has to be corrected.
    pub fn new(posted: Posted, errors: Errors) -> Self {
        Form { posted, errors }
    }

    /// A form nobody has typed into yet.
    pub fn blank() -> Self {
        Form::default()
    }

    /// What stands in the field.
    pub fn value(&self, field: impl AsRef<str>) -> &str {
        self.posted.one(field.as_ref())
    }

    /// Whether this choice is ticked.
    pub fn has(&self, field: impl AsRef<str>, value: impl AsRef<str>) -> bool {
        self.posted.has(field.as_ref(), value.as_ref())
    }

    /// The message at the field, or nothing.
    pub fn error(&self, field: impl AsRef<str>) -> &str {
        self.errors
            .at(field.as_ref())
            .map_or("", |problem| &problem.message)
    }

    /// What stands in one box of a date.
    pub fn date_part(&self, field: impl AsRef<str>, part: impl AsRef<str>) -> &str {
        self.posted.one(&format!("{}-{}", field.as_ref(), part.as_ref()))
    }

    /// Whether this box of a date has to be corrected.
    pub fn box_is_wrong(&self, field: impl AsRef<str>, part: impl AsRef<str>) -> bool {
        let part = part.as_ref();
        self.errors
            .at(field.as_ref())
            .is_some_and(|problem| problem.part.is_empty() || problem.part == part)
    }
}

/// One of the answers to choose from.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is posted.
    pub value: Cow<'static, str>,
    /// What the person reads.
    pub label: Cow<'static, str>,
    /// A line below the label; none if empty.
    pub hint: Cow<'static, str>,
    /// Whether the word "or" stands above it, as above "I do not know".
    pub after_or: bool,
}

impl Choice {
    /// A choice with its value and label.
    pub fn new(value: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Choice {
            value: value.into(),
            label: label.into(),
            ..Choice::default()
        }
    }

    /// Adds a line below the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Sets it apart from the choices above with the word "or".
    #[must_use]
    pub fn after_or(mut self) -> Self {
        self.after_or = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_message_at_a_field_stays() {
        let mut errors = Errors::default();
        errors.add_part("birth", "month", "Date of birth must include a month");
        errors.add("birth", "another");
        assert_eq!(errors.list().len(), 1);
        assert_eq!(errors.list()[0].target(), "birth-month");
        let form = Form::new(Posted::default(), errors);
        assert!(form.box_is_wrong("birth", "month") && !form.box_is_wrong("birth", "day"));
        assert_eq!(form.error("birth"), "Date of birth must include a month");
    }

    #[test]
    fn a_form_in_debug_shows_nothing_that_was_typed() {
        let form = Form::new(Posted::read(b"name=Zelda"), Errors::default());
        assert!(!format!("{form:?}").contains("Zelda"));
    }
}
