//! The lists of "Do any of these apply?" and the one about the spine. "None of these" is an answer of its own.

use super::{one, take_ticks, ticked};
use crate::questionnaire::{Answers, CareTicks, LifeTicks, SafetyTicks, SpineTicks, Veteran};
use crate::web::form::{Errors, Posted};

const SPINE: [&str; 3] = ["saddle_numbness", "bladder_or_bowel", "both_legs_weak"];

/// Whether a sign from the spine was ticked.
pub(super) fn has_spine_sign(posted: &Posted) -> bool {
    SPINE.iter().any(|sign| posted.has("spine", sign))
}

/// The signs as ticked.
pub(super) fn spine_of(posted: &Posted) -> SpineTicks {
    SpineTicks {
        saddle_numbness: posted.has("spine", "saddle_numbness"),
        bladder_or_bowel: posted.has("spine", "bladder_or_bowel"),
        both_legs_weak: posted.has("spine", "both_legs_weak"),
    }
}

pub(super) fn take_spine(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    answers.spine = take_ticks(posted, errors, "spine", &SPINE).map(|_| spine_of(posted));
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

const SAFETY: [&str; 3] = ["harm_to_others", "safeguarding", "psychosis_mania"];

/// Whether something of the safety list was ticked.
pub(super) fn has_safety_tick(posted: &Posted) -> bool {
    SAFETY.iter().any(|tick| posted.has("safety", tick))
}

/// The safety list as ticked.
pub(super) fn safety_of(posted: &Posted) -> SafetyTicks {
    SafetyTicks {
        harm_to_others: posted.has("safety", "harm_to_others"),
        safeguarding: posted.has("safety", "safeguarding"),
        psychosis_mania: posted.has("safety", "psychosis_mania"),
    }
}

pub(super) fn take_safety_ticks(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    answers.safety_ticks = take_ticks(posted, errors, "safety", &SAFETY).map(|_| safety_of(posted));
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
