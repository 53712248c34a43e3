//! Every page a patient sees.
//!
//! Receives what a patient types and ticks. Decides which page comes next, and puts help before everything
//! else. Hands a finished set of answers on to be submitted. Never shows a score, a grade or a diagnosis.

mod fixed;

use actix_web::web::ServiceConfig;

pub use fixed::FixedPages;

/// Adds the addresses of all pages for patients.
pub fn routes(cfg: &mut ServiceConfig) {
    fixed::routes(cfg);
}
