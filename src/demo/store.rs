//! The demo's own mark on a database, and the look that keeps it away from any other.

use diesel::prelude::*;

use crate::db::schema::{deployment, referral, staff};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::Id;

/// What the database says it is for; `None` before anything said so.
pub(super) fn find_purpose(conn: &mut Conn<'_>) -> Result<Option<String>> {
    let one = deployment::table.find("purpose").select(deployment::value);
    Ok(dispatch!(conn, c => one.first(c).optional())?)
}

pub(super) fn mark_as(conn: &mut Conn<'_>, purpose: &str) -> Result<()> {
    let row = (deployment::name.eq("purpose"), deployment::value.eq(purpose));
    dispatch!(conn, c => diesel::insert_into(deployment::table).values(row).execute(c))?;
    Ok(())
}

/// Whether nobody has an account and nobody was referred.
pub(super) fn is_empty(conn: &mut Conn<'_>) -> Result<bool> {
    let rows: i64 = dispatch!(conn, c => {
        staff::table.count().get_result::<i64>(c)? + referral::table.count().get_result::<i64>(c)?
    });
    Ok(rows == 0)
}

/// Entries on the timeline of a referral: what somebody has seen who hands it over.
pub(super) fn find_length(conn: &mut Conn<'_>, id: Id) -> Result<i32> {
    let one = referral::table.find(id).select(referral::head_seq);
    Ok(dispatch!(conn, c => one.first(c))?)
}
