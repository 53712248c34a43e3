//! The outbox and the rota. Receives messages in the transaction that causes them, decides which goes next and when
//! to try again, and hands them to a mail server or to the gateway of the second channel, at least once each, under a
//! name that stays the same. Keeps who is told of urgent ones, in order. Never
//! knows what a message is about, and never prints or stores an address, a subject or a body in clear.

mod alarm;
mod captured;
mod command;
mod delivery;
mod drill;
mod duty;
mod mailer;
mod message;
mod next;
mod postman;
mod rota;
mod server;
mod store;
mod webhook;

pub use alarm::{Alarm, AlarmKind, signature};
pub use captured::{CapturedCall, CapturedMail, captured, captured_calls};
pub use command::OutboxCommand;
pub use delivery::{Delivery, Reason};
pub use drill::{Drill, DrillLine};
pub use duty::{Cover, Gap, OTHER_ROUTE, OnDuty, on_duty, uncovered_by_leave, uncovered_hours};
pub use mailer::Mailer;
pub use message::{Channel, Fate, Lane, Message, Status};
pub use postman::Postman;
pub use rota::{Leave, MOST_ON_ROTA, Rota, RotaChange, RotaChanged, RotaOutcome, RotaPerson};
pub use store::{Counts, Entry};

use crate::config::{Locality, RotaEntry};
use crate::db::{Conn, Db, Result};
use crate::values::{Id, KeyError, Keyring, Ts};

/// Writes a message into the outbox, in the transaction that causes it. Draw `id` before the transaction: a
/// write may run twice. An unfit address never fails the transaction; the worker gives the message up instead,
/// because what caused it matters more.
pub fn enqueue(conn: &mut Conn<'_>, keys: &Keyring, id: Id, message: &Message, now: Ts) -> Result<()> {
    enqueue_sealed(conn, &SealedMessage::seal(keys, id, message, now)?)
}

/// A message sealed before the transaction, for callers whose transaction holds no keys.
#[derive(Clone, Debug)]
pub struct SealedMessage(store::NewRow);

impl SealedMessage {
    /// Seals a message for the row `id`.
    pub fn seal(keys: &Keyring, id: Id, message: &Message, now: Ts) -> std::result::Result<Self, KeyError> {
        store::NewRow::seal(keys, id, message, now).map(Self)
    }
}

/// Writes a message that is sealed already; otherwise as [`enqueue`].
pub fn enqueue_sealed(conn: &mut Conn<'_>, message: &SealedMessage) -> Result<()> {
    store::insert(conn, &message.0)
}

/// Writes a call of the second channel into the outbox, in the transaction that causes it; otherwise as [`enqueue`].
pub fn enqueue_alarm(conn: &mut Conn<'_>, keys: &Keyring, id: Id, alarm: &Alarm, now: Ts) -> Result<()> {
    store::insert(conn, &store::NewRow::seal_alarm(keys, id, alarm, now)?)
}

/// Who is told of urgent referrals, in order; those of the locality file (`seed`) while the database has no rota yet.
pub fn rota_people(conn: &mut Conn<'_>, seed: &[RotaEntry]) -> Result<Vec<RotaPerson>> {
    let people = store::rota::list_people(conn)?;
    Ok(match people.is_empty() {
        true => rota::seeded(seed),
        false => people,
    })
}

/// Who can be told of an urgent referral at this moment, and why these.
pub fn people_on_duty(conn: &mut Conn<'_>, locality: &Locality, now: Ts) -> Result<OnDuty> {
    Ok(on_duty(rota_people(conn, &locality.rota)?, locality, now))
}

/// The rota as its page shows it.
pub async fn rota(db: &Db) -> Result<Rota> {
    db.read(|conn| {
        Ok(Rota {
            people: store::rota::list_people(conn)?,
            version: store::rota::version(conn)?,
            changes: store::rota::list_changes(conn)?,
        })
    })
    .await
}

/// Takes the rota of the locality file over into an empty database; `true` when it did. Later the file is not asked
/// any more.
pub async fn import_rota(db: &Db, seed: &[RotaEntry], now: Ts) -> Result<bool> {
    let people = rota::drawn(seed);
    db.write(move |conn| {
        if store::rota::version(conn)? > 0 || people.is_empty() {
            return Ok(false);
        }
        let what = "Taken over from the locality file";
        let first = store::rota::insert_change(conn, 1, now, None, what)?;
        if first {
            store::rota::replace_people(conn, &people)?;
        }
        Ok(first)
    })
    .await
}

/// Changes the rota and records who did. `seen` is the version on the page the person looked at.
pub async fn change_rota(db: &Db, seen: i32, change: RotaChange, by: Id, now: Ts) -> Result<RotaOutcome> {
    db.write(move |conn| {
        if store::rota::version(conn)? != seen {
            return Ok(RotaOutcome::ChangedMeanwhile);
        }
        let mut people = store::rota::list_people(conn)?;
        let what = match rota::apply(&mut people, &change) {
            Ok(what) => what,
            Err(why) => return Ok(why),
        };
        if !store::rota::insert_change(conn, seen + 1, now, Some(by), &what)? {
            return Ok(RotaOutcome::ChangedMeanwhile);
        }
        store::rota::replace_people(conn, &people)?;
        Ok(RotaOutcome::Done)
    })
    .await
}

/// Stops the urgent messages about something that are still waiting, because somebody has acknowledged it.
/// Returns how many there were. A message in a worker's hands at this moment may still arrive.
pub fn cancel_urgent(conn: &mut Conn<'_>, about: Id, now: Ts) -> Result<usize> {
    store::cancel(conn, about, Some(Lane::Urgent), ("acknowledged", now))
}

/// Stops every message about something that is still waiting, because the person died.
pub fn cancel_all(conn: &mut Conn<'_>, about: Id, now: Ts) -> Result<usize> {
    store::cancel(conn, about, None, ("not to be sent", now))
}

/// How many messages wait and were given up, for banners, `doctor` and metrics.
pub fn counts(conn: &mut Conn<'_>) -> Result<Counts> {
    store::counts(conn)
}

/// What became of the urgent messages about these, for who shows whether word gets through: of those written since
/// then, and of these `messages`, however old.
pub fn fates(conn: &mut Conn<'_>, about: &[Id], since: Ts, messages: &[Id]) -> Result<Vec<Fate>> {
    store::list_fates(conn, about, since, messages)
}

/// What became of these messages, and since when; one that is unknown is left out. For rooms that wait for a message
/// to arrive, or have somebody ring when it did not.
pub fn statuses(conn: &mut Conn<'_>, messages: &[Id]) -> Result<Vec<(Id, Status, Option<Ts>)>> {
    store::list_statuses(conn, messages)
}

/// Drops what waits, as if it had been delivered: for made-up people, to whom nobody writes. Returns how many.
pub fn drop_waiting(conn: &mut Conn<'_>, now: Ts) -> Result<usize> {
    store::mark_waiting_delivered(conn, now)
}
