//! A promise of contact: whatever a patient was told about when somebody is in touch, or what the team owes them. Pure: what
//! it is about, the way, the times, how it ends, and the plan for one referral that follows from its promises.

use super::contact_outcome::ContactOutcome;
use super::contact_way::Way;
use crate::values::{Id, Ts, stored_words};

stored_words! {
    /// Subject of a promise: what to say or to ask.
    Subject {
        /// The first contact, which the patient was promised when they sent the form.
        FirstContact = "first_contact", "First contact, as promised",
        /// The first contact, owed since before there was a ledger: nobody is paged for it.
        BeforeLedger = "before_ledger", "First contact, owed since before it was recorded this way",
        /// A question of the team.
        Question = "question", "Ask them what the team wants to know",
        /// A question on their own page that they have not answered yet.
        Chase = "chase", "They have not answered on their page: ask them",
        /// That they were declined, and where they were pointed to.
        Declined = "declined", "Tell them that they were declined, and where to go instead",
        /// A session that somebody at risk did not come to.
        MissedSession = "missed_session", "They missed a session and a safety flag was raised: find out how they are",
        /// A place is held for them, to be confirmed.
        PlaceHeld = "kept", "A place is held for them; the team will confirm it",
        /// Their place is confirmed.
        PlaceConfirmed = "confirmed", "Their place is confirmed",
        /// Their place is another one, or at another time.
        PlaceMoved = "moved", "Their place is at another time or on another course",
        /// Their place was given up.
        PlaceGivenUp = "given_up", "We are no longer holding their place",
        /// A place came free for them.
        PlaceOffered = "offer", "A place came free: do they want it?",
        /// The first session is soon.
        Reminder = "reminder", "Remind them of the first session",
        /// Their course or appointment was cancelled.
        CourseCancelled = "cancelled", "Their course or appointment does not take place as planned",
        /// Two offers ran out.
        PlaceStillWanted = "ask", "Two offers ran out: do they still want a place?",
        /// They asked for a call about a place.
        PlaceChoice = "choose", "They asked for a call about a place",
    }
}

stored_words! {
    /// End of a promise.
    Ending {
        /// The person was spoken to, or answered in an allowed way.
        Contact = "contact", "Contact made",
        /// What had to be passed on was passed on in writing.
        Sent = "sent", "Sent in writing",
        /// A clinical lead closed it by name without contact.
        Closed = "closed", "Closed by a clinical lead without contact",
        /// The receiving system took it over, by the name of a person there.
        TakenOver = "taken_over", "Taken over by the receiving team",
        /// Newer news about the same place replaced it.
        Superseded = "superseded", "Replaced by newer news",
        /// A routine promise that was past its time when the ledger began: a clinical lead looks through these.
        LeftToLead = "left_to_lead", "Left to the clinical lead, from before contact was recorded this way",
        /// The referral was past first contact when the ledger began.
        BeforeLedger = "before_ledger", "From before contact was recorded this way",
    }
}

impl Subject {
    /// Whether it only passes something on, so that writing it to the person is enough.
    pub fn is_message(self) -> bool {
        match self {
            Subject::Declined
            | Subject::PlaceHeld
            | Subject::PlaceConfirmed
            | Subject::PlaceMoved
            | Subject::PlaceGivenUp
            | Subject::Reminder
            | Subject::CourseCancelled => true,
            Subject::FirstContact
            | Subject::BeforeLedger
            | Subject::Question
            | Subject::Chase
            | Subject::MissedSession
            | Subject::PlaceOffered
            | Subject::PlaceStillWanted
            | Subject::PlaceChoice => false,
        }
    }

    /// Whether it is news about a place, which newer news replaces.
    pub fn is_place_news(self) -> bool {
        match self {
            Subject::PlaceHeld
            | Subject::PlaceConfirmed
            | Subject::PlaceMoved
            | Subject::PlaceGivenUp
            | Subject::PlaceOffered
            | Subject::Reminder
            | Subject::CourseCancelled
            | Subject::PlaceStillWanted
            | Subject::PlaceChoice => true,
            Subject::FirstContact
            | Subject::BeforeLedger
            | Subject::Question
            | Subject::Chase
            | Subject::Declined
            | Subject::MissedSession => false,
        }
    }
}

/// End of a promise with its circumstances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Moment.
    pub at: Ts,
    /// Member of staff; `None` where the program or the patient ended it.
    pub by: Option<Id>,
    /// How.
    pub ending: Ending,
    /// The attempt that was the contact.
    pub attempt: Option<Id>,
}

/// One promise of contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Row id.
    pub id: Id,
    /// The referral whose patient it was made to.
    pub referral: Id,
    /// What it is about.
    pub subject: Subject,
    /// How the person is reached.
    pub way: Way,
    /// The course date it is about, if it is about one.
    pub run: Option<Id>,
    /// Moment at which it was made.
    pub made_at: Ts,
    /// Moment by which contact was promised; only ever moved earlier.
    pub due_at: Ts,
    /// Moment at which somebody tries next.
    pub next_at: Ts,
    /// Attempts that reached nobody, since the number last changed.
    pub tries: i32,
    /// Moment of the last attempt.
    pub tried_at: Option<Ts>,
    /// Outcome of the last attempt.
    pub outcome: Option<ContactOutcome>,
    /// Whether somebody else answered: it is not their number.
    pub number_wrong: bool,
    /// The outbox message whose arrival is waited for.
    pub message: Option<Id>,
    /// How it ended; `None` while it is owed.
    pub ended: Option<Ended>,
}

impl Promise {
    /// Whether contact is still owed.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }
}

/// All promises of one referral, and what follows from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactPlan {
    /// The referral.
    pub referral: Id,
    promises: Vec<Promise>,
}

impl ContactPlan {
    /// The plan that these promises make: the earliest due first.
    pub(super) fn new(referral: Id, mut promises: Vec<Promise>) -> Self {
        promises.sort_by_key(|promise| (promise.due_at, promise.made_at, promise.id));
        Self { referral, promises }
    }

    /// The plan of a referral to whose patient nothing was promised.
    pub fn nothing(referral: Id) -> Self {
        Self::new(referral, Vec::new())
    }

    /// Promises that are still owed, the earliest due first.
    pub fn open(&self) -> impl Iterator<Item = &Promise> {
        self.promises.iter().filter(|promise| promise.is_open())
    }

    /// Every promise, the earliest due first.
    pub fn all(&self) -> &[Promise] {
        &self.promises
    }

    /// Moment by which the earliest open promise is due.
    pub fn due_at(&self) -> Option<Ts> {
        self.open().map(|promise| promise.due_at).min()
    }

    /// Moment at which somebody tries next.
    pub fn next_at(&self) -> Option<Ts> {
        self.open().map(|promise| promise.next_at).min()
    }

    /// Whether contact is owed.
    pub fn is_owed(&self) -> bool {
        self.open().next().is_some()
    }

    /// Whether a promise was broken: contact is owed and its time has passed.
    pub fn is_overdue(&self, now: Ts) -> bool {
        self.due_at().is_some_and(|due| due < now)
    }

    /// Whether the first contact was made, and nothing is owed.
    pub fn was_reached(&self) -> bool {
        let made = |promise: &Promise| promise.ended.is_some_and(|ended| ended.ending == Ending::Contact);
        !self.is_owed() && self.promises.iter().any(made)
    }

    /// Promises left to a clinical lead, from before the ledger.
    pub fn left_to_lead(&self) -> impl Iterator<Item = &Promise> {
        let left = |promise: &&Promise| {
            promise
                .ended
                .is_some_and(|ended| ended.ending == Ending::LeftToLead)
        };
        self.promises.iter().filter(left)
    }

    /// Whether contact was made about this.
    pub fn was_kept(&self, subject: Subject) -> bool {
        let kept = |promise: &Promise| promise.ended.is_some_and(|ended| ended.ending == Ending::Contact);
        let mut mine = self.promises.iter().filter(|promise| promise.subject == subject);
        self.about(subject).is_none() && mine.any(kept)
    }

    /// The way that leads: a call, where anything is said by one.
    pub fn way(&self) -> Way {
        let by_call = self.open().any(|promise| promise.way == Way::Call);
        match by_call {
            true => Way::Call,
            false => self.open().next().map_or(Way::Call, |promise| promise.way),
        }
    }

    /// Attempts that reached nobody.
    pub fn tries(&self) -> i32 {
        self.open().map(|promise| promise.tries).max().unwrap_or_default()
    }

    /// The same, as a number for rules.
    pub fn tried(&self) -> u32 {
        u32::try_from(self.tries()).unwrap_or_default()
    }

    /// The last attempt: its moment and its outcome.
    pub fn last(&self) -> Option<(Ts, ContactOutcome)> {
        let tried = |promise: &Promise| promise.tried_at.zip(promise.outcome);
        self.promises.iter().filter_map(tried).max_by_key(|(at, _)| *at)
    }

    /// Whether the number on record is known to be wrong.
    pub fn number_wrong(&self) -> bool {
        self.open().any(|promise| promise.number_wrong)
    }

    /// The open promise about this.
    pub fn about(&self, subject: Subject) -> Option<&Promise> {
        self.open().find(|promise| promise.subject == subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for subject in Subject::ALL {
            assert_eq!(Subject::parse(subject.as_str()), Some(*subject));
        }
        for ending in Ending::ALL {
            assert_eq!(Ending::parse(ending.as_str()), Some(*ending));
        }
    }

    #[test]
    fn a_first_contact_is_never_kept_by_writing_and_never_replaced_by_news() {
        assert!(!Subject::FirstContact.is_message() && !Subject::FirstContact.is_place_news());
        assert!(!Subject::MissedSession.is_message() && !Subject::MissedSession.is_place_news());
    }
}
