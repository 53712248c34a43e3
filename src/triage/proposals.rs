//! What two people do about the rules: one proposes a version, another approves or refuses it. Each deed is kept with
//! who did it and when; whoever is second is told who was first.

use super::rules::version_of;
use super::store::{self, NewVersion, Row};
use super::versions::RuleState;
use crate::db::{self, Conn, Result};
use crate::values::{Id, KeyError, Keyring, Purpose, Sealed, Ts};

/// Who proposed what a file of the program brought.
pub const BY_FILE: &str = "file";

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// It waits for a second person.
    Proposed,
    /// The table holds this text already, in this state.
    Known(RuleState),
}

/// What became of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// The version is in force; the one before is retired.
    InForce,
    /// The same person proposed it: somebody else must approve.
    SamePerson,
    /// It does not wait any more: somebody was first, or there is no such version.
    NotProposed,
    /// Other rules came into force since the approver looked.
    Overtaken,
}

/// What became of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is turned down.
    Refused,
    /// The same person proposed it: somebody else must decide.
    SamePerson,
    /// It does not wait any more.
    NotProposed,
}

/// A new version as one person proposes it. Drawn before the write, which may run twice.
#[derive(Clone, Debug)]
pub struct Proposing {
    id: Id,
    text: String,
    by: String,
    note: Sealed,
    now: Ts,
}

impl Proposing {
    /// Draws the row's id and seals the note. The text must have passed [`super::RuleSet::sound`].
    pub fn new(
        keys: &Keyring,
        text: &str,
        by: &str,
        note: &str,
        now: Ts,
    ) -> std::result::Result<Self, KeyError> {
        let id = Id::new();
        Ok(Proposing {
            id,
            text: text.to_owned(),
            by: by.to_owned(),
            note: keys.seal(Purpose::Person, id, note.as_bytes())?,
            now,
        })
    }
}

/// Puts a proposal beside the rules in force, which stay.
pub fn propose(conn: &mut Conn<'_>, new: &Proposing) -> Result<Proposal> {
    let version = version_of(&new.text);
    if let Some(known) = store::find_version(conn, &version)? {
        return Ok(Proposal::Known(known.state));
    }
    let version = NewVersion {
        id: new.id,
        version: &version,
        text: &new.text,
        state: RuleState::Proposed,
        by: &new.by,
        now: new.now,
        note: Some(new.note.clone()),
        based_on: store::find_version_in_force(conn)?,
    };
    store::insert_version(conn, version)?;
    Ok(Proposal::Proposed)
}

/// Puts a proposed version into force, if `by` is not the person who proposed it and the rules in force are still
/// those that `by` compared it with (`seen`).
pub fn approve(conn: &mut Conn<'_>, version: &str, by: &str, seen: &str, now: Ts) -> Result<Approval> {
    let Some(row) = waiting(conn, version)? else {
        return Ok(Approval::NotProposed);
    };
    if row.proposed_by == by {
        return Ok(Approval::SamePerson);
    }
    // Whoever retires the version in force goes on alone; everybody else finds it gone.
    if !store::mark_retired(conn, seen)? {
        return Ok(match waiting(conn, version)? {
            Some(_) => Approval::Overtaken,
            None => Approval::NotProposed,
        });
    }
    if !store::mark_in_force(conn, row.id, by, now)? {
        // Turned down in the same instant: nothing of this stays, and it is looked at anew.
        return Err(db::Error::Conflict);
    }
    Ok(Approval::InForce)
}

/// Turns a proposed version down, if `by` is not the person who proposed it. `reason` is sealed for the version's row.
pub fn refuse(conn: &mut Conn<'_>, version: &str, by: &str, reason: &Sealed, now: Ts) -> Result<Refusal> {
    let Some(row) = waiting(conn, version)? else {
        return Ok(Refusal::NotProposed);
    };
    if row.proposed_by == by {
        return Ok(Refusal::SamePerson);
    }
    Ok(if store::mark_refused(conn, row.id, by, reason.clone(), now)? {
        Refusal::Refused
    } else {
        Refusal::NotProposed
    })
}

fn waiting(conn: &mut Conn<'_>, version: &str) -> Result<Option<Row>> {
    let found = store::find_version(conn, version)?;
    Ok(found.filter(|row| row.state == RuleState::Proposed))
}
