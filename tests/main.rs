//! All integration tests, in one binary so that it links once.

mod house_rules;
mod journeys;
mod mail;
mod prints;
mod stores;
mod support;
mod words;
