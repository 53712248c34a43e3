//! The table of rule versions.

use diesel::prelude::*;

use super::versions::RuleState;
use crate::db::schema::rule_version;
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(RuleState);

/// A version as others ask about it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = rule_version)]
pub(super) struct Row {
    pub id: Id,
    pub source: String,
    pub state: RuleState,
    pub proposed_by: String,
}

pub(super) fn insert_version(
    conn: &mut Conn<'_>,
    id: Id,
    version: &str,
    text: &str,
    state: RuleState,
    by: &str,
    now: Ts,
) -> Result<()> {
    let in_force_at = (state == RuleState::InForce).then_some(now);
    dispatch!(conn, c => diesel::insert_into(rule_version::table)
        .values((
            rule_version::id.eq(id),
            rule_version::version.eq(version),
            rule_version::source.eq(text),
            rule_version::state.eq(state),
            rule_version::proposed_by.eq(by),
            rule_version::created_at.eq(now),
            rule_version::in_force_at.eq(in_force_at),
        ))
        .execute(c))?;
    Ok(())
}

pub(super) fn find_version(conn: &mut Conn<'_>, version: &str) -> Result<Option<Row>> {
    Ok(dispatch!(conn, c => rule_version::table
        .filter(rule_version::version.eq(version))
        .select(Row::as_select())
        .first(c)
        .optional())?)
}

pub(super) fn find_in_force(conn: &mut Conn<'_>) -> Result<Option<Row>> {
    Ok(dispatch!(conn, c => rule_version::table
        .filter(rule_version::state.eq(RuleState::InForce))
        .select(Row::as_select())
        .first(c)
        .optional())?)
}

/// Retires the version in force.
pub(super) fn mark_retired(conn: &mut Conn<'_>) -> Result<()> {
    dispatch!(conn, c => diesel::update(rule_version::table)
        .filter(rule_version::state.eq(RuleState::InForce))
        .set(rule_version::state.eq(RuleState::Retired))
        .execute(c))?;
    Ok(())
}

pub(super) fn mark_in_force(conn: &mut Conn<'_>, id: Id, by: &str, now: Ts) -> Result<()> {
    dispatch!(conn, c => diesel::update(rule_version::table)
        .filter(rule_version::id.eq(id))
        .set((
            rule_version::state.eq(RuleState::InForce),
            rule_version::approved_by.eq(by),
            rule_version::in_force_at.eq(now),
        ))
        .execute(c))?;
    Ok(())
}
