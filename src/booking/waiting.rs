//! The waiting list, as a table: what may follow what, and one function that changes an entry. Pure.

use crate::values::{Id, Ts};

/// How often an offer may run out before the person is asked by voice whether they still want a place. Once may be a
/// holiday or a lost phone, so the person keeps their position; a second time holds up everybody behind them.
pub(super) const LAPSES_FORGIVEN: i32 = 1;

/// Where an entry of the waiting list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitState {
    /// In the list.
    Waiting,
    /// A place is kept for the person while their offer runs.
    Offered,
    /// They have a place.
    Taken,
    /// Their second offer ran out; somebody rings to ask.
    Lapsed,
    /// They said no.
    Refused,
    /// They do not want to wait any more, or have a place elsewhere.
    Left,
    /// The course has no run ahead, or the referral ended.
    Ended,
}

/// What can happen to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitEvent {
    /// A free place is kept for the person.
    Offer {
        /// The run.
        run: Id,
        /// The seat.
        seat: i32,
        /// The message that tells them, if one could be sent.
        message: Option<Id>,
    },
    /// The offer reached them, so its clock starts.
    Reached {
        /// Until when they may answer.
        lapses_at: Ts,
    },
    /// The offered run was called off, or began before the person was reached: not their doing.
    TakeBack,
    /// The offer's time is over.
    Lapse,
    /// The person has a place on this course now.
    Take,
    /// The person says no to the offer.
    Refuse,
    /// The person does not want to wait any more.
    Leave,
    /// There is nothing to wait for, or nobody who waits.
    End,
}

/// A place kept for somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The run.
    pub run: Id,
    /// The seat.
    pub seat: i32,
    /// The message that tells them, if one could be sent.
    pub message: Option<Id>,
    /// When it reached them.
    pub told_at: Option<Ts>,
    /// When it runs out; nothing before it reached them.
    pub lapses_at: Option<Ts>,
}

/// One person on the list of one course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The row.
    pub id: Id,
    /// The course.
    pub course: Id,
    /// Who waits.
    pub referral: Id,
    /// Where it is.
    pub state: WaitState,
    /// Since when: their place in the order, with the id where two came at once.
    pub joined_at: Ts,
    /// Offers that ran out.
    pub lapses: i32,
    /// The offer, while there is one.
    pub offer: Option<Offer>,
    /// When it ended.
    pub ended_at: Option<Ts>,
}

impl WaitState {
    /// All states, in the order an entry meets them.
    pub const ALL: [WaitState; 7] = [
        WaitState::Waiting,
        WaitState::Offered,
        WaitState::Taken,
        WaitState::Lapsed,
        WaitState::Refused,
        WaitState::Left,
        WaitState::Ended,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            WaitState::Waiting => "waiting",
            WaitState::Offered => "offered",
            WaitState::Taken => "taken",
            WaitState::Lapsed => "lapsed",
            WaitState::Refused => "refused",
            WaitState::Left => "left",
            WaitState::Ended => "ended",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// The states that may follow.
    pub fn may_become(self) -> &'static [WaitState] {
        use WaitState::{Ended, Lapsed, Left, Offered, Refused, Taken, Waiting};
        match self {
            Waiting => &[Offered, Taken, Left, Ended],
            Offered => &[Waiting, Taken, Lapsed, Refused, Left, Ended],
            Taken | Lapsed | Refused | Left | Ended => &[],
        }
    }

    /// Whether the person still waits or decides.
    pub fn is_live(self) -> bool {
        !self.may_become().is_empty()
    }
}

impl Entry {
    /// Somebody who begins to wait.
    pub fn new(id: Id, course: Id, referral: Id, joined_at: Ts) -> Self {
        Self {
            id,
            course,
            referral,
            state: WaitState::Waiting,
            joined_at,
            lapses: 0,
            offer: None,
            ended_at: None,
        }
    }

    /// The entry after an event, or `None` when the event cannot happen to it. Position and identity never change.
    #[must_use]
    pub fn after(&self, event: WaitEvent, now: Ts) -> Option<Self> {
        let next = match event {
            WaitEvent::Offer { .. } => WaitState::Offered,
            WaitEvent::Reached { lapses_at } => return self.reached(now, lapses_at),
            WaitEvent::TakeBack => self.only_offered(WaitState::Waiting)?,
            WaitEvent::Lapse if self.lapses < LAPSES_FORGIVEN => self.only_offered(WaitState::Waiting)?,
            WaitEvent::Lapse => WaitState::Lapsed,
            WaitEvent::Take => WaitState::Taken,
            WaitEvent::Refuse => WaitState::Refused,
            WaitEvent::Leave => WaitState::Left,
            WaitEvent::End => WaitState::Ended,
        };
        if !self.state.may_become().contains(&next) {
            return None;
        }
        let offer = match event {
            WaitEvent::Offer { run, seat, message } => Some(Offer {
                run,
                seat,
                message,
                told_at: None,
                lapses_at: None,
            }),
            WaitEvent::Reached { .. }
            | WaitEvent::TakeBack
            | WaitEvent::Lapse
            | WaitEvent::Take
            | WaitEvent::Refuse
            | WaitEvent::Leave
            | WaitEvent::End => None,
        };
        Some(Self {
            state: next,
            lapses: self.lapses + i32::from(event == WaitEvent::Lapse),
            offer,
            ended_at: (!next.is_live()).then_some(now),
            ..self.clone()
        })
    }

    fn only_offered(&self, next: WaitState) -> Option<WaitState> {
        (self.state == WaitState::Offered).then_some(next)
    }

    /// The clock starts once: being told again gives no more time.
    fn reached(&self, now: Ts, lapses_at: Ts) -> Option<Self> {
        let offer = self.offer.filter(|offer| offer.told_at.is_none())?;
        Some(Self {
            offer: Some(Offer {
                told_at: Some(now),
                lapses_at: Some(lapses_at),
                ..offer
            }),
            ..self.clone()
        })
    }
}

#[cfg(test)]
#[path = "waiting_tests.rs"]
mod tests;
