//! How the API says no: problem details (RFC 9457), with every fault of a body at its place.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::fault::Fault;
use crate::db;
use crate::web::{self, RequestId};

/// Most faults told in one answer.
const MOST_FAULTS: usize = 50;

/// A refusal, in words for whoever runs the other system.
#[derive(Clone, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
    #[serde(skip)]
    header: Option<(header::HeaderName, String)>,
}

impl Problem {
    /// A problem of this status.
    pub fn of(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Problem"),
            status: status.as_u16(),
            detail: detail.into(),
            instance: None,
            errors: Vec::new(),
            header: None,
        }
    }

    /// 422: the body was read and these places of it are wrong.
    pub fn faulty(mut faults: Vec<Fault>) -> Self {
        let count = faults.len();
        faults.truncate(MOST_FAULTS);
        let detail = match count {
            1 => "1 place needs to be corrected; nothing was stored".to_owned(),
            _ => format!("{count} places need to be corrected; nothing was stored"),
        };
        Self {
            errors: faults,
            ..Self::of(StatusCode::UNPROCESSABLE_ENTITY, detail)
        }
    }

    /// 401: no key, or none that works (RFC 6750, section 3).
    pub fn who_are_you(sent_one: bool) -> Self {
        let (detail, challenge) = match sent_one {
            true => (
                "this API key does not work, or does not work any more",
                "Bearer realm=\"iapt-pad\", error=\"invalid_token\"",
            ),
            false => (
                "send an API key: `Authorization: Bearer ipk_…`",
                "Bearer realm=\"iapt-pad\"",
            ),
        };
        Self::of(StatusCode::UNAUTHORIZED, detail).with(header::WWW_AUTHENTICATE, challenge)
    }

    /// 429: too many requests of one key.
    pub fn too_many(seconds: u64) -> Self {
        let told = format!("too many requests with this API key; try again in {seconds} seconds");
        Self::of(StatusCode::TOO_MANY_REQUESTS, told).with(header::RETRY_AFTER, seconds.to_string())
    }

    /// The same problem with a header.
    pub fn with(self, name: header::HeaderName, value: impl Into<String>) -> Self {
        Self {
            header: Some((name, value.into())),
            ..self
        }
    }

    fn answer(mut self, request: &HttpRequest) -> HttpResponse {
        self.instance = RequestId::of(request).map(|id| format!("urn:uuid:{id}"));
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        if let Some(header) = self.header.take() {
            response.insert_header(header);
        }
        response
            .insert_header((header::CONTENT_TYPE, "application/problem+json"))
            .body(serde_json::to_string(&self).unwrap_or_default())
    }
}

/// Why a request was not answered with what it asked for.
pub(super) enum Refused {
    /// The other system has to change something.
    Problem(Box<Problem>),
    /// Something broke or is too busy here; the middleware logs the cause and draws the answer.
    Failed(web::Error),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Refused::Problem(Box::new(problem))
    }
}

impl From<db::Error> for Refused {
    fn from(cause: db::Error) -> Self {
        Refused::Failed(cause.into())
    }
}

impl From<anyhow::Error> for Refused {
    fn from(cause: anyhow::Error) -> Self {
        Refused::Failed(cause.into())
    }
}

/// What a handler gives to the framework: a problem is an answer with a body of its own.
pub(super) fn answered(
    request: &HttpRequest,
    outcome: Result<HttpResponse, Refused>,
) -> Result<HttpResponse, web::Error> {
    match outcome {
        Ok(answer) => Ok(answer),
        Err(Refused::Problem(problem)) => Ok(problem.answer(request)),
        Err(Refused::Failed(cause)) => Err(cause),
    }
}
