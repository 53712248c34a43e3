//! The worker of this room. Each minute, and when the server starts: referrals taken on by somebody whose account has
//! ended are let go of, so that nobody seems to be cared for who is not; and where a message that asked a patient to
//! look at their page did not arrive, somebody rings. Two instances do no harm: each step looks again before it writes.

use std::sync::Arc;
use std::time::Duration;

use super::contact_promise::{Ending, Promise};
use super::event_kind::EventKind;
use super::follow_up::not_arrived;
use super::promise;
use super::store::{self, NewEvent, promises};
use super::timeline::{By, Payload};
use crate::app::App;
use crate::db::{Error, Result};
use crate::notify::{self, Status};
use crate::staff;
use crate::values::{Id, random};

/// How long the worker rests between two rounds.
const REST: Duration = Duration::from_secs(60);
/// Most that is looked at in one round; the rest waits a minute.
const MOST: i64 = 500;

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tended {
    /// Referrals let go of because an account ended.
    pub released: usize,
    /// Messages that did not arrive and became calls.
    pub calls: usize,
}

/// Tends until `shutdown` resolves; the round in hand is finished.
pub async fn tend_until(app: Arc<App>, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        if let Err(refused) = tend(&app).await {
            tracing::error!(error = %refused, "referrals could not be tended; the next round tries again");
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(REST) => {}
        }
    }
}

/// One round.
pub async fn tend(app: &Arc<App>) -> Result<Tended> {
    let mut tended = Tended::default();
    let claimed = app.db.read(|conn| {
        let ended = staff::list_ended(conn)?;
        store::list_open_claimed_by(conn, &ended, MOST)
    });
    for (referral, claimer) in claimed.await? {
        tended.released += usize::from(let_go(app, referral, claimer).await?);
    }
    let sent = app.db.read(|conn| {
        let waiting = promises::list_by_message(conn, MOST)?;
        let ids: Vec<Id> = waiting.iter().filter_map(|next| next.message).collect();
        Ok((waiting, notify::statuses(conn, &ids)?))
    });
    let (waiting, known) = sent.await?;
    for next in waiting {
        let status = known.iter().find(|(id, _, _)| Some(*id) == next.message);
        match status.map(|(_, status, _)| *status) {
            Some(Status::Waiting) | None => {}
            Some(Status::Delivered) => {
                arrived(app, next).await?;
            }
            Some(Status::GivenUp | Status::Superseded) => {
                tended.calls += usize::from(ring_instead(app, next).await?);
            }
        }
    }
    Ok(tended)
}

async fn let_go(app: &Arc<App>, referral: Id, claimer: Id) -> Result<bool> {
    let (inside, now, salt) = (app.clone(), app.clock.now(), random()?);
    app.db
        .write(move |conn| {
            let Some(mut row) = store::find_by_id(conn, referral)? else {
                return Ok(false);
            };
            // Somebody may have taken it over since, or the account may be in use again.
            if row.claimed_by != Some(claimer) || !staff::list_ended(conn)?.contains(&claimer) {
                return Ok(false);
            }
            let before = row.head_seq;
            row.claimed_by = None;
            row.claimed_at = None;
            let event = NewEvent {
                kind: EventKind::ClaimEnded,
                by: By::System,
                at: now,
                payload: &Payload::nothing(),
                salt,
            };
            let event = store::chain_event(&inside.keys, &mut row, &event)?;
            if !store::update_referral(conn, &row, before)? {
                return Err(Error::Conflict);
            }
            store::insert_event(conn, &event)?;
            Ok(true)
        })
        .await
}

/// A message arrived: what only had to be passed on was passed on; an answer is still waited for.
async fn arrived(app: &Arc<App>, sent: Promise) -> Result<bool> {
    let now = app.clock.now();
    change(app, sent, move |promise| match promise.subject.is_message() {
        true => promise::end(promise, Ending::Sent, None, now),
        false => Promise {
            message: None,
            ..promise.clone()
        },
    })
    .await
}

async fn ring_instead(app: &Arc<App>, sent: Promise) -> Result<bool> {
    let (inside, now) = (app.clone(), app.clock.now());
    change(app, sent, move |promise| {
        not_arrived(promise, &inside.config.locality.hours, now)
    })
    .await
}

/// Changes a promise that still waits for the same message.
async fn change(
    app: &Arc<App>,
    sent: Promise,
    to: impl Fn(&Promise) -> Promise + Send + Sync + 'static,
) -> Result<bool> {
    app.db
        .write(move |conn| {
            let plan = promises::plan_of(conn, sent.referral)?;
            let waits = |promise: &&Promise| promise.id == sent.id && promise.message == sent.message;
            let Some(promise) = plan.open().find(waits) else {
                return Ok(false);
            };
            promises::put(conn, sent.referral, &[to(promise)])?;
            Ok(true)
        })
        .await
}
