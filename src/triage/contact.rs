//! How soon a person gets in touch: the promise behind each priority (domain facts, section 4, proposed).

use jiff::ToSpan;

use super::decision::Priority;
use crate::config::OpeningHours;
use crate::values::Ts;

/// Working minutes in which a P1 is spoken to.
const P1_WORKING_MINUTES: i64 = 4 * 60;
/// Calendar days in which a P3 is assessed (perinatal: NICE QS115 says two weeks).
const P3_DAYS: i64 = 14;
/// Working days in which a P4 hears from somebody.
const P4_WORKING_DAYS: u32 = 10;

/// The latest moment at which somebody should have been in touch. Working time, in London.
pub fn contact_by(priority: Priority, received: Ts, hours: &OpeningHours) -> Ts {
    let read = hours.next_open(received);
    let day = read.london_date();
    let due = match priority {
        Priority::P1 => return hours.after_working_minutes(received, P1_WORKING_MINUTES),
        Priority::P2 => hours.working_day_after(day.saturating_add(1.day()), 0),
        Priority::P3 => received.london_date().saturating_add(P3_DAYS.days()),
        Priority::P4 => hours.working_day_after(day.saturating_add(1.day()), P4_WORKING_DAYS - 1),
    };
    hours.closing(due).unwrap_or(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Locality;

    fn due(priority: Priority, received: &str) -> String {
        let hours = Locality::example().expect("an example").hours;
        contact_by(priority, Ts(received.parse().expect("a timestamp")), &hours)
            .0
            .to_string()
    }

    #[test]
    fn p1_is_spoken_to_in_four_working_hours() {
        assert_eq!(due(Priority::P1, "2026-11-23T09:30:00Z"), "2026-11-23T13:30:00Z");
        assert_eq!(due(Priority::P1, "2026-11-21T03:00:00Z"), "2026-11-23T13:00:00Z");
    }

    #[test]
    fn p2_is_spoken_to_by_the_end_of_the_next_working_day() {
        assert_eq!(due(Priority::P2, "2026-11-23T09:30:00Z"), "2026-11-24T17:00:00Z");
        assert_eq!(due(Priority::P2, "2026-11-20T18:00:00Z"), "2026-11-24T17:00:00Z");
    }

    #[test]
    fn p3_counts_calendar_days_and_p4_working_days() {
        assert_eq!(due(Priority::P3, "2026-11-23T09:30:00Z"), "2026-12-07T17:00:00Z");
        assert_eq!(due(Priority::P4, "2026-11-23T09:30:00Z"), "2026-12-07T17:00:00Z");
        assert_eq!(due(Priority::P4, "2026-12-18T09:30:00Z"), "2027-01-06T17:00:00Z");
    }
}
