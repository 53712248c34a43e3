//! What an electronic slip has besides its code.

use diesel::prelude::*;

use crate::db::schema::{pad, slip};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::pads::{Electronic, Hint};
use crate::values::Id;

pub(in crate::pads) fn mark_hint(conn: &mut Conn<'_>, id: Id, hint: &Hint) -> Result<()> {
    let one = slip::table.filter(slip::id.eq(id));
    dispatch!(conn, c => diesel::update(one).set(slip::hint.eq(hint.as_str())).execute(c))?;
    Ok(())
}

/// None for a slip of a printed pad.
pub(in crate::pads) fn find_electronic(conn: &mut Conn<'_>, id: Id) -> Result<Option<Electronic>> {
    let one = slip::table
        .inner_join(pad::table)
        .filter(slip::id.eq(id))
        .filter(pad::electronic.eq(true))
        .select((pad::number, slip::hint));
    let found: Option<(i32, Option<String>)> = dispatch!(conn, c => one.first(c).optional())?;
    Ok(found.map(|(pad, hint)| Electronic { pad, hint }))
}
