//! One run, with everything a choice, a message or a page says about it.

use super::course::session_starts;
use super::diary::AccessFacts;
use crate::config::ServiceName;
use crate::values::{Id, Ts};

/// A run with its course and its venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFacts {
    /// The row.
    pub id: Id,
    /// Its course.
    pub course: Id,
    /// "Living Well with Pain".
    pub course_name: String,
    /// The service that runs it.
    pub service: ServiceName,
    /// Weekly sessions.
    pub sessions: i32,
    /// Whether the course is offered.
    pub active: bool,
    /// When the first session begins.
    pub first_session: Ts,
    /// Minutes of one session.
    pub minutes: i32,
    /// Whether it was called off.
    pub cancelled: bool,
    /// Where.
    pub venue: String,
    /// The address, one line.
    pub address: String,
    /// Anything else about the venue, one line.
    pub access: String,
    /// Step-free, chairs, floor work, parking, bus.
    pub facts: AccessFacts,
}

impl RunFacts {
    /// When each session begins.
    pub fn session_starts(&self) -> Vec<Ts> {
        session_starts(self.first_session, self.sessions)
    }

    /// "Tuesday 8 December 2026, 2:00pm": when it begins, as people say it.
    pub fn begins(&self) -> String {
        day_and_time(self.first_session)
    }

    /// What stands on a timeline.
    pub(super) fn in_words(&self) -> String {
        format!("{}, from {}", self.course_name, self.begins())
    }
}

/// "Tuesday 8 December 2026, 2:00pm".
pub(super) fn day_and_time(at: Ts) -> String {
    format!(
        "{} {}, {}",
        at.london().strftime("%A"),
        at.display_date(),
        at.display_time()
    )
}
