//! The decision: a pure function of the rules and the facts. Every rule is evaluated, flags add up, the most urgent
//! priority wins and no later rule lowers it; of rules that share a group only the first that holds is applied.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::rules::{Group, Rule, RuleSet};
use super::view::{Found, View};
use crate::config::ServiceName;

/// Declares a closed list of words with `as_str` and `parse`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word stored and sent.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the stored word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// How soon a person reads and gets in touch. The smaller, the more urgent; `P1 < P2`.
    Priority {
        /// Immediate alert, contact the same day.
        P1 = "P1",
        /// Read the same working day, contact by the end of the next.
        P2 = "P2",
        /// Assessed within 14 days.
        P3 = "P3",
        /// Contact within 10 working days.
        P4 = "P4",
    }
}

impl Priority {
    /// 1 to 4, as stored.
    pub fn number(self) -> u8 {
        match self {
            Priority::P1 => 1,
            Priority::P2 => 2,
            Priority::P3 => 3,
            Priority::P4 => 4,
        }
    }

    /// Reads the stored number.
    pub fn from_number(number: i64) -> Option<Priority> {
        Self::ALL
            .iter()
            .copied()
            .find(|priority| i64::from(priority.number()) == number)
    }
}

words! {
    /// The step of care suggested.
    Step {
        /// Step 2: guided self-help, courses.
        Two = "2",
        /// Step 3: one-to-one therapy.
        Three = "3",
        /// To be chosen at an assessment.
        Assess = "assess",
    }
}

words! {
    /// What the patient may book without speaking to anybody first.
    SelfBooking {
        /// Nothing: the team books.
        None = "none",
        /// An assessment.
        Assessment = "assessment",
        /// A place on a course.
        Course = "course",
    }
}

/// Why: one rule that held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// The reason staff read.
    pub text: String,
    /// Where the rule comes from.
    pub source: String,
}

/// The suggestion, with its reasons.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The service, or review by a person.
    pub service: ServiceName,
    /// The step of care.
    pub step: Step,
    /// The urgency.
    pub priority: Priority,
    /// What to know, sorted.
    pub flags: Vec<String>,
    /// What may be self-booked.
    pub booking: SelfBooking,
    /// The rules that held, in their order.
    pub reasons: Vec<Reason>,
    /// The version of the rules that decided.
    pub rules_version: String,
}

impl Decision {
    /// The suggestion without its flags and reasons.
    pub fn outcome(&self) -> Outcome {
        Outcome {
            service: self.service,
            step: self.step,
            priority: self.priority,
            booking: self.booking,
        }
    }

    /// Whether a person must look today: P1 or P2.
    pub fn is_urgent(&self) -> bool {
        self.priority <= Priority::P2
    }

    /// Whether this flag is raised.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|raised| raised == flag)
    }

    /// Adds a flag from outside the rules, such as `SLIP_USED`, in its sorted place.
    pub fn add_flag(&mut self, flag: &str) {
        if let Err(place) = self.flags.binary_search_by(|raised| raised.as_str().cmp(flag)) {
            self.flags.insert(place, flag.to_owned());
        }
    }
}

/// A decision tells of a person's health: a log line shows only that it is there.
impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decision [redacted]")
    }
}

/// The flag of a decision in which a rule could not be evaluated.
pub const RULE_FAILED: &str = "RULE_FAILED";

/// Applies the rules to the facts.
///
/// A rule that cannot be evaluated never drops the referral: it goes to review, at least P2, without self-booking,
/// with the flag [`RULE_FAILED`]. The same holds where no rule of a group applied.
pub fn decide(rules: &RuleSet, facts: &Facts) -> Decision {
    decide_by(rules, facts, |_, rule, view| rules.holds(rule, view))
}

/// Applies the rules to the facts, with another way to find out whether a rule holds: its place, itself, the view.
pub(super) fn decide_by(
    rules: &RuleSet,
    facts: &Facts,
    holds: impl Fn(usize, &Rule, &View<'_>) -> Result<bool, String>,
) -> Decision {
    let mut reasons = Vec::with_capacity(8);
    let settled = settle(rules, facts, holds, |rule, _, spoke| {
        reasons.push(reason(rule, spoke))
    });
    settled.into_decision(reasons, &rules.version)
}

/// How a rule spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spoke {
    /// Its condition held.
    Held,
    /// It could not be evaluated.
    Failed,
}

/// Goes through the rules in their order. `holds` says whether the condition of a rule (with its place) holds; `heard`
/// is told of each rule that spoke, with what it could see.
pub(super) fn settle<'r>(
    rules: &'r RuleSet,
    facts: &Facts,
    mut holds: impl FnMut(usize, &'r Rule, &View<'_>) -> Result<bool, String>,
    mut heard: impl FnMut(&'r Rule, &View<'_>, Spoke),
) -> Settled<'r> {
    let mut found = Found::default();
    for (place, rule) in rules.rules.iter().enumerate() {
        if rule.group.is_some_and(|group| found.is_settled(group)) {
            continue;
        }
        let view = View {
            facts,
            found: &found,
            pathways: &rules.pathways,
        };
        match holds(place, rule, &view) {
            Ok(true) => {
                heard(rule, &view, Spoke::Held);
                found.apply(rule);
            }
            Ok(false) => {}
            Err(_) => {
                heard(rule, &view, Spoke::Failed);
                found.fail();
            }
        }
    }
    found.close()
}

/// What the rules came to, without the reasons.
#[derive(Debug)]
pub(super) struct Settled<'r> {
    /// Service, step, priority and booking.
    pub outcome: Outcome,
    /// The flags raised, sorted.
    pub flags: BTreeSet<&'r str>,
}

/// A suggestion without its flags and reasons: what two sets of rules are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Outcome {
    /// The service, or review by a person.
    pub service: ServiceName,
    /// The step of care.
    pub step: Step,
    /// The urgency.
    pub priority: Priority,
    /// What may be self-booked.
    pub booking: SelfBooking,
}

impl Settled<'_> {
    fn into_decision(self, reasons: Vec<Reason>, version: &str) -> Decision {
        let outcome = self.outcome;
        Decision {
            service: outcome.service,
            step: outcome.step,
            booking: outcome.booking,
            priority: outcome.priority,
            flags: self.flags.into_iter().map(str::to_owned).collect(),
            reasons,
            rules_version: version.to_owned(),
        }
    }
}

fn reason(rule: &Rule, spoke: Spoke) -> Reason {
    let (text, source) = match spoke {
        Spoke::Held => (rule.text.as_str(), rule.source.as_str()),
        Spoke::Failed => (
            "This rule could not be evaluated. A person must look.",
            RULE_FAILED,
        ),
    };
    Reason {
        rule: rule.id.clone(),
        text: text.to_owned(),
        source: source.to_owned(),
    }
}

impl Found<'_> {
    /// Whether a rule of this group was applied already.
    fn is_settled(&self, group: Group) -> bool {
        match group {
            Group::Service => self.service.is_some(),
            Group::Step => self.step.is_some(),
            Group::Booking => self.booking.is_some(),
        }
    }

    /// A rule could not be evaluated.
    fn fail(&mut self) {
        self.failed = true;
        self.review = true;
        self.priority = self.priority.min(Priority::P2);
        self.flags.insert(RULE_FAILED);
    }
}

impl<'r> Found<'r> {
    /// Closes the books. Where a rule failed, or a group has no word, a person looks.
    fn close(mut self) -> Settled<'r> {
        if self.service.is_none() || self.step.is_none() || self.booking.is_none() {
            self.fail();
        }
        let sound = !self.failed;
        Settled {
            outcome: Outcome {
                service: self.service.filter(|_| sound).unwrap_or(ServiceName::Review),
                step: self.step.filter(|_| sound).unwrap_or(Step::Assess),
                booking: self.booking.filter(|_| sound).unwrap_or(SelfBooking::None),
                priority: self.priority,
            },
            flags: self.flags,
        }
    }

    /// Applies the effect of a rule that holds. A priority is only ever raised.
    fn apply(&mut self, rule: &'r Rule) {
        let then = &rule.then;
        self.flags.extend(then.flags.iter().map(String::as_str));
        if let Some(priority) = then.priority {
            self.priority = self.priority.min(priority);
        }
        match rule.group {
            None => self.review |= then.service == Some(ServiceName::Review),
            Some(Group::Service) => self.service = then.service,
            Some(Group::Step) => self.step = then.step,
            Some(Group::Booking) => self.booking = then.booking,
        }
    }
}
