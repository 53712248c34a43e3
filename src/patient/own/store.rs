//! The only SQL of the own page: which of them stand open in a browser.

use diesel::prelude::*;

use crate::db::schema::own_opening;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::{Id, Ts};

/// Notes that a page was opened, and forgets those opened before `gone`.
pub(super) fn insert_opening(conn: &mut Conn<'_>, id: Id, referral: Id, (at, gone): (Ts, Ts)) -> Result<()> {
    let old = own_opening::table.filter(own_opening::opened_at.lt(gone));
    let new = (
        own_opening::id.eq(id),
        own_opening::referral_id.eq(referral),
        own_opening::opened_at.eq(at),
    );
    dispatch!(conn, c => {
        diesel::delete(old).execute(c)?;
        diesel::insert_into(own_opening::table).values(new).execute(c)
    })?;
    Ok(())
}

/// Whether this page still stands open, opened at `gone` or later.
pub(super) fn is_open(conn: &mut Conn<'_>, id: Id, referral: Id, gone: Ts) -> Result<bool> {
    let one = own_opening::table
        .filter(own_opening::id.eq(id))
        .filter(own_opening::referral_id.eq(referral))
        .filter(own_opening::opened_at.ge(gone));
    Ok(dispatch!(conn, c => diesel::select(diesel::dsl::exists(one)).get_result(c))?)
}

/// Closes one.
pub(super) fn delete_opening(conn: &mut Conn<'_>, id: Id) -> Result<()> {
    let one = own_opening::table.filter(own_opening::id.eq(id));
    dispatch!(conn, c => diesel::delete(one).execute(c))?;
    Ok(())
}

/// Closes every one of a referral.
pub(super) fn delete_openings(conn: &mut Conn<'_>, referral: Id) -> Result<()> {
    let all = own_opening::table.filter(own_opening::referral_id.eq(referral));
    dispatch!(conn, c => diesel::delete(all).execute(c))?;
    Ok(())
}
