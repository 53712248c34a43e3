//! Rules as a page shows them: in sections, each rule in sentences, and what changed beside what was before.

use super::super::difference::{Change, differences};
use super::super::prose::{Said, condition_said, effect_said};
use super::super::rules::{Rule, RuleSet};

/// A rule in sentences.
pub(super) struct RuleShown {
    pub id: String,
    /// "service", where the rule is one of several of which the first that holds is applied.
    pub group: &'static str,
    /// What begins the condition: "If", "If any of these is so:", "In every other case".
    pub begins: &'static str,
    /// The parts of the condition; one stands in the same sentence.
    pub parts: Vec<String>,
    /// The condition as written, where there are no words for it.
    pub written: String,
    pub effects: Vec<String>,
    pub text: String,
    pub source: String,
}

impl RuleShown {
    pub fn of(rule: &Rule) -> RuleShown {
        let (begins, parts, written) = match condition_said(rule) {
            Said::Always => ("In every other case", Vec::new(), String::new()),
            Said::One(one) => ("If", vec![one], String::new()),
            Said::Any(any) => ("If any of these is so:", any, String::new()),
            Said::All(all) => ("If all of these are so:", all, String::new()),
            Said::AsWritten(written) => ("If, as written:", Vec::new(), written),
        };
        RuleShown {
            id: rule.id.clone(),
            group: rule.group.map_or("", |group| group.as_str()),
            begins,
            parts,
            written,
            effects: effect_said(rule),
            text: rule.text.clone(),
            source: rule.source.clone(),
        }
    }

    /// The condition in one sentence, where it has one part.
    pub fn sentence(&self) -> String {
        match self.parts.as_slice() {
            [one] => format!("{} {one}", self.begins),
            _ => self.begins.to_owned(),
        }
    }
}

/// Rules that belong together.
pub(super) struct Section {
    /// "A. Safety".
    pub heading: String,
    /// The heading's id on the page.
    pub anchor: String,
    pub rules: Vec<RuleShown>,
}

/// The rules in sections, by the letter of their ids, under the headings of their file.
pub(super) fn sections(rules: &RuleSet, text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for rule in &rules.rules {
        let letter = rule.id.get(..1).unwrap_or_default();
        let anchor = format!("rules-{letter}");
        match sections.iter_mut().find(|section| section.anchor == anchor) {
            Some(section) => section.rules.push(RuleShown::of(rule)),
            None => sections.push(Section {
                heading: heading(text, letter),
                anchor,
                rules: vec![RuleShown::of(rule)],
            }),
        }
    }
    sections
}

/// What the file calls a section: `# --- A. Safety ---`.
fn heading(text: &str, letter: &str) -> String {
    let lines = text.lines().filter_map(|line| line.strip_prefix("# --- "));
    let named = lines.map(|line| line.trim_end_matches(['-', ' '])).find(|line| {
        line.strip_prefix(letter)
            .is_some_and(|rest| rest.starts_with(". "))
    });
    named.map_or_else(|| format!("{letter}. Rules"), str::to_owned)
}

/// A rule that differs from the version before.
pub(super) struct ChangeShown {
    pub id: String,
    /// "Changed".
    pub what: &'static str,
    pub colour: &'static str,
    pub before: Option<RuleShown>,
    pub after: Option<RuleShown>,
}

/// Every rule that differs.
pub(super) fn changes(before: &RuleSet, after: &RuleSet) -> Vec<ChangeShown> {
    let show = |change: &Change<'_>| {
        let (what, colour, old, new) = match change {
            Change::Added(rule) => ("Added", "green", None, Some(*rule)),
            Change::TakenOut(rule) => ("Taken out", "red", Some(*rule), None),
            Change::Changed(old, new) => ("Changed", "orange", Some(*old), Some(*new)),
            Change::Moved(rule) => ("Moved to another place", "grey", None, Some(*rule)),
        };
        ChangeShown {
            id: change.id().to_owned(),
            what,
            colour,
            before: old.map(RuleShown::of),
            after: new.map(RuleShown::of),
        }
    };
    differences(before, after).iter().map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::DEFAULT_RULES;

    #[test]
    fn the_sections_are_those_of_the_file() {
        let rules = RuleSet::shipped(&[]).unwrap_or_else(|wrong| panic!("{wrong}"));
        let sections = sections(&rules, DEFAULT_RULES);
        let headings: Vec<&str> = sections.iter().map(|section| section.heading.as_str()).collect();
        assert_eq!(
            headings,
            [
                "A. Safety",
                "B. Eligibility: a person reviews; never an automatic refusal",
                "C. Service: first match",
                "D. Step: first match, then labels",
                "E. Other",
                "F. Self-booking: first match",
            ]
        );
        assert_eq!(
            sections.iter().map(|section| section.rules.len()).sum::<usize>(),
            49
        );
        assert_eq!(heading("", "G"), "G. Rules");
    }
}
