//! Who the person is.

use jiff::civil::Date;

use super::{one, take_choice, take_text};
use crate::questionnaire::{Answers, GpInArea, GpSurgery, Helper, limits};
use crate::values::text::is_something;
use crate::values::{BirthDate, NhsNumber, PersonName};
use crate::web::form::{Errors, Posted};

/// The patient's name, and who fills in the form with them. Somebody who fills it in for a patient who is not there
/// has to say who they are.
pub(super) fn take_name(posted: &Posted, errors: &mut Errors, answers: &mut Answers, for_another: bool) {
    let typed = take_text(posted, errors, "name", "Name", limits::NAME);
    let name = errors.keep("name", PersonName::parse(&typed));
    let helper = Helper {
        name: take_text(posted, errors, "helper_name", "Their name", limits::HELPER_NAME),
        relation: take_text(posted, errors, "helper_relation", "This", limits::HELPER_RELATION),
    };
    if helper.name.is_empty() && for_another {
        errors.add("helper_name", "Enter your own name");
    } else if helper.name.is_empty() && !helper.relation.is_empty() {
        errors.add("helper_name", "Enter the name of the person who is helping");
    }
    answers.helper = Some(helper).filter(|helper| !helper.name.is_empty());
    answers.name = name.map(|name| name.as_str().to_owned());
}

/// The name of somebody at risk, although it or that of a helper has to be corrected.
pub(super) fn keep_name(posted: &Posted, answers: &mut Answers) {
    let short = |field: &str, most: usize| posted.one(field).chars().take(most).collect::<String>();
    let typed = short("name", limits::NAME);
    let parsed = PersonName::parse(&typed)
        .ok()
        .map(|name| name.as_str().to_owned());
    let known = parsed.or(answers.name.take());
    answers.name = known.or_else(|| Some(typed).filter(|typed| is_something(typed)));
    let helper = Helper {
        name: short("helper_name", limits::HELPER_NAME),
        relation: short("helper_relation", limits::HELPER_RELATION),
    };
    answers.helper = Some(helper).filter(|helper| !helper.name.is_empty());
}

pub(super) fn show_name(answers: &Answers) -> Posted {
    let form = one("name", answers.name.as_deref());
    match answers.helper.as_ref() {
        Some(helper) => form
            .with("helper_name", &helper.name)
            .with("helper_relation", &helper.relation),
        None => form,
    }
}

pub(super) fn take_birth_date(posted: &Posted, errors: &mut Errors, answers: &mut Answers, today: Date) {
    let [day, month, year] = ["birth-day", "birth-month", "birth-year"].map(|part| posted.one(part));
    match BirthDate::from_boxes(day, month, year, today) {
        Ok(born) => answers.born = Some(born.date()),
        Err(unfit) => errors.add_part("birth", unfit.part, unfit.unfit.0),
    }
}

pub(super) fn show_birth_date(answers: &Answers) -> Posted {
    answers.born.map_or_else(Posted::default, |born| {
        Posted::default()
            .with("birth-day", born.day().to_string())
            .with("birth-month", born.month().to_string())
            .with("birth-year", format!("{:04}", born.year()))
    })
}

/// The choice that is no answer about the area.
const NO_SURGERY: &str = "none";

/// One choice says where the surgery is; its name may be left empty, because many do not know it by heart.
pub(super) fn take_gp_surgery(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let name = take_text(
        posted,
        errors,
        "gp_surgery",
        "Name of your GP surgery",
        limits::GP_SURGERY,
    );
    let area = take_choice(
        posted,
        errors,
        "gp_in_area",
        |key| match key {
            NO_SURGERY => Some(GpInArea::Unknown),
            key => GpInArea::from_key(key),
        },
        "Select where your GP surgery is, or “I do not know”",
    );
    answers.gp_in_area = area;
    answers.gp = area.map(|_| match (name.is_empty(), posted.one("gp_in_area")) {
        (false, _) => GpSurgery::Named(name),
        (true, NO_SURGERY) => GpSurgery::None,
        (true, _) => GpSurgery::Unknown,
    });
}

/// The surgery of somebody at risk, as far as it was told.
pub(super) fn keep_gp_surgery(posted: &Posted, answers: &mut Answers) {
    let name: String = posted
        .one("gp_surgery")
        .chars()
        .take(limits::GP_SURGERY)
        .collect();
    answers.gp = Some(name).filter(|name| is_something(name)).map(GpSurgery::Named);
    answers.gp_in_area = GpInArea::from_key(posted.one("gp_in_area"));
}

pub(super) fn show_gp_surgery(answers: &Answers) -> Posted {
    let area = answers.gp_in_area.map(|area| area.key());
    match answers.gp.as_ref() {
        Some(GpSurgery::Named(name)) => one("gp_in_area", area).with("gp_surgery", name),
        Some(GpSurgery::None) => one("gp_in_area", Some(NO_SURGERY)),
        Some(GpSurgery::Unknown) | None => one("gp_in_area", area),
    }
}

/// The number is optional (domain facts, section 5).
pub(super) fn take_nhs_number(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let typed = posted.one("nhs_number");
    answers.nhs_number = match typed.is_empty() {
        true => Some(String::new()),
        false => errors
            .keep("nhs_number", NhsNumber::parse(typed))
            .map(|number| number.as_str().to_owned()),
    };
}

/// The NHS number of somebody at risk, as it was typed; one that was right before stays.
pub(super) fn keep_nhs_number(posted: &Posted, answers: &mut Answers) {
    let known = answers
        .nhs_number
        .take()
        .filter(|stored| NhsNumber::parse(stored).is_ok());
    answers.nhs_number = known.or_else(|| limits::fitting(posted.one("nhs_number"), limits::NHS_NUMBER));
}

pub(super) fn show_nhs_number(answers: &Answers) -> Posted {
    let shown = answers
        .nhs_number
        .as_deref()
        .map(|stored| NhsNumber::parse(stored).map_or_else(|_| stored.to_owned(), |number| number.display()));
    one("nhs_number", shown.as_deref())
}
