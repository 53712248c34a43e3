//! All doors at once with one slip, in many orders: one referral for one person, nobody lost among several.

use std::collections::BTreeSet;
use std::time::Duration;

use iapt_pad::triage::Priority;

use super::{Caller, House, ROBIN, Way};
use crate::support::databases::on_both;
use crate::support::slips::a_slip;

/// Orders tried on each database.
const ROUNDS: i32 = 5;
const NAMES: [&str; 5] = [
    "Ann Example",
    "Ben Example",
    "Cat Example",
    "Dan Example",
    "Eve Example",
];
const PROBLEMS: [&str; 5] = ["low_mood", "worry", "panic", "phobia", "ptsd"];

/// The same orders in every run, so that a failure can be looked at again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % end
    }

    fn shuffled<T>(&mut self, mut things: Vec<T>) -> Vec<T> {
        for place in (1..things.len()).rev() {
            let other = usize::try_from(self.below(place as u64 + 1)).expect("small");
            things.swap(place, other);
        }
        things
    }
}

/// Everybody goes to their door, and then all step through in this order, a few milliseconds apart or together.
async fn all_at_once(house: &House, code: &str, callers: [Caller; 5], dice: &mut Dice) {
    let mut ready = Vec::new();
    for (way, caller) in dice.shuffled(Way::ALL.into_iter().zip(callers).collect()) {
        ready.push(house.goes_in(way, code, caller).await);
    }
    let steps = dice.shuffled(ready).into_iter().map(|one| {
        let pause = Duration::from_millis(dice.below(4) * 3);
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            one.sends().await
        })
    });
    for step in steps.collect::<Vec<_>>() {
        step.await.expect("sent").is_taken_in();
    }
}

#[test]
fn all_doors_at_once_for_one_person_make_one_referral_with_every_answer() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        for round in 1..=ROUNDS {
            let mut dice = Dice(round.unsigned_abs().into());
            let slip = a_slip(&house.visit.app, round, "unused").await;
            let in_danger = dice.below(5);
            let callers = [0, 1, 2, 3, 4].map(|place: usize| Caller {
                name: NAMES[usize::try_from(round - 1).expect("small")],
                problem: PROBLEMS[place],
                danger: place as u64 == in_danger,
            });
            all_at_once(&house, &slip.to_string(), callers, &mut dice).await;
            let all = house.visit.referrals().await;
            assert_eq!(all.len(), round as usize, "round {round}: one referral a person");
            let view = all
                .iter()
                .find(|view| view.person.name == callers[0].name)
                .expect("theirs");
            let sheets = view
                .timeline
                .iter()
                .filter_map(|event| event.payload.case_sheet.as_ref());
            let told: BTreeSet<&str> = sheets.map(|sheet| sheet.facts.problem.key()).collect();
            let missing: Vec<&str> = PROBLEMS.into_iter().filter(|key| !told.contains(key)).collect();
            assert!(
                missing.is_empty(),
                "round {round}: every answer is kept, but {missing:?}"
            );
            assert!(view.slip_id.is_some() && view.chain_is_whole, "round {round}");
            assert_eq!(
                view.priority,
                Priority::P1,
                "round {round}: the worry of one door stays"
            );
            house.visit.app.clock.advance_minutes(1);
        }
        house.visit.ends().await;
    });
}

#[test]
fn all_doors_at_once_for_five_people_use_the_slip_once_and_lose_nobody() {
    on_both(|fresh| async move {
        let house = House::open(fresh).await;
        for round in 1..=ROUNDS {
            let mut dice = Dice(1_000 + u64::from(round.unsigned_abs()));
            let slip = a_slip(&house.visit.app, round, "unused").await;
            let callers = NAMES.map(|name| Caller { name, ..ROBIN });
            all_at_once(&house, &slip.to_string(), callers, &mut dice).await;
            let mut all = house.visit.referrals().await;
            assert_eq!(all.len(), 5 * round as usize, "round {round}");
            let now = all.split_off(5 * (round as usize - 1));
            let names: BTreeSet<&str> = now.iter().map(|view| view.person.name.as_str()).collect();
            assert_eq!(
                names,
                NAMES.into_iter().collect(),
                "round {round}: nobody is lost"
            );
            let (with, without): (Vec<_>, Vec<_>) = now.iter().partition(|view| view.slip_id.is_some());
            assert_eq!(with.len(), 1, "round {round}: the slip is used once");
            let flagged = without
                .iter()
                .filter(|view| view.case_sheet.decision.has_flag("SLIP_USED"));
            assert_eq!(flagged.count(), 4, "round {round}");
            house.visit.app.clock.advance_minutes(1);
        }
        house.visit.ends().await;
    });
}
