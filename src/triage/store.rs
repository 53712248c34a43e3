//! The table of rule versions.

use diesel::prelude::*;

use super::versions::RuleState;
use crate::db::schema::rule_version;
use crate::db::{Conn, Result};
use crate::values::{Id, Sealed, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(RuleState);

/// A version as others ask about it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = rule_version)]
pub(super) struct Row {
    pub id: Id,
    pub version: String,
    pub source: String,
    pub state: RuleState,
    pub proposed_by: String,
    pub approved_by: Option<String>,
    pub created_at: Ts,
    pub in_force_at: Option<Ts>,
    pub note: Option<Sealed>,
    pub based_on: Option<String>,
    pub refused_by: Option<String>,
    pub refused_at: Option<Ts>,
    pub reason: Option<Sealed>,
}

/// A version that is new to the table.
#[derive(Clone, Debug)]
pub(super) struct NewVersion<'v> {
    pub id: Id,
    pub version: &'v str,
    pub text: &'v str,
    pub state: RuleState,
    pub by: &'v str,
    pub now: Ts,
    pub note: Option<Sealed>,
    pub based_on: Option<String>,
}

pub(super) fn insert_version(conn: &mut Conn<'_>, new: NewVersion<'_>) -> Result<()> {
    let in_force_at = (new.state == RuleState::InForce).then_some(new.now);
    dispatch!(conn, c => diesel::insert_into(rule_version::table)
        .values((
            rule_version::id.eq(new.id),
            rule_version::version.eq(new.version),
            rule_version::source.eq(new.text),
            rule_version::state.eq(new.state),
            rule_version::proposed_by.eq(new.by),
            rule_version::created_at.eq(new.now),
            rule_version::in_force_at.eq(in_force_at),
            rule_version::note.eq(new.note),
            rule_version::based_on.eq(new.based_on),
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

/// The name of the version in force alone: what other instances ask each minute.
pub(super) fn find_version_in_force(conn: &mut Conn<'_>) -> Result<Option<String>> {
    Ok(dispatch!(conn, c => rule_version::table
        .filter(rule_version::state.eq(RuleState::InForce))
        .select(rule_version::version)
        .first(c)
        .optional())?)
}

/// All versions, the newest first. There are few: each took two people.
pub(super) fn list_versions(conn: &mut Conn<'_>) -> Result<Vec<Row>> {
    Ok(dispatch!(conn, c => rule_version::table
        .order((rule_version::created_at.desc(), rule_version::id.desc()))
        .select(Row::as_select())
        .load(c))?)
}

/// Retires the version in force, if it is still this one.
pub(super) fn mark_retired(conn: &mut Conn<'_>, version: &str) -> Result<bool> {
    let changed = dispatch!(conn, c => diesel::update(rule_version::table)
        .filter(rule_version::state.eq(RuleState::InForce))
        .filter(rule_version::version.eq(version))
        .set(rule_version::state.eq(RuleState::Retired))
        .execute(c))?;
    Ok(changed == 1)
}

/// Puts a version into force, if it still waits.
pub(super) fn mark_in_force(conn: &mut Conn<'_>, id: Id, by: &str, now: Ts) -> Result<bool> {
    let changed = dispatch!(conn, c => diesel::update(rule_version::table)
        .filter(rule_version::id.eq(id))
        .filter(rule_version::state.eq(RuleState::Proposed))
        .set((
            rule_version::state.eq(RuleState::InForce),
            rule_version::approved_by.eq(by),
            rule_version::in_force_at.eq(now),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// Turns a version down, if it still waits.
pub(super) fn mark_refused(conn: &mut Conn<'_>, id: Id, by: &str, reason: Sealed, now: Ts) -> Result<bool> {
    let changed = dispatch!(conn, c => diesel::update(rule_version::table)
        .filter(rule_version::id.eq(id))
        .filter(rule_version::state.eq(RuleState::Proposed))
        .set((
            rule_version::state.eq(RuleState::Refused),
            rule_version::refused_by.eq(by),
            rule_version::refused_at.eq(now),
            rule_version::reason.eq(reason),
        ))
        .execute(c))?;
    Ok(changed == 1)
}
