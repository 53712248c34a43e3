//! The only SQL of this room, a file for each of its tables.

pub(super) mod account_events;
pub(super) mod accounts;
pub(super) mod keys;
pub(super) mod links;
pub(super) mod reads;
pub(super) mod requests;
pub(super) mod sessions;
pub(super) mod tries;
