//! What a clerk reads, checked against what was answered.

use super::*;
use crate::config::ServiceName;
use crate::referrals::{ContactPlan, Door, Queue, Reference, ReviewState};
use crate::triage::{Decision, Facts, Priority, SelfBooking, Step};
use crate::values::Id;

fn view(person: Person, facts: Facts, not_asked: &[&str]) -> ReferralView {
    let decision = Decision {
        service: ServiceName::Hwb,
        step: Step::Two,
        priority: Priority::P4,
        flags: vec!["EMPLOYMENT".to_owned(), "RISK_ITEM9".to_owned()],
        booking: SelfBooking::None,
        reasons: Vec::new(),
        rules_version: "t".to_owned(),
    };
    let received_at = Ts("2026-06-30T23:30:00Z".parse().expect("a timestamp"));
    ReferralView {
        id: Id::new(),
        reference: Reference::parse("4K7M2PQ0").expect("a reference"),
        slip_id: None,
        clinic_id: None,
        source: facts.source,
        door: Door::Patient,
        state: ReviewState::Accepted,
        queue: Queue::Accepted,
        service: ServiceName::Hwb,
        step: Step::Two,
        priority: Priority::P4,
        booking: SelfBooking::None,
        received_at,
        contact_by: received_at,
        acknowledged: None,
        claimed: None,
        started_at: None,
        died_at: None,
        share_status: false,
        person,
        case_sheet: CaseSheet {
            facts,
            not_asked: not_asked.iter().map(|key| (*key).to_owned()).collect(),
            answers: None,
            needs_checking: Vec::new(),
            decision,
        },
        plan: ContactPlan::nothing(Id::from_bytes([7; 16])),
        timeline: Vec::new(),
        chain_is_whole: true,
    }
}

fn all(view: &ReferralView) -> Vec<Field> {
    let locality = Locality::example().expect("a locality");
    let around = Surroundings {
        locality: &locality,
        clinic: None,
        serial: Some(42),
        place: None,
        decided_by: "Terry Example",
    };
    groups(view, &around)
        .into_iter()
        .flat_map(|group| group.fields)
        .collect()
}

fn field(view: &ReferralView, column: &str) -> Field {
    let found = all(view).into_iter().find(|field| field.column == column);
    found.expect("a column of that name")
}

fn told(view: &ReferralView, column: &str) -> (String, String) {
    let field = field(view, column);
    (field.value, field.note)
}

fn pair(value: &str, note: &str) -> (String, String) {
    (value.to_owned(), note.to_owned())
}

#[test]
fn the_columns_are_these_and_each_stands_once() {
    let columns: Vec<&str> = all(&view(Person::default(), Facts::default(), &[]))
        .iter()
        .map(|field| field.column)
        .collect();
    // A table that somebody reads into another system: a name that changes breaks it. See docs/operations.md.
    assert_eq!(
        columns.join(" "),
        "name date_of_birth nhs_number address_1 address_2 address_3 address_4 postcode phone voicemail text write \
         best_time email gp_surgery gp_ods_code helped_by reference source_of_referral received clinic slip interpreter \
         bsl format long_term_conditions conditions_linked phq9_1 phq9_2 phq9_3 phq9_4 phq9_5 phq9_6 phq9_7 phq9_8 \
         phq9_9 phq9_total gad7_1 gad7_2 gad7_3 gad7_4 gad7_5 gad7_6 gad7_7 gad7_total service step decided_by decided \
         place to_know"
    );
}

#[test]
fn a_skipped_item_is_never_a_nought_and_makes_no_total() {
    let mut items = [Some(1); 9];
    items[8] = None;
    let facts = Facts {
        phq9: Some(items),
        gad7: Some([Some(0); 7]),
        ..Facts::default()
    };
    let view = view(Person::default(), facts, &[]);
    assert_eq!(told(&view, "phq9_1"), pair("1", ""));
    assert_eq!(told(&view, "phq9_9"), pair("", "Not answered"));
    assert_eq!(
        told(&view, "phq9_total"),
        pair("", "No total: an item is missing")
    );
    assert_eq!(told(&view, "gad7_7"), pair("0", ""));
    assert_eq!(told(&view, "gad7_total"), pair("0", ""));
    let unasked = super::tests::view(Person::default(), Facts::default(), &[]);
    assert_eq!(told(&unasked, "phq9_total"), pair("", "Not asked"));
}

#[test]
fn not_asked_is_not_no() {
    let someone = Person {
        phone: Some("+447700900123".to_owned()),
        ..Person::default()
    };
    let view = view(someone, Facts::default(), &["text_ok"]);
    assert_eq!(told(&view, "voicemail"), pair("No", ""));
    assert_eq!(told(&view, "text"), pair("", "Not asked: do not"));
    assert_eq!(told(&view, "phone"), pair("07700 900123", ""));
}

#[test]
fn the_source_has_the_data_sets_code_and_the_day_is_londons() {
    for (source, code) in [
        (Source::Patient, "B1"),
        (Source::Physio, "A3"),
        (Source::Gp, "A1"),
        (Source::Carer, "B2"),
    ] {
        let facts = Facts {
            source,
            ..Facts::default()
        };
        assert_eq!(
            field(&view(Person::default(), facts, &[]), "source_of_referral").value,
            code
        );
    }
    let view = view(Person::default(), Facts::default(), &[]);
    let received = field(&view, "received");
    assert_eq!(
        (received.value.as_str(), received.cell.as_str()),
        ("01/07/2026", "2026-07-01")
    );
    assert_eq!(told(&view, "slip"), pair("000042", ""));
    let to_know = field(&view, "to_know").value;
    assert!(
        to_know.contains("; ") && !to_know.contains("RISK_ITEM9"),
        "{to_know}"
    );
}

#[test]
fn an_address_keeps_its_lines_and_no_fixed_address_is_said() {
    let homeless = Person {
        postcode: Some(NO_ABODE.to_owned()),
        address: (1..=6).map(|line| format!("Line {line}")).collect(),
        ..Person::default()
    };
    let view = view(homeless, Facts::default(), &[]);
    assert_eq!(told(&view, "address_3"), pair("Line 3", ""));
    assert_eq!(told(&view, "address_4"), pair("Line 4, Line 5, Line 6", ""));
    assert_eq!(told(&view, "postcode"), pair(NO_ABODE, "No fixed address"));
    assert_eq!(told(&view, "name"), pair("", "Name not given"));
}
