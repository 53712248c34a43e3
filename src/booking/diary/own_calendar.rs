//! The calendar file of one person: all sessions of their place, or their appointment.

use super::slot::own_slot;
use crate::booking::calendar::{CalendarEntry, calendar_file, uid_root};
use crate::booking::own::own_place;
use crate::booking::place::PlaceState;
use crate::db::{Conn, Result};
use crate::referrals::count_booking_events;
use crate::values::{Id, Keyring, Ts};

/// The file, or nothing where nothing is kept for this referral. Its entries have the same UIDs whatever place the
/// person changes to, so that the calendar moves them; their SEQUENCE is the number of things that happened to the
/// place, which rises with each change.
pub fn own_calendar(conn: &mut Conn<'_>, keys: &Keyring, referral: Id, now: Ts) -> Result<Option<String>> {
    let (starts, minutes, location) = match own_place(conn, referral)? {
        Some(place) if place.state != PlaceState::Offered => (
            place.sessions,
            place.run.minutes,
            format!("{}, {}", place.run.venue, place.run.address),
        ),
        Some(_) => return Ok(None),
        None => match own_slot(conn, referral)? {
            Some(own) => (
                vec![own.slot.starts],
                own.slot.minutes,
                one_line(&own.venue, &own.address),
            ),
            None => return Ok(None),
        },
    };
    let sequence = count_booking_events(conn, referral)?;
    let entries: Vec<CalendarEntry> = (1..)
        .zip(starts)
        .map(|(number, starts)| CalendarEntry {
            number,
            starts,
            minutes,
            location: location.clone(),
            sequence,
            cancelled: false,
        })
        .collect();
    Ok(Some(calendar_file(&entries, &uid_root(keys, referral)?, now)))
}

/// Name and address; nothing for a call.
fn one_line(venue: &str, address: &str) -> String {
    match venue.is_empty() {
        true => String::new(),
        false => format!("{venue}, {address}"),
    }
}
