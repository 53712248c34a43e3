//! Made-up facts that a rules file is tried with: what worries, beside everything that could keep it from being seen.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use cel::Value;
use serde_json::{Value as Json, json};

use super::super::decision::{Decision, Priority, decide_by};
use super::super::facts::Facts;
use super::super::meaning::is_safety_flag;
use super::super::rules::{Rule, RuleSet};
use super::super::view::{Found, View};
use super::places::is_found;
use super::safety::is_safety_rule;
use super::tried::Tried;
use crate::config::ServiceName;

/// Tries facts with the rules, and remembers which rule held with what it looks at.
pub(super) struct Probe<'t, 'r> {
    pub rules: &'r RuleSet,
    pub tried: &'t Tried<'r>,
    known: RefCell<HashMap<u64, bool>>,
    /// The places of the safety rules that speak by themselves.
    alone: Vec<usize>,
}

/// What the safety rules alone say of some facts.
pub(super) struct Alarm {
    /// The most urgent priority.
    pub priority: Priority,
    /// A safety flag is raised.
    pub has_flag: bool,
    /// A person is asked to review.
    pub review: bool,
}

impl<'t, 'r> Probe<'t, 'r> {
    pub fn of(rules: &'r RuleSet, tried: &'t Tried<'r>) -> Probe<'t, 'r> {
        Probe {
            rules,
            tried,
            known: RefCell::default(),
            alone: tried
                .places()
                .filter(|(_, rule)| speaks_alone(rule))
                .map(|(place, _)| place)
                .collect(),
        }
    }

    /// The decision on these facts.
    pub fn decide(&self, facts: &Facts) -> Decision {
        decide_by(self.rules, facts, |place, rule, view| {
            self.holds(place, rule, view)
        })
    }

    /// What the safety rules say of these facts. Those that stand in a group or look at what others found are left
    /// out: they are refused, and cannot be relied on.
    pub fn alarm(&self, facts: &Facts) -> Alarm {
        let found = Found::default();
        let view = View {
            facts,
            found: &found,
            pathways: &self.rules.pathways,
        };
        let mut alarm = Alarm {
            priority: Priority::P4,
            has_flag: false,
            review: false,
        };
        for place in &self.alone {
            let Some(rule) = self.tried.rule(*place) else {
                continue;
            };
            if self.holds(*place, rule, &view).unwrap_or(false) {
                let then = &rule.then;
                alarm.priority = then
                    .priority
                    .map_or(alarm.priority, |raised| raised.min(alarm.priority));
                alarm.has_flag |= then.flags.iter().any(|flag| is_safety_flag(flag));
                alarm.review |= then.service == Some(ServiceName::Review);
            }
        }
        alarm
    }

    fn holds(&self, place: usize, rule: &Rule, view: &View<'_>) -> Result<bool, String> {
        let mut seen = DefaultHasher::new();
        place.hash(&mut seen);
        rule.names()
            .iter()
            .for_each(|name| view.hash_into(name, &mut seen));
        let seen = seen.finish();
        if let Some(known) = self.known.borrow().get(&seen) {
            return Ok(*known);
        }
        let holds = self.rules.holds(rule, view)?;
        self.known.borrow_mut().insert(seen, holds);
        Ok(holds)
    }
}

fn speaks_alone(rule: &Rule) -> bool {
    is_safety_rule(rule) && rule.group.is_none() && !rule.names().iter().any(|name| is_found(name))
}

/// What facts are wished to say: names of the vocabulary with their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wish(pub Vec<(String, Json)>);

impl Wish {
    /// Wishes as one writes them down.
    pub fn new(wishes: Json) -> Wish {
        let Json::Object(wishes) = wishes else {
            return Wish::default();
        };
        Wish(wishes.into_iter().collect())
    }

    /// The facts among what a rule looks at, in one of its cases.
    pub fn of_case(case: &[(&str, &Value)]) -> Wish {
        let facts = case.iter().filter(|(name, _)| !is_found(name));
        Wish(
            facts
                .filter_map(|(name, value)| Some(((*name).to_owned(), value.json().ok()?)))
                .collect(),
        )
    }

    fn value(&self, name: &str) -> Option<&Json> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// "item9 is 3 and age is 15".
    pub fn told(&self) -> String {
        let one = |(name, value): &(String, Json)| match value {
            Json::String(word) => format!("{name} is '{word}'"),
            value => format!("{name} is {value}"),
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(" and ")
    }

    /// These facts, changed to what is wished; none where the wishes contradict each other.
    pub fn upon(&self, base: &Facts) -> Option<Facts> {
        let mut facts = base.clone();
        for (name, value) in &self.0 {
            match name.as_str() {
                "phq9_started" | "item9" | "phq9_total" => {}
                "gad7_total" => facts.gad7 = items(value, 21)?,
                "wsas_total" => facts.set("wsas", value).ok()?,
                "has_ltc" => match (value.as_bool()?, facts.ltc.is_empty()) {
                    (true, true) => facts.ltc = vec!["other".to_owned()],
                    (false, false) => facts.ltc.clear(),
                    _ => {}
                },
                // The list of pathways belongs to the locality; `ltc` has both sides of it.
                "ltc_listed" => {}
                _ => facts.set(name, value).ok()?,
            }
        }
        self.set_phq9(&mut facts)?;
        Some(facts)
    }

    /// PHQ-9 from what is wished about its total, item 9, and whether it was started.
    fn set_phq9(&self, facts: &mut Facts) -> Option<()> {
        let (item9, total) = (self.value("item9"), self.value("phq9_total"));
        match self.value("phq9_started").and_then(Json::as_bool) {
            Some(false) => facts.phq9 = None,
            None if item9.is_none() && total.is_none() => {}
            _ => {
                let mut answers = facts.phq9.unwrap_or([Some(0); 9]);
                let last = item9.map_or(answers[8], |item| {
                    item.as_u64().and_then(|item| u8::try_from(item).ok())
                });
                match total {
                    None => {}
                    Some(total) if total.is_null() => answers[0] = None,
                    Some(total) => {
                        let total = u8::try_from(total.as_u64()?).ok()?;
                        let mut left = total.checked_sub(last?)?;
                        for answer in answers.iter_mut().take(8) {
                            *answer = Some(left.min(3));
                            left -= left.min(3);
                        }
                        (left == 0).then_some(())?;
                    }
                }
                answers[8] = last;
                facts.phq9 = Some(answers);
            }
        }
        Some(())
    }
}

/// Seven answers that add up to the total; none at all where there is no total.
fn items(total: &Json, most: u64) -> Option<Option<[Option<u8>; 7]>> {
    if total.is_null() {
        return Some(None);
    }
    let mut left = u8::try_from(total.as_u64().filter(|total| *total <= most)?).ok()?;
    let mut answers = [Some(0); 7];
    for answer in &mut answers {
        *answer = Some(left.min(3));
        left -= left.min(3);
    }
    Some(Some(answers))
}

/// Facts to begin from: nothing asked beyond what must be, and everything answered and quiet.
pub(super) fn bases() -> [Facts; 2] {
    let quiet = Wish::new(json!({"phq9_total": 12, "gad7_total": 9, "wsas_total": 10}));
    let bare = Facts::default();
    [quiet.upon(&bare).unwrap_or_default(), bare]
}
