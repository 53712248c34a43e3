//! What would change it: for service, step and booking the smallest single change of one fact that would give another
//! suggestion under the same rules. An observation about the rules, never advice on how to get another outcome.
//!
//! Never shown: a change that takes away a safety flag or makes a priority less urgent, and a change of an answer about
//! safety, of the age or of the agreement.

mod candidates;
mod scales;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::candidates::{Candidate, Touched, candidates, fixed};
use super::decision::{Outcome, Priority, RULE_FAILED, Settled};
use super::fact_words::{fact_name, fact_value, service_name};
use super::facts::{Facts, Wsas};
use super::meaning::{booking_meaning, is_safety_flag, step_meaning};
use super::remembered::Remembered;
use super::rules::{Rule, RuleSet};
use crate::config::Locality;
use crate::questionnaire::total;

/// What would change each part of a suggestion.
#[derive(Debug)]
pub struct WhatIf {
    /// The service.
    pub service: Turn,
    /// The step.
    pub step: Turn,
    /// What may be self-booked.
    pub booking: Turn,
}

/// What would change one part of a suggestion.
pub enum Turn {
    /// This, the smallest change of one fact.
    Change(Box<Change>),
    /// It stands as it does because of a safety rule.
    SafetyRule,
    /// Only what would make it less urgent would change it, and that is not for a page to say.
    Sooner,
    /// Only the age, which nobody can change.
    Age,
    /// Only the patient's agreement, which is theirs to give.
    Agreement,
    /// No single answer.
    Nothing,
}

/// One fact otherwise, and what the rules would then suggest.
pub struct Change {
    /// "GAD-7 item 1".
    pub fact: String,
    /// As given: "2".
    pub from: String,
    /// Otherwise: "3, total 15".
    pub to: String,
    /// What would be suggested: "Step 3".
    pub becomes: String,
    /// What else would change with it: "Step", "Booking", "Priority".
    pub also: Vec<&'static str>,
    /// In parts of ten thousand of the fact's own range.
    pub size: u32,
    /// All facts with this one changed.
    pub facts: Facts,
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Change [redacted]")
    }
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Turn [redacted]")
    }
}

impl Turn {
    /// What a page says where there is no change to name.
    pub fn told(&self) -> &'static str {
        match self {
            Turn::Change(_) => "",
            Turn::SafetyRule => "Set by a safety rule; only a person can answer this.",
            Turn::Sooner => "Set by a rule that asks for contact sooner; only a person can answer this.",
            Turn::Age => "No answer would change this. It stands because of the age.",
            Turn::Agreement => "It stands on the patient’s agreement, which is theirs alone to give.",
            Turn::Nothing => "No single answer would change this.",
        }
    }
}

/// A part of a suggestion.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Service,
    Step,
    Booking,
}

impl Part {
    /// Whether two outcomes differ in this part.
    fn differs(self, one: &Outcome, other: &Outcome) -> bool {
        match self {
            Part::Service => one.service != other.service,
            Part::Step => one.step != other.step,
            Part::Booking => one.booking != other.booking,
        }
    }

    fn told(self, outcome: &Outcome, locality: &Locality) -> String {
        match self {
            Part::Service => service_name(outcome.service, locality),
            Part::Step => step_meaning(outcome.step).to_owned(),
            Part::Booking => booking_meaning(outcome.booking).to_owned(),
        }
    }

    /// What else differs besides this part.
    fn also(self, one: &Outcome, other: &Outcome) -> Vec<&'static str> {
        [
            ("service", self != Part::Service && one.service != other.service),
            ("step", self != Part::Step && one.step != other.step),
            ("booking", self != Part::Booking && one.booking != other.booking),
            ("priority", one.priority != other.priority),
        ]
        .into_iter()
        .filter_map(|(word, differs)| differs.then_some(word))
        .collect()
    }
}

/// What the rules said of some facts, as far as it matters here.
struct Judged {
    outcome: Outcome,
    safety: Vec<String>,
}

impl From<Settled<'_>> for Judged {
    fn from(settled: Settled<'_>) -> Self {
        let safety = settled.flags.iter().filter(|flag| is_safety_flag(flag));
        Judged {
            outcome: settled.outcome,
            safety: safety.map(|flag| (*flag).to_owned()).collect(),
        }
    }
}

impl Judged {
    fn failed(&self) -> bool {
        self.safety.iter().any(|flag| flag == RULE_FAILED)
    }

    fn keeps_the_flags_of(&self, before: &Judged) -> bool {
        before.safety.iter().all(|flag| self.safety.contains(flag))
    }

    fn is_less_urgent_than(&self, before: &Judged) -> bool {
        self.outcome.priority > before.outcome.priority
    }

    /// Whether it may be shown as what would be: no safety flag lost, nothing less urgent, no rule failed.
    fn may_be_shown_beside(&self, before: &Judged) -> bool {
        !self.failed() && self.keeps_the_flags_of(before) && !self.is_less_urgent_than(before)
    }
}

/// Whether a rule is there for somebody's safety: it stands among the rules A, raises a safety flag, or asks for
/// somebody today or tomorrow.
fn is_about_safety(rule: &Rule) -> bool {
    let urgent = rule
        .then
        .priority
        .is_some_and(|priority| priority <= Priority::P2);
    // A rule of a group chooses for what other rules found, and must stay for anything to be chosen.
    rule.group.is_none()
        && (urgent || rule.id.starts_with('A') || rule.then.flags.iter().any(|flag| is_safety_flag(flag)))
}

/// The smallest single change for each part of what these rules suggest for these facts.
pub fn what_would_change(rules: &Arc<RuleSet>, facts: &Facts, locality: &Locality) -> WhatIf {
    let mut memory = Remembered::new(rules.clone());
    let before = Judged::from(memory.settle(facts));
    let without_safety = Judged::from(memory.settle_without(facts, is_about_safety));
    let mut judge = |candidate: Candidate| {
        let judged = Judged::from(memory.settle(&candidate.facts));
        (candidate, judged)
    };
    let tried: Vec<(Candidate, Judged)> = candidates(rules, facts).into_iter().map(&mut judge).collect();
    let fixed: Vec<(Candidate, Judged)> = fixed(rules, facts).into_iter().map(&mut judge).collect();
    let search = Search {
        locality,
        given: facts,
        before,
        without_safety,
        tried,
        fixed,
    };
    let mut turn = |part| search.turn(part, &mut memory);
    WhatIf {
        service: turn(Part::Service),
        step: turn(Part::Step),
        booking: turn(Part::Booking),
    }
}

struct Search<'a> {
    locality: &'a Locality,
    given: &'a Facts,
    before: Judged,
    without_safety: Judged,
    tried: Vec<(Candidate, Judged)>,
    fixed: Vec<(Candidate, Judged)>,
}

impl Search<'_> {
    fn turn(&self, part: Part, memory: &mut Remembered) -> Turn {
        let outcome = &self.before.outcome;
        if self.before.failed() || part.differs(outcome, &self.without_safety.outcome) {
            return Turn::SafetyRule;
        }
        let other = |(_, judged): &&(Candidate, Judged)| part.differs(outcome, &judged.outcome);
        let shown = |(_, judged): &&(Candidate, Judged)| judged.may_be_shown_beside(&self.before);
        let smallest = self
            .tried
            .iter()
            .filter(other)
            .filter(shown)
            .min_by_key(|(candidate, judged)| (candidate.size, part.also(outcome, &judged.outcome).len()));
        if let Some((candidate, judged)) = smallest {
            return Turn::Change(Box::new(self.change(part, candidate, judged)));
        }
        if self.is_kept_by_safety(part, memory) {
            return Turn::SafetyRule;
        }
        if self.tried.iter().any(|one| other(&one)) {
            return Turn::Sooner;
        }
        match self
            .fixed
            .iter()
            .filter(other)
            .find(shown)
            .map(|(candidate, _)| candidate.touched)
        {
            Some(Touched::Fact("age")) => Turn::Age,
            Some(_) => Turn::Agreement,
            None => Turn::Nothing,
        }
    }

    /// Whether a change would turn this part if no safety rule stood in its way, or would take a safety flag away.
    fn is_kept_by_safety(&self, part: Part, memory: &mut Remembered) -> bool {
        let outcome = &self.before.outcome;
        self.tried.iter().any(|(candidate, judged)| {
            let loses = part.differs(outcome, &judged.outcome) && !judged.keeps_the_flags_of(&self.before);
            let without = memory.settle_without(&candidate.facts, is_about_safety).outcome;
            loses
                || (part.differs(&without, &self.without_safety.outcome)
                    && !part.differs(outcome, &judged.outcome))
        })
    }

    fn change(&self, part: Part, candidate: &Candidate, judged: &Judged) -> Change {
        let told = |facts: &Facts| value(candidate.touched, facts, self.locality);
        Change {
            fact: name(candidate.touched),
            from: told(self.given),
            to: told(&candidate.facts),
            becomes: part.told(&judged.outcome, self.locality),
            also: part.also(&self.before.outcome, &judged.outcome),
            size: candidate.size,
            facts: candidate.facts.clone(),
        }
    }
}

fn name(touched: Touched) -> String {
    match touched {
        Touched::Fact(key) => fact_name(key).unwrap_or(key).to_owned(),
        Touched::Item(sheet, item) => format!("{} item {}", sheet_name(sheet), item + 1),
    }
}

fn sheet_name(sheet: &str) -> &'static str {
    match sheet {
        "phq9" => "PHQ-9",
        "gad7" => "GAD-7",
        _ => "WSAS",
    }
}

fn value(touched: Touched, facts: &Facts, locality: &Locality) -> String {
    let Touched::Item(sheet, item) = touched else {
        let Touched::Fact(key) = touched else {
            return String::new();
        };
        return fact_value(facts, key, locality);
    };
    let (answer, sum) = match sheet {
        "phq9" => (nth(facts.phq9, item), facts.phq9.and_then(|items| total(&items))),
        "gad7" => (nth(facts.gad7, item), facts.gad7.and_then(|items| total(&items))),
        _ => match facts.wsas {
            Some(Wsas::Items(items)) => (nth(Some(items), item), facts.wsas_total()),
            Some(Wsas::Total(_)) | None => (None, None),
        },
    };
    let answer = answer.map_or("left out".to_owned(), |answer| answer.to_string());
    match sum {
        Some(sum) => format!("{answer} (total {sum})"),
        None => format!("{answer} (no total)"),
    }
}

fn nth<const N: usize>(items: Option<[Option<u8>; N]>, item: usize) -> Option<u8> {
    items.and_then(|items| items.get(item).copied().flatten())
}
