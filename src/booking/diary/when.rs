//! The day and the time somebody typed, as a moment that can be kept: never in the past, at night, or in the hour that
//! the change of the clocks leaves out. Pure.

use jiff::civil::{Date, Time, time};
use jiff::tz::AmbiguousOffset;

pub(super) use crate::values::day_of_boxes as day;
use crate::values::{Ts, Unfit, london};

/// Nothing begins earlier.
const EARLIEST: Time = time(7, 0, 0, 0);
/// Nor later.
const LATEST: Time = time(21, 0, 0, 0);
/// Nothing is planned further ahead: a year typed wrongly is noticed.
const DAYS_AHEAD: i64 = 2 * 366;

fn digits(text: &str, most: usize) -> Option<i16> {
    let plain = text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// A time of day: `14:00`, `14.00`, `9`, `2pm`, `2:30 pm`.
pub(super) fn clock(text: &str) -> Result<Time, Unfit> {
    let wanted = Unfit::because("Enter a time, like 14:00 or 2pm");
    let text = text.to_ascii_lowercase().replace(' ', "");
    let (number, half) = if let Some(number) = text.strip_suffix("pm") {
        (number, Some(12))
    } else if let Some(number) = text.strip_suffix("am") {
        (number, Some(0))
    } else {
        (text.as_str(), None)
    };
    let (hour, minute) = number.split_once([':', '.']).unwrap_or((number, "00"));
    if minute.len() != 2 || hour.is_empty() {
        return Err(wanted);
    }
    let (Some(hour), Some(minute)) = (digits(hour, 2), digits(minute, 2)) else {
        return Err(wanted);
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return Err(wanted),
        Some(later) => hour % 12 + later,
        None => hour,
    };
    let parts = i8::try_from(hour).ok().zip(i8::try_from(minute).ok());
    let time = parts.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
    time.ok_or(wanted)
}

/// Why a day and a time are no moment to plan for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotThen {
    /// The day is the trouble.
    Day(Unfit),
    /// The time is.
    Time(Unfit),
}

/// The moment on a London clock, if something can be planned for it.
pub(super) fn moment(day: Date, at: Time, now: Ts) -> Result<Ts, NotThen> {
    let zone = london();
    let ambiguous = zone.to_ambiguous_zoned_datetime(day.to_datetime(at));
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => {
            return Err(NotThen::Time(Unfit::because(
                "The clocks go forward that night: this time does not exist. Choose another time",
            )));
        }
        AmbiguousOffset::Fold { .. } => {
            return Err(NotThen::Time(Unfit::because(
                "The clocks go back that night: this time comes twice. Choose another time",
            )));
        }
        AmbiguousOffset::Unambiguous { .. } => {}
    }
    if at < EARLIEST || at > LATEST {
        return Err(NotThen::Time(Unfit(
            format!("{} is at night. Choose a time from 7am to 9pm", in_words(at)).into(),
        )));
    }
    let moment = ambiguous.compatible().map(|zoned| Ts(zoned.timestamp()));
    let moment = moment.map_err(|_| NotThen::Day(Unfit::because("Enter another day")))?;
    if moment <= now {
        return Err(match day < now.london_date() {
            true => NotThen::Day(Unfit::because("This day is in the past")),
            false => NotThen::Time(Unfit::because("This time is in the past")),
        });
    }
    if moment > now.plus_days(DAYS_AHEAD) {
        return Err(NotThen::Day(Unfit::because(
            "Check the year. This is more than two years ahead",
        )));
    }
    Ok(moment)
}

fn in_words(at: Time) -> String {
    at.strftime("%-I:%M%P").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn now() -> Ts {
        Ts("2026-11-25T09:00:00Z".parse().expect("a timestamp"))
    }

    fn words(outcome: Result<Ts, NotThen>) -> String {
        match outcome.expect_err("refused") {
            NotThen::Day(unfit) => format!("day: {unfit}"),
            NotThen::Time(unfit) => format!("time: {unfit}"),
        }
    }

    #[test]
    fn each_wrong_box_of_a_day_is_named() {
        for (boxes, part) in [
            (("", "", ""), ""),
            (("", "12", "2026"), "day"),
            (("1", "", "2026"), "month"),
            (("1", "12", ""), "year"),
            (("32", "12", "2026"), "day"),
            (("31", "2", "2027"), "day"),
            (("1", "13", "2026"), "month"),
            (("1", "12", "26"), "year"),
            (("-1", "12", "2026"), "day"),
            (("1", "12", "0026"), "year"),
        ] {
            let found = day(boxes.0, boxes.1, boxes.2).expect_err("no day");
            assert_eq!(found.part, part, "{boxes:?}");
        }
        assert_eq!(day("08", "12", "2026").expect("a day"), date(2026, 12, 8));
    }

    #[test]
    fn a_time_is_read_as_people_write_it() {
        for (typed, hour, minute) in [
            ("14:00", 14, 0),
            ("14.30", 14, 30),
            ("9", 9, 0),
            ("2pm", 14, 0),
            ("2:30 PM", 14, 30),
            ("12pm", 12, 0),
            ("12am", 0, 0),
            ("09:05", 9, 5),
        ] {
            assert_eq!(clock(typed).expect(typed), time(hour, minute, 0, 0), "{typed}");
        }
        for typed in [
            "", "noon", "25:00", "9:5", "14:60", "13pm", "0pm", ":30", "1400", "-1:00", "2:000",
        ] {
            assert!(clock(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn nothing_is_planned_in_the_past_at_night_or_in_the_hour_that_is_left_out() {
        let at = |day, hour, minute| moment(day, time(hour, minute, 0, 0), now());
        assert_eq!(
            at(date(2026, 12, 8), 14, 0),
            Ok(Ts("2026-12-08T14:00:00Z".parse().expect("a timestamp")))
        );
        assert_eq!(
            at(date(2027, 6, 8), 14, 0),
            Ok(Ts("2027-06-08T13:00:00Z".parse().expect("a timestamp")))
        );
        assert!(words(at(date(2026, 11, 24), 14, 0)).starts_with("day: This day is in the past"));
        assert!(words(at(date(2026, 11, 25), 8, 0)).starts_with("time: This time is in the past"));
        assert!(words(at(date(2026, 12, 8), 3, 0)).starts_with("time: 3:00am is at night"));
        assert!(words(at(date(2026, 12, 8), 21, 1)).contains("at night"));
        assert!(words(at(date(2027, 3, 28), 1, 30)).contains("does not exist"));
        assert!(words(at(date(2027, 10, 31), 1, 30)).contains("comes twice"));
        assert!(words(at(date(2029, 12, 8), 14, 0)).contains("Check the year"));
    }
}
