//! Two referrals that may be about one person: whether what is known speaks against it, and whether what the second one
//! told has to raise the first. Pure. A person links them; nothing here joins anything.

use super::person::{Person, normal};
use crate::triage::{Decision, Priority, is_safety_flag};

/// The flag of a referral that another one has raised.
pub(super) const RAISED: &str = "RISK_ALIKE";

/// What the second referral does to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Raise {
    /// Nothing: it carries no risk answer that the first has not.
    Nothing,
    /// The first is flagged: what is known speaks against one person, so only a person can say more.
    Flag,
    /// The first is looked at as soon as the second: it may be the same person.
    Lift(Priority),
}

/// Whether what is known speaks against one person (hazard 12: twins, a shared phone): two different NHS numbers, or
/// neither the name nor the date of birth agrees. A missing word speaks against nobody.
pub(super) fn contradict(one: &Person, other: &Person) -> bool {
    let differ = |one: &Option<String>, other: &Option<String>| {
        one.as_ref()
            .zip(other.as_ref())
            .is_some_and(|(one, other)| one != other)
    };
    let nhs = |person: &Person| person.sound_nhs_number().map(str::to_owned);
    let name = |person: &Person| Some(normal(&person.name)).filter(|name| !name.is_empty());
    let born = |person: &Person| person.date_of_birth.map(|date| date.to_string());
    differ(&nhs(one), &nhs(other)) || (differ(&name(one), &name(other)) && differ(&born(one), &born(other)))
}

/// What the second referral does to the first (hazard 13): only ever upwards.
pub(super) fn raise(first: (&Decision, Priority), second: &Decision, contradicted: bool) -> Raise {
    let (decision, priority) = first;
    let is_new = |flag: &&String| is_risk_answer(flag) && !decision.has_flag(flag);
    // Raised already: only what is more urgent raises again, or each page of one form would.
    let tells_more = !decision.has_flag(RAISED) && second.flags.iter().any(|flag| is_new(&flag));
    let urgent = second.flags.iter().any(|flag| is_risk_answer(flag)) && second.priority < priority;
    match (tells_more || urgent, contradicted) {
        (false, _) => Raise::Nothing,
        (true, true) if decision.has_flag(RAISED) => Raise::Nothing,
        (true, true) => Raise::Flag,
        (true, false) => Raise::Lift(priority.min(second.priority)),
    }
}

/// Whether somebody's answers are worrying in themselves, and not because a question was left out.
pub(super) fn has_risk_answer(decision: &Decision) -> bool {
    decision.flags.iter().any(|flag| is_risk_answer(flag))
}

fn is_risk_answer(flag: &str) -> bool {
    is_safety_flag(flag) && !matches!(flag, "RISK_UNKNOWN" | "RISK_NOT_ASKED" | "RULE_FAILED" | RAISED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ServiceName;
    use crate::triage::{SelfBooking, Step};
    use jiff::civil::date;

    fn someone(name: &str, day: i8, nhs: Option<&str>) -> Person {
        Person {
            name: name.to_owned(),
            date_of_birth: Some(date(1980, 2, day)),
            nhs_number: nhs.map(str::to_owned),
            ..Person::default()
        }
    }

    fn decision(priority: Priority, flags: &[&str]) -> Decision {
        Decision {
            service: ServiceName::Core,
            step: Step::Two,
            priority,
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            booking: SelfBooking::Course,
            reasons: Vec::new(),
            rules_version: "t".to_owned(),
        }
    }

    #[test]
    fn what_speaks_against_one_person() {
        let robin = someone("Robin Example", 2, None);
        for (other, against) in [
            // A nickname, or a date mistyped, may still be the same person; so may a twin, whom only a person tells apart.
            (someone("Rob Example", 2, None), false),
            (someone("ROBIN  example", 3, None), false),
            (someone("", 3, None), false),
            // Somebody else in the household.
            (someone("Alex Example", 3, None), true),
        ] {
            assert_eq!(contradict(&robin, &other), against, "{}", other.name);
            assert_eq!(contradict(&other, &robin), against);
        }
        let twin = someone("Robin Example", 2, Some("9990023115"));
        assert!(contradict(
            &twin,
            &someone("Robin Example", 2, Some("9990046220"))
        ));
        assert!(!contradict(&twin, &robin));
    }

    #[test]
    fn only_a_new_risk_answer_raises_and_only_upwards() {
        use Priority::{P1, P2, P3, P4};
        for (first, priority, second, expected) in [
            (&[][..], P4, decision(P2, &["RISK_ITEM9"]), Raise::Lift(P2)),
            (
                &["RISK_ITEM9"],
                P2,
                decision(P1, &["RISK_CRISIS"]),
                Raise::Lift(P1),
            ),
            // A first that is more urgent stays so.
            (
                &["RISK_CRISIS"],
                P1,
                decision(P2, &["RISK_ITEM9"]),
                Raise::Lift(P1),
            ),
            (&["RISK_ITEM9"], P2, decision(P2, &["RISK_ITEM9"]), Raise::Nothing),
            (
                &["RISK_ITEM9"],
                P3,
                decision(P2, &["RISK_ITEM9"]),
                Raise::Lift(P2),
            ),
            (&[], P4, decision(P3, &[]), Raise::Nothing),
            // Nobody answered anything worrying.
            (
                &[],
                P4,
                decision(P2, &["RISK_UNKNOWN", "PERINATAL"]),
                Raise::Nothing,
            ),
        ] {
            let before = decision(priority, first);
            assert_eq!(
                raise((&before, priority), &second, false),
                expected,
                "{first:?} {second:?}"
            );
            assert_eq!(
                raise((&decision(P1, &[RAISED]), P1), &second, false),
                Raise::Nothing
            );
            if let Raise::Lift(to) = expected {
                assert!(to <= priority, "never down");
                assert_eq!(raise((&before, priority), &second, true), Raise::Flag);
            }
        }
    }
}
