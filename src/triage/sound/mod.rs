//! Whether rules that can be evaluated may come into force. Receives a read rules file, decides whether each rule can
//! ever speak, whether a safety rule could be shadowed, whether a priority could be lowered, whether anybody could
//! book over a flag, and whether what must be urgent comes out so. Hands on every fault, with what to do about it.
//! Never changes a rule.

mod booking;
mod floor;
mod groups;
mod places;
mod priorities;
mod probe;
mod safety;
mod tried;
mod wording;

use super::rules::{Rule, RuleSet};
use super::rules_file::RulesError;
use probe::Probe;
use tried::Tried;

/// Names the file in faults.
struct Told<'f> {
    file: &'f str,
    faults: Vec<RulesError>,
}

impl Told<'_> {
    /// Adds what is wrong with one key of a rule.
    fn add(&mut self, rule: &Rule, key: Key, message: impl Into<String>) {
        let (word, line) = match key {
            Key::Group => ("group", rule.lines.id),
            Key::When => ("when", rule.lines.when),
            Key::Then => ("then", rule.lines.then),
            Key::Text => ("text", rule.lines.text),
        };
        self.faults.push(RulesError {
            file: self.file.to_owned(),
            line,
            rule: Some(rule.id.clone()),
            key: Some(word.to_owned()),
            message: message.into(),
        });
    }
}

/// A key of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Group,
    When,
    Then,
    Text,
}

/// All that keeps these rules from coming into force, in the order of the file.
pub(super) fn examine(rules: &RuleSet, file: &str, text: &str) -> Vec<RulesError> {
    let mut told = Told {
        file,
        faults: Vec::new(),
    };
    let tried = Tried::over(rules);
    wording::check(rules, &mut told);
    places::check(&tried, &mut told);
    groups::check(&tried, &mut told);
    safety::check(&tried, &mut told);
    priorities::check(&tried, &mut told);
    let probe = Probe::of(rules, &tried);
    booking::check(&probe, &mut told);
    floor::check(&probe, text.lines().count(), &mut told);
    told.faults.sort_by_key(|fault| fault.line);
    told.faults
}

#[cfg(test)]
#[path = "sound_tests.rs"]
mod tests;
