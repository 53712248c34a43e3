//! The pages of the journey as they are drawn: which view, and the choices it offers. The words stand in the
//! views and here; what the rules know of a choice is its key.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::fields;
use super::language;
use crate::config::{Locality, OpeningHours};
use crate::questionnaire::{
    BestTime, Condition, CrisisNow, GAD7, GpInArea, Linked, PHQ9, Page, PainLength, Problem, Sheet,
};
use crate::values::Ts;
use crate::web::form::{Choice, Form};
use crate::web::{self, Frame};

/// What a view of the journey draws on besides the form.
pub(super) struct Asked<'a> {
    pub page: Page,
    pub action: String,
    pub here: &'a Locality,
    pub from_slip: bool,
    /// The person has neither phone nor e-mail, so the address has to be whole.
    pub by_post: bool,
    /// When a person next reads what arrives: "today".
    pub read_when: String,
    /// What was typed and has to be corrected holds a word that worries.
    pub worrying: bool,
}

/// Draws a page of the journey, with 422 where it has to be corrected.
pub(super) fn draw(frame: Frame, form: &Form, q: &Asked<'_>) -> Result<HttpResponse, web::Error> {
    let status = match form.errors.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    views::drawn(status, frame.about(form), form, q).ok_or(web::Error::NotFound)
}

/// What stands in the browser's history: nothing about health, nothing about the person.
pub(super) fn title(page: Page) -> &'static str {
    match page {
        Page::Safety => "First question",
        Page::Eligibility => "Two quick checks",
        Page::Agreement => "Do you agree?",
        Page::Name => "Your name",
        Page::BirthDate => "Your date of birth",
        Page::Contact => "How to reach you",
        Page::Address => "Your address",
        Page::GpSurgery => "Your GP surgery",
        Page::NhsNumber => "Your NHS number",
        Page::Problem => "What you would like help with",
        Page::LongTerm | Page::Linked | Page::PainLength | Page::Spine => "About you",
        Page::SafetyTicks => "Do any apply? 1 of 3",
        Page::CareTicks => "Do any apply? 2 of 3",
        Page::LifeTicks => "Do any apply? 3 of 3",
        Page::Phq9 => "The last 2 weeks, first part",
        Page::Gad7 => "The last 2 weeks, second part",
        Page::Wsas => "Daily life",
        Page::Needs => "What you need",
        Page::AnythingElse => "Anything else",
        Page::Check => "Check your answers",
        Page::Confirmation => "We have it",
    }
}

/// One item of a questionnaire.
struct Item {
    field: String,
    text: String,
    choices: Vec<Choice>,
}

impl Asked<'_> {
    fn crisis_now(&self) -> Vec<Choice> {
        CrisisNow::ALL
            .iter()
            .map(|answer| Choice::new(answer.key(), answer.label()))
            .collect()
    }

    fn yes_no(&self) -> Vec<Choice> {
        vec![Choice::new("yes", "Yes"), Choice::new("no", "No")]
    }

    fn aged_enough(&self) -> String {
        format!("Are you {} or over?", self.here.min_age)
    }

    fn gp_in_area(&self) -> String {
        format!("Is your GP surgery in {}?", self.here.organisation.area)
    }

    fn gp_choices(&self) -> Vec<Choice> {
        GpInArea::ALL
            .iter()
            .map(|answer| Choice::new(answer.key(), answer.label()))
            .collect()
    }

    fn agreed(&self) -> Vec<Choice> {
        vec![
            Choice::new("yes", "Yes, I agree to be referred"),
            Choice::new("no", "No, I do not want to be referred"),
        ]
    }

    /// Opens the helper's part where something stands in it: a message must not hide in a closed part.
    fn is_helped(&self, form: &Form) -> bool {
        ["helper_name", "helper_relation"]
            .iter()
            .any(|field| !form.value(field).is_empty() || !form.error(field).is_empty())
    }

    fn may(&self) -> Vec<Choice> {
        vec![
            Choice::new("voicemail", "Leave a voicemail"),
            Choice::new("text", "Send a text message"),
            Choice::new("write", "Send an email or a letter"),
            Choice::new(
                "only_post",
                "I have no phone or email. Please write to me by post",
            )
            .after_or(),
        ]
    }

    fn best_times(&self) -> Vec<Choice> {
        BestTime::ALL
            .iter()
            .map(|time| Choice::new(time.key(), time.label()))
            .collect()
    }

    fn optional(&self, label: &str) -> String {
        match self.by_post {
            true => label.to_owned(),
            false => format!("{label} (optional)"),
        }
    }

    fn gp_other(&self) -> Vec<Choice> {
        vec![
            Choice::new("unknown", "I do not know"),
            Choice::new("none", "I am not with a GP surgery"),
        ]
    }

    fn problems(&self) -> Vec<Choice> {
        Problem::ALL
            .iter()
            .map(|problem| {
                let choice = Choice::new(problem.key(), problem.label());
                match problem {
                    Problem::NotSure => choice.after_or(),
                    _ => choice,
                }
            })
            .collect()
    }

    fn conditions(&self) -> Vec<Choice> {
        Condition::ALL
            .iter()
            .map(|condition| Choice::new(condition.key(), condition.label()))
            .collect()
    }

    fn linked(&self) -> Vec<Choice> {
        Linked::ALL
            .iter()
            .map(|linked| Choice::new(linked.key(), linked.label()))
            .collect()
    }

    fn pain_lengths(&self) -> Vec<Choice> {
        PainLength::ALL
            .iter()
            .map(|length| Choice::new(length.key(), length.label()))
            .collect()
    }

    fn spine(&self) -> Vec<Choice> {
        vec![
            Choice::new(
                "saddle_numbness",
                "Numbness or tingling between my legs, or around my bottom",
            ),
            Choice::new(
                "bladder_or_bowel",
                "A change in how I pee or poo, or in holding it",
            ),
            Choice::new("both_legs_weak", "Weakness in both legs"),
        ]
    }

    fn safety(&self) -> Vec<Choice> {
        vec![
            Choice::new("harm_to_others", "I have thoughts of hurting someone else"),
            Choice::new(
                "safeguarding",
                "Someone hurts, controls or neglects me, or a child or adult I know",
            ),
            Choice::new(
                "psychosis_mania",
                "I hear or see things that others do not, or I feel far too high or full of energy",
            ),
        ]
    }

    fn care(&self) -> Vec<Choice> {
        vec![
            Choice::new(
                "secondary_mh",
                "I am with a hospital or community mental health team",
            ),
            Choice::new("substance_main", "Alcohol or drugs are my main problem"),
            Choice::new("eating_disorder", "I have an eating disorder"),
            Choice::new(
                "step2_no_benefit",
                "I had guided self-help or a course before, and it did not help",
            ),
        ]
    }

    fn life(&self) -> Vec<Choice> {
        vec![
            Choice::new("perinatal", "I am pregnant, or I have a baby under 12 months"),
            Choice::new("work_affected", "I am off sick from work, or my job is at risk"),
            Choice::new("veteran", "I served in the armed forces").hint("One day of service counts"),
            Choice::new(
                "service_related",
                "I served in the armed forces, and my problems come from that time",
            ),
        ]
    }

    fn sheet(&self) -> &'static Sheet {
        match self.page {
            Page::Gad7 => &GAD7,
            _ => &PHQ9,
        }
    }

    fn scale_heading(&self) -> &'static str {
        match self.page {
            Page::Gad7 => "And some more about the last 2 weeks",
            _ => "How have the last 2 weeks been?",
        }
    }

    /// Who reads it is said before the first questionnaire.
    fn explains_reading(&self) -> bool {
        self.page == Page::Phq9
    }

    fn items(&self) -> Vec<Item> {
        let sheet = self.sheet();
        let answers = |_| {
            let labels = sheet.labels.iter().enumerate();
            let mut choices: Vec<Choice> = labels
                .map(|(value, label)| Choice::new(value.to_string(), *label))
                .collect();
            choices.push(Choice::new(fields::SKIP, "Leave this one out").after_or());
            choices
        };
        sheet
            .items
            .iter()
            .enumerate()
            .map(|(index, text)| Item {
                field: fields::item_field(index + 1),
                text: format!("{}. {text}", index + 1),
                choices: answers(index),
            })
            .collect()
    }

    fn interpreters(&self) -> Vec<Choice> {
        let mut choices = vec![Choice::new("no", "No")];
        for code in &self.here.languages {
            choices.push(Choice::new(code.clone(), language::name(code).to_owned()));
        }
        choices.push(Choice::new(fields::OTHER_LANGUAGE, "Another language"));
        choices
    }
}

/// When a person next reads what arrives at `now`: "today", or "on Tuesday 24 November, from 9am".
pub(super) fn read_when(hours: &OpeningHours, now: Ts) -> String {
    let next = hours.next_open(now);
    if next == now {
        return "today".to_owned();
    }
    let at = next.london();
    let day = match next.london_date() == now.london_date() {
        true => "today".to_owned(),
        false => at.strftime("on %A %-d %B").to_string(),
    };
    format!("{day}, from {}", spoken(at.time()))
}

/// "9am", "5:30pm".
pub(super) fn spoken(time: jiff::civil::Time) -> String {
    match time.minute() {
        0 => time.strftime("%-I%P").to_string(),
        _ => time.strftime("%-I:%M%P").to_string(),
    }
}

/// The views, in a module of their own: each is named like its page.
mod views {
    use actix_web::HttpResponse;
    use actix_web::http::StatusCode;
    use askama::Template;

    use super::Asked;
    use crate::questionnaire::Page;
    use crate::web::form::Form;
    use crate::web::{self, Frame};

    /// Declares the view of each page, one struct each because a view is compiled into one, and draws them.
    macro_rules! views {
        ($($page:ident = $view:tt,)+) => {
            $(
                #[derive(Template)]
                #[template(path = $view)]
                struct $page<'a> {
                    frame: Frame,
                    form: &'a Form,
                    q: &'a Asked<'a>,
                }
            )+

            /// Draws the page; `None` for the pages that ask nothing.
            pub(super) fn drawn(status: StatusCode, frame: Frame, form: &Form, q: &Asked<'_>) -> Option<HttpResponse> {
                match q.page {
                    $(Page::$page => Some(web::html_status(status, &$page { frame, form, q })),)+
                    Page::Wsas | Page::Check | Page::Confirmation => None,
                }
            }
        };
    }

    views! {
        Safety = "patient/views/safety.html",
        Eligibility = "patient/views/eligibility.html",
        Agreement = "patient/views/agreement.html",
        Name = "patient/views/name.html",
        BirthDate = "patient/views/birth_date.html",
        Contact = "patient/views/contact.html",
        Address = "patient/views/address.html",
        GpSurgery = "patient/views/gp_surgery.html",
        NhsNumber = "patient/views/nhs_number.html",
        Problem = "patient/views/problem.html",
        LongTerm = "patient/views/long_term.html",
        Linked = "patient/views/linked.html",
        PainLength = "patient/views/pain_length.html",
        Spine = "patient/views/spine.html",
        SafetyTicks = "patient/views/safety_ticks.html",
        CareTicks = "patient/views/care_ticks.html",
        LifeTicks = "patient/views/life_ticks.html",
        Phq9 = "patient/views/scale.html",
        Gad7 = "patient/views/scale.html",
        Needs = "patient/views/needs.html",
        AnythingElse = "patient/views/anything_else.html",
    }
}
