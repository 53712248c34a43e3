//! What a patient gave us, as their copy says it: each answer in the words that stood beside it. No total is worked out.

use super::copy::Line;
use crate::patient::fields::shown_phone;
use crate::questionnaire::{Answers, Condition, GAD7, PHQ9, Sheet, Veteran};
use crate::referrals::{CaseSheet, ContactDetails, Person};
use crate::triage::Facts;
use crate::values::{NhsNumber, Postcode};

/// Who they are.
pub(super) fn about(person: &Person) -> Vec<Line> {
    let born = person
        .date_of_birth
        .map(|born| born.strftime("%-d %B %Y").to_string());
    let nhs = person
        .nhs_number
        .as_deref()
        .map(|stored| NhsNumber::parse(stored).map_or_else(|_| stored.to_owned(), |number| number.display()));
    let mut lines = Vec::new();
    push(
        &mut lines,
        "Name",
        Some(person.name.clone()).filter(|name| !name.is_empty()),
    );
    push(&mut lines, "Date of birth", born);
    push(&mut lines, "NHS number", nhs);
    lines.extend(reached(&ContactDetails::of(person)));
    push(&mut lines, "GP surgery", person.gp_surgery.clone());
    push(&mut lines, "GP surgery code", person.gp_ods.clone());
    push(&mut lines, "Helped by", person.helper.clone());
    lines
}

/// How they are reached.
pub(super) fn reached(details: &ContactDetails) -> Vec<Line> {
    let yes_no = |allowed: bool| Some(if allowed { "Yes" } else { "No" }.to_owned());
    let mut lines = Vec::new();
    let phone = details.phone.as_deref().map(|stored| shown_phone(Some(stored)));
    push(&mut lines, "Phone number", phone);
    push(&mut lines, "Email address", details.email.clone());
    push(
        &mut lines,
        "May we leave a voicemail",
        yes_no(details.voicemail_ok),
    );
    push(&mut lines, "May we send a text", yes_no(details.text_ok));
    push(&mut lines, "May we write", yes_no(details.write_ok));
    push(&mut lines, "Good time to call", details.best_time.clone());
    let mut address = details.address.clone();
    let nowhere = Postcode::no_fixed_abode();
    address.extend(
        details
            .postcode
            .as_deref()
            .map(|postcode| match postcode == nowhere.as_str() {
                true => "No fixed address".to_owned(),
                false => postcode.to_owned(),
            }),
    );
    push(
        &mut lines,
        "Address",
        Some(address.join(", ")).filter(|text| !text.is_empty()),
    );
    lines
}

/// What they answered at one time. What nobody asked is left out; it is no "no".
pub(super) fn answered(sheet: &CaseSheet) -> Vec<Line> {
    let facts = &sheet.facts;
    let answers = sheet.answers.as_deref();
    let asked = |key: &str| !sheet.not_asked.iter().any(|unasked| unasked == key);
    let mut lines = Vec::new();
    let safe = facts.crisis_now.filter(|_| asked("crisis_now"));
    push(
        &mut lines,
        "In danger now",
        safe.map(|answer| answer.label().to_owned()),
    );
    let keeps = facts.keep_safe.map(|answer| answer.label().to_owned());
    push(&mut lines, "Can you keep yourself safe", keeps);
    let problem = match answers {
        Some(answers) => answers.problem,
        None => Some(facts.problem),
    };
    push(
        &mut lines,
        "Help with",
        problem.map(|problem| problem.label().to_owned()),
    );
    push(&mut lines, "Health conditions", conditions(facts, answers));
    let linked = (!facts.ltc.is_empty()).then(|| facts.ltc_linked.label().to_owned());
    push(&mut lines, "Body and mood affect each other", linked);
    let lasted = match answers.and_then(|answers| answers.pain_length) {
        Some(length) => Some(length.label().to_owned()),
        None => facts.pain_weeks.map(|weeks| format!("{weeks} weeks or more")),
    };
    push(&mut lines, "How long the pain has lasted", lasted);
    push(&mut lines, "You ticked", ticked(facts, answers));
    push(
        &mut lines,
        "GP surgery in the area",
        Some(facts.gp_in_area.label().to_owned()),
    );
    push(&mut lines, "Interpreter", facts.interpreter.clone());
    push(
        &mut lines,
        "British Sign Language",
        facts.bsl.then(|| "Yes".to_owned()),
    );
    if let Some(answers) = answers {
        let needs = answers.needs.as_ref();
        let own = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        push(
            &mut lines,
            "What else would help",
            own(needs.map(|needs| needs.format_need.as_str())),
        );
        push(
            &mut lines,
            "Language",
            own(needs.map(|needs| needs.other_language.as_str())),
        );
        push(
            &mut lines,
            "In your own words",
            own(answers.anything_else.as_deref()),
        );
    }
    lines.extend(items(&PHQ9, facts.phq9.as_ref().map(|items| &items[..])));
    lines.extend(items(&GAD7, facts.gad7.as_ref().map(|items| &items[..])));
    for wrong in &sheet.needs_checking {
        lines.push(Line::new("You typed", wrong.clone()));
    }
    lines
}

fn push(lines: &mut Vec<Line>, label: &str, value: Option<String>) {
    lines.extend(value.map(|value| Line::new(label, value)));
}

fn conditions(facts: &Facts, answers: Option<&Answers>) -> Option<String> {
    let mut named: Vec<String> = facts
        .ltc
        .iter()
        .map(|key| {
            Condition::from_key(key)
                .map_or(key.as_str(), |known| known.label())
                .to_owned()
        })
        .collect();
    let other = answers.and_then(|answers| answers.long_term.as_ref());
    named.extend(
        other
            .map(|given| given.other.clone())
            .filter(|other| !other.is_empty()),
    );
    Some(named.join(", ")).filter(|text| !text.is_empty())
}

/// The boxes of every list that were ticked.
fn ticked(facts: &Facts, answers: Option<&Answers>) -> Option<String> {
    let spine = answers.and_then(|answers| answers.spine).unwrap_or_default();
    let boxes = [
        (spine.saddle_numbness, "New numbness between the legs"),
        (spine.bladder_or_bowel, "New bladder or bowel trouble"),
        (spine.both_legs_weak, "New weakness in both legs"),
        (
            facts.spine_red_flag && answers.is_none(),
            "A new sign that can come from the spine",
        ),
        (facts.harm_to_others, "Thoughts of harming someone else"),
        (
            facts.safeguarding,
            "Someone harms, controls or neglects me or someone near me",
        ),
        (
            facts.psychosis_mania,
            "Hearing or seeing things, or far too much energy",
        ),
        (facts.secondary_mh, "Seen by a mental health team"),
        (facts.substance_main, "Alcohol or drugs are the main problem"),
        (facts.eating_disorder, "An eating disorder"),
        (
            facts.step2_no_benefit,
            "Self-help or a course did not help before",
        ),
        (facts.perinatal, "Pregnant, or a baby under 12 months"),
        (facts.work_affected, "Off sick, or a job at risk"),
        (facts.veteran != Veteran::No, "Served in the armed forces"),
        (
            facts.veteran == Veteran::ServiceRelated,
            "The problem is linked to that service",
        ),
    ];
    let named: Vec<&str> = boxes
        .iter()
        .filter(|(on, _)| *on)
        .map(|(_, words)| *words)
        .collect();
    Some(named.join(", ")).filter(|text| !text.is_empty())
}

/// The items of a questionnaire, each with the answer as it stood on the page.
fn items(sheet: &'static Sheet, answers: Option<&[Option<u8>]>) -> Vec<Line> {
    let given = sheet.items.iter().zip(answers.unwrap_or_default());
    given
        .map(|(item, answer)| {
            let word = answer.and_then(|answer| sheet.labels.get(usize::from(answer)));
            Line::new(*item, word.copied().unwrap_or("Not answered"))
        })
        .collect()
}
