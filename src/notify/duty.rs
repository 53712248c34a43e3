//! Who can be told at a moment: those on shift, in the order of the rota; while nobody is, the other route of the
//! locality; without one, everybody. Never nobody. Pure: from rota, leave and moment.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{SignedDuration, ToSpan};

use super::rota::RotaPerson;
use crate::config::{Locality, OtherRoute};
use crate::values::{Id, Ts};

/// The id that stands for the other route where the id of a person on the rota would stand.
pub const OTHER_ROUTE: Id = Id::from_bytes([255; 16]);

/// A Monday, for looking at a week without leave and without bank holidays.
const ANY_MONDAY: Date = jiff::civil::date(2024, 1, 1);

/// Why these people are the ones to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// They are on shift.
    Shift,
    /// Nobody is on shift; the locality names another route.
    OtherRoute,
    /// Nobody is on shift, and there is no other route: everybody is told.
    Everybody,
}

/// Who can be told at a moment.
#[derive(Clone, Debug)]
pub struct OnDuty {
    /// In this order.
    pub people: Vec<RotaPerson>,
    /// Why these.
    pub cover: Cover,
    /// The other route, whether or not it is among them.
    pub other_route: Option<RotaPerson>,
    /// Who is on the rota and not among them.
    pub off: Vec<RotaPerson>,
}

impl OnDuty {
    /// Everybody, in the order in which a message is passed on after a refusal: those on duty, the other route, the
    /// rest.
    pub fn and_others(self) -> Vec<RotaPerson> {
        let route = self.other_route.filter(|_| self.cover != Cover::OtherRoute);
        self.people.into_iter().chain(route).chain(self.off).collect()
    }
}

impl RotaPerson {
    /// The other route of a locality, as somebody who can be told.
    pub fn other_route(route: &OtherRoute) -> Self {
        Self {
            id: OTHER_ROUTE,
            name: route.name.clone(),
            email: route.email.clone(),
            phone: route.phone.clone(),
            shifts: Vec::new(),
            leave: Vec::new(),
        }
    }

    /// Whether the person can be told at this moment.
    pub fn is_on(&self, now: Ts, holidays: &[Date]) -> bool {
        let local = now.london();
        self.is_on_at(local.date(), local.time(), holidays)
    }

    /// Leave counts by whole days, from midnight to midnight; nor is a night worked that began on a day of leave.
    fn is_on_at(&self, date: Date, time: Time, holidays: &[Date]) -> bool {
        let away = |day: Date| self.leave.iter().any(|leave| leave.covers(day));
        if away(date) {
            return false;
        }
        let weekday = |day| counts_as(day, holidays);
        let mut began = self.shifts.iter().map(|shift| shift.began(date, time, weekday));
        self.shifts.is_empty() || began.any(|day| day.is_some_and(|day| !away(day)))
    }
}

/// A bank holiday counts as a Sunday.
fn counts_as(day: Date, holidays: &[Date]) -> Weekday {
    match holidays.contains(&day) {
        true => Weekday::Sunday,
        false => day.weekday(),
    }
}

/// Who of these can be told at this moment.
pub fn on_duty(people: Vec<RotaPerson>, locality: &Locality, now: Ts) -> OnDuty {
    let holidays = &locality.hours.bank_holidays;
    let other_route = locality.escalation.after_rounds.as_ref();
    let other_route = other_route.map(RotaPerson::other_route);
    let (on, off): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.is_on(now, holidays));
    let (people, cover, off) = match (on.is_empty(), &other_route) {
        (false, _) => (on, Cover::Shift, off),
        (true, Some(route)) => (vec![route.clone()], Cover::OtherRoute, off),
        (true, None) => (off, Cover::Everybody, on),
    };
    OnDuty {
        people,
        cover,
        other_route,
        off,
    }
}

/// A stretch in which nobody is on shift, on a London clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Its first minute.
    pub from: DateTime,
    /// The first minute after it.
    pub to: DateTime,
}

impl Gap {
    /// "Fri 17:00 to Mon 09:00".
    pub fn by_weekday(&self) -> String {
        let said = |at: DateTime| at.strftime("%a %H:%M").to_string();
        format!("{} to {}", said(self.from), said(self.to))
    }

    /// "Thu 24 Dec 17:00 to Tue 29 Dec 09:00".
    pub fn by_date(&self) -> String {
        let said = |at: DateTime| at.strftime("%a %-d %b %H:%M").to_string();
        format!("{} to {}", said(self.from), said(self.to))
    }
}

/// The hours of a week that nobody covers, leave and bank holidays aside. Each begins in the week; one may end after it.
pub fn uncovered_hours(people: &[RotaPerson]) -> Vec<Gap> {
    let people = without_leave(people);
    let week = ANY_MONDAY.saturating_add(7.days())..ANY_MONDAY.saturating_add(14.days());
    let gaps = gaps(&people, &[], ANY_MONDAY, 21);
    gaps.into_iter()
        .filter(|gap| week.contains(&gap.from.date()))
        .collect()
}

/// The hours of the next days that nobody covers because of leave or a bank holiday, besides those of every week.
pub fn uncovered_by_leave(people: &[RotaPerson], holidays: &[Date], from: Date, days: u16) -> Vec<Gap> {
    let usual = gaps(&without_leave(people), &[], from, days);
    let real = gaps(people, holidays, from, days);
    real.into_iter().filter(|gap| !usual.contains(gap)).collect()
}

fn without_leave(people: &[RotaPerson]) -> Vec<RotaPerson> {
    let mut people = people.to_vec();
    people.iter_mut().for_each(|person| person.leave.clear());
    people
}

/// Looks only where somebody's shift or a day begins or ends: in between nothing changes.
fn gaps(people: &[RotaPerson], holidays: &[Date], from: Date, days: u16) -> Vec<Gap> {
    let shifts = people.iter().flat_map(|person| &person.shifts);
    let ends = shifts.flat_map(|shift| {
        let (_, from, to) = shift.numbers();
        [from, to]
    });
    let mut minutes: Vec<i32> = ends.chain([0]).collect();
    minutes.sort_unstable();
    minutes.dedup();
    let midnight = |day: u16| {
        from.saturating_add(i32::from(day).days())
            .to_datetime(Time::midnight())
    };
    let mut gaps: Vec<Gap> = Vec::new();
    let mut open: Option<DateTime> = None;
    for day in 0..days {
        for minute in &minutes {
            let at = midnight(day).saturating_add(SignedDuration::from_mins((*minute).into()));
            let covered = people
                .iter()
                .any(|person| person.is_on_at(at.date(), at.time(), holidays));
            match (covered, open) {
                (false, None) => open = Some(at),
                (true, Some(since)) => {
                    gaps.push(Gap { from: since, to: at });
                    open = None;
                }
                (false, Some(_)) | (true, None) => {}
            }
        }
    }
    gaps.extend(open.map(|since| Gap {
        from: since,
        to: midnight(days),
    }));
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Shift;
    use crate::notify::rota::Leave;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a moment"))
    }

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn person(name: &str, shifts: &[&str]) -> RotaPerson {
        RotaPerson {
            id: Id::new(),
            name: name.to_owned(),
            email: format!("{name}@example.org"),
            phone: "0114 496 0111".to_owned(),
            shifts: shifts
                .iter()
                .map(|text| Shift::parse(text).expect("a shift"))
                .collect(),
            leave: Vec::new(),
        }
    }

    fn away(mut person: RotaPerson, first: &str, last: &str) -> RotaPerson {
        person.leave.push(Leave {
            first: day(first),
            last: day(last),
        });
        person
    }

    fn on(people: &[RotaPerson], moment: &str) -> String {
        let locality = Locality::example().expect("an example");
        let duty = on_duty(people.to_vec(), &locality, at(moment));
        let names: String = duty.people.iter().map(|person| person.name.as_str()).collect();
        match duty.cover {
            Cover::Shift => names,
            Cover::OtherRoute => format!("route {names}"),
            Cover::Everybody => format!("everybody {names}"),
        }
    }

    /// D by day, N by night, W at the weekend, in the order W, D, N. 27 November 2026 is a Friday.
    fn team() -> Vec<RotaPerson> {
        vec![
            person("W", &["Sat-Sun all day"]),
            person("D", &["Mon-Fri 09:00-17:00"]),
            person("N", &["Mon-Fri 17:00-09:00"]),
        ]
    }

    #[test]
    fn who_is_on_follows_the_days_and_hours_of_their_shifts() {
        for (moment, expected) in [
            ("2026-11-27T08:59:00Z", "N"),
            ("2026-11-27T09:00:00Z", "D"),
            ("2026-11-27T16:59:59Z", "D"),
            ("2026-11-27T17:00:00Z", "N"),
            ("2026-11-27T23:59:00Z", "N"),
            // Friday's night runs into Saturday, beside the weekend.
            ("2026-11-28T00:00:00Z", "WN"),
            ("2026-11-28T08:59:00Z", "WN"),
            ("2026-11-28T09:00:00Z", "W"),
            ("2026-11-29T23:59:00Z", "W"),
            // Sunday's night is nobody's.
            ("2026-11-30T00:00:00Z", "everybody WDN"),
            ("2026-11-30T08:59:00Z", "everybody WDN"),
            ("2026-11-30T09:00:00Z", "D"),
        ] {
            assert_eq!(on(&team(), moment), expected, "{moment}");
        }
        assert_eq!(on(&[person("A", &[])], "2026-11-30T03:00:00Z"), "A", "always");
    }

    /// The clocks went back on 25 October 2026 at 2am summer time and go forward on 28 March 2027 at 1am.
    #[test]
    fn shifts_follow_the_london_clock_over_both_changes_of_the_clocks() {
        let nights = [
            person("N", &["Sat 22:00-06:00"]),
            person("B", &["Sun 06:00-22:00"]),
        ];
        for (moment, expected) in [
            // Summer time: 22:00 in London is 21:00 UTC.
            ("2026-10-24T20:59:00Z", "everybody NB"),
            ("2026-10-24T21:00:00Z", "N"),
            // 1:30am comes twice, and both times N is on.
            ("2026-10-25T00:30:00Z", "N"),
            ("2026-10-25T01:30:00Z", "N"),
            // 6am is an hour later by UTC: the night had nine hours.
            ("2026-10-25T05:59:00Z", "N"),
            ("2026-10-25T06:00:00Z", "B"),
            ("2027-03-27T21:59:00Z", "everybody NB"),
            ("2027-03-27T22:00:00Z", "N"),
            // 6am is an hour earlier by UTC: the night has seven hours.
            ("2027-03-28T04:59:00Z", "N"),
            ("2027-03-28T05:00:00Z", "B"),
        ] {
            assert_eq!(on(&nights, moment), expected, "{moment}");
        }
        // An hour that does not exist that night is nobody's, and an hour that comes twice is covered twice.
        let hour = [
            person("H", &["Sun 01:00-02:00"]),
            person("D", &["Sun 02:00-09:00"]),
        ];
        assert_eq!(on(&hour, "2027-03-28T00:59:00Z"), "everybody HD");
        assert_eq!(on(&hour, "2027-03-28T01:00:00Z"), "D");
        assert_eq!(on(&hour, "2026-10-25T00:30:00Z"), "H");
        assert_eq!(on(&hour, "2026-10-25T01:30:00Z"), "H");
        assert_eq!(on(&hour, "2026-10-25T02:00:00Z"), "D");
    }

    #[test]
    fn who_is_on_leave_is_not_told_nor_in_the_night_that_began_on_leave() {
        let team: Vec<RotaPerson> = team()
            .into_iter()
            .map(|one| match one.name.as_str() {
                "N" => away(one, "2026-11-26", "2026-11-26"),
                _ => one,
            })
            .collect();
        for (moment, expected) in [
            // Wednesday's night ends at midnight: then the leave begins.
            ("2026-11-25T23:59:00Z", "N"),
            ("2026-11-26T00:00:00Z", "everybody WDN"),
            ("2026-11-26T12:00:00Z", "D"),
            ("2026-11-26T20:00:00Z", "everybody WDN"),
            // Thursday's night would have begun on leave.
            ("2026-11-27T03:00:00Z", "everybody WDN"),
            ("2026-11-27T17:00:00Z", "N"),
        ] {
            assert_eq!(on(&team, moment), expected, "{moment}");
        }
        let always = away(person("A", &[]), "2026-11-26", "2026-11-27");
        let rota = [always, person("B", &[])];
        assert_eq!(on(&rota, "2026-11-25T23:59:00Z"), "AB");
        assert_eq!(on(&rota, "2026-11-26T00:00:00Z"), "B");
        assert_eq!(on(&rota, "2026-11-28T00:00:00Z"), "AB");
    }

    /// 25 December 2026 is a Friday and a bank holiday of the example.
    #[test]
    fn a_bank_holiday_counts_as_a_sunday() {
        let team = [
            person("W", &["Sun all day"]),
            person("D", &["Mon-Fri 09:00-17:00"]),
        ];
        assert_eq!(on(&team, "2026-12-24T12:00:00Z"), "D");
        assert_eq!(on(&team, "2026-12-25T12:00:00Z"), "W");
        let night = [person("N", &["Thu 17:00-09:00"])];
        assert_eq!(
            on(&night, "2026-12-25T08:00:00Z"),
            "N",
            "Thursday's night ends as it began"
        );
    }

    #[test]
    fn while_nobody_is_on_shift_the_other_route_is_told_and_without_one_everybody() {
        let mut locality = Locality::example().expect("an example");
        let sunday_night = at("2026-11-30T03:00:00Z");
        let everybody = on_duty(team(), &locality, sunday_night);
        assert_eq!((everybody.people.len(), everybody.cover), (3, Cover::Everybody));
        assert_eq!(everybody.and_others().len(), 3);
        locality.escalation.after_rounds = Some(OtherRoute {
            name: "Crisis team".to_owned(),
            email: "crisis@example.org".to_owned(),
            phone: "0114 496 0119".to_owned(),
        });
        let route = on_duty(team(), &locality, sunday_night);
        assert_eq!(
            (route.people[0].id, route.cover),
            (OTHER_ROUTE, Cover::OtherRoute)
        );
        let names = |duty: OnDuty| -> Vec<String> {
            let all = duty.and_others().into_iter();
            all.map(|person| person.name).collect()
        };
        assert_eq!(names(route), ["Crisis team", "W", "D", "N"]);
        let by_day = on_duty(team(), &locality, at("2026-11-27T12:00:00Z"));
        assert_eq!(names(by_day), ["D", "Crisis team", "W", "N"]);
    }

    #[test]
    fn the_hours_that_nobody_covers_are_named() {
        let named = |people: &[RotaPerson]| -> Vec<String> {
            uncovered_hours(people).iter().map(Gap::by_weekday).collect()
        };
        assert_eq!(named(&team()), ["Mon 00:00 to Mon 09:00"]);
        assert!(named(&[person("A", &[])]).is_empty());
        let day = [person("D", &["Mon-Fri 09:00-17:00"])];
        let nights = named(&day);
        assert_eq!(nights.len(), 5);
        assert_eq!(
            (nights[0].as_str(), nights[4].as_str()),
            ("Mon 17:00 to Tue 09:00", "Fri 17:00 to Mon 09:00")
        );
        let holidays = [self::day("2026-12-25")];
        let team = team().into_iter().map(|one| match one.name.as_str() {
            "D" => away(one, "2026-12-02", "2026-12-02"),
            _ => one,
        });
        let team: Vec<RotaPerson> = team.collect();
        let ahead = uncovered_by_leave(&team, &holidays, self::day("2026-11-30"), 28);
        let ahead: Vec<String> = ahead.iter().map(Gap::by_date).collect();
        // On Christmas Day W is on as on a Sunday, and Friday's night falls away.
        assert_eq!(ahead, ["Wed 2 Dec 09:00 to Wed 2 Dec 17:00"]);
    }
}
