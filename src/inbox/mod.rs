//! What the triage team sees. Receives the referrals that other rooms wrote, shows them in queues with the person in
//! danger first, opens one with answers, suggestion and timeline, and hands each decision to `referrals::review`
//! with the name of who decided. Never writes a table, never decides, never hides an urgent referral.

mod alarm;
mod alike;
mod answers;
mod asked;
mod changes;
mod choice;
mod clocks;
mod cursor;
mod hand_over;
mod from;
mod lists;
mod look;
mod narrow;
mod now;
mod pages;
mod placing;
mod reaching;
mod reads;
mod row;
mod sought;
mod store;
mod timeline;
mod who;
mod waits;
mod words;

pub use cursor::Cursor;
pub use lists::{Ahead, Found, PAGE, Page, counts, list, next_after, search};
pub use look::{Look, Looked, look};
pub use narrow::Count;
pub use now::{now_band, with_now_band};
pub use pages::routes;
pub use row::Row;
