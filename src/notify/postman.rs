//! The worker. Claims one message at a time, speaks to the mail server or the gateway outside any transaction, and
//! marks what came of it. Each channel has rounds of its own: one that is slow or down never delays the other. A worker that dies leaves a claim that runs out; the message then goes again under the same
//! Message-ID.

use std::time::Duration;

use tokio::sync::watch;

use super::alarm::{Alarm, AlarmContent};
use super::delivery::{Delivery, Reason};
use super::duty;
use super::mailer::Mailer;
use super::message::{Channel, Content, Lane, Message};
use super::next::{self, Attempt, Next};
use super::rota::{self, RotaPerson};
use super::store::{self, Claimed, NewRow};
use crate::config::Locality;
use crate::db::{Db, Result};
use crate::values::{Clock, Id, Keyring, Purpose, Ts};

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
    /// The rota while the database has none yet, and the other route.
    pub locality: &'a Locality,
}

/// A message that was opened, for its channel.
enum Parcel {
    Mail(Message),
    Call(Alarm),
}

impl Postman<'_> {
    /// Delivers all that is due now, urgent messages first, and says how many arrived.
    pub async fn deliver_due(&self) -> usize {
        let (_open, stopping) = watch::channel(false);
        let (mails, calls) = tokio::join!(
            self.round(Channel::Email, &Lane::ALL, &stopping),
            self.round(Channel::Webhook, &Lane::ALL, &stopping),
        );
        mails + calls
    }

    /// Delivers until `shutdown` resolves, then finishes the messages in hand. A second round serves urgent mail
    /// alone, so that it never stands behind a slow conversation about a normal one; a third the second channel.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        let (stop, stopping) = watch::channel(false);
        tokio::join!(
            self.rounds(Channel::Email, &[Lane::Urgent], stopping.clone()),
            self.rounds(Channel::Email, &Lane::ALL, stopping.clone()),
            self.rounds(Channel::Webhook, &Lane::ALL, stopping),
            async {
                shutdown.await;
                stop.send_replace(true);
            }
        );
    }

    async fn rounds(&self, channel: Channel, lanes: &[Lane], mut stopping: watch::Receiver<bool>) {
        let mut nudged = self.mailer.nudges();
        while !*stopping.borrow() {
            self.round(channel, lanes, &stopping).await;
            tokio::select! {
                _ = nudged.changed() => {}
                _ = stopping.changed() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
    }

    async fn round(&self, channel: Channel, lanes: &[Lane], stopping: &watch::Receiver<bool>) -> usize {
        let mut delivered = 0;
        while !*stopping.borrow() {
            match self.claim(channel, lanes).await {
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

    async fn claim(&self, channel: Channel, lanes: &[Lane]) -> Result<Option<Claimed>> {
        let (now, until) = (self.clock.now(), self.claim_until());
        let (lanes, host) = (lanes.to_vec(), self.mailer.host().to_owned());
        self.db
            .write(move |conn| store::claim_next(conn, channel, &lanes, now, until, &host))
            .await
    }

    /// Until when a claim made now stands.
    pub(super) fn claim_until(&self) -> Ts {
        self.clock.now().plus_seconds(CLAIM_SECONDS)
    }

    fn open(&self, claimed: &Claimed) -> Option<Parcel> {
        let sealed = claimed.message.as_ref()?;
        match claimed.channel {
            Channel::Email => {
                let content = self
                    .keys
                    .open_json::<Content>(Purpose::Person, claimed.id, sealed);
                Some(Parcel::Mail(claimed.message_of(content.ok()?)))
            }
            Channel::Webhook => {
                let content = self
                    .keys
                    .open_json::<AlarmContent>(Purpose::Person, claimed.id, sealed);
                Some(Parcel::Call(content.ok()?.alarm(claimed.about?)))
            }
        }
    }

    /// One attempt; true when the server took the message.
    async fn attempt(&self, claimed: &Claimed) -> bool {
        let parcel = self.open(claimed);
        let ended = match &parcel {
            Some(Parcel::Mail(message)) => {
                let written = claimed.created_at;
                self.mailer.deliver(&claimed.message_id, message, written).await
            }
            Some(Parcel::Call(alarm)) => {
                let now = self.clock.now();
                self.mailer.call(claimed.id, alarm, claimed.attempts, now).await
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
        let marked = match (next, &parcel) {
            (Next::PassOn(reason), Some(parcel)) => self.pass_on(claimed, attempt, parcel, reason).await,
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
        parcel: &Parcel,
        reason: Reason,
    ) -> Result<()> {
        let (now, rota) = (self.clock.now(), self.people().await);
        let following = match parcel {
            Parcel::Mail(message) => next::next_on_rota(&rota, |person| &person.email, &message.to),
            Parcel::Call(alarm) => next::next_on_rota(&rota, |person| &person.phone, &alarm.phone),
        };
        let Some(following) = following else {
            let at = next::after_pause(attempt, now);
            return self.mark(claimed, Next::Again { at, reason }, None).await;
        };
        let mut row = self.addressed_to(parcel, following.person)?;
        if following.again {
            row.wait(claimed.attempts, next::after_pause(attempt, now));
        } else {
            row.wait(claimed.attempts, now);
        }
        self.mark(claimed, Next::PassOn(reason), Some(row)).await
    }

    fn addressed_to(&self, parcel: &Parcel, person: &RotaPerson) -> Result<NewRow> {
        let (id, now) = (Id::new(), self.clock.now());
        Ok(match parcel {
            Parcel::Mail(message) => {
                let to_next = Message {
                    to: person.email.clone(),
                    ..message.clone()
                };
                NewRow::seal(self.keys, id, &to_next, now)?
            }
            Parcel::Call(alarm) => {
                let to_next = Alarm {
                    phone: person.phone.clone(),
                    ..alarm.clone()
                };
                NewRow::seal_alarm(self.keys, id, &to_next, now)?
            }
        })
    }

    /// Who can be told, those on shift first. A database that does not answer now must not keep an urgent message from
    /// going on.
    async fn people(&self) -> Vec<RotaPerson> {
        let seed = self.locality.rota.to_vec();
        let read = self.db.read(move |conn| super::rota_people(conn, &seed)).await;
        let people = read.unwrap_or_else(|_| rota::seeded(&self.locality.rota));
        duty::on_duty(people, self.locality, self.clock.now()).and_others()
    }

    pub(super) async fn mark(&self, claimed: &Claimed, next: Next, following: Option<NewRow>) -> Result<()> {
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
    let (lane, channel) = (claimed.lane.as_str(), claimed.channel.as_str());
    let (id, attempts) = (claimed.id, claimed.attempts);
    match next {
        Next::Delivered => {
            metrics::counter!("outbox_delivered_total", "lane" => lane, "channel" => channel).increment(1);
            tracing::info!(message = %id, channel, lane, attempts, "a message was delivered");
        }
        Next::Again { reason, .. } => {
            metrics::counter!("outbox_failed_attempts_total", "lane" => lane, "channel" => channel)
                .increment(1);
            tracing::warn!(message = %id, channel, lane, attempts, %reason, "a message will be tried again");
        }
        Next::PassOn(reason) => {
            metrics::counter!("outbox_passed_on_total").increment(1);
            tracing::error!(message = %id, channel, lane, attempts, %reason, "an urgent message goes to the next on the rota");
        }
        Next::GiveUp(reason) => {
            metrics::counter!("outbox_given_up_total").increment(1);
            tracing::error!(message = %id, channel, lane, attempts, %reason, "a message was given up");
        }
    }
}
