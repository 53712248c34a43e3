//! Other systems: what they may send and read through the JSON API, and what they are told.

mod bad_input;
mod described;
mod once;
mod reading;
mod slips;
mod worry;
