//! Calls that were to be made before the ledger of contact (`contact_promise`) took them over. Read and closed once, by the
//! first `migrate` after the upgrade; nothing writes a new one.

use diesel::prelude::*;

use crate::db::schema::ring_task;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::{Id, Ts};

/// A call as it was stored: row, referral, subject, course date, due.
pub(in crate::booking) type RingTask = (Id, Id, String, Option<Id>, Ts);

/// Calls that nobody has made.
pub(in crate::booking) fn list_open(conn: &mut Conn<'_>, most: i64) -> Result<Vec<RingTask>> {
    let open = ring_task::table
        .filter(ring_task::done_at.is_null())
        .order(ring_task::id)
        .limit(most)
        .select((
            ring_task::id,
            ring_task::referral_id,
            ring_task::kind,
            ring_task::run_id,
            ring_task::due_at,
        ));
    Ok(dispatch!(conn, c => open.load(c))?)
}

/// Closes a call that now stands in the ledger.
pub(in crate::booking) fn close(conn: &mut Conn<'_>, id: Id, now: Ts) -> Result<()> {
    let one = ring_task::table.filter(ring_task::id.eq(id));
    let set = (ring_task::done_at.eq(now), ring_task::outcome.eq("overtaken"));
    dispatch!(conn, c => diesel::update(one).set(set).execute(c))?;
    Ok(())
}
