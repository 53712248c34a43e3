//! The outbox. Receives messages in the transaction that causes them, decides which goes next and when to try
//! again, and hands them to a mail server, at least once each, under a Message-ID that stays the same. Never
//! knows what a message is about, and never prints or stores an address, a subject or a body in clear.

mod captured;
mod command;
mod delivery;
mod mailer;
mod message;
mod next;
mod postman;
mod server;
mod store;

pub use captured::{CapturedMail, captured};
pub use command::OutboxCommand;
pub use delivery::{Delivery, Reason};
pub use mailer::Mailer;
pub use message::{Lane, Message, Status};
pub use postman::Postman;
pub use store::{Counts, Entry};

use crate::db::{Conn, Result};
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

/// Stops the urgent messages about something that are still waiting, because somebody has acknowledged it.
/// Returns how many there were. A message in a worker's hands at this moment may still arrive.
pub fn cancel_urgent(conn: &mut Conn<'_>, about: Id, now: Ts) -> Result<usize> {
    store::cancel_urgent(conn, about, now)
}

/// How many messages wait and were given up, for banners, `doctor` and metrics.
pub fn counts(conn: &mut Conn<'_>) -> Result<Counts> {
    store::counts(conn)
}

/// What became of these messages, and since when; one that is unknown is left out. For rooms that wait for a message
/// to arrive, or have somebody ring when it did not.
pub fn statuses(conn: &mut Conn<'_>, messages: &[Id]) -> Result<Vec<(Id, Status, Option<Ts>)>> {
    store::list_statuses(conn, messages)
}
