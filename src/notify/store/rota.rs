//! The tables `rota` and `rota_change`.

use diesel::prelude::*;

use crate::db::schema::{rota, rota_change};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::notify::rota::{RotaChanged, RotaPerson};
use crate::values::{Id, Ts};

/// As many changes as the page shows.
const CHANGES_SHOWN: i64 = 20;

pub(in crate::notify) fn list_people(conn: &mut Conn<'_>) -> Result<Vec<RotaPerson>> {
    let people = rota::table
        .filter(rota::active.eq(true))
        .order((rota::place, rota::id))
        .select((rota::id, rota::name, rota::email, rota::phone));
    let rows: Vec<(Id, String, String, String)> = dispatch!(conn, c => people.load(c))?;
    Ok(rows
        .into_iter()
        .map(|(id, name, email, phone)| RotaPerson {
            id,
            name,
            email,
            phone,
        })
        .collect())
}

pub(in crate::notify) fn version(conn: &mut Conn<'_>) -> Result<i32> {
    let last = rota_change::table.select(diesel::dsl::max(rota_change::seq));
    let last: Option<i32> = dispatch!(conn, c => last.get_result(c))?;
    Ok(last.unwrap_or(0))
}

pub(in crate::notify) fn list_changes(conn: &mut Conn<'_>) -> Result<Vec<RotaChanged>> {
    let last = rota_change::table
        .order(rota_change::seq.desc())
        .limit(CHANGES_SHOWN)
        .select((rota_change::at, rota_change::by_id, rota_change::what));
    let rows: Vec<(Ts, Option<Id>, String)> = dispatch!(conn, c => last.load(c))?;
    Ok(rows
        .into_iter()
        .map(|(at, by, what)| RotaChanged { at, by, what })
        .collect())
}

/// Records a change under its number; `false` when somebody took that number in the same instant.
pub(in crate::notify) fn insert_change(
    conn: &mut Conn<'_>,
    seq: i32,
    at: Ts,
    by: Option<Id>,
    what: &str,
) -> Result<bool> {
    let row = (
        rota_change::seq.eq(seq),
        rota_change::at.eq(at),
        rota_change::by_id.eq(by),
        rota_change::what.eq(what),
    );
    let written = dispatch!(conn, c => diesel::insert_into(rota_change::table)
        .values(row).on_conflict(rota_change::seq).do_nothing().execute(c))?;
    Ok(written == 1)
}

/// Writes who is on the rota from now on, in this order; everybody else is off it.
pub(in crate::notify) fn replace_people(conn: &mut Conn<'_>, people: &[RotaPerson]) -> Result<()> {
    dispatch!(conn, c => diesel::update(rota::table).set(rota::active.eq(false)).execute(c))?;
    for (place, person) in (1_i32..).zip(people) {
        let details = (
            rota::place.eq(place),
            rota::name.eq(&person.name),
            rota::email.eq(&person.email),
            rota::phone.eq(&person.phone),
            rota::active.eq(true),
        );
        dispatch!(conn, c => diesel::insert_into(rota::table)
            .values((rota::id.eq(person.id), details))
            .on_conflict(rota::id)
            .do_update()
            .set(details)
            .execute(c))?;
    }
    Ok(())
}
