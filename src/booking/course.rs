//! What is offered: a course, its runs, the rooms they are held in.

use super::store;
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};

/// Places a run may have at most: the size of the groups the courses were designed for.
pub const MOST_PLACES: i32 = 20;
/// Days between two sessions of a course.
const DAYS_BETWEEN_SESSIONS: i32 = 7;

/// A course as it is offered again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The row.
    pub id: Id,
    /// A short code for lists and commands, `back-pain`.
    pub code: String,
    /// "Living Well with Back Pain and Sciatica".
    pub name: String,
    /// The service that runs it.
    pub service: ServiceName,
    /// Weekly sessions.
    pub sessions: i32,
}

/// A room, with what somebody in pain wants to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVenue {
    /// The row.
    pub id: Id,
    /// "Graves Health and Sports Centre".
    pub name: String,
    /// The address, one line.
    pub address: String,
    /// Step-free, chairs, floor work, parking, bus: one line.
    pub access: String,
}

/// One run of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// The row.
    pub id: Id,
    /// Which course.
    pub course: Id,
    /// Where.
    pub venue: Id,
    /// When the first session begins.
    pub first_session: Ts,
    /// Minutes of one session.
    pub minutes: i32,
    /// Places, 1 to 20.
    pub places: i32,
}

/// A run as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The row.
    pub id: Id,
    /// Name of the course.
    pub course: String,
    /// Name of the venue.
    pub venue: String,
    /// What somebody in pain wants to know about the venue.
    pub access: String,
    /// When the first session begins.
    pub first_session: Ts,
    /// Minutes of one session.
    pub minutes: i32,
    /// Weekly sessions.
    pub sessions: i32,
    /// Places in all.
    pub places: i64,
    /// Places held and not yet confirmed.
    pub held: i64,
    /// Places confirmed.
    pub confirmed: i64,
}

impl Run {
    /// Places nobody has.
    pub fn free(&self) -> i64 {
        self.places - self.held - self.confirmed
    }

    /// When each session begins: the same time on a London clock every week, whatever the clocks do in between.
    pub fn session_starts(&self) -> Vec<Ts> {
        session_starts(self.first_session, self.sessions)
    }
}

/// When each of so many weekly sessions begins.
pub(super) fn session_starts(first_session: Ts, sessions: i32) -> Vec<Ts> {
    let first = first_session.london();
    (0..sessions)
        .filter_map(|week| {
            let days = jiff::Span::new()
                .try_days(i64::from(week * DAYS_BETWEEN_SESSIONS))
                .ok()?;
            first.checked_add(days).ok().map(|zoned| Ts(zoned.timestamp()))
        })
        .collect()
}

/// Adds a course.
pub fn add_course(conn: &mut Conn<'_>, course: &Course) -> Result<()> {
    store::insert_course(conn, course)
}

/// Adds a venue.
pub fn add_venue(conn: &mut Conn<'_>, venue: &NewVenue) -> Result<()> {
    store::insert_venue(conn, venue)
}

/// Adds a run with all its places. More than twenty places, or none, is refused.
pub fn add_run(conn: &mut Conn<'_>, run: &NewRun) -> Result<()> {
    if !(1..=MOST_PLACES).contains(&run.places) {
        return Err(anyhow::anyhow!("a run has 1 to {MOST_PLACES} places").into());
    }
    store::insert_run(conn, run)?;
    store::insert_places(conn, run.id, run.places)
}

/// The runs that have not ended before `from`, by the day they begin.
pub fn list_runs(conn: &mut Conn<'_>, from: Ts) -> Result<Vec<Run>> {
    store::list_runs(conn, from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_keep_their_time_over_the_change_of_clocks() {
        let run = Run {
            id: Id::new(),
            course: String::new(),
            venue: String::new(),
            access: String::new(),
            first_session: Ts("2026-10-20T13:00:00Z".parse().expect("a timestamp")),
            minutes: 120,
            sessions: 3,
            places: 20,
            held: 1,
            confirmed: 2,
        };
        let times: Vec<String> = run.session_starts().iter().map(|start| start.display()).collect();
        assert_eq!(
            times,
            [
                "20 October 2026, 2:00pm",
                "27 October 2026, 2:00pm",
                "3 November 2026, 2:00pm"
            ]
        );
        assert_eq!(run.free(), 17);
    }
}
