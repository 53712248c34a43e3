//! An urgent referral that nobody has acknowledged: the alarm with which it begins, and the clock that tells those on
//! shift, one after the other, until a named person says that they act. Each referral has its own steps; who is told of
//! many at once is told of them together.

mod beginning;
mod clock;
mod not_reached;
mod standing;
mod together;
mod turn;

pub(super) use self::beginning::tell_service;
pub use self::clock::{escalate, escalate_until};
pub use self::standing::{LastStep, Tellings, has_seen_enough, last_steps, tellings};
pub(super) use self::together::Sounding;
