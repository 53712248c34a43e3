//! What people said about pairs of referrals, and the open ones that look alike.

use diesel::prelude::*;

use super::{Row, list_look_alikes};
use crate::db::schema::{referral, referral_link};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::link::{Link, Verdict};
use crate::referrals::state::ReviewState;
use crate::values::{Id, Ts};

/// What is still open: neither ended nor handed over.
const OPEN: [ReviewState; 5] = [
    ReviewState::Incomplete,
    ReviewState::New,
    ReviewState::WaitingForPatient,
    ReviewState::Accepted,
    ReviewState::Started,
];

type Stored = (Id, Id, String, Id, Ts);

/// What was said about this referral and others.
pub(in crate::referrals) fn list_links(conn: &mut Conn<'_>, id: Id) -> Result<Vec<Link>> {
    let said = referral_link::table.filter(referral_link::one_id.eq(id).or(referral_link::other_id.eq(id)));
    let rows: Vec<Stored> = dispatch!(conn, c => said.load(c))?;
    let linked = rows.into_iter().filter_map(|(one, other, verdict, by, at)| {
        Some(Link {
            other: if one == id { other } else { one },
            verdict: Verdict::parse(&verdict)?,
            by,
            at,
        })
    });
    Ok(linked.collect())
}

/// Referrals that somebody said are about the same person as this one.
pub(in crate::referrals) fn list_same(conn: &mut Conn<'_>, id: Id) -> Result<Vec<Id>> {
    let links = list_links(conn, id)?.into_iter();
    let same = links.filter(|link| link.verdict == Verdict::Same);
    Ok(same.map(|link| link.other).collect())
}

/// Keeps what was said about a pair; `None` takes the word back.
pub(in crate::referrals) fn keep_link(
    conn: &mut Conn<'_>,
    (one, other): (Id, Id),
    said: Option<(Verdict, Id, Ts)>,
) -> Result<()> {
    let (one, other) = (one.min(other), one.max(other));
    let before = referral_link::table
        .filter(referral_link::one_id.eq(one))
        .filter(referral_link::other_id.eq(other));
    dispatch!(conn, c => diesel::delete(before).execute(c))?;
    let Some((verdict, by, at)) = said else {
        return Ok(());
    };
    let row = (
        referral_link::one_id.eq(one),
        referral_link::other_id.eq(other),
        referral_link::verdict.eq(verdict.as_str()),
        referral_link::said_by.eq(by),
        referral_link::said_at.eq(at),
    );
    dispatch!(conn, c => diesel::insert_into(referral_link::table).values(row).execute(c))?;
    Ok(())
}

/// The open referrals that are linked with this one or look like it, but for those somebody told apart; the newest
/// first, held against others until the transaction ends.
pub(in crate::referrals) fn list_open_alike(conn: &mut Conn<'_>, id: Id, most: i64) -> Result<Vec<Row>> {
    let links = list_links(conn, id)?;
    let said = |wanted| {
        let found = links.iter().filter(move |link: &&Link| link.verdict == wanted);
        found.map(|link| link.other).collect::<Vec<Id>>()
    };
    let apart = said(Verdict::Apart);
    let mut ids = said(Verdict::Same);
    ids.extend(list_look_alikes(conn, id)?.iter().map(|row| row.id));
    ids.retain(|id| !apart.contains(id));
    let open = referral::table
        .filter(referral::id.eq_any(ids))
        .filter(referral::state.eq_any(OPEN.map(ReviewState::as_str)))
        .order((referral::received_at.desc(), referral::id.desc()))
        .limit(most);
    Ok(match conn {
        Conn::Sqlite(c) => open.select(Row::as_select()).load(*c)?,
        Conn::Pg(c) => open.select(Row::as_select()).for_update().load(*c)?,
    })
}
