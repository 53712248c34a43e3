//! Serials: the numbers printed on slips, and ranges of them.

use crate::values::Unfit;

/// A range of serials, the first not above the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialRange {
    /// The first serial.
    pub first: i64,
    /// The last serial, included.
    pub last: i64,
}

impl SerialRange {
    /// Reads `000123` or `000123-000150`.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        const UNFIT: Unfit =
            Unfit::because("Enter a serial like 000123, or two with a dash, like 000123-000150");
        let number = |text: &str| {
            text.trim()
                .parse::<i64>()
                .ok()
                .filter(|n| (1..=999_999_999).contains(n))
        };
        let (first, last) = typed.split_once(['-', '\u{2013}']).unwrap_or((typed, typed));
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(SerialRange { first, last }),
            (Some(_), Some(_)) => Err(Unfit::because(
                "The first serial must not be higher than the last",
            )),
            _ => Err(UNFIT),
        }
    }

    /// Whether all of `other` lies within this range.
    pub fn covers(self, other: SerialRange) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// What the two ranges share.
    pub fn shared_with(self, other: SerialRange) -> Option<SerialRange> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(SerialRange { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_ranges_are_read_as_printed() {
        assert_eq!(
            SerialRange::parse("000123"),
            Ok(SerialRange {
                first: 123,
                last: 123
            })
        );
        assert_eq!(
            SerialRange::parse(" 000123 - 000150"),
            Ok(SerialRange {
                first: 123,
                last: 150
            })
        );
        for wrong in [
            "",
            "0",
            "-5",
            "abc",
            "12-",
            "150-123",
            "1-2-3",
            "99999999999999999999",
        ] {
            assert!(SerialRange::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranges_share_what_lies_in_both() {
        let range = |first, last| SerialRange { first, last };
        assert_eq!(range(1, 5).shared_with(range(4, 9)), Some(range(4, 5)));
        assert_eq!(range(1, 3).shared_with(range(4, 9)), None);
        assert!(range(1, 5).covers(range(1, 5)) && !range(1, 5).covers(range(1, 6)));
    }
}
