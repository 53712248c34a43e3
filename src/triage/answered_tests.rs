//! Every fact moves when its question is answered differently, and nothing unasked reads as "no".

use super::super::asked::{ORIGINS, Origin};
use super::super::facts::Source;
use super::*;
use crate::config::ServiceName;
use crate::questionnaire::*;
use jiff::civil::date;
use serde_json::Value;

fn given() -> Given {
    Given {
        age: Some(40),
        min_age: 18,
        source: Source::Patient,
        pad_target: None,
        risk_words: false,
    }
}

/// Everything answered, calmly.
fn calm() -> Answers {
    Answers {
        crisis_now: Some(CrisisNow::No),
        gp_in_area: Some(GpInArea::Yes),
        scales_now: Some(true),
        agreement: Some(Agreement {
            agreed: true,
            share_status: Some(false),
        }),
        name: Some("Sam Example".into()),
        born: Some(date(1986, 1, 1)),
        contact: Some(Contact {
            phone: Some("+447700900001".into()),
            voicemail_ok: true,
            ..Contact::default()
        }),
        problem: Some(Problem::LowMood),
        long_term: Some(LongTerm {
            conditions: vec![Condition::BackPain],
            other: String::new(),
        }),
        linked: Some(Linked::No),
        pain_length: Some(PainLength::UnderSixWeeks),
        spine: Some(SpineTicks::default()),
        safety_ticks: Some(SafetyTicks::default()),
        care_ticks: Some(CareTicks::default()),
        life_ticks: Some(LifeTicks {
            perinatal: false,
            work_affected: false,
            veteran: Veteran::No,
        }),
        phq9: Some(Scale::Given([Some(0); 9])),
        gad7: Some(Scale::Given([Some(0); 7])),
        wsas: Some(Scale::Given([Some(0); 5])),
        needs: Some(Needs::default()),
        anything_else: Some(String::new()),
        ..Answers::default()
    }
}

/// The answers with the question behind `key` answered so that the fact must move.
fn moved(key: &str) -> (Answers, Given) {
    let (mut a, mut g) = (calm(), given());
    let safety = SafetyTicks::default();
    let care = CareTicks::default();
    let life = LifeTicks {
        perinatal: false,
        work_affected: false,
        veteran: Veteran::No,
    };
    match key {
        "age" => {
            a.born = Some(date(2000, 1, 1));
            g.age = a.age_on(date(2026, 11, 23));
        }
        "min_age" => g.min_age = 16,
        "gp_in_area" => a.gp_in_area = Some(GpInArea::No),
        "agreed" => {
            a.agreement = Some(Agreement {
                agreed: false,
                share_status: None,
            })
        }
        "source" => g.source = Source::Physio,
        "pad_target" => g.pad_target = Some(ServiceName::Hwb),
        "crisis_now" => a.crisis_now = Some(CrisisNow::Yes),
        "keep_safe" => a.keep_safe = Some(KeepSafe::No),
        "phq9" => a.phq9 = Some(Scale::Given([Some(1); 9])),
        "gad7" => a.gad7 = Some(Scale::Given([Some(1); 7])),
        "wsas" => a.wsas = Some(Scale::Given([Some(1); 5])),
        "harm_to_others" => {
            a.safety_ticks = Some(SafetyTicks {
                harm_to_others: true,
                ..safety
            })
        }
        "safeguarding" => {
            a.safety_ticks = Some(SafetyTicks {
                safeguarding: true,
                ..safety
            })
        }
        "psychosis_mania" => {
            a.safety_ticks = Some(SafetyTicks {
                psychosis_mania: true,
                ..safety
            })
        }
        "free_text_risk" => {
            a.anything_else = Some("I want to end it all".into());
            let words = ["end it all".to_owned()];
            g.risk_words = a
                .free_texts()
                .any(|text| !find_risk_words(&words, text).is_empty());
        }
        "spine_red_flag" => {
            a.spine = Some(SpineTicks {
                both_legs_weak: true,
                ..SpineTicks::default()
            })
        }
        "secondary_mh" => {
            a.care_ticks = Some(CareTicks {
                secondary_mh: true,
                ..care
            })
        }
        "substance_main" => {
            a.care_ticks = Some(CareTicks {
                substance_main: true,
                ..care
            })
        }
        "eating_disorder" => {
            a.care_ticks = Some(CareTicks {
                eating_disorder: true,
                ..care
            })
        }
        "step2_no_benefit" => {
            a.care_ticks = Some(CareTicks {
                step2_no_benefit: true,
                ..care
            })
        }
        "perinatal" => {
            a.life_ticks = Some(LifeTicks {
                perinatal: true,
                ..life
            })
        }
        "work_affected" => {
            a.life_ticks = Some(LifeTicks {
                work_affected: true,
                ..life
            })
        }
        "veteran" => {
            a.life_ticks = Some(LifeTicks {
                veteran: Veteran::Yes,
                ..life
            })
        }
        "bsl" => {
            a.needs = Some(Needs {
                bsl: true,
                ..Needs::default()
            })
        }
        "format_need" => {
            a.needs = Some(Needs {
                format_need: "large print".into(),
                ..Needs::default()
            })
        }
        "interpreter" => {
            a.needs = Some(Needs {
                interpreter: Some("ur".into()),
                ..Needs::default()
            })
        }
        "no_voicemail" => {
            a.contact = Some(Contact {
                phone: Some("+447700900001".into()),
                ..Contact::default()
            });
        }
        "problem" => a.problem = Some(Problem::Worry),
        "ltc" => {
            a.long_term = Some(LongTerm {
                conditions: vec![Condition::Diabetes],
                other: String::new(),
            })
        }
        "ltc_linked" => a.linked = Some(Linked::Unsure),
        "pain_weeks" => a.pain_length = Some(PainLength::TwelveWeeks),
        other => panic!("no form asks for the fact `{other}`"),
    }
    (a, g)
}

fn as_json(answers: &Answers, given: Given) -> Value {
    serde_json::to_value(Facts::from_answers(answers, given).0).expect("facts as JSON")
}

#[test]
fn every_fact_is_asked_by_a_form_or_known_to_the_system() {
    let before = as_json(&calm(), given());
    let keys: Vec<&String> = before.as_object().expect("an object").keys().collect();
    for key in &keys {
        assert!(
            ORIGINS.iter().any(|(known, _)| known == key),
            "`{key}` has no origin in the table"
        );
        let (answers, given) = moved(key);
        let after = as_json(&answers, given);
        assert_ne!(
            before[key.as_str()],
            after[key.as_str()],
            "the answer does not reach the fact `{key}`"
        );
    }
    for (key, _) in ORIGINS {
        assert!(
            keys.iter().any(|known| *known == key),
            "`{key}` of the table is not a fact"
        );
    }
}

#[test]
fn a_fact_that_is_asked_moves_alone() {
    let before = as_json(&calm(), given());
    for (key, _) in ORIGINS {
        let (answers, given) = moved(key);
        let after = as_json(&answers, given);
        for (other, _) in ORIGINS.iter().filter(|(other, _)| *other != key) {
            assert_eq!(before[other], after[other], "asking for `{key}` moved `{other}`");
        }
    }
}

#[test]
fn every_question_that_is_an_origin_is_asked_of_somebody() {
    let context = JourneyContext {
        asks_wsas: true,
        submitted: false,
    };
    for (key, origin) in ORIGINS {
        if let Origin::Asked(question) = origin {
            assert!(
                question.is_asked(&calm(), context),
                "`{key}` comes from {question:?}, which nobody is asked"
            );
        }
    }
}

#[test]
fn nothing_asked_reads_as_not_asked() {
    let (facts, not_asked) = Facts::from_answers(&Answers::default(), Given { age: None, ..given() });
    assert_eq!(facts.crisis_now, None);
    assert_eq!(facts.phq9, None);
    assert_eq!(facts.gp_in_area, GpInArea::Unknown);
    assert_eq!(facts.problem, Problem::NotSure);
    assert!(facts.agreed);
    assert_eq!(
        not_asked,
        [
            "crisis_now",
            "agreed",
            "age",
            "phq9",
            "harm_to_others",
            "safeguarding",
            "psychosis_mania"
        ]
    );
}

#[test]
fn everything_asked_leaves_nothing_open() {
    assert!(Facts::from_answers(&calm(), given()).1.is_empty());
}

#[test]
fn follow_ups_are_missed_only_where_they_were_due() {
    let mut answers = calm();
    answers.crisis_now = Some(CrisisNow::Yes);
    answers.spine = None;
    assert_eq!(
        Facts::from_answers(&answers, given()).1,
        ["keep_safe", "spine_red_flag"]
    );
    answers.long_term = Some(LongTerm::default());
    answers.keep_safe = Some(KeepSafe::Yes);
    assert!(Facts::from_answers(&answers, given()).1.is_empty());
}

#[test]
fn a_questionnaire_passed_over_is_asked_but_not_started() {
    let mut answers = calm();
    answers.phq9 = Some(Scale::PASSED);
    let (facts, not_asked) = Facts::from_answers(&answers, given());
    assert_eq!(facts.phq9, None);
    assert!(not_asked.is_empty());
}

#[test]
fn without_a_phone_voicemail_is_no_question() {
    let mut answers = calm();
    answers.contact = Some(Contact {
        email: Some("sam@example.org".into()),
        ..Contact::default()
    });
    assert!(!Facts::from_answers(&answers, given()).0.no_voicemail);
}

#[test]
fn facts_from_answers_can_always_be_read_back() {
    for (key, _) in ORIGINS {
        let (mut answers, given) = moved(key);
        for interpreter in ["ur", "Kurdish (Sorani)", "", "other"] {
            answers.needs = Some(Needs {
                interpreter: Some(interpreter.into()),
                ..Needs::default()
            });
            let (facts, _) = Facts::from_answers(
                &answers,
                Given {
                    age: Some(130),
                    ..given
                },
            );
            let text = serde_json::to_string(&facts).expect("text");
            assert!(Facts::from_json(&text).expect("read back") == facts, "{text}");
        }
    }
}
