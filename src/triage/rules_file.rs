//! A rules file as written: every rule is checked, and an error names file, line, rule and key, and what to do.

use std::collections::BTreeSet;
use std::sync::Arc;

use cel::Env;
use serde::Deserialize;
use toml::Spanned;

use super::condition::Condition;
use super::rules::{Effect, Group, Rule};
use crate::config::ServiceName;

/// What is wrong with a rules file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{file}, line {line}{}{}: {message}",
    told(", rule ", rule),
    told(", key ", key)
)]
pub struct RulesError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule's id, where one is at fault.
    pub rule: Option<String>,
    /// The key, where one is at fault.
    pub key: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}

fn told(before: &str, what: &Option<String>) -> String {
    what.as_ref()
        .map(|what| format!("{before}{what}"))
        .unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub format: u32,
    pub name: String,
    pub status: String,
    pub rule: Vec<Spanned<RawRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    id: Spanned<String>,
    group: Option<Group>,
    when: Spanned<String>,
    then: Spanned<Effect>,
    text: Spanned<String>,
    source: Spanned<String>,
}

/// The text being read, for errors that name the line.
pub(super) struct Page<'t> {
    pub file: &'t str,
    pub text: &'t str,
}

impl Page<'_> {
    pub fn fault(
        &self,
        at: usize,
        rule: Option<&str>,
        key: Option<&str>,
        message: impl Into<String>,
    ) -> RulesError {
        let before = self.text.as_bytes().iter().take(at);
        RulesError {
            file: self.file.to_owned(),
            line: before.filter(|byte| **byte == b'\n').count() + 1,
            rule: rule.map(str::to_owned),
            key: key.map(str::to_owned),
            message: message.into(),
        }
    }

    /// Checks every rule and that each group ends.
    pub fn rules(&self, raw: Vec<Spanned<RawRule>>, env: &Arc<Env>) -> Result<Vec<Rule>, RulesError> {
        let mut rules: Vec<Rule> = Vec::with_capacity(raw.len());
        let mut last = self.text.len();
        for one in raw {
            last = one.span().start;
            let rule = self.rule(one.into_inner(), &rules, env)?;
            rules.push(rule);
        }
        for group in Group::ALL {
            if !rules
                .iter()
                .any(|rule| rule.group == Some(group) && rule.condition.always)
            {
                let word = group.as_str();
                let message = format!("the group `{word}` must end with a rule whose `when` is \"true\"");
                return Err(self.fault(last, None, Some("group"), message));
            }
        }
        Ok(rules)
    }

    fn rule(&self, raw: RawRule, before: &[Rule], env: &Arc<Env>) -> Result<Rule, RulesError> {
        let id = raw.id.get_ref().clone();
        let fault = |at: usize, key, message: String| Err(self.fault(at, Some(&id), Some(key), message));
        if !is_rule_id(&id) {
            return fault(
                raw.id.span().start,
                "id",
                "must be a capital letter and a number, such as A1".into(),
            );
        }
        if before.iter().any(|other| other.id == id) {
            return fault(
                raw.id.span().start,
                "id",
                "stands twice: give the second rule its own id".into(),
            );
        }
        if let Some(group) = raw.group
            && before
                .iter()
                .any(|other| other.group == raw.group && other.condition.always)
        {
            let message = format!(
                "can never be reached: the group `{}` has ended above",
                group.as_str()
            );
            return fault(raw.id.span().start, "group", message);
        }
        for (key, text) in [("text", &raw.text), ("source", &raw.source)] {
            if text.get_ref().trim().is_empty() {
                return fault(text.span().start, key, "must not be empty".into());
            }
        }
        if let Err(message) = check_effect(raw.group, raw.then.get_ref()) {
            return fault(raw.then.span().start, "then", message);
        }
        let raised: BTreeSet<&str> = before
            .iter()
            .flat_map(|rule| &rule.then.flags)
            .map(String::as_str)
            .collect();
        let when = raw.when.get_ref();
        match Condition::parse(when, &raised, env) {
            Err(message) => fault(raw.when.span().start, "when", message),
            Ok(condition) => Ok(Rule {
                group: raw.group,
                when: when.clone(),
                condition,
                then: raw.then.into_inner(),
                text: raw.text.into_inner(),
                source: raw.source.into_inner(),
                id,
            }),
        }
    }
}

fn is_rule_id(id: &str) -> bool {
    let mut letters = id.chars();
    let number = letters.as_str().get(1..).unwrap_or_default();
    letters.next().is_some_and(|first| first.is_ascii_uppercase())
        && (1..=3).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A rule sets what its group is for; outside a group it may only ask for review, raise flags and the priority.
fn check_effect(group: Option<Group>, then: &Effect) -> Result<(), String> {
    let fit = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if let Some(flag) = then
        .flags
        .iter()
        .find(|flag| !flag.starts_with(|c: char| c.is_ascii_uppercase()) || !flag.chars().all(fit))
    {
        return Err(format!(
            "raises the flag \"{flag}\", which must be in capitals, such as RISK_ITEM9"
        ));
    }
    let set = [
        (Group::Service, then.service.is_some()),
        (Group::Step, then.step.is_some()),
        (Group::Booking, then.booking.is_some()),
    ];
    for (what, is_set) in set {
        let word = what.as_str();
        match group {
            Some(own) if own == what && !is_set => {
                return Err(format!("must set `{word}`, as its group says"));
            }
            Some(own) if own != what && is_set => {
                return Err(format!("may not set `{word}` in another group"));
            }
            None if is_set && then.service != Some(ServiceName::Review) => {
                return Err(format!(
                    "may set `{word}` only in the group `{word}`; outside one, only service = \"review\""
                ));
            }
            None if is_set && what != Group::Service => {
                return Err(format!("may set `{word}` only in the group `{word}`"));
            }
            Some(_) | None => {}
        }
    }
    let does_nothing =
        then.flags.is_empty() && then.priority.is_none() && set.iter().all(|(_, is_set)| !is_set);
    if does_nothing {
        Err("does nothing: set flags, priority or service".to_owned())
    } else {
        Ok(())
    }
}
