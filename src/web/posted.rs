//! The text of a form as it arrived, whatever it contains: reading it never panics, repeated names are kept, what
//! nobody can see or must not turn the page around is taken out, and endless text becomes a message at its field.

use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};

use super::Error;
use super::form::Errors;
use crate::values::text::is_turning;

/// Largest body of a form, in bytes: enough to answer somebody who pastes a million characters at the field.
pub const BODY_LIMIT: usize = 2 << 20;
/// Longest value that is kept, in characters; every field has a shorter limit of its own.
const VALUE_LIMIT: usize = 10_000;
/// Most fields that are kept; our longest page has under a hundred.
const FIELD_LIMIT: usize = 500;

const CUT_OFF: &str = "The form did not arrive whole. Go back and send it again.";
const ENDLESS: &str = "This is too long. Use 10,000 characters or fewer";

/// The fields of one posted form, names and values, in the order they arrived.
#[derive(Clone, Default)]
pub struct Posted {
    fields: Vec<(String, String)>,
    flaws: Vec<(String, &'static str)>,
}

impl Posted {
    /// Reads a urlencoded body. Anything can be read: what is odd becomes a message at its field.
    pub fn read(body: &[u8]) -> Self {
        let mut posted = Posted::default();
        for pair in body
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
            .take(FIELD_LIMIT)
        {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default());
            let value = decode(halves.next().unwrap_or_default());
            posted.take(name, value, VALUE_LIMIT);
        }
        posted
    }

    /// Takes a field; what is longer than `most` characters is cut off and said so.
    pub(super) fn take(&mut self, name: String, value: String, most: usize) {
        // Browsers send line ends as CR LF; a tab is only ever pasted.
        let value = value.replace("\r\n", "\n").replace(['\r', '\t'], " ");
        let mut clean: String = value.chars().filter(|letter| !is_hidden(*letter)).collect();
        if let Some((end, _)) = clean.char_indices().nth(most) {
            clean.truncate(end);
            self.flaws.push((name.clone(), ENDLESS));
        }
        self.fields.push((name, clean));
    }

    /// A form as if these had been typed: to show a stored value for changing.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Both forms as one: for a page that shows several stored answers.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.fields.extend(other.fields);
        self.flaws.extend(other.flaws);
        self
    }

    /// What was typed into the field, trimmed; empty if nothing or no such field.
    pub fn one(&self, name: &str) -> &str {
        self.untrimmed(name).trim()
    }

    /// What was typed into the field, with the spaces around it: for passwords.
    pub fn untrimmed(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value)
    }

    /// Everything that was ticked under this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let found = self
            .fields
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty()).collect()
    }

    /// Whether this value was chosen or ticked under this name.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields
            .iter()
            .any(|(field, given)| field == name && given.trim() == value)
    }

    /// Every field with its value, in the order they arrived.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names of all fields, to find those that no form of ours has.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    /// What cannot be accepted from anybody, as messages to start with.
    pub fn errors(&self) -> Errors {
        let mut errors = Errors::default();
        for (field, flaw) in &self.flaws {
            errors.add(field.clone(), *flaw);
        }
        errors
    }
}

/// Prints no value: a form holds what people tell about themselves.
impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Posted({} fields, [redacted])", self.fields.len())
    }
}

/// Whether a character has no business in a form: a control character other than a line end, or one that
/// turns the direction of the text around it (so that a name on screen could read differently). People paste them
/// along without seeing them, so they are taken out without a word.
fn is_hidden(letter: char) -> bool {
    (letter.is_control() && letter != '\n') || is_turning(letter)
}

/// Decodes `+` and `%41`; a broken escape stands for itself, broken UTF-8 becomes the replacement mark.
fn decode(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        rest = after
            .get(if escaped.is_some() { 2.. } else { 0.. })
            .unwrap_or_default();
    }
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(broken) => String::from_utf8_lossy(broken.as_bytes()).into_owned(),
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

impl FromRequest for Posted {
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request
            .content_type()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let length = request.headers().get(header::CONTENT_LENGTH);
        let is_empty = length.is_none_or(|length| length == "0") && request.content_type().is_empty();
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            if is_empty {
                return Ok(Posted::default());
            }
            if !is_form {
                return Err(Error::WrongType);
            }
            let payload = payload.await.map_err(|_| Error::bad_request(CUT_OFF))?;
            match payload.to_bytes_limited(BODY_LIMIT).await {
                Err(_) => Err(Error::TooLarge),
                Ok(Err(_)) => Err(Error::bad_request(CUT_OFF)),
                Ok(Ok(body)) => Ok(Posted::read(&body)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_may_repeat_and_escapes_are_read() {
        let posted = Posted::read(b"ltc=back_pain&ltc=sciatica&name=+Zo%C3%AB+O%27Neill+&empty=");
        assert_eq!(posted.all("ltc"), ["back_pain", "sciatica"]);
        assert_eq!(posted.one("name"), "Zo\u{eb} O'Neill");
        assert_eq!((posted.one("empty"), posted.one("absent")), ("", ""));
        assert!(posted.has("ltc", "sciatica") && !posted.has("ltc", "asthma"));
        assert!(posted.errors().is_empty());
    }

    #[test]
    fn a_line_end_is_kept_and_what_nobody_sees_is_taken_out_without_a_word() {
        assert_eq!(Posted::read(b"story=one%0D%0Atwo").one("story"), "one\ntwo");
        let posted = Posted::read(b"name=Ann%00e&phone=%E2%80%AD07700+900774%E2%80%AC");
        assert_eq!(posted.one("name"), "Anne");
        assert_eq!(posted.one("phone"), "07700 900774");
        assert!(posted.errors().is_empty());
    }

    #[test]
    fn a_million_characters_are_a_message_at_the_field() {
        let mut body = b"name=".to_vec();
        body.extend(std::iter::repeat_n(b'a', 1_000_000));
        let posted = Posted::read(&body);
        assert_eq!(posted.one("name").len(), VALUE_LIMIT);
        assert_eq!(posted.errors().at("name").map(|p| &*p.message), Some(ENDLESS));
    }

    proptest! {
        #[test]
        fn any_body_can_be_read(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let posted = Posted::read(&body);
            let _ = (posted.errors(), posted.one(""), posted.all("a"));
        }
    }
}
