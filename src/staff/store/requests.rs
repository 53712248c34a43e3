//! The table `account_request`.

use anyhow::anyhow;
use diesel::prelude::*;

use crate::db::schema::account_request;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::staff::Role;
use crate::staff::changes::request::{Change, Parts, Request, RequestState};
use crate::values::{Id, Sealed, Ts};

/// Adds a request that waits.
pub fn insert_request(
    conn: &mut Conn<'_>,
    id: Id,
    change: &Change,
    reason: &Sealed,
    by: Id,
    now: Ts,
) -> Result<()> {
    let parts = Parts::of(change);
    let row = (
        account_request::id.eq(id),
        account_request::kind.eq(change.word()),
        account_request::state.eq(RequestState::Waiting.as_str()),
        account_request::staff_id.eq(parts.account),
        account_request::username.eq(parts.username),
        account_request::display_name.eq(parts.display_name),
        account_request::role.eq(parts.role.map(Role::as_str)),
        account_request::clinic_id.eq(parts.clinic),
        account_request::email.eq(parts.email),
        account_request::label.eq(parts.label),
        account_request::scopes.eq(parts.scopes),
        account_request::reason.eq(reason),
        account_request::requested_by.eq(by),
        account_request::requested_at.eq(now),
        account_request::without_lead.eq(false),
    );
    dispatch!(conn, c => diesel::insert_into(account_request::table).values(&row).execute(c))?;
    Ok(())
}

#[derive(Queryable)]
struct RequestRow {
    id: Id,
    kind: String,
    state: String,
    staff_id: Option<Id>,
    username: Option<String>,
    display_name: Option<String>,
    role: Option<String>,
    clinic_id: Option<Id>,
    email: Option<String>,
    label: Option<String>,
    scopes: Option<String>,
    reason: Sealed,
    requested_by: Id,
    requested_at: Ts,
    decided_by: Option<Id>,
    decided_at: Option<Ts>,
    without_lead: bool,
    answer: Option<Sealed>,
    seen_by: Option<Id>,
}

impl RequestRow {
    fn read(self) -> Result<Request> {
        let unfit = || anyhow!("the request {} for an account cannot be read", self.id);
        let parts = Parts {
            account: self.staff_id,
            username: self.username,
            display_name: self.display_name,
            role: self.role.as_deref().and_then(Role::parse),
            clinic: self.clinic_id,
            email: self.email,
            label: self.label,
            scopes: self.scopes,
        };
        Ok(Request {
            id: self.id,
            change: parts.read(&self.kind).ok_or_else(unfit)?,
            state: RequestState::parse(&self.state).ok_or_else(unfit)?,
            reason: self.reason,
            by: self.requested_by,
            at: self.requested_at,
            decided: self.decided_by.zip(self.decided_at),
            without_lead: self.without_lead,
            answer: self.answer,
            seen_by: self.seen_by,
        })
    }
}

/// One request.
pub fn find_request(conn: &mut Conn<'_>, id: Id) -> Result<Option<Request>> {
    let wanted = account_request::table.filter(account_request::id.eq(id));
    let row: Option<RequestRow> = dispatch!(conn, c => wanted.first(c).optional())?;
    row.map(RequestRow::read).transpose()
}

/// The requests that wait, the oldest first.
pub fn list_waiting(conn: &mut Conn<'_>) -> Result<Vec<Request>> {
    let wanted = account_request::table
        .filter(account_request::state.eq(RequestState::Waiting.as_str()))
        .order((account_request::requested_at, account_request::id));
    let rows: Vec<RequestRow> = dispatch!(conn, c => wanted.load(c))?;
    rows.into_iter().map(RequestRow::read).collect()
}

/// What was approved without a lead and no lead has looked at since, the oldest first.
pub fn list_unseen(conn: &mut Conn<'_>) -> Result<Vec<Request>> {
    let wanted = account_request::table
        .filter(account_request::state.eq(RequestState::Approved.as_str()))
        .filter(account_request::without_lead.eq(true))
        .filter(account_request::seen_by.is_null())
        .order((account_request::requested_at, account_request::id));
    let rows: Vec<RequestRow> = dispatch!(conn, c => wanted.load(c))?;
    rows.into_iter().map(RequestRow::read).collect()
}

/// How many requests wait for a lead, or for a lead to look at.
pub fn count_for_leads(conn: &mut Conn<'_>) -> Result<i64> {
    let waits = account_request::state.eq(RequestState::Waiting.as_str());
    let unseen = account_request::state
        .eq(RequestState::Approved.as_str())
        .and(account_request::without_lead.eq(true))
        .and(account_request::seen_by.is_null());
    let wanted = account_request::table.filter(waits.or(unseen));
    Ok(dispatch!(conn, c => wanted.count().get_result(c))?)
}

/// Decides a request that waits; false when it does not any more.
pub fn mark_decided(
    conn: &mut Conn<'_>,
    id: Id,
    state: RequestState,
    by: Id,
    now: Ts,
    without_lead: bool,
    answer: Option<&Sealed>,
) -> Result<bool> {
    let wanted = account_request::table
        .filter(account_request::id.eq(id))
        .filter(account_request::state.eq(RequestState::Waiting.as_str()));
    let set = (
        account_request::state.eq(state.as_str()),
        account_request::decided_by.eq(Some(by)),
        account_request::decided_at.eq(Some(now)),
        account_request::without_lead.eq(without_lead),
        account_request::answer.eq(answer),
    );
    let changed = dispatch!(conn, c => diesel::update(wanted).set(set).execute(c))?;
    Ok(changed == 1)
}

/// Notes that a lead has looked at what was approved without one; false when somebody has.
pub fn mark_seen(conn: &mut Conn<'_>, id: Id, by: Id) -> Result<bool> {
    let wanted = account_request::table
        .filter(account_request::id.eq(id))
        .filter(account_request::without_lead.eq(true))
        .filter(account_request::seen_by.is_null());
    let changed = dispatch!(conn, c => diesel::update(wanted)
        .set(account_request::seen_by.eq(Some(by))).execute(c))?;
    Ok(changed == 1)
}
