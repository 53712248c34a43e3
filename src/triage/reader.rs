//! One JSON value under its key: read as what the key wants, or refused with the key named.

use serde_json::Value;

use super::reading::FactError;
use crate::questionnaire::{CrisisNow, checked, limits};

/// Longest list of conditions, and longest name of one, in characters.
const LTC_MOST: usize = 20;
const LTC_NAME: usize = 50;

/// One value under its key.
pub(super) struct Reader<'a> {
    /// The key.
    pub key: &'a str,
    /// What stands under it.
    pub value: &'a Value,
}

impl<'a> Reader<'a> {
    fn wrong(&self, want: &str) -> FactError {
        let (key, shown) = (self.key, clipped(&self.value.to_string()));
        FactError::at(key, format!("`{key}` must be {want}, not {shown}"))
    }

    pub fn or_null<T>(&self, read: impl Fn(&Self) -> Result<T, FactError>) -> Result<Option<T>, FactError> {
        if self.value.is_null() {
            Ok(None)
        } else {
            read(self).map(Some)
        }
    }

    pub fn flag(&self) -> Result<bool, FactError> {
        self.value.as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    pub fn number<T: TryFrom<i64>>(&self, least: i64, most: i64) -> Result<T, FactError> {
        let fit = self.value.as_i64().filter(|n| (least..=most).contains(n));
        fit.and_then(|n| T::try_from(n).ok())
            .ok_or_else(|| self.wrong(&format!("a whole number from {least} to {most}")))
    }

    pub fn choice<T: Copy>(&self, all: &[T], word: impl Fn(T) -> &'static str) -> Result<T, FactError> {
        let found = self
            .value
            .as_str()
            .and_then(|text| all.iter().copied().find(|choice| word(*choice) == text));
        found.ok_or_else(|| {
            let words: Vec<&str> = all.iter().map(|choice| word(*choice)).collect();
            self.wrong(&format!("one of {}", words.join(", ")))
        })
    }

    pub fn crisis(&self) -> Result<CrisisNow, FactError> {
        let found = self.value.as_str().and_then(CrisisNow::from_key);
        found.ok_or_else(|| self.wrong("one of yes, no, prefer_not, not_asked"))
    }

    pub fn items<const N: usize>(&self, highest: u8) -> Result<[Option<u8>; N], FactError> {
        let list = format!("a list of {N} whole numbers from 0 to {highest}, with null for a skipped item");
        let given = self.value.as_array().ok_or_else(|| self.wrong(&list))?;
        let mut numbers = Vec::with_capacity(N);
        for item in given.iter().take(N + 1) {
            match item {
                Value::Null => numbers.push(None),
                other => numbers.push(Some(other.as_i64().ok_or_else(|| self.wrong(&list))?)),
            }
        }
        checked::<N>(&numbers, highest).map_err(|wrong| {
            let key = self.key;
            match given.len() {
                n if n == N => FactError::at(key, format!("`{key}` {wrong}")),
                n => FactError::at(key, format!("`{key}` must have {N} items and has {n}")),
            }
        })
    }

    pub fn names(&self) -> Result<Vec<String>, FactError> {
        let want = "a list of names of long-term conditions, such as back_pain";
        let given = self.value.as_array().ok_or_else(|| self.wrong(want))?;
        if given.len() > LTC_MOST {
            return Err(self.wrong(&format!("{want}, at most {LTC_MOST}")));
        }
        let fit = |name: &&str| {
            !name.trim().is_empty() && name.chars().count() <= LTC_NAME && !name.chars().any(char::is_control)
        };
        let one = |item: &Value| {
            item.as_str()
                .filter(fit)
                .map(str::to_owned)
                .ok_or_else(|| self.wrong(want))
        };
        given.iter().map(one).collect()
    }

    pub fn language(&self) -> Result<String, FactError> {
        let code = self.value.as_str().filter(|code| is_language_code(code));
        code.map(str::to_owned)
            .ok_or_else(|| self.wrong("a language code such as ur or pt-BR, or null"))
    }
}

/// Whether this has the form of a language code (BCP 47): two to eight letters, then parts of letters and digits.
pub(super) fn is_language_code(code: &str) -> bool {
    let part = |(index, part): (usize, &str)| {
        (1..=8).contains(&part.len())
            && match index {
                0 => part.len() >= 2 && part.bytes().all(|b| b.is_ascii_alphabetic()),
                _ => part.bytes().all(|b| b.is_ascii_alphanumeric()),
            }
    };
    code.len() <= limits::LANGUAGE_CODE && code.split('-').enumerate().all(part)
}

/// At most 60 characters of what was given, so that an error stays readable.
pub(super) fn clipped(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
