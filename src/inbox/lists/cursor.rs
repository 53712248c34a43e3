//! Where a page of a list ended. It travels in the address and says nothing about anyone: a number, a moment and
//! the id of a row.

use std::fmt;

use crate::values::{Id, Ts};

/// A row's place in the lists, whichever order they are in: by urgency and promise, by promise, or by receipt, which
/// the id follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// 1 to 4.
    pub priority: i32,
    /// By when somebody gets in touch.
    pub contact_by: Ts,
    /// The row.
    pub id: Id,
}

impl Cursor {
    /// Reads a cursor from an address; anything else is none, and the list then starts at its beginning.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let priority = parts.next()?.parse().ok()?;
        let micros = parts.next()?.parse().ok()?;
        let id = Id::parse(parts.next()?)?;
        Some(Self {
            priority,
            contact_by: Ts::from_micros(micros),
            id,
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.priority, self.contact_by.as_micros(), self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_anything_else_is_none() {
        let cursor = Cursor {
            priority: 2,
            contact_by: Ts::from_micros(1_795_426_200_000_001),
            id: Id::new(),
        };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        for wrong in ["", "2", "2.1", "2.x.y", "2.1.not-an-id", "99999999999.1.x"] {
            assert_eq!(Cursor::parse(wrong), None, "{wrong}");
        }
    }
}
