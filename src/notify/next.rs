//! What follows an attempt: delivered, again later, on to the next person, or given up. Pure; the time comes in.

use super::delivery::{Delivery, Reason};
use super::message::Lane;
use super::rota::RotaPerson;
use crate::values::{Id, Ts};

/// Seconds before the second attempt, doubled for each that follows.
const FIRST_PAUSE: [(Lane, i64); 2] = [(Lane::Urgent, 15), (Lane::Normal, 60)];
/// No pause between attempts is longer, in seconds, jitter aside.
const LONGEST_PAUSE: [(Lane, i64); 2] = [(Lane::Urgent, 5 * 60), (Lane::Normal, 60 * 60)];
/// A normal message that nobody took for this long is given up; somebody then rings instead.
const GIVEN_UP_AFTER_HOURS: i64 = 24;

/// What is done with a message after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Delivered,
    Again { at: Ts, reason: Reason },
    PassOn(Reason),
    GiveUp(Reason),
}

/// What is known of a message when an attempt has ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    pub(super) id: Id,
    pub(super) lane: Lane,
    /// Attempts begun, this one included.
    pub(super) attempts: i32,
    pub(super) created_at: Ts,
}

/// Decides what follows. An urgent message is never given up here: it goes on until somebody acknowledges it.
pub(super) fn decide(attempt: Attempt, ended: Delivery, now: Ts) -> Next {
    let last_chance = attempt.created_at.plus_minutes(GIVEN_UP_AFTER_HOURS * 60);
    match (ended, attempt.lane) {
        (Delivery::Done, Lane::Urgent | Lane::Normal) => Next::Delivered,
        (Delivery::Later(reason), Lane::Urgent) => Next::Again {
            at: after_pause(attempt, now),
            reason,
        },
        (Delivery::Later(reason), Lane::Normal) if now >= last_chance => Next::GiveUp(reason),
        (Delivery::Later(reason), Lane::Normal) => Next::Again {
            at: after_pause(attempt, now).min(last_chance),
            reason,
        },
        (Delivery::Never(reason), Lane::Urgent) => Next::PassOn(reason),
        (Delivery::Never(reason), Lane::Normal) => Next::GiveUp(reason),
    }
}

/// When the next attempt is due. The jitter, up to a quarter of the pause, comes from the random end of the
/// message's id, so that what failed together does not come back together.
pub(super) fn after_pause(attempt: Attempt, now: Ts) -> Ts {
    let doublings = attempt.attempts.saturating_sub(1).clamp(0, 16);
    let pause = (of(&FIRST_PAUSE, attempt.lane) << doublings).min(of(&LONGEST_PAUSE, attempt.lane));
    let random = attempt.id.as_bytes().iter().rev();
    let jitter = random
        .cycle()
        .nth(doublings as usize % 8)
        .map_or(0, |byte| i64::from(*byte));
    now.plus_seconds(pause + pause * jitter / (4 * 255))
}

fn of(table: &[(Lane, i64); 2], lane: Lane) -> i64 {
    let row = table.iter().find(|(named, _)| *named == lane);
    row.map_or(60, |(_, seconds)| *seconds)
}

/// Who is told next.
#[derive(Clone, Copy, Debug)]
pub(super) struct NextOnRota<'a> {
    pub(super) person: &'a RotaPerson,
    /// Whether everybody has been tried and the rota begins again: then with a pause.
    pub(super) again: bool,
}

/// The person after the one whose mailbox or number (`of`) refused; one that is not on the rota comes before all.
pub(super) fn next_on_rota<'a>(
    rota: &'a [RotaPerson],
    of: fn(&RotaPerson) -> &str,
    refused: &str,
) -> Option<NextOnRota<'a>> {
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let first = rota.first()?;
    let place = rota.iter().position(|person| same(of(person), refused));
    let Some(place) = place else {
        return Some(NextOnRota {
            person: first,
            again: false,
        });
    };
    // A mailbox or number that stands twice on the rota is asked once a round.
    let following = rota.iter().enumerate().skip(place + 1).find(|(index, person)| {
        !rota
            .iter()
            .take(*index)
            .any(|earlier| same(of(earlier), of(person)))
    });
    Some(match following {
        Some((_, person)) => NextOnRota { person, again: false },
        None => NextOnRota {
            person: first,
            again: true,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REASON: Reason = Reason::Smtp(451);

    fn start() -> Ts {
        Ts("2026-11-23T09:00:00Z".parse().expect("a timestamp"))
    }

    fn attempt(lane: Lane, attempts: i32) -> Attempt {
        Attempt {
            id: Id::from_bytes([0; 16]),
            lane,
            attempts,
            created_at: start(),
        }
    }

    fn person(email: &str) -> RotaPerson {
        RotaPerson {
            id: Id::new(),
            name: "Somebody".to_owned(),
            email: email.to_owned(),
            phone: "0114 496 0111".to_owned(),
            shifts: Vec::new(),
            leave: Vec::new(),
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        for (lane, attempts, seconds) in [
            (Lane::Urgent, 1, 15),
            (Lane::Urgent, 2, 30),
            (Lane::Urgent, 5, 240),
            (Lane::Urgent, 6, 300),
            (Lane::Urgent, i32::MAX, 300),
            (Lane::Normal, 0, 60),
            (Lane::Normal, 1, 60),
            (Lane::Normal, 6, 1920),
            (Lane::Normal, 7, 3600),
            (Lane::Normal, 100, 3600),
        ] {
            let at = after_pause(attempt(lane, attempts), start());
            assert_eq!(at, start().plus_seconds(seconds), "{lane:?} after {attempts}");
        }
    }

    #[test]
    fn jitter_is_never_more_than_a_quarter() {
        for byte in [0, 1, 128, 255] {
            let attempt = Attempt {
                id: Id::from_bytes([byte; 16]),
                ..attempt(Lane::Normal, 3)
            };
            let pause = after_pause(attempt, start()).since(start()).as_secs();
            assert!((240..=300).contains(&pause), "{pause}");
        }
    }

    #[test]
    fn an_urgent_message_is_never_given_up() {
        let years_later = start().plus_days(1000);
        let again = decide(attempt(Lane::Urgent, 9999), Delivery::Later(REASON), years_later);
        assert!(matches!(again, Next::Again { .. }));
        let refused = decide(attempt(Lane::Urgent, 1), Delivery::Never(REASON), start());
        assert_eq!(refused, Next::PassOn(REASON));
    }

    #[test]
    fn a_normal_message_has_its_last_chance_after_a_day() {
        let day = start().plus_days(1);
        let before = decide(
            attempt(Lane::Normal, 30),
            Delivery::Later(REASON),
            day.plus_seconds(-1),
        );
        assert_eq!(
            before,
            Next::Again {
                at: day,
                reason: REASON
            }
        );
        let then = decide(attempt(Lane::Normal, 31), Delivery::Later(REASON), day);
        assert_eq!(then, Next::GiveUp(REASON));
        let refused = decide(attempt(Lane::Normal, 1), Delivery::Never(REASON), start());
        assert_eq!(refused, Next::GiveUp(REASON));
        assert_eq!(
            decide(attempt(Lane::Normal, 99), Delivery::Done, day.plus_days(1)),
            Next::Delivered
        );
    }

    #[test]
    fn the_rota_is_gone_through_in_order_and_round_again() {
        let rota = [
            person("a@example.org"),
            person("b@example.org"),
            person("A@example.org"),
        ];
        let next = |refused| {
            let next = next_on_rota(&rota, |person| &person.email, refused).expect("somebody");
            (next.person.email.as_str(), next.again)
        };
        assert_eq!(next("service@example.org"), ("a@example.org", false));
        assert_eq!(next("a@example.ORG"), ("b@example.org", false));
        assert_eq!(next("b@example.org"), ("a@example.org", true));
        assert!(next_on_rota(&[], |person| &person.email, "b@example.org").is_none());
        let alone = [person("a@example.org")];
        assert!(
            next_on_rota(&alone, |person| &person.email, "a@example.org")
                .expect("somebody")
                .again
        );
    }
}
