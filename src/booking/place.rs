//! A place: free, held for a referral, confirmed by a named person. Taken by a conditional update, so that two
//! people who want the last one get one place and one kind answer.

use super::store;
use crate::db::{Conn, Result};
use crate::referrals::tell_booked;
use crate::values::{Id, Ts};

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceState {
    /// Nobody's.
    Free,
    /// Kept for somebody until a named person confirms it; it never lapses by itself.
    Held,
    /// Confirmed by a named person.
    Confirmed,
}

impl PlaceState {
    const ALL: [PlaceState; 3] = [PlaceState::Free, PlaceState::Held, PlaceState::Confirmed];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            PlaceState::Free => "free",
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
    /// Held or confirmed.
    pub state: PlaceState,
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
}

/// Keeps a place on a run for a referral.
pub fn hold(conn: &mut Conn<'_>, run: Id, referral: Id, now: Ts) -> Result<Hold> {
    if let Some(place) = store::find_place(conn, referral)? {
        return Ok(Hold::AlreadyHas(place));
    }
    // Two people may have chosen the same seat in one instant; the loser looks for the next one. The loop ends
    // because every turn that fails saw a seat taken by somebody else.
    while let Some(seat) = store::first_free_seat(conn, run)? {
        if store::take(conn, run, seat, referral, now)? {
            return Ok(Hold::Held(Place {
                run,
                seat,
                state: PlaceState::Held,
            }));
        }
    }
    Ok(Hold::Full)
}

/// A named person confirms the place a referral holds; `false` when it holds none.
pub fn confirm(conn: &mut Conn<'_>, referral: Id, by: Id, now: Ts) -> Result<bool> {
    let confirmed = store::confirm(conn, referral, by, now)?;
    if confirmed {
        tell_booked(conn, referral, true)?;
    }
    Ok(confirmed)
}

/// Gives the place of a referral up; `false` when it has none.
pub fn release(conn: &mut Conn<'_>, referral: Id) -> Result<bool> {
    let freed = store::free(conn, referral)?;
    if freed {
        tell_booked(conn, referral, false)?;
    }
    Ok(freed)
}

/// The place a referral has.
pub fn find_place(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Place>> {
    store::find_place(conn, referral)
}

/// Gives a place up because its referral ends, inside the transaction that ends it.
pub fn close_out(conn: &mut Conn<'_>, referral: Id) -> Result<bool> {
    release(conn, referral)
}
