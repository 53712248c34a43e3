//! What people were told.

use diesel::prelude::*;

use crate::booking::told::{About, NoticeState};
use crate::db::schema::notice;
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(About);
stored_as_text!(NoticeState);

/// A notice as stored; its id is that of its message, where there is one.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = notice)]
pub(in crate::booking) struct Notice {
    pub id: Id,
    pub referral_id: Id,
    pub kind: About,
    pub run_id: Option<Id>,
    pub session_at: Option<Ts>,
    pub state: NoticeState,
    pub at: Ts,
}

pub(in crate::booking) fn insert(conn: &mut Conn<'_>, new: &Notice) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(notice::table).values(new.clone()).execute(c))?;
    Ok(())
}

/// The messages whose fate is not known yet, the oldest first.
pub(in crate::booking) fn list_sent(conn: &mut Conn<'_>, most: i64) -> Result<Vec<Notice>> {
    let sent = notice::table
        .filter(notice::state.eq(NoticeState::Sent))
        .order(notice::id)
        .limit(most);
    Ok(dispatch!(conn, c => sent.select(Notice::as_select()).load(c))?)
}

/// Marks what became of a notice; `false` when somebody was first.
pub(in crate::booking) fn settle(conn: &mut Conn<'_>, id: Id, became: NoticeState) -> Result<bool> {
    let sent = notice::table
        .filter(notice::id.eq(id))
        .filter(notice::state.eq(NoticeState::Sent));
    Ok(dispatch!(conn, c => diesel::update(sent).set(notice::state.eq(became)).execute(c))? == 1)
}

/// News about a person's place that is not news any more: no call is made if its message is given up.
pub(in crate::booking) fn overtake(conn: &mut Conn<'_>, referral: Id) -> Result<()> {
    let sent = notice::table
        .filter(notice::referral_id.eq(referral))
        .filter(notice::state.eq(NoticeState::Sent));
    dispatch!(conn, c => diesel::update(sent).set(notice::state.eq(NoticeState::Overtaken)).execute(c))?;
    Ok(())
}

/// Whether this person was reminded of this first session.
pub(in crate::booking) fn was_reminded(
    conn: &mut Conn<'_>,
    referral: Id,
    run: Id,
    session: Ts,
) -> Result<bool> {
    let reminded = notice::table
        .filter(notice::referral_id.eq(referral))
        .filter(notice::kind.eq(About::Reminder))
        .filter(notice::run_id.eq(run))
        .filter(notice::session_at.eq(session));
    Ok(dispatch!(conn, c => diesel::select(diesel::dsl::exists(reminded)).get_result(c))?)
}
