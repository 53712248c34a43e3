//! The state of a referral in plain words, and what happens next. The same for everybody in the same state: nothing
//! depends on an answer.

use super::Mine;
use crate::booking::PlaceState;
use crate::referrals::ReviewState;
use crate::values::Ts;

/// A heading, and the sentences below it.
pub(super) struct Told {
    pub state: &'static str,
    pub next: String,
}

/// Where it is now.
pub(super) fn told(mine: &Mine, now: Ts) -> Told {
    let place = mine.place_state();
    let (state, next) = match (mine.view.state, place) {
        (_, Some(PlaceState::Offered)) => ("A place has come free for you", String::new()),
        (ReviewState::New | ReviewState::WaitingForPatient, Some(PlaceState::Held)) => {
            ("We have kept a place for you", String::new())
        }
        (state, Some(PlaceState::Held)) if is_with_us(state) => {
            ("We have kept a place for you", String::new())
        }
        (state, Some(PlaceState::Confirmed)) if is_with_us(state) => (
            "Your place is confirmed",
            "You do not need to do anything.".to_owned(),
        ),
        (state, _) => plain(state, mine, now),
    };
    Told { state, next }
}

fn is_with_us(state: ReviewState) -> bool {
    match state {
        ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Accepted
        | ReviewState::HandedOver
        | ReviewState::Started => true,
        ReviewState::Incomplete | ReviewState::Closed | ReviewState::Declined | ReviewState::Withdrawn => {
            false
        }
    }
}

fn plain(state: ReviewState, mine: &Mine, now: Ts) -> (&'static str, String) {
    let (state, next) = match state {
        ReviewState::Incomplete => (
            "You have not finished it",
            "We have kept what you told us. A person from our team will contact you. You can also ring us.",
        ),
        ReviewState::New => return ("We have it", in_touch(mine, now)),
        ReviewState::WaitingForPatient => (
            "We are waiting to hear from you",
            "We have a question for you. You can read it here, or ring us.",
        ),
        ReviewState::Accepted | ReviewState::HandedOver => (
            "A person from our team has looked at it",
            "They will tell you what happens next. You do not need to do anything.",
        ),
        ReviewState::Started => ("You have started with us", "We see you at your next appointment."),
        ReviewState::Closed | ReviewState::Declined => (
            "It is closed",
            "If you did not expect this, or things have changed, please ring us. You can also start again.",
        ),
        ReviewState::Withdrawn => (
            "You took it back",
            "A person may still ring you once, to hear that you are all right. If you change your mind, you can \
             start again at any time.",
        ),
    };
    (state, next.to_owned())
}

/// By when a person is in touch, and how.
fn in_touch(mine: &Mine, now: Ts) -> String {
    let by = day(mine.view.contact_by);
    if mine.view.contact_by < now {
        return format!("We wanted to be in touch by {by}. We are sorry if we were not. Please ring us.");
    }
    format!("A person from our team reads it. They {} by {by}.", how(mine))
}

/// "ring you", "email you", "write to you".
pub(super) fn how(mine: &Mine) -> &'static str {
    match (mine.view.has_phone, mine.view.has_email) {
        (true, _) => "ring you",
        (false, true) => "email you",
        (false, false) => "write to you",
    }
}

/// "Tuesday 8 December".
pub(super) fn day(at: Ts) -> String {
    at.london().strftime("%A %-d %B").to_string()
}

/// What was just done, as the address of the own page says it: one of our own words or nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    Details,
    Unchanged,
    Ring,
    GaveUp,
    Left,
    Refused,
    OfferGone,
    Answered,
}

impl Said {
    const ALL: [Said; 8] = [
        Said::Details,
        Said::Unchanged,
        Said::Ring,
        Said::GaveUp,
        Said::Left,
        Said::Refused,
        Said::OfferGone,
        Said::Answered,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Said::Details => "details",
            Said::Unchanged => "same",
            Said::Ring => "ring",
            Said::GaveUp => "gave-up",
            Said::Left => "left",
            Said::Refused => "refused",
            Said::OfferGone => "gone",
            Said::Answered => "answered",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.as_str() == word)
    }

    pub fn words(self) -> &'static str {
        match self {
            Said::Details => "Thank you. Our team now has your new details.",
            Said::Unchanged => "These are the details we had before. Nothing has changed.",
            Said::Ring => {
                "Thank you. A person from our team will be in touch soon, to find a place with you."
            }
            Said::GaveUp => "You have given up your place. You can choose another one at any time.",
            Said::Left => "You are not on the waiting list any more.",
            Said::Refused => "Thank you for telling us. We offer this place to the next person.",
            Said::Answered => "Thank you. A person from our team reads what you told us.",
            Said::OfferGone => "We are sorry. This place is not free any more.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for said in Said::ALL {
            assert_eq!(Said::parse(said.as_str()), Some(said));
            assert!(!said.words().is_empty());
        }
        assert_eq!(Said::parse("<b>"), None);
    }
}
