//! Rules that remember what each condition said of the values it looked at, for deciding many times in a row. A
//! condition says the same of the same values, so that over a million referrals most answers are known already.

use std::collections::HashMap;
use std::sync::Arc;

use super::decision::{Settled, settle};
use super::facts::Facts;
use super::rules::{Rule, RuleSet};
use super::view::View;

/// So many different values are remembered for one condition; what comes after that is evaluated each time.
const MOST_REMEMBERED: usize = 1 << 16;

/// A set of rules with its memory.
pub struct Remembered {
    rules: Arc<RuleSet>,
    /// For each rule: the values it looked at, and what it said of them.
    said: Vec<HashMap<Box<[u8]>, bool>>,
    /// The values of the moment; kept, so that it is not made anew for each rule.
    values: Vec<u8>,
}

impl Remembered {
    /// These rules, with nothing remembered yet.
    pub fn new(rules: Arc<RuleSet>) -> Remembered {
        let said = rules.rules.iter().map(|_| HashMap::new()).collect();
        Remembered {
            rules,
            said,
            values: Vec::with_capacity(64),
        }
    }

    /// What the rules come to.
    pub(super) fn settle(&mut self, facts: &Facts) -> Settled<'_> {
        self.settle_without(facts, |_| false)
    }

    /// What the rules come to without those that are left out.
    pub(super) fn settle_without(
        &mut self,
        facts: &Facts,
        is_left_out: impl Fn(&Rule) -> bool,
    ) -> Settled<'_> {
        let Remembered { rules, said, values } = self;
        let holds = |place: usize, rule: &Rule, view: &View<'_>| match said.get_mut(place) {
            _ if is_left_out(rule) => Ok(false),
            Some(said) if !rule.condition.always => recall(rules, rule, view, said, values),
            Some(_) | None => rules.holds(rule, view),
        };
        settle(rules, facts, holds, |_, _, _| {})
    }
}

/// What the condition said before, or says now.
fn recall(
    rules: &RuleSet,
    rule: &Rule,
    view: &View<'_>,
    said: &mut HashMap<Box<[u8]>, bool>,
    values: &mut Vec<u8>,
) -> Result<bool, String> {
    values.clear();
    for name in rule.names() {
        view.write(name, values);
    }
    if let Some(holds) = said.get(values.as_slice()) {
        return Ok(*holds);
    }
    let holds = rules.holds(rule, view)?;
    if said.len() < MOST_REMEMBERED {
        said.insert(values.as_slice().into(), holds);
    }
    Ok(holds)
}

impl View<'_> {
    /// Appends the value behind a name so that two values never read alike.
    fn write(&self, name: &str, into: &mut Vec<u8>) {
        if let Some(truth) = self.truth(name) {
            return into.push(u8::from(truth));
        }
        if let Some(number) = self.number(name) {
            into.push(u8::from(number.is_some()));
            return into.extend_from_slice(&number.unwrap_or_default().to_le_bytes());
        }
        if let Some(word) = self.word(name) {
            return write_words(word, into);
        }
        match name {
            "ltc" => write_words(self.facts.ltc.iter().map(String::as_str), into),
            "flags" => write_words(self.found.flags.iter().copied(), into),
            "phq9" => write_items(self.facts.phq9.as_ref(), into),
            "gad7" => write_items(self.facts.gad7.as_ref(), into),
            // Conditions with any other name do not load.
            _ => {}
        }
    }
}

/// Each word with its length before it, and how many there are.
fn write_words<'w>(words: impl IntoIterator<Item = &'w str>, into: &mut Vec<u8>) {
    let start = into.len();
    into.push(0);
    let mut many: u8 = 0;
    for word in words {
        many = many.saturating_add(1);
        into.extend_from_slice(&word.len().to_le_bytes());
        into.extend_from_slice(word.as_bytes());
    }
    if let Some(first) = into.get_mut(start) {
        *first = many;
    }
}

/// Each answer, 255 for one that was skipped.
fn write_items<const N: usize>(items: Option<&[Option<u8>; N]>, into: &mut Vec<u8>) {
    into.push(u8::from(items.is_some()));
    into.extend(items.into_iter().flatten().map(|item| item.unwrap_or(u8::MAX)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::triage::decision::decide;
    use crate::triage::expectations::shipped;
    use crate::triage::promises::any_facts;

    /// One memory for all cases, so that most answers are remembered ones.
    fn with_memory(facts: &Facts) -> (String, String) {
        static KEPT: std::sync::Mutex<Option<Remembered>> = std::sync::Mutex::new(None);
        let mut kept = KEPT.lock().expect("a memory");
        let memory = kept.get_or_insert_with(|| Remembered::new(Arc::new(shipped())));
        let rules = memory.rules.clone();
        let settled = memory.settle(facts);
        let remembered = format!("{:?} {:?}", settled.outcome, settled.flags);
        let decision = decide(&rules, facts);
        let flags: std::collections::BTreeSet<&str> = decision.flags.iter().map(String::as_str).collect();
        (remembered, format!("{:?} {flags:?}", decision.outcome()))
    }

    proptest! {
        #[test]
        fn what_is_remembered_is_what_would_be_decided(facts in any_facts()) {
            let (remembered, decided) = with_memory(&facts);
            prop_assert_eq!(remembered, decided);
        }
    }

    #[test]
    fn lists_that_differ_never_read_alike() {
        let written = |words: &[&str]| {
            let mut into = Vec::new();
            write_words(words.iter().copied(), &mut into);
            into
        };
        assert_ne!(written(&["a", "b"]), written(&["ab"]));
        assert_ne!(written(&[]), written(&[""]));
        let items = |items: Option<[Option<u8>; 2]>| {
            let mut into = Vec::new();
            write_items(items.as_ref(), &mut into);
            into
        };
        assert_ne!(items(None), items(Some([None, None])));
        assert_ne!(items(Some([Some(0), None])), items(Some([None, Some(0)])));
    }

    #[test]
    fn a_condition_with_too_many_values_is_still_evaluated() {
        let mut memory = Remembered::new(Arc::new(shipped()));
        for said in &mut memory.said {
            for number in 0..MOST_REMEMBERED {
                said.insert(format!("never read {number}").into_bytes().into(), true);
            }
        }
        let facts = Facts::default();
        assert_eq!(
            memory.settle(&facts).outcome,
            decide(&shipped(), &facts).outcome()
        );
    }
}
