//! A run as staff see it in the diary.

use super::store::runs;
use crate::booking::course::session_starts;
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};

/// A run with what is taken on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiaryRun {
    /// The row.
    pub id: Id,
    /// Its course.
    pub course: Id,
    /// "Living Well with Pain".
    pub course_name: String,
    /// Its venue.
    pub venue: Id,
    /// "Graves sports and leisure centre".
    pub venue_name: String,
    /// The venue's address.
    pub address: String,
    /// When the first session begins.
    pub first_session: Ts,
    /// Minutes of one session.
    pub minutes: i32,
    /// Weekly sessions.
    pub sessions: i32,
    /// Whether it was called off.
    pub cancelled: bool,
    /// Rises with every change.
    pub sequence: i32,
    /// Places in all.
    pub places: usize,
    /// Kept for somebody and not yet confirmed.
    pub held: usize,
    /// Kept for somebody on the waiting list while their offer runs.
    pub offered: usize,
    /// Confirmed.
    pub confirmed: usize,
}

impl DiaryRun {
    /// Places somebody has or is offered.
    pub fn taken(&self) -> usize {
        self.held + self.offered + self.confirmed
    }

    /// Places nobody has.
    pub fn free(&self) -> usize {
        self.places.saturating_sub(self.taken())
    }

    /// When each session begins.
    pub fn session_starts(&self) -> Vec<Ts> {
        session_starts(self.first_session, self.sessions)
    }

    /// When the last session is over.
    pub fn ends(&self) -> Ts {
        let last = self.session_starts().pop().unwrap_or(self.first_session);
        last.plus_minutes(i64::from(self.minutes))
    }

    /// The start of session `number`, from 1.
    pub fn session(&self, number: i32) -> Option<Ts> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.session_starts().get(index).copied()
    }
}

/// Which runs a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Those that are not over, the next first.
    Upcoming,
    /// Those that are over, the latest first.
    Past,
}

/// The longest course lasts no longer, in days: nothing that began earlier can still be going on.
const LONGEST_DAYS: i64 = 7 * 13;
/// As many runs of the past as are listed.
const PAST_LISTED: i64 = 100;

/// Runs with what is taken on each.
pub fn list_diary_runs(conn: &mut Conn<'_>, part: Part, now: Ts) -> Result<Vec<DiaryRun>> {
    let mut found = match part {
        Part::Upcoming => runs::list_from(conn, now.plus_days(-LONGEST_DAYS))?,
        Part::Past => runs::list_before(conn, now, PAST_LISTED)?,
    };
    found.retain(|run| (run.ends() > now) == (part == Part::Upcoming));
    Ok(found)
}

/// One run.
pub fn find_diary_run(conn: &mut Conn<'_>, run: Id) -> Result<Option<DiaryRun>> {
    runs::find(conn, run)
}
