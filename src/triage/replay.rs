//! What other rules would have made of past referrals: facts as given go in, a table of moves comes out. Two sets of
//! rules decide anew, those in force and those that are proposed; what was decided at the time is held beside them.
//! Nothing here changes a referral.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::decision::{Outcome, Priority};
use super::facts::Facts;
use super::meaning::is_safety_flag;
use super::remembered::Remembered;
use super::rules::RuleSet;
use crate::values::Id;

/// So many referrals are named for each line; the rest are counted.
pub const MOST_NAMED: usize = 200;

/// A past referral as a replay sees it: no name, no answer in the patient's words.
pub struct PastCase {
    /// The row.
    pub id: Id,
    /// What people call it.
    pub reference: String,
    /// The facts as given.
    pub facts: Facts,
    /// What was decided then.
    pub then: Outcome,
    /// The flags raised then, also those from outside the rules.
    pub flags: Vec<String>,
}

/// How many referrals a line is about, and which: the first of them, by their rows' ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// How many.
    pub count: u64,
    first: BTreeMap<Id, String>,
}

impl Named {
    fn add(&mut self, case: &PastCase) {
        self.count += 1;
        self.name(case.id, || case.reference.clone());
    }

    fn name(&mut self, id: Id, reference: impl FnOnce() -> String) {
        let full = self.first.len() >= MOST_NAMED;
        let is_late = full && self.first.last_key_value().is_some_and(|(last, _)| *last <= id);
        if is_late {
            return;
        }
        self.first.insert(id, reference());
        if self.first.len() > MOST_NAMED {
            self.first.pop_last();
        }
    }

    fn join(&mut self, other: Named) {
        self.count += other.count;
        for (id, reference) in other.first {
            self.name(id, || reference);
        }
    }

    /// The references of the first [`MOST_NAMED`].
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.first.values().map(String::as_str)
    }
}

/// What would become of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagMove {
    /// It would not be raised any more.
    Lost,
    /// It would be raised.
    Gained,
}

/// What a replay found, for all referrals it looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Referrals looked at.
    pub looked: u64,
    /// Referrals whose sheet could not be read.
    pub unread: u64,
    /// Referrals for which anything would be otherwise.
    pub changed: u64,
    /// Decisions about somebody's safety that would be less urgent, or would lose a safety flag.
    pub less_safe: Named,
    /// From what to what, where service, step, priority or booking would be otherwise.
    pub moves: BTreeMap<(Outcome, Outcome), Named>,
    /// Flags that would be raised or not raised any more.
    pub flags: BTreeMap<(String, FlagMove), Named>,
    /// What was decided at the time differs from what the rules in force say: the rules were changed since, or answers
    /// were added.
    pub decided_otherwise: Named,
}

impl Tally {
    /// Adds what another pair of eyes found.
    pub fn join(&mut self, other: Tally) {
        self.looked += other.looked;
        self.unread += other.unread;
        self.changed += other.changed;
        self.less_safe.join(other.less_safe);
        self.decided_otherwise.join(other.decided_otherwise);
        for (key, named) in other.moves {
            self.moves.entry(key).or_default().join(named);
        }
        for (key, named) in other.flags {
            self.flags.entry(key).or_default().join(named);
        }
    }

    /// The moves, most referrals first.
    pub fn moves_by_count(&self) -> Vec<(&(Outcome, Outcome), &Named)> {
        let mut moves: Vec<_> = self.moves.iter().collect();
        moves.sort_by_key(|(_, named)| std::cmp::Reverse(named.count));
        moves
    }

    /// The flags, safety flags that would be lost first, then most referrals first.
    pub fn flags_by_weight(&self) -> Vec<(&(String, FlagMove), &Named)> {
        let mut flags: Vec<_> = self.flags.iter().collect();
        flags.sort_by_key(|((flag, how), named)| {
            let worrying = is_safety_flag(flag) && *how == FlagMove::Lost;
            (!worrying, std::cmp::Reverse(named.count))
        });
        flags
    }
}

/// Two sets of rules at one desk, and what they came to so far.
pub struct Replay {
    in_force: Remembered,
    proposed: Remembered,
    tally: Tally,
}

impl Replay {
    /// Nothing looked at yet.
    pub fn new(in_force: Arc<RuleSet>, proposed: Arc<RuleSet>) -> Replay {
        Replay {
            in_force: Remembered::new(in_force),
            proposed: Remembered::new(proposed),
            tally: Tally::default(),
        }
    }

    /// Looks at one referral.
    pub fn look(&mut self, case: &PastCase) {
        let (now, then) = (
            self.in_force.settle(&case.facts),
            self.proposed.settle(&case.facts),
        );
        let tally = &mut self.tally;
        tally.looked += 1;
        let raised_then = |flag: &&str| case.flags.iter().any(|raised| raised == flag);
        // Flags from outside the rules, such as a slip that was used before, are none of the rules' business.
        if case.then != now.outcome || !now.flags.iter().all(raised_then) {
            tally.decided_otherwise.add(case);
        }
        let mut is_otherwise = now.outcome != then.outcome;
        if is_otherwise {
            tally
                .moves
                .entry((now.outcome, then.outcome))
                .or_default()
                .add(case);
        }
        let mut loses_safety = false;
        let lost = now
            .flags
            .difference(&then.flags)
            .map(|flag| (*flag, FlagMove::Lost));
        let gained = then
            .flags
            .difference(&now.flags)
            .map(|flag| (*flag, FlagMove::Gained));
        for (flag, how) in lost.chain(gained) {
            is_otherwise = true;
            loses_safety |= how == FlagMove::Lost && is_safety_flag(flag);
            tally.flags.entry((flag.to_owned(), how)).or_default().add(case);
        }
        let about_safety =
            now.outcome.priority <= Priority::P2 || now.flags.iter().any(|flag| is_safety_flag(flag));
        if loses_safety || (about_safety && then.outcome.priority > now.outcome.priority) {
            tally.less_safe.add(case);
        }
        tally.changed += u64::from(is_otherwise);
    }

    /// Passes over one that cannot be read.
    pub fn pass_over(&mut self) {
        self.tally.unread += 1;
    }

    /// What was found.
    pub fn tally(self) -> Tally {
        self.tally
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::triage::decision::decide;
    use crate::triage::expectations::{facts, nine, shipped};
    use crate::triage::rules::DEFAULT_RULES;

    fn changed(from: &str, to: &str) -> Arc<RuleSet> {
        assert!(DEFAULT_RULES.contains(from), "{from}");
        let text = DEFAULT_RULES.replace(from, to);
        let pathways = ["back_pain", "sciatica", "chronic_pain"].map(str::to_owned);
        Arc::new(RuleSet::parse("proposed", &text, &pathways).unwrap_or_else(|wrong| panic!("{wrong}")))
    }

    fn case(number: u8, changes: &Value) -> PastCase {
        let facts = facts(changes);
        let decision = decide(&shipped(), &facts);
        PastCase {
            id: Id::from_bytes([number; 16]),
            reference: format!("R{number}"),
            facts,
            then: decision.outcome(),
            flags: decision.flags,
        }
    }

    fn replayed(proposed: Arc<RuleSet>, cases: &[PastCase]) -> Tally {
        let mut replay = Replay::new(Arc::new(shipped()), proposed);
        cases.iter().for_each(|case| replay.look(case));
        replay.tally()
    }

    fn cases() -> Vec<PastCase> {
        vec![
            case(1, &json!({})),
            case(2, &json!({"phq9": [3, 3, 3, 3, 3, 3, 0, 0, 0]})),
            case(3, &json!({"phq9": [3, 3, 3, 3, 3, 2, 0, 0, 0]})),
            case(4, &json!({"phq9": nine(json!(1))})),
            case(5, &json!({"crisis_now": "yes"})),
        ]
    }

    #[test]
    fn the_same_rules_move_nobody() {
        let tally = replayed(Arc::new(shipped()), &cases());
        assert_eq!((tally.looked, tally.changed, tally.less_safe.count), (5, 0, 0));
        assert!(tally.moves.is_empty() && tally.flags.is_empty());
        assert_eq!(tally.decided_otherwise.count, 0);
    }

    #[test]
    fn a_boundary_that_moves_is_a_move_of_those_between() {
        let tally = replayed(changed("phq9_total >= 20", "phq9_total >= 18"), &cases());
        let moves = tally.moves_by_count();
        let [((from, to), named)] = moves.as_slice() else {
            panic!("{moves:?}")
        };
        assert_eq!((from.step.as_str(), to.step.as_str()), ("2", "3"));
        assert_eq!((from.priority, to.priority), (Priority::P4, Priority::P4));
        assert_eq!(named.references().collect::<Vec<_>>(), ["R2"]);
        assert_eq!(tally.flags[&("SEVERE".to_owned(), FlagMove::Gained)].count, 1);
        assert_eq!((tally.changed, tally.less_safe.count), (1, 0));
    }

    #[test]
    fn what_would_be_less_urgent_or_lose_a_safety_flag_is_counted_apart() {
        let later = changed(
            "{ priority = \"P2\", flags = [\"RISK_ITEM9\"] }",
            "{ flags = [\"RISK_ITEM9\"] }",
        );
        let tally = replayed(later, &cases());
        assert_eq!(tally.less_safe.references().collect::<Vec<_>>(), ["R4"]);
        let unflagged = changed("flags = [\"RISK_CRISIS\"]", "flags = [\"OTHERWISE\"]");
        let tally = replayed(unflagged, &cases());
        assert_eq!(tally.less_safe.references().collect::<Vec<_>>(), ["R5"]);
        let flags = tally.flags_by_weight();
        assert_eq!(flags[0].0, &("RISK_CRISIS".to_owned(), FlagMove::Lost));
        assert!(tally.moves.is_empty(), "a flag alone is no move");
    }

    #[test]
    fn a_decision_made_under_other_rules_is_noted_and_a_slips_flag_is_not() {
        let mut cases = cases();
        cases[0].then.step = crate::triage::Step::Three;
        cases[1].flags.insert(0, "SLIP_USED".to_owned());
        let tally = replayed(Arc::new(shipped()), &cases);
        assert_eq!(tally.decided_otherwise.references().collect::<Vec<_>>(), ["R1"]);
    }

    #[test]
    fn two_pairs_of_eyes_find_what_one_finds_and_name_the_same() {
        let many: Vec<PastCase> = (0..=u8::MAX)
            .map(|number| case(number, &json!({"phq9": [3, 3, 3, 3, 3, 3, 0, 0, 0]})))
            .collect();
        let proposed = changed("phq9_total >= 20", "phq9_total >= 18");
        let one = replayed(proposed.clone(), &many);
        let named = one.moves_by_count()[0].1;
        assert_eq!((named.count, named.references().count()), (256, MOST_NAMED));
        let (odd, even): (Vec<PastCase>, Vec<PastCase>) =
            many.into_iter().partition(|case| case.id.as_bytes()[0] % 2 == 1);
        let mut both = replayed(proposed.clone(), &even);
        both.join(replayed(proposed, &odd));
        assert_eq!(both, one);
    }
}
