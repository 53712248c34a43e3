//! Against guessing: who tries too often waits, a little longer each time, and never for ever.
//!
//! A *subject* is whoever is guessing or what is guessed at, as a keyed hash: the table shows neither
//! usernames nor addresses. The first tries are free; after that each failure doubles the wait up to a limit.
//! Tries made while waiting are refused and not counted, so that nobody can keep somebody else out by
//! hammering; and a subject that stays quiet is forgotten.

use std::net::IpAddr;

use super::store::tries as store;
use crate::db::{self, Conn};
use crate::values::{KeyError, Keyring, Purpose, Ts};

/// How patient one counter is.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Failures that cost nothing.
    pub free: i32,
    /// The wait after the first failure that costs something, in seconds; then it doubles.
    pub first_wait: i64,
    /// The longest wait, in seconds.
    pub longest_wait: i64,
    /// Minutes of quiet after which everything is forgotten.
    pub forgets_after: i64,
}

/// Wrong passwords for one username: at most one guess a minute in the long run, from wherever they come.
pub const SIGN_IN_NAME: Limit = Limit {
    free: 5,
    first_wait: 2,
    longest_wait: 60,
    forgets_after: 60,
};
/// Wrong passwords from one address, which may be the only one of a whole hospital.
pub const SIGN_IN_ADDRESS: Limit = Limit {
    free: 30,
    first_wait: 1,
    longest_wait: 30,
    forgets_after: 60,
};
/// Well-formed codes that match no slip, from one address. A right code always passes.
pub const CODES: Limit = Limit {
    free: 10,
    first_wait: 1,
    longest_wait: 30,
    forgets_after: 60,
};
/// Wrong dates of birth on one patient's own page: about a hundred tries a day.
pub const OWN_PAGE: Limit = Limit {
    free: 5,
    first_wait: 30,
    longest_wait: 15 * 60,
    forgets_after: 24 * 60,
};
/// Wrong dates of birth from one address, on whichever pages; a household or a ward may share it.
pub const OWN_PAGE_ADDRESS: Limit = Limit {
    free: 30,
    first_wait: 2,
    longest_wait: 5 * 60,
    forgets_after: 24 * 60,
};

/// Who is guessing, or what is guessed at, as a keyed hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject([u8; 32]);

impl Subject {
    /// A subject from what the counter is about ("codes") and who or what it counts.
    pub fn of(keys: &Keyring, about: &str, who: &[u8]) -> Result<Self, KeyError> {
        keys.mac(Purpose::Tokens, &[b"throttle", about.as_bytes(), who])
            .map(Self)
    }

    /// An address as a subject. Of the newer, longer kind only the network counts: one household has it whole.
    pub fn address(keys: &Keyring, about: &str, address: IpAddr) -> Result<Self, KeyError> {
        let who = match address.to_canonical() {
            IpAddr::V4(short) => short.octets().to_vec(),
            IpAddr::V6(long) => long.octets().into_iter().take(8).collect(),
        };
        Self::of(keys, about, &who)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Whether another try is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Go,
    /// Not yet: so many seconds, at least 1.
    Wait(i64),
}

/// The failures of one subject so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    /// How many there were.
    pub tries: i32,
    /// When the last one was.
    pub last: Option<Ts>,
}

impl Run {
    /// What is still remembered of it.
    pub fn remembered(self, limit: &Limit, now: Ts) -> Self {
        match self.last {
            Some(last) if now >= last.plus_minutes(limit.forgets_after) => Self::default(),
            // A clock that was put back must not keep anybody waiting until it has caught up.
            Some(last) if last > now.plus_seconds(limit.longest_wait) => Self { last: None, ..self },
            _ => self,
        }
    }

    /// Whether another try is allowed now.
    pub fn verdict(self, limit: &Limit, now: Ts) -> Verdict {
        let run = self.remembered(limit, now);
        let Some(last) = run.last else { return Verdict::Go };
        let left = last.plus_seconds(wait_after(run.tries, limit)).since(now);
        let seconds = left.as_secs() + i64::from(left.subsec_nanos() > 0);
        if seconds > 0 {
            Verdict::Wait(seconds)
        } else {
            Verdict::Go
        }
    }
}

/// Whether this subject may try now. Counts nothing.
pub fn allowed(conn: &mut Conn<'_>, subject: &Subject, limit: &Limit, now: Ts) -> db::Result<Verdict> {
    Ok(store::find_run(conn, subject)?.verdict(limit, now))
}

/// Counts one failure, and tells how long the subject has to wait before the next try.
pub fn strike(conn: &mut Conn<'_>, subject: &Subject, limit: &Limit, now: Ts) -> db::Result<Verdict> {
    store::lock_run(conn, subject, now)?;
    let run = store::find_run(conn, subject)?.remembered(limit, now);
    let run = Run {
        tries: run.tries.saturating_add(1),
        last: Some(now),
    };
    store::mark_run(conn, subject, run.tries, now)?;
    Ok(run.verdict(limit, now))
}

/// Counts a try before its outcome is known, if the subject may try now. A success takes it back.
pub fn take(conn: &mut Conn<'_>, subject: &Subject, limit: &Limit, now: Ts) -> db::Result<Verdict> {
    take_each(conn, &[(*subject, *limit)], now)
}

/// Counts a try against several subjects, or against none of them when one has to wait. Callers that share
/// subjects name them in the same order, so that they never wait for each other in a ring.
pub fn take_each(conn: &mut Conn<'_>, subjects: &[(Subject, Limit)], now: Ts) -> db::Result<Verdict> {
    for (subject, limit) in subjects {
        store::lock_run(conn, subject, now)?;
        if let Verdict::Wait(seconds) = allowed(conn, subject, limit, now)? {
            return Ok(Verdict::Wait(seconds));
        }
    }
    for (subject, limit) in subjects {
        strike(conn, subject, limit, now)?;
    }
    Ok(Verdict::Go)
}

/// Takes back one failure that [`take`] or [`strike`] counted.
pub fn take_back(conn: &mut Conn<'_>, subject: &Subject) -> db::Result<()> {
    store::mark_one_less(conn, subject)
}

/// Forgets all failures of a subject.
pub fn forget(conn: &mut Conn<'_>, subject: &Subject) -> db::Result<()> {
    store::delete_run(conn, subject)
}

/// How long to wait after so many failures, in seconds.
fn wait_after(tries: i32, limit: &Limit) -> i64 {
    let costly = tries.saturating_sub(limit.free);
    if costly <= 0 {
        return 0;
    }
    let doublings = u32::try_from(costly - 1).unwrap_or(0).min(32);
    limit
        .first_wait
        .saturating_mul(1_i64 << doublings)
        .min(limit.longest_wait)
}

/// "30 seconds", "1 minute", "3 minutes": a wait as the page says it, rounded up.
pub fn in_words(seconds: i64) -> String {
    match seconds {
        ..=1 => "1 second".to_owned(),
        2..=59 => format!("{seconds} seconds"),
        60 => "1 minute".to_owned(),
        _ => format!("{} minutes", (seconds + 59) / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit {
        free: 3,
        first_wait: 2,
        longest_wait: 60,
        forgets_after: 60,
    };

    #[test]
    fn the_wait_doubles_and_ends_at_the_limit() {
        let waits: Vec<i64> = (0..=10).map(|tries| wait_after(tries, &LIMIT)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(wait_after(i32::MAX, &LIMIT), 60);
    }

    #[test]
    fn waiting_ends_and_quiet_is_forgiven() {
        let now = Ts::from_micros(1_000_000_000_000);
        let run = Run {
            tries: 6,
            last: Some(now),
        };
        assert_eq!(run.verdict(&LIMIT, now), Verdict::Wait(8));
        assert_eq!(run.verdict(&LIMIT, now.plus_seconds(7)), Verdict::Wait(1));
        assert_eq!(run.verdict(&LIMIT, now.plus_seconds(8)), Verdict::Go);
        assert_eq!(run.remembered(&LIMIT, now.plus_minutes(59)).tries, 6);
        assert_eq!(run.remembered(&LIMIT, now.plus_minutes(60)).tries, 0);
    }

    #[test]
    fn a_clock_put_back_keeps_nobody_out() {
        let now = Ts::from_micros(1_000_000_000_000);
        let run = Run {
            tries: 6,
            last: Some(now.plus_days(300)),
        };
        assert_eq!(run.verdict(&LIMIT, now), Verdict::Go);
    }

    #[test]
    fn waits_are_told_in_words() {
        assert_eq!(
            [1, 30, 60, 61, 900].map(in_words),
            ["1 second", "30 seconds", "1 minute", "2 minutes", "15 minutes"]
        );
    }
}
