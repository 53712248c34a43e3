//! When somebody of the service reads what arrives: what a patient is told, and what clocks count.

use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};
use serde::Deserialize;

use crate::values::{Ts, london};

/// Opening hours of the triage team, the same on each working day, London time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// First minute of the working day, "09:00".
    pub opens: Time,
    /// End of the working day, "17:00".
    pub closes: Time,
    /// Days without work besides Saturdays and Sundays, "2026-12-25".
    #[serde(default)]
    pub bank_holidays: Vec<Date>,
}

impl OpeningHours {
    /// Whether the team works on this day.
    pub fn is_working_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.bank_holidays.contains(&day)
    }

    /// Whether somebody is there at this moment.
    pub fn is_open(&self, now: Ts) -> bool {
        let local = now.london();
        self.is_working_day(local.date()) && (self.opens..self.closes).contains(&local.time())
    }

    /// The working day `count` working days after this one (`0`: this day, or the next working one).
    pub fn working_day_after(&self, day: Date, count: u32) -> Date {
        let mut day = day;
        let mut left = count;
        // Bounded, so that a locality file without any working day cannot hang a request.
        for _ in 0..4000 {
            if self.is_working_day(day) {
                if left == 0 {
                    return day;
                }
                left -= 1;
            }
            day = day.saturating_add(1.day());
        }
        day
    }

    /// The next moment at which somebody is there: now, or the next opening.
    pub fn next_open(&self, now: Ts) -> Ts {
        let local = now.london();
        if self.is_open(now) {
            return now;
        }
        let today = local.date();
        let from = if local.time() < self.opens {
            today
        } else {
            today.saturating_add(1.day())
        };
        at_london(self.working_day_after(from, 0), self.opens).unwrap_or(now)
    }

    /// The moment `minutes` of working time after this one.
    pub fn after_working_minutes(&self, from: Ts, minutes: i64) -> Ts {
        let mut now = self.next_open(from);
        let mut left = minutes.max(0);
        for _ in 0..4000 {
            let Some(closing) = at_london(now.london_date(), self.closes) else {
                return now;
            };
            let today = closing.since(now).as_mins();
            if left <= today {
                return now.plus_minutes(left);
            }
            left -= today;
            now = self.next_open(closing);
        }
        now
    }

    /// This time on a London clock on `day`; `None` only at the ends of time.
    pub fn moment(&self, day: Date, time: Time) -> Option<Ts> {
        at_london(day, time)
    }

    /// The end of the working day on `day`.
    pub fn closing(&self, day: Date) -> Option<Ts> {
        at_london(day, self.closes)
    }
}

fn at_london(day: Date, time: Time) -> Option<Ts> {
    day.to_datetime(time)
        .to_zoned_datetime(london())
        .ok()
        .map(|zoned| Ts(zoned.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn hours() -> OpeningHours {
        OpeningHours {
            opens: time(9, 0, 0, 0),
            closes: time(17, 0, 0, 0),
            bank_holidays: vec![date(2026, 12, 25), date(2026, 12, 28)],
        }
    }

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    #[test]
    fn a_friday_evening_is_read_on_monday_morning() {
        assert_eq!(
            hours().next_open(at("2026-11-20T17:00:00Z")),
            at("2026-11-23T09:00:00Z")
        );
        assert_eq!(
            hours().next_open(at("2026-11-20T16:59:00Z")),
            at("2026-11-20T16:59:00Z")
        );
        assert_eq!(
            hours().next_open(at("2026-11-20T05:00:00Z")),
            at("2026-11-20T09:00:00Z")
        );
    }

    #[test]
    fn opening_is_at_nine_on_a_london_clock_in_summer_too() {
        assert_eq!(
            hours().next_open(at("2026-07-01T04:00:00Z")),
            at("2026-07-01T08:00:00Z")
        );
    }

    #[test]
    fn christmas_is_not_a_working_day() {
        assert_eq!(
            hours().working_day_after(date(2026, 12, 24), 1),
            date(2026, 12, 29)
        );
    }

    #[test]
    fn four_working_hours_run_over_the_night() {
        assert_eq!(
            hours().after_working_minutes(at("2026-11-23T15:00:00Z"), 240),
            at("2026-11-24T11:00:00Z")
        );
        assert_eq!(
            hours().after_working_minutes(at("2026-11-21T12:00:00Z"), 240),
            at("2026-11-23T13:00:00Z")
        );
    }

    #[test]
    fn a_service_that_never_opens_does_not_hang() {
        let never = OpeningHours {
            opens: time(9, 0, 0, 0),
            closes: time(9, 0, 0, 0),
            bank_holidays: vec![],
        };
        let _ = never.after_working_minutes(at("2026-11-23T15:00:00Z"), 240);
    }
}
