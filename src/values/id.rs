//! The name of a row: a time-ordered UUID, the same on both databases.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Names one row for ever. Version 7, so that ids sort by the moment they were drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// Draws a new id. Draw it before a transaction, never inside: a write may run twice.
    #[allow(
        clippy::new_without_default,
        reason = "a default id would be a different one each time"
    )]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// Draws a new id as of a moment: ids of different milliseconds sort as their moments do. For rows that are
    /// listed by when they came.
    pub fn drawn_at(at: super::Ts) -> Self {
        let micros = u64::try_from(at.as_micros()).unwrap_or_default();
        let nanos = u32::try_from(micros % 1_000_000 * 1000).unwrap_or_default();
        let moment = uuid::Timestamp::from_unix(uuid::NoContext, micros / 1_000_000, nanos);
        Self(Uuid::new_v7(moment))
    }

    /// The first of all ids of this millisecond, to begin or end a stretch of ids with; it names no row.
    pub fn first_of(at: super::Ts) -> Self {
        let millis = u64::try_from(at.as_micros() / 1000).unwrap_or_default();
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        Self::from_bytes(bytes)
    }

    /// Reads the sixteen bytes of an id; `None` when there are not sixteen.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().map(Self)
    }

    /// An id from its sixteen bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// Reads the hyphenated form; `None` when it is not an id.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }

    /// The sixteen bytes, as stored and as bound into sealed values.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_moment_they_were_drawn() {
        let drawn: Vec<Id> = (0..100).map(|_| Id::new()).collect();
        assert!(drawn.is_sorted());
    }

    #[test]
    fn ids_drawn_at_a_moment_sort_as_the_moments_do() {
        let moment = |text: &str| crate::values::Ts(text.parse().expect("a timestamp"));
        let (one, two) = (
            moment("2024-01-31T09:00:00.001Z"),
            moment("2026-11-23T09:00:00.002Z"),
        );
        let (first, second) = (Id::drawn_at(one), Id::drawn_at(two));
        assert!(Id::first_of(one) < first && first < Id::first_of(two) && Id::first_of(two) < second);
        assert!(second < Id::first_of(two.plus_seconds(1)));
        assert_ne!(Id::drawn_at(one), first);
    }

    #[test]
    fn an_id_survives_being_written_and_read() {
        let id = Id::new();
        assert_eq!(Id::parse(&id.to_string()), Some(id));
        assert_eq!(Id::from_slice(id.as_bytes()), Some(id));
        assert_eq!(Id::parse("not an id"), None);
    }
}
