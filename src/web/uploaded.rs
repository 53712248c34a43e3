//! A form that may bring a file and one long text (`multipart/form-data`), read as [`Posted`] reads the others: whatever
//! arrives is read without panicking, and what is odd becomes a message at its field.

use actix_multipart::{Multipart, MultipartError};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use futures_util::TryStreamExt;

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

    async fn read(mut parts: Multipart) -> Result<Self, Error> {
        let (mut uploaded, mut count, mut room) = (Uploaded::default(), 0, BODY_LIMIT);
        while let Some(mut part) = parts.try_next().await.map_err(refusal)? {
            count += 1;
            if count > PART_LIMIT {
                return Err(Error::TooLarge);
            }
            let value = part.bytes(room).await.map_err(|_| Error::TooLarge)?;
            let value = value.map_err(refusal)?;
            room -= value.len();
            let Some(name) = part.name().map(str::to_owned) else {
                continue;
            };
            let is_file = part
                .content_disposition()
                .is_some_and(|disposition| disposition.get_filename().is_some());
            match is_file {
                true => uploaded.files.push((name, value.to_vec())),
                false => {
                    let value = String::from_utf8_lossy(&value).into_owned();
                    uploaded.posted.take(name, value, LONG_VALUE);
                }
            }
        }
        Ok(uploaded)
    }
}

/// Why such a form is not taken in.
fn refusal(problem: MultipartError) -> Error {
    match problem {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible
        | MultipartError::BoundaryMissing => Error::WrongType,
        _ => Error::bad_request(CUT_OFF),
    }
}

impl FromRequest for Uploaded {
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request.content_type().eq_ignore_ascii_case("multipart/form-data");
        let parts = Multipart::new(request.headers(), payload.take());
        Box::pin(async move {
            match is_form {
                true => Uploaded::read(parts).await,
                false => Err(Error::WrongType),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use proptest::prelude::*;

    const BODY: &str = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nWhy\r\nnot\r\n--x\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"rules.toml\"\r\nContent-Type: application/toml\
        \r\n\r\nformat = 1\r\n\r\n--x--\r\n";

    fn sent_as(kind: &str, body: &[u8]) -> Result<Uploaded, Error> {
        let request = TestRequest::post().insert_header(("content-type", kind));
        let (request, mut payload) = request.set_payload(body.to_vec()).to_http_parts();
        actix_web::rt::System::new().block_on(Uploaded::from_request(&request, &mut payload))
    }

    fn sent(body: &[u8]) -> Result<Uploaded, Error> {
        sent_as("multipart/form-data; boundary=x", body)
    }

    #[test]
    fn fields_and_files_are_told_apart() {
        let read = sent(BODY.as_bytes()).expect("a form");
        assert_eq!(read.posted.one("note"), "Why\nnot");
        assert_eq!(read.file("file"), Some(&b"format = 1\r\n"[..]));
        assert_eq!((read.file("note"), read.posted.one("file")), (None, ""));
        let nobody_chose = BODY.replace("format = 1\r\n", "");
        let read = sent(nobody_chose.as_bytes()).expect("a form");
        assert_eq!(read.file("file"), None);
    }

    #[test]
    fn a_long_text_is_kept_whole_and_an_endless_one_is_said_to_be() {
        let with = |length: usize| {
            let text = "a".repeat(length);
            let body =
                format!("--x\r\nContent-Disposition: form-data; name=\"rules\"\r\n\r\n{text}\r\n--x--\r\n");
            sent(body.as_bytes()).map(|uploaded| uploaded.posted)
        };
        let long = with(50_000).expect("a form");
        assert_eq!(long.one("rules").len(), 50_000);
        let endless = with(LONG_VALUE + 1).expect("a form");
        assert!(!long.errors().any() && endless.errors().any());
        assert!(matches!(with(BODY_LIMIT + 1), Err(Error::TooLarge)));
    }

    #[test]
    fn what_is_no_whole_form_is_refused_and_nothing_of_it_is_taken() {
        let half = &BODY.as_bytes()[..BODY.len() / 2];
        assert!(matches!(sent(half), Err(Error::BadRequest(_))));
        for kind in ["text/plain", "multipart/form-data", "multipart/mixed; boundary=x"] {
            assert!(
                matches!(sent_as(kind, BODY.as_bytes()), Err(Error::WrongType)),
                "{kind}"
            );
        }
        let many = BODY.replacen(
            "--x\r\n",
            &format!(
                "--x\r\n{}",
                "Content-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\n".repeat(PART_LIMIT)
            ),
            1,
        );
        assert!(matches!(sent(many.as_bytes()), Err(Error::TooLarge)));
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in proptest::collection::vec(any::<u8>(), 0..400), cut in 0..200usize) {
            let _ = sent(&body);
            let _ = sent(&BODY.as_bytes()[..cut.min(BODY.len())]);
        }
    }
}
