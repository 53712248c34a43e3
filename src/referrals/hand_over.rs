//! The hand-over to the service's record system. A named person says under which number an accepted referral was
//! entered there; from then on its clocks run there. What was noted by mistake is taken back, with a reason.

use std::sync::Arc;

use super::contact_promise::Ending;
use super::deciding::become_state;
use super::escalation::has_seen_enough;
use super::event_kind::EventKind;
use super::promise;
use super::reference::Reference;
use super::review::Outcome;
use super::state::ReviewState;
use super::store::{self, NewEvent, Row, promises};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::notify;
use crate::values::{Id, Ts, random};

/// Longest number, in characters.
const LONGEST: usize = 40;

/// The number of a person in the record system: it leads to them, so it is sealed wherever it is kept.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RecordNumber(String);

impl RecordNumber {
    /// Reads what somebody typed: 1 to 40 letters and digits, with spaces, dots, dashes and slashes between them.
    /// `None` if it is anything else.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '/' | '.' | '_');
        let fit = typed.chars().count() <= LONGEST
            && typed.chars().all(fits)
            && typed.chars().any(char::is_alphanumeric);
        fit.then(|| Self(typed.to_owned()))
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// It leads to a person.
impl std::fmt::Debug for RecordNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordNumber([redacted])")
    }
}

/// What somebody says about the hand-over.
#[derive(Clone, Debug)]
pub enum HandOver {
    /// Entered, with this number.
    Entered {
        /// The number there.
        number: RecordNumber,
        /// The person there who takes over what is still owed to the patient; `None`: it stays with this team.
        taken_over_by: Option<String>,
    },
    /// It was not entered after all, or under another number.
    TakenBack {
        /// Why.
        reason: String,
    },
}

/// Keeps what a named person says about the hand-over. `seen` is the length of the timeline on the page they looked at.
/// An urgent referral that nobody has acknowledged is not handed over.
pub async fn hand_over(
    app: &Arc<App>,
    reference: &Reference,
    seen: i32,
    staff: Id,
    said: HandOver,
) -> Result<Outcome> {
    let (inside, reference) = (app.clone(), reference.clone());
    let (now, salt) = (app.clock.now(), random()?);
    app.db
        .write(move |conn| {
            let Some(row) = store::find_by_reference(conn, &reference)? else {
                return Ok(Outcome::Missing);
            };
            if !has_seen_enough(conn, row.id, row.head_seq, seen)? {
                return Ok(Outcome::ChangedMeanwhile);
            }
            keep(conn, &inside, row, staff, &said, (now, salt))
        })
        .await
}

fn keep(
    conn: &mut Conn<'_>,
    app: &App,
    mut row: Row,
    staff: Id,
    said: &HandOver,
    (now, salt): (Ts, [u8; 16]),
) -> Result<Outcome> {
    let head = row.head_seq;
    if let Some(refused) = apply(&mut row, said) {
        return Ok(refused);
    }
    row.queue = row.proper_queue();
    let (kind, payload) = told(said);
    let event = NewEvent {
        kind,
        by: By::Staff(staff),
        at: now,
        payload: &payload,
        salt,
    };
    let event = store::chain_event(&app.keys, &mut row, &event)?;
    if !store::update_referral(conn, &row, head)? {
        return Err(Error::Conflict);
    }
    store::insert_event(conn, &event)?;
    if row.state == ReviewState::HandedOver {
        notify::cancel_urgent(conn, row.id, now)?;
    }
    if let HandOver::Entered {
        taken_over_by: Some(_),
        ..
    } = said
    {
        let plan = promises::plan_of(conn, row.id)?;
        let owed = plan.open();
        let taken: Vec<_> = owed
            .map(|promise| promise::end(promise, Ending::TakenOver, Some(staff), now))
            .collect();
        promises::put(conn, row.id, &taken)?;
    }
    Ok(Outcome::Done)
}

/// Changes the row in memory; `Some` says why not.
fn apply(row: &mut Row, said: &HandOver) -> Option<Outcome> {
    match said {
        HandOver::Entered { .. } if row.needs_acknowledging() => Some(Outcome::AcknowledgeFirst),
        HandOver::Entered { .. } => become_state(row, ReviewState::HandedOver),
        HandOver::TakenBack { .. } if row.state != ReviewState::HandedOver => {
            Some(Outcome::NotFrom(row.state))
        }
        // Somebody may have come to a session here since.
        HandOver::TakenBack { .. } if row.started_at.is_some() => become_state(row, ReviewState::Started),
        HandOver::TakenBack { .. } => become_state(row, ReviewState::Accepted),
    }
}

fn told(said: &HandOver) -> (EventKind, Payload) {
    match said {
        HandOver::Entered {
            number,
            taken_over_by,
        } => {
            let taken = taken_over_by
                .as_ref()
                .map(|name| format!(". Contact taken over by {name}"));
            let payload = Payload {
                record_number: Some(number.clone()),
                ..Payload::text(format!(
                    "As {}. The clock continues in the record system{}",
                    number.as_str(),
                    taken.unwrap_or_default()
                ))
            };
            (EventKind::HandedOver, payload)
        }
        HandOver::TakenBack { reason } => (EventKind::HandOverUndone, Payload::text(reason.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_or_refused() {
        let longest = "A".repeat(40);
        for (typed, read) in [
            (" 123456 ", Some("123456")),
            ("P-12/34.5 B_1", Some("P-12/34.5 B_1")),
            (longest.as_str(), Some(longest.as_str())),
        ] {
            assert_eq!(
                RecordNumber::parse(typed).as_ref().map(RecordNumber::as_str),
                read
            );
        }
        let too_long = "A".repeat(41);
        for wrong in ["", "  ", "---", "12\n34", "<b>", "=1+1", "12;34", &too_long] {
            assert_eq!(RecordNumber::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_number_is_not_printed() {
        let number = RecordNumber::parse("123456").expect("a number");
        assert!(!format!("{number:?}").contains("123456"));
        let entered = HandOver::Entered {
            number,
            taken_over_by: None,
        };
        assert!(!format!("{entered:?}").contains("123456"));
    }
}
