//! What a list of referrals is asked for and how it goes on: pages by keyset, oldest first, so that a system that
//! keeps the last cursor sees what came since. Pure.

use std::fmt;

use actix_web::web::Query;

use crate::config::ServiceName;
use crate::referrals::ReviewState;
use crate::triage::Source;
use crate::values::{Id, Ts};

/// Lines on one page.
const PAGE: usize = 50;

/// One line of the list, as stored; the last field: whether it has a place.
pub(super) type Line = (Id, String, ReviewState, ServiceName, Source, Ts, Ts, bool);

/// What a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Only this service.
    pub service: Option<ServiceName>,
    /// Only this review state.
    pub status: Option<ReviewState>,
    /// Only what comes after this line.
    pub after: Cursor,
}

/// The last line of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// When it came.
    pub at: Ts,
    /// Which one of that moment.
    pub id: Id,
}

impl Cursor {
    /// Before the first line.
    const START: fn() -> Cursor = || Cursor {
        at: Ts::from_micros(0),
        id: Id::from_bytes([0; 16]),
    };

    fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        let plain = !at.is_empty() && at.len() <= 16 && at.bytes().all(|byte| byte.is_ascii_digit());
        Some(Self {
            at: Ts::from_micros(at.parse().ok().filter(|_| plain)?),
            id: Id::parse(id)?,
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.as_micros(), self.id)
    }
}

impl Asked {
    /// Reads the query of the address; the error says what is wrong with it.
    pub fn parse(query: &str) -> Result<Self, String> {
        let pairs = Query::<Vec<(String, String)>>::from_query(query);
        let pairs = pairs.map_err(|_| "the query of the address cannot be read".to_owned())?;
        let mut asked = Self {
            service: None,
            status: None,
            after: Cursor::START(),
        };
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in pairs.iter() {
            if seen.contains(&name.as_str()) {
                return Err(format!("`{name}` is given twice"));
            }
            seen.push(name);
            asked.take(name, value)?;
        }
        Ok(asked)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "service" => {
                let words = ServiceName::ALL.map(ServiceName::as_str).join(", ");
                let service = ServiceName::parse(value);
                self.service = Some(service.ok_or(format!("`service` must be one of {words}"))?);
            }
            "status" => {
                let words = ReviewState::ALL.map(ReviewState::as_str).join(", ");
                let status = ReviewState::parse(value);
                self.status = Some(status.ok_or(format!("`status` must be one of {words}"))?);
            }
            "after" => {
                let cursor = Cursor::parse(value);
                self.after = cursor.ok_or("`after` must be the `next` of another page")?;
            }
            _ => return Err("the list can be asked for `service`, `status` and `after`".to_owned()),
        }
        Ok(())
    }

    /// Lines on one page.
    pub fn limit(&self) -> i64 {
        i64::try_from(PAGE).unwrap_or(i64::MAX)
    }

    /// Cuts the line that only shows that there are more; the cursor leads on to it.
    pub fn page(&self, mut lines: Vec<Line>) -> (Vec<Line>, Option<Cursor>) {
        let more = lines.len() > PAGE;
        lines.truncate(PAGE);
        let next = lines.last().filter(|_| more).map(|line| Cursor {
            at: line.5,
            id: line.0,
        });
        (lines, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back() {
        let cursor = Cursor {
            at: Ts::from_micros(1_763_890_200_123_456),
            id: Id::new(),
        };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        let asked = Asked::parse(&format!("after={cursor}&service=hwb&status=new")).expect("sound");
        assert_eq!((asked.after, asked.service), (cursor, Some(ServiceName::Hwb)));
        assert_eq!(asked.status, Some(ReviewState::New));
    }

    #[test]
    fn what_cannot_be_asked_for_is_named() {
        for (query, told) in [
            ("service=iapt", "`service`"),
            ("status=P1", "`status`"),
            ("after=1", "`after`"),
            ("after=-1.x", "`after`"),
            ("after=9999999999999999999.x", "`after`"),
            ("page=2", "`service`, `status` and `after`"),
            ("service=hwb&service=core", "given twice"),
        ] {
            assert!(Asked::parse(query).expect_err(query).contains(told), "{query}");
        }
        assert!(Asked::parse("").is_ok());
    }
}
