//! All integration tests, in one binary so that it links once.

mod journeys;
mod mail;
mod prints;
mod stores;
mod support;
