//! The pad. Receives orders for slips from physios and the command line, and codes from whoever scans, types or
//! reads one out. Decides what a slip looks like, what its code is, whether a print may be released, and what a
//! code leads to. Hands on proven documents and slips. Never holds anything of a patient: a slip knows its
//! clinic, and an e-mail address goes into a sealed message and nowhere else.

mod command;
mod counts;
mod counts_pages;
mod custody;
pub mod draw;
mod electronic;
mod expiry;
pub mod font;
mod hosts;
mod keeping_pages;
mod kept;
mod guessing;
mod hint;
pub mod layout;
pub mod logo;
mod ledger;
mod ledger_words;
mod minting;
mod minting_pages;
mod moves;
mod pages;
mod previews;
pub mod pdf;
pub mod plate;
mod printing;
pub mod proof;
pub mod qr;
pub mod shape;
mod serials;
mod shown;
mod slip;
pub mod stock;
mod store;
pub mod template;
mod turns;
mod whereabouts;

pub use command::PadsCommand;
pub use counts::{Number, Quarter, QuarterCount, count_quarters};
pub use custody::{Release, Voided, Whose, note_printed, reprint, void};
pub use electronic::{Electronic, IssuedSlip, find_electronic, issue_electronic, issue_hinted};
pub use expiry::{Lasting, MOST_DAYS};
pub use guessing::{look_up, look_up_at_once};
pub use hint::Hint;
pub use hosts::{Elsewhere, list_elsewhere};
pub use kept::{Kept, LedgerLine, list_kept, show_kept};
pub use ledger::{Entry, Happened, Imbalance, Rows, Standing, Totals};
pub use minting::{DrawnPad, MOST_SLIPS, MintedPad, Order, SlipCount, draw_pad, may_mint, mint_unprinted};
pub use moves::{Counted, Move, Recipient, Refusal, hand, report_lost, take_back};
pub use pages::routes;
pub use serials::SerialRange;
pub use shown::{OnScreen, Seen, SlipLine, list_pads, show_electronic, show_pad};
pub use slip::{
    Scan, SharedStatus, SlipState, SlipView, code_hash, code_of, count_opening, mark_used, record_line,
    resolve, share,
};
pub use store::PadRow;
pub use whereabouts::Custody;
