//! Every page a patient sees.
//!
//! Receives what a patient types and ticks. Decides which page comes next, and puts help before everything
//! else. Hands a finished set of answers on to be submitted. Never shows a score, a grade or a diagnosis.

mod asked_questions;
mod answered;
mod by_staff;
mod call_words;
mod carry;
mod check;
mod choices;
mod draft;
mod fields;
mod fixed;
mod help;
mod keep;
mod hint;
mod language;
mod late;
mod on_the_phone;
mod own;
mod pages;
mod question;
mod reopen;
mod sent;
mod sheet;
mod start;
mod tablet;
mod unusable;
mod with_physio;
mod worry;

use actix_web::web::ServiceConfig;

pub use asked_questions::AskedQuestion;
pub use fixed::FixedPages;
pub use language::name as language_name;

/// Adds the addresses of all pages for patients.
pub fn routes(cfg: &mut ServiceConfig) {
    fixed::routes(cfg);
    start::routes(cfg);
    pages::routes(cfg);
    own::routes(cfg);
    tablet::routes(cfg);
    with_physio::routes(cfg);
    on_the_phone::routes(cfg);
}
