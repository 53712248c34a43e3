//! "Check your answers", and sending them. Totals are not worked out here: how many questions were answered is
//! all it says of a questionnaire, because someone may look over the person's shoulder.

use std::sync::Arc;

use actix_web::HttpResponse;
use askama::Template;

use super::draft::Draft;
use super::fields::shown_phone;
use super::keep::{self, Kept};
use super::{carry, help, language, pages, question, sent, worry};
use crate::app::App;
use crate::config::Locality;
use crate::questionnaire::{Answers, GpSurgery, Page, Scale, Veteran};
use crate::triage::RuleSet;
use crate::values::NhsNumber;
use crate::web::form::Form;
use crate::web::{self, Frame, paths};

/// One line: what was asked, what was answered, where to change it.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    key: &'static str,
    value: String,
    change: String,
}

#[derive(Template)]
#[template(path = "patient/views/check.html")]
struct CheckPage<'a> {
    frame: Frame,
    action: String,
    rows: Vec<Row>,
    read_when: String,
    here: &'a Locality,
}

pub(super) fn draw(app: &App, draft: &Draft) -> HttpResponse {
    let here = &app.config.locality;
    let back = draft.journey().before(Page::Check).unwrap_or(Page::Safety);
    web::html(&CheckPage {
        frame: Frame::patient(question::title(Page::Check), app.config.demo)
            .back(paths::refer(back.number())),
        action: paths::refer(Page::Check.number()),
        rows: rows(draft),
        read_when: question::read_when(&here.hours, app.clock.now()),
        here,
    })
}

/// Sends the answers. A second tap, or a second tab, finds the first one's referral.
pub(super) async fn send(
    app: &Arc<App>,
    rules: &Arc<RuleSet>,
    draft: Draft,
) -> Result<HttpResponse, web::Error> {
    if draft.journey().first_unanswered() != Some(Page::Check) {
        return Ok(pages::go_on(&draft));
    }
    let today = app.clock.now().london_date();
    match keep::send(app, rules, &draft).await {
        Ok(receipt) => carry::with_sent(
            app,
            sent::of_receipt(&receipt, &draft),
            pages::go_to(Page::Confirmation),
        ),
        Err(refused) if worry::looked_at(&draft, rules, &app.config.locality, today).is_urgent() => {
            tracing::error!("answers could not be sent: {refused}");
            Ok(help::draw(
                app,
                &draft,
                help::Shown::NotSaved,
                Kept::NotSaved,
                &Form::blank(),
            ))
        }
        Err(refused) => Err(refused.into()),
    }
}

/// Every page of the way, in order.
fn rows(draft: &Draft) -> Vec<Row> {
    let journey = draft.journey();
    let rows = journey.pages().filter_map(|page| {
        let (key, value) = row(page, &draft.answers)?;
        Some(Row {
            key,
            value,
            change: paths::refer(page.number()),
        })
    });
    rows.collect()
}

fn row(page: Page, answers: &Answers) -> Option<(&'static str, String)> {
    Some(match page {
        Page::Safety => ("In danger now", answers.crisis_now?.label().to_owned()),
        Page::Eligibility => {
            let given = answers.eligibility.as_ref()?;
            (
                "Old enough, and GP surgery in the area",
                format!("{}\n{}", yes_no(given.aged_enough), given.gp_in_area.label()),
            )
        }
        Page::Agreement => ("You agree to be referred", agreement(answers)?),
        Page::Name => ("Name", name(answers)?),
        Page::BirthDate => ("Date of birth", answers.born?.strftime("%-d %B %Y").to_string()),
        Page::Contact => ("How to reach you", contact(answers)?),
        Page::Address => ("Address", address(answers)?),
        Page::GpSurgery => (
            "GP surgery",
            match answers.gp.as_ref()? {
                GpSurgery::Named(name) => name.clone(),
                GpSurgery::Unknown => "I do not know".to_owned(),
                GpSurgery::None => "I am not with a GP surgery".to_owned(),
            },
        ),
        Page::NhsNumber => ("NHS number", nhs_number(answers.nhs_number.as_deref()?)),
        Page::Problem => ("Help with", answers.problem?.label().to_owned()),
        Page::LongTerm => ("Health conditions", conditions(answers)?),
        Page::Linked => (
            "Body and mood affect each other",
            answers.linked?.label().to_owned(),
        ),
        Page::PainLength => (
            "How long the pain has lasted",
            answers.pain_length?.label().to_owned(),
        ),
        Page::Spine => (
            "New signs",
            how_many(&{
                let spine = answers.spine?;
                [
                    spine.saddle_numbness,
                    spine.bladder_or_bowel,
                    spine.both_legs_weak,
                ]
            }),
        ),
        Page::SafetyTicks => (
            "Do any apply? 1 of 3",
            how_many(&{
                let ticks = answers.safety_ticks?;
                [ticks.harm_to_others, ticks.safeguarding, ticks.psychosis_mania]
            }),
        ),
        Page::CareTicks => (
            "Do any apply? 2 of 3",
            how_many(&{
                let ticks = answers.care_ticks?;
                [
                    ticks.secondary_mh,
                    ticks.substance_main,
                    ticks.eating_disorder,
                    ticks.step2_no_benefit,
                ]
            }),
        ),
        Page::LifeTicks => (
            "Do any apply? 3 of 3",
            how_many(&{
                let ticks = answers.life_ticks?;
                [
                    ticks.perinatal,
                    ticks.work_affected,
                    ticks.veteran != Veteran::No,
                    ticks.veteran == Veteran::ServiceRelated,
                ]
            }),
        ),
        Page::Phq9 => ("The last 2 weeks, first part", answered(answers.phq9?)),
        Page::Gad7 => ("The last 2 weeks, second part", answered(answers.gad7?)),
        Page::Wsas => ("Daily life", answered(answers.wsas?)),
        Page::Needs => ("What you need", needs(answers)?),
        Page::AnythingElse => ("Anything else", or_nothing(answers.anything_else.as_deref()?)),
        Page::Check | Page::Confirmation => return None,
    })
}

fn yes_no(value: bool) -> &'static str {
    if value { "Yes" } else { "No" }
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

fn agreement(answers: &Answers) -> Option<String> {
    let given = answers.agreement.as_ref()?;
    Some(match given.share_status {
        None => yes_no(given.agreed).to_owned(),
        Some(true) => "Yes\nThe clinic may see how far it is".to_owned(),
        Some(false) => "Yes\nThe clinic may not see how far it is".to_owned(),
    })
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
        "" => "I do not know it".to_owned(),
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
