//! Enters referrals from before there was a ledger of contact: a correction of data, run by `migrate`, in batches that can be
//! resumed. Nobody is paged for old records: what somebody at risk is still owed becomes due once, as a promise of its own
//! kind, with one notice to each service.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::contact_promise::{Ended, Ending, Promise, Subject};
use super::contact_way::Way;
use super::messages;
use super::promise::{self, working_days};
use super::state::{Queue, ReviewState};
use super::store::before_ledger::{self, OldNext};
use super::store::{Row, promises};
use crate::app::App;
use crate::config::{OpeningHours, ServiceName};
use crate::db::{Conn, Result};
use crate::notify;
use crate::values::{Id, Ts};

/// As many at a time: others write in between.
const SOME: i64 = 200;

/// Numbers of what was entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Referrals entered.
    pub referrals: usize,
    /// Those of somebody at risk to whom nobody is known to have spoken: due now.
    pub due: usize,
    /// Other open ones past their time, for the clinical lead to look through.
    pub for_lead: usize,
}

/// Whether every referral is in the ledger, so that the table before it can go.
pub fn is_in_ledger(conn: &mut Conn<'_>) -> Result<bool> {
    before_ledger::is_complete(conn)
}

/// Enters every referral that is in no ledger yet, and writes one notice to each service about those that are due.
pub async fn enter_ledger(app: &Arc<App>) -> Result<LedgerEntry> {
    let mut entry = LedgerEntry::default();
    let mut due: BTreeMap<&'static str, (ServiceName, usize)> = BTreeMap::new();
    if app.db.read(before_ledger::is_complete).await? {
        return Ok(entry);
    }
    let mut below = None;
    loop {
        let (inside, now) = (app.clone(), app.clock.now());
        let some = app.db.write(move |conn| {
            let mut entered = Vec::new();
            for row in before_ledger::list_missing(conn, below, SOME)? {
                let next = before_ledger::find_old_next(conn, row.id)?;
                let spoke = before_ledger::find_spoken(conn, row.id)?;
                let hours = &inside.config.locality.hours;
                let promises = promises_of(&row, next.as_ref(), spoke, (hours, now));
                promises::put(conn, row.id, &promises)?;
                let kind = promises.first().map(|first| (first.subject, first.ended));
                entered.push((row.id, row.service, kind));
            }
            Ok(entered)
        });
        let some = some.await?;
        let Some((last, ..)) = some.last() else {
            break;
        };
        below = Some(*last);
        for (_, service, kind) in &some {
            entry.referrals += 1;
            match kind {
                Some((Subject::BeforeLedger, None)) => {
                    entry.due += 1;
                    due.entry(service.as_str()).or_insert((*service, 0)).1 += 1;
                }
                Some((_, Some(ended))) if ended.ending == Ending::LeftToLead => entry.for_lead += 1,
                Some(_) | None => {}
            }
        }
    }
    let notices: Vec<_> = due.into_values().map(|due| (Id::new(), due)).collect();
    let (inside, now) = (app.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            for (id, (service, many)) in &notices {
                let message = messages::before_ledger(&inside.config, *service, *many);
                notify::enqueue(conn, &inside.keys, *id, &message, now)?;
            }
            Ok(())
        })
        .await?;
    Ok(entry)
}

/// The promises of an old referral, the first contact first.
fn promises_of(
    row: &Row,
    next: Option<&OldNext>,
    spoke: Option<(Id, Ts, Id)>,
    (hours, now): (&OpeningHours, Ts),
) -> Vec<Promise> {
    let mut all = vec![first_contact(row, next, spoke, (hours, now))];
    all.extend(next.and_then(|next| other(row, next, now)));
    all
}

fn first_contact(
    row: &Row,
    next: Option<&OldNext>,
    spoke: Option<(Id, Ts, Id)>,
    (hours, now): (&OpeningHours, Ts),
) -> Promise {
    let promised = Promise {
        tries: next.map_or(0, |next| next.tries),
        number_wrong: next.is_some_and(|next| next.number_wrong),
        ..promise::new(
            row.id,
            Subject::FirstContact,
            Way::Call,
            (row.contact_by, row.received_at),
        )
    };
    let ended = |ending, at, by, attempt| {
        Some(Ended {
            at,
            by,
            ending,
            attempt,
        })
    };
    if let Some((attempt, at, by)) = spoke {
        return Promise {
            ended: ended(Ending::Contact, at, Some(by), Some(attempt)),
            ..promised
        };
    }
    let is_past = matches!(row.state, ReviewState::Started) || row.queue == Queue::Done;
    match (is_past, row.is_at_risk(), row.contact_by >= now) {
        (true, _, _) => Promise {
            ended: ended(Ending::BeforeLedger, now, None, None),
            ..promised
        },
        (false, false, false) => Promise {
            ended: ended(Ending::LeftToLead, now, None, None),
            ..promised
        },
        (false, true, _) => Promise {
            subject: Subject::BeforeLedger,
            made_at: now,
            due_at: working_days(hours, now, 1),
            next_at: now,
            ..promised
        },
        (false, false, true) => Promise {
            next_at: next.and_then(|next| next.due_at).unwrap_or(row.contact_by),
            ..promised
        },
    }
}

/// What the team had to ask or tell besides.
fn other(row: &Row, next: &OldNext, now: Ts) -> Option<Promise> {
    let subject = match next.matter.as_str() {
        "asked" => Subject::Question,
        "chase" => Subject::Chase,
        "declined" => Subject::Declined,
        _ => return None,
    };
    // A message that asked them to look may still be on its way.
    let due = next.due_at.or(next.message_id.map(|_| now))?;
    Some(Promise {
        tries: next.tries,
        number_wrong: next.number_wrong,
        message: next.message_id,
        ..promise::new(
            row.id,
            subject,
            Way::parse(&next.way).unwrap_or(Way::Call),
            (due, now),
        )
    })
}
