//! One story per store, told on both databases.

mod floor;
mod referrals;
mod rules;
mod staff;
mod pads;
