//! Who it is about and how to reach them: what a triager needs with the phone in the other hand.

use jiff::civil::Date;

use super::answers::Line;
use crate::questionnaire::{Answers, BestTime};
use crate::referrals::{CaseSheet, Person};
use crate::values::{BirthDate, NhsNumber, Phone};

/// The phone number as it is read out and as a phone dials it.
pub(super) struct Dial {
    pub shown: String,
    pub dialled: String,
}

/// A person as their referral's page shows them.
pub(super) struct Who {
    pub name: String,
    pub phone: Option<Dial>,
    /// "May leave a voicemail", "Do NOT leave a voicemail"; empty without a number.
    pub voicemail: &'static str,
    /// Whether a voicemail may not be left, which stands out.
    pub no_voicemail: bool,
    /// Identity and contact.
    pub lines: Vec<Line>,
    /// Interpreter, format and the like.
    pub needs: Vec<Line>,
}

/// A person on this day.
pub(super) fn who(person: &Person, sheet: &CaseSheet, today: Date) -> Who {
    let phone = person.phone.as_deref().map(dial);
    let no_voicemail = phone.is_some() && !person.voicemail_ok;
    Who {
        name: name_of(person),
        voicemail: match (&phone, no_voicemail) {
            (None, _) => "",
            (Some(_), true) => "Do NOT leave a voicemail",
            (Some(_), false) => "May leave a voicemail",
        },
        no_voicemail,
        lines: lines(person, today),
        needs: needs(sheet),
        phone,
    }
}

/// The name, or that there is none yet.
pub(super) fn name_of(person: &Person) -> String {
    match person.name.trim() {
        "" => "Name not given".to_owned(),
        name => name.to_owned(),
    }
}

fn dial(stored: &str) -> Dial {
    Dial {
        shown: Phone::parse(stored).map_or_else(|_| stored.to_owned(), |phone| phone.display()),
        dialled: stored
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect(),
    }
}

/// "29 February 1980 (46)".
pub(super) fn born(date: Option<Date>, today: Date) -> String {
    let Some(date) = date else {
        return "Not given".to_owned();
    };
    let shown = date.strftime("%-d %B %Y");
    match BirthDate::parse(&date.to_string(), today) {
        Ok(born) => format!("{shown} (age {})", born.age_on(today)),
        Err(_) => shown.to_string(),
    }
}

fn lines(person: &Person, today: Date) -> Vec<Line> {
    let nhs = person.nhs_number.as_deref().map(|stored| {
        let shown = NhsNumber::parse(stored).map_or_else(|_| stored.to_owned(), |number| number.display());
        format!("{shown} (as given, not traced)")
    });
    let mut lines = vec![
        line("Date of birth", born(person.date_of_birth, today)),
        line("NHS number", nhs.unwrap_or_else(|| "Not given".to_owned())),
        line("Text messages", may(person.phone.is_some(), person.text_ok)),
        line("Best time to call", best_time(person.best_time.as_deref())),
        line(
            "E-mail",
            person.email.clone().unwrap_or_else(|| "Not given".to_owned()),
        ),
        line(
            "Letters and e-mail",
            if person.write_ok {
                "May write"
            } else {
                "Do NOT write"
            },
        ),
        line("Address", address(person)),
        line(
            "GP surgery",
            person
                .gp_surgery
                .clone()
                .unwrap_or_else(|| "Not given".to_owned()),
        ),
    ];
    if let Some(ods) = &person.gp_ods {
        lines.push(line("GP surgery code", ods.clone()));
    }
    if let Some(helper) = &person.helper {
        lines.push(line("Filled in with help from", helper.clone()));
    }
    for line in &mut lines {
        line.strong = line.answer.starts_with("Do NOT");
    }
    lines
}

fn line(question: &'static str, answer: impl Into<String>) -> Line {
    Line {
        question,
        answer: answer.into(),
        strong: false,
    }
}

fn may(has_phone: bool, allowed: bool) -> &'static str {
    match (has_phone, allowed) {
        (false, _) => "No number",
        (true, true) => "May text",
        (true, false) => "Do NOT text",
    }
}

fn best_time(given: Option<&str>) -> String {
    match given {
        None => "Not given".to_owned(),
        Some(given) => BestTime::from_key(given)
            .map_or(given, |known| known.label())
            .to_owned(),
    }
}

fn address(person: &Person) -> String {
    let mut lines = person.address.clone();
    match person.postcode.as_deref() {
        // The pseudo-postcode of the NHS Data Dictionary for no fixed abode.
        Some("ZZ99 3VZ") => lines.push("No fixed address".to_owned()),
        Some(postcode) => lines.push(postcode.to_owned()),
        None => {}
    }
    match lines.is_empty() {
        true => "Not given".to_owned(),
        false => lines.join("\n"),
    }
}

fn needs(sheet: &CaseSheet) -> Vec<Line> {
    let facts = &sheet.facts;
    let answers = sheet.answers.as_deref();
    let own = answers.and_then(|answers| answers.needs.as_ref());
    let mut needs = Vec::new();
    if let Some(code) = &facts.interpreter {
        let told = own
            .map(|own| own.other_language.as_str())
            .filter(|told| !told.is_empty());
        needs.push(line(
            "Interpreter",
            told.unwrap_or_else(|| crate::patient::language_name(code)),
        ));
    }
    if facts.bsl {
        needs.push(line("British Sign Language", "Yes"));
    }
    if facts.format_need {
        let told = own
            .map(|own| own.format_need.as_str())
            .filter(|told| !told.is_empty());
        needs.push(line("Format", told.unwrap_or("Another format; ask which")));
    }
    if needs.is_empty() {
        needs.push(line("Interpreter, BSL, format", unneeded(answers)));
    }
    needs
}

fn unneeded(answers: Option<&Answers>) -> &'static str {
    match answers.map(|answers| answers.needs.is_some()) {
        Some(false) => "Not asked",
        Some(true) | None => "None named",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);

    fn robin() -> Person {
        Person {
            name: "Robin Example".to_owned(),
            date_of_birth: Some(jiff::civil::date(1980, 2, 29)),
            phone: Some("+447700900123".to_owned()),
            postcode: Some("ZZ99 3VZ".to_owned()),
            best_time: Some("am".to_owned()),
            ..Person::default()
        }
    }

    fn told(person: &Person, question: &str) -> String {
        let lines = lines(person, TODAY);
        let found = lines.iter().find(|line| line.question == question);
        found.map(|line| line.answer.clone()).unwrap_or_default()
    }

    #[test]
    fn what_may_not_be_done_stands_out() {
        let person = robin();
        assert_eq!(told(&person, "Text messages"), "Do NOT text");
        assert_eq!(told(&person, "Letters and e-mail"), "Do NOT write");
        assert!(lines(&person, TODAY).iter().any(|line| line.strong));
        let dial = dial("+447700900123");
        assert_eq!(
            (dial.shown.as_str(), dial.dialled.as_str()),
            ("07700 900123", "+447700900123")
        );
    }

    #[test]
    fn what_was_not_given_says_so() {
        let nobody = Person::default();
        assert_eq!(name_of(&nobody), "Name not given");
        assert_eq!(told(&nobody, "Address"), "Not given");
        assert_eq!(told(&nobody, "Date of birth"), "Not given");
        assert_eq!(told(&nobody, "Text messages"), "No number");
    }

    #[test]
    fn age_and_home_are_said_in_words() {
        assert_eq!(told(&robin(), "Date of birth"), "29 February 1980 (age 46)");
        assert_eq!(told(&robin(), "Address"), "No fixed address");
        assert_eq!(told(&robin(), "Best time to call"), "Morning");
    }
}
