//! No self-booking over a flag: whoever raised a safety flag, or is P1 or P2, is offered nothing to book; a person
//! speaks first (domain facts, sections 3 and 4 F).

use std::collections::BTreeMap;

use super::super::decision::{Decision, Priority, SelfBooking};
use super::super::facts::Facts;
use super::super::meaning::is_safety_flag;
use super::super::rules::Group;
use super::floor::FLOOR;
use super::places::is_found;
use super::probe::{Probe, Wish, bases};
use super::safety::is_safety_rule;
use super::{Key, Told};

/// The most cases taken of one rule.
const CASES: usize = 24;

/// The most quiet backgrounds that a worry is tried before.
const BACKGROUNDS: usize = 400;

pub(super) fn check(probe: &Probe<'_, '_>, told: &mut Told<'_>) {
    let quiet = open_backgrounds(probe);
    let mut found: BTreeMap<usize, (String, String)> = BTreeMap::new();
    for background in &quiet {
        note(probe, background, &Wish::default(), &mut found);
    }
    for worry in worries(probe) {
        for background in &quiet {
            if let Some(facts) = worry.upon(background) {
                note(probe, &facts, &worry, &mut found);
            }
        }
    }
    for (place, (booking, case)) in found {
        if let Some(rule) = probe.tried.rule(place) {
            let message = format!(
                "gives booking \"{booking}\" over a safety answer: {case}. Nobody books over a flag: put a rule above it \
                 in the group that gives \"none\" there, or ask for less here"
            );
            told.add(rule, Key::When, message);
        }
    }
}

/// Notes which rule gave a booking although something worries.
fn note(probe: &Probe<'_, '_>, facts: &Facts, worry: &Wish, found: &mut BTreeMap<usize, (String, String)>) {
    let decision = probe.decide(facts);
    let flag = decision.flags.iter().find(|flag| is_safety_flag(flag));
    let worries = flag.is_some() || decision.priority <= Priority::P2;
    if !worries || decision.booking == SelfBooking::None {
        return;
    }
    let Some(place) = booked_by(probe, &decision) else {
        return;
    };
    let what = match flag {
        Some(flag) => format!("{flag}, {}", decision.priority.as_str()),
        None => decision.priority.as_str().to_owned(),
    };
    let when = if worry.0.is_empty() {
        String::new()
    } else {
        format!(", when {}", worry.told())
    };
    let case = format!("{what}{when}");
    found
        .entry(place)
        .or_insert_with(|| (decision.booking.as_str().to_owned(), case));
}

/// The rule of the group that gave the booking.
fn booked_by(probe: &Probe<'_, '_>, decision: &Decision) -> Option<usize> {
    let spoke = |id: &str| decision.reasons.iter().any(|reason| reason.rule == id);
    let mut booking = probe
        .tried
        .places()
        .filter(|(_, rule)| rule.group == Some(Group::Booking));
    booking.find(|(_, rule)| spoke(&rule.id)).map(|(at, _)| at)
}

/// Everything that worries: what the floor names, and each case of each safety rule. Of those that look alike to all
/// rules of the groups one is enough.
fn worries(probe: &Probe<'_, '_>) -> Vec<Wish> {
    let floor = FLOOR.iter().flat_map(|entry| entry.cases());
    let safety = probe.tried.places().filter(|(_, rule)| is_safety_rule(rule));
    let cases = safety.flat_map(|(place, _)| probe.tried.cases(place, CASES));
    let looked_at = |name: &str| {
        let mut grouped = probe.tried.places().filter(|(_, rule)| rule.group.is_some());
        grouped.any(|(_, rule)| rule.names().iter().any(|own| own == name))
    };
    let [quiet, _] = bases();
    let mut worries: BTreeMap<String, Wish> = BTreeMap::new();
    for worry in floor.chain(cases.map(|case| Wish::of_case(&case))) {
        let Some(facts) = worry.upon(&quiet) else {
            continue;
        };
        let decision = probe.decide(&facts);
        let seen = worry.0.iter().filter(|(name, _)| looked_at(name)).cloned();
        let seen = Wish(seen.collect()).told();
        let alike = format!(
            "{:?} {:?} {:?} {seen}",
            decision.flags, decision.priority, decision.service
        );
        worries.entry(alike).or_insert(worry);
    }
    worries.into_values().collect()
}

/// Quiet facts with which something may be booked: each service and step the rules lead to, beside each case of the
/// facts that the rules of booking look at.
fn open_backgrounds(probe: &Probe<'_, '_>) -> Vec<Facts> {
    let [quiet, bare] = bases();
    let mut led: BTreeMap<(String, String), Facts> = BTreeMap::new();
    let empty = vec![Wish::default()];
    let services = [empty.clone(), cases_of(probe, Group::Service, 4)].concat();
    let steps = [empty, cases_of(probe, Group::Step, 2)].concat();
    for service in &services {
        for step in &steps {
            for base in [&quiet, &bare] {
                let Some(facts) = service.upon(base).and_then(|facts| step.upon(&facts)) else {
                    continue;
                };
                let decision = probe.decide(&facts);
                let led_to = (
                    decision.service.as_str().to_owned(),
                    decision.step.as_str().to_owned(),
                );
                led.entry(led_to).or_insert(facts);
            }
        }
    }
    let mut open = Vec::new();
    let cases = booking_cases(probe);
    for facts in led.values() {
        for case in &cases {
            let beside = case.upon(facts).filter(|facts| !open.contains(facts));
            if let Some(facts) = beside
                && probe.decide(&facts).booking != SelfBooking::None
            {
                open.push(facts);
            }
        }
    }
    let step = open.len().div_ceil(BACKGROUNDS).max(1);
    open.into_iter().step_by(step).collect()
}

/// Some cases of each rule of a group, as facts.
fn cases_of(probe: &Probe<'_, '_>, group: Group, most: usize) -> Vec<Wish> {
    let own = probe.tried.places().filter(|(_, rule)| rule.group == Some(group));
    let cases = own.flat_map(|(place, _)| probe.tried.cases(place, most));
    cases.map(|case| Wish::of_case(&case)).collect()
}

/// Each combination of the facts that the rules of booking look at.
fn booking_cases(probe: &Probe<'_, '_>) -> Vec<Wish> {
    let own = probe
        .tried
        .places()
        .filter(|(_, rule)| rule.group == Some(Group::Booking));
    let mut names: Vec<&str> = own
        .flat_map(|(_, rule)| rule.names())
        .map(String::as_str)
        .collect();
    names.retain(|name| !is_found(name));
    names.sort_unstable();
    names.dedup();
    let mut cases = vec![Wish::default()];
    for name in names {
        let values = probe.tried.values(name);
        if cases.len().saturating_mul(values.len()) > BACKGROUNDS * 4 {
            // Beyond that each value is tried by itself.
            cases.extend(values.iter().map(|value| Wish::of_case(&[(name, value)])));
            continue;
        }
        let with = |case: &Wish| {
            let more = values.iter().map(|value| Wish::of_case(&[(name, value)]));
            more.map(|more| Wish([case.0.clone(), more.0].concat()))
                .collect::<Vec<_>>()
        };
        cases = cases.iter().flat_map(with).collect();
    }
    cases
}
