//! Every field the record system's form asks, in the order a clerk types it. What nobody asked is not "no", and an item
//! that was skipped is not 0.

use jiff::civil::Date;

use super::field::{Field, Group};
use crate::booking::{OwnPlace, PlaceState};
use crate::config::{Locality, RecordSystem};
use crate::inbox::who::{AS_TYPED, dial, name_of, said};
use crate::inbox::words;
use crate::questionnaire::{Condition, GAD7, Linked, PHQ9, Sheet, total};
use crate::referrals::{CaseSheet, Event, EventKind, Person, ReferralView};
use crate::triage::{Source, step_meaning};
use crate::values::{NhsNumber, Postcode, Ts};

/// Lines of an address that have a column of their own; what is beyond stands in the last.
const ADDRESS: [&str; 4] = ["address_1", "address_2", "address_3", "address_4"];
/// The pseudo-postcode of the NHS Data Dictionary for no fixed abode.
const NO_ABODE: &str = "ZZ99 3VZ";

/// What stands beside the referral.
pub(in crate::inbox) struct Surroundings<'a> {
    pub locality: &'a Locality,
    pub clinic: Option<&'a str>,
    pub serial: Option<i64>,
    pub place: Option<&'a OwnPlace>,
    /// Who accepted it, by name; empty if nobody has.
    pub decided_by: &'a str,
}

/// All fields, group by group.
pub(in crate::inbox) fn groups(view: &ReferralView, around: &Surroundings<'_>) -> Vec<Group> {
    let (person, sheet) = (&view.person, &view.case_sheet);
    let group = |heading, fields| Group {
        heading,
        fields,
        items: false,
    };
    let scores = |heading, fields| Group {
        heading,
        fields,
        items: true,
    };
    vec![
        group("Person", identity(person)),
        group("Contact", contact(person, sheet)),
        group("Referral", came(view, around)),
        group("Needs and conditions", needs(sheet)),
        scores("PHQ-9", items(&PHQ9_COLUMNS, &PHQ9, sheet.facts.phq9)),
        scores("GAD-7", items(&GAD7_COLUMNS, &GAD7, sheet.facts.gad7)),
        group("Decision", decided(view, around)),
    ]
}

fn identity(person: &Person) -> Vec<Field> {
    let name = match name_of(person) {
        none if person.name.trim().is_empty() => Field::new("name", "Name", "").noted(none),
        name => Field::new("name", "Name", name),
    };
    let born = person.date_of_birth;
    let nhs = person.nhs_number.as_deref();
    let shown =
        nhs.map(|stored| NhsNumber::parse(stored).map_or(stored.to_owned(), |number| number.display()));
    let nhs_field =
        Field::new("nhs_number", "NHS number", shown.unwrap_or_default()).cell(nhs.unwrap_or_default());
    let mut fields = vec![
        name,
        Field::new(
            "date_of_birth",
            "Date of birth",
            born.map(slashed).unwrap_or_default(),
        )
        .cell(born.map(|date| date.to_string()).unwrap_or_default()),
        match (nhs, person.sound_nhs_number()) {
            (Some(_), Some(_)) => nhs_field.noted("as given, not traced"),
            (given, _) => as_typed(nhs_field, given.is_some()),
        },
    ];
    fields.extend(address(person));
    let postcode = person.postcode.clone().unwrap_or_default();
    let homeless = postcode == NO_ABODE;
    let unread = !postcode.is_empty() && Postcode::parse(&postcode).is_err();
    let field = Field::new("postcode", "Postcode", postcode);
    fields.push(match homeless {
        true => field.noted("No fixed address"),
        false => as_typed(field, unread),
    });
    fields
}

/// A field that did not pass its check says so, in the table too: nobody copies it unseen.
fn as_typed(field: Field, unread: bool) -> Field {
    match unread {
        true => {
            let cell = format!("{} ({AS_TYPED})", field.cell);
            field.cell(cell).noted(AS_TYPED)
        }
        false => field,
    }
}

fn address(person: &Person) -> Vec<Field> {
    let last = ADDRESS.len() - 1;
    ADDRESS
        .into_iter()
        .enumerate()
        .map(|(index, column)| {
            let line = match index == last {
                true => person.address.get(last..).unwrap_or_default().join(", "),
                false => person.address.get(index).cloned().unwrap_or_default(),
            };
            Field::new(column, format!("Address line {}", index + 1), line)
        })
        .collect()
}

fn contact(person: &Person, sheet: &CaseSheet) -> Vec<Field> {
    let shown = sheet
        .answers
        .as_ref()
        .is_none_or(|answers| answers.contact.is_some());
    let may = |column, label: &str, key: &str, allowed: bool| {
        let asked = shown && !sheet.not_asked.iter().any(|unasked| unasked == key);
        match (allowed, asked) {
            (true, _) => Field::new(column, label, "Yes"),
            (false, true) => Field::new(column, label, "No"),
            // Nobody having asked is not a refusal, though nothing may be done on it either.
            (false, false) => Field::new(column, label, "").noted("Not asked: do not"),
        }
    };
    let phone = person.phone.as_deref().map(|stored| dial(stored).shown);
    let gp = person.gp_surgery.clone().unwrap_or_default();
    vec![
        as_typed(
            Field::new("phone", "Phone", phone.unwrap_or_default()),
            person.phone.is_some() && person.sound_phone().is_none(),
        ),
        may(
            "voicemail",
            "Voicemail allowed",
            "phone_voicemail_ok",
            person.voicemail_ok,
        ),
        may("text", "Text messages allowed", "text_ok", person.text_ok),
        may("write", "Letters and e-mail allowed", "write_ok", person.write_ok),
        Field::new(
            "best_time",
            "Best time to call",
            person.best_time.as_deref().map(said).unwrap_or_default(),
        ),
        as_typed(
            Field::new("email", "E-mail", person.email.clone().unwrap_or_default()),
            person.email.is_some() && person.sound_email().is_none(),
        ),
        Field::new("gp_surgery", "GP surgery", gp),
        Field::new(
            "gp_ods_code",
            "GP surgery's ODS code",
            person.gp_ods.clone().unwrap_or_default(),
        ),
        Field::new(
            "helped_by",
            "Filled in with help from",
            person.helper.clone().unwrap_or_default(),
        ),
    ]
}

fn came(view: &ReferralView, around: &Surroundings<'_>) -> Vec<Field> {
    let (code, words) = source(view.source, &around.locality.record_system);
    vec![
        Field::new("reference", "Our reference", view.reference.to_string()),
        Field::new("source_of_referral", "Source of referral", code).noted(words),
        day("received", "Date received", Some(view.received_at)),
        Field::new("clinic", "Clinic", around.clinic.unwrap_or_default()).or_else("None"),
        Field::new(
            "slip",
            "Slip",
            around
                .serial
                .map(|serial| format!("{serial:06}"))
                .unwrap_or_default(),
        )
        .or_else("None"),
    ]
}

/// The data set's code of a source of referral, and what it means here.
fn source(source: Source, system: &RecordSystem) -> (&str, &'static str) {
    match source {
        Source::Patient => (&system.source_self, "self-referral"),
        Source::Physio => (&system.source_physio, "physiotherapist, with the patient"),
        Source::Gp => (&system.source_gp, "GP"),
        Source::Carer => (&system.source_carer, "carer or helper"),
    }
}

fn needs(sheet: &CaseSheet) -> Vec<Field> {
    let (facts, answers) = (&sheet.facts, sheet.answers.as_deref());
    let own = answers.and_then(|answers| answers.needs.as_ref());
    let needs_shown = answers.is_none_or(|answers| answers.needs.is_some());
    let none = if needs_shown { "None named" } else { "Not asked" };
    let interpreter = facts.interpreter.as_deref().map(|code| {
        let told = own
            .map(|own| own.other_language.as_str())
            .filter(|told| !told.is_empty());
        told.map_or_else(|| crate::patient::language_name(code).to_string(), str::to_owned)
    });
    let format = facts.format_need.then(|| {
        let told = own
            .map(|own| own.format_need.as_str())
            .filter(|told| !told.is_empty());
        told.unwrap_or("Another format; ask which").to_owned()
    });
    let named: Vec<&str> = facts
        .ltc
        .iter()
        .map(|key| Condition::from_key(key).map_or(key.as_str(), |known| known.label()))
        .collect();
    let conditions_shown = answers.is_none_or(|answers| answers.long_term.is_some());
    let linked = match (facts.ltc.is_empty(), facts.ltc_linked) {
        (true, _) => "",
        (false, Linked::Yes) => "Yes",
        (false, Linked::No) => "No",
        (false, Linked::Unsure) => "Not sure",
    };
    vec![
        Field::new("interpreter", "Interpreter", interpreter.unwrap_or_default()).or_else(none),
        Field::new("bsl", "British Sign Language", if facts.bsl { "Yes" } else { "" }).or_else(none),
        Field::new("format", "Format", format.unwrap_or_default()).or_else(none),
        Field::new("long_term_conditions", "Long-term conditions", named.join(", ")).or_else(
            if conditions_shown {
                "None named"
            } else {
                "Not asked"
            },
        ),
        Field::new("conditions_linked", "Linked to the problem", linked).or_else("Does not apply"),
    ]
}

const PHQ9_COLUMNS: [&str; 10] = [
    "phq9_1",
    "phq9_2",
    "phq9_3",
    "phq9_4",
    "phq9_5",
    "phq9_6",
    "phq9_7",
    "phq9_8",
    "phq9_9",
    "phq9_total",
];
const GAD7_COLUMNS: [&str; 8] = [
    "gad7_1",
    "gad7_2",
    "gad7_3",
    "gad7_4",
    "gad7_5",
    "gad7_6",
    "gad7_7",
    "gad7_total",
];

fn items<const N: usize>(
    columns: &[&'static str],
    sheet: &Sheet,
    given: Option<[Option<u8>; N]>,
) -> Vec<Field> {
    let missing = if given.is_some() {
        "Not answered"
    } else {
        "Not asked"
    };
    let sum = given.as_ref().and_then(total);
    let numbers = (0..N).map(|index| given.and_then(|items| items.get(index).copied().flatten()));
    let labels = sheet.items.iter().enumerate();
    let labels = labels.map(|(index, text)| format!("{}. {text}", index + 1));
    let digit = |number: Option<u8>| number.map(|number| number.to_string()).unwrap_or_default();
    columns
        .iter()
        .zip(labels.chain(["Total".to_owned()]))
        .zip(numbers.chain([sum]))
        .map(|((column, label), number)| {
            let missing = match (label == "Total", given.is_some()) {
                (true, true) => "No total: an item is missing",
                (true, false) | (false, _) => missing,
            };
            Field::new(column, label, digit(number)).or_else(missing)
        })
        .collect()
}

fn decided(view: &ReferralView, around: &Surroundings<'_>) -> Vec<Field> {
    let accepted = accepted(&view.timeline);
    let place = around.place.map(|place| {
        let state = match place.state {
            PlaceState::Confirmed => "confirmed",
            PlaceState::Held => "kept, to be confirmed",
            PlaceState::Offered => "offered",
            PlaceState::Free => "",
        };
        let run = &place.run;
        (
            format!("{}, {}, from {}", run.course_name, run.venue, run.begins()),
            state,
        )
    });
    let (place, state) = place.unwrap_or_default();
    let flags = words::flags(view.case_sheet.decision.flags.iter().map(String::as_str));
    let flags: Vec<String> = flags.into_iter().map(|flag| flag.meaning).collect();
    vec![
        Field::new(
            "service",
            "Service",
            words::service(around.locality, view.service),
        ),
        Field::new("step", "Step", step_meaning(view.step)),
        Field::new("decided_by", "Decided by", around.decided_by).or_else("Nobody has accepted it"),
        day("decided", "Decided on", accepted.map(|event| event.at)),
        Field::new("place", "Place booked here", place)
            .noted(state)
            .or_else("None"),
        Field::new("to_know", "To know", flags.join("; ")).or_else("Nothing was flagged"),
    ]
}

/// The acceptance that stands: the latest.
pub(in crate::inbox) fn accepted(timeline: &[Event]) -> Option<&Event> {
    timeline
        .iter()
        .rev()
        .find(|event| event.kind == EventKind::Accepted)
}

/// A day of the London calendar: as clerks type it, and as tables sort it.
fn day(column: &'static str, label: &str, at: Option<Ts>) -> Field {
    let date = at.map(Ts::london_date);
    Field::new(column, label, date.map(slashed).unwrap_or_default())
        .cell(date.map(|date| date.to_string()).unwrap_or_default())
}

/// "29/02/1980".
fn slashed(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
