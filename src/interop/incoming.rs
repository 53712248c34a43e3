//! A request's body and its `Idempotency-Key`, taken in with limits.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};

use super::json::{self, Document};
use super::problem::{Problem, Refused};

/// Largest body, in bytes.
pub(super) const LARGEST: usize = 64 * 1024;
/// Longest `Idempotency-Key`, in bytes.
const LONGEST_KEY: usize = 255;

/// Reads a JSON body of at most 64 kB.
pub(super) async fn body(request: &HttpRequest, payload: web::Payload) -> Result<Document, Refused> {
    if !is_json(request) {
        let told = "send JSON, uncompressed: `Content-Type: application/json`";
        return Err(Problem::of(StatusCode::UNSUPPORTED_MEDIA_TYPE, told).into());
    }
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > LARGEST) {
        return Err(too_large().into());
    }
    let bytes = payload.to_bytes_limited(LARGEST).await.map_err(|_| too_large())?;
    let bytes = bytes.map_err(|_| Problem::of(StatusCode::BAD_REQUEST, "the body broke off"))?;
    json::parse(&bytes).map_err(|told| Problem::of(StatusCode::BAD_REQUEST, told).into())
}

fn too_large() -> Problem {
    let told = format!("the body is larger than {LARGEST} bytes");
    Problem::of(StatusCode::PAYLOAD_TOO_LARGE, told)
}

/// Whether the body is said to be JSON in UTF-8, as it is.
fn is_json(request: &HttpRequest) -> bool {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let said = text(header::CONTENT_TYPE)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut parts = said.split(';').map(str::trim);
    let json = parts.next() == Some("application/json");
    let utf8 = parts
        .filter_map(|part| part.strip_prefix("charset="))
        .all(|charset| charset.trim_matches('"') == "utf-8");
    let plain = text(header::CONTENT_ENCODING).is_none_or(|coding| coding.eq_ignore_ascii_case("identity"));
    json && utf8 && plain
}

/// The `Idempotency-Key`, if there is one.
pub(super) fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Refused> {
    let mut sent = request.headers().get_all("idempotency-key");
    let Some(value) = sent.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > LONGEST_KEY || sent.next().is_some() {
        let told = "`Idempotency-Key` must be sent once, with 1 to 255 visible characters";
        return Err(Problem::of(StatusCode::BAD_REQUEST, told).into());
    }
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_plain_json_is_taken() {
        let sent = |value: &'static str| TestRequest::default().insert_header((header::CONTENT_TYPE, value));
        for good in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"",
        ] {
            assert!(is_json(&sent(good).to_http_request()), "{good}");
        }
        for bad in [
            "",
            "text/json",
            "application/jsonx",
            "application/json; charset=latin1",
            "text/plain",
        ] {
            assert!(!is_json(&sent(bad).to_http_request()), "{bad}");
        }
        let zipped = sent("application/json").insert_header((header::CONTENT_ENCODING, "gzip"));
        assert!(!is_json(&zipped.to_http_request()));
    }

    #[test]
    fn an_idempotency_key_is_sent_once_and_short() {
        let key = |value: &str| {
            let request = TestRequest::default()
                .insert_header(("idempotency-key", value))
                .to_http_request();
            idempotency_key(&request)
        };
        assert!(matches!(key("abc"), Ok(Some(text)) if text == "abc"));
        assert!(matches!(
            idempotency_key(&TestRequest::default().to_http_request()),
            Ok(None)
        ));
        assert!(key("").is_err() && key(&"k".repeat(256)).is_err());
        let twice = TestRequest::default()
            .append_header(("idempotency-key", "a"))
            .append_header(("idempotency-key", "b"));
        assert!(idempotency_key(&twice.to_http_request()).is_err());
    }
}
