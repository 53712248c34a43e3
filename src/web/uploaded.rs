//! A form that may bring a file and one long text (`multipart/form-data`), read as [`Posted`] reads the others: whatever
//! arrives is read without panicking, and what is odd becomes a message at its field.

use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};

use super::Error;
use super::posted::{BODY_LIMIT, Posted};

/// Longest value of a field here, in characters: a rules file has about twenty thousand.
const LONG_VALUE: usize = 200_000;
/// Most parts that are read.
const PART_LIMIT: usize = 50;

const CUT_OFF: &str = "The form did not arrive whole. Go back and send it again.";

/// What was posted, and the files with it.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// The fields that are no files.
    pub posted: Posted,
    files: Vec<(String, Vec<u8>)>,
}

impl Uploaded {
    /// The bytes of the file chosen in this field; none if nobody chose one.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        let found = self
            .files
            .iter()
            .find(|(field, bytes)| field == name && !bytes.is_empty());
        found.map(|(_, bytes)| bytes.as_slice())
    }

    /// Reads a body with this boundary between its parts.
    fn read(body: &[u8], boundary: &str) -> Self {
        let mut uploaded = Uploaded::default();
        let between = format!("--{boundary}");
        for part in split(body, between.as_bytes())
            .into_iter()
            .skip(1)
            .take(PART_LIMIT)
        {
            // Each part: line end, headers, an empty line, the value, line end. The last is only "--".
            let Some((head, value)) = cut(part, b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(head);
            let value = value.strip_suffix(b"\r\n").unwrap_or(value);
            let Some(name) = parameter(&head, "name") else {
                continue;
            };
            if parameter(&head, "filename").is_some() {
                uploaded.files.push((name, value.to_vec()));
            } else {
                let value = String::from_utf8_lossy(value).into_owned();
                uploaded.posted.take(name, value, LONG_VALUE);
            }
        }
        uploaded
    }
}

/// The value of `name="…"` in the headers of a part.
fn parameter(head: &str, name: &str) -> Option<String> {
    let line = head
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let mut parts = line.split(';').map(str::trim);
    let value = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))?;
    Some(value.trim_matches('"').to_owned())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len().max(1))
        .position(|window| window == wanted)
}

fn cut<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let place = find(bytes, at)?;
    Some((bytes.get(..place)?, bytes.get(place + at.len()..)?))
}

fn split<'b>(mut bytes: &'b [u8], at: &[u8]) -> Vec<&'b [u8]> {
    let mut parts = Vec::new();
    while let Some((part, rest)) = cut(bytes, at) {
        parts.push(part);
        bytes = rest;
    }
    parts.push(bytes);
    parts
}

/// The boundary that the header of the request names.
fn boundary(request: &HttpRequest) -> Option<String> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let named = kind
        .split(';')
        .map(str::trim)
        .find_map(|part| part.strip_prefix("boundary="))?;
    let named = named.trim_matches('"');
    (!named.is_empty() && named.len() <= 70).then(|| named.to_owned())
}

impl FromRequest for Uploaded {
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request.content_type().eq_ignore_ascii_case("multipart/form-data");
        let boundary = boundary(request);
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            let Some(boundary) = boundary.filter(|_| is_form) else {
                return Err(Error::WrongType);
            };
            let payload = payload.await.map_err(|_| Error::bad_request(CUT_OFF))?;
            match payload.to_bytes_limited(BODY_LIMIT).await {
                Err(_) => Err(Error::TooLarge),
                Ok(Err(_)) => Err(Error::bad_request(CUT_OFF)),
                Ok(Ok(body)) => Ok(Uploaded::read(&body, &boundary)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODY: &str = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nWhy\r\nnot\r\n--x\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"rules.toml\"\r\nContent-Type: application/toml\
        \r\n\r\nformat = 1\r\n\r\n--x--\r\n";

    #[test]
    fn fields_and_files_are_told_apart() {
        let read = Uploaded::read(BODY.as_bytes(), "x");
        assert_eq!(read.posted.one("note"), "Why\nnot");
        assert_eq!(read.file("file"), Some(&b"format = 1\r\n"[..]));
        assert_eq!((read.file("note"), read.posted.one("file")), (None, ""));
        let nobody_chose = BODY.replace("format = 1\r\n", "");
        assert_eq!(Uploaded::read(nobody_chose.as_bytes(), "x").file("file"), None);
    }

    #[test]
    fn a_long_text_is_kept_whole_and_an_endless_one_is_said_to_be() {
        let with = |length: usize| {
            let text = "a".repeat(length);
            let body =
                format!("--x\r\nContent-Disposition: form-data; name=\"rules\"\r\n\r\n{text}\r\n--x--\r\n");
            Uploaded::read(body.as_bytes(), "x").posted
        };
        assert_eq!(with(50_000).one("rules").len(), 50_000);
        assert!(with(50_000).errors().is_empty() && with(LONG_VALUE + 1).errors().any());
    }

    proptest! {
        #[test]
        fn any_body_can_be_read(body in proptest::collection::vec(any::<u8>(), 0..400), cut in 0..200usize) {
            let _ = Uploaded::read(&body, "x");
            let _ = Uploaded::read(&BODY.as_bytes()[..cut.min(BODY.len())], "x");
        }
    }
}
