//! When a place may be chosen, confirmed, answered and reminded of. Pure: hours and moments come in.

use jiff::ToSpan;

use crate::config::{Locality, OpeningHours};
use crate::values::{Ts, london};

/// Working days the team has to confirm a place, and that lie at least between a choice and the first session.
const DAYS_TO_CONFIRM: i64 = 2;
/// Calendar days before the first session that a person is reminded.
const REMINDED_DAYS_BEFORE: i64 = 2;

/// What the locality says about places.
#[derive(Clone, Copy, Debug)]
pub struct BookingRules<'a> {
    /// When the team works.
    pub hours: &'a OpeningHours,
    /// Whether patients keep places on courses for themselves.
    pub course: bool,
    /// Whether patients keep assessment appointments for themselves.
    pub assessment: bool,
    /// Hours to answer an offer.
    pub offer_hours: i64,
}

impl<'a> BookingRules<'a> {
    /// The rules of this locality.
    pub fn of(locality: &'a Locality) -> Self {
        Self {
            hours: &locality.hours,
            course: locality.booking.course,
            assessment: locality.booking.assessment,
            offer_hours: i64::from(locality.booking.offer_hours),
        }
    }

    /// Whether a place may still be chosen or offered: the team must be able to confirm it before the first session.
    pub fn is_open(&self, now: Ts, first_session: Ts) -> bool {
        self.working_days(now, DAYS_TO_CONFIRM) < first_session
    }

    /// By when a named person confirms a place kept now: two working days, and always before the first session.
    pub fn confirm_by(&self, now: Ts, first_session: Ts) -> Ts {
        let usual = self.working_days(now, DAYS_TO_CONFIRM);
        if usual < first_session {
            return usual;
        }
        let last_day_before = (1..=14)
            .map(|days| first_session.london_date().saturating_sub(days.days()))
            .find(|day| self.hours.is_working_day(*day));
        let evening = last_day_before.and_then(|day| self.hours.closing(day));
        evening
            .filter(|evening| *evening > now)
            .unwrap_or_else(|| first_session.plus_minutes(-60).max(now).min(first_session))
    }

    /// Until when an offer that reached the person stands: never past the start of the run.
    pub fn lapses_at(&self, told: Ts, first_session: Ts) -> Ts {
        told.plus_minutes(self.offer_hours * 60).min(first_session)
    }

    /// From when a person is reminded: the morning two days before.
    pub fn reminded_from(&self, first_session: Ts) -> Ts {
        let day = first_session
            .london_date()
            .saturating_sub(REMINDED_DAYS_BEFORE.days());
        let morning = day.to_datetime(self.hours.opens).to_zoned_datetime(london());
        morning.map_or(first_session, |zoned| Ts(zoned.timestamp()))
    }

    /// Whether the first session is on the next working day or sooner.
    pub fn is_near(&self, now: Ts, first_session: Ts) -> bool {
        let tomorrow = now.london_date().saturating_add(1.days());
        first_session.london_date() <= self.hours.working_day_after(tomorrow, 0)
    }

    /// The moment so many working days of the locality's hours later.
    pub fn working_days(&self, from: Ts, days: i64) -> Ts {
        let day = self.hours.opens.duration_until(self.hours.closes).as_mins();
        self.hours.after_working_minutes(from, day * days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    fn with_rules(check: impl Fn(BookingRules<'_>)) {
        let locality = Locality::example().expect("an example");
        check(BookingRules::of(&locality));
    }

    #[test]
    fn a_place_is_confirmed_within_two_working_days_and_before_the_first_session() {
        with_rules(|rules| {
            let far = at("2026-12-22T14:00:00Z");
            // Friday afternoon: Monday and Tuesday are the two days.
            assert_eq!(
                rules.confirm_by(at("2026-11-20T16:00:00Z"), far),
                at("2026-11-24T16:00:00Z")
            );
            // Christmas and its bank holiday are no working days.
            assert_eq!(
                rules.confirm_by(at("2026-12-24T09:00:00Z"), at("2027-01-20T14:00:00Z")),
                at("2026-12-29T17:00:00Z")
            );
            for (now, first) in [
                ("2026-11-23T09:30:00Z", "2026-11-24T10:00:00Z"),
                ("2026-11-23T09:30:00Z", "2026-11-23T10:00:00Z"),
                ("2026-11-21T09:30:00Z", "2026-11-22T10:00:00Z"),
                ("2026-11-23T18:30:00Z", "2026-11-24T09:00:00Z"),
            ] {
                let by = rules.confirm_by(at(now), at(first));
                assert!(at(now) <= by && by < at(first), "{now} {first}: {by:?}");
            }
        });
    }

    #[test]
    fn a_run_is_open_while_two_working_days_lie_before_it() {
        with_rules(|rules| {
            let first = at("2026-11-25T10:00:00Z");
            assert!(rules.is_open(at("2026-11-23T09:30:00Z"), first));
            assert!(!rules.is_open(at("2026-11-23T10:00:00Z"), first));
            // Over a weekend two days are four.
            assert!(!rules.is_open(at("2026-11-20T17:00:00Z"), at("2026-11-24T09:00:00Z")));
        });
    }

    #[test]
    fn an_offer_never_runs_past_the_start_of_the_run() {
        with_rules(|rules| {
            let told = at("2026-11-23T09:30:00Z");
            assert_eq!(
                rules.lapses_at(told, at("2026-12-08T14:00:00Z")),
                at("2026-11-25T09:30:00Z")
            );
            let soon = at("2026-11-24T14:00:00Z");
            assert_eq!(rules.lapses_at(told, soon), soon);
        });
    }

    #[test]
    fn a_reminder_goes_out_in_the_morning_two_calendar_days_before_across_the_change_of_clocks() {
        with_rules(|rules| {
            assert_eq!(
                rules.reminded_from(at("2026-12-08T14:00:00Z")),
                at("2026-12-06T09:00:00Z")
            );
            // The clocks go back on Sunday 25 October: Saturday's nine o'clock is eight by UTC.
            assert_eq!(
                rules.reminded_from(at("2026-10-26T14:00:00Z")),
                at("2026-10-24T08:00:00Z")
            );
        });
    }

    #[test]
    fn near_is_the_next_working_day() {
        with_rules(|rules| {
            let friday = at("2026-11-20T15:00:00Z");
            assert!(rules.is_near(friday, at("2026-11-23T14:00:00Z")));
            assert!(!rules.is_near(friday, at("2026-11-24T14:00:00Z")));
        });
    }
}
