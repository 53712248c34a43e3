//! What somebody decided about the place of a referral, read from a form and said in words.

use super::clocks::moment;
use crate::booking::{Choice as RunChoice, OwnPlace, PlaceState};
use crate::referrals::{EventKind, ReferralView};
use crate::values::{Id, Ts};
use crate::web::form::Choice as Radio;

/// Runs offered to move somebody to; further ones are rare and reached from the page of courses.
const MOST_RUNS: usize = 12;

/// What happens with the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placing {
    /// It is confirmed; an offer is taken on the person's word.
    Confirm,
    /// The person is put on this run, confirmed.
    MoveTo(Id),
    /// It is given up, or the offer refused on the person's word.
    Release,
    /// It stays as it is.
    Leave,
}

impl Placing {
    /// Reads the word of a form.
    pub fn parse(word: &str) -> Option<Self> {
        match word.split_once(':') {
            Some(("run", id)) => Id::parse(id).map(Placing::MoveTo),
            Some(_) => None,
            None => match word {
                "confirm" => Some(Placing::Confirm),
                "release" => Some(Placing::Release),
                "leave" => Some(Placing::Leave),
                _ => None,
            },
        }
    }

    /// The word in the address after it is done.
    pub fn done_word(self) -> &'static str {
        match self {
            Placing::Confirm => "place-confirmed",
            Placing::MoveTo(_) => "place-moved",
            Placing::Release => "place-released",
            Placing::Leave => "place-left",
        }
    }
}

/// What the page says once it is done.
pub(super) fn done(word: &str) -> Option<&'static str> {
    match word {
        "place-confirmed" => Some("The place is confirmed, and the patient is told"),
        "place-moved" => Some("The patient has the other place, and is told"),
        "place-released" => Some("The place is given up, and the patient is told"),
        "place-left" => Some("The place stays as it is"),
        _ => None,
    }
}

/// The place as the page of a referral says it.
pub(super) struct ShownPlace {
    /// "Living Well with Pain, from Tuesday 8 December 2026, 2:00pm".
    pub what: String,
    /// "A hall, A street".
    pub whereabouts: String,
    pub state: &'static str,
    /// By when it is confirmed or answered; may be empty.
    pub clock: String,
    pub overdue: bool,
    /// Whether a named person still has to confirm it.
    pub to_confirm: bool,
}

pub(super) fn shown(place: &OwnPlace, now: Ts) -> ShownPlace {
    let (state, clock) = match place.state {
        PlaceState::Confirmed => ("Confirmed", String::new()),
        PlaceState::Held => (
            "Kept, to be confirmed",
            place
                .confirm_by
                .map(|by| format!("Confirm by {}", moment(by, now)))
                .unwrap_or_default(),
        ),
        PlaceState::Offered => (
            "Offered from the waiting list",
            match place.lapses_at {
                Some(at) => format!("To be answered by {}", moment(at, now)),
                None => "Not told yet".to_owned(),
            },
        ),
        PlaceState::Free => ("", String::new()),
    };
    ShownPlace {
        what: format!("{}, from {}", place.run.course_name, place.run.begins()),
        whereabouts: format!("{}, {}", place.run.venue, place.run.address),
        state,
        clock,
        overdue: place.state == PlaceState::Held && place.confirm_by.is_some_and(|by| by <= now),
        to_confirm: place.state == PlaceState::Held,
    }
}

/// What may be chosen for the place of a referral.
pub(super) fn options(place: Option<&OwnPlace>, runs: &[RunChoice]) -> Vec<Radio> {
    let mut options = Vec::new();
    match place.map(|place| place.state) {
        Some(PlaceState::Held) => options.push(Radio::new("confirm", "Confirm this place")),
        Some(PlaceState::Offered) => options.push(Radio::new("confirm", "They say yes: confirm this place")),
        Some(PlaceState::Confirmed | PlaceState::Free) | None => {}
    }
    let others = runs
        .iter()
        .filter(|choice| place.is_none_or(|place| place.run.id != choice.run.id));
    options.extend(others.take(MOST_RUNS).map(|choice| {
        let verb = if place.is_some() { "Move to" } else { "Put on" };
        let label = format!("{verb} {}, from {}", choice.run.course_name, choice.run.begins());
        let hint = format!("{}, {} free", choice.run.venue, choice.free);
        Radio::new(format!("run:{}", choice.run.id), label).hint(hint)
    }));
    match place.map(|place| place.state) {
        Some(PlaceState::Offered) => {
            options.push(Radio::new("release", "They say no: offer it to the next person"))
        }
        Some(PlaceState::Held | PlaceState::Confirmed) => {
            options.push(Radio::new("release", "Give this place up"));
        }
        Some(PlaceState::Free) | None => {}
    }
    options
}

/// Whether answers came after the last word about the place.
pub(super) fn told_more(view: &ReferralView) -> bool {
    let last = |wanted: fn(EventKind) -> bool| view.timeline.iter().rposition(|event| wanted(event.kind));
    let placed = last(|kind| {
        matches!(
            kind,
            EventKind::PlaceHeld | EventKind::PlaceMoved | EventKind::PlaceConfirmed
        )
    });
    let told = last(|kind| matches!(kind, EventKind::AnswersAdded | EventKind::RiskAnswerKept));
    told.zip(placed).is_some_and(|(told, placed)| told > placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_says_about_a_place_is_read_or_refused() {
        let id = Id::new();
        assert_eq!(Placing::parse(&format!("run:{id}")), Some(Placing::MoveTo(id)));
        assert_eq!(Placing::parse("confirm"), Some(Placing::Confirm));
        for word in ["", "run:", "run:x", "seat:1", "delete"] {
            assert_eq!(Placing::parse(word), None, "{word}");
        }
        for placing in [
            Placing::Confirm,
            Placing::MoveTo(id),
            Placing::Release,
            Placing::Leave,
        ] {
            assert!(done(placing.done_word()).is_some());
        }
    }
}
