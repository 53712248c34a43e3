//! Two referrals side by side: what agrees and what differs, so that a person can say whether they are about one.

use jiff::civil::Date;

use super::who::{address_of, born, dial, name_of};
use super::words;
use crate::config::Locality;
use crate::referrals::{ReferralView, normal};
use crate::triage::{Source, step_meaning};
use crate::values::NhsNumber;

/// Whether two values are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    Same,
    Differs,
    /// One of them, or both, is not given.
    Unknown,
    /// Not a question of who it is.
    Nothing,
}

impl Agreement {
    pub fn label(self) -> &'static str {
        match self {
            Agreement::Same => "The same",
            Agreement::Differs => "Differs",
            Agreement::Unknown => "Not known of both",
            Agreement::Nothing => "",
        }
    }
}

/// One line of the page.
pub(super) struct Compared {
    pub label: &'static str,
    pub one: String,
    pub other: String,
    pub agreement: Agreement,
}

/// Everything that helps to tell two people apart, then what came of each referral.
pub(super) fn compared(
    one: &ReferralView,
    other: &ReferralView,
    locality: &Locality,
    today: Date,
) -> Vec<Compared> {
    let told =
        |label, value: &dyn Fn(&ReferralView) -> Option<String>, shown: &dyn Fn(&ReferralView) -> String| {
            Compared {
                label,
                one: shown(one),
                other: shown(other),
                agreement: agreement(value(one), value(other)),
            }
        };
    let plain = |label, value: &dyn Fn(&ReferralView) -> Option<String>| {
        let shown = |view: &ReferralView| value(view).unwrap_or_else(|| "Not given".to_owned());
        told(label, value, &shown)
    };
    let fact = |label, shown: &dyn Fn(&ReferralView) -> String| Compared {
        label,
        one: shown(one),
        other: shown(other),
        agreement: Agreement::Nothing,
    };
    vec![
        told("Name", &|view| Some(view.person.name.clone()), &|view| {
            name_of(&view.person)
        }),
        told(
            "Date of birth",
            &|view| view.person.date_of_birth.map(|date| date.to_string()),
            &|view| born(view.person.date_of_birth, today),
        ),
        // What is only as typed tells nobody apart: "n/a" is the same of many.
        told(
            "NHS number",
            &|view| view.person.sound_nhs_number().map(str::to_owned),
            &|view| {
                let number = view.person.nhs_number.as_deref().unwrap_or("Not given");
                NhsNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.display())
            },
        ),
        told(
            "Phone",
            &|view| Some(view.person.sound_phone()?.number().to_owned()),
            &|view| dial(view.person.phone.as_deref().unwrap_or("Not given")).shown,
        ),
        told(
            "E-mail",
            &|view| view.person.sound_email().map(str::to_owned),
            &|view| {
                view.person
                    .email
                    .clone()
                    .unwrap_or_else(|| "Not given".to_owned())
            },
        ),
        plain("Postcode", &|view| view.person.postcode.clone()),
        told("Address", &|view| Some(view.person.address.join(" ")), &|view| {
            address_of(&view.person.address, None)
        }),
        plain("GP surgery", &|view| view.person.gp_surgery.clone()),
        fact("Came", &|view| view.received_at.display()),
        fact("Source", &|view| source(view.source).to_owned()),
        fact("State", &|view| view.state.label().to_owned()),
        fact("Service and step", &|view| {
            format!(
                "{}, {}",
                words::service(locality, view.service),
                step_meaning(view.step)
            )
        }),
        fact("How soon", &|view| words::urgency(view.priority).text.to_owned()),
        fact("To know", &|view| {
            let flags = words::flags(view.case_sheet.decision.flags.iter().map(String::as_str));
            let flags: Vec<String> = flags.into_iter().map(|flag| flag.meaning).collect();
            match flags.is_empty() {
                true => "Nothing was flagged".to_owned(),
                false => flags.join("\n"),
            }
        }),
    ]
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Patient => "The patient",
        Source::Physio => "A physiotherapist with the patient",
        Source::Gp => "A GP",
        Source::Carer => "A carer or helper",
    }
}

/// Case, accents and spaces do not tell people apart.
fn agreement(one: Option<String>, other: Option<String>) -> Agreement {
    let told = |value: Option<String>| {
        value
            .map(|value| normal(&value))
            .filter(|value| !value.is_empty())
    };
    match (told(one), told(other)) {
        (Some(one), Some(other)) if one == other => Agreement::Same,
        (Some(_), Some(_)) => Agreement::Differs,
        (Some(_), None) | (None, Some(_)) | (None, None) => Agreement::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_agrees_differs_or_is_not_known() {
        let said = |text: &str| Some(text.to_owned());
        for (one, other, expected) in [
            (said("Zoë O’Neill"), said("zoe oneill"), Agreement::Same),
            (said("Robin"), said("Alex"), Agreement::Differs),
            (said("Robin"), None, Agreement::Unknown),
            (None, None, Agreement::Unknown),
            (said(""), said(" "), Agreement::Unknown),
        ] {
            assert_eq!(agreement(one, other), expected);
        }
    }
}
