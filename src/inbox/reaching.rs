//! Contact with a patient in words: in a list, on the page of a referral, and among the calls to make.

use jiff::ToSpan;

use super::clocks::moment;
use crate::referrals::{ContactOutcome, ContactPlan, Promise, Subject, Way};
use crate::values::{Ts, london};

/// State of contact, as a row of a list says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reached {
    /// Moment by which contact is owed, such as "today, 5:00pm"; empty if nothing is owed.
    pub due: String,
    /// Whether the promise is broken.
    pub overdue: bool,
    /// "tried 2, next today, 2:00pm"; empty if nobody has tried.
    pub told: String,
    /// Whether contact was made and nothing is owed.
    pub reached: bool,
}

/// State of contact at this moment.
pub(super) fn in_list(plan: &ContactPlan, now: Ts) -> Reached {
    let tried = match (plan.tries(), plan.last()) {
        _ if plan.number_wrong() => "wrong number".to_owned(),
        (_, Some((at, outcome))) if outcome.is_contact() => {
            format!("{} {}", outcome.label().to_lowercase(), moment(at, now))
        }
        (0, Some((_, outcome))) => outcome.label().to_lowercase(),
        (0, None) => String::new(),
        (many, _) => format!("tried {many}"),
    };
    let next = plan.next_at().filter(|_| plan.last().is_some());
    let next = next.map(|next| format!("next {}", moment(next, now)));
    let parts: Vec<String> = [Some(tried).filter(|tried| !tried.is_empty()), next]
        .into_iter()
        .flatten()
        .collect();
    Reached {
        due: plan.open().next().map(|first| by(first, now)).unwrap_or_default(),
        overdue: plan.is_overdue(now),
        told: parts.join(", "),
        reached: plan.was_reached(),
    }
}

/// By when, as a row of a list says it.
fn by(promise: &Promise, now: Ts) -> String {
    let due = moment(promise.due_at, now);
    match promise.subject {
        Subject::Chase => format!("to answer by {due}"),
        _ => due,
    }
}

/// What is owed and by when: "call by today, 2:00pm", "to answer by Fri 4 Dec".
pub(super) fn owed(promise: &Promise, now: Ts) -> String {
    let by = match (promise.subject, promise.way) {
        (Subject::Chase, _) => "to answer by",
        (_, Way::Call) => "call by",
        (_, Way::Text) => "text by",
        (_, Way::Email) => "email by",
        (_, Way::Letter) => "letter by",
        (_, Way::Page) => "message sent; if it does not arrive, call by",
    };
    format!("{by} {}", moment(promise.due_at, now))
}

/// "Tried 2 times, last today, 9:30am: No answer"; empty before the first attempt.
pub(super) fn tried(tries: i32, last: Option<(Ts, ContactOutcome)>, now: Ts) -> String {
    match (tries, last) {
        (_, None) => String::new(),
        (0, Some((at, outcome))) => format!("Last: {}, {}", outcome.label(), moment(at, now)),
        (1, Some((at, outcome))) => format!("Tried 1 time, {}: {}", moment(at, now), outcome.label()),
        (many, Some((at, outcome))) => {
            format!(
                "Tried {many} times, last {}: {}",
                moment(at, now),
                outcome.label()
            )
        }
    }
}

/// The end of this day in London: what is due until then is due today.
pub(super) fn end_of_day(now: Ts) -> Ts {
    let tomorrow = now.london_date().saturating_add(1.day());
    let midnight = tomorrow.to_zoned_datetime(london());
    midnight.map_or(now, |zoned| Ts(zoned.timestamp()))
}

/// Word in the address after an attempt was recorded, or undone.
pub(super) fn done_word(outcome: Option<ContactOutcome>) -> &'static str {
    match outcome {
        Some(outcome) if outcome.is_contact() => "contact-made",
        Some(ContactOutcome::WrongNumber) => "contact-wrong-number",
        Some(_) => "contact-tried",
        None => "contact-undone",
    }
}

/// Words on the page once an attempt was recorded, or undone.
pub(super) fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "contact-made" => "Contact recorded, with your name. What was promised to them is kept",
        "contact-tried" => "Attempt recorded, with your name. The call stays due until somebody reaches them",
        "contact-wrong-number" => "Wrong number recorded. The call stays due: find another way to reach them",
        "contact-undone" => "Undone. What it had ended is owed again, by its old time",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    #[test]
    fn attempts_are_said_with_their_outcome() {
        let now = at("2026-11-23T11:00:00Z");
        let last = Some((at("2026-11-23T09:30:00Z"), ContactOutcome::NoAnswer));
        assert_eq!(tried(0, None, now), "");
        assert_eq!(tried(1, last, now), "Tried 1 time, today, 9:30am: No answer");
        assert_eq!(
            tried(2, last, now),
            "Tried 2 times, last today, 9:30am: No answer"
        );
    }

    #[test]
    fn the_day_ends_at_midnight_in_london() {
        assert_eq!(end_of_day(at("2026-11-23T11:00:00Z")), at("2026-11-24T00:00:00Z"));
        assert_eq!(end_of_day(at("2026-07-01T11:00:00Z")), at("2026-07-01T23:00:00Z"));
    }

    #[test]
    fn every_outcome_is_said_once_it_is_recorded() {
        for outcome in ContactOutcome::ALL {
            assert!(done(done_word(Some(outcome))).is_some());
        }
        assert!(done(done_word(None)).is_some());
        assert_eq!(done("contact-<b>"), None);
    }
}
