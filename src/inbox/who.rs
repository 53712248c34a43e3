//! Who it is about and how to reach them: what a triager needs with the phone in the other hand.

use jiff::civil::Date;

use super::answers::Line;
use crate::questionnaire::{Answers, BestTime};
use crate::referrals::{CaseSheet, Person};
use crate::values::{BirthDate, NhsNumber, Phone, Postcode};

/// The phone number as it is read out and as a phone dials it.
pub(super) struct Dial {
    pub shown: String,
    /// Empty where it is only as somebody typed it: a person makes something of it, no phone does.
    pub dialled: String,
}

impl Dial {
    /// Whether it is only as somebody typed it.
    pub fn is_as_typed(&self) -> bool {
        self.dialled.is_empty()
    }
}

/// Said beside a detail that did not pass its check.
pub(super) const AS_TYPED: &str = "as typed, needs checking";

/// A detail, marked if it is only as somebody typed it.
fn marked(shown: String, is_sound: bool) -> String {
    match is_sound {
        true => shown,
        false => format!("{shown} ({AS_TYPED})"),
    }
}

/// A person as their referral's page shows them.
pub(super) struct Who {
    pub name: String,
    pub phone: Option<Dial>,
    /// "May leave a voicemail", "Do NOT leave a voicemail"; empty without a number.
    pub voicemail: &'static str,
    /// Whether a voicemail may not be left, which stands out.
    pub no_voicemail: bool,
    /// Numbers from before, to be tried too.
    pub earlier: Vec<Earlier>,
    /// Identity and contact.
    pub lines: Vec<Line>,
    /// Interpreter, format and the like.
    pub needs: Vec<Line>,
}

/// A person on this day. `asked_since`: they have said since how they may be reached, whoever asked them before.
pub(super) fn who(person: &Person, sheet: &CaseSheet, asked_since: bool, today: Date) -> Who {
    let phone = person.phone.as_deref().map(dial);
    let no_voicemail = phone.is_some() && !person.voicemail_ok;
    Who {
        name: name_of(person),
        voicemail: match (&phone, no_voicemail) {
            (None, _) => "",
            (Some(dial), _) if dial.is_as_typed() => "As typed, needs checking. Do NOT leave a voicemail",
            (Some(_), true) if !asked_since && !was_asked(sheet, "phone_voicemail_ok") => {
                "Not asked about voicemail: do not leave one"
            }
            (Some(_), true) => "Do NOT leave a voicemail",
            (Some(_), false) => "May leave a voicemail",
        },
        no_voicemail,
        earlier: earlier(person),
        lines: lines(person, sheet, asked_since, today),
        needs: needs(sheet),
        phone,
    }
}

/// A number from before: it was changed on the own page, and nobody has spoken with the person since.
pub(super) struct Earlier {
    pub dial: Dial,
    /// "changed on 23 November 2026".
    pub until: String,
    pub voicemail: &'static str,
}

pub(super) fn earlier(person: &Person) -> Vec<Earlier> {
    let earlier = person.phones_to_try().map(|earlier| Earlier {
        dial: dial(&earlier.number),
        until: earlier.until.strftime("%-d %B %Y").to_string(),
        voicemail: match earlier.voicemail_ok {
            true => "May leave a voicemail there",
            false => "Do NOT leave a voicemail there",
        },
    });
    earlier.collect()
}

/// The name, or that there is none yet.
pub(super) fn name_of(person: &Person) -> String {
    match person.name.trim() {
        "" => "Name not given".to_owned(),
        name => name.to_owned(),
    }
}

pub(super) fn dial(stored: &str) -> Dial {
    match Phone::parse(stored) {
        Ok(phone) => Dial {
            shown: phone.display(),
            dialled: phone.number().to_owned(),
        },
        Err(_) => Dial {
            shown: stored.to_owned(),
            dialled: String::new(),
        },
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

/// Whether the form asked how this person may be reached. Nobody having asked is not a "no", though nothing may be
/// done on it either.
fn was_asked(sheet: &CaseSheet, key: &str) -> bool {
    let shown = sheet
        .answers
        .as_ref()
        .is_none_or(|answers| answers.contact.is_some());
    shown && !sheet.not_asked.iter().any(|unasked| unasked == key)
}

fn lines(person: &Person, sheet: &CaseSheet, asked_since: bool, today: Date) -> Vec<Line> {
    let nhs = person
        .nhs_number
        .as_deref()
        .map(|stored| match NhsNumber::parse(stored) {
            Ok(number) => format!("{} (as given, not traced)", number.display()),
            Err(_) => marked(stored.to_owned(), false),
        });
    let mut lines = vec![
        line("Date of birth", born(person.date_of_birth, today)),
        line("NHS number", nhs.unwrap_or_else(|| "Not given".to_owned())),
        line(
            "Text messages",
            match (person.phone.is_some(), person.text_ok) {
                (false, _) => "No number",
                (true, true) => "May text",
                (true, false) if !asked_since && !was_asked(sheet, "text_ok") => "Not asked",
                (true, false) => "Do NOT text",
            },
        ),
        line("Best time to call", best_time(person.best_time.as_deref())),
        line(
            "E-mail",
            person.email.clone().map_or_else(
                || "Not given".to_owned(),
                |email| marked(email, person.sound_email().is_some()),
            ),
        ),
        line(
            "Letters and e-mail",
            match person.write_ok {
                true => "May write",
                false if !asked_since && !was_asked(sheet, "write_ok") => "Not asked",
                false => "Do NOT write",
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

pub(super) fn best_time(given: Option<&str>) -> String {
    given.map_or_else(|| "Not given".to_owned(), said)
}

/// A best time as a person says it.
pub(super) fn said(given: &str) -> String {
    BestTime::from_key(given)
        .map_or(given, |known| known.label())
        .to_owned()
}

fn address(person: &Person) -> String {
    address_of(&person.address, person.postcode.as_deref())
}

pub(super) fn address_of(lines: &[String], postcode: Option<&str>) -> String {
    let mut lines = lines.to_vec();
    match postcode {
        // The pseudo-postcode of the NHS Data Dictionary for no fixed abode.
        Some("ZZ99 3VZ") => lines.push("No fixed address".to_owned()),
        Some(postcode) => lines.push(marked(postcode.to_owned(), Postcode::parse(postcode).is_ok())),
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

    /// A form that another system sent, or one of our own pages with these answers.
    fn sheet(answers: Option<Answers>, not_asked: &[&str]) -> CaseSheet {
        let facts = crate::triage::Facts::default();
        CaseSheet {
            decision: crate::triage::Decision {
                service: crate::config::ServiceName::Core,
                step: crate::triage::Step::Two,
                priority: crate::triage::Priority::P4,
                flags: Vec::new(),
                booking: crate::triage::SelfBooking::None,
                reasons: Vec::new(),
                rules_version: "t".to_owned(),
            },
            not_asked: not_asked.iter().map(|key| (*key).to_owned()).collect(),
            answers: answers.map(Box::new),
            needs_checking: Vec::new(),
            facts,
        }
    }

    fn told(person: &Person, question: &str) -> String {
        let lines = lines(person, &sheet(None, &[]), false, TODAY);
        let found = lines.iter().find(|line| line.question == question);
        found.map(|line| line.answer.clone()).unwrap_or_default()
    }

    #[test]
    fn what_may_not_be_done_stands_out() {
        let person = robin();
        assert_eq!(told(&person, "Text messages"), "Do NOT text");
        assert_eq!(told(&person, "Letters and e-mail"), "Do NOT write");
        assert!(
            lines(&person, &sheet(None, &[]), false, TODAY)
                .iter()
                .any(|line| line.strong)
        );
        assert_eq!(
            who(&person, &sheet(None, &[]), false, TODAY).voicemail,
            "Do NOT leave a voicemail"
        );
        let dial = dial("+447700900123");
        assert_eq!(
            (dial.shown.as_str(), dial.dialled.as_str()),
            ("07700 900123", "+447700900123")
        );
        let noted = super::dial("+441144960123 (ext 12)");
        assert_eq!(
            (noted.shown.as_str(), noted.dialled.as_str()),
            ("0114 496 0123 (ext 12)", "+441144960123")
        );
    }

    #[test]
    fn what_is_only_as_typed_is_marked_and_never_dialled() {
        let person = Person {
            phone: Some("0770 900 12 or mum".to_owned()),
            email: Some("robin@".to_owned()),
            nhs_number: Some("12".to_owned()),
            postcode: Some("S10 2".to_owned()),
            ..robin()
        };
        let shown = who(&person, &sheet(None, &[]), false, TODAY);
        let dial = shown.phone.as_ref().expect("as typed");
        assert!(dial.is_as_typed() && dial.shown == "0770 900 12 or mum");
        assert!(shown.no_voicemail && shown.voicemail.contains("needs checking"));
        assert_eq!(told(&person, "E-mail"), "robin@ (as typed, needs checking)");
        assert_eq!(told(&person, "NHS number"), "12 (as typed, needs checking)");
        assert_eq!(told(&person, "Address"), "S10 2 (as typed, needs checking)");
    }

    #[test]
    fn what_nobody_asked_is_not_a_refusal() {
        let stopped_early = sheet(Some(Answers::default()), &[]);
        let typed_by_staff = sheet(
            Some(Answers {
                contact: Some(Default::default()),
                ..Answers::default()
            }),
            &["phone_voicemail_ok", "text_ok", "write_ok"],
        );
        for sheet in [stopped_early, typed_by_staff] {
            let shown = who(&robin(), &sheet, false, TODAY);
            assert!(shown.voicemail.starts_with("Not asked") && shown.no_voicemail);
            for question in ["Text messages", "Letters and e-mail"] {
                let line = shown.lines.iter().find(|line| line.question == question);
                assert!(
                    line.is_some_and(|line| line.answer == "Not asked" && !line.strong),
                    "{question}"
                );
            }
        }
        let may = Person {
            voicemail_ok: true,
            ..robin()
        };
        assert_eq!(
            who(&may, &sheet(None, &["phone_voicemail_ok"]), false, TODAY).voicemail,
            "May leave a voicemail"
        );
        let asked_since = who(&robin(), &sheet(None, &["phone_voicemail_ok"]), true, TODAY);
        assert_eq!(asked_since.voicemail, "Do NOT leave a voicemail");
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
