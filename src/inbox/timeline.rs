//! The timeline as it is read: when, who by name, what, and in which words.

use std::collections::HashMap;

use jiff::civil::Date;

use super::answers::{Answered, Line, answered, outcome};
use super::{changes, who};
use crate::referrals::{By, Event, Person, ReferralView};
use crate::values::Id;

/// One event.
pub(super) struct Entry {
    pub when: String,
    pub who: String,
    pub what: &'static str,
    /// A reason or note; empty if there is none.
    pub text: String,
    /// What the rules made of the answers this event brought; empty without answers.
    pub outcome: String,
    /// The answers, where later ones have taken their place on the page.
    pub earlier: Option<Answered>,
    /// What the sender typed about themselves, where it differs.
    pub typed: Vec<Line>,
    /// What stood there before about the person, where this form now says something else.
    pub before: Vec<Line>,
}

/// The timeline, the newest first. `names`: what colleagues call those who acted.
pub(super) fn entries(view: &ReferralView, names: &HashMap<Id, String>, today: Date) -> Vec<Entry> {
    let latest = view
        .timeline
        .iter()
        .filter(|event| event.payload.case_sheet.is_some())
        .map(|event| event.seq)
        .max();
    view.timeline
        .iter()
        .rev()
        .map(|event| entry(event, Some(event.seq) == latest, names, today))
        .collect()
}

fn entry(event: &Event, is_latest: bool, names: &HashMap<Id, String>, today: Date) -> Entry {
    let sheet = event.payload.case_sheet.as_deref();
    let typed = event.payload.person.as_deref();
    Entry {
        when: event.at.display(),
        who: actor(event.by, names),
        what: event.kind.label(),
        text: match &event.payload.contact {
            Some(change) => changes::in_words(change).join("\n"),
            None => event.payload.text.clone().unwrap_or_default(),
        },
        outcome: sheet.map(outcome).unwrap_or_default(),
        earlier: sheet.filter(|_| !is_latest).map(answered),
        typed: typed
            .zip(sheet)
            .map(|(person, sheet)| typed_lines(person, sheet, today))
            .unwrap_or_default(),
        before: event
            .payload
            .person_before
            .as_deref()
            .map(|person| given(person, today))
            .unwrap_or_default(),
    }
}

/// What was known of a person, without what was not.
fn given(person: &Person, today: Date) -> Vec<Line> {
    let says_something = |text: &String| !text.is_empty();
    let address = Some(who::address_of(&person.address, person.postcode.as_deref()));
    let known = [
        ("Name", Some(person.name.clone())),
        (
            "Phone",
            person.phone.as_deref().map(|stored| who::dial(stored).shown),
        ),
        ("E-mail", person.email.clone()),
        (
            "Date of birth",
            person.date_of_birth.map(|date| who::born(Some(date), today)),
        ),
        ("NHS number", person.nhs_number.clone()),
        (
            "Address",
            address.filter(|_| !person.address.is_empty() || person.postcode.is_some()),
        ),
    ];
    let known = known.into_iter().filter_map(|(question, answer)| {
        Some(Line {
            question,
            answer: answer.filter(says_something)?,
            strong: false,
        })
    });
    known.collect()
}

fn typed_lines(person: &Person, sheet: &crate::referrals::CaseSheet, today: Date) -> Vec<Line> {
    let who = who::who(person, sheet, false, today);
    let first = [
        ("Name", who.name),
        (
            "Phone",
            who.phone
                .map_or_else(|| "Not given".to_owned(), |dial| dial.shown),
        ),
    ];
    let first = first.map(|(question, answer)| Line {
        question,
        answer,
        strong: false,
    });
    first.into_iter().chain(who.lines).collect()
}

/// Who acted, as colleagues call them.
pub(super) fn actor(by: By, names: &HashMap<Id, String>) -> String {
    let named = |id: Id| names.get(&id).cloned();
    match by {
        By::Patient => "The patient".to_owned(),
        By::Staff(id) => named(id).unwrap_or_else(|| "A member of staff".to_owned()),
        By::Api(id) => named(id).unwrap_or_else(|| "Another system".to_owned()),
        By::System => "iapt-pad".to_owned(),
    }
}

/// Who has to be named on the page.
pub(super) fn actors(view: &ReferralView) -> Vec<Id> {
    let acted = view.timeline.iter().filter_map(|event| match event.by {
        By::Staff(id) | By::Api(id) => Some(id),
        By::Patient | By::System => None,
    });
    let held = [view.claimed, view.acknowledged]
        .into_iter()
        .flatten()
        .map(|(id, _)| id);
    let mut ids: Vec<Id> = acted.chain(held).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
