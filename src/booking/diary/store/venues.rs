//! Venues.

use diesel::prelude::*;

use crate::booking::diary::venue::{AccessFacts, Venue};
use crate::db::schema::venue;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::Id;

type Row = (
    (Id, String, String, String, bool),
    (String, String, String, String, String),
);

pub fn list(conn: &mut Conn<'_>) -> Result<Vec<Venue>> {
    let all = venue::table.order((venue::name, venue::id)).select((
        (
            venue::id,
            venue::name,
            venue::address,
            venue::access,
            venue::active,
        ),
        (
            venue::step_free,
            venue::chairs,
            venue::floor_work,
            venue::parking,
            venue::bus,
        ),
    ));
    let rows: Vec<Row> = dispatch!(conn, c => all.load(c))?;
    Ok(rows.into_iter().map(venue).collect())
}

fn venue(((id, name, address, access, active), facts): Row) -> Venue {
    let (step_free, chairs, floor_work, parking, bus) = facts;
    Venue {
        id,
        name,
        address,
        access,
        facts: AccessFacts {
            step_free,
            chairs,
            floor_work,
            parking,
            bus,
        },
        active,
    }
}

/// What of a venue can be changed.
macro_rules! values {
    ($venue:expr) => {
        (
            venue::name.eq(&$venue.name),
            venue::address.eq(&$venue.address),
            venue::access.eq(&$venue.access),
            venue::step_free.eq(&$venue.facts.step_free),
            venue::chairs.eq(&$venue.facts.chairs),
            venue::floor_work.eq(&$venue.facts.floor_work),
            venue::parking.eq(&$venue.facts.parking),
            venue::bus.eq(&$venue.facts.bus),
            venue::active.eq($venue.active),
        )
    };
}

pub fn insert(conn: &mut Conn<'_>, new: &Venue) -> Result<()> {
    let row = (venue::id.eq(new.id), values!(new));
    dispatch!(conn, c => diesel::insert_into(venue::table).values(row).execute(c))?;
    Ok(())
}

pub fn update(conn: &mut Conn<'_>, changed: &Venue) -> Result<bool> {
    let one = venue::table.filter(venue::id.eq(changed.id));
    Ok(dispatch!(conn, c => diesel::update(one).set(values!(changed)).execute(c))? == 1)
}
