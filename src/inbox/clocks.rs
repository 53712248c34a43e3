//! The clock of a referral: days since it came. Calendar days in London.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::values::Ts;

/// Three quarters of people start treatment within so many days (NHS Talking Therapies waiting time standard).
pub(super) const SIX_WEEKS: i64 = 42;
/// Nineteen in twenty start within so many days (the same).
pub(super) const EIGHTEEN_WEEKS: i64 = 126;

/// Receipt, promise and the day it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clocks {
    pub received_at: Ts,
    pub now: Ts,
}

impl Clocks {
    /// Calendar days since receipt; the day of receipt is day 0.
    pub fn day(&self) -> i64 {
        days_between(self.received_at.london_date(), self.now.london_date())
    }

    /// "Day 3 of 42", after that "Day 50 of 126", after that "Day 130".
    pub fn count(&self) -> String {
        match self.day() {
            day if day <= SIX_WEEKS => format!("Day {day} of {SIX_WEEKS}"),
            day if day <= EIGHTEEN_WEEKS => format!("Day {day} of {EIGHTEEN_WEEKS}"),
            day => format!("Day {day}"),
        }
    }

    /// Whether day 42 is over.
    pub fn is_late(&self) -> bool {
        self.day() > SIX_WEEKS
    }

    /// The date of day 42.
    pub fn six_weeks(&self) -> String {
        self.on_day(SIX_WEEKS)
    }

    /// The date of day 126.
    pub fn eighteen_weeks(&self) -> String {
        self.on_day(EIGHTEEN_WEEKS)
    }

    fn on_day(&self, day: i64) -> String {
        let date = self.received_at.london_date().saturating_add(day.days());
        date.strftime("%-d %B %Y").to_string()
    }

    /// When it came: "today, 9:05am", "yesterday, 4:10pm", "Fri 20 Nov".
    pub fn received(&self) -> String {
        moment(self.received_at, self.now)
    }
}

/// A moment as staff say it on this day.
pub(super) fn moment(at: Ts, now: Ts) -> String {
    let time = at.display_time();
    match days_between(now.london_date(), at.london_date()) {
        0 => format!("today, {time}"),
        1 => format!("tomorrow, {time}"),
        -1 => format!("yesterday, {time}"),
        _ if at.london_date().year() == now.london_date().year() => {
            at.london().strftime("%a %-d %b").to_string()
        }
        _ => at.london().strftime("%-d %b %Y").to_string(),
    }
}

pub(super) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    fn clocks(received: &str, now: &str) -> Clocks {
        Clocks {
            received_at: at(received),
            now: at(now),
        }
    }

    #[test]
    fn days_are_london_calendar_days_across_both_clock_changes() {
        let count = |received, now| clocks(received, now).count();
        assert_eq!(
            count("2026-11-23T09:00:00Z", "2026-11-23T17:00:00Z"),
            "Day 0 of 42"
        );
        assert_eq!(
            count("2026-11-23T23:59:00Z", "2026-11-24T00:01:00Z"),
            "Day 1 of 42"
        );
        // 23:30 UTC in summer is the next day in London.
        assert_eq!(
            count("2026-06-30T23:30:00Z", "2026-07-02T09:00:00Z"),
            "Day 1 of 42"
        );
        // The clocks go back on 25 October and forward on 28 March.
        assert_eq!(
            count("2026-10-24T22:30:00Z", "2026-10-26T00:30:00Z"),
            "Day 2 of 42"
        );
        assert_eq!(
            count("2027-03-27T23:30:00Z", "2027-03-28T23:30:00Z"),
            "Day 2 of 42"
        );
    }

    #[test]
    fn the_count_turns_at_day_42_and_day_126() {
        let on = |now| clocks("2026-01-01T09:00:00Z", now);
        assert_eq!(on("2026-02-12T09:00:00Z").count(), "Day 42 of 42");
        assert!(!on("2026-02-12T23:00:00Z").is_late());
        assert_eq!(on("2026-02-13T00:00:00Z").count(), "Day 43 of 126");
        assert!(on("2026-02-13T00:00:00Z").is_late());
        assert_eq!(on("2026-05-08T09:00:00Z").count(), "Day 127");
        assert_eq!(on("2026-01-01T09:00:00Z").six_weeks(), "12 February 2026");
        assert_eq!(on("2026-01-01T09:00:00Z").eighteen_weeks(), "7 May 2026");
    }

    #[test]
    fn moments_near_today_are_said_by_day() {
        let now = at("2026-11-23T09:00:00Z");
        for (moment_at, told) in [
            ("2026-11-23T13:30:00Z", "today, 1:30pm"),
            ("2026-11-24T17:00:00Z", "tomorrow, 5:00pm"),
            ("2026-11-22T16:10:00Z", "yesterday, 4:10pm"),
            ("2026-12-07T17:00:00Z", "Mon 7 Dec"),
            ("2027-01-06T17:00:00Z", "6 Jan 2027"),
        ] {
            assert_eq!(moment(at(moment_at), now), told);
        }
    }
}
