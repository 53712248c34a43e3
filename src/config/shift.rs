//! A shift of the rota: days of the week and hours on a London clock. Pure; the time comes in.

use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};
use serde::Deserialize;

use crate::values::Unfit;

/// The days of the week as people write them, Monday first.
const DAYS: [(&str, &str); 7] = [
    ("Mon", "monday"),
    ("Tue", "tuesday"),
    ("Wed", "wednesday"),
    ("Thu", "thursday"),
    ("Fri", "friday"),
    ("Sat", "saturday"),
    ("Sun", "sunday"),
];

/// Days of the week, and hours that begin on each of them. A shift that ends no later than it begins ends on the next
/// day, so that nights are written as they are said: "Mon-Fri 17:00-09:00". From 00:00 to 00:00 is the whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Shift {
    days: u8,
    from: u16,
    to: u16,
}

impl Shift {
    /// A shift from stored numbers: a bit for each day, Monday the lowest; minutes since midnight.
    pub fn from_numbers(days: i32, from: i32, to: i32) -> Option<Self> {
        let days = u8::try_from(days).ok().filter(|days| (1..=127).contains(days))?;
        let minute = |minute: i32| u16::try_from(minute).ok().filter(|minute| *minute < 24 * 60);
        Some(Self {
            days,
            from: minute(from)?,
            to: minute(to)?,
        })
    }

    /// The numbers of [`Shift::from_numbers`].
    pub fn numbers(&self) -> (i32, i32, i32) {
        (self.days.into(), self.from.into(), self.to.into())
    }

    /// Reads "Mon-Fri 09:00-17:00", "Sat, Sun", "Mon to Fri 17:00 to 09:00", "every day 09:00-17:00".
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let text = tidied(text);
        let (days, hours) = match text.split_once(' ') {
            Some((days, hours)) => (days, hours.trim()),
            None => (text.as_str(), ""),
        };
        let days = days_of(days).ok_or(Unfit::because(
            "Write the days first, such as Mon-Fri or Sat, Sun, then the hours, such as 09:00-17:00",
        ))?;
        let (from, to) = hours_of(hours).ok_or(Unfit::because(
            "Write the hours as 09:00-17:00, or leave them out for the whole day",
        ))?;
        Ok(Self { days, from, to })
    }

    /// "Mon-Fri 09:00-17:00"; [`Shift::parse`] reads it back.
    pub fn display(&self) -> String {
        let days = self.days_in_words();
        match (self.from, self.to) {
            (0, 0) => format!("{days} all day"),
            (from, to) => format!("{days} {}-{}", clock(from), clock(to)),
        }
    }

    /// Whether it ends on the day after it began.
    pub fn ends_next_day(&self) -> bool {
        self.to <= self.from && (self.from, self.to) != (0, 0)
    }

    /// The day on which the shift began that is being worked at this time of this day; `None` when it is not worked.
    /// `weekday` says as which day of the week a date counts.
    pub fn began(&self, date: Date, time: Time, weekday: impl Fn(Date) -> Weekday) -> Option<Date> {
        let minute = u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).ok()?;
        let over_midnight = self.to <= self.from;
        if self.has(weekday(date)) && minute >= self.from && (over_midnight || minute < self.to) {
            return Some(date);
        }
        let before = date.saturating_sub(1.day());
        (over_midnight && minute < self.to && self.has(weekday(before))).then_some(before)
    }

    fn has(&self, day: Weekday) -> bool {
        self.days & (1 << day.to_monday_zero_offset()) != 0
    }

    fn days_in_words(&self) -> String {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for day in (0..DAYS.len()).filter(|day| self.days & (1 << day) != 0) {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == day => *last = day,
                _ => runs.push((day, day)),
            }
        }
        let name = |day: usize| DAYS.get(day).map_or("", |(short, _)| *short);
        let runs = runs.into_iter().map(|(first, last)| match first == last {
            true => name(first).to_owned(),
            false => format!("{}-{}", name(first), name(last)),
        });
        runs.collect::<Vec<_>>().join(", ")
    }
}

impl TryFrom<String> for Shift {
    type Error = Unfit;

    fn try_from(text: String) -> Result<Self, Unfit> {
        Self::parse(&text)
    }
}

/// In small letters, with a plain dash, and without the spaces that people put around dashes and commas.
fn tidied(text: &str) -> String {
    let mut text = text.trim().to_lowercase().replace(['\u{2013}', '\u{2014}'], "-");
    text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (long, short) in [
        ("every day", "mon-sun"),
        ("daily", "mon-sun"),
        (" to ", "-"),
        (" and ", ","),
        (" - ", "-"),
        (" -", "-"),
        ("- ", "-"),
        (" , ", ","),
        (", ", ","),
        (" ,", ","),
    ] {
        text = text.replace(long, short);
    }
    text
}

fn days_of(text: &str) -> Option<u8> {
    let mut days = 0_u8;
    for part in text.split(',') {
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (day_of(first)?, day_of(last)?),
            None => (day_of(part)?, day_of(part)?),
        };
        let mut day = first;
        loop {
            days |= 1 << day;
            if day == last {
                break;
            }
            day = (day + 1) % DAYS.len();
        }
    }
    (days != 0).then_some(days)
}

/// "mon", "monday", and what stands in between, such as "tues".
fn day_of(text: &str) -> Option<usize> {
    let fits = |(_, long): &(&str, &str)| text.len() >= 3 && long.starts_with(text);
    DAYS.iter().position(fits)
}

fn hours_of(text: &str) -> Option<(u16, u16)> {
    if text.is_empty() || text == "all day" {
        return Some((0, 0));
    }
    let (from, to) = text.split_once('-')?;
    Some((minute_of(from)?, minute_of(to)?))
}

/// "09:00", "9:00", "9"; "24:00" is midnight.
fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let number = |text: &str| -> Option<u16> {
        (text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().ok())
            .flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let minute = Some(hour * 60 + minute).filter(|_| minute < 60)?;
    (minute <= 24 * 60).then_some(minute % (24 * 60))
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn shift(text: &str) -> Shift {
        Shift::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    #[test]
    fn a_shift_is_written_as_people_write_it_and_read_back() {
        for (text, shown) in [
            ("Mon-Fri 09:00-17:00", "Mon-Fri 09:00-17:00"),
            ("monday to friday 9:00 to 17:00", "Mon-Fri 09:00-17:00"),
            ("Mon \u{2013} Fri 17:00 \u{2013} 09:00", "Mon-Fri 17:00-09:00"),
            ("Sat, Sun", "Sat-Sun all day"),
            ("Sat and Sun all day", "Sat-Sun all day"),
            ("Fri-Mon 17:00-24:00", "Mon, Fri-Sun 17:00-00:00"),
            ("Mon,Wed,Thurs 9-12:30", "Mon, Wed-Thu 09:00-12:30"),
            ("every day 00:00-24:00", "Mon-Sun all day"),
            ("Tues", "Tue all day"),
        ] {
            assert_eq!(shift(text).display(), shown, "{text}");
            assert_eq!(shift(shown), shift(text), "{shown} read back");
            let (days, from, to) = shift(text).numbers();
            assert_eq!(Shift::from_numbers(days, from, to), Some(shift(text)));
        }
    }

    #[test]
    fn what_is_no_shift_is_refused() {
        for text in [
            "",
            "09:00-17:00",
            "Mo 09:00-17:00",
            "Mon-Fri 09:00",
            "Mon-Fri 9am-5pm",
            "Mon-Fri 09:60-17:00",
            "Mon-Fri 25:00-17:00",
            "Mon-Fri 24:01-17:00",
            "Mon-Fri 009:00-17:00",
            "Mon-Fri +9:00-17:00",
            "Mon-Fri-Sun",
            "Mon;Tue",
            "nights",
        ] {
            assert!(Shift::parse(text).is_err(), "{text}");
        }
        for (days, from, to) in [(0, 0, 0), (128, 0, 0), (1, 1440, 0), (1, 0, -1), (256, 0, 0)] {
            assert_eq!(Shift::from_numbers(days, from, to), None);
        }
    }

    /// 23 November 2026 is a Monday.
    #[test]
    fn a_shift_is_worked_from_its_first_minute_up_to_its_last() {
        let (monday, friday, saturday) = (date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28));
        let day = "Mon-Fri 09:00-17:00";
        let night = "Mon-Fri 17:00-09:00";
        for (text, on, hour, minute, began) in [
            (day, monday, 8, 59, None),
            (day, monday, 9, 0, Some(monday)),
            (day, monday, 16, 59, Some(monday)),
            (day, monday, 17, 0, None),
            (day, saturday, 12, 0, None),
            (night, monday, 8, 59, None),
            (night, monday, 17, 0, Some(monday)),
            (night, monday, 23, 59, Some(monday)),
            (night, friday, 0, 0, Some(date(2026, 11, 26))),
            (night, saturday, 0, 0, Some(friday)),
            (night, saturday, 8, 59, Some(friday)),
            (night, saturday, 9, 0, None),
            (night, saturday, 17, 0, None),
            ("Sat-Sun", saturday, 0, 0, Some(saturday)),
            ("Sat-Sun", saturday, 23, 59, Some(saturday)),
            ("Sat-Sun", monday, 0, 0, None),
            ("Mon 09:00-09:00", monday, 8, 59, None),
            ("Mon 09:00-09:00", date(2026, 11, 24), 8, 59, Some(monday)),
            ("Mon 09:00-09:00", date(2026, 11, 24), 9, 0, None),
        ] {
            let at = time(hour, minute, 30, 0);
            assert_eq!(
                shift(text).began(on, at, Date::weekday),
                began,
                "{text} on {on} at {at}"
            );
        }
    }

    #[test]
    fn only_a_shift_over_midnight_ends_on_the_next_day() {
        assert!(shift("Mon-Fri 17:00-09:00").ends_next_day());
        assert!(shift("Mon 09:00-09:00").ends_next_day());
        assert!(shift("Mon 17:00-24:00").ends_next_day());
        assert!(!shift("Mon-Fri 09:00-17:00").ends_next_day());
        assert!(!shift("Sat-Sun").ends_next_day());
    }
}
