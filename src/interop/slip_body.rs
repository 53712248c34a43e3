//! The body of `POST /api/v1/slips`. Pure.

use super::fault::{Fault, Pointer};
use super::fields::Fields;
use super::json::Document;
use crate::config::ServiceName;
use crate::staff::ClinicCode;
use crate::values::{Email, Unfit};

/// The keys of the body.
pub(super) const BODY: [&str; 4] = ["clinic", "template", "service", "patient_email"];

/// A slip that is asked for.
#[derive(Clone, Debug)]
pub(super) struct SlipBody {
    /// The clinic that hands it out.
    pub clinic: ClinicCode,
    /// What it looks like, if it matters.
    pub template: Option<String>,
    /// The service it is for, if for one.
    pub service: Option<ServiceName>,
    /// Where to send the link.
    pub email: Option<Email>,
}

/// Reads a body, or tells everything that is wrong with it.
pub(super) fn read(document: Document) -> Result<SlipBody, Vec<Fault>> {
    let mut faults = document.faults;
    let mut body = Fields::open(&document.value, Pointer::default(), &BODY, &mut faults);
    let clinic = body.required("clinic", ClinicCode::parse).fit();
    let template = body.word("template", |text| Ok(text.trim().to_owned())).fit();
    let service = body.word("service", service).fit();
    let email = body.word("patient_email", Email::parse).fit();
    match clinic {
        Some(clinic) if faults.is_empty() => Ok(SlipBody {
            clinic,
            template,
            service,
            email,
        }),
        Some(_) | None => Err(faults),
    }
}

/// A slip is for core or for Health and Wellbeing; review is for a person to choose.
fn service(word: &str) -> Result<ServiceName, Unfit> {
    let ticked = ServiceName::parse(word).filter(|service| *service != ServiceName::Review);
    ticked.ok_or(Unfit::because("must be one of core, hwb"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interop::json::parse;
    use serde_json::{Value, json};

    fn reading(body: &Value) -> Result<SlipBody, Vec<String>> {
        let document = parse(body.to_string().as_bytes()).expect("JSON");
        read(document).map_err(|faults| faults.iter().map(|fault| fault.pointer.to_string()).collect())
    }

    #[test]
    fn a_slip_needs_only_its_clinic() {
        let read = reading(&json!({"clinic": "north-1", "service": null})).expect("sound");
        assert_eq!(read.clinic.as_str(), "NORTH-1");
        assert!(read.service.is_none() && read.email.is_none() && read.template.is_none());
    }

    #[test]
    fn every_fault_is_told_at_its_place() {
        let body =
            json!({"template": 1, "service": "review", "patient_email": "x@", "name": "Robin Example"});
        assert_eq!(
            reading(&body).expect_err("faults"),
            ["/name", "/clinic", "/template", "/service", "/patient_email"]
        );
    }
}
