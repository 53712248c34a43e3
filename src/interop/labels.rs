//! What the team reads about a field that was kept although it is faulty. Pure.

use super::fault::Fault;

/// What the fields are called by people, by their pointers.
const LABELS: [(&str, &str); 14] = [
    ("/patient", "How to reach the patient"),
    ("/slip", "Slip code"),
    ("/source", "Who refers"),
    ("/agreed", "Agreed to be referred"),
    ("/patient/name", "Name"),
    ("/patient/date_of_birth", "Date of birth"),
    ("/patient/nhs_number", "NHS number"),
    ("/patient/email", "Email address"),
    ("/patient/phone", "Phone number"),
    ("/patient/address", "Address"),
    ("/patient/address/postcode", "Postcode"),
    ("/patient/gp_surgery", "GP surgery"),
    ("/patient/gp_ods", "GP surgery's code"),
    ("/facts/phq9", "PHQ-9 answers"),
];

/// "Postcode: S10 2H" or, where nothing was sent, "Date of birth: is missing".
pub(super) fn needs_checking(fault: &Fault) -> String {
    let pointer = fault.pointer.to_string();
    let label = LABELS
        .iter()
        .find(|(known, _)| *known == pointer)
        .map_or(pointer.as_str(), |(_, label)| label);
    let typed = fault.typed.as_deref().unwrap_or(&fault.detail);
    format!("{label}: {typed}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interop::fault::Pointer;

    #[test]
    fn the_team_reads_what_was_typed() {
        let postcode = Fault::at(Pointer::to(["patient", "address", "postcode"]), "must be one");
        assert_eq!(needs_checking(&postcode.clone()), "Postcode: must be one");
        assert_eq!(needs_checking(&postcode.with("S10".to_owned())), "Postcode: S10");
        assert_eq!(
            needs_checking(&Fault::at(Pointer::to(["x"]), "is new").with("1".to_owned())),
            "/x: 1"
        );
    }
}
