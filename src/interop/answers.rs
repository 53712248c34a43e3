//! What the API answers with: the shapes of `/openapi.json`, filled. Pure.

use serde::Serialize;

use super::listing::{Cursor, Line};
use crate::referrals::{Person, ReferralView};
use crate::triage::{Decision, Facts};
use crate::values::Ts;

/// The answer to a submission that made a referral.
#[derive(Serialize)]
pub(super) struct Submitted {
    pub reference: String,
    pub id: String,
    pub manage_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// The answer to a submission that was added to what another sender had begun.
#[derive(Serialize)]
pub(super) struct Added {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// A slip just made.
#[derive(Serialize)]
pub(super) struct Slip {
    pub slip: String,
    pub code: String,
    pub url: String,
    pub pdf_url: String,
    pub expires_at: String,
}

/// A page of a list.
#[derive(Serialize)]
pub(super) struct Page {
    pub items: Vec<Item>,
    pub next: Option<String>,
}

/// One referral in a list: enough to follow it, nothing about the person.
#[derive(Serialize)]
pub(super) struct Item {
    pub reference: String,
    pub id: String,
    pub status: &'static str,
    pub booked: bool,
    pub service: &'static str,
    pub source: &'static str,
    pub received_at: String,
    pub contact_by: String,
}

/// One referral opened.
#[derive(Serialize)]
pub(super) struct Opened {
    #[serde(flatten)]
    pub item: Item,
    pub patient: Patient,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub triage: Option<Triage>,
}

/// Who it is about, with the keys of the body that is sent in.
#[derive(Serialize)]
pub(super) struct Patient {
    pub name: String,
    pub date_of_birth: Option<String>,
    pub nhs_number: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub phone_voicemail_ok: bool,
    pub address: Option<Address>,
    pub gp_surgery: Option<String>,
    pub gp_ods: Option<String>,
}

/// Where they live.
#[derive(Serialize)]
pub(super) struct Address {
    pub lines: Vec<String>,
    pub postcode: Option<String>,
}

/// What a key with the scope `triage` sees besides.
#[derive(Serialize)]
pub(super) struct Triage {
    pub facts: Facts,
    pub not_asked: Vec<String>,
    pub needs_checking: Vec<String>,
    pub decision: Decision,
}

impl Page {
    /// The page of these lines.
    pub fn of(lines: Vec<Line>, next: Option<Cursor>) -> Self {
        Self {
            items: lines.into_iter().map(Item::of).collect(),
            next: next.map(|cursor| cursor.to_string()),
        }
    }
}

impl Item {
    fn of((id, reference, status, service, source, received_at, contact_by, booked): Line) -> Self {
        Self {
            reference: dashed(&reference),
            id: id.to_string(),
            status: status.as_str(),
            booked,
            service: service.as_str(),
            source: source.as_str(),
            received_at: instant(received_at),
            contact_by: instant(contact_by),
        }
    }
}

impl Opened {
    /// What a key sees of a referral, with or without the scope `triage`.
    pub fn of(view: ReferralView, booked: bool, sees_triage: bool) -> Self {
        let item = Item {
            reference: view.reference.to_string(),
            id: view.id.to_string(),
            status: view.state.as_str(),
            booked,
            service: view.service.as_str(),
            source: view.source.as_str(),
            received_at: instant(view.received_at),
            contact_by: instant(view.contact_by),
        };
        let sheet = view.case_sheet;
        let triage = sees_triage.then_some(Triage {
            facts: sheet.facts,
            not_asked: sheet.not_asked,
            needs_checking: sheet.needs_checking,
            decision: sheet.decision,
        });
        Self {
            item,
            patient: view.person.into(),
            triage,
        }
    }
}

impl From<Person> for Patient {
    fn from(person: Person) -> Self {
        let has_address = !person.address.is_empty() || person.postcode.is_some();
        // Another system dials it: the note beside a number is for people.
        let number = person.sound_phone().map(|phone| phone.number().to_owned());
        Self {
            phone: number.or(person.phone),
            name: person.name,
            date_of_birth: person.date_of_birth.map(|born| born.to_string()),
            nhs_number: person.nhs_number,
            email: person.email,
            phone_voicemail_ok: person.voicemail_ok,
            address: has_address.then_some(Address {
                lines: person.address,
                postcode: person.postcode,
            }),
            gp_surgery: person.gp_surgery,
            gp_ods: person.gp_ods,
        }
    }
}

/// The decision made when a submission was taken in at `at`, from the timeline; else the one that stands now.
pub(super) fn decision_at(view: &ReferralView, at: Ts) -> Decision {
    let event = view.timeline.iter().find(|event| event.at == at);
    let sheet = event.and_then(|event| event.payload.case_sheet.as_ref());
    let sheet = sheet.map_or(&view.case_sheet, |sheet| sheet.as_ref());
    sheet.decision.clone()
}

/// RFC 3339 in UTC.
pub(super) fn instant(at: Ts) -> String {
    at.0.to_string()
}

/// A stored reference as people read it.
fn dashed(stored: &str) -> String {
    crate::referrals::Reference::parse(stored)
        .map_or_else(|| stored.to_owned(), |reference| reference.to_string())
}
