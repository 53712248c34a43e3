//! What somebody at risk typed and could not be read: kept as it was typed, so that a colleague can try it. What was
//! read before is never displaced by what cannot be read.

use super::{reach, who};
use crate::questionnaire::{Answers, limits};
use crate::values::text::is_something;
use crate::web::form::{Errors, Posted};

/// Longest text that is told to the team beside a form, in characters.
const LONGEST: usize = 300;

/// The fields in which people type, and what the team calls them.
const LABELS: [(&str, &str); 18] = [
    ("code", "Slip code"),
    ("ring_name", "Name"),
    ("ring_phone", "Phone number"),
    ("name", "Name"),
    ("helper_name", "Who helps"),
    ("helper_relation", "Who helps is their"),
    ("nhs_number", "NHS number"),
    ("gp_surgery", "GP surgery"),
    ("phone", "Phone number"),
    ("email", "Email address"),
    ("line1", "Address"),
    ("line2", "Address, second line"),
    ("town", "Town"),
    ("postcode", "Postcode"),
    ("other_condition", "Another condition"),
    ("other_language", "Language"),
    ("format_need", "What else would help"),
    ("anything_else", "In their own words"),
];

/// What has to be corrected, as it was typed: "Phone number: 0770 900 12".
pub(in crate::patient) fn lines_to_check(posted: &Posted, errors: &Errors) -> Vec<String> {
    let birth = birth_date(posted).filter(|_| errors.at("birth").is_some());
    let birth = birth.map(|typed| line("Date of birth", &typed));
    let wrong = LABELS.iter().filter(|(field, _)| errors.at(field).is_some());
    let wrong = wrong.filter(|(field, _)| is_something(posted.one(field)));
    let mut lines: Vec<String> = wrong
        .map(|(field, label)| line(label, posted.one(field)))
        .collect();
    lines.extend(birth);
    lines
}

/// The line with which the team reads a date that is none.
pub(in crate::patient) fn line(label: &str, typed: &str) -> String {
    let clipped: String = typed.trim().chars().take(LONGEST).collect();
    format!("{label}: {clipped}")
}

/// The three boxes as they were typed; nothing if all are empty.
pub(in crate::patient) fn birth_date(posted: &Posted) -> Option<String> {
    let boxes = ["birth-day", "birth-month", "birth-year"].map(|part| posted.one(part));
    let typed = boxes.join(" ");
    (!typed.trim().is_empty()).then_some(typed)
}

/// Puts what has to be corrected among the answers as it was typed, as far as it fits.
pub(in crate::patient) fn keep_as_typed(posted: &Posted, errors: &Errors, answers: &mut Answers) {
    let wrong = |fields: &[&str]| fields.iter().any(|field| errors.at(field).is_some());
    if wrong(&["name", "helper_name", "helper_relation"]) {
        who::keep_name(posted, answers);
    }
    if wrong(&["nhs_number"]) {
        who::keep_nhs_number(posted, answers);
    }
    if wrong(&["gp_surgery", "gp_in_area"]) {
        who::keep_gp_surgery(posted, answers);
    }
    if wrong(&["phone", "email", "best_time"]) {
        reach::keep_contact(posted, answers);
    }
    if wrong(&["line1", "line2", "town", "postcode", "no_fixed_address"]) {
        reach::keep_address(posted, answers);
    }
    if wrong(&["anything_else"]) && answers.anything_else.is_none() {
        let words = posted.one("anything_else").chars().take(limits::ANYTHING_ELSE);
        answers.anything_else = Some(words.collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::{Address, Contact};

    fn kept(body: &str, wrong: &[&'static str], mut answers: Answers) -> Answers {
        let mut errors = Errors::default();
        for field in wrong {
            errors.add(*field, "wrong");
        }
        keep_as_typed(&Posted::read(body.as_bytes()), &errors, &mut answers);
        answers
    }

    #[test]
    fn a_good_address_stays_beside_a_number_that_cannot_be_read() {
        let body = "phone=0770+900+12&email=robin@example.org&may=voicemail&may=write&best_time=am";
        let contact = kept(body, &["phone"], Answers::default()).contact.expect("kept");
        assert_eq!(contact.phone.as_deref(), Some("0770 900 12"));
        assert_eq!(contact.email.as_deref(), Some("robin@example.org"));
        assert!(contact.write_ok && contact.best_time.is_some());
        assert!(contact.voicemail_ok, "it is what they allowed, and no refusal");
    }

    #[test]
    fn what_was_read_before_is_not_displaced_by_what_cannot_be_read() {
        let before = Answers {
            name: Some("Robin Example".to_owned()),
            contact: Some(Contact {
                phone: Some("+447700900123".to_owned()),
                ..Contact::default()
            }),
            address: Some(Address {
                postcode: Some("S1 2HE".to_owned()),
                ..Address::default()
            }),
            ..Answers::default()
        };
        let body = "name=---&phone=0770&email=robin@&postcode=S1&line1=1+Some+Street";
        let after = kept(body, &["name", "phone", "email", "postcode"], before);
        assert_eq!(after.name.as_deref(), Some("Robin Example"));
        let contact = after.contact.expect("kept");
        assert_eq!(contact.phone.as_deref(), Some("+447700900123"));
        assert_eq!(contact.email.as_deref(), Some("robin@"));
        let address = after.address.expect("kept");
        assert_eq!(address.postcode.as_deref(), Some("S1 2HE"));
        assert_eq!(address.lines, ["1 Some Street"]);
    }

    #[test]
    fn what_says_nothing_is_not_kept() {
        let answers = kept(
            "phone=n/a&email=&postcode=-",
            &["phone", "postcode"],
            Answers::default(),
        );
        assert!(answers.contact.is_none() && answers.address.is_none());
    }
}
