//! In which order those are shown whom nobody has acknowledged, so that one person is not lost among many forms sent one
//! after the other. Pure. Whoever came with a slip, or through a signed-in person or a system with a key, comes first.
//! What came through the public form without a slip follows, and last of all what came that way in a burst.

use crate::referrals::Reference;
use crate::values::{Id, Ts};

/// Forms that follow each other within so many minutes belong to one burst.
const BURST_MINUTES: i64 = 5;
/// So many make a burst: a family of three that fills in its forms one after the other is none.
const BURST: usize = 4;

/// One who is waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub id: Id,
    pub reference: Reference,
    pub received_at: Ts,
    /// Whether anybody could have sent it: through the public form, without a slip.
    pub public: bool,
    /// The length of the timeline, which a form sends back.
    pub seen: i32,
}

/// Those who are waiting, in three kinds; each the longest waiting first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct InOrder {
    /// With a slip, or from a known person or system.
    pub known: Vec<Waiting>,
    /// Through the public form, without a slip.
    pub public: Vec<Waiting>,
    /// The same, many shortly after one another.
    pub bursts: Vec<Vec<Waiting>>,
}

impl InOrder {
    /// Puts them in order.
    pub fn of(waiting: Vec<Waiting>) -> Self {
        let (mut public, mut known): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|one| one.public);
        known.sort_by_key(|one| (one.received_at, one.id));
        public.sort_by_key(|one| (one.received_at, one.id));
        let mut runs: Vec<Vec<Waiting>> = Vec::new();
        for one in public {
            let follows = |last: &Waiting| one.received_at <= last.received_at.plus_minutes(BURST_MINUTES);
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(follows) => run.push(one),
                _ => runs.push(vec![one]),
            }
        }
        let (bursts, single): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| run.len() >= BURST);
        Self {
            known,
            public: single.into_iter().flatten().collect(),
            bursts,
        }
    }

    /// All of them one after the other.
    pub fn all(&self) -> impl Iterator<Item = &Waiting> {
        self.known
            .iter()
            .chain(&self.public)
            .chain(self.bursts.iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(minute: i64, public: bool) -> Waiting {
        let start = Ts("2026-11-27T17:00:00Z".parse().expect("a moment"));
        Waiting {
            id: Id::new(),
            reference: Reference::parse("7K3M9QXT").expect("a reference"),
            received_at: start.plus_minutes(minute),
            public,
            seen: 1,
        }
    }

    fn minutes(rows: &[Waiting]) -> Vec<i64> {
        let start = waiting(0, true).received_at;
        rows.iter()
            .map(|one| one.received_at.since(start).as_mins())
            .collect()
    }

    #[test]
    fn nobody_from_elsewhere_is_sorted_behind_a_flood() {
        let mut all: Vec<Waiting> = (0..41).map(|_| waiting(30, true)).collect();
        // Before, with and after the flood: a slip; a form an hour earlier and one an hour later.
        all.extend([
            waiting(31, false),
            waiting(0, false),
            waiting(90, true),
            waiting(2, true),
            waiting(60, false),
        ]);
        let order = InOrder::of(all);
        assert_eq!(minutes(&order.known), [0, 31, 60]);
        assert_eq!(minutes(&order.public), [2, 90]);
        assert_eq!((order.bursts.len(), order.bursts[0].len()), (1, 41));
        assert_eq!(order.all().count(), 46, "and nobody is left out");
    }

    #[test]
    fn a_burst_is_four_or_more_each_within_five_minutes_of_the_last() {
        let of = |minutes: &[i64]| {
            let order = InOrder::of(minutes.iter().map(|minute| waiting(*minute, true)).collect());
            (
                order.public.len(),
                order.bursts.iter().map(Vec::len).collect::<Vec<_>>(),
            )
        };
        assert_eq!(of(&[]), (0, vec![]));
        assert_eq!(of(&[0, 1, 2]), (3, vec![]));
        assert_eq!(of(&[0, 5, 10, 15]), (0, vec![4]));
        assert_eq!(of(&[0, 5, 11, 16]), (4, vec![]));
        assert_eq!(of(&[0, 0, 0, 0, 60, 120, 120, 120, 120, 120]), (1, vec![4, 5]));
    }
}
