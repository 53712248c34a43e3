//! `/openapi.json`: the description of this API, written by hand and held to the code by tests.

use actix_web::HttpResponse;
use actix_web::http::header;

/// The description.
const DOCUMENT: &str = include_str!("openapi.json");

pub(super) async fn serve() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(DOCUMENT)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::Serialize;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::config::ServiceName;
    use crate::interop::{answers, problem, referral_body, slip_body};
    use crate::referrals::{Person, ReviewState};
    use crate::triage::{Decision, Facts, Given, Priority, Reason, SelfBooking, Source, Step};

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).expect("JSON")
    }

    fn schema(name: &str) -> Value {
        document()
            .pointer(&format!("/components/schemas/{name}"))
            .expect(name)
            .clone()
    }

    fn keys(value: &Value) -> BTreeSet<String> {
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key.clone())
            .collect()
    }

    fn documented(name: &str) -> BTreeSet<String> {
        keys(schema(name).get("properties").expect("properties"))
    }

    fn names(list: &[&str]) -> BTreeSet<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[track_caller]
    fn written(name: &str, value: &impl Serialize) {
        let value = serde_json::to_value(value).expect("JSON");
        assert_eq!(documented(name), keys(&value), "{name}");
        for key in schema(name)
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            assert!(
                value.get(key.as_str().expect("a key")).is_some(),
                "{name} lacks {key}"
            );
        }
    }

    fn decision() -> Decision {
        Decision {
            service: ServiceName::Core,
            step: Step::Two,
            priority: Priority::P4,
            flags: Vec::new(),
            booking: SelfBooking::None,
            reasons: vec![Reason {
                rule: "A1".to_owned(),
                text: String::new(),
                source: String::new(),
            }],
            rules_version: "t".to_owned(),
        }
    }

    fn item() -> answers::Item {
        answers::Item {
            reference: String::new(),
            id: String::new(),
            status: "new",
            booked: false,
            service: "core",
            source: "self",
            received_at: String::new(),
            contact_by: String::new(),
        }
    }

    #[test]
    fn what_may_be_sent_is_what_is_read() {
        assert_eq!(documented("ReferralRequest"), names(&referral_body::BODY));
        assert_eq!(documented("Patient"), names(&referral_body::PATIENT));
        assert_eq!(documented("Address"), names(&referral_body::ADDRESS));
        assert_eq!(documented("SlipRequest"), names(&slip_body::BODY));
        for closed in [
            "ReferralRequest",
            "Patient",
            "Address",
            "SlipRequest",
            "FactsSent",
        ] {
            assert_eq!(
                schema(closed).get("additionalProperties"),
                Some(&json!(false)),
                "{closed}"
            );
        }
    }

    #[test]
    fn every_fact_that_may_be_sent_is_described() {
        let given = Given {
            age: Some(40),
            min_age: 18,
            source: Source::Patient,
            pad_target: None,
            risk_words: false,
        };
        let all = keys(&serde_json::to_value(Facts::default()).expect("JSON"));
        let refused = |key: &String| {
            let alone = Map::from_iter([(key.clone(), json!(0.5))]);
            let told = Facts::from_api(&alone, true, given)
                .expect_err("a wrong value")
                .message;
            told.contains("may not be named")
        };
        let sent: BTreeSet<String> = all.iter().filter(|key| !refused(key)).cloned().collect();
        assert_eq!(documented("FactsSent"), sent);
        written("Facts", &Facts::default());
    }

    #[test]
    fn what_is_answered_is_what_is_described() {
        let text = String::new;
        written("Decision", &decision());
        written("Reason", &decision().reasons[0]);
        written(
            "Submitted",
            &answers::Submitted {
                reference: text(),
                id: text(),
                manage_url: text(),
                booking_url: Some(text()),
                decision: Some(decision()),
            },
        );
        written(
            "Added",
            &answers::Added {
                reference: Some(text()),
            },
        );
        written(
            "Slip",
            &answers::Slip {
                slip: text(),
                code: text(),
                url: text(),
                pdf_url: text(),
                expires_at: text(),
            },
        );
        written("ReferralItem", &item());
        let page = answers::Page {
            items: vec![item()],
            next: None,
        };
        written("ReferralPage", &page);
        let opened = answers::Opened {
            item: item(),
            patient: Person::default().into(),
            triage: Some(answers::Triage {
                facts: Facts::default(),
                not_asked: Vec::new(),
                needs_checking: Vec::new(),
                decision: decision(),
            }),
        };
        written("Referral", &opened);
        written("PatientRead", &answers::Patient::from(Person::default()));
    }

    #[test]
    fn a_problem_is_described() {
        let fault = crate::interop::fault::Fault::at(Default::default(), "is missing");
        let problem = serde_json::to_value(problem::Problem::faulty(vec![fault])).expect("JSON");
        let mut described = documented("Problem");
        assert!(described.remove("instance"), "the request's id is added last");
        assert_eq!(described, keys(&problem));
        assert_eq!(documented("Fault"), keys(&problem["errors"][0]));
    }

    #[test]
    fn the_words_of_a_list_are_the_words_of_the_code() {
        let document = document();
        let parameters = document
            .pointer("/paths/~1api~1v1~1referrals/get/parameters")
            .expect("parameters");
        let words = |index: usize| parameters[index]["schema"]["enum"].clone();
        assert_eq!(words(0), json!(ServiceName::ALL.map(ServiceName::as_str)));
        assert_eq!(words(1), json!(ReviewState::ALL.map(ReviewState::as_str)));
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk(value: &Value, document: &Value) {
            if let Some(to) = value.get("$ref").and_then(Value::as_str) {
                assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to}");
            }
            let below: Vec<&Value> = match value {
                Value::Object(pairs) => pairs.values().collect(),
                Value::Array(items) => items.iter().collect(),
                _ => Vec::new(),
            };
            below.into_iter().for_each(|value| walk(value, document));
        }
        walk(&document(), &document());
    }
}
