//! The fields that somebody of staff types for a patient: the physio with the patient in the room, and the team with
//! a caller on the phone. What was not asked stays not asked.

use jiff::civil::Date;

use super::{take_text, who};
use crate::questionnaire::{Answers, Contact, GpSurgery, Problem, limits};
use crate::values::Phone;
use crate::web::form::{Errors, Posted};

/// The key of "may a voicemail be left?" among the questions that nobody asked.
const VOICEMAIL: &str = "phone_voicemail_ok";

/// Ways to reach somebody that neither page asks about.
const NEVER_ASKED: [&str; 2] = ["text_ok", "write_ok"];

/// What was not asked about how to reach them: the keys, for the team to see.
pub(in crate::patient) fn contact_not_asked(posted: &Posted) -> impl Iterator<Item = &'static str> {
    let voicemail = (!voicemail_was_asked(posted)).then_some(VOICEMAIL);
    voicemail.into_iter().chain(NEVER_ASKED)
}

/// Reads who it is about, how to ring them, their surgery and what they would like help with. `asks_voicemail`: the
/// page is not sent without an answer about voicemail.
pub(in crate::patient) fn take_person(
    posted: &Posted,
    errors: &mut Errors,
    answers: &mut Answers,
    today: Date,
    asks_voicemail: bool,
) {
    who::take_name(posted, errors, answers, false);
    who::take_birth_date(posted, errors, answers, today);
    let phone = errors.keep("phone", Phone::parse(posted.one("phone")));
    answers.contact = phone.map(|phone| Contact {
        phone: Some(phone.as_str().to_owned()),
        voicemail_ok: posted.has("voicemail", "yes"),
        ..Contact::default()
    });
    if asks_voicemail && !voicemail_was_asked(posted) {
        errors.add("voicemail", "Select whether a voicemail may be left");
    }
    let gp = take_text(posted, errors, "gp_surgery", "GP surgery", limits::GP_SURGERY);
    answers.gp = Some(match gp.is_empty() {
        true => GpSurgery::Unknown,
        false => GpSurgery::Named(gp),
    });
    answers.problem = Problem::from_key(posted.one("problem"));
    if answers.problem.is_none() {
        errors.add("problem", "Select what the patient would like help with most");
    }
}

/// Whether "may a voicemail be left?" was asked.
fn voicemail_was_asked(posted: &Posted) -> bool {
    matches!(posted.one("voicemail"), "yes" | "no")
}
