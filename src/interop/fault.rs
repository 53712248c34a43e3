//! What is wrong with one place of a document, and where that is: a JSON pointer (RFC 6901).

use std::fmt;

use serde::{Serialize, Serializer};

/// A place in a document. Empty: the whole of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pointer(Vec<String>);

impl Pointer {
    /// The place that the steps lead to, from the top.
    pub fn to<const N: usize>(steps: [&str; N]) -> Self {
        Self(steps.iter().map(|step| clipped(step, LONGEST_STEP)).collect())
    }

    /// The place one step below this one.
    pub fn then(&self, step: impl fmt::Display) -> Self {
        let mut longer = self.clone();
        longer.enter(step);
        longer
    }

    /// Goes one step down.
    pub fn enter(&mut self, step: impl fmt::Display) {
        self.0.push(clipped(&step.to_string(), LONGEST_STEP));
    }

    /// Goes one step up.
    pub fn leave(&mut self) {
        self.0.pop();
    }

    /// How many steps lead here.
    pub fn depth(&self) -> usize {
        self.0.len()
    }

    /// The steps, from the top.
    pub fn steps(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|step| write!(f, "/{}", step.replace('~', "~0").replace('/', "~1")))
    }
}

impl Serialize for Pointer {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// What is wrong at a place. What was sent there is kept apart from the words about it: only the sender and,
/// with a worrying answer, the triage team see it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(super) struct Fault {
    /// Where.
    pub pointer: Pointer,
    /// What is wrong and what would be right.
    pub detail: String,
    /// What was sent there, clipped.
    #[serde(skip)]
    pub typed: Option<String>,
}

impl Fault {
    /// A fault at a place.
    pub fn at(pointer: Pointer, detail: impl Into<String>) -> Self {
        Self {
            pointer,
            detail: detail.into(),
            typed: None,
        }
    }

    /// The same fault with what was sent.
    pub fn with(self, typed: impl Into<Option<String>>) -> Self {
        Self {
            typed: typed.into(),
            ..self
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.pointer, self.detail)
    }
}

/// Longest key repeated in a pointer, in characters.
const LONGEST_STEP: usize = 60;

/// At most so many characters of a text, on one line, with a sign that something is missing.
pub(super) fn clipped(text: &str, most: usize) -> String {
    let mut short: String = text
        .chars()
        .take(most)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if text.chars().nth(most).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_written_as_rfc_6901_says() {
        assert_eq!(Pointer::default().to_string(), "");
        let place = Pointer::to(["patient", "a/b"]).then("m~n").then(0);
        assert_eq!(place.to_string(), "/patient/a~1b/m~0n/0");
        assert_eq!(place.steps(), ["patient", "a/b", "m~n", "0"]);
    }

    #[test]
    fn a_long_key_is_not_repeated_whole() {
        let place = Pointer::to([&"k".repeat(5000)]);
        assert!(place.to_string().chars().count() < 70);
        assert_eq!(clipped("a\nb", 5), "a b");
    }
}
