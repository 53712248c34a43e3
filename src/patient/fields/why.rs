//! The pages about safety, who the service is for, agreement, and what the person would like help with.

use super::{one, take_choice, take_text, take_ticks, take_yes_no, ticked, yes_no};
use crate::questionnaire::{
    Agreement, Answers, CareTicks, Condition, CrisisNow, Eligibility, GpInArea, LifeTicks, Linked, LongTerm,
    PainLength, Problem, SafetyTicks, SpineTicks, Veteran, limits,
};
use crate::web::form::{Errors, Posted};

pub(super) fn take_safety(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    answers.crisis_now = take_choice(
        posted,
        errors,
        "crisis_now",
        CrisisNow::from_key,
        "Select yes or no, or that you would rather not say",
    );
}

pub(super) fn show_safety(answers: &Answers) -> Posted {
    one("crisis_now", answers.crisis_now.map(|answer| answer.key()))
}

pub(super) fn take_eligibility(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let aged_enough = take_yes_no(posted, errors, "aged_enough", "Select yes or no for your age");
    let gp_in_area = take_choice(
        posted,
        errors,
        "gp_in_area",
        GpInArea::from_key,
        "Select yes or no, or that you do not know",
    );
    answers.eligibility = aged_enough
        .zip(gp_in_area)
        .map(|(aged_enough, gp_in_area)| Eligibility {
            aged_enough,
            gp_in_area,
        });
}

pub(super) fn show_eligibility(answers: &Answers) -> Posted {
    answers
        .eligibility
        .as_ref()
        .map_or_else(Posted::default, |given| {
            Posted::default()
                .with("aged_enough", yes_no(given.aged_enough))
                .with("gp_in_area", given.gp_in_area.key())
        })
}

/// Sharing is asked only of those who agree and have a slip: without either there is nothing to share.
pub(super) fn take_agreement(posted: &Posted, errors: &mut Errors, answers: &mut Answers, from_slip: bool) {
    let agreed = take_yes_no(posted, errors, "agreed", "Select whether you agree");
    let mut share_status = None;
    if from_slip && agreed == Some(true) {
        let message = "Select whether the clinic may see how far your referral is";
        share_status = take_yes_no(posted, errors, "share_status", message);
    }
    answers.agreement = agreed.map(|agreed| Agreement { agreed, share_status });
}

pub(super) fn show_agreement(answers: &Answers) -> Posted {
    let Some(given) = answers.agreement.as_ref() else {
        return Posted::default();
    };
    let form = Posted::default().with("agreed", yes_no(given.agreed));
    match given.share_status {
        Some(share) => form.with("share_status", yes_no(share)),
        None => form,
    }
}

pub(super) fn take_problem(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let message = "Select what you would like help with most, or “I am not sure”";
    answers.problem = take_choice(posted, errors, "problem", Problem::from_key, message);
}

/// A condition written in words ticks its box. Answers to pages that fall off the path go with them, but for a
/// worrying answer about the spine: that one is kept until a person has seen it.
pub(super) fn take_long_term(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let other = take_text(
        posted,
        errors,
        "other_condition",
        "Your condition",
        limits::OTHER_CONDITION,
    );
    let known: Vec<&str> = Condition::ALL.iter().map(|condition| condition.key()).collect();
    let mut ticks = posted.all("ltc");
    let written = !other.is_empty() && !ticks.contains(&"none");
    let ticks = if written && ticks.is_empty() {
        ticks.push(Condition::Other.key());
        Some(ticks)
    } else {
        take_ticks(posted, errors, "ltc", &known)
    };
    let Some(ticks) = ticks else { return };
    let mut conditions: Vec<Condition> = ticks.into_iter().filter_map(Condition::from_key).collect();
    if written {
        conditions.push(Condition::Other);
    }
    conditions.sort_unstable();
    conditions.dedup();
    if conditions.is_empty() {
        answers.linked = None;
    }
    if !conditions.iter().copied().any(Condition::is_pain) {
        answers.pain_length = None;
    }
    if !conditions.iter().copied().any(Condition::is_spine) && !answers.spine.is_some_and(|spine| spine.any())
    {
        answers.spine = None;
    }
    let other = if conditions.contains(&Condition::Other) {
        other
    } else {
        String::new()
    };
    answers.long_term = Some(LongTerm { conditions, other });
}

pub(super) fn show_long_term(answers: &Answers) -> Posted {
    let Some(given) = answers.long_term.as_ref() else {
        return Posted::default();
    };
    if given.conditions.is_empty() {
        return one("ltc", Some("none"));
    }
    let keys = given.conditions.iter().map(|condition| condition.key());
    ticked(Posted::default(), "ltc", keys).with("other_condition", &given.other)
}

pub(super) fn take_linked(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let message = "Select yes or no, or that you are not sure";
    answers.linked = take_choice(posted, errors, "linked", Linked::from_key, message);
}

pub(super) fn take_pain_length(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let message = "Select how long you have had the pain, or “I am not sure”";
    answers.pain_length = take_choice(posted, errors, "pain_length", PainLength::from_key, message);
}

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
