//! One log line per request, with its id and the pattern of its route: never the path, which may hold a
//! code, a token or a reference. Draws the page over a bare error, and logs the cause once.

use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest};
use tracing::Instrument;
use uuid::Uuid;

use super::{Error, Site, error, paths};

/// The id of one request, in every log line about it and on the page of an internal error.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(Uuid);

impl RequestId {
    /// The id of this request.
    pub fn of(request: &HttpRequest) -> Option<RequestId> {
        request.extensions().get::<RequestId>().copied()
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Middleware: gives the request its id, answers errors with a page, writes the log line. Outermost but for
/// the headers.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let id = RequestId(Uuid::now_v7());
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", id = %id);
    let answered = next.call(request).instrument(span.clone()).await;
    let _entered = span.enter();
    let response = match answered {
        Ok(response) => response.map_into_boxed_body(),
        Err(refused) => {
            // Refused before any route was found: there is no request left to draw a page for.
            tracing::info!(target: "access", status = refused.as_response_error().status_code().as_u16());
            return Err(refused);
        }
    };
    log_cause(response.response().error());
    let mut response = if needs_page(&response) {
        with_page(response, id)
    } else {
        response
    };
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), value);
    }
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "unmatched".to_owned());
    tracing::info!(
        target: "access",
        method = %response.request().method(),
        route,
        status = response.status().as_u16(),
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    );
    let status = response.status().as_u16().to_string();
    metrics::counter!("http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    metrics::histogram!("http_request_seconds", "route" => route).record(started.elapsed().as_secs_f64());
    Ok(response)
}

/// The only place where the cause of a failed request is logged.
fn log_cause(cause: Option<&actix_web::Error>) {
    let Some(cause) = cause else { return };
    match cause.as_error::<Error>() {
        Some(Error::Internal(cause)) => tracing::error!("{cause:#}"),
        Some(expected) => tracing::debug!("{expected}"),
        None if cause.as_response_error().status_code().is_server_error() => tracing::error!("{cause}"),
        // What actix refuses by itself (a path that does not parse) may repeat what was sent: not logged.
        None => {}
    }
}

/// Whether the answer is an error without a page to read. One that a room drew itself stays as it is.
fn needs_page(response: &ServiceResponse<BoxBody>) -> bool {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let empty = matches!(
        response.response().body().size(),
        BodySize::None | BodySize::Sized(0)
    );
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = !empty && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    failed && !is_page && (empty || response.response().error().is_some())
}

fn with_page(response: ServiceResponse<BoxBody>, id: RequestId) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let cause = response
        .response()
        .error()
        .and_then(|cause| cause.as_error::<Error>());
    let path = response.request().path();
    let (media_type, body) = if paths::is_for_machines(path) {
        (
            "application/problem+json",
            error::details(status, cause, &id.to_string()),
        )
    } else {
        let demo = Site::of(response.request()).demo;
        (
            "text/html; charset=utf-8",
            error::page(status, cause, path, demo, &id.to_string()),
        )
    };
    let mut page = response.map_body(|_, _| BoxBody::new(body));
    page.headers_mut().remove(header::CONTENT_LENGTH);
    page.headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    page
}

/// Answers what no room serves. The server registers it as the default service.
pub async fn not_found() -> Result<actix_web::HttpResponse, Error> {
    Err(Error::NotFound)
}
