//! What a physio suggests help with when making an electronic slip: one of the locality's long-term conditions. It
//! stands on the slip, which knows no patient; the patient sees it and may change it.

use crate::values::Unfit;

/// A condition of the locality's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint(String);

impl Hint {
    /// Reads what was chosen: nothing is fine, anything else must be `listed`.
    pub fn parse(typed: &str, listed: &[String]) -> Result<Option<Self>, Unfit> {
        if matches!(typed, "" | "none") {
            return Ok(None);
        }
        let found = listed.iter().find(|key| *key == typed);
        found
            .map(|key| Some(Hint(key.clone())))
            .ok_or(Unfit::because("Select what you suggest, or “Nothing”"))
    }

    /// The key of the condition.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key as a physio reads it: "Back pain".
pub(super) fn words(key: &str) -> String {
    let spaced = key.replace('_', " ");
    let mut letters = spaced.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_locality_lists_is_suggested() {
        let listed = ["back_pain".to_owned(), "sciatica".to_owned()];
        let parse = |typed| Hint::parse(typed, &listed);
        assert_eq!((parse("none"), parse("")), (Ok(None), Ok(None)));
        assert_eq!(parse("back_pain"), Ok(Some(Hint("back_pain".to_owned()))));
        for wrong in ["Back pain", "depression", "sciatica "] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_key_is_read_as_words() {
        assert_eq!(words("back_pain"), "Back pain");
        assert_eq!(words(""), "");
    }
}
