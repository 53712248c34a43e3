//! Shelves: the lists that a referral stands in, narrowed by one thing each. A shelf is one number, made of what the
//! list is narrowed by, the queue, the service and the priority, so that a filtered list is a stretch of one index
//! however many referrals there are. Kept in the transactions that change a referral, by the store of this room.

use std::collections::BTreeSet;

use super::state::Queue;
use crate::config::ServiceName;
use crate::triage::{Priority, SelfBooking, Source};
use crate::values::{Id, Ts};

/// One thing a list is narrowed by. The service is not one of them: it is part of every shelf.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// By nothing.
    Everybody,
    /// Who referred.
    Source(Source),
    /// Where the slip came from.
    Clinic(Id),
    /// A flag.
    Flag(String),
    /// A long-term condition of the local list, or `course` or `assessment` where such a place may be taken.
    Pathway(String),
    /// Open, and taken on by this person.
    HeldBy(Id),
    /// Open, and taken on by somebody.
    Held,
    /// Open, and taken on by nobody.
    Free,
    /// Contact is owed, whatever state the referral is in.
    Owed,
}

/// Bits of a shelf below the facet: three for the queue, two for the service, two for the priority.
const BELOW: u32 = 7;
/// A facet is this many bits of a hash. With a thousand values two of them meet once in two million installations;
/// a list would then show somebody too many, and never somebody too few.
const FACET_BITS: u32 = 40;

impl Facet {
    /// The number of the facet: 0 for everybody, else a hash that is the same on every machine for ever.
    fn number(&self) -> i64 {
        let hash = match self {
            Facet::Everybody => return 0,
            Facet::Source(source) => hash(b"source", source.as_str().as_bytes()),
            Facet::Clinic(id) => hash(b"clinic", id.as_bytes()),
            Facet::Flag(flag) => hash(b"flag", flag.as_bytes()),
            Facet::Pathway(pathway) => hash(b"pathway", pathway.as_bytes()),
            Facet::HeldBy(id) => hash(b"held by", id.as_bytes()),
            Facet::Held => hash(b"held", b""),
            Facet::Free => hash(b"free", b""),
            Facet::Owed => hash(b"owed", b""),
        };
        let folded = (hash ^ (hash >> FACET_BITS)) & ((1 << FACET_BITS) - 1);
        i64::try_from(folded.max(1)).unwrap_or(1)
    }

    /// The shelf of this facet for one queue, service and priority. What is done with stands in no order of urgency.
    pub fn shelf(&self, queue: Queue, service: ServiceName, priority: Priority) -> i64 {
        let priority = match queue {
            Queue::Done => 0,
            Queue::Now
            | Queue::Today
            | Queue::New
            | Queue::Waiting
            | Queue::Accepted
            | Queue::InTreatment => i64::from(priority.number()) - 1,
        };
        self.first_of(queue) | place(&ServiceName::ALL, service) << 2 | priority
    }

    /// The shelves of this facet in one queue, grouped by priority, the most urgent first.
    pub fn shelves(&self, queue: Queue, service: Option<ServiceName>) -> Vec<Vec<i64>> {
        let services = || {
            ServiceName::ALL
                .into_iter()
                .filter(move |one| service.is_none_or(|only| only == *one))
        };
        let of = |priority: Priority| services().map(|one| self.shelf(queue, one, priority)).collect();
        match queue {
            Queue::Done => vec![of(Priority::P1)],
            Queue::Now => vec![of(Priority::P1)],
            Queue::Today | Queue::New | Queue::Waiting | Queue::Accepted | Queue::InTreatment => {
                Priority::ALL.iter().map(|priority| of(*priority)).collect()
            }
        }
    }

    /// The first and the last shelf of this facet in one queue.
    pub fn span(&self, queue: Queue) -> (i64, i64) {
        let first = self.first_of(queue);
        (first, first | 0b1111)
    }

    /// The first and the last shelf of this facet in all queues of what is open.
    pub fn open_span(&self) -> (i64, i64) {
        (self.first_of(Queue::Now), self.first_of(Queue::Done) - 1)
    }

    /// Whether a shelf is one of this facet.
    pub fn holds(&self, shelf: i64) -> bool {
        shelf >> BELOW == self.number()
    }

    /// The shelf that a referral of this shelf stands on with another facet.
    pub fn beside(&self, shelf: i64) -> i64 {
        self.number() << BELOW | shelf & ((1 << BELOW) - 1)
    }

    fn first_of(&self, queue: Queue) -> i64 {
        self.number() << BELOW | place(&Queue::ALL, queue) << 4
    }
}

/// FNV-1a: short, the same everywhere, and nothing secret depends on it.
fn hash(kind: &[u8], value: &[u8]) -> u64 {
    let all = kind.iter().chain(b"\0").chain(value);
    all.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn place<T: PartialEq>(all: &[T], one: T) -> i64 {
    let found = all.iter().position(|other| *other == one);
    found
        .and_then(|place| i64::try_from(place).ok())
        .unwrap_or_default()
}

/// What decides on which shelves a referral stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing<'a> {
    pub queue: Queue,
    pub service: ServiceName,
    pub priority: Priority,
    pub source: Source,
    pub clinic: Option<Id>,
    pub flags: &'a str,
    pub pathways: &'a str,
    pub claimed_by: Option<Id>,
    /// When the earliest open promise of contact is due.
    pub owed: Option<Ts>,
}

impl Standing<'_> {
    /// All shelves of the referral.
    pub fn shelves(&self) -> BTreeSet<i64> {
        let mut facets = vec![Facet::Everybody, Facet::Source(self.source)];
        facets.extend(self.clinic.map(Facet::Clinic));
        facets.extend(
            self.flags
                .split_whitespace()
                .map(|flag| Facet::Flag(flag.to_owned())),
        );
        facets.extend(
            self.pathways
                .split_whitespace()
                .map(|one| Facet::Pathway(one.to_owned())),
        );
        if self.queue != Queue::Done {
            facets.extend(match self.claimed_by {
                Some(by) => vec![Facet::Held, Facet::HeldBy(by)],
                None => vec![Facet::Free],
            });
        }
        facets.extend(self.owed.map(|_| Facet::Owed));
        facets
            .iter()
            .map(|facet| facet.shelf(self.queue, self.service, self.priority))
            .collect()
    }
}

/// The pathways of a referral as stored: its long-term conditions, and the kind of place that may be taken.
pub(super) fn pathways(long_term: &[String], booking: SelfBooking) -> String {
    let mut words: Vec<&str> = long_term.iter().map(String::as_str).collect();
    words.sort_unstable();
    words.dedup();
    match booking {
        SelfBooking::None => {}
        SelfBooking::Assessment | SelfBooking::Course => words.push(booking.as_str()),
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some_facets() -> Vec<Facet> {
        let mut facets = vec![Facet::Everybody, Facet::Held, Facet::Free, Facet::Owed];
        facets.extend(Source::ALL.iter().map(|source| Facet::Source(*source)));
        facets.extend(
            crate::triage::FLAGS
                .iter()
                .map(|(flag, _)| Facet::Flag((*flag).to_owned())),
        );
        for number in 0..200_u8 {
            facets.push(Facet::Clinic(Id::from_bytes([number; 16])));
            facets.push(Facet::HeldBy(Id::from_bytes([number; 16])));
            facets.push(Facet::Pathway(format!("pathway_{number}")));
        }
        facets
    }

    #[test]
    fn no_two_shelves_are_one() {
        let mut seen = BTreeSet::new();
        for facet in some_facets() {
            for queue in Queue::ALL {
                for service in ServiceName::ALL {
                    for priority in Priority::ALL {
                        let shelf = facet.shelf(queue, service, *priority);
                        let (first, last) = facet.span(queue);
                        assert!(shelf >= 0 && (first..=last).contains(&shelf));
                        assert_eq!(
                            facet.beside(Facet::Everybody.shelf(queue, service, *priority)),
                            shelf
                        );
                        assert_eq!(facet.open_span().1 >= shelf, queue != Queue::Done);
                        let fresh = seen.insert(shelf);
                        assert!(
                            fresh || (queue == Queue::Done && *priority != Priority::P1),
                            "{facet:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_shelves_of_a_queue_are_all_on_which_somebody_of_it_may_stand() {
        for queue in Queue::ALL {
            let all: BTreeSet<i64> = Facet::Free.shelves(queue, None).concat().into_iter().collect();
            let hwb: BTreeSet<i64> = Facet::Free
                .shelves(queue, Some(ServiceName::Hwb))
                .concat()
                .into_iter()
                .collect();
            assert!(hwb.is_subset(&all) && hwb.len() * 3 == all.len());
            for priority in Priority::ALL
                .iter()
                .filter(|one| queue != Queue::Now || **one == Priority::P1)
            {
                assert!(hwb.contains(&Facet::Free.shelf(queue, ServiceName::Hwb, *priority)));
            }
        }
    }

    #[test]
    fn the_number_of_a_shelf_never_changes() {
        // Stored in databases: another number would empty every filtered list.
        let shelf = |facet: Facet| facet.shelf(Queue::New, ServiceName::Hwb, Priority::P4);
        assert_eq!(shelf(Facet::Everybody), (0b010 << 4) | (0b01 << 2) | 0b11);
        assert_eq!(shelf(Facet::Flag("BSL".to_owned())), 38_466_022_982_439);
    }

    #[test]
    fn pathways_are_conditions_and_places() {
        let conditions = [
            "sciatica".to_owned(),
            "back_pain".to_owned(),
            "sciatica".to_owned(),
        ];
        assert_eq!(
            pathways(&conditions, SelfBooking::Course),
            "back_pain sciatica course"
        );
        assert_eq!(pathways(&[], SelfBooking::None), "");
    }
}
