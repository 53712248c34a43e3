//! How it stands with reaching somebody, in words: in a list, on the page of a referral, and among the people to ring.

use jiff::ToSpan;

use super::clocks::moment;
use crate::referrals::{CallOutcome, Matter, NextContact, Way};
use crate::values::{Ts, london};

/// How it stands, as a row of a list says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reached {
    /// "tried 2, next today, 2:00pm"; empty if nobody has tried and nothing is due.
    pub told: String,
    /// Whether somebody should have rung or written by now.
    pub overdue: bool,
}

/// How it stands at this moment.
pub(super) fn in_list(next: &NextContact, now: Ts) -> Reached {
    let tried = match (next.tries, next.outcome) {
        (_, Some(CallOutcome::WrongNumber)) if next.number_wrong => "wrong number".to_owned(),
        (0, Some(CallOutcome::Spoke)) => match next.tried_at {
            Some(at) => format!("spoke {}", moment(at, now)),
            None => String::new(),
        },
        (0, _) => String::new(),
        (many, _) => format!("tried {many}"),
    };
    let parts: Vec<String> = [Some(tried).filter(|tried| !tried.is_empty()), due(next, now)]
        .into_iter()
        .flatten()
        .collect();
    Reached {
        told: parts.join(", "),
        overdue: next.due_at.is_some_and(|due| due < now),
    }
}

/// What is due, and when: "next today, 2:00pm", "to answer by Fri 4 Dec".
pub(super) fn due(next: &NextContact, now: Ts) -> Option<String> {
    let what = match (next.matter, next.way) {
        (Matter::Chase, _) => "to answer by",
        (_, Way::Letter) => "letter by",
        (Matter::Triage, Way::Call | Way::Page) if next.tries == 0 => "call",
        (Matter::Asked, Way::Call | Way::Page) if next.tries == 0 => "ask by",
        (Matter::Declined, Way::Call | Way::Page) if next.tries == 0 => "tell by",
        (Matter::Triage | Matter::Asked | Matter::Declined, Way::Call | Way::Page) => "next",
    };
    Some(format!("{what} {}", moment(next.due_at?, now)))
}

/// "Tried 2 times, last today, 9:30am: No answer"; empty before the first call.
pub(super) fn tried(tries: i32, last: Option<(Ts, &str)>, now: Ts) -> String {
    match (tries, last) {
        (_, None) => String::new(),
        (0, Some((at, outcome))) => format!("Last call {}: {outcome}", moment(at, now)),
        (1, Some((at, outcome))) => format!("Tried 1 time, {}: {outcome}", moment(at, now)),
        (many, Some((at, outcome))) => format!("Tried {many} times, last {}: {outcome}", moment(at, now)),
    }
}

/// The end of this day in London: what is due until then is due today.
pub(super) fn end_of_day(now: Ts) -> Ts {
    let tomorrow = now.london_date().saturating_add(1.day());
    let midnight = tomorrow.to_zoned(london());
    midnight.map_or(now, |zoned| Ts(zoned.timestamp()))
}

/// The word in the address after a call was kept.
pub(super) fn done_word(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Spoke => "rang-spoke",
        CallOutcome::NoAnswer => "rang-no-answer",
        CallOutcome::Voicemail => "rang-voicemail",
        CallOutcome::WrongNumber => "rang-wrong-number",
    }
}

/// What the page says once a call is kept.
pub(super) fn done(word: &str) -> Option<&'static str> {
    let outcome = CallOutcome::ALL
        .into_iter()
        .find(|outcome| done_word(*outcome) == word)?;
    Some(match outcome {
        CallOutcome::Spoke => "Kept: you spoke with them. If you know enough, go on to decide",
        CallOutcome::NoAnswer => "Kept: nobody answered. When to ring next stands below the number",
        CallOutcome::Voicemail => "Kept: you left a voicemail. When to ring next stands below the number",
        CallOutcome::WrongNumber => {
            "Kept: it is not their number. It is marked until the patient gives another one"
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Id;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    fn next(matter: Matter, way: Way, tries: i32, due: Option<&str>) -> NextContact {
        NextContact {
            referral: Id::from_bytes([7; 16]),
            matter,
            way,
            due_at: due.map(at),
            tries,
            tried_at: (tries > 0).then(|| at("2026-11-23T09:30:00Z")),
            outcome: (tries > 0).then_some(CallOutcome::NoAnswer),
            number_wrong: false,
            message: None,
        }
    }

    #[test]
    fn a_row_says_how_often_it_was_tried_and_when_next() {
        let now = at("2026-11-23T11:00:00Z");
        let told = |next: &NextContact| in_list(next, now).told;
        let today = Some("2026-11-23T14:00:00Z");
        assert_eq!(
            told(&next(Matter::Triage, Way::Call, 2, today)),
            "tried 2, next today, 2:00pm"
        );
        assert_eq!(told(&next(Matter::Triage, Way::Call, 3, None)), "tried 3");
        assert_eq!(told(&next(Matter::Triage, Way::Call, 0, None)), "");
        assert_eq!(
            told(&next(Matter::Chase, Way::Page, 0, Some("2026-11-30T17:00:00Z"))),
            "to answer by Mon 30 Nov"
        );
        assert_eq!(
            told(&next(Matter::Declined, Way::Letter, 0, today)),
            "letter by today, 2:00pm"
        );
        let wrong = NextContact {
            outcome: Some(CallOutcome::WrongNumber),
            number_wrong: true,
            ..next(Matter::Triage, Way::Call, 1, None)
        };
        assert_eq!(told(&wrong), "wrong number");
    }

    #[test]
    fn what_is_past_its_time_is_overdue() {
        let call = next(Matter::Triage, Way::Call, 1, Some("2026-11-23T14:00:00Z"));
        assert!(!in_list(&call, at("2026-11-23T14:00:00Z")).overdue);
        assert!(in_list(&call, at("2026-11-23T14:00:01Z")).overdue);
    }

    #[test]
    fn the_day_ends_at_midnight_in_london() {
        assert_eq!(end_of_day(at("2026-11-23T11:00:00Z")), at("2026-11-24T00:00:00Z"));
        assert_eq!(end_of_day(at("2026-07-01T11:00:00Z")), at("2026-07-01T23:00:00Z"));
    }

    #[test]
    fn every_outcome_is_said_once_it_is_kept() {
        for outcome in CallOutcome::ALL {
            assert!(done(done_word(outcome)).is_some());
        }
        assert_eq!(done("rang-<b>"), None);
    }
}
