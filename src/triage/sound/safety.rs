//! A safety rule speaks whatever else is so: it stands in no group, looks at no other rule's finding, and at no fact
//! that has nothing to do with safety, unless it only adds to a safety rule that stands by itself.

use super::super::decision::Priority;
use super::super::meaning::is_safety_flag;
use super::super::rules::Rule;
use super::groups::covered;
use super::places::is_found;
use super::tried::Tried;
use super::{Key, Told};

/// The facts that are about somebody's safety by themselves (domain facts, section 4, A1 to A10).
const SAFETY_FACTS: [&str; 10] = [
    "crisis_now",
    "keep_safe",
    "phq9",
    "phq9_started",
    "item9",
    "harm_to_others",
    "safeguarding",
    "free_text_risk",
    "psychosis_mania",
    "spine_red_flag",
];

/// Whether a rule is there for somebody's safety: it raises such a flag, or P1 or P2.
pub(super) fn is_safety_rule(rule: &Rule) -> bool {
    rule.then.flags.iter().any(|flag| is_safety_flag(flag))
        || rule
            .then
            .priority
            .is_some_and(|priority| priority <= Priority::P2)
}

fn is_safety_fact(name: &str) -> bool {
    SAFETY_FACTS.contains(&name)
}

/// Whether it is a safety rule that nothing can switch off.
fn stands_by_itself(rule: &Rule) -> bool {
    is_safety_rule(rule) && rule.group.is_none() && rule.names().iter().all(|name| is_safety_fact(name))
}

/// What the rule does for somebody's safety, in words.
fn does(rule: &Rule) -> String {
    let flag = rule.then.flags.iter().find(|flag| is_safety_flag(flag));
    match (flag, rule.then.priority) {
        (Some(flag), _) => format!("raises the safety flag {flag}"),
        (None, Some(priority)) => format!("raises the priority to {}", priority.as_str()),
        (None, None) => "is a safety rule".to_owned(),
    }
}

pub(super) fn check(tried: &Tried<'_>, told: &mut Told<'_>) {
    for (place, rule) in tried.places().filter(|(_, rule)| is_safety_rule(rule)) {
        if let Some(group) = rule.group {
            let message = format!(
                "{}, but stands in the group `{}`, of which only the first that holds is applied: a rule above it could \
                 silence it. Make it a rule of its own, outside the group",
                does(rule),
                group.as_str()
            );
            told.add(rule, Key::Group, message);
            continue;
        }
        if let Some(name) = rule.names().iter().find(|name| is_found(name)) {
            let message = format!(
                "{}, but asks for `{name}`, which hangs on other rules. Ask for the fact itself, as A1 to A12 do",
                does(rule)
            );
            told.add(rule, Key::When, message);
            continue;
        }
        let other = rule.names().iter().find(|name| !is_safety_fact(name));
        let about_safety = rule.names().iter().any(|name| is_safety_fact(name));
        if let Some(other) = other.filter(|_| about_safety)
            && !only_adds(tried, place)
        {
            let message = format!(
                "{}, but `{other}` could switch it off. Take `{other}` out, or add a rule that speaks without it",
                does(rule)
            );
            told.add(rule, Key::When, message);
        }
    }
}

/// Whether, whenever this holds, a safety rule that nothing can switch off holds too.
fn only_adds(tried: &Tried<'_>, place: usize) -> bool {
    let others = tried
        .places()
        .filter(|(at, other)| *at != place && stands_by_itself(other));
    let others: Vec<usize> = others.map(|(at, _)| at).collect();
    covered(tried, place, &others).is_some()
}
