//! The pad: templates, QR codes, drawing, proving, minting and custody of slips.
pub mod draw;
pub mod font;
pub mod layout;
pub mod pdf;
pub mod proof;
pub mod qr;
mod slip;
mod store;
pub mod template;

pub use slip::{Scan, SlipState, SlipView, code_hash, code_of, count_opening, mark_used, resolve};
