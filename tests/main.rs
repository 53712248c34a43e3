//! All integration tests, in one binary so that it links once.

mod prints;
mod mail;
mod stores;
mod support;
