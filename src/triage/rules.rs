//! The rules: data, read from a file or the table of versions, checked whole and compiled once.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use cel::Env;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::condition::Condition;
use super::decision::{Priority, SelfBooking, Step};
use super::rules_file::{Faults, Lines, Page, RawFile, RulesError};
use super::sound::examine;
use super::view::View;
use crate::config::ServiceName;

/// The rules the product ships with: a starting default, not clinically validated.
pub const DEFAULT_RULES: &str = include_str!("../../triage_rules/default.toml");

/// The name under which the shipped rules stand in errors.
pub const DEFAULT_RULES_NAME: &str = "triage_rules/default.toml";

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
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
    /// Where its parts stand in the file.
    pub(super) lines: Lines,
}

impl Rule {
    /// The facts, and what earlier rules found, that the condition looks at; sorted, each once.
    pub fn names(&self) -> &[String] {
        self.condition.names()
    }
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

impl RuleSet {
    /// Every flag that one of these rules may raise, sorted, each once.
    pub fn flags(&self) -> BTreeSet<&str> {
        let raised = self.rules.iter().flat_map(|rule| &rule.then.flags);
        raised.map(String::as_str).collect()
    }
}

/// The CEL functions, built once for all rules.
struct SharedEnv(Arc<Env>);

impl std::fmt::Debug for SharedEnv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env")
    }
}

impl RuleSet {
    /// Reads rules from a file. `pathways`: the locality's list of conditions with a pathway.
    pub fn load(path: &Path, pathways: &[String]) -> Result<RuleSet, RulesError> {
        let (file, text) = read_file(path)?;
        RuleSet::parse(&file, &text, pathways)
    }

    /// The rules the product ships with.
    pub fn shipped(pathways: &[String]) -> Result<RuleSet, RulesError> {
        RuleSet::parse(DEFAULT_RULES_NAME, DEFAULT_RULES, pathways)
    }

    /// Reads rules from text; `file` names it in errors, of which the first is told. Rules read like this can be
    /// evaluated; whether they may come into force is asked with [`RuleSet::sound`].
    pub fn parse(file: &str, text: &str, pathways: &[String]) -> Result<RuleSet, RulesError> {
        RuleSet::read(file, text, pathways).map_err(|Faults(mut faults)| faults.swap_remove(0))
    }

    /// Reads rules that may come into force: each can be evaluated and can speak, none shadows a safety rule, and
    /// nothing comes out below the floor. Tells all that is wrong. A start whose text is known leaves it out.
    pub fn sound(file: &str, text: &str, pathways: &[String]) -> Result<RuleSet, Faults> {
        let rules = RuleSet::read(file, text, pathways)?;
        let faults = examine(&rules, file, text);
        if faults.is_empty() {
            Ok(rules)
        } else {
            Err(Faults(faults))
        }
    }

    fn read(file: &str, text: &str, pathways: &[String]) -> Result<RuleSet, Faults> {
        let page = Page { file, text };
        let raw: RawFile = toml::from_str(text).map_err(|wrong| Faults(vec![page.not_read(&wrong)]))?;
        if raw.format != 1 {
            let wrong = page.fault(0, None, Some("format"), "must be 1, the only format known");
            return Err(Faults(vec![wrong]));
        }
        let env = Arc::new(Env::stdlib());
        let (rules, faults) = page.rules(&raw.rule, &env);
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
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

    /// The CEL functions.
    pub(super) fn env(&self) -> &Arc<Env> {
        &self.env.0
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

/// The name and the text of a rules file.
pub(super) fn read_file(path: &Path) -> Result<(String, String), RulesError> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((file, text)),
        Err(wrong) => Err(RulesError {
            file,
            line: 1,
            rule: None,
            key: None,
            message: format!("cannot be read: {wrong}"),
        }),
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

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
