//! The SQL of the diary, one file for each kind of row.

pub mod attendance;
pub mod courses;
pub mod runs;
pub mod slots;
pub mod venues;
