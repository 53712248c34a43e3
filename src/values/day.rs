//! A day that somebody plans, from the three boxes of a page. A date of birth has a type of its own.

use jiff::civil::Date;

use super::{Unfit, UnfitDate};

/// The three boxes of a day.
pub fn day_of_boxes(day: &str, month: &str, year: &str) -> Result<Date, UnfitDate> {
    let wrong = |part, reason| UnfitDate {
        part,
        unfit: Unfit::because(reason),
    };
    match (day.is_empty(), month.is_empty(), year.is_empty()) {
        (false, false, false) => {}
        (true, true, true) => return Err(wrong("", "Enter a day, month and year")),
        (true, _, _) => return Err(wrong("day", "The date must include a day")),
        (_, true, _) => return Err(wrong("month", "The date must include a month")),
        (_, _, true) => return Err(wrong("year", "The date must include a year")),
    }
    let at_day = digits(day, 2).filter(|day| (1..=31).contains(day));
    let at_day = at_day.ok_or(wrong("day", "Day must be a number between 1 and 31"))?;
    let at_month = digits(month, 2).filter(|month| (1..=12).contains(month));
    let at_month = at_month.ok_or(wrong("month", "Month must be a number between 1 and 12"))?;
    let at_year = digits(year, 4).filter(|year| (2000..=2999).contains(year));
    let at_year = at_year.ok_or(wrong("year", "Year must include 4 numbers, like 2027"))?;
    let parts = i8::try_from(at_month).ok().zip(i8::try_from(at_day).ok());
    let date = parts.and_then(|(month, day)| Date::new(at_year, month, day).ok());
    date.ok_or(wrong(
        "day",
        "The date must be a real date. This month has fewer days",
    ))
}

fn digits(text: &str, most: usize) -> Option<i16> {
    let plain = text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_boxes_are_a_day_or_the_box_that_is_wrong_is_named() {
        let leap = day_of_boxes("29", "2", "2028").expect("a day");
        assert_eq!(leap.to_string(), "2028-02-29");
        for (boxes, part) in [
            (("", "", ""), ""),
            (("", "2", "2027"), "day"),
            (("1", "", "2027"), "month"),
            (("1", "2", ""), "year"),
            (("32", "1", "2027"), "day"),
            (("1", "13", "2027"), "month"),
            (("1", "1", "27"), "year"),
            (("29", "2", "2027"), "day"),
            (("x", "1", "2027"), "day"),
        ] {
            let wrong = day_of_boxes(boxes.0, boxes.1, boxes.2).expect_err("no day");
            assert_eq!(wrong.part, part, "{boxes:?}");
        }
    }
}
