//! A date of birth, from the three boxes of a page or from `1980-02-29`.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Unfit, text};

/// Nobody is older, in years; the oldest person known reached 122.
const OLDEST: i16 = 130;

/// The day a person was born.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BirthDate(Date);

/// Why three boxes are no date of birth, and which of them to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfitDate {
    /// "day", "month" or "year"; empty if it is about all three.
    pub part: &'static str,
    /// What is wrong.
    pub unfit: Unfit,
}

impl From<UnfitDate> for Unfit {
    fn from(unfit: UnfitDate) -> Self {
        unfit.unfit
    }
}

impl BirthDate {
    /// Reads the three boxes. `today` is the London date: nobody is born after it. The month may be a word.
    pub fn from_boxes(day: &str, month: &str, year: &str, today: Date) -> Result<Self, UnfitDate> {
        let boxes = [day, month, year].map(text::with_digits);
        let [day, month, year] = boxes
            .each_ref()
            .map(|typed| typed.trim_matches(['/', '.', ',', '-', ' ']));
        all_given(day, month, year)?;
        let at_day = number(day, 1..=31).ok_or(unfit("day", "Day must be a number between 1 and 31"))?;
        let at_month =
            month_number(month).ok_or(unfit("month", "Month must be a number between 1 and 12"))?;
        if year.len() != 4 {
            return Err(unfit("year", "Year must include 4 numbers, like 1980"));
        }
        let at_year =
            number(year, 1..=9999).ok_or(unfit("year", "Year must include 4 numbers, like 1980"))?;
        let date = i8::try_from(at_day).ok().zip(i8::try_from(at_month).ok());
        let date = date.and_then(|(day, month)| Date::new(at_year, month, day).ok());
        let date = date.ok_or(unfit(
            "day",
            "Date of birth must be a real date. This month has fewer days",
        ))?;
        Self::lived(date, today)
    }

    /// Reads `1980-02-29`, as the JSON API and the command line write it.
    pub fn parse(text: &str, today: Date) -> Result<Self, Unfit> {
        let wanted = Unfit::because("Date of birth must be a real date, written like 1980-02-29");
        let typed = text::with_digits(text);
        let mut parts = typed.splitn(3, '-');
        let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wanted);
        };
        let digits = [year, month, day]
            .iter()
            .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if !digits || (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(wanted);
        }
        Ok(Self::from_boxes(day, month, year, today)?)
    }

    fn lived(date: Date, today: Date) -> Result<Self, UnfitDate> {
        if date > today {
            return Err(unfit("", "Date of birth must be in the past"));
        }
        if today.year() - date.year() > OLDEST {
            return Err(unfit(
                "year",
                "Check the year. Date of birth must be less than 130 years ago",
            ));
        }
        Ok(BirthDate(date))
    }

    /// The day itself.
    pub fn date(self) -> Date {
        self.0
    }

    /// Full years on this day. Somebody born on 29 February is a year older on 1 March of other years.
    pub fn age_on(self, day: Date) -> u8 {
        let years = day.year() - self.0.year();
        let birthday_to_come = (day.month(), day.day()) < (self.0.month(), self.0.day());
        u8::try_from(years - i16::from(birthday_to_come)).unwrap_or(0)
    }

    /// As people read it: `29 February 1980`.
    pub fn display(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }

    /// `1980-02-29`, as it is stored and hashed.
    pub fn iso(self) -> String {
        self.0.to_string()
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate([redacted])")
    }
}

fn unfit(part: &'static str, reason: &'static str) -> UnfitDate {
    UnfitDate {
        part,
        unfit: Unfit(Cow::Borrowed(reason)),
    }
}

/// Names the boxes that are empty, as the NHS service manual words it.
fn all_given(day: &str, month: &str, year: &str) -> Result<(), UnfitDate> {
    let empty = [day.is_empty(), month.is_empty(), year.is_empty()];
    Err(match empty {
        [false, false, false] => return Ok(()),
        [true, true, true] => unfit("", "Enter your date of birth"),
        [true, false, false] => unfit("day", "Date of birth must include a day"),
        [false, true, false] => unfit("month", "Date of birth must include a month"),
        [false, false, true] => unfit("year", "Date of birth must include a year"),
        [true, true, false] => unfit("day", "Date of birth must include a day and month"),
        [true, false, true] => unfit("day", "Date of birth must include a day and year"),
        [false, true, true] => unfit("month", "Date of birth must include a month and year"),
    })
}

fn number(text: &str, within: std::ops::RangeInclusive<i16>) -> Option<i16> {
    let digits = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|value| digits && within.contains(value))
}

/// `3`, `03`, `mar` or `March`.
fn month_number(text: &str) -> Option<i16> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = text.to_ascii_lowercase();
    let named = NAMES
        .iter()
        .position(|name| word.len() >= 3 && name.starts_with(&word));
    let named = named.and_then(|at| i16::try_from(at + 1).ok());
    named.or_else(|| number(text, 1..=12))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 11, 23);

    fn boxes(day: &str, month: &str, year: &str) -> Result<BirthDate, UnfitDate> {
        BirthDate::from_boxes(day, month, year, TODAY)
    }

    #[test]
    fn a_real_date_is_read() {
        for (day, month, year) in [
            ("29", "2", "1980"),
            (" 29 ", "02", "1980"),
            ("29", "Feb", "1980"),
            ("29", "february", "1980"),
            ("\u{202d}29\u{202c}", "\u{feff}2", "\u{200e}1980"),
            ("\u{662}\u{669}", "2/", "1980."),
        ] {
            assert_eq!(boxes(day, month, year).expect("a date").iso(), "1980-02-29");
        }
        assert_eq!(
            BirthDate::parse("1980-02-29", TODAY).expect("a date").display(),
            "29 February 1980"
        );
    }

    #[test]
    fn each_mistake_names_its_box() {
        for (day, month, year, part, word) in [
            ("", "", "", "", "Enter"),
            ("", "2", "1980", "day", "include a day"),
            ("1", "", "1980", "month", "include a month"),
            ("1", "2", "", "year", "include a year"),
            ("", "", "1980", "day", "day and month"),
            ("31", "2", "1980", "day", "real date"),
            ("29", "2", "1981", "day", "real date"),
            ("32", "1", "1980", "day", "between 1 and 31"),
            ("1", "13", "1980", "month", "between 1 and 12"),
            ("1", "ma", "1980", "month", "between 1 and 12"),
            ("1", "1", "80", "year", "4 numbers"),
            ("1", "1", "19x0", "year", "4 numbers"),
            ("24", "11", "2026", "", "past"),
            ("1", "1", "1800", "year", "130 years"),
            ("+1", "1", "1980", "day", "between 1 and 31"),
        ] {
            let found = boxes(day, month, year).expect_err("no date");
            assert_eq!(found.part, part, "{day}-{month}-{year}");
            assert!(found.unfit.0.contains(word), "{}", found.unfit.0);
        }
    }

    #[test]
    fn today_is_a_date_of_birth_and_tomorrow_is_not() {
        assert!(boxes("23", "11", "2026").is_ok());
        assert!(BirthDate::parse("2026-11-24", TODAY).is_err());
        for wrong in [
            "",
            "1980",
            "29/02/1980",
            "1980-2-29",
            "1980-02-30",
            "1980-02-29T00:00",
            "-980-02-29",
        ] {
            assert!(BirthDate::parse(wrong, TODAY).is_err(), "{wrong} was accepted");
        }
    }

    #[test]
    fn age_turns_on_the_birthday() {
        let born = |text| BirthDate::parse(text, TODAY).expect("a date");
        assert_eq!(born("2008-11-23").age_on(TODAY), 18);
        assert_eq!(born("2008-11-24").age_on(TODAY), 17);
        assert_eq!(born("2008-02-29").age_on(date(2026, 2, 28)), 17);
        assert_eq!(born("2008-02-29").age_on(date(2026, 3, 1)), 18);
        assert_eq!(born("2026-11-23").age_on(date(2020, 1, 1)), 0);
    }

    #[test]
    fn the_date_is_not_shown_in_debug() {
        let born = BirthDate::parse("1980-02-29", TODAY).expect("a date");
        assert_eq!(format!("{born:?}"), "BirthDate([redacted])");
        assert_eq!(serde_json::to_string(&born).expect("a string"), "\"1980-02-29\"");
    }

    proptest! {
        #[test]
        fn any_boxes_are_answered(day in any::<String>(), month in any::<String>(), year in any::<String>()) {
            let _ = boxes(&day, &month, &year);
            let _ = BirthDate::parse(&day, TODAY);
        }

        #[test]
        fn a_date_shown_is_the_date_read(day in 1_i8..=28, month in 1_i8..=12, year in 1900_i16..=2025) {
            let read = boxes(&day.to_string(), &month.to_string(), &year.to_string()).expect("a date");
            prop_assert_eq!(read.date(), date(year, month, day));
            prop_assert_eq!(BirthDate::parse(&read.iso(), TODAY).expect("itself"), read);
        }
    }
}
