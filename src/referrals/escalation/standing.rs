//! How an alarm stands: who was told last, how often, and what a person who acts has to have seen.

use std::collections::BTreeMap;

use crate::db::{Conn, Result};
use crate::referrals::store::{alarm_windows, escalations};
use crate::values::{Id, Ts};

/// What was done last about an unacknowledged referral.
#[derive(Clone, Debug)]
pub struct LastStep {
    /// Which referral.
    pub referral: Id,
    /// Whether it is the notice with which the alarm began.
    pub first: bool,
    /// Who on the rota was told; nobody by name where only the service's mailbox was.
    pub person: Option<(Id, String)>,
    /// The messages written, or to be written.
    pub messages: Vec<Id>,
    /// The mail to the service's mailbox among them, if it was one.
    pub mailbox: Option<Id>,
    /// When.
    pub at: Ts,
    /// From when a message among them is written together with others; `None` where all of them are.
    pub to_be_written: Option<Ts>,
}

/// What was done last about each of these referrals; one that nobody was told of by an alarm is left out.
pub fn last_steps(conn: &mut Conn<'_>, referrals: &[Id]) -> Result<Vec<LastStep>> {
    let steps = escalations::list_last(conn, referrals)?;
    let waiting = match steps.is_empty() {
        true => Vec::new(),
        false => alarm_windows::list_to_write(conn)?,
    };
    let steps = steps.into_iter().map(|step| {
        let messages: Vec<Id> = [step.mail_id, step.webhook_id].into_iter().flatten().collect();
        let later = waiting.iter().filter(|(id, _)| messages.contains(id));
        LastStep {
            referral: step.referral_id,
            first: step.first,
            person: step.person_id.zip(step.person),
            mailbox: step.mail_id.filter(|_| step.first),
            at: step.at,
            to_be_written: later.map(|(_, at)| *at).max(),
            messages,
        }
    });
    Ok(steps.collect())
}

/// How often who was told of a referral since its last alarm began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tellings {
    /// How often: the notice with which it began counts once.
    pub times: usize,
    /// When it began.
    pub began: Ts,
    /// When somebody was told last.
    pub last: Ts,
    /// Who was told last; empty where only the service's mailbox was.
    pub last_person: String,
    /// Everybody by name and how often, in order of their names.
    pub people: Vec<(String, usize)>,
}

/// How often who was told of this referral; nothing where no alarm ever began.
pub fn tellings(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Tellings>> {
    let steps = escalations::list(conn, referral)?;
    let begin = steps.iter().rposition(|step| step.first).unwrap_or(0);
    let steps = steps.get(begin..).unwrap_or_default();
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return Ok(None);
    };
    let mut people: BTreeMap<&str, usize> = BTreeMap::new();
    for name in steps.iter().filter_map(|step| step.person.as_deref()) {
        *people.entry(name).or_default() += 1;
    }
    Ok(Some(Tellings {
        times: steps.len(),
        began: first.at,
        last: last.at,
        last_person: last.person.clone().unwrap_or_default(),
        people: people
            .into_iter()
            .map(|(name, times)| (name.to_owned(), times))
            .collect(),
    }))
}

/// Whether a person who saw the timeline up to `seen` has seen all that matters for a decision: that the next on the
/// rota was told meanwhile is no news about the patient, and must not keep anybody from acknowledging.
pub fn has_seen_enough(conn: &mut Conn<'_>, referral: Id, head: i32, seen: i32) -> Result<bool> {
    Ok(seen == head || (seen < head && !escalations::other_events_after(conn, referral, seen)?))
}
