//! All integration tests, in one binary so that it links once.

mod house_rules;
mod journeys;
mod mail;
mod old_databases;
mod prints;
mod stores;
mod support;
mod words;
