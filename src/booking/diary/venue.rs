//! Courses and venues as staff keep them.

use super::store::{courses, venues};
use crate::booking::course::Course;
use crate::db::{Conn, Result};
use crate::values::Id;

/// What somebody in pain wants to know about a room, each in a field of its own; empty where nobody has said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessFacts {
    /// "Step-free from the street; lift to the first floor."
    pub step_free: String,
    /// "Chairs with backs and arms."
    pub chairs: String,
    /// "Nothing on the floor unless you like."
    pub floor_work: String,
    /// "Free, 4 blue badge spaces."
    pub parking: String,
    /// "Buses 18 and 56 stop at the door."
    pub bus: String,
}

impl AccessFacts {
    /// What is known, each with its heading.
    pub fn lines(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("Steps", self.step_free.as_str()),
            ("Chairs", self.chairs.as_str()),
            ("On the floor", self.floor_work.as_str()),
            ("Parking", self.parking.as_str()),
            ("Bus and tram", self.bus.as_str()),
        ];
        all.into_iter().filter(|(_, fact)| !fact.is_empty()).collect()
    }
}

/// A room, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Venue {
    /// The row.
    pub id: Id,
    /// "Graves sports and leisure centre".
    pub name: String,
    /// The address, one line.
    pub address: String,
    /// Anything else about it, one line.
    pub access: String,
    /// Steps, chairs, floor, parking, bus.
    pub facts: AccessFacts,
    /// Whether new runs may be held there.
    pub active: bool,
}

/// A course as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The course.
    pub course: Course,
    /// Whether patients may choose it.
    pub active: bool,
    /// Whether it ever had a run: then service and number of sessions stay.
    pub has_runs: bool,
}

/// All venues, by name.
pub fn list_venues(conn: &mut Conn<'_>) -> Result<Vec<Venue>> {
    venues::list(conn)
}

/// Adds a venue, or changes it when there is one with this id.
pub fn change_venue(conn: &mut Conn<'_>, venue: &Venue) -> Result<()> {
    if venues::update(conn, venue)? {
        return Ok(());
    }
    venues::insert(conn, venue)
}

/// All courses, by name.
pub fn list_offered(conn: &mut Conn<'_>) -> Result<Vec<Offered>> {
    courses::list(conn)
}

/// Adds a course; `false` when there is one of this name or code already.
pub fn add_course_offered(conn: &mut Conn<'_>, course: &Course, active: bool) -> Result<bool> {
    if courses::is_taken(conn, course)? {
        return Ok(false);
    }
    crate::booking::add_course(conn, course)?;
    courses::update(conn, course, active)?;
    Ok(true)
}

/// Changes a course; `false` when another one has this name. Where it has runs, service and sessions stay: people
/// were told their dates.
pub fn change_course(conn: &mut Conn<'_>, course: &Course, active: bool) -> Result<bool> {
    if courses::is_taken(conn, course)? {
        return Ok(false);
    }
    courses::update(conn, course, active)?;
    Ok(true)
}
