//! One story per store, told on both databases.

mod booking;
mod floor;
mod inbox;
mod referrals;
mod rules;
mod staff;
mod pads;
