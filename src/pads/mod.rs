//! (being built)

mod slip;
mod store;

pub use slip::{Scan, SlipState, SlipView, code_hash, code_of, count_opening, mark_used, resolve};
