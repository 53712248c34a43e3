//! What a browser posts, and what is wrong with it.
//!
//! [`Posted`] is the text of a form as it arrived, whatever it contains: it never panics, keeps repeated
//! names, and remembers what cannot be accepted from anybody (control characters, endless text) as a message
//! at the field. [`Errors`] collects the messages. [`Form`] is both together, as the macros in
//! `views/macros.html` draw them.

use std::borrow::Cow;

use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};

use super::Error;
use crate::values::{Unfit, UnfitDate};

/// Largest body of a form, in bytes: enough to answer somebody who pastes a million characters at the field.
pub const BODY_LIMIT: usize = 2 << 20;
/// Longest value that is kept, in characters; every field has a shorter limit of its own.
const VALUE_LIMIT: usize = 10_000;
/// Most fields that are kept; our longest page has under a hundred.
const FIELD_LIMIT: usize = 500;

const HIDDEN_CHARACTERS: &str = "Take out the hidden characters. Typing it again usually helps";
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
            posted.take(name, value);
        }
        posted
    }

    fn take(&mut self, name: String, value: String) {
        // Browsers send line ends as CR LF; a tab is only ever pasted.
        let value = value.replace("\r\n", "\n").replace(['\r', '\t'], " ");
        let mut clean: String = value.chars().filter(|letter| !is_hidden(*letter)).collect();
        if clean.len() < value.len() {
            self.flaws.push((name.clone(), HIDDEN_CHARACTERS));
        }
        if let Some((end, _)) = clean.char_indices().nth(VALUE_LIMIT) {
            clean.truncate(end);
            self.flaws.push((name.clone(), ENDLESS));
        }
        self.fields.push((name, clean.trim().to_owned()));
    }

    /// A form as if these had been typed: to show a stored value for changing.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// What was typed into the field, trimmed; empty if nothing or no such field.
    pub fn one(&self, name: &str) -> &str {
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
            .filter(|(field, value)| field == name && !value.is_empty());
        found.map(|(_, value)| value.as_str()).collect()
    }

    /// Whether this value was chosen or ticked under this name.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields
            .iter()
            .any(|(field, given)| field == name && given == value)
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
/// turns the direction of the text around it (so that a name on screen could read differently).
fn is_hidden(letter: char) -> bool {
    (letter.is_control() && letter != '\n')
        || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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

/// The messages about one form, each at its field, in the order of the page.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    list: Vec<Problem>,
}

/// One message about one field.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The field it stands at.
    pub field: Cow<'static, str>,
    /// Which of the three boxes of a date it is about; empty for the whole field.
    pub part: &'static str,
    /// What is wrong and how to put it right.
    pub message: Cow<'static, str>,
}

impl Problem {
    /// The id of the input that the summary's link leads to. The day's box has the id of its field.
    pub fn target(&self) -> String {
        match self.part {
            "" | "day" => self.field.to_string(),
            part => format!("{}-{part}", self.field),
        }
    }
}

impl Errors {
    /// Adds a message at a field. The first message at a field stays, so that nobody reads two.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) {
        self.add_part(field, "", message);
    }

    /// Adds a message at one box of a date: "day", "month" or "year".
    pub fn add_part(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        part: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) {
        let field = field.into();
        if self.at(&field).is_none() {
            self.list.push(Problem {
                field,
                part,
                message: message.into(),
            });
        }
    }

    /// Keeps a parsed word, or its reason as the message at the field.
    pub fn keep<T>(&mut self, field: impl Into<Cow<'static, str>>, parsed: Result<T, Unfit>) -> Option<T> {
        parsed.map_err(|unfit| self.add(field, unfit.0)).ok()
    }

    /// Keeps a date, or the message at the box it is about.
    pub fn keep_date<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        parsed: Result<T, UnfitDate>,
    ) -> Option<T> {
        parsed
            .map_err(|wrong| self.add_part(field, wrong.part, wrong.unfit.0))
            .ok()
    }

    /// Parses what may be left empty: nothing typed is no word and no message.
    pub fn keep_if_given<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        typed: &str,
        parse: impl FnOnce(&str) -> Result<T, Unfit>,
    ) -> Option<T> {
        if typed.is_empty() {
            None
        } else {
            self.keep(field, parse(typed))
        }
    }

    /// Whether there is any message.
    pub fn any(&self) -> bool {
        !self.list.is_empty()
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All messages, in the order they were added.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// The message at this field.
    pub fn at(&self, field: &str) -> Option<&Problem> {
        self.list.iter().find(|problem| problem.field == field)
    }
}

/// A form as it is drawn: what was typed, and the messages about it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// What was typed, or what is stored and shown for changing.
    pub posted: Posted,
    /// What is wrong with it.
    pub errors: Errors,
}

impl Form {
    /// A form that was typed and has to be corrected.
    pub fn new(posted: Posted, errors: Errors) -> Self {
        Form { posted, errors }
    }

    /// A form nobody has typed into yet.
    pub fn blank() -> Self {
        Form::default()
    }

    /// What stands in the field.
    pub fn value(&self, field: impl AsRef<str>) -> &str {
        self.posted.one(field.as_ref())
    }

    /// Whether this choice is ticked.
    pub fn has(&self, field: impl AsRef<str>, value: impl AsRef<str>) -> bool {
        self.posted.has(field.as_ref(), value.as_ref())
    }

    /// The message at the field, or nothing.
    pub fn error(&self, field: impl AsRef<str>) -> &str {
        self.errors
            .at(field.as_ref())
            .map_or("", |problem| &problem.message)
    }

    /// What stands in one box of a date.
    pub fn date_part(&self, field: impl AsRef<str>, part: impl AsRef<str>) -> &str {
        self.posted.one(&format!("{}-{}", field.as_ref(), part.as_ref()))
    }

    /// Whether this box of a date has to be corrected.
    pub fn box_is_wrong(&self, field: impl AsRef<str>, part: impl AsRef<str>) -> bool {
        let part = part.as_ref();
        self.errors
            .at(field.as_ref())
            .is_some_and(|problem| problem.part.is_empty() || problem.part == part)
    }
}

/// One of the answers to choose from.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is posted.
    pub value: Cow<'static, str>,
    /// What the person reads.
    pub label: Cow<'static, str>,
    /// A line below the label; none if empty.
    pub hint: Cow<'static, str>,
    /// Whether the word "or" stands above it, as above "I do not know".
    pub after_or: bool,
}

impl Choice {
    /// A choice with its value and label.
    pub fn new(value: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Choice {
            value: value.into(),
            label: label.into(),
            ..Choice::default()
        }
    }

    /// Adds a line below the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Sets it apart from the choices above with the word "or".
    #[must_use]
    pub fn after_or(mut self) -> Self {
        self.after_or = true;
        self
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
    fn a_line_end_is_kept_and_a_control_character_is_a_message() {
        assert_eq!(Posted::read(b"story=one%0D%0Atwo").one("story"), "one\ntwo");
        let posted = Posted::read(b"name=Ann%00e&other=x");
        assert_eq!(posted.one("name"), "Anne");
        assert_eq!(
            posted.errors().at("name").map(|p| &*p.message),
            Some(HIDDEN_CHARACTERS)
        );
        assert!(posted.errors().at("other").is_none());
    }

    #[test]
    fn a_million_characters_are_a_message_at_the_field() {
        let mut body = b"name=".to_vec();
        body.extend(std::iter::repeat_n(b'a', 1_000_000));
        let posted = Posted::read(&body);
        assert_eq!(posted.one("name").len(), VALUE_LIMIT);
        assert_eq!(posted.errors().at("name").map(|p| &*p.message), Some(ENDLESS));
    }

    #[test]
    fn the_first_message_at_a_field_stays() {
        let mut errors = Errors::default();
        errors.add_part("birth", "month", "Date of birth must include a month");
        errors.add("birth", "another");
        assert_eq!(errors.list().len(), 1);
        assert_eq!(errors.list()[0].target(), "birth-month");
        let form = Form::new(Posted::default(), errors);
        assert!(form.box_is_wrong("birth", "month") && !form.box_is_wrong("birth", "day"));
        assert_eq!(form.error("birth"), "Date of birth must include a month");
    }

    #[test]
    fn a_form_in_debug_shows_nothing_that_was_typed() {
        let form = Form::new(Posted::read(b"name=Zelda"), Errors::default());
        assert!(!format!("{form:?}").contains("Zelda"));
    }

    proptest! {
        #[test]
        fn any_body_can_be_read(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let posted = Posted::read(&body);
            let _ = (posted.errors(), posted.one(""), posted.all("a"));
        }
    }
}
