//! Courses.

use diesel::prelude::*;

use crate::booking::course::Course;
use crate::booking::diary::venue::Offered;
use crate::config::ServiceName;
use crate::db::schema::{course, course_run};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::Id;

type Row = (Id, String, String, ServiceName, i32, bool);

pub fn list(conn: &mut Conn<'_>) -> Result<Vec<Offered>> {
    let all = course::table.order((course::name, course::id)).select((
        course::id,
        course::code,
        course::name,
        course::service,
        course::sessions,
        course::active,
    ));
    let rows: Vec<Row> = dispatch!(conn, c => all.load(c))?;
    let planned = course_run::table.select(course_run::course_id).distinct();
    let planned: Vec<Id> = dispatch!(conn, c => planned.load(c))?;
    Ok(rows
        .into_iter()
        .map(|(id, code, name, service, sessions, active)| Offered {
            has_runs: planned.contains(&id),
            active,
            course: Course {
                id,
                code,
                name,
                service,
                sessions,
            },
        })
        .collect())
}

/// Whether another course has this name or this code.
pub fn is_taken(conn: &mut Conn<'_>, of: &Course) -> Result<bool> {
    let others = course::table
        .filter(course::id.ne(of.id))
        .filter(course::name.eq(&of.name).or(course::code.eq(&of.code)))
        .count();
    let found: i64 = dispatch!(conn, c => others.get_result(c))?;
    Ok(found > 0)
}

pub fn update(conn: &mut Conn<'_>, changed: &Course, active: bool) -> Result<()> {
    let one = course::table.filter(course::id.eq(changed.id));
    let change = (
        course::name.eq(&changed.name),
        course::service.eq(changed.service.as_str()),
        course::sessions.eq(changed.sessions),
        course::active.eq(active),
    );
    dispatch!(conn, c => diesel::update(one).set(change).execute(c))?;
    Ok(())
}
