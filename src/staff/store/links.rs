//! The table `password_link`. A link that was used, or has a successor, has no row.

use diesel::prelude::*;

use crate::db::schema::{password_link, staff};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::{Id, Ts};

/// Keeps a link for an account, in place of all before it.
pub fn replace_link(conn: &mut Conn<'_>, hash: &[u8], account: Id, now: Ts, expires_at: Ts) -> Result<()> {
    delete_links_of(conn, account)?;
    let row = (
        password_link::token_hash.eq(hash),
        password_link::staff_id.eq(account),
        password_link::created_at.eq(now),
        password_link::expires_at.eq(expires_at),
    );
    dispatch!(conn, c => diesel::insert_into(password_link::table).values(row).execute(c))?;
    Ok(())
}

/// Ends all links of an account.
pub fn delete_links_of(conn: &mut Conn<'_>, account: Id) -> Result<()> {
    let wanted = password_link::table.filter(password_link::staff_id.eq(account));
    dispatch!(conn, c => diesel::delete(wanted).execute(c))?;
    Ok(())
}

/// Whose link this is, if it still works: id, username and name.
pub fn find_link(conn: &mut Conn<'_>, hash: &[u8], now: Ts) -> Result<Option<(Id, String, String)>> {
    let wanted = password_link::table
        .inner_join(staff::table.on(staff::id.eq(password_link::staff_id)))
        .filter(password_link::token_hash.eq(hash))
        .filter(password_link::expires_at.gt(now))
        .filter(staff::active.eq(true))
        .select((staff::id, staff::username, staff::display_name));
    Ok(dispatch!(conn, c => wanted.first(c).optional())?)
}

/// Uses a link up; false when it is used already, or over.
pub fn use_link(conn: &mut Conn<'_>, hash: &[u8], now: Ts) -> Result<bool> {
    let wanted = password_link::table
        .filter(password_link::token_hash.eq(hash))
        .filter(password_link::expires_at.gt(now));
    let used = dispatch!(conn, c => diesel::delete(wanted).execute(c))?;
    Ok(used == 1)
}
