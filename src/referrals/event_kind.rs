//! What can happen to a referral: one line for each kind, with the word that is stored and what staff read.

/// Declares the kinds of event, each with the word stored and its label.
macro_rules! event_kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $label:literal,)+) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EventKind {
            $($(#[$doc])* $variant,)+
        }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [EventKind] = &[$(EventKind::$variant,)+];

            /// The word stored.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(EventKind::$variant => $word,)+
                }
            }

            /// Reads the stored word.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(EventKind::$variant),)+
                    _ => None,
                }
            }

            /// How staff say it.
            pub fn label(self) -> &'static str {
                match self {
                    $(EventKind::$variant => $label,)+
                }
            }
        }
    };
}

event_kinds! {
    /// A worrying answer was kept before the form was finished.
    RiskAnswerKept = "risk_answer_kept", "Worrying answer kept before the form was finished",
    /// The referral was received.
    Received = "received", "Referral received",
    /// A form that had been kept unfinished was finished.
    Completed = "completed", "Form finished by the patient",
    /// More answers came for the same referral.
    AnswersAdded = "answers_added", "More answers received",
    /// A named person has seen an urgent referral and acts.
    Acknowledged = "acknowledged", "Acknowledged",
    /// Nobody acknowledged in time, and the next on the rota was told.
    Escalated = "escalated", "Told to the next on the rota",
    /// A member of staff took it on.
    Claimed = "claimed", "Taken on",
    /// A member of staff gave it to a colleague.
    Assigned = "assigned", "Given to a colleague",
    /// A member of staff let go of it.
    Released = "released", "Let go",
    /// Accepted.
    Accepted = "accepted", "Accepted",
    /// Sent to another service.
    SentOn = "sent_on", "Sent to another service",
    /// Declined.
    Declined = "declined", "Declined",
    /// The team asked the patient for more.
    Asked = "asked", "Asked the patient for more",
    /// The patient answered.
    PatientAnswered = "patient_answered", "Answer from the patient",
    /// Ended because nobody could reach the patient.
    NotReached = "not_reached", "Closed: could not be reached",
    /// Ended for another reason.
    Closed = "closed", "Closed",
    /// Somebody sent a letter, an e-mail or a text to the patient.
    Wrote = "wrote", "Wrote to the patient",
    /// An attempt to reach the patient was recorded by mistake.
    ContactUndone = "contact_undone", "Contact recorded by mistake, undone",
    /// A clinical lead closed what was promised to the patient, without contact.
    ContactClosed = "contact_closed", "Promise of contact closed without contact",
    /// A clinical lead made a first contact due, from before contact was recorded.
    ContactOwed = "contact_owed", "Call made due by a clinical lead",
    /// The patient died.
    Died = "died", "Recorded as died",
    /// The account of who had taken it on has ended.
    ClaimEnded = "claim_ended", "Let go: the account ended",
    /// Withdrawn by the patient.
    Withdrawn = "withdrawn", "Withdrawn by the patient",
    /// A note.
    Noted = "noted", "Note",
    /// A place on a course was held for the patient.
    PlaceHeld = "place_held", "Place kept on a course",
    /// The place was confirmed by a named person.
    PlaceConfirmed = "place_confirmed", "Place confirmed",
    /// The place was changed for another one.
    PlaceMoved = "place_moved", "Place changed",
    /// The place was given up.
    PlaceReleased = "place_released", "Place given up",
    /// The patient waits for a place.
    WaitJoined = "wait_joined", "Waits for a place",
    /// A place that came free was offered to the patient.
    PlaceOffered = "place_offered", "Place offered",
    /// The offer ended without a place.
    OfferEnded = "offer_ended", "Offer ended",
    /// The patient does not wait any more.
    WaitEnded = "wait_ended", "Does not wait any more",
    /// A member of the team rang the patient.
    Rang = "rang", "Contact with the patient",
    /// Somebody noted whether the patient came to a session, or put it right.
    Attended = "attended", "Attendance",
    /// Treatment began here.
    Started = "started", "Treatment began",
    /// Treatment had not begun after all.
    NotStarted = "not_started", "Treatment had not begun after all",
    /// Opened again.
    Reopened = "reopened", "Opened again",
    /// The patient changed how they are reached.
    ContactChanged = "contact_changed", "Contact details changed by the patient",
    /// The link to the own page was replaced by another one.
    LinkReplaced = "link_replaced", "Link to the patient’s own page replaced",
    /// The patient took a copy of what is held about them.
    CopyTaken = "copy_taken", "Copy of what is held taken by the patient",
    /// Entered in the record system.
    HandedOver = "handed_over", "Entered in the record system",
    /// Not entered there after all.
    HandOverUndone = "hand_over_undone", "Not in the record system after all",
    /// Another referral that is, or may be, about the same person carries a new risk answer.
    RaisedByAlike = "raised_by_alike", "Raised by another referral",
    /// A person said that another referral is about the same person.
    Linked = "linked", "Linked: the same person",
    /// That word was taken back.
    Unlinked = "unlinked", "Link taken back",
    /// A person said that another referral is about somebody else.
    ToldApart = "told_apart", "Told apart: not the same person",
    /// That word was taken back.
    NotToldApart = "not_told_apart", "Telling apart taken back",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_and_said() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(*kind));
            assert!(!kind.label().is_empty());
        }
        assert_eq!(EventKind::parse("unheard_of"), None);
    }
}
