//! Courses and places. Receives a referral that may have a place, decides which place is free, and hands on a
//! place *held* until a named person confirms it. Never gives a twenty-first place: places are rows made with
//! the run, and there is no twenty-first row.

mod course;
mod pages;
mod place;
mod store;

pub use course::{Course, NewRun, NewVenue, Run, add_course, add_run, add_venue, list_runs};
pub use pages::routes;
pub use place::{Hold, Place, PlaceState, close_out, confirm, find_place, hold, release};
