//! The table `account_event`. Rows are added here and read here; nothing changes or removes one.

use anyhow::anyhow;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::schema::{account_event, staff};
use crate::db::types::{IdSql, TsSql};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::staff::changes::event::{AccountEvent, EventKind, NewEvent, Way};
use crate::values::{Id, Ts};

/// Adds a line.
pub fn insert_event(conn: &mut Conn<'_>, event: &NewEvent) -> Result<()> {
    let row = (
        account_event::id.eq(event.id),
        account_event::kind.eq(event.kind.as_str()),
        account_event::via.eq(event.by.way().as_str()),
        account_event::by_id.eq(event.by.account()),
        account_event::staff_id.eq(event.account),
        account_event::api_key_id.eq(event.key),
        account_event::request_id.eq(event.request),
        account_event::whom.eq(&event.whom),
        account_event::detail.eq(&event.detail),
        account_event::at.eq(event.at),
    );
    dispatch!(conn, c => diesel::insert_into(account_event::table).values(row).execute(c))?;
    Ok(())
}

#[derive(Queryable)]
struct EventRow {
    id: Id,
    kind: String,
    via: String,
    by_name: Option<String>,
    whom: String,
    detail: String,
    at: Ts,
}

impl EventRow {
    fn read(self) -> Result<AccountEvent> {
        let unknown = |word: &str| anyhow!("line {} of the ledger has the unknown word {word:?}", self.id);
        Ok(AccountEvent {
            id: self.id,
            kind: EventKind::parse(&self.kind).ok_or_else(|| unknown(&self.kind))?,
            way: Way::parse(&self.via).ok_or_else(|| unknown(&self.via))?,
            by: self.by_name.unwrap_or_default(),
            whom: self.whom,
            detail: self.detail,
            at: self.at,
        })
    }
}

/// The lines before this one, the newest first: of all, or of one account or key and by that account.
pub fn list_events(
    conn: &mut Conn<'_>,
    of: Option<Id>,
    before: Option<Id>,
    most: i64,
) -> Result<Vec<AccountEvent>> {
    let mark = match before {
        Some(id) => find_moment(conn, id)?,
        None => None,
    };
    dispatch!(conn, c => {
        let mut wanted = account_event::table
            .left_join(staff::table.on(staff::id.nullable().eq(account_event::by_id)))
            .order((account_event::at.desc(), account_event::id.desc()))
            .limit(most)
            .select((
                account_event::id,
                account_event::kind,
                account_event::via,
                staff::display_name.nullable(),
                account_event::whom,
                account_event::detail,
                account_event::at,
            ))
            .into_boxed();
        if let Some(of) = of {
            let its = account_event::staff_id.eq(of).or(account_event::api_key_id.eq(of));
            wanted = wanted.filter(its.or(account_event::by_id.eq(of)).assume_not_null());
        }
        if let Some((at, id)) = mark {
            let earlier = sql::<Bool>("(account_event.at, account_event.id) < (")
                .bind::<TsSql, _>(at)
                .sql(", ")
                .bind::<IdSql, _>(id)
                .sql(")");
            wanted = wanted.filter(earlier);
        }
        let rows: Vec<EventRow> = wanted.load(c)?;
        rows.into_iter().map(EventRow::read).collect()
    })
}

/// Where a line stands in the order.
fn find_moment(conn: &mut Conn<'_>, id: Id) -> Result<Option<(Ts, Id)>> {
    let wanted = account_event::table
        .filter(account_event::id.eq(id))
        .select((account_event::at, account_event::id));
    Ok(dispatch!(conn, c => wanted.first(c).optional())?)
}
