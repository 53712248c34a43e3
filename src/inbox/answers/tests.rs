use super::*;
use crate::config::ServiceName;
use crate::questionnaire::{CrisisNow, LifeTicks, SafetyTicks, Scale, Veteran};
use crate::triage::{Decision, Priority, SelfBooking, Step};

fn sheet(facts: Facts, answers: Option<Answers>, not_asked: &[&str]) -> CaseSheet {
    CaseSheet {
        facts,
        not_asked: not_asked.iter().map(|key| (*key).to_owned()).collect(),
        answers: answers.map(Box::new),
        needs_checking: Vec::new(),
        decision: Decision {
            service: ServiceName::Core,
            step: Step::Two,
            priority: Priority::P4,
            flags: Vec::new(),
            booking: SelfBooking::None,
            reasons: Vec::new(),
            rules_version: "t".to_owned(),
        },
    }
}

fn safety<'a>(shown: &'a Answered, part: &str) -> &'a Line {
    let found = shown.safety.iter().find(|line| line.question.contains(part));
    found.unwrap_or_else(|| panic!("no line about {part}"))
}

#[test]
fn a_question_nobody_asked_is_never_a_no() {
    let unasked = [
        "crisis_now",
        "keep_safe",
        "phq9",
        "harm_to_others",
        "safeguarding",
        "psychosis_mania",
    ];
    let facts = Facts {
        crisis_now: None,
        ..Facts::default()
    };
    let shown = answered(&sheet(facts, None, &unasked));
    for line in &shown.safety {
        assert!(
            line.answer.starts_with("Not asked"),
            "{}: {}",
            line.question,
            line.answer
        );
    }
    assert!(safety(&shown, "Not safe right now").strong);
    assert!(shown.sheets[0].items.is_empty());
    assert_eq!(shown.sheets[0].total, "Not asked. There is no total.");
}

#[test]
fn pages_a_patient_never_reached_are_not_asked() {
    let answers = Answers {
        crisis_now: Some(CrisisNow::Yes),
        ..Answers::default()
    };
    let facts = Facts {
        crisis_now: Some(CrisisNow::Yes),
        ..Facts::default()
    };
    let shown = answered(&sheet(facts, Some(answers), &[]));
    assert_eq!(safety(&shown, "Not safe right now").answer, "Yes");
    assert_eq!(safety(&shown, "harming someone").answer, "Not asked");
    assert_eq!(shown.situation[0].answer, "Not asked", "the main problem");
    assert_eq!(shown.situation[1].answer, "Not asked", "conditions");
    let gp = shown
        .situation
        .iter()
        .find(|line| line.question.contains("GP surgery"));
    assert_eq!(gp.map(|line| line.answer.as_str()), Some("Not asked"));
}

#[test]
fn of_a_list_asked_in_part_the_rest_is_not_a_no() {
    let answers = Answers {
        life_ticks: Some(LifeTicks {
            perinatal: true,
            work_affected: false,
            veteran: Veteran::No,
        }),
        ..Answers::default()
    };
    let facts = |perinatal| Facts {
        perinatal,
        ..Facts::default()
    };
    let told = |perinatal| {
        let shown = answered(&sheet(
            facts(perinatal),
            Some(answers.clone()),
            &["work_affected", "veteran"],
        ));
        let line = shown
            .situation
            .into_iter()
            .find(|line| line.question == "Life now");
        line.map(|line| line.answer).unwrap_or_default()
    };
    let unasked = "Not asked: Off sick, or job at risk, Served in the armed forces";
    assert_eq!(
        told(true),
        format!("Pregnant, or a baby under 12 months. {unasked}")
    );
    assert_eq!(told(false), format!("None of those asked. {unasked}"));
}

#[test]
fn a_box_that_was_shown_and_left_empty_is_a_no() {
    let answers = Answers {
        safety_ticks: Some(SafetyTicks::default()),
        phq9: Some(Scale::PASSED),
        ..Answers::default()
    };
    let shown = answered(&sheet(Facts::default(), Some(answers), &[]));
    let line = safety(&shown, "harming someone");
    assert_eq!((line.answer.as_str(), line.strong), ("No", false));
    assert_eq!(safety(&shown, "item 9").answer, "Would rather not answer");
}

#[test]
fn a_skipped_item_has_no_score_and_leaves_no_total() {
    let mut items = [Some(2); 9];
    items[8] = None;
    let facts = Facts {
        phq9: Some(items),
        gad7: Some([Some(1); 7]),
        ..Facts::default()
    };
    let shown = answered(&sheet(facts, None, &[]));
    let phq = &shown.sheets[0];
    assert_eq!(
        (phq.items[8].answer, phq.items[8].score.as_str()),
        ("Not answered", "")
    );
    assert!(phq.items[8].strong, "a skipped item 9 stands out");
    assert_eq!(phq.total, "no total: 1 item was skipped");
    assert_eq!(phq.items[0].answer, "More than half the days");
    assert_eq!(shown.sheets[1].total, "7 of 21, mild, below the threshold of 8");
    assert_eq!(safety(&shown, "item 9").answer, "Not answered");
}

#[test]
fn thoughts_of_death_stand_out_and_their_absence_reassures_nobody() {
    let with = |answer| {
        let mut items = [Some(0); 9];
        items[8] = Some(answer);
        answered(&sheet(
            Facts {
                phq9: Some(items),
                ..Facts::default()
            },
            None,
            &[],
        ))
    };
    assert_eq!(safety(&with(3), "item 9").answer, "Nearly every day");
    assert!(safety(&with(1), "item 9").strong);
    assert_eq!(safety(&with(0), "item 9").answer, "Not at all");
}

#[test]
fn the_spine_is_not_asked_where_nobody_named_the_back() {
    let shown = answered(&sheet(Facts::default(), None, &[]));
    assert_eq!(
        safety(&shown, "numbness").answer,
        "Not asked (no back pain or sciatica named)"
    );
    let back = Facts {
        ltc: vec!["back_pain".to_owned()],
        ..Facts::default()
    };
    assert_eq!(
        safety(
            &answered(&sheet(back.clone(), None, &["spine_red_flag"])),
            "numbness"
        )
        .answer,
        "Not asked"
    );
    assert_eq!(
        safety(&answered(&sheet(back, None, &[])), "numbness").answer,
        "No"
    );
}
