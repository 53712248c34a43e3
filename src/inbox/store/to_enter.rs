//! Who was accepted and is not yet in the record system, the longest waiting first.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::config::ServiceName;
use crate::db::schema::{referral, referral_event};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::{EventKind, Queue, Reference};
use crate::triage::Priority;
use crate::values::{Id, Keyring, Purpose, Sealed, Ts};

/// Somebody who waits to be entered.
pub(in crate::inbox) struct ToEnter {
    pub reference: Reference,
    pub name: String,
    pub service: ServiceName,
    pub received_at: Ts,
    /// When they were accepted last.
    pub accepted_at: Ts,
}

type Stored = (Id, String, Sealed, ServiceName, Ts);

/// The longest waiting from receipt first, at most `limit`. One look into the index of the lists for each priority, in
/// which order it stands there.
pub(in crate::inbox) fn list_to_enter(
    conn: &mut Conn<'_>,
    keys: &Keyring,
    limit: usize,
) -> Result<Vec<ToEnter>> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows: Vec<Stored> = Vec::new();
    for priority in Priority::ALL {
        let of_one = referral::table
            .filter(referral::queue.eq(Queue::Accepted))
            .filter(referral::priority.eq(i32::from(priority.number())))
            .order((referral::received_at, referral::id))
            .limit(most)
            .select((
                referral::id,
                referral::reference,
                referral::list_name,
                referral::service,
                referral::received_at,
            ));
        let found: Vec<Stored> = dispatch!(conn, c => of_one.load(c))?;
        rows.extend(found);
    }
    rows.sort_by_key(|(id, _, _, _, received_at)| (*received_at, *id));
    rows.truncate(limit);
    let accepted = accepted_at(conn, rows.iter().map(|row| row.0).collect())?;
    rows.into_iter()
        .map(|(id, reference, name, service, received_at)| {
            let name = keys.open(Purpose::Person, id, &name)?;
            Ok(ToEnter {
                reference: Reference::parse(&reference)
                    .ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?,
                name: String::from_utf8_lossy(&name).into_owned(),
                service,
                received_at,
                accepted_at: accepted.get(&id).copied().unwrap_or(received_at),
            })
        })
        .collect()
}

fn accepted_at(conn: &mut Conn<'_>, ids: Vec<Id>) -> Result<HashMap<Id, Ts>> {
    let events = referral_event::table
        .filter(referral_event::referral_id.eq_any(ids))
        .filter(referral_event::kind.eq(EventKind::Accepted.as_str()))
        .order(referral_event::at)
        .select((referral_event::referral_id, referral_event::at));
    let found: Vec<(Id, Ts)> = dispatch!(conn, c => events.load(c))?;
    // The latest stays.
    Ok(found.into_iter().collect())
}
