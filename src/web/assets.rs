//! The stylesheet, the script and the icon, embedded in the binary by `build.rs`.
//!
//! An asset's name contains a hash of its content, so a browser may keep it for ever; a new build has new
//! names. Each is held gzipped, as nearly every browser asks for it; for the others it is unpacked each time.

use std::io::Read;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::read::GzDecoder;

use super::{Error, paths};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One embedded file.
#[derive(Clone, Copy)]
struct Asset {
    file: &'static str,
    media_type: &'static str,
    gzip: &'static [u8],
}

impl Asset {
    fn plain(self) -> std::io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        GzDecoder::new(self.gzip).read_to_end(&mut plain)?;
        Ok(plain)
    }
}

/// The stylesheet's text, for the test that looks up the classes of our templates in it.
#[cfg(test)]
pub(super) fn stylesheet() -> String {
    let sheet = ALL.iter().find(|asset| APP_CSS.ends_with(asset.file));
    let plain = sheet.and_then(|sheet| sheet.plain().ok()).unwrap_or_default();
    String::from_utf8_lossy(&plain).into_owned()
}

/// Bytes that a first visit of a patient fetches besides the page itself.
#[cfg(test)]
pub(super) fn weight_of_a_first_visit() -> usize {
    let patients = ALL.iter().filter(|asset| !STAFF_JS.ends_with(asset.file));
    patients.map(|asset| asset.gzip.len()).sum()
}

/// Adds the address under which the assets stand.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(paths::ASSET, web::get().to(asset))
        .route(paths::ASSET, web::head().to(asset));
}

async fn asset(request: HttpRequest, file: web::Path<String>) -> Result<HttpResponse, Error> {
    let asset = ALL
        .iter()
        .find(|asset| asset.file == file.as_str())
        .ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", asset.file);
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::ETAG, tag.clone()));
    if says(&request, header::IF_NONE_MATCH, &tag) {
        return Ok(response
            .status(actix_web::http::StatusCode::NOT_MODIFIED)
            .finish());
    }
    response.insert_header((header::CONTENT_TYPE, asset.media_type));
    if says(&request, header::ACCEPT_ENCODING, "gzip") {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
        return Ok(response.body(asset.gzip));
    }
    Ok(response.body(asset.plain().map_err(anyhow::Error::new)?))
}

/// Whether one of the header's comma-separated values is `word`, parameters aside.
fn says(request: &HttpRequest, name: header::HeaderName, word: &str) -> bool {
    let values = request
        .headers()
        .get_all(name)
        .filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next() == Some(word) && parts.next() != Some("q=0")
    })
}
