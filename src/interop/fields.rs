//! Reads the fields of one JSON object and collects everything that is wrong with them, each at its place. Pure.

use serde_json::{Map, Value};

use super::fault::{Fault, Pointer, clipped};
use crate::values::Unfit;
use crate::values::text::is_unneeded;

/// Most of what was sent that is kept beside a fault, in characters.
const TYPED: usize = 200;

/// One object with its place, and the faults found so far in the whole document.
pub(super) struct Fields<'a> {
    pairs: Option<&'a Map<String, Value>>,
    here: Pointer,
    faults: &'a mut Vec<Fault>,
}

/// What became of one field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kept<T> {
    /// Left out, null or empty.
    Absent,
    /// As it should be.
    Fit(T),
    /// As it was typed: a fault is noted.
    Unfit(String),
}

impl<T> Kept<T> {
    /// The value, if it is as it should be.
    pub fn fit(self) -> Option<T> {
        match self {
            Kept::Fit(value) => Some(value),
            Kept::Absent | Kept::Unfit(_) => None,
        }
    }

    /// The text of the value, or else what was typed.
    pub fn text(self, text: impl Fn(T) -> String) -> Option<String> {
        match self {
            Kept::Absent => None,
            Kept::Fit(value) => Some(text(value)),
            Kept::Unfit(typed) => Some(typed),
        }
    }

    /// Whether it is as it should be.
    pub fn is_fit(&self) -> bool {
        matches!(self, Kept::Fit(_))
    }
}

impl<'a> Fields<'a> {
    /// Opens an object that may hold these keys and no others. Something else than an object is a fault.
    pub fn open(value: &'a Value, here: Pointer, known: &[&str], faults: &'a mut Vec<Fault>) -> Self {
        let pairs = value.as_object();
        if pairs.is_none() {
            faults.push(Fault::at(here.clone(), "must be an object").with(typed(value)));
        }
        for (key, value) in pairs.into_iter().flatten() {
            if !known.contains(&key.as_str()) {
                let told = format!("is not known here; known are {}", known.join(", "));
                faults.push(Fault::at(here.then(key), told).with(typed(value)));
            }
        }
        Self { pairs, here, faults }
    }

    /// An object below this one; a fault is noted if it is missing and `required`.
    pub fn below(&mut self, key: &str, known: &[&str], required: bool) -> Fields<'_> {
        let place = self.here.then(key);
        match self.value(key) {
            Some(value) => Fields::open(value, place, known, self.faults),
            None => {
                if required && self.pairs.is_some() {
                    self.faults.push(Fault::at(place.clone(), "is missing"));
                }
                Fields {
                    pairs: None,
                    here: place,
                    faults: self.faults,
                }
            }
        }
    }

    /// The value of a key, unless it is left out or null.
    pub fn value(&self, key: &str) -> Option<&'a Value> {
        self.pairs?.get(key).filter(|value| !value.is_null())
    }

    /// Notes a fault at a key of this object.
    pub fn fault(&mut self, key: &str, detail: impl Into<String>) {
        let sent = self.value(key).and_then(typed);
        self.faults
            .push(Fault::at(self.here.then(key), detail).with(sent));
    }

    /// Notes that a key is left out, unless the whole object is missing, which was told already.
    pub fn missing(&mut self, key: &str) {
        if self.pairs.is_some() {
            self.fault(key, "is missing");
        }
    }

    /// A text, parsed. Empty counts as left out.
    pub fn word<T>(&mut self, key: &str, parse: impl Fn(&str) -> Result<T, Unfit>) -> Kept<T> {
        let Some(value) = self.value(key) else {
            return Kept::Absent;
        };
        let read = match value.as_str() {
            Some(text) if text.trim().is_empty() => return Kept::Absent,
            Some(text) => parse(text).map_err(|unfit| unfit.to_string()),
            None => Err("must be text".to_owned()),
        };
        read.map_or_else(
            |wrong| {
                self.fault(key, wrong);
                typed(value).map_or(Kept::Absent, Kept::Unfit)
            },
            Kept::Fit,
        )
    }

    /// A text that has to be there.
    pub fn required<T>(&mut self, key: &str, parse: impl Fn(&str) -> Result<T, Unfit>) -> Kept<T> {
        let read = self.word(key, parse);
        if matches!(read, Kept::Absent) {
            self.missing(key);
        }
        read
    }

    /// True or false; `None` when it is left out or something else.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        if !value.is_boolean() {
            self.fault(key, "must be true or false");
        }
        value.as_bool()
    }

    /// A list of texts, at most `most`; those that are not as they should be are kept as typed.
    pub fn lines(
        &mut self,
        key: &str,
        most: usize,
        parse: impl Fn(&str) -> Result<String, Unfit>,
    ) -> Vec<String> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(given) = value.as_array() else {
            self.fault(key, format!("must be a list of at most {most} texts"));
            return typed(value).into_iter().collect();
        };
        if given.len() > most {
            self.fault(
                key,
                format!("must be a list of at most {most} texts, and has {}", given.len()),
            );
        }
        let mut lines = Vec::new();
        for (index, item) in given.iter().take(most).enumerate() {
            let read = match item.as_str() {
                Some(text) if text.trim().is_empty() => continue,
                Some(text) => parse(text).map_err(|unfit| unfit.to_string()),
                None => Err("must be text".to_owned()),
            };
            lines.push(read.unwrap_or_else(|wrong| {
                let place = self.here.then(key).then(index);
                self.faults.push(Fault::at(place, wrong).with(typed(item)));
                typed(item).unwrap_or_default()
            }));
        }
        lines
    }
}

/// What was sent, as far as it fits one line.
pub(super) fn typed(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(clipped(text.trim(), TYPED)),
        other => Some(clipped(&other.to_string(), TYPED)),
    }
    .filter(|text| !text.is_empty())
}

/// Reads plain text on one line, of at most `most` characters, for people to read.
pub(super) fn plain(text: &str, most: usize) -> Result<String, Unfit> {
    let seen: String = text.chars().filter(|letter| !is_unneeded(*letter)).collect();
    let text = seen.trim();
    if text.chars().any(char::is_control) {
        return Err(Unfit::because("must be one line, without control characters"));
    }
    match text.chars().nth(most) {
        Some(_) => Err(Unfit(format!("must be {most} characters or fewer").into())),
        None => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(faults: &[Fault]) -> Vec<String> {
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_at_its_place() {
        let body = json!({"name": 7, "ok": "yes", "lines": ["a", 1, "b\u{0}"], "nme": "x", "none": null, "empty": " "});
        let mut faults = Vec::new();
        let known = ["name", "ok", "lines", "none", "empty"];
        let mut fields = Fields::open(&body, Pointer::to(["p"]), &known, &mut faults);
        let short = |text: &str| plain(text, 5);
        assert_eq!(fields.word("name", short), Kept::Unfit("7".to_owned()));
        assert_eq!(fields.flag("ok"), None);
        assert_eq!(fields.lines("lines", 4, short), ["a", "1", "b "]);
        assert_eq!(fields.word("none", short), Kept::Absent);
        assert_eq!(fields.required("empty", short), Kept::Absent);
        assert_eq!(
            told(&faults),
            [
                "/p/nme is not known here; known are name, ok, lines, none, empty",
                "/p/name must be text",
                "/p/ok must be true or false",
                "/p/lines/1 must be text",
                "/p/lines/2 must be one line, without control characters",
                "/p/empty is missing",
            ]
        );
    }

    #[test]
    fn what_is_no_object_is_told_once() {
        let mut faults = Vec::new();
        let body = json!({"patient": [1]});
        let mut fields = Fields::open(&body, Pointer::default(), &["patient", "other"], &mut faults);
        let name = |text: &str| plain(text, 5);
        assert_eq!(
            fields.below("patient", &["name"], true).required("name", name),
            Kept::Absent
        );
        assert_eq!(
            fields.below("other", &["name"], true).required("name", name),
            Kept::Absent
        );
        assert_eq!(told(&faults), ["/patient must be an object", "/other is missing"]);
    }
}
