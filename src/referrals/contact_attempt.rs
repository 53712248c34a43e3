//! Attempts to reach a patient: when somebody tries again, and after how many a referral may end because nobody was
//! reached. Pure: hours, earlier attempts and moments come in.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use crate::config::OpeningHours;
use crate::triage::Priority;
use crate::values::Ts;

/// Minutes at least between two attempts for somebody in danger, who is to be spoken to the same day (P1: within four
/// working hours, `domain.md` section 4).
const GAP_P1_MINUTES: i64 = 60;
/// The same for P2: by the end of the next working day.
const GAP_P2_MINUTES: i64 = 90;
/// Days looked through for the next call; a service that never opens is not waited for.
const MOST_DAYS: i32 = 60;

/// A third of the opening day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PartOfDay {
    Morning,
    Midday,
    Late,
}

impl PartOfDay {
    const ALL: [PartOfDay; 3] = [PartOfDay::Morning, PartOfDay::Midday, PartOfDay::Late];

    /// The part of the opening day in which this time lies; what is earlier or later counts to the nearest.
    fn of(hours: &OpeningHours, time: Time) -> Self {
        let open = minutes(hours.opens);
        let third = (minutes(hours.closes) - open).max(3) / 3;
        match (minutes(time) - open) / third {
            ..=0 => PartOfDay::Morning,
            1 => PartOfDay::Midday,
            _ => PartOfDay::Late,
        }
    }

    /// When one rings in this part: with nine to five, at 10:00, 14:00 and 16:00.
    fn time(self, hours: &OpeningHours) -> Option<Time> {
        let (open, eighth) = (
            minutes(hours.opens),
            (minutes(hours.closes) - minutes(hours.opens)) / 8,
        );
        let at = match self {
            PartOfDay::Morning => open + eighth,
            PartOfDay::Midday => open + 5 * eighth,
            PartOfDay::Late => open + 7 * eighth,
        };
        Time::new(i8::try_from(at / 60).ok()?, i8::try_from(at % 60).ok()?, 0, 0).ok()
    }
}

fn minutes(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

/// When somebody rings again who has just tried: `tries` are the attempts so far, the latest last. In opening hours of
/// the locality, on a working day, London time, and in a part of the day in which nobody has tried yet; the same day
/// for P1 and P2 while it lasts, otherwise the next working day. `None` only where the service never opens.
pub(super) fn next_call(hours: &OpeningHours, priority: Priority, tries: &[Ts]) -> Option<Ts> {
    let last = *tries.last()?;
    let (from, earliest) = match priority {
        Priority::P1 => (last.london_date(), last.plus_minutes(GAP_P1_MINUTES)),
        Priority::P2 => (last.london_date(), last.plus_minutes(GAP_P2_MINUTES)),
        Priority::P3 | Priority::P4 => (last.london_date().saturating_add(1.day()), last),
    };
    let tried = match priority {
        // Whoever is in danger is rung soon rather than at a third time of day; only not twice at the same one in a row.
        Priority::P1 => vec![PartOfDay::of(hours, last.london().time())],
        Priority::P2 | Priority::P3 | Priority::P4 => tried_parts(hours, tries),
    };
    (0..MOST_DAYS)
        .map(|days| from.saturating_add(days.days()))
        .filter(|day| hours.is_working_day(*day))
        .find_map(|day| on_day(hours, day, earliest, &tried))
}

fn on_day(hours: &OpeningHours, day: Date, earliest: Ts, tried: &[PartOfDay]) -> Option<Ts> {
    PartOfDay::ALL
        .into_iter()
        .filter(|part| !tried.contains(part))
        .filter_map(|part| hours.moment(day, part.time(hours)?))
        .find(|at| *at >= earliest)
}

/// The parts of the day that have been tried since the last time all three had been.
fn tried_parts(hours: &OpeningHours, tries: &[Ts]) -> Vec<PartOfDay> {
    let mut tried: Vec<PartOfDay> = Vec::new();
    for at in tries {
        let part = PartOfDay::of(hours, at.london().time());
        if !tried.contains(&part) {
            tried.push(part);
        }
        if tried.len() == PartOfDay::ALL.len() {
            // A new round, and not at the time of day that was tried last.
            tried = vec![part];
        }
    }
    tried
}

/// Whether a referral may end because its patient could not be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// It was tried often enough, or no number is known that could be rung.
    MayEnd,
    /// So many attempts are missing.
    TryAgain(u32),
}

impl Unreached {
    /// After `tries` calls that reached nobody, of `needed`; `has_number`: there is one, and nobody said it is wrong.
    pub fn after(tries: u32, needed: u32, has_number: bool) -> Self {
        match needed.saturating_sub(tries) {
            0 => Unreached::MayEnd,
            _ if !has_number => Unreached::MayEnd,
            missing => Unreached::TryAgain(missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Locality;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    fn hours() -> OpeningHours {
        Locality::example().expect("an example").hours
    }

    fn next(priority: Priority, tries: &[&str]) -> Ts {
        let tries: Vec<Ts> = tries.iter().map(|text| at(text)).collect();
        next_call(&hours(), priority, &tries).expect("a next call")
    }

    #[test]
    fn the_next_call_is_at_another_time_of_day_and_sooner_for_who_is_in_danger() {
        use Priority::{P1, P2, P3, P4};
        for (priority, tries, expected) in [
            // In danger: the same day, an hour later at the soonest.
            (P1, vec!["2026-11-23T09:30:00Z"], "2026-11-23T14:00:00Z"),
            (
                P1,
                vec!["2026-11-23T09:30:00Z", "2026-11-23T14:05:00Z"],
                "2026-11-23T16:00:00Z",
            ),
            (P2, vec!["2026-11-23T09:30:00Z"], "2026-11-23T14:00:00Z"),
            // An hour and a half from half past two are four: that is the time of day that was tried.
            (P2, vec!["2026-11-23T14:30:00Z"], "2026-11-24T10:00:00Z"),
            (
                P1,
                vec!["2026-11-23T14:05:00Z", "2026-11-23T16:05:00Z"],
                "2026-11-24T10:00:00Z",
            ),
            // Late on a Friday: Monday morning.
            (P1, vec!["2026-11-20T16:30:00Z"], "2026-11-23T10:00:00Z"),
            // The others: the next working day.
            (P3, vec!["2026-11-23T09:30:00Z"], "2026-11-24T14:00:00Z"),
            (P4, vec!["2026-11-23T09:30:00Z"], "2026-11-24T14:00:00Z"),
            (
                P4,
                vec!["2026-11-23T09:30:00Z", "2026-11-24T14:00:00Z"],
                "2026-11-25T16:00:00Z",
            ),
            // All three were tried: another round, never twice at the same time in a row.
            (
                P4,
                vec![
                    "2026-11-23T09:30:00Z",
                    "2026-11-24T14:00:00Z",
                    "2026-11-25T16:00:00Z",
                ],
                "2026-11-26T10:00:00Z",
            ),
        ] {
            assert_eq!(next(priority, &tries), at(expected), "{priority:?} {tries:?}");
        }
    }

    #[test]
    fn nobody_is_rung_on_a_bank_holiday() {
        assert_eq!(
            next(Priority::P4, &["2026-12-24T09:30:00Z"]),
            at("2026-12-29T14:00:00Z")
        );
    }

    #[test]
    fn two_o_clock_is_two_o_clock_in_london_on_both_sides_of_the_change_of_clocks() {
        // The clocks go forward on Sunday 28 March 2027, and back on Sunday 31 October 2027.
        assert_eq!(
            next(Priority::P4, &["2027-03-24T09:30:00Z"]),
            at("2027-03-25T14:00:00Z")
        );
        assert_eq!(
            next(Priority::P4, &["2027-03-25T09:30:00Z"]),
            at("2027-03-30T13:00:00Z")
        );
        assert_eq!(
            next(Priority::P4, &["2027-10-29T08:30:00Z"]),
            at("2027-11-01T14:00:00Z")
        );
    }

    #[test]
    fn a_call_outside_opening_hours_counts_to_the_nearest_part_of_the_day() {
        assert_eq!(
            next(Priority::P4, &["2026-11-23T18:30:00Z"]),
            at("2026-11-24T10:00:00Z")
        );
        assert_eq!(
            next(Priority::P1, &["2026-11-22T12:00:00Z"]),
            at("2026-11-23T10:00:00Z")
        );
    }

    #[test]
    fn a_service_that_never_opens_has_no_next_call() {
        let never = OpeningHours {
            opens: hours().opens,
            closes: hours().opens,
            bank_holidays: Vec::new(),
        };
        let _ = next_call(&never, Priority::P1, &[at("2026-11-23T09:30:00Z")]);
        assert_eq!(next_call(&hours(), Priority::P1, &[]), None);
    }

    #[test]
    fn it_may_end_after_the_attempts_of_the_locality_or_without_a_number() {
        for (tries, needed, has_number, expected) in [
            (0, 3, true, Unreached::TryAgain(3)),
            (2, 3, true, Unreached::TryAgain(1)),
            (3, 3, true, Unreached::MayEnd),
            (9, 3, true, Unreached::MayEnd),
            (0, 3, false, Unreached::MayEnd),
        ] {
            assert_eq!(Unreached::after(tries, needed, has_number), expected);
        }
    }
}
