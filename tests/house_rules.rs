//! The rules of the house, read from its own files: which way imports point, where SQL stands, who writes which
//! table, that both migration folders say the same, and that the papers tell the truth. ARCHITECTURE.md gives the
//! reasons. An exception is a line here with its reason; one that is no longer needed fails too.

mod arrows;
mod migrations;
mod packaging;
mod papers;
pub mod sources;
mod tables;
