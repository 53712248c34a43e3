//! The lists of "Do any of these apply?" and the one about the spine. "None of these" is an answer of its own.

use super::{one, take_ticks, ticked};
use crate::questionnaire::{Answers, CareTicks, LifeTicks, SafetyTicks, SpineTicks, Veteran};
use crate::web::form::{Errors, Posted};

pub(super) fn take_spine(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let known = ["saddle_numbness", "bladder_or_bowel", "both_legs_weak"];
    answers.spine = take_ticks(posted, errors, "spine", &known).map(|ticks| SpineTicks {
        saddle_numbness: ticks.contains(&"saddle_numbness"),
        bladder_or_bowel: ticks.contains(&"bladder_or_bowel"),
        both_legs_weak: ticks.contains(&"both_legs_weak"),
    });
}

pub(super) fn show_spine(answers: &Answers) -> Posted {
    answers.spine.map_or_else(Posted::default, |given| {
        boxes(
            "spine",
            &[
                ("saddle_numbness", given.saddle_numbness),
                ("bladder_or_bowel", given.bladder_or_bowel),
                ("both_legs_weak", given.both_legs_weak),
            ],
        )
    })
}

pub(super) fn take_safety_ticks(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let known = ["harm_to_others", "safeguarding", "psychosis_mania"];
    answers.safety_ticks = take_ticks(posted, errors, "safety", &known).map(|ticks| SafetyTicks {
        harm_to_others: ticks.contains(&"harm_to_others"),
        safeguarding: ticks.contains(&"safeguarding"),
        psychosis_mania: ticks.contains(&"psychosis_mania"),
    });
}

pub(super) fn show_safety_ticks(answers: &Answers) -> Posted {
    answers.safety_ticks.map_or_else(Posted::default, |given| {
        boxes(
            "safety",
            &[
                ("harm_to_others", given.harm_to_others),
                ("safeguarding", given.safeguarding),
                ("psychosis_mania", given.psychosis_mania),
            ],
        )
    })
}

pub(super) fn take_care_ticks(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let known = [
        "secondary_mh",
        "substance_main",
        "eating_disorder",
        "step2_no_benefit",
    ];
    answers.care_ticks = take_ticks(posted, errors, "care", &known).map(|ticks| CareTicks {
        secondary_mh: ticks.contains(&"secondary_mh"),
        substance_main: ticks.contains(&"substance_main"),
        eating_disorder: ticks.contains(&"eating_disorder"),
        step2_no_benefit: ticks.contains(&"step2_no_benefit"),
    });
}

pub(super) fn show_care_ticks(answers: &Answers) -> Posted {
    answers.care_ticks.map_or_else(Posted::default, |given| {
        boxes(
            "care",
            &[
                ("secondary_mh", given.secondary_mh),
                ("substance_main", given.substance_main),
                ("eating_disorder", given.eating_disorder),
                ("step2_no_benefit", given.step2_no_benefit),
            ],
        )
    })
}

pub(super) fn take_life_ticks(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let known = ["perinatal", "work_affected", "veteran", "service_related"];
    answers.life_ticks = take_ticks(posted, errors, "life", &known).map(|ticks| LifeTicks {
        perinatal: ticks.contains(&"perinatal"),
        work_affected: ticks.contains(&"work_affected"),
        veteran: match (ticks.contains(&"veteran"), ticks.contains(&"service_related")) {
            (_, true) => Veteran::ServiceRelated,
            (true, false) => Veteran::Yes,
            (false, false) => Veteran::No,
        },
    });
}

pub(super) fn show_life_ticks(answers: &Answers) -> Posted {
    answers.life_ticks.map_or_else(Posted::default, |given| {
        boxes(
            "life",
            &[
                ("perinatal", given.perinatal),
                ("work_affected", given.work_affected),
                ("veteran", given.veteran != Veteran::No),
                ("service_related", given.veteran == Veteran::ServiceRelated),
            ],
        )
    })
}

/// The boxes that are ticked, or "None of these" where the question was answered and none is.
fn boxes(field: &'static str, boxes: &[(&'static str, bool)]) -> Posted {
    let on: Vec<&str> = boxes.iter().filter(|(_, on)| *on).map(|(key, _)| *key).collect();
    match on.is_empty() {
        true => one(field, Some("none")),
        false => ticked(Posted::default(), field, on),
    }
}
