//! The tables `rota`, `rota_shift`, `rota_leave` and `rota_change`.

use diesel::prelude::*;

use crate::config::Shift;
use crate::db::schema::{rota, rota_change, rota_leave, rota_shift};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::notify::rota::{Leave, RotaChanged, RotaPerson};
use crate::values::{Id, Ts};

/// As many changes as the page shows.
const CHANGES_SHOWN: i64 = 20;

pub(in crate::notify) fn list_people(conn: &mut Conn<'_>) -> Result<Vec<RotaPerson>> {
    let people = rota::table
        .filter(rota::active.eq(true))
        .order((rota::place, rota::id))
        .select((rota::id, rota::name, rota::email, rota::phone));
    let rows: Vec<(Id, String, String, String)> = dispatch!(conn, c => people.load(c))?;
    let (shifts, leave) = (list_shifts(conn)?, list_leave(conn)?);
    Ok(rows
        .into_iter()
        .map(|(id, name, email, phone)| RotaPerson {
            id,
            name,
            email,
            phone,
            shifts: of(id, &shifts),
            leave: of(id, &leave),
        })
        .collect())
}

fn of<T: Copy>(id: Id, all: &[(Id, T)]) -> Vec<T> {
    let theirs = all.iter().filter(|(person, _)| *person == id);
    theirs.map(|(_, one)| *one).collect()
}

/// Everybody's shifts. Numbers that are no shift, which the table refuses, would be left out: then the person counts as
/// one who is always on, which is too often and never too seldom.
fn list_shifts(conn: &mut Conn<'_>) -> Result<Vec<(Id, Shift)>> {
    let all = rota_shift::table.order((rota_shift::days, rota_shift::starts, rota_shift::ends));
    let rows: Vec<(Id, i32, i32, i32)> = dispatch!(conn, c => all.load(c))?;
    let shift = |(id, days, from, to)| Shift::from_numbers(days, from, to).map(|shift| (id, shift));
    Ok(rows.into_iter().filter_map(shift).collect())
}

/// Everybody's leave, the earliest first; what cannot be read as dates keeps nobody from being told.
fn list_leave(conn: &mut Conn<'_>) -> Result<Vec<(Id, Leave)>> {
    let all = rota_leave::table.order((rota_leave::first_day, rota_leave::last_day));
    let rows: Vec<(Id, String, String)> = dispatch!(conn, c => all.load(c))?;
    let leave = |(id, first, last): (Id, String, String)| {
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        Some((id, Leave { first, last }))
    };
    Ok(rows.into_iter().filter_map(leave).collect())
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
    replace_shifts(conn, people)?;
    replace_leave(conn, people)
}

fn replace_shifts(conn: &mut Conn<'_>, people: &[RotaPerson]) -> Result<()> {
    dispatch!(conn, c => diesel::delete(rota_shift::table).execute(c))?;
    let rows = people.iter().flat_map(|person| {
        person.shifts.iter().map(|shift| {
            let (days, starts, ends) = shift.numbers();
            (
                rota_shift::person_id.eq(person.id),
                rota_shift::days.eq(days),
                rota_shift::starts.eq(starts),
                rota_shift::ends.eq(ends),
            )
        })
    });
    for row in rows {
        dispatch!(conn, c => diesel::insert_into(rota_shift::table)
            .values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

fn replace_leave(conn: &mut Conn<'_>, people: &[RotaPerson]) -> Result<()> {
    dispatch!(conn, c => diesel::delete(rota_leave::table).execute(c))?;
    let rows = people.iter().flat_map(|person| {
        person.leave.iter().map(|leave| {
            (
                rota_leave::person_id.eq(person.id),
                rota_leave::first_day.eq(leave.first.to_string()),
                rota_leave::last_day.eq(leave.last.to_string()),
            )
        })
    });
    for row in rows {
        dispatch!(conn, c => diesel::insert_into(rota_leave::table)
            .values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}
