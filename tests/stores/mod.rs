//! One story per store, told on both databases.

mod booking;
mod contact_ledger;
mod contacts;
mod crowd;
mod diary;
mod endings;
mod floor;
mod inbox;
mod inbox_lists;
mod inbox_plans;
mod killed_bookings;
mod notices;
mod pad_histories;
mod pad_ledger;
mod pads;
mod raw_files;
mod referrals;
mod rules;
mod secrets;
mod staff;
mod wait_histories;
mod waiting;
