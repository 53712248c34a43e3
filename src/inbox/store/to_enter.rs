//! Who was accepted and is not yet in the record system, the longest waiting first.

use std::collections::HashMap;

use diesel::prelude::*;

use super::stretch::{Stretch, list_keys};
use crate::config::ServiceName;
use crate::db::schema::{referral, referral_event};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::{EventKind, Facet, Queue, Reference};
use crate::values::{Id, Keyring, Purpose, Sealed, Ts};

/// Somebody who waits to be entered.
pub(in crate::inbox) struct ToEnter {
    pub id: Id,
    pub reference: Reference,
    pub name: String,
    pub service: ServiceName,
    pub received_at: Ts,
    /// When they were accepted last.
    pub accepted_at: Ts,
}

type Stored = (Id, String, Sealed, ServiceName, Ts);

/// The longest waiting from receipt first, at most `limit`: so many of each shelf, in the order in which they stand there.
/// `after`: from behind this one, which the order of arrival keeps in its place whatever is decided meanwhile.
pub(in crate::inbox) fn list_to_enter(
    conn: &mut Conn<'_>,
    keys: &Keyring,
    after: Option<Id>,
    limit: usize,
) -> Result<Vec<ToEnter>> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut ids: Vec<Id> = Vec::new();
    for shelf in Facet::Everybody.shelves(Queue::Accepted, None).concat() {
        let stretch = Stretch {
            after: after.map(|id| (None, id)),
            ..Stretch::of_arrivals(shelf)
        };
        ids.extend(
            list_keys(conn, &stretch, None, most)?
                .into_iter()
                .map(|(_, id)| id),
        );
    }
    ids.sort_unstable();
    ids.truncate(limit);
    let some = referral::table.filter(referral::id.eq_any(ids)).select((
        referral::id,
        referral::reference,
        referral::list_name,
        referral::service,
        referral::received_at,
    ));
    let mut rows: Vec<Stored> = dispatch!(conn, c => some.load(c))?;
    rows.sort_by_key(|(id, ..)| *id);
    let accepted = accepted_at(conn, rows.iter().map(|row| row.0).collect())?;
    rows.into_iter()
        .map(|(id, reference, name, service, received_at)| {
            let name = keys.open(Purpose::Person, id, &name)?;
            Ok(ToEnter {
                id,
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
