//! What a rule looked at, in words a clinician reads: "PHQ-9 item 9: 2", "Linked to how they feel: not sure".

use super::facts::{Facts, Source};
use super::meaning::{flag_meaning, step_meaning};
use super::rules::Rule;
use super::view::{View, flag};
use crate::config::{Locality, ServiceName};
use crate::questionnaire::{Condition, CrisisNow, GpInArea, KeepSafe, Linked, Veteran};

/// The name of a fact as staff read it; `None` for what is no fact of its own.
pub(super) fn fact_name(key: &str) -> Option<&'static str> {
    Some(match key {
        "age" => "Age",
        "min_age" => "Youngest age here",
        "gp_in_area" => "GP surgery in the area",
        "agreed" => "Agreed to be referred",
        "source" => "Filled in by",
        "pad_target" => "Ticked on the slip",
        "crisis_now" => "Not safe right now, or someone in danger",
        "keep_safe" => "Can keep themselves safe",
        "phq9" => "PHQ-9 answers",
        "gad7" => "GAD-7 answers",
        "phq9_started" => "PHQ-9 started",
        "phq9_total" => "PHQ-9 total",
        "item9" => "PHQ-9 item 9",
        "gad7_total" => "GAD-7 total",
        "wsas" | "wsas_total" => "WSAS total",
        "harm_to_others" => "Thoughts of harming someone else",
        "safeguarding" => "Harm, control or neglect",
        "free_text_risk" => "Worrying words in the free text",
        "psychosis_mania" => "Unusual experiences, or far too much energy",
        "spine_red_flag" => "New numbness, bladder or bowel change, weak legs",
        "secondary_mh" => "Under a mental health team",
        "substance_main" => "Alcohol or drugs are the main problem",
        "eating_disorder" => "An eating disorder",
        "step2_no_benefit" => "Self-help or a course did not help before",
        "perinatal" => "Pregnant, or a baby under 12 months",
        "work_affected" => "Off sick, or job at risk",
        "bsl" => "British Sign Language",
        "format_need" => "Needs another format",
        "no_voicemail" => "Do not leave a voicemail",
        "problem" => "Main problem, as they put it",
        "ltc" | "has_ltc" => "Long-term conditions",
        "ltc_listed" => "A condition is on the local list of pathways",
        "ltc_linked" => "Linked to how they feel",
        "pain_weeks" => "Pain for at least",
        "veteran" => "Served in the armed forces",
        "interpreter" => "Interpreter",
        _ => return None,
    })
}

/// One fact of these, in words: "yes", "back pain", "12 weeks".
pub(super) fn fact_value(facts: &Facts, key: &str, locality: &Locality) -> String {
    let words = match key {
        "age" => return facts.age.to_string(),
        "min_age" => return facts.min_age.to_string(),
        "phq9" => return answers(facts.phq9.as_ref().map(|items| &items[..])),
        "gad7" => return answers(facts.gad7.as_ref().map(|items| &items[..])),
        "phq9_total" => return total(facts.phq9_total(), facts.phq9.as_ref().map(|items| &items[..])),
        "gad7_total" => return total(facts.gad7_total(), facts.gad7.as_ref().map(|items| &items[..])),
        "wsas" | "wsas_total" => {
            let answered = facts.wsas.is_some();
            let none = if answered {
                "none, an item was skipped"
            } else {
                "not answered"
            };
            return facts.wsas_total().map_or(none.to_owned(), |sum| sum.to_string());
        }
        "item9" => {
            let none = if facts.phq9.is_some() {
                "left out"
            } else {
                "not asked"
            };
            return facts.item9().map_or(none.to_owned(), |answer| answer.to_string());
        }
        "ltc" | "has_ltc" => return conditions(&facts.ltc),
        "pain_weeks" => return facts.pain_weeks.map_or("not known".to_owned(), weeks),
        "interpreter" => {
            // `und`: a language that is not named.
            let needed = |code: &String| match code.as_str() {
                "und" => "needed".to_owned(),
                code => format!("needed ({code})"),
            };
            return facts.interpreter.as_ref().map_or("not needed".to_owned(), needed);
        }
        "problem" => return facts.problem.label().to_owned(),
        "pad_target" => match facts.pad_target {
            Some(service) => return service_name(service, locality),
            None => "nothing",
        },
        "gp_in_area" => match facts.gp_in_area {
            GpInArea::Yes => "yes",
            GpInArea::No => "no",
            GpInArea::Unknown => "not known",
        },
        "source" => match facts.source {
            Source::Patient => "the patient",
            Source::Physio => "a physiotherapist with the patient",
            Source::Gp => "a GP",
            Source::Carer => "a carer or helper",
        },
        "crisis_now" => match facts.crisis_now {
            Some(CrisisNow::Yes) => "yes",
            Some(CrisisNow::No) => "no",
            Some(CrisisNow::PreferNot) => "would rather not say",
            None => "not asked",
        },
        "keep_safe" => match facts.keep_safe {
            Some(KeepSafe::Yes) => "yes",
            Some(KeepSafe::No) => "no",
            Some(KeepSafe::Unsure) => "not sure",
            None => "not asked",
        },
        "ltc_linked" => match facts.ltc_linked {
            Linked::Yes => "yes",
            Linked::No => "no",
            Linked::Unsure => "not sure",
        },
        "veteran" => match facts.veteran {
            Veteran::No => "no",
            Veteran::Yes => "yes",
            Veteran::ServiceRelated => "yes, and the problem is linked to it",
        },
        _ => match flag(facts, key) {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        },
    };
    words.to_owned()
}

fn weeks(weeks: u16) -> String {
    match weeks {
        1 => "1 week".to_owned(),
        _ => format!("{weeks} weeks"),
    }
}

fn answers(items: Option<&[Option<u8>]>) -> String {
    let Some(items) = items else {
        return "not answered".to_owned();
    };
    let told = items
        .iter()
        .map(|item| item.map_or("left out".to_owned(), |answer| answer.to_string()));
    told.collect::<Vec<String>>().join(", ")
}

fn total(total: Option<u8>, items: Option<&[Option<u8>]>) -> String {
    let skipped = items.map(|items| items.iter().filter(|item| item.is_none()).count());
    match (total, skipped) {
        (Some(total), _) => total.to_string(),
        (None, None) => "none, not answered".to_owned(),
        (None, Some(1)) => "none, 1 item was skipped".to_owned(),
        (None, Some(many)) => format!("none, {many} items were skipped"),
    }
}

fn conditions(named: &[String]) -> String {
    match named.is_empty() {
        true => "none named".to_owned(),
        false => named
            .iter()
            .map(|key| condition(key))
            .collect::<Vec<String>>()
            .join(", "),
    }
}

/// A long-term condition in running text.
pub(super) fn condition(key: &str) -> String {
    let label = Condition::from_key(key).map_or(key, |known| known.label());
    let mut letters = label.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A service as this locality's staff call it.
pub(super) fn service_name(service: ServiceName, locality: &Locality) -> String {
    locality.service(service).staff_name.clone()
}

/// Which question a name belongs to, for those that nobody asked.
fn question_of(name: &str) -> &str {
    match name {
        "item9" | "phq9_total" | "phq9_started" => "phq9",
        other => other,
    }
}

/// One thing that a rule looked at, in words; `None` where there is nothing to say.
pub(super) fn told(
    view: &View<'_>,
    rule: &Rule,
    name: &str,
    not_asked: &[String],
    locality: &Locality,
) -> Option<String> {
    let known = fact_name(name);
    if let Some(known) = known
        && not_asked.iter().any(|key| key == question_of(name))
    {
        return Some(format!("{known}: not asked"));
    }
    match (known, name) {
        // Which conditions have a pathway, the facts do not know.
        (Some(known), "ltc_listed") => Some(format!("{known}: {}", truth(view, name))),
        (Some(known), _) => Some(format!("{known}: {}", fact_value(view.facts, name, locality))),
        (None, "review") => Some(format!("A rule above asks for a person: {}", truth(view, name))),
        (None, "priority") => Some(format!("Priority so far: {}", view.found.priority.as_str())),
        (None, "service") => {
            let service = view.found.service;
            Some(format!(
                "Service: {}",
                service.map_or("not chosen yet".to_owned(), |one| service_name(one, locality))
            ))
        }
        (None, "step") => Some(format!(
            "Step: {}",
            view.found.step.map_or("not chosen yet", step_meaning)
        )),
        (None, "flags") => Some(flags(view, rule)),
        (None, _) => None,
    }
}

fn truth(view: &View<'_>, name: &str) -> &'static str {
    match view.truth(name) {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    }
}

/// The flags raised so far that the rule asks about.
fn flags(view: &View<'_>, rule: &Rule) -> String {
    let asked = &rule.condition.written.words;
    let is_asked = |flag: &&&str| asked.iter().any(|word| flag.starts_with(word.as_str()));
    let raised: Vec<String> = view
        .found
        .flags
        .iter()
        .filter(is_asked)
        .map(|flag| flag_meaning(flag).map_or_else(|| flag.to_lowercase().replace('_', " "), str::to_owned))
        .collect();
    match raised.is_empty() {
        true => "Flags it asks about: none raised".to_owned(),
        false => format!("Flags above: {}", raised.join("; ")),
    }
}
