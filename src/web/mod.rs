//! The page frame, forms, errors, headers and assets.
//!
//! Receives a page's content from a room and a request from outside. Decides what every page has around it,
//! which requests are refused before a room sees them, and how a problem looks to the person who met it.
//! Hands on what was posted, as text. Never touches a person's record.

pub mod assets;
mod client_ip;
pub mod cookies;
mod error;
pub mod form;
mod frame;
mod haste;
mod headers;
mod observe;
mod origin;
pub mod paths;
mod posted;
mod sealed_text;
mod site;
mod uploaded;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

pub use error::Error;
pub use frame::{Frame, NavItem, NowBand, NowRow, RingNow, StaffBar};
pub use haste::haste_of;
pub use headers::headers;
pub use observe::{RequestId, not_found, observe};
pub use origin::same_origin;
pub use sealed_text::{opened_text, sealed_text};
pub use site::Site;
pub use uploaded::Uploaded;

/// Answers with a page.
pub fn html(page: &impl Template) -> HttpResponse {
    html_status(StatusCode::OK, page)
}

/// Answers with a page and this status, such as 422 for a form that has to be corrected.
pub fn html_status(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(body) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .body(body),
        Err(problem) => HttpResponse::from_error(Error::from(anyhow::Error::new(problem))),
    }
}

/// Sends the browser on to another page with a GET, as after every form that did something.
pub fn see_other(to: impl AsRef<str>) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to.as_ref()))
        .finish()
}

#[cfg(test)]
mod tests;
