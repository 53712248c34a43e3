//! What a deed leaves to be told or asked, how, and when: pure, from the deed and the hours of the locality.

use jiff::ToSpan;

use super::deed::{Asking, Declining, Deed};
use super::next_contact::{Matter, NextContact, Way};
use crate::config::OpeningHours;
use crate::values::Ts;

/// Working days until somebody has rung who asks or tells.
const CALL_WORKING_DAYS: u32 = 1;
/// Working days until a letter is on its way.
const LETTER_WORKING_DAYS: u32 = 2;

/// What is due after a deed.
pub(super) struct Due {
    pub next: NextContact,
    asks_to_look: bool,
}

impl Due {
    /// Whether a neutral message asks the patient to look at their page.
    pub fn asks_to_look(&self) -> bool {
        self.asks_to_look
    }
}

/// What is due after a deed; nothing where it leaves things as they were. `moved`: the state is another one.
pub(super) fn after(
    deed: &Deed,
    moved: bool,
    before: NextContact,
    hours: &OpeningHours,
    now: Ts,
) -> Option<Due> {
    match deed {
        Deed::Ask(asking) => Some(asked(asking, before, hours, now)),
        Deed::Decline(declining) => Some(declined(declining, before, hours, now)),
        Deed::Reopen { .. } => Some(quiet(NextContact {
            number_wrong: before.number_wrong,
            ..NextContact::nothing(before.referral)
        })),
        Deed::Accept { .. } | Deed::CouldNotReach { .. } | Deed::Close { .. } if moved => {
            Some(quiet(NextContact {
                due_at: None,
                message: None,
                ..before
            }))
        }
        Deed::Acknowledge
        | Deed::Claim
        | Deed::Release
        | Deed::Accept { .. }
        | Deed::SendOn { .. }
        | Deed::CouldNotReach { .. }
        | Deed::Close { .. }
        | Deed::Note(_) => None,
    }
}

fn quiet(next: NextContact) -> Due {
    Due {
        next,
        asks_to_look: false,
    }
}

fn asked(asking: &Asking, before: NextContact, hours: &OpeningHours, now: Ts) -> Due {
    let by_page = asking.way == Way::Page;
    Due {
        next: NextContact {
            matter: match by_page {
                true => Matter::Chase,
                false => Matter::Asked,
            },
            way: asking.way,
            due_at: Some(match by_page {
                true => asking.answer_by,
                false => working_days(hours, now, CALL_WORKING_DAYS),
            }),
            message: None,
            ..before
        },
        asks_to_look: by_page,
    }
}

fn declined(declining: &Declining, before: NextContact, hours: &OpeningHours, now: Ts) -> Due {
    Due {
        next: NextContact {
            matter: Matter::Declined,
            way: declining.way,
            due_at: match declining.way {
                Way::Call => Some(working_days(hours, now, CALL_WORKING_DAYS)),
                Way::Letter => Some(working_days(hours, now, LETTER_WORKING_DAYS)),
                Way::Page => None,
            },
            message: None,
            ..before
        },
        asks_to_look: declining.way == Way::Page,
    }
}

/// The end of the working day so many working days later. The list of the people to ring shows a day at a time: what
/// was due at the hour of the decision would be overdue minutes after that day began.
pub(super) fn working_days(hours: &OpeningHours, from: Ts, days: u32) -> Ts {
    let tomorrow = from.london_date().saturating_add(1.day());
    let day = hours.working_day_after(tomorrow, days.saturating_sub(1));
    hours.closing(day).unwrap_or(from)
}

/// A message that asked the patient to look at their page did not arrive: somebody rings instead.
pub(super) fn not_arrived(before: NextContact, hours: &OpeningHours, now: Ts) -> NextContact {
    NextContact {
        matter: match before.matter {
            Matter::Chase | Matter::Asked => Matter::Asked,
            Matter::Declined => Matter::Declined,
            Matter::Triage => Matter::Triage,
        },
        way: Way::Call,
        due_at: Some(working_days(hours, now, CALL_WORKING_DAYS)),
        message: None,
        ..before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Locality;
    use crate::values::Id;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    const NOW: &str = "2026-11-23T09:30:00Z";

    fn due(deed: &Deed) -> Due {
        let hours = Locality::example().expect("an example").hours;
        let before = NextContact {
            tries: 2,
            due_at: Some(at("2026-11-23T14:00:00Z")),
            ..NextContact::nothing(Id::from_bytes([7; 16]))
        };
        after(deed, true, before, &hours, at(NOW)).expect("something follows")
    }

    fn declining(way: Way) -> Deed {
        Deed::Decline(Declining {
            way,
            ..Declining::by_call("elsewhere", "Ring the other service")
        })
    }

    #[test]
    fn a_decline_is_told_as_it_was_chosen_and_only_the_page_sends_a_message() {
        let told = |way| {
            let due = due(&declining(way));
            (due.next.matter, due.next.due_at, due.asks_to_look())
        };
        let (call, letter) = (at("2026-11-24T17:00:00Z"), at("2026-11-25T17:00:00Z"));
        assert_eq!(told(Way::Call), (Matter::Declined, Some(call), false));
        assert_eq!(told(Way::Letter), (Matter::Declined, Some(letter), false));
        assert_eq!(told(Way::Page), (Matter::Declined, None, true));
    }

    #[test]
    fn what_is_to_be_told_is_due_at_the_end_of_a_working_day() {
        let hours = Locality::example().expect("an example").hours;
        for (from, days, due) in [
            ("2026-11-23T09:05:00Z", 1, "2026-11-24T17:00:00Z"),
            ("2026-11-23T16:59:00Z", 2, "2026-11-25T17:00:00Z"),
            // On a Friday evening, and on a Sunday: the Monday.
            ("2026-11-27T18:00:00Z", 1, "2026-11-30T17:00:00Z"),
            ("2026-11-29T06:00:00Z", 1, "2026-11-30T17:00:00Z"),
            // The clocks go forward in between.
            ("2026-03-27T15:00:00Z", 1, "2026-03-30T16:00:00Z"),
        ] {
            assert_eq!(working_days(&hours, at(from), days), at(due), "{from}");
        }
    }

    #[test]
    fn who_is_asked_on_their_page_is_chased_and_who_is_not_is_rung() {
        let asking = |way| {
            Deed::Ask(Asking {
                question: "When may we ring you?".to_owned(),
                way,
                answer_by: at("2026-11-30T17:00:00Z"),
            })
        };
        let page = due(&asking(Way::Page));
        assert_eq!(
            (page.next.matter, page.next.due_at),
            (Matter::Chase, Some(at("2026-11-30T17:00:00Z")))
        );
        assert!(page.asks_to_look() && page.next.tries == 2);
        let call = due(&asking(Way::Call));
        assert_eq!(
            (call.next.matter, call.next.due_at, call.asks_to_look()),
            (Matter::Asked, Some(at("2026-11-24T17:00:00Z")), false)
        );
        let hours = Locality::example().expect("an example").hours;
        let rung = not_arrived(page.next, &hours, at(NOW));
        assert_eq!((rung.matter, rung.way), (Matter::Asked, Way::Call));
    }

    #[test]
    fn what_is_decided_is_not_rung_about_any_more_and_what_is_reopened_begins_anew() {
        let accepted = due(&Deed::Accept {
            step: crate::triage::Step::Two,
            reason: None,
            with: None,
        });
        assert_eq!((accepted.next.due_at, accepted.next.tries), (None, 2));
        let again = due(&Deed::Reopen {
            reason: "rang back".to_owned(),
        });
        assert_eq!((again.next.due_at, again.next.tries), (None, 0));
    }
}
