//! What the triage team sees. Receives the referrals that other rooms wrote, shows them in queues with the person in
//! danger first, opens one with answers, suggestion and timeline, and hands each decision to `referrals::review`
//! with the name of who decided. Never writes a table, never decides, never hides an urgent referral.

mod alarm;
mod alike;
mod answers;
mod changes;
mod choice;
mod clocks;
mod hand_over;
mod lists;
mod now;
mod order_of_now;
mod pages;
mod placing;
mod reaching;
mod reads;
mod store;
mod timeline;
mod waits;
mod who;
mod words;

pub use lists::cursor::Cursor;
pub use lists::look::{Look, Looked, look};
pub use lists::narrow::Count;
pub use lists::row::Row;
pub use lists::{Ahead, Found, PAGE, Page, counts, list, next_after, search};
pub use now::{now_band, with_now_band};
pub use pages::routes;
