//! The words that are always looked for, whatever a locality lists. A locality may add to them and takes none away.
//!
//! Source: compiled for this program from the wording of PHQ-9 item 9 and of our own pages, from the sentences of a
//! clinical review, and from how people speak and misspell. English only. It is no validated scale; the clinical lead
//! confirms it. What it finds, and what it raises in vain, is held by the two lists of sentences in `sentences/`.

#[macro_use]
mod groups;
mod oneself;
mod others;

use std::sync::OnceLock;

use oneself::{ENDING_LIFE, NO_REASON_TO_LIVE, NOT_SAFE, SELF_HARM, SUICIDE, WISH_TO_DIE};
use others::HARM_TO_OTHERS;

use super::cause::RiskCause;
use super::pattern::{Pattern, Patterns};
use super::token::tokens;

/// What is looked for, by cause. The notation stands in `pattern.rs`; "myself" is also himself, herself, themselves.
const PATTERNS: [(RiskCause, &[&str]); 7] = [
    (RiskCause::Suicide, SUICIDE),
    (RiskCause::EndingLife, ENDING_LIFE),
    (RiskCause::WishToDie, WISH_TO_DIE),
    (RiskCause::NoReasonToLive, NO_REASON_TO_LIVE),
    (RiskCause::SelfHarm, SELF_HARM),
    (RiskCause::NotSafe, NOT_SAFE),
    (RiskCause::HarmToOthers, HARM_TO_OTHERS),
];

/// What every list of a locality should find by itself: the form's own words and the commonest others, in every cause.
/// `doctor` names those that a list would not.
pub const PHRASES: [&str; 52] = [
    "suicide",
    "suicidal",
    "suicidle",
    "suiside",
    "suicde",
    "commit suicide",
    "ending my life",
    "end my life",
    "end it all",
    "take my own life",
    "taking my own life",
    "took my own life",
    "kill myself",
    "killing myself",
    "killed myself",
    "hang myself",
    "hanging myself",
    "overdose",
    "overdosed",
    "jump off a bridge",
    "do away with myself",
    "want to die",
    "wanted to die",
    "wish I was dead",
    "wish I were dead",
    "better off dead",
    "rather be dead",
    "don't want to live",
    "do not want to live",
    "don't want to be here",
    "don't want to be alive",
    "hope I never wake up",
    "no reason to live",
    "nothing to live for",
    "not worth living",
    "can't go on",
    "cannot go on",
    "better off without me",
    "self harm",
    "self-harming",
    "harm myself",
    "harming myself",
    "hurting myself",
    "cut myself",
    "cutting myself",
    "can't keep myself safe",
    "kill someone",
    "killing someone",
    "want to hurt someone",
    "thoughts of hurting someone",
    "harming others",
    "harming someone else",
];

/// The floor, read once.
pub(super) fn patterns() -> &'static Patterns<RiskCause> {
    static READ: OnceLock<Patterns<RiskCause>> = OnceLock::new();
    READ.get_or_init(|| {
        let all = PATTERNS
            .into_iter()
            .flat_map(|(cause, written)| written.iter().map(move |written| (cause, Pattern::read(written))));
        Patterns::new(all)
    })
}

/// The phrases that a locality's own list would not find. They are looked for all the same.
pub fn missing_from_floor(words: &[String]) -> Vec<&'static str> {
    let own = Patterns::new(words.iter().map(|written| ((), Pattern::read(written))));
    let finds = |phrase: &str| !own.find(&tokens(phrase)).is_empty();
    PHRASES.into_iter().filter(|phrase| !finds(phrase)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Locality;

    #[test]
    fn the_shipped_list_finds_every_phrase_by_itself() {
        let shipped = Locality::example().expect("a locality").risk_words;
        assert_eq!(missing_from_floor(&shipped), [""; 0]);
    }

    #[test]
    fn a_list_that_lacks_something_is_told_what() {
        let short = ["suicid*", "kill* myself"].map(String::from);
        let missing = missing_from_floor(&short);
        assert!(missing.contains(&"suiside") && missing.contains(&"harming someone else"));
        assert!(!missing.contains(&"suicidal") && !missing.contains(&"killing myself"));
        assert_eq!(missing_from_floor(&[]).len(), PHRASES.len());
    }

    #[test]
    fn every_phrase_is_found_without_any_list() {
        let silent: Vec<&str> = PHRASES
            .into_iter()
            .filter(|phrase| patterns().find(&tokens(phrase)).is_empty())
            .collect();
        assert_eq!(silent, [""; 0]);
    }

    #[test]
    fn every_pattern_can_find_something() {
        for (cause, written) in PATTERNS {
            for pattern in written {
                assert!(!Pattern::read(pattern).is_empty(), "{cause:?}: {pattern}");
            }
        }
    }
}
