//! Journeys through the running program, each file named for one.

mod alike;
mod api;
mod browser;
mod calendar_files;
mod command_line;
mod diary;
pub mod doors;
mod drill;
mod escalation;
mod first_light;
mod full_house;
mod hand_over;
mod inbox_lists;
mod own;
mod pad_commands;
mod pads;
mod physio_and_identity;
mod places;
mod printing_runs;
mod promised_contact;
mod replay;
mod reaching;
mod patient;
mod rules;
mod staff_sign_in;
mod triage;
mod why;
