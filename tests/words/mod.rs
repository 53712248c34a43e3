//! The words patients read: plain enough for a child of eleven, and silent about health where others may look.

pub mod discreet;
mod plain;
mod texts;
