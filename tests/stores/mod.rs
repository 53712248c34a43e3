//! One story per store, told on both databases.

mod booking;
mod floor;
mod referrals;
mod rules;
mod staff;
mod pads;
