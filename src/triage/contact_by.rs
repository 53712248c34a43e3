//! By when somebody must have been in touch, from the priority and the moment of receipt: the table of the domain
//! facts, section 4, in working days on a London clock.

use jiff::ToSpan;
use jiff::civil::Date;

use super::decision::Priority;
use crate::config::OpeningHours;
use crate::values::Ts;

/// P1 is answered within this much working time, and the same day.
const P1_MINUTES: i64 = 4 * 60;
/// A P1 that came while nobody was there is the first task: answered this soon after opening.
const FIRST_TASK_MINUTES: i64 = 60;
/// P3 is assessed within so many calendar days (NICE QS115 for the perinatal period).
const P3_DAYS: i64 = 14;
/// P4 is contacted within so many working days.
const P4_WORKING_DAYS: u32 = 10;

/// The moment by which somebody must have been in touch.
///
/// - P1: four working hours, and the same day; if received while closed, an hour after opening.
/// - P2: the end of the next working day.
/// - P3: the end of the last working day within 14 calendar days.
/// - P4: the end of the tenth working day.
///
/// Days are counted from the day after receipt. A day without closing time falls back to the moment of receipt,
/// which reads as overdue rather than as time to spare.
pub fn contact_by(priority: Priority, received: Ts, hours: &OpeningHours) -> Ts {
    let today = received.london_date();
    let tomorrow = today.saturating_add(1.day());
    match priority {
        Priority::P1 if hours.is_open(received) => {
            let due = hours.after_working_minutes(received, P1_MINUTES);
            hours.closing(today).map_or(due, |closing| due.min(closing))
        }
        Priority::P1 => hours.next_open(received).plus_minutes(FIRST_TASK_MINUTES),
        Priority::P2 => end_of(hours.working_day_after(tomorrow, 0), hours, received),
        Priority::P3 => end_of(
            last_working_day(today.saturating_add(P3_DAYS.days()), today, hours),
            hours,
            received,
        ),
        Priority::P4 => end_of(
            hours.working_day_after(tomorrow, P4_WORKING_DAYS - 1),
            hours,
            received,
        ),
    }
}

fn end_of(day: Date, hours: &OpeningHours, received: Ts) -> Ts {
    hours.closing(day).unwrap_or(received)
}

/// The last working day on or before `day` and after `earliest`; `day` itself if there is none.
fn last_working_day(day: Date, earliest: Date, hours: &OpeningHours) -> Date {
    let mut candidate = day;
    while candidate > earliest {
        if hours.is_working_day(candidate) {
            return candidate;
        }
        candidate = candidate.saturating_sub(1.day());
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn hours() -> OpeningHours {
        OpeningHours {
            opens: time(9, 0, 0, 0),
            closes: time(17, 0, 0, 0),
            bank_holidays: vec![date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)],
        }
    }

    fn due(priority: Priority, received: &str) -> String {
        let at = |text: &str| Ts(text.parse().expect("a moment"));
        contact_by(priority, at(received), &hours()).0.to_string()
    }

    #[test]
    fn p1_is_answered_within_four_working_hours_and_the_same_day() {
        assert_eq!(due(Priority::P1, "2026-11-23T09:30:00Z"), "2026-11-23T13:30:00Z");
        assert_eq!(due(Priority::P1, "2026-11-23T13:00:00Z"), "2026-11-23T17:00:00Z");
        assert_eq!(due(Priority::P1, "2026-11-23T16:59:00Z"), "2026-11-23T17:00:00Z");
    }

    #[test]
    fn p1_received_while_closed_is_the_first_task_at_opening() {
        assert_eq!(due(Priority::P1, "2026-11-23T17:00:00Z"), "2026-11-24T10:00:00Z");
        assert_eq!(due(Priority::P1, "2026-11-23T03:00:00Z"), "2026-11-23T10:00:00Z");
        assert_eq!(
            due(Priority::P1, "2026-11-21T12:00:00Z"),
            "2026-11-23T10:00:00Z",
            "Saturday"
        );
        assert_eq!(
            due(Priority::P1, "2026-12-24T18:00:00Z"),
            "2026-12-29T10:00:00Z",
            "Christmas"
        );
    }

    #[test]
    fn p2_is_answered_by_the_end_of_the_next_working_day() {
        assert_eq!(due(Priority::P2, "2026-11-23T09:30:00Z"), "2026-11-24T17:00:00Z");
        assert_eq!(
            due(Priority::P2, "2026-11-20T09:30:00Z"),
            "2026-11-23T17:00:00Z",
            "Friday"
        );
        assert_eq!(
            due(Priority::P2, "2026-11-21T09:30:00Z"),
            "2026-11-23T17:00:00Z",
            "Saturday"
        );
        assert_eq!(
            due(Priority::P2, "2026-12-24T09:30:00Z"),
            "2026-12-29T17:00:00Z",
            "Christmas Eve"
        );
    }

    #[test]
    fn p3_never_goes_beyond_fourteen_days() {
        assert_eq!(due(Priority::P3, "2026-11-23T09:30:00Z"), "2026-12-07T17:00:00Z");
        assert_eq!(
            due(Priority::P3, "2026-11-21T09:30:00Z"),
            "2026-12-04T17:00:00Z",
            "Saturday"
        );
        assert_eq!(
            due(Priority::P3, "2026-12-11T09:30:00Z"),
            "2026-12-24T17:00:00Z",
            "day 14 is Christmas"
        );
    }

    #[test]
    fn p4_has_ten_working_days() {
        assert_eq!(due(Priority::P4, "2026-11-23T09:30:00Z"), "2026-12-07T17:00:00Z");
        assert_eq!(
            due(Priority::P4, "2026-11-21T09:30:00Z"),
            "2026-12-04T17:00:00Z",
            "Saturday"
        );
        assert_eq!(
            due(Priority::P4, "2026-12-18T09:30:00Z"),
            "2027-01-06T17:00:00Z",
            "three bank holidays"
        );
    }

    #[test]
    fn the_clock_is_londons_on_both_sides_of_a_change() {
        // Summer time ends on 25 October 2026 and begins on 28 March 2027.
        assert_eq!(due(Priority::P2, "2026-10-23T12:00:00Z"), "2026-10-26T17:00:00Z");
        assert_eq!(due(Priority::P2, "2027-03-26T12:00:00Z"), "2027-03-29T16:00:00Z");
        // 23:30 UTC on a summer evening is already the next day in London.
        assert_eq!(due(Priority::P2, "2026-07-01T23:30:00Z"), "2026-07-03T16:00:00Z");
    }

    #[test]
    fn the_more_urgent_is_never_due_later() {
        let mut received = Ts("2026-10-20T00:00:00Z".parse().expect("a moment"));
        for _ in 0..2000 {
            let due: Vec<Ts> = Priority::ALL
                .iter()
                .map(|p| contact_by(*p, received, &hours()))
                .collect();
            assert!(
                due.iter().take(3).is_sorted() && due.iter().take(2).chain(due.last()).is_sorted(),
                "{received:?}"
            );
            assert!(due.iter().all(|moment| *moment > received), "{received:?}");
            received = received.plus_minutes(97);
        }
    }
}
