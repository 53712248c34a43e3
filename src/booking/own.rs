//! What a patient's own page shows about their place.

use super::facts::RunFacts;
use super::place::PlaceState;
use super::store::{places, runs, waits};
use super::waiting::WaitState;
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};

/// The place of a referral, with all its page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPlace {
    /// The run, its course and its venue.
    pub run: RunFacts,
    /// When each session begins.
    pub sessions: Vec<Ts>,
    /// Offered, held or confirmed.
    pub state: PlaceState,
    /// By when a named person confirms it, while it is held.
    pub confirm_by: Option<Ts>,
    /// Until when an offer stands, once it reached the person.
    pub lapses_at: Option<Ts>,
}

/// What a referral waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWait {
    /// The course.
    pub course: Id,
    /// "Living Well with Pain"; nothing when no run lies ahead.
    pub name: Option<String>,
    /// Since when.
    pub joined_at: Ts,
    /// How many wait before this person.
    pub before: i64,
}

/// The place of a referral, or the one it is offered.
pub fn own_place(conn: &mut Conn<'_>, referral: Id) -> Result<Option<OwnPlace>> {
    let Some(place) = places::find(conn, referral)? else {
        return Ok(None);
    };
    let Some(run) = runs::find_run(conn, place.run)? else {
        return Ok(None);
    };
    let live = waits::list_live_of(conn, referral)?;
    let offer = live.iter().find_map(|entry| entry.offer);
    Ok(Some(OwnPlace {
        sessions: run.session_starts(),
        run,
        state: place.state,
        confirm_by: place.confirm_by,
        lapses_at: offer.and_then(|offer| offer.lapses_at),
    }))
}

/// The courses a referral waits for, leaving out one of which a place is offered.
pub fn own_waiting(conn: &mut Conn<'_>, referral: Id, now: Ts) -> Result<Vec<OwnWait>> {
    let live = waits::list_live_of(conn, referral)?;
    let mut own = Vec::new();
    for entry in live.iter().filter(|entry| entry.state == WaitState::Waiting) {
        let ahead = runs::list_ahead(conn, now)?;
        let run = ahead.into_iter().find(|run| run.course == entry.course);
        own.push(OwnWait {
            course: entry.course,
            name: run.map(|run| run.course_name),
            joined_at: entry.joined_at,
            before: waits::count_before(conn, entry)?,
        });
    }
    Ok(own)
}
