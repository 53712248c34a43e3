//! How many started within the times of the standard, and how many still wait beyond them. NHS Talking Therapies waiting
//! times: three in four people start within 6 weeks and nineteen in twenty within 18, from receipt of the referral to the
//! first attended treatment appointment. Calendar days in London.

use jiff::ToSpan;
use jiff::civil::Date;

use super::clocks::{EIGHTEEN_WEEKS, SIX_WEEKS, days_between};
use crate::values::{Ts, london};

/// How many began within so many days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Begun {
    pub all: usize,
    pub within_six_weeks: usize,
    pub within_eighteen_weeks: usize,
}

/// Counts people by when they came and when their treatment began.
pub(super) fn count_begun(waits: &[(Ts, Ts)]) -> Begun {
    let mut begun = Begun::default();
    for (received, started) in waits {
        let day = days_between(received.london_date(), started.london_date());
        begun.all += 1;
        begun.within_six_weeks += usize::from(day <= SIX_WEEKS);
        begun.within_eighteen_weeks += usize::from(day <= EIGHTEEN_WEEKS);
    }
    begun
}

/// Whoever came before this moment is past that day: the day of receipt is day 0.
pub(super) fn past_day(day: i64, today: Date) -> Ts {
    let first = today.saturating_sub(day.days());
    let midnight = first.to_zoned_datetime(london());
    midnight.map_or(Ts::from_micros(0), |midnight| Ts(midnight.timestamp()))
}

/// "75 %", whole and rounded down, so that nobody reads a standard as met that is missed; a dash of nobody.
pub(super) fn share(part: usize, all: usize) -> String {
    match (part * 100).checked_div(all) {
        Some(hundredths) => format!("{hundredths} %"),
        None => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::clocks::Clocks;
    use jiff::civil::date;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    #[test]
    fn day_42_is_within_and_day_43_is_not_across_a_change_of_the_clocks() {
        // Received late in the evening of a winter's day, begun in summer time.
        let received = at("2026-03-01T23:30:00Z");
        for (started, within) in [("2026-04-12T22:59:00Z", 1), ("2026-04-12T23:00:00Z", 0)] {
            let begun = count_begun(&[(received, at(started))]);
            assert_eq!((begun.all, begun.within_six_weeks), (1, within), "{started}");
            assert_eq!(begun.within_eighteen_weeks, 1);
        }
        let begun = count_begun(&[(received, at("2026-07-06T12:00:00Z"))]);
        assert_eq!(begun.within_eighteen_weeks, 0, "day 127");
    }

    #[test]
    fn whoever_is_past_day_42_by_the_count_on_a_page_is_past_it_in_the_figures() {
        for today in [date(2026, 4, 13), date(2026, 11, 25), date(2027, 3, 29)] {
            let noon = Ts(today
                .at(12, 0, 0, 0)
                .to_zoned_datetime(london())
                .expect("noon")
                .timestamp());
            let edge = past_day(SIX_WEEKS, today);
            for (received, late) in [(edge, false), (edge.plus_seconds(-1), true)] {
                let clocks = Clocks {
                    received_at: received,
                    now: noon,
                };
                assert_eq!(clocks.is_late(), late, "{today}");
                assert_eq!(received < edge, late);
            }
        }
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        assert_eq!(share(749, 1000), "74 %");
        assert_eq!(share(3, 4), "75 %");
        assert_eq!(share(0, 0), "–");
    }
}
