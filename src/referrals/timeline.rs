//! What happened to a referral, in order, so that tampering shows. Each event carries a MAC over the one before
//! it and over a commitment to its own payload; a payload can therefore be sealed anew, or erased when the law
//! says so, and the chain still verifies.

use serde::{Deserialize, Serialize};

use super::case_sheet::CaseSheet;
use super::contact::ContactChange;
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

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A worrying answer was kept before the form was finished.
    RiskAnswerKept,
    /// The referral was received.
    Received,
    /// A form that had been kept unfinished was finished.
    Completed,
    /// More answers came for the same referral.
    AnswersAdded,
    /// A named person has seen an urgent referral and acts.
    Acknowledged,
    /// A member of staff took it on.
    Claimed,
    /// A member of staff let go of it.
    Released,
    /// Accepted.
    Accepted,
    /// Sent to another service.
    SentOn,
    /// Declined.
    Declined,
    /// Withdrawn by the patient.
    Withdrawn,
    /// A note.
    Noted,
    /// A place on a course was held for the patient.
    PlaceHeld,
    /// The place was confirmed by a named person.
    PlaceConfirmed,
    /// The place was changed for another one.
    PlaceMoved,
    /// The place was given up.
    PlaceReleased,
    /// The patient waits for a place.
    WaitJoined,
    /// A place that came free was offered to the patient.
    PlaceOffered,
    /// The offer ended without a place.
    OfferEnded,
    /// The patient does not wait any more.
    WaitEnded,
    /// A member of the team rang the patient.
    Rang,
    /// Somebody noted whether the patient came to a session, or put it right.
    Attended,
    /// Treatment began here.
    Started,
    /// Treatment had not begun after all.
    NotStarted,
    /// Opened again.
    Reopened,
    /// The patient changed how they are reached.
    ContactChanged,
    /// The patient took a copy of what is held about them.
    CopyTaken,
}

impl EventKind {
    const ALL: [EventKind; 27] = [
        EventKind::RiskAnswerKept,
        EventKind::Received,
        EventKind::Completed,
        EventKind::AnswersAdded,
        EventKind::Acknowledged,
        EventKind::Claimed,
        EventKind::Released,
        EventKind::Accepted,
        EventKind::SentOn,
        EventKind::Declined,
        EventKind::Withdrawn,
        EventKind::Noted,
        EventKind::PlaceHeld,
        EventKind::PlaceConfirmed,
        EventKind::PlaceMoved,
        EventKind::PlaceReleased,
        EventKind::WaitJoined,
        EventKind::PlaceOffered,
        EventKind::OfferEnded,
        EventKind::WaitEnded,
        EventKind::Rang,
        EventKind::Attended,
        EventKind::Started,
        EventKind::NotStarted,
        EventKind::Reopened,
        EventKind::ContactChanged,
        EventKind::CopyTaken,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::RiskAnswerKept => "risk_answer_kept",
            EventKind::Received => "received",
            EventKind::Completed => "completed",
            EventKind::AnswersAdded => "answers_added",
            EventKind::Acknowledged => "acknowledged",
            EventKind::Claimed => "claimed",
            EventKind::Released => "released",
            EventKind::Accepted => "accepted",
            EventKind::SentOn => "sent_on",
            EventKind::Declined => "declined",
            EventKind::Withdrawn => "withdrawn",
            EventKind::Noted => "noted",
            EventKind::PlaceHeld => "place_held",
            EventKind::PlaceConfirmed => "place_confirmed",
            EventKind::PlaceMoved => "place_moved",
            EventKind::PlaceReleased => "place_released",
            EventKind::WaitJoined => "wait_joined",
            EventKind::PlaceOffered => "place_offered",
            EventKind::OfferEnded => "offer_ended",
            EventKind::WaitEnded => "wait_ended",
            EventKind::Rang => "rang",
            EventKind::Attended => "attended",
            EventKind::Started => "started",
            EventKind::NotStarted => "not_started",
            EventKind::Reopened => "reopened",
            EventKind::ContactChanged => "contact_changed",
            EventKind::CopyTaken => "copy_taken",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// How staff say it.
    pub fn label(self) -> &'static str {
        match self {
            EventKind::RiskAnswerKept => "Worrying answer kept before the form was finished",
            EventKind::Received => "Referral received",
            EventKind::Completed => "Form finished by the patient",
            EventKind::AnswersAdded => "More answers received",
            EventKind::Acknowledged => "Acknowledged",
            EventKind::Claimed => "Taken on",
            EventKind::Released => "Let go",
            EventKind::Accepted => "Accepted",
            EventKind::SentOn => "Sent to another service",
            EventKind::Declined => "Declined",
            EventKind::Withdrawn => "Withdrawn by the patient",
            EventKind::Noted => "Note",
            EventKind::PlaceHeld => "Place kept on a course",
            EventKind::PlaceConfirmed => "Place confirmed",
            EventKind::PlaceMoved => "Place changed",
            EventKind::PlaceReleased => "Place given up",
            EventKind::WaitJoined => "Waits for a place",
            EventKind::PlaceOffered => "Place offered",
            EventKind::OfferEnded => "Offer ended",
            EventKind::WaitEnded => "Does not wait any more",
            EventKind::Rang => "Rang the patient",
            EventKind::Attended => "Attendance",
            EventKind::Started => "Treatment began",
            EventKind::NotStarted => "Treatment had not begun after all",
            EventKind::Reopened => "Opened again",
            EventKind::ContactChanged => "Contact details changed by the patient",
            EventKind::CopyTaken => "Copy of what is held taken by the patient",
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
    /// Facts as given, and the decision under the rules of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_sheet: Option<Box<CaseSheet>>,
    /// Who the sender said they were, where that differs from what stands in the referral.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Box<Person>>,
    /// How the patient was reached before, and is from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Box<ContactChange>>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
    }
}
