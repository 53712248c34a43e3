//! A rule said aloud. Receives a rule, says its condition and its effect in sentences that a clinician can read out,
//! and hands on what it cannot say as it is written. Never evaluates anything.

mod atoms;
mod phrases;

use cel::common::ast::operators::{LOGICAL_AND, LOGICAL_OR};
use cel::common::ast::{Expr, IdedExpr};

use super::meaning::{booking_meaning, flag_meaning, priority_meaning, step_meaning};
use super::rules::Rule;
use super::{Priority, is_safety_flag};
use crate::config::ServiceName;
use atoms::{Measured, measured};

/// A condition in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It always holds: "in every other case".
    Always,
    /// One thing.
    One(String),
    /// One of several things is enough.
    Any(Vec<String>),
    /// Several things together.
    All(Vec<String>),
    /// There are no words for it: as written.
    AsWritten(String),
}

/// The condition of a rule in words.
pub fn condition_said(rule: &Rule) -> Said {
    let expression = rule.condition.expression();
    if rule.condition.always {
        return Said::Always;
    }
    let several = |operator: &str| {
        let said: Option<Vec<String>> = parts(expression, operator).iter().map(say_part).collect();
        said.map(|mut said| match said.len() {
            1 => Said::One(said.remove(0)),
            _ if operator == LOGICAL_OR => Said::Any(said),
            _ => Said::All(said),
        })
    };
    let said = match operator_of(expression) {
        Some(operator) => several(operator),
        None => say(expression).map(Said::One),
    };
    said.unwrap_or_else(|| Said::AsWritten(rule.when.clone()))
}

/// What a rule does, one phrase each.
pub fn effect_said(rule: &Rule) -> Vec<String> {
    let then = &rule.then;
    let mut said = Vec::new();
    if let Some(priority) = then.priority.filter(|priority| *priority != Priority::P4) {
        said.push(format!(
            "at least {} ({})",
            priority.as_str(),
            lower(priority_meaning(priority))
        ));
    }
    said.extend(then.service.map(|service| match service {
        ServiceName::Review => "a person reviews before a service is chosen".to_owned(),
        ServiceName::Core | ServiceName::Hwb => format!("service: {}", phrases::service(service)),
    }));
    said.extend(
        then.step
            .map(|step| format!("step: {}", lower(step_meaning(step)))),
    );
    said.extend(
        then.booking
            .map(|booking| format!("booking: {}", lower(booking_meaning(booking)))),
    );
    said.extend(then.flags.iter().map(|flag| {
        let kind = if is_safety_flag(flag) {
            "safety flag"
        } else {
            "flag"
        };
        format!("{kind} “{}”", flag_words(flag))
    }));
    said
}

/// A whole rule as one reads it out: "A3. If item 9 of PHQ-9 is 1 or 2: at least P2 …".
pub fn aloud(rule: &Rule) -> String {
    let when = match condition_said(rule) {
        Said::Always => "In every other case".to_owned(),
        Said::One(one) => format!("If {one}"),
        Said::Any(any) => format!("If {}", joined(&any, "or")),
        Said::All(all) => format!("If {}", joined(&all, "and")),
        Said::AsWritten(written) => format!("If {written}"),
    };
    format!(
        "{}. {when}: {}. Reason: {} Source: {}",
        rule.id,
        effect_said(rule).join("; "),
        ended(&rule.text),
        ended(&rule.source)
    )
}

/// What a flag means, or its name in small letters.
fn flag_words(flag: &str) -> String {
    flag_meaning(flag).map_or_else(|| flag.to_lowercase().replace('_', " "), str::to_owned)
}

/// With a full stop at the end.
fn ended(text: &str) -> String {
    let text = text.trim_end();
    let is_ended = text.trim_end_matches(')').ends_with(['.', '?', '!']);
    format!("{text}{}", if is_ended { "" } else { "." })
}

/// With a small first letter, unless it is a name such as "PHQ-9".
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|first| first.to_lowercase().collect::<String>());
    let is_word = letters.clone().next().is_some_and(|second| second.is_lowercase());
    match first {
        Some(first) if is_word && !text.starts_with("Step") => format!("{first}{}", letters.as_str()),
        _ => text.to_owned(),
    }
}

fn operator_of(expression: &IdedExpr) -> Option<&'static str> {
    let Expr::Call(call) = &expression.expr else {
        return None;
    };
    [LOGICAL_OR, LOGICAL_AND]
        .into_iter()
        .find(|operator| *operator == call.func_name)
}

/// A part of a chain, or several that are said as one.
enum Part<'e> {
    Whole(&'e IdedExpr),
    /// The same fact measured several times: "is 1 or 2", "is 16 to 19".
    Measured(Vec<Measured<'e>>, &'static str),
}

/// The parts of a chain of one operator: a null test goes where the fact is measured anyway, and one fact measured
/// several times in a row is one part.
fn parts<'e>(expression: &'e IdedExpr, operator: &str) -> Vec<Part<'e>> {
    let mut flat = Vec::new();
    flatten(expression, operator, &mut flat);
    let and = operator == LOGICAL_AND;
    let is_measured = |name: &str| {
        flat.iter()
            .any(|part| measured(part).is_some_and(|fact| fact.name == name))
    };
    let mut parts: Vec<Part<'e>> = Vec::new();
    for part in flat.iter().copied() {
        if and && atoms::null_test(part).is_some_and(|(name, is_null)| !is_null && is_measured(name)) {
            continue;
        }
        match (measured(part), parts.last_mut()) {
            (Some(fact), Some(Part::Measured(facts, _)))
                if facts
                    .iter()
                    .all(|other| other.name == fact.name && other.goes_with(&fact, and)) =>
            {
                facts.push(fact);
            }
            (Some(fact), _) => parts.push(Part::Measured(vec![fact], if and { "and" } else { "or" })),
            (None, _) => parts.push(Part::Whole(part)),
        }
    }
    parts
}

fn flatten<'e>(expression: &'e IdedExpr, operator: &str, flat: &mut Vec<&'e IdedExpr>) {
    match &expression.expr {
        Expr::Call(call) if call.func_name == operator => {
            call.args.iter().for_each(|arg| flatten(arg, operator, flat));
        }
        _ => flat.push(expression),
    }
}

fn say_part(part: &Part<'_>) -> Option<String> {
    match part {
        Part::Whole(expression) => say(expression),
        Part::Measured(facts, word) => atoms::say_measured(facts, word),
    }
}

/// An expression within a sentence.
fn say(expression: &IdedExpr) -> Option<String> {
    let Some(operator) = operator_of(expression) else {
        return atoms::say(expression);
    };
    let said: Option<Vec<String>> = parts(expression, operator).iter().map(say_part).collect();
    let said = said?;
    Some(match (operator == LOGICAL_OR, said.as_slice()) {
        (_, [one]) => one.clone(),
        (true, [one, other]) => format!("either {one} or {other}"),
        (true, several) => format!("one of these is so: {}", several.join("; ")),
        (false, [one, other]) => format!("{one}, and {other}"),
        (false, several) => several.join(", and "),
    })
}

/// "a, b or c".
fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{}, {word} {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::{DEFAULT_RULES, RuleSet};

    fn rules(text: &str) -> RuleSet {
        RuleSet::parse("x.toml", text, &[]).unwrap_or_else(|wrong| panic!("{wrong}"))
    }

    fn said(id: &str) -> String {
        let rules = rules(DEFAULT_RULES);
        aloud(rules.rules.iter().find(|rule| rule.id == id).expect("the rule"))
    }

    #[test]
    fn every_rule_that_ships_can_be_read_aloud() {
        for rule in rules(DEFAULT_RULES).rules {
            let aloud = aloud(&rule);
            assert!(!matches!(condition_said(&rule), Said::AsWritten(_)), "{aloud}");
            for sign in [
                "==",
                "!=",
                "&&",
                "||",
                ">=",
                "<=",
                "null",
                "_",
                "['",
                "startsWith",
                "!(",
            ] {
                assert!(!aloud.contains(sign), "{sign} in {aloud}");
            }
        }
    }

    #[test]
    fn it_sounds_like_somebody_speaking() {
        for (id, sounds) in [
            (
                "A3",
                "A3. If item 9 of PHQ-9 is 1 or 2: at least P2 (read today, contact by the end of the next working \
                 day); safety flag “Reported thoughts of death or self-harm”. Reason: Reported thoughts of death or \
                 self-harm. (The clinical lead may set every such answer to P1.) Source: PHQ-9 item 9; NHS England, \
                 Staying safe from suicide (2025).",
            ),
            (
                "D10",
                "D10. If the PHQ-9 total is 16 to 19: flag “PHQ-9 of 16 to 19”. Reason: PHQ-9 total of 16 to 19. \
                 Source: NICE NG222 (to be confirmed by the clinical lead).",
            ),
            (
                "D6",
                "D6. If the main problem they ticked is thoughts or acts that keep coming back (OCD), and either the \
                 GAD-7 total is 15 or more or the WSAS total is 21 or more: step: Step 3. Reason: Intrusive thoughts \
                 or repeated actions, with GAD-7 of 15 or more or WSAS of 21 or more. Source: NICE stepped care, as \
                 given by Bucks Talking Therapies.",
            ),
            (
                "F3",
                "F3. In every other case: booking: may book an assessment. Reason: May choose a time for an \
                 assessment. Source: Proposed.",
            ),
        ] {
            assert_eq!(said(id), sounds);
        }
    }

    #[test]
    fn what_there_are_no_words_for_is_shown_as_written() {
        let odd = DEFAULT_RULES.replace("when = \"bsl\"", "when = \"age * 2 > min_age\"");
        let rules = rules(&odd);
        let rule = rules.rules.iter().find(|rule| rule.id == "E5").expect("E5");
        assert_eq!(
            condition_said(rule),
            Said::AsWritten("age * 2 > min_age".to_owned())
        );
    }
}
