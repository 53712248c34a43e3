//! Changes of accounts and keys, and the two people it takes where a change lets somebody see patients.
//!
//! Receives what an administrator wants changed. Decides in `second.rs` alone who has to approve it. Hands on the rows once
//! they are in force, the link with which the person chooses a password, and a line in the ledger for each act. Never
//! shows a password, and never makes a row, a link or a key before it is approved.

mod ask;
mod decide;
mod effect;
pub(super) mod event;
mod ledger;
mod mail;
pub(super) mod request;
mod second;

pub use ask::{Outcome, change, deactivate, withdraw};
pub use decide::{
    Decision, approve, approve_without_lead, mark_seen, may_decide_as_lead, refuse, second_of, set_leave,
};
pub use effect::Effect;
pub use event::{AccountEvent, Changer, EventKind, NewEvent, Way};
pub use ledger::list_changes;
pub use request::{Change, Request, RequestState, words};
pub use second::{Second, takes_two};
