//! What every answer tells the browser: load nothing from elsewhere, show it in no frame, keep no copy.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;

use super::Site;

/// The headers that are the same on every answer.
///
/// `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` with our own forms, which
/// the check for cross-site requests would have to refuse.
const ALWAYS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    ),
];
/// A year, with everything below the host's name.
const STAY_ON_HTTPS: &str = "max-age=31536000; includeSubDomains";

/// Middleware: adds the headers. What a handler has set itself (an asset's caching) stays.
pub async fn headers<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let https = Site::of(request.request()).https;
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &'static str| {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    for (name, value) in ALWAYS {
        set(name, value);
    }
    if https {
        set("strict-transport-security", STAY_ON_HTTPS);
    }
    set("cache-control", "no-store");
    Ok(response)
}
