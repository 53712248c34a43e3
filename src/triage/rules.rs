//! A rules file: read, checked whole, and compiled once. An error names file, line, rule and key, and what to do.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use cel::Env;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::condition::Condition;
use super::decision::{Priority, SelfBooking, Step};
use super::view::View;
use crate::config::ServiceName;

/// The rules the product ships with: a starting default, not clinically validated.
pub const DEFAULT_RULES: &str = include_str!("../../triage_rules/default.toml");

/// The name under which the shipped rules stand in errors.
pub const DEFAULT_RULES_NAME: &str = "triage_rules/default.toml";

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

/// Rules of which only the first that holds is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// They choose the service.
    Service,
    /// They choose the step.
    Step,
    /// They choose what may be self-booked.
    Booking,
}

impl Group {
    /// Every group.
    pub const ALL: [Group; 3] = [Group::Service, Group::Step, Group::Booking];

    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Group::Service => "service",
            Group::Step => "step",
            Group::Booking => "booking",
        }
    }
}

/// What a rule does when it holds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Flags to raise.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Priority to raise to.
    pub priority: Option<Priority>,
    /// Service; outside its group only `review`.
    pub service: Option<ServiceName>,
    /// Step, only in its group.
    pub step: Option<Step>,
    /// Self-booking, only in its group.
    pub booking: Option<SelfBooking>,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Letter and number, stored with each decision it speaks in.
    pub id: String,
    /// Its group, if it is one of several of which the first holds.
    pub group: Option<Group>,
    /// The condition as written.
    pub when: String,
    /// The condition, compiled.
    pub(super) condition: Condition,
    /// The effect.
    pub then: Effect,
    /// The reason staff read.
    pub text: String,
    /// Where the rule comes from.
    pub source: String,
}

/// A whole, checked set of rules. Loaded once and shared; `decide` takes it as an argument.
#[derive(Debug)]
pub struct RuleSet {
    /// The name in the file.
    pub name: String,
    /// How far the rules were validated, in the file's words; shown wherever a decision is shown.
    pub status: String,
    /// Short hash of the file's text.
    pub version: String,
    /// The rules, in order.
    pub rules: Vec<Rule>,
    /// The conditions with a pathway in this locality.
    pub(super) pathways: Vec<String>,
    env: SharedEnv,
}

/// The CEL functions, built once for all rules.
struct SharedEnv(Arc<Env>);

impl std::fmt::Debug for SharedEnv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    format: u32,
    name: String,
    status: String,
    rule: Vec<Spanned<RawRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: Spanned<String>,
    group: Option<Group>,
    when: Spanned<String>,
    then: Spanned<Effect>,
    text: Spanned<String>,
    source: Spanned<String>,
}

impl RuleSet {
    /// Reads rules from a file. `pathways`: the locality's list of conditions with a pathway.
    pub fn load(path: &Path, pathways: &[String]) -> Result<RuleSet, RulesError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|wrong| RulesError {
            file: file.clone(),
            line: 1,
            rule: None,
            key: None,
            message: format!("cannot be read: {wrong}"),
        })?;
        RuleSet::parse(&file, &text, pathways)
    }

    /// The rules the product ships with.
    pub fn shipped(pathways: &[String]) -> Result<RuleSet, RulesError> {
        RuleSet::parse(DEFAULT_RULES_NAME, DEFAULT_RULES, pathways)
    }

    /// Reads rules from text; `file` names it in errors.
    pub fn parse(file: &str, text: &str, pathways: &[String]) -> Result<RuleSet, RulesError> {
        let page = Page { file, text };
        let raw: RawFile = toml::from_str(text).map_err(|wrong| {
            page.fault(
                wrong.span().map_or(0, |span| span.start),
                None,
                None,
                wrong.message(),
            )
        })?;
        if raw.format != 1 {
            return Err(page.fault(0, None, Some("format"), "must be 1, the only format known"));
        }
        let env = Arc::new(Env::stdlib());
        let rules = page.rules(raw.rule, &env)?;
        let version = version_of(text);
        let (name, status) = (raw.name, raw.status);
        Ok(RuleSet {
            name,
            status,
            version,
            rules,
            pathways: pathways.to_vec(),
            env: SharedEnv(env),
        })
    }

    /// Whether a rule's condition holds.
    pub(super) fn holds(&self, rule: &Rule, view: &View<'_>) -> Result<bool, String> {
        if rule.condition.always {
            Ok(true)
        } else {
            rule.condition.holds(view, &self.env.0)
        }
    }
}

/// The version of a rules text: the first twelve hexadecimal digits of its SHA-256.
pub fn version_of(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The text being read, for errors that name the line.
struct Page<'t> {
    file: &'t str,
    text: &'t str,
}

impl Page<'_> {
    fn fault(
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

    fn rules(&self, raw: Vec<Spanned<RawRule>>, env: &Arc<Env>) -> Result<Vec<Rule>, RulesError> {
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

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
