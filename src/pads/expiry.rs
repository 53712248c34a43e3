//! How long the slips of a pad can be used. Chosen for each pad; the locality's `slip_days` otherwise.

use jiff::civil::Date;

use crate::values::{Ts, Unfit, london};

/// Longest life of a slip, in days: five years. Longer than any code key should have to be kept.
pub const MOST_DAYS: u16 = 5 * 366;

/// How long the slips of a pad can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// As many days as the locality says.
    AsUsual,
    /// So many days from now.
    Days(u16),
    /// To the end of this day, in London.
    Until(Date),
}

impl Lasting {
    /// Reads a number of days.
    pub fn parse_days(typed: &str) -> Result<Self, Unfit> {
        let days: Option<u16> = typed.trim().parse().ok();
        let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
        days.map(Lasting::Days).ok_or_else(|| {
            Unfit(format!("Enter for how many days, as a number from 1 to {MOST_DAYS}").into())
        })
    }

    /// Reads a date like `2027-03-31`.
    pub fn parse_date(typed: &str) -> Result<Self, Unfit> {
        let date: Result<Date, _> = typed.trim().parse();
        date.map(Lasting::Until)
            .map_err(|_| Unfit::because("Enter a date like 2027-03-31"))
    }

    /// The moment the slips expire, if they are made now.
    pub fn end(self, now: Ts, usual_days: u16) -> Result<Ts, Unfit> {
        let ends = match self {
            Lasting::AsUsual => now.plus_days(i64::from(usual_days)),
            Lasting::Days(days) => now.plus_days(i64::from(days)),
            Lasting::Until(date) => end_of(date)?,
        };
        if ends <= now {
            return Err(Unfit::because("The date is past: nobody could use these slips"));
        }
        if self != Lasting::AsUsual && ends > now.plus_days(i64::from(MOST_DAYS)) {
            return Err(Unfit::because(
                "The date is more than five years away: slips last at most that long",
            ));
        }
        Ok(ends)
    }
}

fn end_of(date: Date) -> Result<Ts, Unfit> {
    const NO_SUCH: Unfit = Unfit::because("Enter a date like 2027-03-31");
    let next = date.tomorrow().map_err(|_| NO_SUCH)?;
    let midnight = next.to_zoned_datetime(london()).map_err(|_| NO_SUCH)?;
    Ok(Ts::from_micros(midnight.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts(text.parse().unwrap())
    }

    #[test]
    fn a_pad_lasts_to_the_end_of_its_day_in_london() {
        let now = at("2026-11-23T09:30:00Z");
        let summer = Lasting::parse_date("2027-06-30").unwrap();
        assert_eq!(summer.end(now, 365), Ok(at("2027-06-30T23:00:00Z")));
        let today = Lasting::parse_date("2026-11-23").unwrap();
        assert_eq!(today.end(now, 365), Ok(at("2026-11-24T00:00:00Z")));
    }

    #[test]
    fn days_and_the_usual_are_counted_from_now() {
        let now = at("2026-11-23T09:30:00Z");
        assert_eq!(Lasting::AsUsual.end(now, 2), Ok(at("2026-11-25T09:30:00Z")));
        let days = Lasting::parse_days("1").unwrap();
        assert_eq!(days.end(now, 365), Ok(at("2026-11-24T09:30:00Z")));
    }

    #[test]
    fn a_past_or_far_date_is_refused_and_says_why() {
        let now = at("2026-11-23T09:30:00Z");
        let said = |date: &str| Lasting::parse_date(date).unwrap().end(now, 365).unwrap_err();
        assert!(said("2026-11-22").to_string().contains("past"));
        assert!(said("0001-01-01").to_string().contains("past"));
        assert!(said("2031-12-31").to_string().contains("five years"));
        assert!(Lasting::parse_date("9999-12-31").unwrap().end(now, 365).is_err());
        for wrong in ["0", "-1", "1831", "1000000", "soon", ""] {
            assert!(Lasting::parse_days(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "2027-02-30", "31/03/2027", "tomorrow"] {
            assert!(Lasting::parse_date(wrong).is_err(), "{wrong}");
        }
    }
}
