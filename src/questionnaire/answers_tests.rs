//! The size of the largest legal answers, and what is read off them.

use super::super::choices::*;
use super::super::limits;
use super::*;
use jiff::civil::date;

/// `n` characters of four bytes each.
fn wide(n: usize) -> String {
    "𝒲".repeat(n)
}

fn largest() -> Answers {
    Answers {
        crisis_now: Some(CrisisNow::PreferNot),
        keep_safe: Some(KeepSafe::Unsure),
        gp_in_area: Some(GpInArea::Unknown),
        scales_now: Some(false),
        agreement: Some(Agreement {
            agreed: false,
            share_status: Some(false),
        }),
        name: Some(wide(limits::NAME)),
        helper: Some(Helper {
            name: wide(limits::HELPER_NAME),
            relation: wide(limits::HELPER_RELATION),
        }),
        born: Some(date(1980, 2, 29)),
        contact: Some(Contact {
            phone: Some("0".repeat(limits::PHONE)),
            email: Some("\"".repeat(limits::EMAIL)),
            voicemail_ok: true,
            text_ok: true,
            write_ok: true,
            best_time: Some(BestTime::Evening),
        }),
        address: Some(Address {
            no_fixed_address: true,
            postcode: Some("0".repeat(limits::POSTCODE)),
            lines: vec![wide(limits::ADDRESS_LINE); limits::ADDRESS_LINES],
        }),
        gp: Some(GpSurgery::Named(wide(limits::GP_SURGERY))),
        nhs_number: Some("0".repeat(limits::NHS_NUMBER)),
        problem: Some(Problem::HealthAnxiety),
        long_term: Some(LongTerm {
            conditions: Condition::ALL.to_vec(),
            other: wide(limits::OTHER_CONDITION),
        }),
        linked: Some(Linked::Unsure),
        pain_length: Some(PainLength::TwelveWeeks),
        spine: Some(SpineTicks {
            saddle_numbness: true,
            bladder_or_bowel: true,
            both_legs_weak: true,
        }),
        safety_ticks: Some(SafetyTicks {
            harm_to_others: true,
            safeguarding: true,
            psychosis_mania: true,
        }),
        care_ticks: Some(CareTicks {
            secondary_mh: true,
            substance_main: true,
            eating_disorder: true,
            step2_no_benefit: true,
        }),
        life_ticks: Some(LifeTicks {
            perinatal: true,
            work_affected: true,
            veteran: Veteran::ServiceRelated,
        }),
        phq9: Some(Scale::Given([None; 9])),
        gad7: Some(Scale::Given([None; 7])),
        wsas: Some(Scale::Given([None; 5])),
        needs: Some(Needs {
            interpreter: Some("x".repeat(limits::LANGUAGE_CODE)),
            other_language: wide(limits::OTHER_LANGUAGE),
            bsl: true,
            format_need: wide(limits::FORMAT_NEED),
        }),
        anything_else: Some(wide(limits::ANYTHING_ELSE)),
    }
}

#[test]
fn the_largest_legal_answers_fit_the_cookie_and_come_back() {
    let answers = largest();
    let text = serde_json::to_string(&answers).expect("a value");
    assert!(text.len() < limits::LARGEST_JSON, "{} bytes", text.len());
    assert!(serde_json::from_str::<Answers>(&text).expect("a value") == answers);
}

#[test]
fn nothing_answered_is_two_bytes() {
    assert_eq!(serde_json::to_string(&Answers::default()).expect("a value"), "{}");
}

#[test]
fn debug_shows_no_answer() {
    let shown = format!("{:?} {:?}", largest(), largest().contact);
    assert!(!shown.contains('𝒲') && !shown.contains("00"), "{shown}");
}

#[test]
fn none_of_these_is_not_the_same_as_not_asked() {
    let asked = Answers {
        spine: Some(SpineTicks::default()),
        ..Answers::default()
    };
    let text = serde_json::to_string(&asked).expect("a value");
    assert!(
        serde_json::from_str::<Answers>(&text)
            .expect("a value")
            .spine
            .is_some()
    );
    assert!(
        serde_json::from_str::<Answers>("{}")
            .expect("a value")
            .spine
            .is_none()
    );
}

#[test]
fn birthdays_count_on_the_day_and_leap_days_on_the_first_of_march() {
    let answers = Answers {
        born: Some(date(2008, 11, 23)),
        ..Answers::default()
    };
    assert_eq!(answers.age_on(date(2026, 11, 22)), Some(17));
    assert_eq!(answers.age_on(date(2026, 11, 23)), Some(18));
    assert_eq!(answers.age_on(date(2007, 1, 1)), None);
    let leap = Answers {
        born: Some(date(2008, 2, 29)),
        ..Answers::default()
    };
    assert_eq!(leap.age_on(date(2026, 2, 28)), Some(17));
    assert_eq!(leap.age_on(date(2026, 3, 1)), Some(18));
    assert_eq!(Answers::default().age_on(date(2026, 1, 1)), None);
}

#[test]
fn help_is_asked_for_by_any_of_three_answers() {
    let none = Answers {
        crisis_now: Some(CrisisNow::No),
        phq9: Some(Scale::Given([Some(0); 9])),
        ..Answers::default()
    };
    assert!(!none.asks_for_help());
    assert!(
        !Answers {
            crisis_now: Some(CrisisNow::PreferNot),
            ..Answers::default()
        }
        .asks_for_help()
    );
    assert!(
        Answers {
            crisis_now: Some(CrisisNow::Yes),
            ..Answers::default()
        }
        .asks_for_help()
    );
    assert!(
        Answers {
            keep_safe: Some(KeepSafe::Unsure),
            ..Answers::default()
        }
        .asks_for_help()
    );
    assert!(
        Answers {
            keep_safe: Some(KeepSafe::No),
            ..Answers::default()
        }
        .asks_for_help()
    );
    assert!(
        !Answers {
            keep_safe: Some(KeepSafe::Yes),
            ..Answers::default()
        }
        .asks_for_help()
    );
    let mut items = [None; 9];
    items[8] = Some(1);
    assert!(
        Answers {
            phq9: Some(Scale::Given(items)),
            ..Answers::default()
        }
        .asks_for_help()
    );
}

#[test]
fn a_name_and_one_way_to_reach_are_enough() {
    let mut answers = Answers {
        name: Some("Sam Example".into()),
        ..Answers::default()
    };
    assert!(!answers.is_reachable());
    answers.contact = Some(Contact {
        email: Some("sam@example.org".into()),
        ..Contact::default()
    });
    assert!(answers.is_reachable());
    answers.contact = None;
    answers.address = Some(Address {
        postcode: Some("S1 2AB".into()),
        lines: vec!["1 Example Road".into()],
        ..Address::default()
    });
    assert!(answers.is_reachable());
    answers.name = None;
    assert!(!answers.is_reachable());
}
