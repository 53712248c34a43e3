//! How soon the database serves a request of staff.

use actix_web::http::Method;

use super::paths;
use crate::db::Haste;

/// Haste of what a request of staff asks of the database before its page is reached: who is signed in, who waits now.
/// A form that may carry a risk answer (a call taken down, a referral with the patient) is not turned away for either.
pub fn haste_of(method: &Method, path: &str) -> Haste {
    match method == Method::POST && [paths::CALL, paths::REFER_NOW].contains(&path) {
        true => Haste::Urgent,
        false => Haste::Ordinary,
    }
}
