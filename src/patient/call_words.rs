//! The words of the page for calls: what the team does first, what a slip leads to, what became of it.

use super::by_staff::Kept;
use super::hint;
use super::on_the_phone::CallPage;
use crate::config::{Locality, ServiceName};
use crate::pads::{Scan, SlipView};
use crate::questionnaire::{Answers, Condition, CrisisNow, KeepSafe, Linked, PHQ9, Problem};
use crate::referrals::{Receipt, Reference};
use crate::web::form::Choice;
use crate::web::paths;

use super::fields::NOT_ASKED;

/// Whether something was said that comes before everything else, and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Danger {
    /// Nothing of the kind.
    None,
    /// It was said.
    Said {
        /// New trouble that can come from the spine.
        spine: bool,
        /// What has become of it, on a page that has to be corrected.
        kept: Option<Kept>,
    },
}

impl Danger {
    /// `urgent`: the rules want a person to look today.
    pub fn of(urgent: bool, answers: &Answers) -> Self {
        match urgent {
            true => Danger::Said {
                spine: answers.spine.is_some_and(|spine| spine.any()),
                kept: None,
            },
            false => Danger::None,
        }
    }

    pub fn is_there(&self) -> bool {
        match self {
            Danger::None => false,
            Danger::Said { .. } => true,
        }
    }

    pub fn is_spine(&self) -> bool {
        match self {
            Danger::None => false,
            Danger::Said { spine, .. } => *spine,
        }
    }

    /// The same, with what has become of it.
    pub fn with(&self, kept: Kept) -> Self {
        match self {
            Danger::None => Danger::None,
            Danger::Said { spine, .. } => Danger::Said {
                spine: *spine,
                kept: Some(kept),
            },
        }
    }

    /// What the page says of it; nothing to say if empty.
    pub fn told(&self) -> String {
        let Danger::Said { kept: Some(kept), .. } = self else {
            return String::new();
        };
        match kept {
            Kept::Under(reference) => format!(
                "What the caller told is with the team already{reference}. Correct what is named below and send, and it goes on under the same reference."
            ),
            Kept::WithoutWay(reference) => format!(
                "What the caller told is with the team already{reference}, but with no way to reach them. Type a phone number now, in case the call breaks off."
            ),
            Kept::NotReachable => "Nothing is kept yet. Type the caller’s name and a phone number now, in case the call breaks off.".to_owned(),
            Kept::NotSaved => "It could not be saved. Tell a colleague now, and try again.".to_owned(),
        }
    }
}

/// What a slip leads to, for the one who typed its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SlipNote {
    pub heading: &'static str,
    pub what: String,
    pub way_on: &'static str,
}

impl SlipNote {
    /// None for a code that is no slip's: that is a message at the field.
    pub fn of(scan: &Scan, hint: Option<Condition>, here: &Locality) -> Option<Self> {
        let (slip, heading, way_on) = match scan {
            Scan::Unknown => return None,
            Scan::Unused(slip) => (slip, "This slip can be used", "Go on with the questions below."),
            Scan::Used(slip) => (
                slip,
                "This slip has been used",
                "Go on all the same. If the caller used it, their answers are added to their referral. If somebody else did, this is a new referral without the slip.",
            ),
            Scan::Void(slip) => (
                slip,
                "This slip was taken back by the clinic",
                "Go on all the same. The referral is taken in without the slip and says so.",
            ),
            Scan::Expired(slip) => (
                slip,
                "This slip is out of date",
                "Go on all the same. The referral is taken in without the slip and says so.",
            ),
        };
        Some(SlipNote {
            heading,
            what: what(slip, hint, here),
            way_on,
        })
    }
}

fn what(slip: &SlipView, hint: Option<Condition>, here: &Locality) -> String {
    let service = match slip.service {
        Some(name @ (ServiceName::Core | ServiceName::Hwb | ServiceName::Review)) => {
            here.service(name).staff_name.clone()
        }
        None => "either service, as the answers say".to_owned(),
    };
    let suggested = hint.map_or_else(String::new, |condition| {
        format!(
            ". The physiotherapist suggested help with {}",
            hint::words(condition)
        )
    });
    format!(
        "Slip {:06} from {}, for {service}{suggested}",
        slip.serial, slip.clinic_name
    )
}

/// What became of a call that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Took {
    pub heading: &'static str,
    pub reference: String,
    pub url: String,
    /// By when somebody is in touch: what the caller is told. Nothing where another sender began the referral: the
    /// caller is told nothing of it.
    pub contact_by: Option<String>,
    /// What the slip's state means for it; empty if nothing.
    pub slip: &'static str,
}

impl Took {
    /// Of a form that made a referral, or belongs to it.
    pub fn own(heading: &'static str, receipt: &Receipt) -> Self {
        let told = [
            (
                "SLIP_USED",
                "The slip had been used by somebody else: the referral stands without it.",
            ),
            (
                "SLIP_VOID",
                "The clinic had taken the slip back: the referral stands without it.",
            ),
            (
                "SLIP_EXPIRED",
                "The slip was out of date: the referral stands without it.",
            ),
            (
                "SLIP_UNKNOWN",
                "The code is no slip’s. It is kept as typed, for somebody to check.",
            ),
            (
                "NEEDS_CHECKING",
                "Something is kept as typed, for somebody to check.",
            ),
        ];
        let flagged = told.iter().find(|(flag, _)| receipt.decision.has_flag(flag));
        Took {
            heading,
            reference: receipt.reference.to_string(),
            url: paths::referral(receipt.reference.as_str()),
            contact_by: Some(receipt.contact_by.london().strftime("%A %-d %B").to_string()),
            slip: flagged.map_or("", |(_, words)| *words),
        }
    }

    /// Of answers that were added to this referral, which another sender began.
    pub fn added(to: Option<&Reference>) -> Self {
        Took {
            heading: "Added to a referral that was there already",
            reference: to.map_or_else(|| "in the inbox".to_owned(), Reference::to_string),
            url: to.map_or_else(|| paths::INBOX.to_owned(), |to| paths::referral(to.as_str())),
            contact_by: None,
            slip: "",
        }
    }
}

fn choices<'a, T: Copy + 'a>(
    all: &'static [T],
    key: fn(T) -> &'static str,
    label: fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter()
        .map(|one| Choice::new(key(*one), label(*one)))
        .collect()
}

fn or_not_asked(mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.push(Choice::new(NOT_ASKED, "Not asked"));
    choices
}

impl CallPage<'_> {
    pub(super) fn crisis_now(&self) -> Vec<Choice> {
        or_not_asked(vec![
            Choice::new(CrisisNow::Yes.key(), "Yes"),
            Choice::new(CrisisNow::No.key(), "No"),
            Choice::new(CrisisNow::PreferNot.key(), "Would rather not say"),
        ])
    }

    pub(super) fn keep_safe(&self) -> Vec<Choice> {
        or_not_asked(vec![
            Choice::new(KeepSafe::Yes.key(), "Yes"),
            Choice::new(KeepSafe::No.key(), "No"),
            Choice::new(KeepSafe::Unsure.key(), "Not sure"),
        ])
    }

    pub(super) fn three_state(&self) -> Vec<Choice> {
        or_not_asked(self.yes_no())
    }

    pub(super) fn yes_no(&self) -> Vec<Choice> {
        vec![Choice::new("yes", "Yes"), Choice::new("no", "No")]
    }

    /// The item in its published words: stem and item together.
    pub(super) fn item9_text(&self) -> String {
        let item = PHQ9.items.last().copied().unwrap_or_default();
        format!("{} {item}", PHQ9.stem)
    }

    pub(super) fn item9(&self) -> Vec<Choice> {
        let labels = PHQ9.labels.iter().enumerate();
        or_not_asked(
            labels
                .map(|(value, label)| Choice::new(value.to_string(), *label))
                .collect(),
        )
    }

    pub(super) fn spine(&self) -> Vec<Choice> {
        vec![
            Choice::new(
                "saddle_numbness",
                "Numbness or tingling between the legs, or around the bottom",
            ),
            Choice::new(
                "bladder_or_bowel",
                "A change in how they pee or poo, or in holding it",
            ),
            Choice::new("both_legs_weak", "Weakness in both legs"),
        ]
    }

    pub(super) fn problems(&self) -> Vec<Choice> {
        choices(Problem::ALL, Problem::key, Problem::label)
    }

    pub(super) fn conditions(&self) -> Vec<Choice> {
        choices(Condition::ALL, Condition::key, Condition::label)
    }

    pub(super) fn linked(&self) -> Vec<Choice> {
        vec![
            Choice::new(Linked::Yes.key(), "Yes"),
            Choice::new(Linked::No.key(), "No"),
            Choice::new(Linked::Unsure.key(), "Not sure"),
        ]
    }

    pub(super) fn gp_in_area(&self) -> Vec<Choice> {
        vec![
            Choice::new("yes", "Yes"),
            Choice::new("no", "No"),
            Choice::new("unknown", "Does not know"),
        ]
    }

    pub(super) fn gp_in_area_text(&self) -> String {
        format!("Is the surgery in {}?", self.here.organisation.area)
    }

    pub(super) fn interpreters(&self) -> Vec<Choice> {
        let mut choices = vec![Choice::new("no", "No interpreter needed")];
        for code in &self.here.languages {
            choices.push(Choice::new(code.clone(), super::language_name(code).to_owned()));
        }
        choices.push(Choice::new(super::fields::OTHER_LANGUAGE, "Another language"));
        choices
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Id, Ts};

    fn slip() -> SlipView {
        SlipView {
            id: Id::new(),
            serial: 123,
            pad_id: Id::new(),
            clinic_id: Id::new(),
            clinic_name: "Physioworks North".to_owned(),
            service: Some(ServiceName::Hwb),
            sample: false,
            expires_at: Ts::from_micros(0),
        }
    }

    #[test]
    fn every_slip_says_where_it_is_from_and_leaves_a_way_on() {
        let here = Locality::example().expect("a locality");
        for scan in [
            Scan::Unused(slip()),
            Scan::Used(slip()),
            Scan::Void(slip()),
            Scan::Expired(slip()),
        ] {
            let note = SlipNote::of(&scan, None, &here).expect("a note");
            assert!(note.what.contains("000123") && note.what.contains("Physioworks North"));
            assert!(note.what.contains("Health and Wellbeing") && note.way_on.starts_with("Go on"));
        }
        assert_eq!(SlipNote::of(&Scan::Unknown, None, &here), None);
        let hinted = SlipNote::of(&Scan::Unused(slip()), Some(Condition::BackPain), &here);
        assert!(hinted.is_some_and(|note| note.what.ends_with("suggested help with back pain")));
    }
}
