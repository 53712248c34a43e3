//! What happened to a referral, in order, so that tampering shows. Each event carries a MAC over the one before
//! it and over a commitment to its own payload; a payload can therefore be sealed anew, or erased when the law
//! says so, and the chain still verifies.

use serde::{Deserialize, Serialize};

use super::case_sheet::CaseSheet;
use super::contact::ContactChange;
use super::event_kind::EventKind;
use super::hand_over::RecordNumber;
use super::person::Person;
use crate::values::{Id, KeyError, Keyring, Purpose, Ts};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The patient, or someone for them.
    Patient,
    /// A member of staff.
    Staff(Id),
    /// Another system, by its API key.
    Api(Id),
    /// This program.
    System,
}

impl By {
    pub(super) fn kind(self) -> &'static str {
        match self {
            By::Patient => "patient",
            By::Staff(_) => "staff",
            By::Api(_) => "api",
            By::System => "system",
        }
    }

    pub(super) fn id(self) -> Option<Id> {
        match self {
            By::Staff(id) | By::Api(id) => Some(id),
            By::Patient | By::System => None,
        }
    }

    pub(super) fn from_stored(kind: &str, id: Option<Id>) -> Option<Self> {
        match (kind, id) {
            ("patient", _) => Some(By::Patient),
            ("system", _) => Some(By::System),
            ("staff", Some(id)) => Some(By::Staff(id)),
            ("api", Some(id)) => Some(By::Api(id)),
            _ => None,
        }
    }
}

/// What an event says beyond its kind: sealed, and never in a log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Payload {
    /// A reason or note, in the words of whoever wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What of it the patient reads on their own page: a question, or where they were pointed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_patient: Option<String>,
    /// Facts as given, and the decision under the rules of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_sheet: Option<Box<CaseSheet>>,
    /// Who the sender said they were, where that differs from what stands in the referral.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Box<Person>>,
    /// Whether `person` was typed by the sender who began the referral, on the same form.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub same_sender: bool,
    /// Who they said they were when the form was last kept, where the rest of it now says something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_before: Option<Box<Person>>,
    /// How the patient was reached before, and is from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Box<ContactChange>>,
    /// The number it has in the record system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_number: Option<RecordNumber>,
}

impl Payload {
    /// An event that needs no words.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// An event with a reason or note.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..Self::default()
        }
    }

    /// An event that brought answers and a decision.
    pub fn case(case_sheet: CaseSheet) -> Self {
        Self {
            case_sheet: Some(Box::new(case_sheet)),
            ..Self::default()
        }
    }
}

/// The fixed parts of an event that its MAC covers.
pub(super) struct Link<'a> {
    pub previous: &'a [u8],
    pub referral: Id,
    pub seq: i32,
    pub kind: EventKind,
    pub by: By,
    pub at: Ts,
    pub commitment: &'a [u8],
}

/// The commitment to a payload: says nothing of it without the salt, and cannot be met by another payload.
pub(super) fn commitment(keys: &Keyring, salt: &[u8], plain: &[u8]) -> Result<[u8; 32], KeyError> {
    keys.mac(Purpose::Audit, &[b"commitment", salt, plain])
}

/// The MAC that chains one event to the one before it.
pub(super) fn chained(keys: &Keyring, link: &Link<'_>) -> Result<[u8; 32], KeyError> {
    let actor = link.by.id();
    let actor: &[u8] = actor.as_ref().map_or(&[], |id| id.as_bytes());
    keys.mac(
        Purpose::Audit,
        &[
            b"event",
            link.previous,
            link.referral.as_bytes(),
            &link.seq.to_be_bytes(),
            link.kind.as_str().as_bytes(),
            link.by.kind().as_bytes(),
            actor,
            &link.at.as_micros().to_be_bytes(),
            link.commitment,
        ],
    )
}

/// One event as staff read it.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its place in the chain, from 1.
    pub seq: i32,
    /// What happened.
    pub kind: EventKind,
    /// Who did it.
    pub by: By,
    /// When.
    pub at: Ts,
    /// What else it says.
    pub payload: Payload,
}

impl Event {
    /// Whether it brought answers of another sender than the one who began the referral. Whoever holds the link of the
    /// own page must not read them. Of events written before senders were told apart, those are taken for another's that
    /// say who the sender was.
    pub fn is_of_another_sender(&self) -> bool {
        self.kind == EventKind::AnswersAdded && self.payload.person.is_some() && !self.payload.same_sender
    }
}
