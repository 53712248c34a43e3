//! The same submission sent again. What was sent with an `Idempotency-Key` is remembered for a day as keyed hashes
//! and the referral that came of it; the answer is rebuilt from the referral, never stored.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::db::{Conn, Result};
use crate::values::{Id, KeyError, Keyring, Purpose, Ts};

use super::store;

/// How long a key stands for its first answer.
const HOURS: i64 = 24;

/// What a request lays claim to: this key of this sender stands for this body.
#[derive(Clone, Copy)]
pub(super) struct Claim {
    /// Who sends.
    pub api_key: Id,
    /// The `Idempotency-Key`, hashed.
    pub key_hash: [u8; 32],
    /// The body, hashed, whatever the order of its keys.
    pub body_hash: [u8; 32],
    /// What was remembered before this does not count any more.
    pub counts_since: Ts,
}

/// What was answered when the key was first sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstAnswer {
    /// Whether it came with the same body.
    pub same_body: bool,
    /// What came of it.
    pub referral: Id,
    /// With which status.
    pub status: u16,
    /// When.
    pub at: Ts,
}

impl Claim {
    /// The claim of a request. The body is health data: its hash is keyed too.
    pub fn of(
        keys: &Keyring,
        api_key: Id,
        key: &str,
        body: &[u8],
        now: Ts,
    ) -> std::result::Result<Self, KeyError> {
        let hash = |what: &[u8], text: &[u8]| keys.mac(Purpose::Tokens, &[what, api_key.as_bytes(), text]);
        Ok(Self {
            api_key,
            key_hash: hash(b"idempotency key", key.as_bytes())?,
            body_hash: hash(b"idempotent body", body)?,
            counts_since: now.plus_minutes(-HOURS * 60),
        })
    }
}

/// Forgets what was remembered more than a day ago; returns how much that was.
pub fn forget_old_answers(conn: &mut Conn<'_>, now: Ts) -> Result<usize> {
    store::delete_answers_before(conn, now.plus_minutes(-HOURS * 60))
}

/// Forgets every hour, until the server stops.
pub async fn forget_hourly(app: Arc<App>, stopping: impl Future<Output = ()>) {
    let forgetting = async {
        let mut hourly = tokio::time::interval(Duration::from_secs(3600));
        hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            hourly.tick().await;
            let now = app.clock.now();
            if let Err(refused) = app.db.write(move |conn| forget_old_answers(conn, now)).await {
                tracing::warn!(error = %refused, "old idempotency keys were not forgotten; trying again in an hour");
            }
        }
    };
    tokio::select! {
        () = forgetting => {}
        () = stopping => {}
    }
}
