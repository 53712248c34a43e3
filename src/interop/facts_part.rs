//! The facts of a referral as another system sends them: checked one by one, so that everything wrong is told at
//! once, and searched for an answer that must reach a person even if the rest is faulty. Pure.

use serde_json::{Map, Value};

use super::fault::{Fault, Pointer};
use super::fields::typed;
use crate::questionnaire::ITEM_9;
use crate::triage::{Facts, Given};

/// Where the facts stand in the body.
const FACTS: &str = "facts";

/// Facts that are a worrying answer when true.
const WORRYING: [&str; 5] = [
    "harm_to_others",
    "safeguarding",
    "free_text_risk",
    "psychosis_mania",
    "spine_red_flag",
];

/// The facts that could be read.
pub(super) struct FactsRead {
    /// What the rules will look at.
    pub facts: Facts,
    /// Safety questions nobody asked.
    pub not_asked: Vec<&'static str>,
    /// Whether one of them is a worrying answer (domain facts, section 4 A).
    pub worries: bool,
}

/// Reads the facts; each that cannot be read is a fault, and is left out. Of a fact given twice the worrying value
/// counts.
pub(super) fn read(
    sent: Option<&Value>,
    twice: &[(Pointer, Value)],
    agreed: bool,
    given: Given,
    faults: &mut Vec<Fault>,
) -> FactsRead {
    let mut good = Map::new();
    for (key, value) in pairs(sent, faults) {
        let again = twice
            .iter()
            .filter(|(place, _)| place.steps() == [FACTS, key])
            .map(|(_, value)| value);
        let value = again
            .chain([value])
            .find(|value| worries(key, value))
            .unwrap_or(value);
        match one(key, value, agreed, given) {
            Ok(()) => {
                good.insert(key.clone(), value.clone());
            }
            Err(detail) => {
                faults.push(Fault::at(Pointer::to([FACTS, key]), detail).with(typed(value)));
                if let Some(salvaged) = salvaged(key, value) {
                    good.insert(key.clone(), salvaged);
                }
            }
        }
    }
    let worries = given.risk_words || good.iter().any(|(key, value)| worries(key, value));
    match Facts::from_api(&good, agreed, given) {
        Ok((facts, not_asked)) => FactsRead {
            facts,
            not_asked,
            worries,
        },
        // Each was accepted alone, so together they are; if ever not, nothing was asked and a person looks.
        Err(wrong) => {
            faults.push(Fault::at(Pointer::to([FACTS]), wrong.message));
            let facts = Facts {
                crisis_now: None,
                agreed,
                ..Facts::default()
            };
            FactsRead {
                facts,
                not_asked: vec!["crisis_now"],
                worries,
            }
        }
    }
}

fn pairs<'a>(sent: Option<&'a Value>, faults: &mut Vec<Fault>) -> Vec<(&'a String, &'a Value)> {
    let Some(value) = sent.filter(|value| !value.is_null()) else {
        return Vec::new();
    };
    if !value.is_object() {
        faults.push(Fault::at(Pointer::to([FACTS]), "must be an object").with(typed(value)));
    }
    value.as_object().into_iter().flatten().collect()
}

/// Whether this fact alone would be accepted; else what is wrong with it.
fn one(key: &str, value: &Value, agreed: bool, given: Given) -> Result<(), String> {
    let alone = Map::from_iter([(key.to_owned(), value.clone())]);
    Facts::from_api(&alone, agreed, given)
        .map(|_| ())
        .map_err(|wrong| wrong.message)
}

/// Whether this is a worrying answer that can be read, whatever else is wrong.
fn worries(key: &str, value: &Value) -> bool {
    match key {
        "crisis_now" => matches!(value.as_str(), Some("yes" | "prefer_not")),
        "keep_safe" => matches!(value.as_str(), Some("no" | "unsure")),
        "phq9" => matches!(value.get(ITEM_9).and_then(Value::as_u64), Some(1..=3)),
        key => WORRYING.contains(&key) && value.as_bool() == Some(true),
    }
}

/// PHQ-9 item 9 counts alone (domain facts, section 2, trap a): of a faulty questionnaire it is kept, with those
/// items that can be read.
fn salvaged(key: &str, value: &Value) -> Option<Value> {
    if key != "phq9" || !worries(key, value) {
        return None;
    }
    let item = |index| {
        value
            .get(index)
            .filter(|item| matches!(item.as_u64(), Some(0..=3)))
    };
    let items = (0..9).map(|index| item(index).cloned().unwrap_or(Value::Null));
    Some(items.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::CrisisNow;
    use crate::triage::Source;
    use serde_json::json;

    const GIVEN: Given = Given {
        age: Some(46),
        min_age: 18,
        source: Source::Patient,
        pad_target: None,
        risk_words: false,
    };

    fn reading(facts: Value) -> (FactsRead, Vec<String>) {
        let mut faults = Vec::new();
        let read = read(Some(&facts), &[], true, GIVEN, &mut faults);
        (
            read,
            faults.iter().map(|fault| fault.pointer.to_string()).collect(),
        )
    }

    #[test]
    fn every_worrying_answer_is_seen() {
        for facts in [
            json!({"crisis_now": "yes"}),
            json!({"crisis_now": "prefer_not"}),
            json!({"keep_safe": "no"}),
            json!({"keep_safe": "unsure"}),
            json!({"phq9": [0, 0, 0, 0, 0, 0, 0, 0, 1]}),
            json!({"phq9": [null, 0, 0, 0, 0, 0, 0, 0, 3]}),
            json!({"harm_to_others": true}),
            json!({"safeguarding": true}),
            json!({"free_text_risk": true}),
            json!({"psychosis_mania": true}),
            json!({"spine_red_flag": true}),
        ] {
            assert!(reading(facts.clone()).0.worries, "{facts}");
        }
        for facts in [
            json!({}),
            json!({"crisis_now": "no", "keep_safe": "yes", "phq9": [3, 3, 3, 3, 3, 3, 3, 3, 0]}),
            json!({"crisis_now": "not_asked", "harm_to_others": false, "perinatal": true}),
        ] {
            assert!(!reading(facts.clone()).0.worries, "{facts}");
        }
    }

    #[test]
    fn all_faults_are_told_and_the_rest_is_kept() {
        let (read, faults) = reading(json!({
            "age": 40, "min_age": 1, "agreed": true, "source": "gp", "pad_target": "hwb",
            "crisis_now": "yes", "gad7": [0, 1], "interpreter": "u", "mood": 3, "ltc": ["back_pain"],
        }));
        let mut wrong = [
            "age",
            "min_age",
            "agreed",
            "source",
            "pad_target",
            "gad7",
            "interpreter",
            "mood",
        ];
        wrong.sort_unstable();
        let mut told = faults.clone();
        told.sort_unstable();
        assert_eq!(told, wrong.map(|key| format!("/facts/{key}")));
        assert_eq!(read.facts.crisis_now, Some(CrisisNow::Yes));
        assert_eq!(read.facts.ltc, ["back_pain"]);
        assert!(read.worries && read.not_asked.contains(&"spine_red_flag"));
    }

    #[test]
    fn item_9_of_a_faulty_questionnaire_counts_alone() {
        let (read, faults) = reading(json!({"phq9": [7, 1, "x", 0, 0, 0, 0, 0, 2, 5]}));
        assert_eq!(faults, ["/facts/phq9"]);
        assert!(read.worries);
        let kept = [
            None,
            Some(1),
            None,
            Some(0),
            Some(0),
            Some(0),
            Some(0),
            Some(0),
            Some(2),
        ];
        assert_eq!(read.facts.phq9, Some(kept));
        let (read, _) = reading(json!({"phq9": [0, 0, 0, 0, 0, 0, 0, 0, 9]}));
        assert!(!read.worries && read.facts.phq9.is_none());
    }

    #[test]
    fn of_a_fact_given_twice_the_worrying_value_counts() {
        let twice = [(Pointer::to(["facts", "crisis_now"]), json!("yes"))];
        let read = read(
            Some(&json!({"crisis_now": "no"})),
            &twice,
            true,
            GIVEN,
            &mut Vec::new(),
        );
        assert!(read.worries && read.facts.crisis_now == Some(CrisisNow::Yes));
    }

    #[test]
    fn a_question_left_out_was_not_asked() {
        let (read, faults) = reading(json!({}));
        assert!(faults.is_empty() && read.facts.crisis_now.is_none());
        assert_eq!(
            read.not_asked,
            [
                "crisis_now",
                "phq9",
                "harm_to_others",
                "safeguarding",
                "psychosis_mania"
            ]
        );
    }
}
