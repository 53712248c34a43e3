//! What a named person does with a referral: the deeds, what each writes on the timeline, and in which words.

use super::contact_way::Way;
use super::event_kind::EventKind;
use super::timeline::Payload;
use crate::config::ServiceName;
use crate::triage::Step;
use crate::values::{Ts, stored_words};

/// What somebody decided.
#[derive(Clone, Debug)]
pub enum Deed {
    /// "I have seen this urgent referral and act on it."
    Acknowledge,
    /// "This is mine."
    Claim,
    /// "This is not mine any more."
    Release,
    /// Take the person on at this step.
    Accept {
        /// The step decided; the suggestion unless overridden.
        step: Step,
        /// Why, where it differs from the suggestion, or anything worth noting.
        reason: Option<String>,
        /// The therapist or team, where that is known already.
        with: Option<String>,
    },
    /// Send to another service.
    SendOn {
        /// Where to.
        to: ServiceName,
        /// Why.
        reason: String,
    },
    /// Ask the patient for more.
    Ask(Asking),
    /// Not taken on.
    Decline(Declining),
    /// Ended because nobody could reach the person.
    CouldNotReach {
        /// What else was tried; may be empty.
        tried: String,
        /// Who was told of it, by name, where somebody's safety is in question.
        told: Option<String>,
    },
    /// Ended for another reason.
    Close {
        /// Why.
        reason: String,
        /// Who was told of it, by name, where somebody's safety is in question.
        told: Option<String>,
    },
    /// A clinical lead closes what was promised to the patient, without contact; the referral stays where it is.
    CloseContact {
        /// Why.
        why: ContactClosing,
        /// Who was told, by name, and what was done.
        details: String,
    },
    /// A clinical lead makes the first contact due that was left to them, from before contact was recorded.
    OweContact,
    /// The patient died: every message stops.
    RecordDeath {
        /// How it is known.
        details: String,
    },
    /// Put a decided referral back among the new ones.
    Reopen {
        /// Why.
        reason: String,
    },
    /// A note.
    Note(String),
}

stored_words! {
    /// Reason why a promise of contact is closed without contact.
    ContactClosing {
        /// Nobody could reach them.
        CouldNotReach = "could_not_reach", "They could not be reached",
        /// Somebody was asked to see that they are safe.
        WelfareCheck = "welfare_check", "A welfare check was asked for",
        /// Somebody who looks after them was told.
        ToldSomebody = "told_somebody", "Somebody who looks after them was told",
        /// The form is not a real person's, or they are rung about another referral.
        NotNeeded = "not_needed", "Not a real referral, or the same person as another one",
    }
}

/// What a patient is asked.
#[derive(Clone)]
pub struct Asking {
    /// In words for the patient; they stand on their own page behind the date of birth.
    pub question: String,
    /// By a neutral message that asks them to look at their page, or by somebody who rings.
    pub way: Way,
    /// When somebody rings if they have not answered by then.
    pub answer_by: Ts,
}

/// A referral that is not taken on.
#[derive(Clone)]
pub struct Declining {
    /// Why, for the team.
    pub reason: String,
    /// Where the patient is pointed to, in words for the patient.
    pub signpost: String,
    /// How the patient is told. Nothing is sent but, where chosen, a neutral message to look at their page.
    pub way: Way,
    /// Who was told of it, by name, where somebody's safety is in question.
    pub told: Option<String>,
}

impl Declining {
    /// A decline of which somebody rings the patient.
    pub fn by_call(reason: impl Into<String>, signpost: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            signpost: signpost.into(),
            way: Way::Call,
            told: None,
        }
    }
}

impl std::fmt::Debug for Asking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asking [redacted]")
    }
}

impl std::fmt::Debug for Declining {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Declining [redacted]")
    }
}

impl Deed {
    /// Whether the referral ends by it, so that a place is let go of.
    pub fn ends(&self) -> bool {
        match self {
            Deed::Decline(_) | Deed::CouldNotReach { .. } | Deed::Close { .. } | Deed::RecordDeath { .. } => {
                true
            }
            Deed::Acknowledge
            | Deed::Claim
            | Deed::Release
            | Deed::Accept { .. }
            | Deed::SendOn { .. }
            | Deed::Ask(_)
            | Deed::CloseContact { .. }
            | Deed::OweContact
            | Deed::Reopen { .. }
            | Deed::Note(_) => false,
        }
    }

    /// Who was told, of a deed that ends a referral.
    pub(super) fn told(&self) -> Option<&str> {
        match self {
            Deed::Decline(Declining { told, .. })
            | Deed::CouldNotReach { told, .. }
            | Deed::Close { told, .. } => told.as_deref(),
            Deed::Acknowledge
            | Deed::Claim
            | Deed::Release
            | Deed::Accept { .. }
            | Deed::SendOn { .. }
            | Deed::Ask(_)
            | Deed::CloseContact { .. }
            | Deed::OweContact
            | Deed::RecordDeath { .. }
            | Deed::Reopen { .. }
            | Deed::Note(_) => None,
        }
    }

    pub(super) fn kind(&self) -> EventKind {
        match self {
            Deed::Acknowledge => EventKind::Acknowledged,
            Deed::Claim => EventKind::Claimed,
            Deed::Release => EventKind::Released,
            Deed::Accept { .. } => EventKind::Accepted,
            Deed::SendOn { .. } => EventKind::SentOn,
            Deed::Ask(_) => EventKind::Asked,
            Deed::Decline(_) => EventKind::Declined,
            Deed::CouldNotReach { .. } => EventKind::NotReached,
            Deed::Close { .. } => EventKind::Closed,
            Deed::CloseContact { .. } => EventKind::ContactClosed,
            Deed::OweContact => EventKind::ContactOwed,
            Deed::RecordDeath { .. } => EventKind::Died,
            Deed::Reopen { .. } => EventKind::Reopened,
            Deed::Note(_) => EventKind::Noted,
        }
    }

    /// What stands on the timeline; `from` is the service before, `tries` how often somebody rang in vain.
    pub(super) fn payload(&self, from: ServiceName, tries: i32) -> Payload {
        match self {
            Deed::Acknowledge | Deed::Claim | Deed::Release | Deed::OweContact => Payload::nothing(),
            Deed::Accept { step, reason, with } => {
                let step = match step {
                    Step::Two => "Step 2",
                    Step::Three => "Step 3",
                    Step::Assess => "Assessment first",
                };
                let with = with.as_ref().map(|with| format!("with {with}"));
                let first = [Some(step.to_owned()), with].into_iter().flatten();
                let first = first.collect::<Vec<_>>().join(", ");
                Payload::text(match reason {
                    Some(reason) => format!("{first}. {reason}"),
                    None => first,
                })
            }
            Deed::SendOn { to, reason } => {
                Payload::text(format!("{} to {}: {reason}", from.as_str(), to.as_str()))
            }
            Deed::Ask(asking) => Payload {
                for_patient: Some(asking.question.clone()),
                ..Payload::text(format!("{}\n{}", asking.question, told_by(asking.way)))
            },
            Deed::Decline(declining) => Payload {
                for_patient: Some(declining.signpost.clone()),
                ..Payload::text(lines(&[
                    Some(declining.reason.clone()),
                    Some(format!("Pointed to: {}", declining.signpost)),
                    Some(told_by(declining.way).to_owned()),
                    who_was_told(declining.told.as_deref()),
                ]))
            },
            Deed::CouldNotReach { tried, told } => Payload::text(lines(&[
                Some(format!("Calls that reached nobody: {tries}")),
                Some(format!("Tried besides: {tried}")).filter(|_| !tried.is_empty()),
                who_was_told(told.as_deref()),
            ])),
            Deed::Close { reason, told } => {
                Payload::text(lines(&[Some(reason.clone()), who_was_told(told.as_deref())]))
            }
            Deed::CloseContact { why, details } => {
                Payload::text(lines(&[Some(why.label().to_owned()), Some(details.clone())]))
            }
            Deed::RecordDeath { details } => Payload::text(details.clone()),
            Deed::Reopen { reason } => Payload::text(reason.clone()),
            Deed::Note(text) => Payload::text(text.clone()),
        }
    }
}

fn told_by(way: Way) -> &'static str {
    match way {
        Way::Call => "Told by: a call",
        Way::Text => "Told by: a text",
        Way::Email => "Told by: an email",
        Way::Letter => "Told by: a letter",
        Way::Page => "Told by: a neutral message to look at their page",
    }
}

fn who_was_told(told: Option<&str>) -> Option<String> {
    told.map(|told| format!("Who was told: {told}"))
}

fn lines(parts: &[Option<String>]) -> String {
    let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    parts.join("\n")
}
