//! What earlier rules can have found at a rule's place, and the rules that ask there for what cannot be.

use std::collections::BTreeSet;
use std::sync::Arc;

use cel::Value;

use super::super::decision::Priority;
use super::super::grid::{Written, samples};
use super::super::rules::{Group, Rule, RuleSet};
use super::super::vocabulary::Kind;
use super::tried::Tried;
use super::{Key, Told};
use crate::config::ServiceName;

/// Whether a name is not a fact but what earlier rules found.
pub(super) fn is_found(name: &str) -> bool {
    matches!(name, "review" | "flags" | "priority" | "service" | "step")
}

/// Whether a rule can change what was found under this name.
fn changes(rule: &Rule, name: &str) -> bool {
    match name {
        "flags" => !rule.then.flags.is_empty(),
        "priority" => rule.then.priority.is_some(),
        "review" => rule.group.is_none() && rule.then.service == Some(ServiceName::Review),
        "service" => rule.group == Some(Group::Service),
        "step" => rule.group == Some(Group::Step),
        _ => false,
    }
}

/// The last rule above a place that could change what was found. Rules of the place's own group do not count: while
/// a rule of the group is asked, none above it in the group was applied.
pub(super) fn last_change(rules: &RuleSet, name: &str, place: usize) -> Option<usize> {
    above(rules, place)
        .filter(|(_, rule)| changes(rule, name))
        .map(|(at, _)| at)
        .last()
}

/// The rules above a place that can have been applied when its rule is asked.
fn above(rules: &RuleSet, place: usize) -> impl Iterator<Item = (usize, &Rule)> {
    let group = rules.rules.get(place).and_then(|rule| rule.group);
    let earlier = rules.rules.iter().enumerate().take(place);
    earlier.filter(move |(_, rule)| group.is_none() || rule.group != group)
}

/// What can have been found at a rule's place.
pub(super) struct Place<'r> {
    flags: BTreeSet<&'r str>,
    priorities: BTreeSet<Priority>,
    review: bool,
    services: BTreeSet<&'static str>,
    service_stands: bool,
    steps: BTreeSet<&'static str>,
    step_stands: bool,
}

impl<'r> Place<'r> {
    pub fn of(rules: &'r RuleSet, place: usize) -> Place<'r> {
        let mut found = Place {
            flags: BTreeSet::new(),
            priorities: BTreeSet::from([Priority::P4]),
            review: false,
            services: BTreeSet::new(),
            service_stands: false,
            steps: BTreeSet::new(),
            step_stands: false,
        };
        for (_, rule) in above(rules, place) {
            let then = &rule.then;
            found.flags.extend(then.flags.iter().map(String::as_str));
            found.priorities.extend(then.priority);
            match rule.group {
                None => found.review |= then.service == Some(ServiceName::Review),
                Some(Group::Service) => {
                    found.services.extend(then.service.map(ServiceName::as_str));
                    found.service_stands |= rule.condition.always;
                }
                Some(Group::Step) => {
                    found.steps.extend(then.step.map(|step| step.as_str()));
                    found.step_stands |= rule.condition.always;
                }
                Some(Group::Booking) => {}
            }
        }
        found
    }

    /// What can stand under a name here; none for a fact.
    pub fn values(&self, name: &str, written: &Written) -> Option<Vec<Value>> {
        let text = |word: &str| Value::String(Arc::new(word.to_owned()));
        let settled = |words: &BTreeSet<&'static str>, stands: bool| {
            let null = (!stands).then_some(Value::Null);
            null.into_iter()
                .chain(words.iter().map(|word| text(word)))
                .collect()
        };
        Some(match name {
            "review" if self.review => vec![Value::Bool(false), Value::Bool(true)],
            "review" => vec![Value::Bool(false)],
            "flags" => samples(Kind::Flags, written, &self.flags),
            "priority" => self
                .priorities
                .iter()
                .map(|priority| text(priority.as_str()))
                .collect(),
            "service" => settled(&self.services, self.service_stands),
            "step" => settled(&self.steps, self.step_stands),
            _ => return None,
        })
    }

    /// The words that stand for a settled choice here, if the name is one.
    fn settled(&self, name: &str) -> Option<&BTreeSet<&'static str>> {
        match name {
            "service" => Some(&self.services),
            "step" => Some(&self.steps),
            _ => None,
        }
    }
}

pub(super) fn check(tried: &Tried<'_>, told: &mut Told<'_>) {
    for (place, rule) in tried.places() {
        if let Some(message) = asks_in_vain(tried, place, rule) {
            told.add(rule, Key::When, message);
        }
    }
}

/// What a rule asks for that cannot be at its place, and what to do.
fn asks_in_vain(tried: &Tried<'_>, place: usize, rule: &Rule) -> Option<String> {
    let here = Place::of(tried.rules, place);
    for (name, word) in &rule.condition.written.compared {
        let Some(found) = here.settled(name) else {
            continue;
        };
        if found.contains(word.as_str()) {
            continue;
        }
        let setters = |at: usize, other: &Rule| at >= place && sets(other, name, word);
        let below = tried
            .places()
            .find(|(at, other)| setters(*at, other) && rule.group != other.group);
        if found.is_empty() {
            let last = tried
                .places()
                .filter(|(_, other)| other.group.is_some_and(|group| group.as_str() == name));
            let advice = match last.map(|(_, other)| other).next_back() {
                Some(last) if rule.group != last.group => format!("move this rule below {}", last.id),
                _ => format!("a rule of the group `{name}` may not ask for it"),
            };
            return Some(format!(
                "asks for `{name}` before any rule has chosen it, so it is null here: {advice}"
            ));
        }
        return Some(match below {
            Some((_, below)) => format!(
                "asks for {name} '{word}', which only {} below chooses: move this rule below {}",
                below.id, below.id
            ),
            None => format!("asks for {name} '{word}', which no rule chooses: take it out, or add the rule"),
        });
    }
    let asks_what_was_found = rule.names().iter().any(|name| is_found(name));
    if !asks_what_was_found || !tried.cases(place, 1).is_empty() {
        return None;
    }
    Some(match never_found(&here, rule) {
        Some(word) => match raised_below(tried, place, &word) {
            Some(below) => format!(
                "can never hold here: {word} is found only by {below} below. Move this rule below {below}"
            ),
            None => format!("can never hold: no rule above leads to {word}. Take it out, or add the rule"),
        },
        None => {
            "can never hold here: what it asks for together cannot be found by the rules above".to_owned()
        }
    })
}

fn sets(rule: &Rule, name: &str, word: &str) -> bool {
    let service = rule.then.service.map(ServiceName::as_str);
    let step = rule.then.step.map(|step| step.as_str());
    match (name, rule.group) {
        ("service", Some(Group::Service)) => service == Some(word),
        ("step", Some(Group::Step)) => step == Some(word),
        _ => false,
    }
}

/// The priority or the review that a condition asks for and that no rule above leads to.
fn never_found(here: &Place<'_>, rule: &Rule) -> Option<String> {
    let priorities = rule
        .condition
        .written
        .compared
        .iter()
        .filter(|(name, _)| name == "priority");
    let missing = priorities
        .map(|(_, word)| word)
        .find(|word| Priority::parse(word).is_some_and(|priority| !here.priorities.contains(&priority)));
    match missing {
        Some(word) => Some(format!("priority {word}")),
        None if rule.names().iter().any(|name| name == "review") && !here.review => Some("review".to_owned()),
        None => None,
    }
}

/// The first rule from this place on that leads to this priority, or to review.
fn raised_below(tried: &Tried<'_>, place: usize, word: &str) -> Option<String> {
    let priority = word.strip_prefix("priority ").and_then(Priority::parse);
    let leads = |rule: &Rule| match priority {
        Some(priority) => rule.then.priority == Some(priority),
        None => changes(rule, "review"),
    };
    let mut below = tried.places().filter(|(at, _)| *at > place);
    below
        .find(|(_, rule)| leads(rule))
        .map(|(_, rule)| rule.id.clone())
}
