//! What the service learns from its numbers. Receives the rooms' tables to read, decides what they come to, and hands
//! on figures and lists of references. Never shows a name, and changes nothing but its own memory.

pub mod replay;

pub use replay::{Replays, routes};
