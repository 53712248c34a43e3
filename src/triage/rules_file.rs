//! A rules file as written: every rule is checked, and an error names file, line, rule and key, and what to do.

use std::sync::Arc;

use cel::Env;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::condition::Condition;
use super::flags_above::{Flags, Promise};
use super::rules::{Effect, Group, Rule};
use crate::config::ServiceName;

/// What is wrong with a rules file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
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

/// All that is wrong with a rules file, in the order of its lines. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<RulesError>);

impl std::error::Error for Faults {}

/// One line for each.
impl std::fmt::Display for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

/// Where the parts of a rule stand in its file: lines, from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines {
    pub id: usize,
    pub when: usize,
    pub then: usize,
    pub text: usize,
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
        RulesError {
            file: self.file.to_owned(),
            line: self.line(at),
            rule: rule.map(str::to_owned),
            key: key.map(str::to_owned),
            message: message.into(),
        }
    }

    /// The line of a byte, from 1.
    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    /// What the reader of TOML refused, with the rule and the key that stand at that place.
    pub fn not_read(&self, wrong: &toml::de::Error) -> RulesError {
        let at = wrong.span().map_or(0, |span| span.start);
        let before = self.text.get(..at).unwrap_or_default();
        let block = before.rfind("[[rule]]").map(|start| self.text.split_at(start).1);
        let block = block.and_then(|block| block.get("[[rule]]".len()..));
        let own = block.map(|block| block.split("[[rule]]").next().unwrap_or_default());
        let id = own.and_then(|own| own.lines().find_map(|line| value_of(line, "id")));
        let line = self.text.lines().nth(self.line(at).saturating_sub(1));
        let key = line
            .and_then(|line| line.split_once('='))
            .map(|(key, _)| key.trim());
        let key = key.filter(|key| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase()));
        let message = wrong.message().lines().collect::<Vec<_>>().join("; ");
        self.fault(at, id, key, message)
    }

    /// Checks every rule and that each group ends. The second are the faults found, in the order of the file.
    pub fn rules(&self, raw: &[Spanned<RawRule>], env: &Arc<Env>) -> (Vec<Rule>, Vec<RulesError>) {
        let promised: Vec<Promise> = raw.iter().map(|one| one.get_ref().promise()).collect();
        let mut rules: Vec<Rule> = Vec::with_capacity(raw.len());
        let (mut faults, mut broken) = (Vec::new(), Vec::new());
        let mut last = self.text.len();
        for (place, one) in raw.iter().enumerate() {
            last = one.span().start;
            let group = one.get_ref().group;
            let flags = Flags::at(place, &promised);
            match self.rule(one.get_ref(), &rules, &flags, env) {
                Ok(rule) => rules.push(rule),
                Err(fault) => {
                    faults.push(fault);
                    broken.push(group);
                }
            }
        }
        for group in Group::ALL {
            let ends = |rule: &Rule| rule.group == Some(group) && rule.condition.always;
            // A rule of this group that was refused may have been its end.
            if !rules.iter().any(ends) && !broken.contains(&Some(group)) {
                let word = group.as_str();
                let message = format!("the group `{word}` must end with a rule whose `when` is \"true\"");
                faults.push(self.fault(last, None, Some("group"), message));
            }
        }
        (rules, faults)
    }

    fn rule(
        &self,
        raw: &RawRule,
        before: &[Rule],
        flags: &Flags<'_>,
        env: &Arc<Env>,
    ) -> Result<Rule, RulesError> {
        let id = raw.id.get_ref().clone();
        let fault = |at: usize, key, message: String| Err(self.fault(at, Some(&id), Some(key), message));
        if !is_rule_id(&id) {
            return fault(
                raw.id.span().start,
                "id",
                "must be a capital letter and a number, such as A1".into(),
            );
        }
        if flags.earlier().any(|earlier| earlier.id == id) {
            return fault(
                raw.id.span().start,
                "id",
                "stands twice: give the second rule its own id".into(),
            );
        }
        if let Some(group) = raw.group
            && let Some(end) = before
                .iter()
                .find(|other| other.group == raw.group && other.condition.always)
        {
            let message = format!(
                "can never be reached: the group `{}` has ended above, with {}. Move this rule above {}",
                group.as_str(),
                end.id,
                end.id
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
        let lines = Lines {
            id: self.line(raw.id.span().start),
            when: self.line(raw.when.span().start),
            then: self.line(raw.then.span().start),
            text: self.line(raw.text.span().start),
        };
        let when = raw.when.get_ref();
        match Condition::parse(when, flags, env) {
            Err(message) => fault(raw.when.span().start, "when", message),
            Ok(condition) => Ok(Rule {
                group: raw.group,
                when: when.clone(),
                condition,
                then: raw.then.get_ref().clone(),
                text: raw.text.get_ref().clone(),
                source: raw.source.get_ref().clone(),
                id,
                lines,
            }),
        }
    }
}

impl RawRule {
    fn promise(&self) -> Promise<'_> {
        Promise {
            id: self.id.get_ref(),
            when: self.when.get_ref(),
            raises: &self.then.get_ref().flags,
        }
    }
}

/// The text that stands under this key on this line, if it does.
fn value_of<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let (name, value) = line.split_once('=')?;
    (name.trim() == key).then(|| value.trim().trim_matches(['"', '\'']))
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
