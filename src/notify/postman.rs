//! The worker. Claims one message at a time, speaks to the mail server outside any transaction, and marks what
//! came of it. A worker that dies leaves a claim that runs out; the message then goes again under the same
//! Message-ID.

use std::time::Duration;

use tokio::sync::watch;

use super::delivery::{Delivery, Reason};
use super::mailer::Mailer;
use super::message::{Content, Lane, Message};
use super::next::{self, Attempt, Next};
use super::store::{self, Claimed, NewRow};
use crate::config::RotaEntry;
use crate::db::{Db, Result};
use crate::values::{Clock, Id, Keyring, Purpose};

/// How long a claim stands: longer than any delivery takes, short enough that a killed worker is no long gap.
const CLAIM_SECONDS: i64 = 3 * 60;
/// How long the worker rests when nothing is due and nobody wakes it.
const REST: Duration = Duration::from_secs(1);
/// How often marking is tried when the database is busy; a mark that is lost means a second copy.
const MARKS: u32 = 10;

/// Delivers what is in the outbox.
#[derive(Clone, Copy)]
pub struct Postman<'a> {
    /// Where the outbox is.
    pub db: &'a Db,
    /// The keys that open its messages.
    pub keys: &'a Keyring,
    /// Where the time comes from.
    pub clock: &'a Clock,
    /// The way out.
    pub mailer: &'a Mailer,
    /// Who is told of an urgent message when a mailbox refuses it.
    pub rota: &'a [RotaEntry],
}

impl Postman<'_> {
    /// Delivers all that is due now, urgent messages first, and says how many were taken by the server.
    pub async fn deliver_due(&self) -> usize {
        self.round(&Lane::ALL, &watch::channel(false).1).await
    }

    /// Delivers until `shutdown` resolves, then finishes the message in hand. A second round serves urgent
    /// messages alone, so that they never stand behind a slow conversation about a normal one.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        let (stop, stopping) = watch::channel(false);
        tokio::join!(
            self.rounds(&[Lane::Urgent], stopping.clone()),
            self.rounds(&Lane::ALL, stopping),
            async {
                shutdown.await;
                stop.send_replace(true);
            }
        );
    }

    async fn rounds(&self, lanes: &[Lane], mut stopping: watch::Receiver<bool>) {
        let mut nudged = self.mailer.nudges();
        while !*stopping.borrow() {
            self.round(lanes, &stopping).await;
            tokio::select! {
                _ = nudged.changed() => {}
                _ = stopping.changed() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
    }

    async fn round(&self, lanes: &[Lane], stopping: &watch::Receiver<bool>) -> usize {
        let mut delivered = 0;
        while !*stopping.borrow() {
            match self.claim(lanes).await {
                Ok(Some(claimed)) => delivered += usize::from(self.attempt(&claimed).await),
                Ok(None) => break,
                Err(refused) => {
                    tracing::error!(error = %refused, "the outbox cannot be read");
                    break;
                }
            }
        }
        delivered
    }

    async fn claim(&self, lanes: &[Lane]) -> Result<Option<Claimed>> {
        let now = self.clock.now();
        let until = now.plus_seconds(CLAIM_SECONDS);
        let (lanes, host) = (lanes.to_vec(), self.mailer.host().to_owned());
        self.db
            .write(move |conn| store::claim_next(conn, &lanes, now, until, &host))
            .await
    }

    /// One attempt; true when the server took the message.
    async fn attempt(&self, claimed: &Claimed) -> bool {
        let content = claimed.message.as_ref().and_then(|sealed| {
            self.keys
                .open_json::<Content>(Purpose::Person, claimed.id, sealed)
                .ok()
        });
        let message = content.map(|content| claimed.message_of(content));
        let ended = match &message {
            Some(message) => {
                self.mailer
                    .deliver(&claimed.message_id, message, claimed.created_at)
                    .await
            }
            None => Delivery::Later(Reason::Sealed),
        };
        let attempt = Attempt {
            id: claimed.id,
            lane: claimed.lane,
            attempts: claimed.attempts,
            created_at: claimed.created_at,
        };
        let next = next::decide(attempt, ended, self.clock.now());
        tell(claimed, next);
        let marked = match (next, &message) {
            (Next::PassOn(reason), Some(message)) => self.pass_on(claimed, attempt, message, reason).await,
            (next, _) => self.mark(claimed, next, None).await,
        };
        if let Err(refused) = marked {
            tracing::error!(message = %claimed.id, error = %refused, "what became of a message could not be kept");
        }
        next == Next::Delivered
    }

    /// Writes the same message to the next on the rota, in the transaction that marks the refused one.
    async fn pass_on(
        &self,
        claimed: &Claimed,
        attempt: Attempt,
        message: &Message,
        reason: Reason,
    ) -> Result<()> {
        let now = self.clock.now();
        let Some(following) = next::next_on_rota(self.rota, &message.to) else {
            let at = next::after_pause(attempt, now);
            return self.mark(claimed, Next::Again { at, reason }, None).await;
        };
        let to_next = Message {
            to: following.person.email.clone(),
            ..message.clone()
        };
        let mut row = NewRow::seal(self.keys, Id::new(), &to_next, now)?;
        if following.again {
            row.wait(claimed.attempts, next::after_pause(attempt, now));
        } else {
            row.wait(claimed.attempts, now);
        }
        self.mark(claimed, Next::PassOn(reason), Some(row)).await
    }

    async fn mark(&self, claimed: &Claimed, next: Next, following: Option<NewRow>) -> Result<()> {
        let claim = claimed.claim();
        let mut tries = 1;
        loop {
            let (now, following) = (self.clock.now(), following.clone());
            let marked = self
                .db
                .write(move |conn| store::mark(conn, claim, next, following.as_ref(), now))
                .await;
            if marked.is_ok() || tries == MARKS {
                return marked;
            }
            tokio::time::sleep(Duration::from_millis(100) * tries).await;
            tries += 1;
        }
    }
}

/// Counts and logs an attempt, by its id alone.
fn tell(claimed: &Claimed, next: Next) {
    let lane = claimed.lane.as_str();
    let (id, attempts) = (claimed.id, claimed.attempts);
    match next {
        Next::Delivered => {
            metrics::counter!("outbox_delivered_total", "lane" => lane).increment(1);
            tracing::info!(message = %id, lane, attempts, "a message was delivered");
        }
        Next::Again { reason, .. } => {
            metrics::counter!("outbox_failed_attempts_total", "lane" => lane).increment(1);
            tracing::warn!(message = %id, lane, attempts, %reason, "a message will be tried again");
        }
        Next::PassOn(reason) => {
            metrics::counter!("outbox_passed_on_total").increment(1);
            tracing::error!(message = %id, lane, attempts, %reason, "an urgent message goes to the next on the rota");
        }
        Next::GiveUp(reason) => {
            metrics::counter!("outbox_given_up_total").increment(1);
            tracing::error!(message = %id, lane, attempts, %reason, "a message was given up");
        }
    }
}
