//! The pages about who the person is and how to reach them.

use jiff::civil::Date;

use super::{one, take_text, ticked};
use crate::questionnaire::{Address, Answers, BestTime, Contact, GpSurgery, Helper, limits};
use crate::values::{BirthDate, Email, NhsNumber, PersonName, Phone, Postcode};
use crate::web::form::{Errors, Posted};

pub(super) fn take_name(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let typed = take_text(posted, errors, "name", "Name", limits::NAME);
    let name = errors.keep("name", PersonName::parse(&typed));
    let helper = Helper {
        name: take_text(posted, errors, "helper_name", "Their name", limits::HELPER_NAME),
        relation: take_text(posted, errors, "helper_relation", "This", limits::HELPER_RELATION),
    };
    if helper.name.is_empty() && !helper.relation.is_empty() {
        errors.add("helper_name", "Enter the name of the person who is helping");
    }
    answers.helper = Some(helper).filter(|helper| !helper.name.is_empty());
    answers.name = name.map(|name| name.as_str().to_owned());
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

/// Somebody without phone and e-mail may ask for letters; the next page then needs the whole address.
pub(super) fn take_contact(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let phone = errors.keep_if_given("phone", posted.one("phone"), Phone::parse);
    let email = errors.keep_if_given("email", posted.one("email"), Email::parse);
    if email
        .as_ref()
        .is_some_and(|email| email.as_str().len() > limits::EMAIL)
    {
        errors.add("email", "Email address must be 100 characters or fewer");
    }
    let by_post = posted.has("may", "only_post");
    let nothing_typed = posted.one("phone").is_empty() && posted.one("email").is_empty();
    if nothing_typed && !by_post {
        errors.add(
            "phone",
            "Enter a phone number or an email address, so that we can reach you",
        );
    }
    let best_time = match posted.one("best_time") {
        "" => None,
        key => BestTime::from_key(key).or_else(|| {
            errors.add("best_time", "Select when is best for you");
            None
        }),
    };
    answers.contact = Some(Contact {
        voicemail_ok: phone.is_some() && posted.has("may", "voicemail"),
        text_ok: phone.is_some() && posted.has("may", "text"),
        write_ok: by_post || posted.has("may", "write"),
        phone: phone.map(|phone| phone.as_str().to_owned()),
        email: email.map(|email| email.as_str().to_owned()),
        best_time,
    });
}

pub(super) fn show_contact(answers: &Answers) -> Posted {
    let Some(contact) = answers.contact.as_ref() else {
        return Posted::default();
    };
    let by_post = contact.phone.is_none() && contact.email.is_none();
    let may = [
        ("voicemail", contact.voicemail_ok),
        ("text", contact.text_ok),
        ("write", contact.write_ok && !by_post),
        ("only_post", by_post),
    ];
    let form = ticked(
        Posted::default(),
        "may",
        may.iter().filter(|(_, on)| *on).map(|(key, _)| *key),
    );
    form.with("phone", shown_phone(contact.phone.as_deref()))
        .with("email", contact.email.as_deref().unwrap_or_default())
        .with("best_time", contact.best_time.map_or("", |time| time.key()))
}

/// A stored number as people write it.
pub(in crate::patient) fn shown_phone(stored: Option<&str>) -> String {
    let stored = stored.unwrap_or_default();
    Phone::parse(stored).map_or_else(|_| stored.to_owned(), |phone| phone.display())
}

const LINES: [&str; limits::ADDRESS_LINES] = ["line1", "line2", "town"];

pub(super) fn take_address(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let mut lines = Vec::new();
    for field in LINES {
        let line = take_text(posted, errors, field, "This line", limits::ADDRESS_LINE);
        lines.extend(Some(line).filter(|line| !line.is_empty()));
    }
    let typed = posted.one("postcode");
    let no_fixed_address = posted.has("no_fixed_address", "yes");
    let by_post = answers
        .contact
        .as_ref()
        .is_some_and(|contact| contact.phone.is_none() && contact.email.is_none());
    if no_fixed_address && !(lines.is_empty() && typed.is_empty()) {
        errors.add(
            "no_fixed_address",
            "Enter your address, or select that you have no fixed address, but not both",
        );
    }
    if by_post && (no_fixed_address || lines.is_empty()) {
        errors.add("line1", "Enter your address, so that we can write to you");
    }
    let postcode = match no_fixed_address {
        true => None,
        false => errors.keep("postcode", Postcode::parse(typed)),
    };
    answers.address = Some(Address {
        no_fixed_address,
        postcode: postcode.map(|postcode| postcode.as_str().to_owned()),
        lines,
    });
}

pub(super) fn show_address(answers: &Answers) -> Posted {
    let Some(address) = answers.address.as_ref() else {
        return Posted::default();
    };
    if address.no_fixed_address {
        return one("no_fixed_address", Some("yes"));
    }
    let mut form = one("postcode", address.postcode.as_deref());
    for (field, line) in LINES.into_iter().zip(&address.lines) {
        form = form.with(field, line);
    }
    form
}

pub(super) fn take_gp_surgery(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let name = take_text(
        posted,
        errors,
        "gp_surgery",
        "Name of your GP surgery",
        limits::GP_SURGERY,
    );
    // A name counts although a choice was made before it: without scripts a choice cannot be taken back.
    answers.gp = match (name.is_empty(), posted.one("gp_other")) {
        (false, _) => Some(GpSurgery::Named(name)),
        (true, "unknown") => Some(GpSurgery::Unknown),
        (true, "none") => Some(GpSurgery::None),
        (true, _) => {
            errors.add(
                "gp_surgery",
                "Enter the name of your GP surgery, or select an answer below it",
            );
            None
        }
    };
}

pub(super) fn show_gp_surgery(answers: &Answers) -> Posted {
    match answers.gp.as_ref() {
        None => Posted::default(),
        Some(GpSurgery::Named(name)) => one("gp_surgery", Some(name)),
        Some(GpSurgery::Unknown) => one("gp_other", Some("unknown")),
        Some(GpSurgery::None) => one("gp_other", Some("none")),
    }
}

/// The number is optional (domain facts, section 5): leaving it out needs one tick, so that nobody overlooks it.
pub(super) fn take_nhs_number(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let typed = posted.one("nhs_number");
    answers.nhs_number = match (typed.is_empty(), posted.has("not_known", "yes")) {
        (true, true) => Some(String::new()),
        (true, false) => {
            errors.add(
                "nhs_number",
                "Enter your NHS number, or select “I do not know it”",
            );
            None
        }
        (false, true) => {
            errors.add(
                "not_known",
                "Enter your NHS number, or select “I do not know it”, but not both",
            );
            None
        }
        (false, false) => errors
            .keep("nhs_number", NhsNumber::parse(typed))
            .map(|number| number.as_str().to_owned()),
    };
}

pub(super) fn show_nhs_number(answers: &Answers) -> Posted {
    match answers.nhs_number.as_deref() {
        None => Posted::default(),
        Some("") => one("not_known", Some("yes")),
        Some(number) => {
            let shown =
                NhsNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.display());
            one("nhs_number", Some(&shown))
        }
    }
}
