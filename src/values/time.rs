//! Moments and the clock. Stored in UTC, shown in London (hazard 20: a clock error is a missed appointment).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use serde::{Deserialize, Serialize};

/// A moment, to the microsecond: what both databases can hold exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ts(pub Timestamp);

/// The time zone of every clock and calendar shown: Europe/London. The zone's table is compiled in.
pub fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

impl Ts {
    /// A moment from microseconds since 1970; out-of-range values are brought to the nearest end.
    pub fn from_micros(micros: i64) -> Self {
        let fallback = if micros < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        };
        Self(Timestamp::from_microsecond(micros).unwrap_or(fallback))
    }

    /// Microseconds since 1970.
    pub fn as_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// This moment moved by minutes (negative: earlier); stays at the ends of time.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self::from_micros(
            self.as_micros()
                .saturating_add(minutes.saturating_mul(60_000_000)),
        )
    }

    /// This moment moved by seconds (negative: earlier).
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.as_micros().saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This moment moved by whole periods of 24 hours. For calendar days use [`Ts::london_date`].
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_minutes(days.saturating_mul(24 * 60))
    }

    /// How long after `earlier` this is (negative when before).
    pub fn since(self, earlier: Ts) -> SignedDuration {
        self.0.duration_since(earlier.0)
    }

    /// The moment on a London clock.
    pub fn london(self) -> ZonedDateTime {
        self.0.to_zoned_datetime(london())
    }

    /// The London calendar day.
    pub fn london_date(self) -> Date {
        self.london().date()
    }

    /// "23 November 2026".
    pub fn display_date(self) -> String {
        self.london().strftime("%-d %B %Y").to_string()
    }

    /// "2:05pm", the form of the NHS content guide.
    pub fn display_time(self) -> String {
        self.london().strftime("%-I:%M%P").to_string()
    }

    /// "23 November 2026, 2:05pm".
    pub fn display(self) -> String {
        format!("{}, {}", self.display_date(), self.display_time())
    }
}

/// Where the time comes from: the machine, or in tests and while seeding a clock set by hand.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands until it is set or advanced; clones share it.
    pub fn fixed(at: Ts) -> Self {
        Self {
            fixed: Some(Arc::new(AtomicI64::new(at.as_micros()))),
        }
    }

    /// The time now.
    pub fn now(&self) -> Ts {
        match &self.fixed {
            Some(micros) => Ts::from_micros(micros.load(Ordering::SeqCst)),
            None => Ts::from_micros(Timestamp::now().as_microsecond()),
        }
    }

    /// Sets a fixed clock; the machine's clock is left alone.
    pub fn set(&self, at: Ts) {
        if let Some(micros) = &self.fixed {
            micros.store(at.as_micros(), Ordering::SeqCst);
        }
    }

    /// Moves a fixed clock forward.
    pub fn advance_minutes(&self, minutes: i64) {
        self.set(self.now().plus_minutes(minutes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    #[test]
    fn a_summer_evening_in_utc_is_already_tomorrow_in_london() {
        assert_eq!(
            at("2026-06-30T23:30:00Z").london_date(),
            jiff::civil::date(2026, 7, 1)
        );
        assert_eq!(
            at("2026-12-30T23:30:00Z").london_date(),
            jiff::civil::date(2026, 12, 30)
        );
    }

    #[test]
    fn moments_read_as_the_nhs_writes_them() {
        assert_eq!(at("2026-11-23T14:05:00Z").display(), "23 November 2026, 2:05pm");
        assert_eq!(at("2026-07-01T08:00:00Z").display_time(), "9:00am");
    }

    #[test]
    fn arithmetic_never_leaves_time() {
        assert_eq!(Ts::from_micros(i64::MAX).plus_days(i64::MAX), Ts(Timestamp::MAX));
        assert!(Ts::from_micros(i64::MIN).as_micros() < 0);
    }

    #[test]
    fn clones_of_a_fixed_clock_move_together() {
        let clock = Clock::fixed(at("2026-11-23T09:00:00Z"));
        let other = clock.clone();
        clock.advance_minutes(61);
        assert_eq!(other.now(), at("2026-11-23T10:01:00Z"));
    }
}
