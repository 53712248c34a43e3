//! What was answered, as "check your answers" shows it: a few words for each question, by page.

use super::draft::Draft;
use super::fields::shown_phone;
use super::{language, question};
use crate::questionnaire::{Answers, GpSurgery, Question, Scale, Veteran};
use crate::values::NhsNumber;
use crate::web::paths;

/// One line: what was asked, what was answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub key: &'static str,
    pub value: String,
}

/// What one page asked, and where to change it.
pub(super) struct Section {
    pub title: &'static str,
    pub change: String,
    pub rows: Vec<Row>,
}

/// Every page of the way, in order, with its questions.
pub(super) fn sections(draft: &Draft) -> Vec<Section> {
    let journey = draft.journey();
    let sections = journey.pages().map(|page| {
        let questions = page.questions().iter();
        let asked = questions.filter(|question| question.is_asked(&draft.answers, draft.context()));
        Section {
            title: question::title(page),
            change: paths::refer(page.number()),
            rows: asked
                .filter_map(|question| row(*question, &draft.answers))
                .collect(),
        }
    });
    sections.filter(|section| !section.rows.is_empty()).collect()
}

fn row(question: Question, answers: &Answers) -> Option<Row> {
    let (key, value) = match question {
        Question::Safety => ("In danger now", answers.crisis_now?.label().to_owned()),
        Question::Name => ("Name", name(answers)?),
        Question::BirthDate => ("Date of birth", answers.born?.strftime("%-d %B %Y").to_string()),
        Question::GpSurgery => ("GP surgery", gp_surgery(answers)?),
        Question::NhsNumber => ("NHS number", nhs_number(answers.nhs_number.as_deref()?)),
        Question::Contact => ("How to reach you", contact(answers)?),
        Question::Address => ("Address", address(answers)?),
        Question::Needs => ("What you need", needs(answers)?),
        Question::Problem => ("Help with", answers.problem?.label().to_owned()),
        Question::AnythingElse => ("In your own words", or_nothing(answers.anything_else.as_deref()?)),
        Question::LongTerm => ("Health conditions", conditions(answers)?),
        Question::Linked => (
            "Body and mood affect each other",
            answers.linked?.label().to_owned(),
        ),
        Question::PainLength => (
            "How long the pain has lasted",
            answers.pain_length?.label().to_owned(),
        ),
        Question::Spine => ("New signs", spine(answers)?),
        Question::SafetyTicks => ("Safety", safety_ticks(answers)?),
        Question::CareTicks => ("Other care", care_ticks(answers)?),
        Question::LifeTicks => ("Your life now", life_ticks(answers)?),
        // Answered now, each questionnaire has a line of its own.
        Question::Scales if answers.scales_now? => return None,
        Question::Scales => ("Questions about the last 2 weeks", "In a talk".to_owned()),
        Question::Phq9 => ("Your answers", answered(answers.phq9?)),
        Question::Gad7 => ("Your answers", answered(answers.gad7?)),
        Question::Wsas => ("Daily life", answered(answers.wsas?)),
        Question::Agreement => return None,
    };
    Some(Row { key, value })
}

fn gp_surgery(answers: &Answers) -> Option<String> {
    let area = answers.gp_in_area?.label();
    Some(match answers.gp.as_ref()? {
        GpSurgery::Named(name) => format!("{name}\nIn the area: {area}"),
        GpSurgery::Unknown => format!("In the area: {area}"),
        GpSurgery::None => "I am not with a GP surgery".to_owned(),
    })
}

fn spine(answers: &Answers) -> Option<String> {
    let spine = answers.spine?;
    Some(how_many(&[
        spine.saddle_numbness,
        spine.bladder_or_bowel,
        spine.both_legs_weak,
    ]))
}

fn safety_ticks(answers: &Answers) -> Option<String> {
    let ticks = answers.safety_ticks?;
    Some(how_many(&[
        ticks.harm_to_others,
        ticks.safeguarding,
        ticks.psychosis_mania,
    ]))
}

fn care_ticks(answers: &Answers) -> Option<String> {
    let ticks = answers.care_ticks?;
    Some(how_many(&[
        ticks.secondary_mh,
        ticks.substance_main,
        ticks.eating_disorder,
        ticks.step2_no_benefit,
    ]))
}

fn life_ticks(answers: &Answers) -> Option<String> {
    let ticks = answers.life_ticks?;
    Some(how_many(&[
        ticks.perinatal,
        ticks.work_affected,
        ticks.veteran != Veteran::No,
        ticks.veteran == Veteran::ServiceRelated,
    ]))
}

fn or_nothing(text: &str) -> String {
    match text {
        "" => "Nothing".to_owned(),
        text => text.to_owned(),
    }
}

/// The words of a private list are not shown again: only how many were selected.
fn how_many(ticks: &[bool]) -> String {
    match ticks.iter().filter(|tick| **tick).count() {
        0 => "None of these".to_owned(),
        count => format!("{count} selected"),
    }
}

fn answered<const N: usize>(scale: Scale<N>) -> String {
    match scale.items() {
        None => "You left these out".to_owned(),
        Some(items) => format!("You answered {} of {N} questions", items.iter().flatten().count()),
    }
}

fn name(answers: &Answers) -> Option<String> {
    let name = answers.name.clone()?;
    Some(match answers.helper.as_ref() {
        None => name,
        Some(helper) => format!("{name}\nHelped by {}", helper.name),
    })
}

fn contact(answers: &Answers) -> Option<String> {
    let contact = answers.contact.as_ref()?;
    let mut lines = Vec::new();
    if contact.phone.is_some() {
        lines.push(shown_phone(contact.phone.as_deref()));
    }
    lines.extend(contact.email.clone());
    let may = [
        (contact.voicemail_ok, "Voicemail is fine"),
        (contact.text_ok, "Texts are fine"),
        (contact.write_ok, "Emails and letters are fine"),
    ];
    lines.extend(
        may.iter()
            .filter(|(on, _)| *on)
            .map(|(_, words)| (*words).to_owned()),
    );
    lines.extend(contact.best_time.map(|time| time.label().to_owned()));
    Some(lines.join("\n"))
}

fn address(answers: &Answers) -> Option<String> {
    let address = answers.address.as_ref()?;
    if address.no_fixed_address {
        return Some("No fixed address".to_owned());
    }
    let mut lines = address.lines.clone();
    lines.extend(address.postcode.clone());
    Some(lines.join("\n"))
}

fn nhs_number(stored: &str) -> String {
    match stored {
        "" => "Not given".to_owned(),
        number => NhsNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.display()),
    }
}

fn conditions(answers: &Answers) -> Option<String> {
    let given = answers.long_term.as_ref()?;
    let mut lines: Vec<String> = given
        .conditions
        .iter()
        .map(|condition| condition.label().to_owned())
        .collect();
    lines.extend(Some(given.other.clone()).filter(|other| !other.is_empty()));
    Some(match lines.is_empty() {
        true => "None of these".to_owned(),
        false => lines.join("\n"),
    })
}

fn needs(answers: &Answers) -> Option<String> {
    let needs = answers.needs.as_ref()?;
    let mut lines = Vec::new();
    match needs.interpreter.as_deref() {
        Some(_) if !needs.other_language.is_empty() => {
            lines.push(format!("Interpreter: {}", needs.other_language))
        }
        Some(code) => lines.push(format!("Interpreter: {}", language::name(code))),
        None => {}
    }
    if needs.bsl {
        lines.push("British Sign Language".to_owned());
    }
    lines.extend(Some(needs.format_need.clone()).filter(|need| !need.is_empty()));
    Some(or_nothing(&lines.join("\n")))
}
