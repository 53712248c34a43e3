//! What a rule's condition can see: the facts under their keys, numbers derived from them, and what earlier rules
//! found. Values are handed to CEL only when a condition names them.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use cel::common::types::{CelBool, CelInt, CelList, CelNull, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;

use super::decision::{Priority, SelfBooking, Step};
use super::facts::{Facts, NOT_ASKED};
use crate::config::ServiceName;
use crate::questionnaire::{CrisisNow, KeepSafe};

/// What earlier rules found.
#[derive(Debug)]
pub struct Found<'r> {
    /// A rule asked for a person to review.
    pub review: bool,
    /// The flags raised.
    pub flags: BTreeSet<&'r str>,
    /// The most urgent priority so far.
    pub priority: Priority,
    /// The service, once settled.
    pub service: Option<ServiceName>,
    /// The step, once settled.
    pub step: Option<Step>,
    /// The self-booking, once settled.
    pub booking: Option<SelfBooking>,
    /// A rule could not be evaluated.
    pub failed: bool,
}

impl Default for Found<'_> {
    fn default() -> Self {
        Found {
            review: false,
            flags: BTreeSet::new(),
            priority: Priority::P4,
            service: None,
            step: None,
            booking: None,
            failed: false,
        }
    }
}

/// One moment of a decision: the facts and what was found before the rule at hand.
pub struct View<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// What earlier rules found.
    pub found: &'a Found<'a>,
    /// The conditions with a pathway in this locality.
    pub pathways: &'a [String],
}

/// Facts that are plainly true or false, under their keys.
pub(super) fn flag(facts: &Facts, name: &str) -> Option<bool> {
    Some(match name {
        "agreed" => facts.agreed,
        "harm_to_others" => facts.harm_to_others,
        "safeguarding" => facts.safeguarding,
        "free_text_risk" => facts.free_text_risk,
        "psychosis_mania" => facts.psychosis_mania,
        "spine_red_flag" => facts.spine_red_flag,
        "secondary_mh" => facts.secondary_mh,
        "substance_main" => facts.substance_main,
        "eating_disorder" => facts.eating_disorder,
        "step2_no_benefit" => facts.step2_no_benefit,
        "perinatal" => facts.perinatal,
        "work_affected" => facts.work_affected,
        "bsl" => facts.bsl,
        "format_need" => facts.format_need,
        "no_voicemail" => facts.no_voicemail,
        "phq9_started" => facts.phq9.is_some(),
        "has_ltc" => !facts.ltc.is_empty(),
        _ => return None,
    })
}

impl View<'_> {
    /// What is plainly true or false; `None`: no such variable.
    pub(super) fn truth(&self, name: &str) -> Option<bool> {
        match name {
            "review" => Some(self.found.review),
            "ltc_listed" => Some(self.has_pathway()),
            _ => flag(self.facts, name),
        }
    }

    /// Words a condition may compare; the outer `None`: no such variable.
    pub(super) fn word(&self, name: &str) -> Option<Option<&str>> {
        let (facts, found) = (self.facts, self.found);
        Some(match name {
            "gp_in_area" => Some(facts.gp_in_area.key()),
            "source" => Some(facts.source.as_str()),
            "pad_target" => facts.pad_target.map(ServiceName::as_str),
            "crisis_now" => Some(facts.crisis_now.map_or(NOT_ASKED, CrisisNow::key)),
            "keep_safe" => facts.keep_safe.map(KeepSafe::key),
            "problem" => Some(facts.problem.key()),
            "ltc_linked" => Some(facts.ltc_linked.key()),
            "veteran" => Some(facts.veteran.key()),
            "interpreter" => facts.interpreter.as_deref(),
            "priority" => Some(found.priority.as_str()),
            "service" => found.service.map(ServiceName::as_str),
            "step" => found.step.map(Step::as_str),
            _ => return None,
        })
    }

    /// Numbers a condition may compare; the outer `None`: no such variable.
    pub(super) fn number(&self, name: &str) -> Option<Option<i64>> {
        let facts = self.facts;
        Some(match name {
            "age" => Some(facts.age.into()),
            "min_age" => Some(facts.min_age.into()),
            "pain_weeks" => facts.pain_weeks.map(Into::into),
            "phq9_total" => facts.phq9_total().map(Into::into),
            "gad7_total" => facts.gad7_total().map(Into::into),
            "wsas_total" => facts.wsas_total().map(Into::into),
            "item9" => facts.item9().map(Into::into),
            _ => return None,
        })
    }

    /// Lists a condition may search; the outer `None`: no such variable.
    fn list<'b>(&'b self, name: &str) -> Option<Option<Vec<Box<dyn Val + 'b>>>> {
        fn word<'b>(text: &'b str) -> Box<dyn Val + 'b> {
            Box::new(CelString::from(text))
        }
        fn item<'b>(answer: &Option<u8>) -> Box<dyn Val + 'b> {
            match answer {
                Some(value) => Box::new(CelInt::from(i64::from(*value))),
                None => Box::new(CelNull),
            }
        }
        Some(match name {
            "ltc" => Some(self.facts.ltc.iter().map(|name| word(name)).collect()),
            "flags" => Some(self.found.flags.iter().copied().map(word).collect()),
            "phq9" => self
                .facts
                .phq9
                .as_ref()
                .map(|items| items.iter().map(item).collect()),
            "gad7" => self
                .facts
                .gad7
                .as_ref()
                .map(|items| items.iter().map(item).collect()),
            _ => return None,
        })
    }
}

impl View<'_> {
    /// Feeds what stands under a name to a hash: two views that hash alike decide a condition alike.
    pub fn hash_into(&self, name: &str, into: &mut impl Hasher) {
        match name {
            "review" => self.found.review.hash(into),
            "ltc_listed" => self.has_pathway().hash(into),
            "ltc" => self.facts.ltc.hash(into),
            "flags" => self.found.flags.hash(into),
            "phq9" => self.facts.phq9.hash(into),
            "gad7" => self.facts.gad7.hash(into),
            _ => {
                flag(self.facts, name).hash(into);
                self.number(name).hash(into);
                self.word(name).hash(into);
            }
        }
    }

    /// Whether one of the conditions is on the locality's list of pathways.
    fn has_pathway(&self) -> bool {
        self.facts
            .ltc
            .iter()
            .any(|condition| self.pathways.contains(condition))
    }
}

impl VariableResolver for View<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        if let Some(truth) = self.truth(name) {
            return Some(CowVal::owned(CelBool::from(truth)));
        }
        if let Some(number) = self.number(name) {
            return Some(number.map_or(CowVal::owned(CelNull), |n| CowVal::owned(CelInt::from(n))));
        }
        if let Some(word) = self.word(name) {
            return Some(word.map_or(CowVal::owned(CelNull), |text| {
                CowVal::owned(CelString::from(text))
            }));
        }
        self.list(name)
            .map(|list| list.map_or(CowVal::owned(CelNull), |list| CowVal::owned(CelList::from(list))))
    }
}
