//! The table `session`.

use diesel::prelude::*;

use crate::db::schema::{clinic, session, staff};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::staff::session::idle_since;
use crate::staff::{Actor, Role};
use crate::values::{Id, Ts};

/// Opens a session.
pub fn insert_session(conn: &mut Conn<'_>, hash: &[u8], staff_id: Id, now: Ts, expires_at: Ts) -> Result<()> {
    let row = (
        session::token_hash.eq(hash),
        session::staff_id.eq(staff_id),
        session::created_at.eq(now),
        session::seen_at.eq(now),
        session::expires_at.eq(expires_at),
    );
    dispatch!(conn, c => diesel::insert_into(session::table).values(row).execute(c))?;
    Ok(())
}

#[derive(Queryable)]
struct SessionRow {
    seen_at: Ts,
    id: Id,
    username: String,
    display_name: String,
    role: Role,
    clinic_id: Option<Id>,
    clinic_name: Option<String>,
}

/// Who is signed in with this token, and when the session was last seen; none when it is over, or the account
/// is disabled.
pub fn find_session(conn: &mut Conn<'_>, hash: &[u8], now: Ts) -> Result<Option<(Actor, Ts)>> {
    let wanted = session::table
        .inner_join(staff::table)
        .left_join(clinic::table.on(clinic::id.nullable().eq(staff::clinic_id)))
        .filter(session::token_hash.eq(hash))
        .filter(session::expires_at.gt(now))
        .filter(session::seen_at.gt(idle_since(now)))
        .filter(staff::active.eq(true))
        .select((
            session::seen_at,
            staff::id,
            staff::username,
            staff::display_name,
            staff::role,
            staff::clinic_id,
            clinic::name.nullable(),
        ));
    let row: Option<SessionRow> = dispatch!(conn, c => wanted.first(c).optional())?;
    Ok(row.map(|row| {
        let actor = Actor {
            id: row.id,
            username: row.username,
            display_name: row.display_name,
            role: row.role,
            clinic: row.clinic_id.zip(row.clinic_name),
        };
        (actor, row.seen_at)
    }))
}

/// Moves the idle limit, never backwards.
pub fn mark_seen(conn: &mut Conn<'_>, hash: &[u8], now: Ts) -> Result<()> {
    let wanted = session::table
        .filter(session::token_hash.eq(hash))
        .filter(session::seen_at.lt(now));
    dispatch!(conn, c => diesel::update(wanted).set(session::seen_at.eq(now)).execute(c))?;
    Ok(())
}

/// Ends one session.
pub fn delete_session(conn: &mut Conn<'_>, hash: &[u8]) -> Result<()> {
    let wanted = session::table.filter(session::token_hash.eq(hash));
    dispatch!(conn, c => diesel::delete(wanted).execute(c))?;
    Ok(())
}

/// Ends all sessions of one account.
pub fn delete_sessions_of(conn: &mut Conn<'_>, staff_id: Id) -> Result<()> {
    let wanted = session::table.filter(session::staff_id.eq(staff_id));
    dispatch!(conn, c => diesel::delete(wanted).execute(c))?;
    Ok(())
}

/// Removes the sessions that are over.
pub fn delete_ended(conn: &mut Conn<'_>, now: Ts) -> Result<()> {
    let ended = session::expires_at
        .le(now)
        .or(session::seen_at.le(idle_since(now)));
    dispatch!(conn, c => diesel::delete(session::table.filter(ended)).execute(c))?;
    Ok(())
}
