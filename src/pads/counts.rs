//! How many slips of a clinic were used, quarter by quarter, for its physios. It must not tell who came.
//!
//! Why it does not:
//! - **No small numbers.** A number of used slips is shown only if at least five of them were used by patients who did
//!   *not* agree to share. The physio sees the shared ones by serial; the limit therefore holds for what is left after
//!   subtracting them, not for the number shown. Whether the number was too small or too close to what is known
//!   otherwise, the page says the same words.
//! - **No certainty from the other side.** If fewer than five slips that could have been used were not, the number is not
//!   shown either: it would say that everybody came.
//! - **No totals.** Each quarter stands alone; there is no sum from which a hidden one follows, and nothing of another
//!   clinic.
//! - **No watching it move.** Only quarters that are over are shown, and a use counts in the quarter of its day: the
//!   number never changes, so nobody sees it rise on the afternoon after an appointment.
//!
//! What remains: a physio who knows how many slips were torn off, which no program knows, may still guess from a number
//! near it.

use jiff::civil::{Date, date};

use super::store;
use crate::app::App;
use crate::values::{Id, Ts, london};

/// Fewer than this are not shown.
const FEWEST: i64 = 5;
/// Quarters shown.
const QUARTERS: usize = 4;

/// A quarter of a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarter {
    first_day: Date,
}

impl Quarter {
    /// The quarter a day lies in.
    pub fn of(day: Date) -> Self {
        let month = (day.month() - 1) / 3 * 3 + 1;
        Quarter {
            first_day: date(day.year(), month, 1),
        }
    }

    /// The quarter before.
    pub fn before(self) -> Self {
        Quarter::of(self.first_day.yesterday().unwrap_or(self.first_day))
    }

    /// In words: "July to September 2026".
    pub fn words(self) -> String {
        let months = match self.first_day.month() {
            1 => "January to March",
            4 => "April to June",
            7 => "July to September",
            _ => "October to December",
        };
        format!("{months} {}", self.first_day.year())
    }

    /// Its first moment, and the first that is after it.
    fn bounds(self) -> Option<(Ts, Ts)> {
        let month = self.first_day.month();
        let next = match month {
            10 => date(self.first_day.year().checked_add(1)?, 1, 1),
            _ => date(self.first_day.year(), month + 3, 1),
        };
        let midnight = |day: Date| {
            let zoned = day.to_zoned_datetime(london()).ok()?;
            Some(Ts::from_micros(zoned.timestamp().as_microsecond()))
        };
        Some((midnight(self.first_day)?, midnight(next)?))
    }
}

/// What the database counts, and no page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exact {
    /// Slips made in the quarter.
    pub made: i64,
    /// Slips used in it.
    pub used: i64,
    /// Those of them that were used without agreement to share.
    pub unshared: i64,
    /// Slips that could have been used in it, and were not.
    pub left: i64,
}

/// A number that may be seen, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// This many.
    Is(i64),
    /// Too few to be shown, or too close to what is known otherwise.
    Hidden,
}

/// One quarter of a clinic, as its physios may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuarterCount {
    /// Which.
    pub quarter: Quarter,
    /// Slips made.
    pub made: Number,
    /// Slips used.
    pub used: Number,
}

impl QuarterCount {
    fn of(quarter: Quarter, exact: Exact) -> Self {
        let show = |number: i64, safe: bool| match safe {
            true => Number::Is(number),
            false => Number::Hidden,
        };
        QuarterCount {
            quarter,
            made: show(exact.made, exact.made >= FEWEST),
            used: show(exact.used, exact.unshared >= FEWEST && exact.left >= FEWEST),
        }
    }
}

/// The last quarters of a clinic that are over, the newest first.
pub async fn count_quarters(app: &App, clinic: Id) -> anyhow::Result<Vec<QuarterCount>> {
    let this = Quarter::of(app.clock.now().london_date());
    let over: Vec<Quarter> = std::iter::successors(Some(this.before()), |quarter| Some(quarter.before()))
        .take(QUARTERS)
        .collect();
    let counted = app.db.read(move |conn| {
        let mut counted = Vec::with_capacity(QUARTERS);
        for quarter in over {
            if let Some((from, to)) = quarter.bounds() {
                let exact = store::count_quarter(conn, clinic, from, to)?;
                counted.push(QuarterCount::of(quarter, exact));
            }
        }
        Ok(counted)
    });
    Ok(counted.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLENTY: Exact = Exact {
        made: 100,
        used: 23,
        unshared: 11,
        left: 77,
    };

    fn used(exact: Exact) -> Number {
        QuarterCount::of(Quarter::of(date(2026, 8, 9)), exact).used
    }

    #[test]
    fn quarters_are_those_of_the_london_calendar() {
        let summer = Quarter::of(date(2026, 9, 30));
        assert_eq!(summer.words(), "July to September 2026");
        let (from, to) = summer.bounds().unwrap();
        assert_eq!(from.0.to_string(), "2026-06-30T23:00:00Z");
        assert_eq!(to.0.to_string(), "2026-09-30T23:00:00Z");
        assert_eq!(
            Quarter::of(date(2026, 1, 1)).before().words(),
            "October to December 2025"
        );
        let (from, to) = Quarter::of(date(2026, 12, 31)).bounds().unwrap();
        assert_eq!(from.0.to_string(), "2026-09-30T23:00:00Z");
        assert_eq!(to.0.to_string(), "2027-01-01T00:00:00Z");
    }

    #[test]
    fn a_number_is_hidden_under_five() {
        assert_eq!(used(PLENTY), Number::Is(23));
        let few = Exact {
            used: 4,
            unshared: 4,
            ..PLENTY
        };
        assert_eq!(used(few), Number::Hidden);
        let none = Exact {
            used: 0,
            unshared: 0,
            ..PLENTY
        };
        assert_eq!(used(none), Number::Hidden);
    }

    #[test]
    fn a_number_is_hidden_where_subtracting_the_shared_ones_leaves_under_five() {
        for unshared in 0..5 {
            let exact = Exact {
                used: 20,
                unshared,
                ..PLENTY
            };
            assert_eq!(used(exact), Number::Hidden, "{unshared}");
        }
        let enough = Exact {
            used: 20,
            unshared: 5,
            ..PLENTY
        };
        assert_eq!(used(enough), Number::Is(20));
    }

    #[test]
    fn a_number_that_says_that_everybody_came_is_hidden() {
        let all = Exact {
            used: 20,
            unshared: 20,
            left: 4,
            ..PLENTY
        };
        assert_eq!(used(all), Number::Hidden);
    }
}
