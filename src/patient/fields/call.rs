//! The one page on which the team types what a caller says. Each safety question has three states: yes, no, and not
//! asked, which is never a "no".

use jiff::civil::Date;

use super::by_staff::{contact_not_asked, take_person};
use super::{needs, take_choice, take_yes_no, ticks, why};
use crate::config::Locality;
use crate::questionnaire::{
    Agreement, Answers, CrisisNow, GpInArea, ITEM_9, KeepSafe, LifeTicks, Linked, SafetyTicks, Scale, Veteran,
};
use crate::web::form::{Errors, Posted};

/// The value of the choice "Not asked".
pub(in crate::patient) const NOT_ASKED: &str = "not_asked";
/// The questions of the page that can be left unasked one by one.
pub(in crate::patient) const THREE_STATE: [&str; 4] =
    ["harm_to_others", "safeguarding", "psychosis_mania", "perinatal"];

/// What a caller said, as typed.
pub(in crate::patient) struct Call {
    /// The answers that could be read.
    pub answers: Answers,
    /// Questions of the page that nobody asked and that the answers alone would show as "no".
    pub not_asked: Vec<&'static str>,
    /// What has to be corrected.
    pub errors: Errors,
}

/// Reads the page, all but the slip's code. What cannot be read is a message and is left out; the rest is there.
pub(in crate::patient) fn take_call(posted: &Posted, here: &Locality, today: Date) -> Call {
    let mut errors = Errors::default();
    let mut answers = Answers::default();
    let mut not_asked = Vec::new();
    take_safety(posted, &mut errors, &mut answers, &mut not_asked);
    take_person(posted, &mut errors, &mut answers, today, true);
    not_asked.extend(contact_not_asked(posted));
    answers.gp_in_area = GpInArea::from_key(posted.one("gp_in_area"));
    take_conditions(posted, &mut errors, &mut answers);
    if !posted.one("interpreter").is_empty() || !posted.one("other_language").is_empty() {
        needs::take_needs(posted, &mut errors, &mut answers, &here.languages);
    }
    needs::take_anything_else(posted, &mut errors, &mut answers);
    take_agreement(posted, &mut errors, &mut answers);
    Call {
        answers,
        not_asked,
        errors,
    }
}

/// "Is anybody in danger now?" needs an answer of the one who types; the others begin as not asked.
fn take_safety(
    posted: &Posted,
    errors: &mut Errors,
    answers: &mut Answers,
    not_asked: &mut Vec<&'static str>,
) {
    if !posted.has("crisis_now", NOT_ASKED) {
        let message = "Select what the caller answered, or that you did not ask";
        answers.crisis_now = take_choice(posted, errors, "crisis_now", CrisisNow::from_key, message);
    }
    answers.keep_safe = KeepSafe::from_key(posted.one("keep_safe"));
    let item9 = posted
        .one("item9")
        .parse()
        .ok()
        .filter(|answer: &u8| *answer <= 3);
    answers.phq9 = item9.map(|answer| {
        let mut items = [None; 9];
        if let Some(item) = items.get_mut(ITEM_9) {
            *item = Some(answer);
        }
        Scale::Given(items)
    });
    if !posted.all("spine").is_empty() {
        ticks::take_spine(posted, errors, answers);
    }
    let mut asked = |key: &'static str| {
        let answer = match posted.one(key) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        not_asked.extend(answer.is_none().then_some(key));
        answer
    };
    let [others, safeguarding, unusual, perinatal] = THREE_STATE.map(&mut asked);
    let any_asked = [others, safeguarding, unusual].iter().any(Option::is_some);
    answers.safety_ticks = any_asked.then_some(SafetyTicks {
        harm_to_others: others == Some(true),
        safeguarding: safeguarding == Some(true),
        psychosis_mania: unusual == Some(true),
    });
    answers.life_ticks = perinatal.map(|perinatal| LifeTicks {
        perinatal,
        work_affected: false,
        veteran: Veteran::No,
    });
    // The page does not ask the rest of that list; the team asks it when they ring back.
    not_asked.extend(["work_affected", "veteran"]);
}

fn take_conditions(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    if !posted.all("ltc").is_empty() || !posted.one("other_condition").is_empty() {
        why::take_long_term(posted, errors, answers);
    }
    if !answers.conditions().is_empty() {
        let message = "Select whether the condition and the mood affect each other";
        answers.linked = take_choice(posted, errors, "linked", Linked::from_key, message);
    }
}

/// Without the caller's agreement nothing is sent. Sharing is asked only of those who have a slip.
fn take_agreement(posted: &Posted, errors: &mut Errors, answers: &mut Answers) {
    let agreed = take_yes_no(posted, errors, "agreed", "Select whether the caller agrees");
    if agreed == Some(false) {
        errors.add(
            "agreed",
            "Without the caller’s agreement no referral is sent. Tell them where else they find help",
        );
    }
    let has_slip = !posted.one("code").is_empty();
    let share_status = match has_slip {
        true => take_yes_no(
            posted,
            errors,
            "share_status",
            "Select whether the clinic that gave the slip may see how far it is",
        ),
        false => None,
    };
    answers.agreement = agreed.map(|agreed| Agreement {
        agreed,
        share_status: share_status.filter(|_| agreed),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const GOOD: &str = "name=Robin+Example&birth-day=29&birth-month=2&birth-year=1980&phone=07700+900123\
                        &voicemail=yes&gp_surgery=&problem=worry&agreed=yes&crisis_now=no";

    fn call(more: &str) -> Call {
        let here = Locality::example().expect("a locality");
        let posted = Posted::read(format!("{GOOD}&{more}").as_bytes());
        take_call(&posted, &here, date(2026, 11, 23))
    }

    fn fields(body: &str) -> Vec<String> {
        let here = Locality::example().expect("a locality");
        let read = take_call(&Posted::read(body.as_bytes()), &here, date(2026, 11, 23));
        let told = read.errors.list().iter();
        told.map(|problem| problem.field.to_string()).collect()
    }

    #[test]
    fn each_missing_field_is_named() {
        let all = [
            "crisis_now",
            "name",
            "birth",
            "phone",
            "voicemail",
            "problem",
            "agreed",
        ];
        assert_eq!(fields(""), all);
        assert_eq!(fields(GOOD), [""; 0]);
        assert_eq!(fields(&format!("{GOOD}&code=x")), ["share_status"]);
        assert_eq!(fields(&format!("{GOOD}&ltc=back_pain")), ["linked"]);
    }

    #[test]
    fn what_was_not_asked_is_not_a_no() {
        let read = call("harm_to_others=no&safeguarding=not_asked");
        assert!(
            read.answers
                .safety_ticks
                .is_some_and(|ticks| !ticks.harm_to_others)
        );
        for key in ["safeguarding", "psychosis_mania", "perinatal"] {
            assert!(read.not_asked.contains(&key), "{key}");
        }
        assert!(!read.not_asked.contains(&"harm_to_others"));
        let blank = call("");
        let answers = &blank.answers;
        assert!(answers.safety_ticks.is_none() && answers.life_ticks.is_none() && answers.spine.is_none());
        assert!(answers.keep_safe.is_none() && answers.phq9.is_none() && answers.long_term.is_none());
        assert!(answers.gp_in_area.is_none() && answers.needs.is_none());
        assert_eq!(call("crisis_now=no").answers.crisis_now, Some(CrisisNow::No));
        let unasked = GOOD.replace("crisis_now=no", "crisis_now=not_asked");
        assert!(fields(&unasked).is_empty());
    }

    #[test]
    fn item_9_is_taken_alone_and_the_rest_of_the_questionnaire_is_unknown() {
        let items = call("item9=2").answers.phq9_items().expect("started");
        assert_eq!(items[8], Some(2));
        assert!(items[..8].iter().all(Option::is_none));
        assert!(call("item9=not_asked").answers.phq9.is_none());
        assert!(call("item9=7").answers.phq9.is_none());
    }

    #[test]
    fn who_does_not_agree_is_not_referred() {
        let refused = GOOD.replace("agreed=yes", "agreed=no");
        assert_eq!(fields(&refused), ["agreed"]);
    }
}
