//! What other rules would have made of past referrals. Receives two sets of rules, reads every past referral page by
//! page, has both decide, and hands on a table of moves: for a command, and for a page of the clinical lead.
//! Nothing here changes a referral, and no name is opened.

mod command;
mod desk;
mod line;
mod pages;
mod report;
mod run;

pub use command::{ReplayCommand, replay_on_the_command_line};
pub use desk::Replays;
pub use pages::routes;
pub use report::Report;
pub use run::{Progress, replay};
