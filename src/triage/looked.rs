//! Which facts each rule that spoke had looked at, from the facts as given and the rules of that day. The decision
//! itself keeps only the rules' ids and words; what they saw is worked out again when somebody asks.

use super::decision::settle;
use super::fact_words::told;
use super::facts::Facts;
use super::rules::RuleSet;
use crate::config::Locality;

/// A rule that spoke, with what it looked at.
#[derive(Clone, PartialEq, Eq)]
pub struct Looked {
    /// The rule's id.
    pub rule: String,
    /// "PHQ-9 item 9: 2". Empty where the rule holds whenever no rule above it in its group did.
    pub at: Vec<String>,
}

impl std::fmt::Debug for Looked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Looked({}) [redacted]", self.rule)
    }
}

/// What the rules that spoke looked at, in their order. `not_asked` are the keys of the questions nobody asked.
pub fn looked_at(rules: &RuleSet, facts: &Facts, not_asked: &[String], locality: &Locality) -> Vec<Looked> {
    let mut looked: Vec<Looked> = Vec::with_capacity(8);
    settle(
        rules,
        facts,
        |_, rule, view| rules.holds(rule, view),
        |rule, view, _| {
            let mut at: Vec<String> = Vec::with_capacity(4);
            for name in rule.names() {
                // `ltc` and `has_ltc` read alike.
                at.extend(told(view, rule, name, not_asked, locality).filter(|one| !at.contains(one)));
            }
            looked.push(Looked {
                rule: rule.id.clone(),
                at,
            });
        },
    );
    looked
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::triage::expectations::{facts, nine, shipped};
    use crate::triage::vocabulary::VOCABULARY;

    fn looked(changes: &serde_json::Value, not_asked: &[&str]) -> Vec<Looked> {
        let not_asked: Vec<String> = not_asked.iter().map(|key| (*key).to_owned()).collect();
        let locality = Locality::example().expect("a locality");
        looked_at(&shipped(), &facts(changes), &not_asked, &locality)
    }

    fn at(looked: &[Looked], rule: &str) -> String {
        let found = looked.iter().find(|looked| looked.rule == rule);
        found.expect("the rule spoke").at.join("; ")
    }

    #[test]
    fn each_rule_that_spoke_tells_what_it_looked_at() {
        let worried = looked(&json!({"phq9": nine(json!(2)), "bsl": true}), &[]);
        assert_eq!(at(&worried, "A3"), "PHQ-9 item 9: 2");
        assert_eq!(at(&worried, "E5"), "British Sign Language: yes");
        assert_eq!(at(&worried, "C6"), "");
        assert_eq!(
            at(&worried, "F1"),
            "Flags above: Uses British Sign Language; Reported thoughts of death or self-harm; \
             Priority so far: P2; Service: Core IAPT"
        );
        let linked = looked(&json!({"ltc": ["back_pain"], "ltc_linked": "unsure"}), &[]);
        assert_eq!(
            at(&linked, "C2"),
            "Long-term conditions: back pain; Linked to how they feel: not sure; \
             Main problem, as they put it: Feeling low, sad or hopeless"
        );
        let missing = looked(
            &json!({"phq9": [2, null, 2, 2, 2, 2, 0, 0, 0], "gad7": null}),
            &[],
        );
        assert_eq!(
            at(&missing, "D4"),
            "GAD-7 total: none, not answered; PHQ-9 total: none, 1 item was skipped"
        );
    }

    #[test]
    fn what_nobody_asked_is_not_asked_and_never_no() {
        let unasked = looked(
            &json!({"crisis_now": "not_asked", "phq9": null, "agreed": false}),
            &["crisis_now", "phq9"],
        );
        assert_eq!(
            at(&unasked, "A5"),
            "Not safe right now, or someone in danger: not asked; PHQ-9 started: not asked"
        );
        assert_eq!(at(&unasked, "B1"), "Agreed to be referred: no");
    }

    #[test]
    fn the_rules_that_spoke_are_those_of_the_decision() {
        let given = facts(&json!({"crisis_now": "yes", "veteran": "service_related", "ltc": ["diabetes"]}));
        let decision = crate::triage::decide(&shipped(), &given);
        let locality = Locality::example().expect("a locality");
        let looked = looked_at(&shipped(), &given, &[], &locality);
        let spoke: Vec<&str> = looked.iter().map(|looked| looked.rule.as_str()).collect();
        let reasons: Vec<&str> = decision
            .reasons
            .iter()
            .map(|reason| reason.rule.as_str())
            .collect();
        assert_eq!(spoke, reasons);
    }

    #[test]
    fn every_name_a_condition_may_use_has_words() {
        let rules = shipped();
        let found = crate::triage::view::Found::default();
        let given = Facts::default();
        let view = crate::triage::view::View {
            facts: &given,
            found: &found,
            pathways: &[],
        };
        let locality = Locality::example().expect("a locality");
        let rule = rules.rules.first().expect("a rule");
        for (name, _) in VOCABULARY {
            let told = told(&view, rule, name, &[], &locality).expect(name);
            assert!(!told.ends_with(": ") && told.contains(": "), "{name}: {told}");
        }
    }
}
