//! How a problem looks to the person who met it: a page with a way on, and on the pages for patients the
//! numbers to ring. Machines get problem details (RFC 9457).
//!
//! Handlers answer with [`Error`] through `?`; the middleware in `observe.rs` draws the page and logs the
//! cause once, with the request id.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::{Frame, paths};
use crate::db;

/// Why a request was not answered with what it asked for.
#[derive(Debug)]
pub enum Error {
    /// There is no such page or record (404).
    NotFound,
    /// The person may not see this (403).
    Forbidden,
    /// Nobody is signed in: the answer leads to the sign-in page (303).
    SignInFirst,
    /// The request cannot be read at all (400); the words say what is wrong with it.
    BadRequest(Cow<'static, str>),
    /// The request was read and makes no sense here (422); the words say why. A form with a bad field is
    /// not this: it is shown again with a message at the field.
    Unprocessable(Cow<'static, str>),
    /// Somebody else was faster, or this was done before (409); the words say what happened.
    Conflict(Cow<'static, str>),
    /// The request is too big (413).
    TooLarge,
    /// The body is not of a type that is read here (415).
    WrongType,
    /// Too many tries (429).
    TooMany {
        /// How long to wait before the next try.
        retry_after: Duration,
    },
    /// More work than can be done at once (503).
    Busy,
    /// Something broke (500). The cause goes to the log, never to the page.
    Internal(anyhow::Error),
}

impl Error {
    /// A request that cannot be read, and why.
    pub fn bad_request(why: impl Into<Cow<'static, str>>) -> Self {
        Error::BadRequest(why.into())
    }

    /// A request that makes no sense here, and why.
    pub fn unprocessable(why: impl Into<Cow<'static, str>>) -> Self {
        Error::Unprocessable(why.into())
    }

    /// A request that came too late, and what happened meanwhile.
    pub fn conflict(why: impl Into<Cow<'static, str>>) -> Self {
        Error::Conflict(why.into())
    }

    /// The words for the person who met this problem, where there are some of its own.
    fn words(&self) -> Option<&str> {
        match self {
            Error::BadRequest(why) | Error::Unprocessable(why) | Error::Conflict(why) => Some(why),
            Error::NotFound
            | Error::Forbidden
            | Error::SignInFirst
            | Error::TooLarge
            | Error::WrongType
            | Error::TooMany { .. }
            | Error::Busy
            | Error::Internal(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Internal(cause) => write!(f, "{cause:#}"),
            other => write!(
                f,
                "{}",
                other.words().unwrap_or_else(|| title(other.status_code()))
            ),
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        match cause.downcast::<db::Error>() {
            Ok(cause) => cause.into(),
            Err(cause) => Error::Internal(cause),
        }
    }
}

impl From<db::Error> for Error {
    fn from(cause: db::Error) -> Self {
        match cause {
            db::Error::Busy | db::Error::Conflict => Error::Busy,
            db::Error::Database(_) | db::Error::Key(_) => Error::Internal(anyhow::Error::new(cause)),
            db::Error::Other(cause) => Error::Internal(cause),
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::SignInFirst => StatusCode::SEE_OTHER,
            Error::BadRequest(_) => StatusCode::BAD_REQUEST,
            Error::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The bare answer, without a page: `observe.rs` draws one over it.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Error::SignInFirst => response.insert_header((header::LOCATION, paths::SIGN_IN)),
            Error::TooMany { retry_after } => {
                response.insert_header((header::RETRY_AFTER, retry_after.as_secs().max(1).to_string()))
            }
            Error::Busy => response.insert_header((header::RETRY_AFTER, "5")),
            _ => &mut response,
        };
        response.finish()
    }
}

/// The page drawn over a bare error answer.
#[derive(Template)]
#[template(path = "web/views/error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    heading: &'a str,
    words: &'a str,
    reference: &'a str,
    way_on: (&'static str, &'static str),
    advice: bool,
}

/// The page for this status, for whoever asked for `path`; `reference` is what they may quote to us.
pub(super) fn page(
    status: StatusCode,
    problem: Option<&Error>,
    path: &str,
    demo: bool,
    reference: &str,
) -> String {
    let for_staff = paths::is_for_staff(path);
    let heading = title(status);
    let mut frame = Frame::plain(heading, demo);
    frame.patient = !for_staff;
    let page = ErrorPage {
        frame,
        heading,
        words: problem.and_then(Error::words).unwrap_or_else(|| advice(status)),
        // The last part is enough to find the request in the log, and short enough to be read out.
        reference: reference
            .rsplit('-')
            .next()
            .filter(|_| status.is_server_error())
            .unwrap_or_default(),
        way_on: match for_staff {
            true => (paths::SIGN_IN, "Go to your first page"),
            false => (paths::HOME, "Go to the start page"),
        },
        advice: !for_staff,
    };
    page.render().unwrap_or_else(|_| heading.to_owned())
}

/// The problem details of RFC 9457 for a machine.
pub(super) fn details(status: StatusCode, problem: Option<&Error>, reference: &str) -> String {
    let mut details = serde_json::json!({
        "type": "about:blank",
        "title": title(status),
        "status": status.as_u16(),
        "instance": format!("urn:uuid:{reference}"),
    });
    if let (Some(words), Some(object)) = (problem.and_then(Error::words), details.as_object_mut()) {
        object.insert("detail".to_owned(), words.into());
    }
    details.to_string()
}

/// What a status is called on the page.
fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "We could not read that",
        401 => "Sign in first",
        403 => "You cannot see this page",
        404 => "Page not found",
        405 => "That does not work here",
        409 => "Something changed in the meantime",
        413 => "That is too much to send at once",
        415 => "We cannot read this kind of file",
        422 => "We could not use that",
        429 => "Please wait a little",
        503 => "We are very busy just now",
        _ => "Sorry, something went wrong",
    }
}

/// What to do about a status.
fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => {
            "This page is not for your account. If you think it should be, ask the person who runs the accounts."
        }
        404 => "If you typed the address, check that it is right. If you used a link, it may be out of date.",
        405 | 415 => "Go back and try again.",
        413 => "Go back, shorten what you wrote, and send it again.",
        429 => "There were too many tries in a short time. Wait a minute, then try again.",
        503 => "Nothing is lost. Go back, wait a few seconds, then press the button again.",
        500..=599 => {
            "We have made a note of it. Go back and try again. If it happens again, please phone us."
        }
        _ => "Go back and try again.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_who_meets_an_error_sees_who_to_ring() {
        let page = page(
            StatusCode::INTERNAL_SERVER_ERROR,
            None,
            "/refer/3",
            false,
            "0190-ab12",
        );
        for number in ["999", "111", "116 123", ">ab12<", "/help-now"] {
            assert!(page.contains(number), "{number} is missing");
        }
    }

    #[test]
    fn the_cause_of_a_failure_is_not_on_the_page() {
        let cause = Error::from(anyhow::anyhow!("secret thing at port 5432"));
        let page = page(cause.status_code(), Some(&cause), "/inbox", false, "0190-x");
        assert!(!page.contains("5432") && page.contains(paths::SIGN_IN));
        assert!(!details(cause.status_code(), Some(&cause), "0190-x").contains("5432"));
    }

    #[test]
    fn a_busy_database_is_a_busy_page_also_when_wrapped() {
        assert_eq!(
            Error::from(db::Error::Busy).status_code(),
            StatusCode::SERVICE_UNAVAILABLE
        );
        let wrapped = anyhow::Error::new(db::Error::Busy).context("while submitting");
        assert_eq!(
            Error::from(wrapped).status_code(),
            StatusCode::SERVICE_UNAVAILABLE
        );
    }

    #[test]
    fn a_machine_gets_problem_details() {
        let why = Error::unprocessable("No such slip.");
        let details = details(why.status_code(), Some(&why), "0190-x");
        assert!(details.contains(r#""status":422"#) && details.contains("No such slip."));
    }
}
