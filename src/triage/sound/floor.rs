//! The floor: certain answers come out at least this urgent, with a flag that says why, whatever else is answered.
//! A service may ask for more, never for less. It stands here and not in the rules, so that no file can take it away.

use serde_json::{Value as Json, json};

use super::super::decision::Priority;
use super::super::facts::Facts;
use super::probe::{Probe, Wish, bases};
use super::safety::is_safety_rule;
use super::{RulesError, Told};
use crate::config::ServiceName;

/// One line of the floor.
pub(super) struct Entry {
    /// The answer in words.
    what: &'static str,
    /// The least urgent priority it may come out with.
    least: Priority,
    /// Whether a person must review before a service is chosen.
    review: bool,
    /// The shipped rule that sees to it.
    shipped: &'static str,
    /// Where the floor comes from.
    source: &'static str,
    /// The answers, as facts.
    cases: fn() -> Json,
}

impl Entry {
    /// The answers, each to be tried by itself.
    pub fn cases(&self) -> Vec<Wish> {
        match (self.cases)() {
            Json::Array(cases) => cases.into_iter().map(Wish::new).collect(),
            case => vec![Wish::new(case)],
        }
    }
}

/// The floor (domain facts, section 4, A1 to A12; section 3: self-booking, ordering, and no grades).
pub(super) const FLOOR: [Entry; 12] = [
    Entry {
        what: "says they may not be safe now",
        least: Priority::P1,
        review: true,
        shipped: "A1",
        source: "safety gates of NHS self-referral forms; NHS England, Staying safe from suicide, 2025",
        cases: || json!([{"crisis_now": "yes"}, {"keep_safe": "no"}, {"keep_safe": "unsure"}]),
    },
    Entry {
        what: "thoughts of death or self-harm nearly every day",
        least: Priority::P1,
        review: false,
        shipped: "A2",
        source: "PHQ-9 item 9",
        cases: || json!([{"item9": 3}, {"item9": 3, "phq9_total": 3}, {"item9": 3, "phq9_total": 27}, {"item9": 3, "phq9_total": null}]),
    },
    Entry {
        what: "thoughts of death or self-harm on some days",
        least: Priority::P2,
        review: false,
        shipped: "A3",
        source: "PHQ-9 item 9",
        cases: || {
            json!([{"item9": 1}, {"item9": 2}, {"item9": 1, "phq9_total": 1}, {"item9": 2, "phq9_total": 26},
                {"item9": 1, "phq9_total": null}, {"item9": 2, "phq9_total": null}])
        },
    },
    Entry {
        what: "safety is not known, because the question was left out or not answered",
        least: Priority::P2,
        review: false,
        shipped: "A4",
        source: "a question left out is not a no",
        cases: || {
            json!([{"crisis_now": "prefer_not"}, {"phq9_started": true, "item9": null},
                {"phq9": [null, null, null, null, null, null, null, null, null]}])
        },
    },
    Entry {
        what: "nobody has asked about safety",
        least: Priority::P4,
        review: false,
        shipped: "A5",
        source: "a question nobody asked is not a no",
        cases: || json!({"crisis_now": "not_asked", "phq9_started": false}),
    },
    Entry {
        what: "thoughts of harming someone else",
        least: Priority::P1,
        review: false,
        shipped: "A6",
        source: "duty to protect others",
        cases: || json!({"harm_to_others": true}),
    },
    Entry {
        what: "harm, control or neglect is reported",
        least: Priority::P2,
        review: false,
        shipped: "A7",
        source: "Care Act 2014, section 42",
        cases: || json!({"safeguarding": true}),
    },
    Entry {
        what: "words in the free text may point to risk",
        least: Priority::P2,
        review: false,
        shipped: "A8",
        source: "the locality's list of risk words only ever raises",
        cases: || json!({"free_text_risk": true}),
    },
    Entry {
        what: "signs of current psychosis or mania",
        least: Priority::P2,
        review: false,
        shipped: "A9",
        source: "Talking Therapies services' referral criteria",
        cases: || json!({"psychosis_mania": true}),
    },
    Entry {
        what: "a new spine symptom",
        least: Priority::P1,
        review: false,
        shipped: "A10",
        source: "NHS and GIRFT guidance on suspected cauda equina",
        cases: || json!({"spine_red_flag": true}),
    },
    Entry {
        what: "pregnant or a baby under 12 months, together with thoughts of death or self-harm",
        least: Priority::P1,
        review: false,
        shipped: "A12",
        source: "MBRRACE-UK red flags",
        cases: || json!([{"perinatal": true, "item9": 1}, {"perinatal": true, "item9": 2}, {"perinatal": true, "item9": 3}]),
    },
    Entry {
        what: "pregnant or a baby under 12 months, together with another safety answer",
        least: Priority::P1,
        review: false,
        shipped: "A12",
        source: "MBRRACE-UK red flags",
        cases: || json!([{"perinatal": true, "free_text_risk": true}, {"perinatal": true, "psychosis_mania": true}]),
    },
];

pub(super) fn check(probe: &Probe<'_, '_>, last_line: usize, told: &mut Told<'_>) {
    let beside = variations(probe);
    let bases = bases();
    let upon = |wish: &Wish| {
        let facts = bases.iter().filter_map(|base| wish.upon(base));
        facts.map(|facts| (wish.clone(), facts)).collect::<Vec<_>>()
    };
    let beside: Vec<(Wish, Facts)> = std::iter::once(&Wish::default())
        .chain(&beside)
        .flat_map(upon)
        .collect();
    for entry in &FLOOR {
        let missed = entry
            .cases()
            .into_iter()
            .find_map(|case| miss(probe, entry, &case, &beside));
        if let Some((case, came_out)) = missed {
            told.faults
                .push(below(probe, entry, &case, &came_out, last_line, told.file));
        }
    }
}

/// The first facts with this answer that come out below the floor, and how they came out.
fn miss(
    probe: &Probe<'_, '_>,
    entry: &Entry,
    case: &Wish,
    beside: &[(Wish, Facts)],
) -> Option<(Wish, String)> {
    let is_free = |other: &Wish| {
        other
            .0
            .iter()
            .all(|(name, _)| case.0.iter().all(|(own, _)| own != name))
    };
    beside
        .iter()
        .filter(|(other, _)| is_free(other))
        .find_map(|(other, facts)| {
            // The answer itself comes last, so that nothing beside it changes it.
            let came_out = shortfall(probe, entry, &case.upon(facts)?)?;
            Some((Wish([case.0.clone(), other.0.clone()].concat()), came_out))
        })
}

/// How these facts stay below the floor, if they do.
fn shortfall(probe: &Probe<'_, '_>, entry: &Entry, facts: &Facts) -> Option<String> {
    let alarm = probe.alarm(facts);
    if alarm.priority > entry.least {
        return Some(alarm.priority.as_str().to_owned());
    }
    if !alarm.has_flag {
        return Some(format!("{} without a safety flag", alarm.priority.as_str()));
    }
    if entry.review && !alarm.review {
        let service = probe.decide(facts).service;
        return (service != ServiceName::Review).then(|| format!("service \"{}\"", service.as_str()));
    }
    None
}

/// What is changed beside the answer: each value of each fact that a safety rule looks at, by itself and in pairs with
/// those that have nothing to do with safety, and a few that every form has.
fn variations(probe: &Probe<'_, '_>) -> Vec<Wish> {
    let always = json!([{"age": 12}, {"age": 95}, {"agreed": false}, {"gp_in_area": "no"}, {"source": "carer"},
        {"bsl": true}, {"interpreter": "ur"}, {"ltc": ["back_pain"], "ltc_linked": "yes", "pain_weeks": 20},
        {"problem": "ptsd"}, {"perinatal": true}, {"phq9_started": false}, {"crisis_now": "not_asked"}]);
    let Json::Array(always) = always else {
        return Vec::new();
    };
    let mut names: Vec<&str> = Vec::new();
    for (_, rule) in probe.tried.places().filter(|(_, rule)| is_safety_rule(rule)) {
        names.extend(rule.names().iter().map(String::as_str));
    }
    names.sort_unstable();
    names.dedup();
    let single = |name: &&str| {
        let values = probe.tried.values(name).iter();
        let name = (*name).to_owned();
        values
            .map(move |value| Wish::of_case(&[(&name, value)]))
            .collect::<Vec<_>>()
    };
    let singles: Vec<Wish> = names
        .iter()
        .flat_map(single)
        .filter(|wish| !wish.0.is_empty())
        .collect();
    let mut all: Vec<Wish> = always.into_iter().map(Wish::new).chain(singles.clone()).collect();
    for (at, one) in singles.iter().enumerate() {
        let later = singles.iter().skip(at + 1);
        let pairs = later
            .filter(|other| one.0.first().map(|(name, _)| name) != other.0.first().map(|(name, _)| name));
        all.extend(pairs.map(|other| Wish([one.0.clone(), other.0.clone()].concat())));
    }
    all
}

/// The fault, at the rule that should see to it, or at the end of the file if there is none.
fn below(
    probe: &Probe<'_, '_>,
    entry: &Entry,
    case: &Wish,
    came_out: &str,
    last_line: usize,
    file: &str,
) -> RulesError {
    let answers: Vec<&str> = case.0.iter().take(1).map(|(name, _)| name.as_str()).collect();
    let looks = |name: &String| answers.contains(&name.as_str());
    let rules = || probe.tried.places().map(|(_, rule)| rule);
    let own = rules()
        .find(|rule| rule.id == entry.shipped)
        .or_else(|| rules().find(|rule| is_safety_rule(rule) && rule.names().iter().any(looks)));
    let asked = if entry.review {
        format!("at least {}, review and a safety flag", entry.least.as_str())
    } else {
        format!("at least {} and a safety flag", entry.least.as_str())
    };
    let who = match own {
        Some(rule) => format!("Let {} see to it", rule.id),
        None => format!("Add a rule like {} of the rules that ship", entry.shipped),
    };
    RulesError {
        file: file.to_owned(),
        line: own.map_or(last_line.max(1), |rule| rule.lines.id),
        rule: own.map(|rule| rule.id.clone()),
        key: None,
        message: format!(
            "below the floor: \"{}\" (when {}) comes out as {came_out}; asked is {asked}, whatever else is answered \
             ({}). {who}",
            entry.what,
            case.told(),
            entry.source
        ),
    }
}
