//! A place: free, offered to somebody who waits, held for a referral, confirmed by a named person.

use crate::values::{Id, Ts};

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceState {
    /// Nobody's.
    Free,
    /// Kept for the first who waits while their offer runs.
    Offered,
    /// Kept for somebody until a named person confirms it; it never lapses by itself.
    Held,
    /// Confirmed by a named person.
    Confirmed,
}

impl PlaceState {
    const ALL: [PlaceState; 4] = [
        PlaceState::Free,
        PlaceState::Offered,
        PlaceState::Held,
        PlaceState::Confirmed,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            PlaceState::Free => "free",
            PlaceState::Offered => "offered",
            PlaceState::Held => "held",
            PlaceState::Confirmed => "confirmed",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A place somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The run it is on.
    pub run: Id,
    /// The seat's number, from 1: says nothing to the patient.
    pub seat: i32,
    /// Offered, held or confirmed.
    pub state: PlaceState,
    /// By when a named person confirms it, while it is held.
    pub confirm_by: Option<Ts>,
}

/// What became of a wish for a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// A place is kept.
    Held(Place),
    /// This referral has a place already; double submit makes one booking.
    AlreadyHas(Place),
    /// No place is left on this run.
    Full,
    /// This run may not be chosen: cancelled, too near, another service's, or a person decides first.
    NotOffered,
}
