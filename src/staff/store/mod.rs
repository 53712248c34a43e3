//! The only SQL of this room, a file for each of its tables.

pub(super) mod accounts;
pub(super) mod keys;
pub(super) mod reads;
pub(super) mod sessions;
pub(super) mod tries;
