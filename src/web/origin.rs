//! Refuses what another site makes a browser send here. No tokens in forms: the browser says where a
//! request came from.
//!
//! `Sec-Fetch-Site` decides where the browser sends it; else `Origin` does (old iPhones send only that). With
//! neither, nothing is known: the request is refused if it carries a cookie, because then it may act with
//! somebody's session. The JSON API is not asked: it takes bearer keys, which no browser adds by itself.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};

use super::{Site, paths};

/// Middleware: lets a request through, or answers 403 before any room sees it.
pub async fn same_origin(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let site = Site::of(request.request());
    let harmless = request.method().is_safe() || paths::is_for_machines(request.path());
    if harmless || is_ours(request.headers(), &site.origin) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let refused = super::Error::Forbidden;
    let response = refused.error_response();
    let (request, _) = request.into_parts();
    Ok(ServiceResponse::new(request, response.map_into_boxed_body()))
}

/// Whether a request that changes something came from our own pages, as far as its headers tell.
fn is_ours(headers: &HeaderMap, own_origin: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        // "none" is the person themselves: an address typed, a form sent again after a restart.
        return matches!(site, "same-origin" | "none");
    }
    match (headers.get(header::ORIGIN), text("origin")) {
        (Some(_), Some(origin)) => is_same(origin, own_origin, text("host")),
        (Some(_), None) => false,
        (None, _) => !headers.contains_key(header::COOKIE),
    }
}

/// Whether the origin is this site, by its configured address or, where a browser reached it under another
/// name of the same machine, by the `Host` it asked for.
fn is_same(origin: &str, own_origin: &str, host: Option<&str>) -> bool {
    let bare = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    let by_host = bare
        .zip(host)
        .is_some_and(|(bare, host)| bare.eq_ignore_ascii_case(host));
    origin.eq_ignore_ascii_case(own_origin) || by_host
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn ours(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_ours(&map, "https://pad.example.org")
    }

    #[test]
    fn the_browsers_own_word_decides_first() {
        assert!(ours(&[("sec-fetch-site", "same-origin"), ("cookie", "a=b")]));
        assert!(ours(&[("sec-fetch-site", "none"), ("cookie", "a=b")]));
        assert!(!ours(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://pad.example.org")
        ]));
        assert!(!ours(&[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn an_old_phone_is_judged_by_its_origin() {
        assert!(ours(&[("origin", "https://pad.example.org"), ("cookie", "a=b")]));
        assert!(ours(&[
            ("origin", "http://10.0.0.5:8080"),
            ("host", "10.0.0.5:8080"),
            ("cookie", "a=b")
        ]));
        assert!(!ours(&[
            ("origin", "https://evil.test"),
            ("host", "pad.example.org")
        ]));
        assert!(!ours(&[("origin", "null"), ("host", "pad.example.org")]));
    }

    #[test]
    fn with_neither_header_nothing_may_act_with_a_session() {
        assert!(!ours(&[("cookie", "a=b")]));
        assert!(ours(&[]));
    }
}
