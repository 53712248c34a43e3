//! Whose turn it is to be told while nobody acknowledges, and when. Pure: from who can be told at a moment, who was told
//! before, and the numbers of the locality.

use crate::config::Escalation;
use crate::notify::{Cover, OTHER_ROUTE, OnDuty, RotaPerson};
use crate::values::{Id, Ts};

/// One telling since the alarm began; without a person where only the service's mailbox was told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub person: Option<Id>,
    pub at: Ts,
}

/// Who is told next, and from when.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub person: RotaPerson,
    pub at: Ts,
}

/// The next turn. Everybody who can be told now is told `rounds` times, a pause of `minutes` apart, whoever was told
/// least first: so somebody who comes on shift in the middle of it is told soon. After that the other route takes turns
/// with them, and each pause is twice the one before, up to the longest. It never ends; nobody has a turn only where
/// there is nobody at all. `since` is when the alarm began, for one of which no telling is known.
pub(super) fn next_turn(duty: &OnDuty, told: &[Told], since: Ts, clock: &Escalation) -> Option<Turn> {
    let last = told.last().map_or(since, |last| last.at);
    let full = told_often_enough(duty, told, usize::from(clock.rounds));
    let minutes = i64::from(clock.minutes);
    let Some(after) = full.and_then(|full| told.get(full..)) else {
        return Some(Turn {
            person: least_told(duty, told)?.clone(),
            at: last.plus_minutes(minutes),
        });
    };
    let pause = i32::try_from(after.len()).map_or(i64::MAX, |doublings| minutes << doublings.min(16));
    let other_route = duty.other_route.as_ref().filter(|_| duty.cover == Cover::Shift);
    let was_other_route = after.last().is_some_and(|last| last.person == Some(OTHER_ROUTE));
    let person = match other_route {
        Some(route) if !was_other_route => route,
        Some(_) | None => least_told(duty, told)?,
    };
    Some(Turn {
        person: person.clone(),
        at: last.plus_minutes(pause.min(clock.longest_pause.into())),
    })
}

/// How many tellings it took until everybody on duty was told so often; `None` while somebody was not.
fn told_often_enough(duty: &OnDuty, told: &[Told], rounds: usize) -> Option<usize> {
    let mut full = 0;
    for person in &duty.people {
        let of = told
            .iter()
            .enumerate()
            .filter(|(_, one)| one.person == Some(person.id));
        let (place, _) = of.clone().nth(rounds.checked_sub(1)?)?;
        full = full.max(place + 1);
    }
    Some(full)
}

/// The first in order of those who were told least.
fn least_told<'a>(duty: &'a OnDuty, told: &[Told]) -> Option<&'a RotaPerson> {
    let times = |person: &&RotaPerson| told.iter().filter(|one| one.person == Some(person.id)).count();
    duty.people.iter().min_by_key(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Ts {
        Ts("2026-11-27T17:00:00Z".parse().expect("a moment"))
    }

    fn person(name: &str, id: u8) -> RotaPerson {
        RotaPerson {
            id: Id::from_bytes([id; 16]),
            name: name.to_owned(),
            email: format!("{name}@example.org"),
            phone: "0114 496 0111".to_owned(),
            shifts: Vec::new(),
            leave: Vec::new(),
        }
    }

    fn on(names: &[(&str, u8)], route: bool) -> OnDuty {
        let route = route.then(|| RotaPerson {
            id: OTHER_ROUTE,
            ..person("R", 0)
        });
        OnDuty {
            people: names.iter().map(|(name, id)| person(name, *id)).collect(),
            cover: Cover::Shift,
            other_route: route,
            off: Vec::new(),
        }
    }

    /// Tells on and on until `minutes` after the start; gives who was told and how many minutes after the start.
    fn told(duty: impl Fn(i64) -> OnDuty, minutes: i64) -> Vec<(String, i64)> {
        let (clock, mut told, mut said) = (Escalation::default(), Vec::new(), Vec::new());
        for minute in 0..minutes {
            let now = start().plus_minutes(minute);
            let turn = next_turn(&duty(minute), &told, start(), &clock).expect("somebody");
            if turn.at <= now {
                told.push(Told {
                    person: Some(turn.person.id),
                    at: now,
                });
                said.push((turn.person.name, minute));
            }
        }
        said
    }

    fn as_text(told: &[(String, i64)]) -> String {
        let told = told.iter().map(|(name, minute)| format!("{name}{minute}"));
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn after_two_rounds_the_pauses_double_up_to_the_longest_and_never_end() {
        let pair = |_| on(&[("A", 1), ("B", 2)], false);
        let told = told(pair, 12 * 60);
        assert_eq!(
            as_text(&told),
            "A15 B30 A45 B60 A75 B105 A165 B285 A405 B525 A645"
        );
    }

    #[test]
    fn after_two_rounds_the_other_route_takes_turns_with_the_rota() {
        let pair = |_| on(&[("A", 1), ("B", 2)], true);
        assert_eq!(
            as_text(&told(pair, 12 * 60)),
            "A15 B30 A45 B60 R75 A105 R165 B285 R405 A525 R645"
        );
    }

    #[test]
    fn who_comes_on_shift_is_told_at_once_and_has_rounds_of_their_own() {
        // A is alone until minute 600; then B takes over.
        let shifts = |minute| match minute < 600 {
            true => on(&[("A", 1)], true),
            false => on(&[("B", 2)], true),
        };
        let told = told(shifts, 900);
        assert_eq!(
            as_text(&told),
            "A15 A30 R45 A75 R135 A255 R375 A495 B600 B615 R630 B660 R720 B840"
        );
    }

    #[test]
    fn while_the_other_route_stands_in_for_everybody_it_is_told_with_growing_pauses() {
        let alone = |_| OnDuty {
            people: vec![RotaPerson {
                id: OTHER_ROUTE,
                ..person("R", 0)
            }],
            cover: Cover::OtherRoute,
            ..on(&[], true)
        };
        assert_eq!(as_text(&told(alone, 400)), "R15 R30 R45 R75 R135 R255 R375");
    }

    #[test]
    fn from_friday_at_five_to_monday_at_nine_a_pair_is_told_some_thirty_times() {
        let pair = |_| on(&[("A", 1), ("B", 2)], true);
        assert_eq!(told(pair, 64 * 60).len(), 37);
    }

    #[test]
    fn a_telling_that_did_not_arrive_counts_for_the_clock_and_not_for_the_person() {
        let lost = [Told {
            person: None,
            at: start(),
        }];
        let turn = next_turn(
            &on(&[("A", 1), ("B", 2)], true),
            &lost,
            start(),
            &Escalation::default(),
        );
        let turn = turn.expect("somebody");
        assert_eq!(
            (turn.person.name.as_str(), turn.at),
            ("A", start().plus_minutes(15))
        );
        let nobody = next_turn(&on(&[], false), &[], start(), &Escalation::default());
        assert!(nobody.is_none());
    }
}
