//! iapt-pad: the prescription pad that takes a patient from a physiotherapist's hand to the right
//! talking-therapy service. The rooms stand in the order the slip travels; a room uses only those above it.

/// Parsed words: dates, ids, codes, names, numbers; sealed values and the keys that open them.
pub mod values;
/// The environment and the locality file, typed; prints its own example; redacts secrets.
pub mod config;
/// One database with two verbs, read and write, on SQLite or PostgreSQL.
pub mod db;
/// The outbox: messages written with what caused them, delivered by a worker.
pub mod notify;
/// What every room is handed: configuration, database, clock, mailer, keys.
pub mod app;
/// The page frame, forms, errors, headers, assets and the spelling of every address.
pub mod web;
/// The people who sign in, what they may do, and the record of what they read.
pub mod staff;
/// Slips: templates, minting, drawing, proving, and resolving a code.
pub mod pads;
/// The questions a patient is asked, their scores, and the journey computed from the answers.
pub mod questionnaire;
/// Facts in, a suggestion with its reasons out.
pub mod triage;
/// The referral: submit, states, timeline, clocks, duplicates.
pub mod referrals;
/// Courses, runs and places.
pub mod booking;
/// Every page a patient sees.
pub mod patient;
/// What the triage team sees.
pub mod inbox;
/// What the service learns from its numbers.
pub mod reports;
/// How long a record is kept, and how it ends.
pub mod retention;
/// The JSON API and what other systems read.
pub mod interop;
/// All rooms behind one listener.
pub mod server;
/// The demo deployment.
pub mod demo;
