//! The only SQL over timelines: an event is chained behind the last one, and the chain is checked when it is read.

use diesel::prelude::*;

use super::Row;
use crate::db::schema::referral_event;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::event_kind::EventKind;
use crate::referrals::timeline::{By, Event, Link, Payload, chained, commitment};
use crate::values::{Id, KeyError, Keyring, Purpose, Sealed, Ts};

/// The payload of an event that says nothing beyond its kind, as JSON; stored as no bytes at all.
const NO_WORDS: &[u8] = b"{}";

/// What an event is made of before it is chained; the salt is drawn before the transaction.
pub(in crate::referrals) struct NewEvent<'a> {
    pub kind: EventKind,
    pub by: By,
    pub at: Ts,
    pub payload: &'a Payload,
    pub salt: [u8; 16],
}

/// An event chained behind a row's head, ready to be written after the row.
#[derive(Insertable)]
#[diesel(table_name = referral_event)]
pub(in crate::referrals) struct ChainedEvent {
    referral_id: Id,
    seq: i32,
    kind: &'static str,
    actor_kind: &'static str,
    actor_id: Option<Id>,
    at: Ts,
    payload: Sealed,
    salt: Vec<u8>,
    mac: Vec<u8>,
}

/// Chains an event behind the row's head and moves the head, in memory; the caller writes row and event.
pub(in crate::referrals) fn chain_event(
    keys: &Keyring,
    row: &mut Row,
    event: &NewEvent<'_>,
) -> Result<ChainedEvent> {
    let plain = serde_json::to_vec(event.payload).map_err(anyhow::Error::from)?;
    let commitment = commitment(keys, &event.salt, &plain)?;
    let seq = row.head_seq + 1;
    let link = Link {
        previous: &row.head_mac,
        referral: row.id,
        seq,
        kind: event.kind,
        by: event.by,
        at: event.at,
        commitment: &commitment,
    };
    let mac = chained(keys, &link)?.to_vec();
    row.head_seq = seq;
    row.head_mac.clone_from(&mac);
    Ok(ChainedEvent {
        referral_id: row.id,
        seq,
        kind: event.kind.as_str(),
        actor_kind: event.by.kind(),
        actor_id: event.by.id(),
        at: event.at,
        payload: match event.payload == &Payload::nothing() {
            true => Sealed::from_bytes(Vec::new()),
            false => keys.seal_packed(Purpose::Person, row.id, &plain)?,
        },
        salt: event.salt.to_vec(),
        mac,
    })
}

pub(in crate::referrals) fn insert_event(conn: &mut Conn<'_>, event: &ChainedEvent) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(referral_event::table).values(event).execute(c))?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = referral_event)]
struct EventRow {
    seq: i32,
    kind: String,
    actor_kind: String,
    actor_id: Option<Id>,
    at: Ts,
    payload: Sealed,
    salt: Vec<u8>,
    mac: Vec<u8>,
}

/// Whether the whole form has arrived, and not only the worrying answers of one that was not finished.
pub(in crate::referrals) fn was_finished(conn: &mut Conn<'_>, id: Id) -> Result<bool> {
    let whole = [EventKind::Received, EventKind::Completed].map(EventKind::as_str);
    let arrived = referral_event::table
        .filter(referral_event::referral_id.eq(id))
        .filter(referral_event::kind.eq_any(whole));
    let times: i64 = dispatch!(conn, c => arrived.count().get_result(c))?;
    Ok(times > 0)
}

/// Who began it: the actor of its first event.
pub(in crate::referrals) fn find_beginner(conn: &mut Conn<'_>, id: Id) -> Result<Option<By>> {
    let first = referral_event::table
        .filter(referral_event::referral_id.eq(id))
        .filter(referral_event::seq.eq(1))
        .select((referral_event::actor_kind, referral_event::actor_id));
    let actor: Option<(String, Option<Id>)> = dispatch!(conn, c => first.first(c).optional())?;
    Ok(actor.and_then(|(kind, id)| By::from_stored(&kind, id)))
}

/// The timeline, oldest first, and whether its chain is whole.
pub(in crate::referrals) fn list_events(
    conn: &mut Conn<'_>,
    keys: &Keyring,
    row: &Row,
) -> Result<(Vec<Event>, bool)> {
    let all = referral_event::table
        .filter(referral_event::referral_id.eq(row.id))
        .order(referral_event::seq);
    let rows: Vec<EventRow> = dispatch!(conn, c => all.select(EventRow::as_select()).load(c))?;
    let mut events = Vec::with_capacity(rows.len());
    let mut previous = Vec::new();
    let mut whole = true;
    for (index, stored) in (1..).zip(rows) {
        let plain = match stored.payload.as_bytes() {
            [] => NO_WORDS.to_vec(),
            _ => keys.open_packed(Purpose::Person, row.id, &stored.payload)?,
        };
        let event = open_event(&stored, &plain)?;
        // Not stored: the MAC in the row holds only if salt and payload lead to the same commitment as then.
        let commitment = commitment(keys, &stored.salt, &plain)?;
        let link = Link {
            previous: &previous,
            referral: row.id,
            seq: index,
            kind: event.kind,
            by: event.by,
            at: event.at,
            commitment: &commitment,
        };
        whole &= stored.seq == index && chained(keys, &link)?.as_slice() == stored.mac;
        previous = stored.mac;
        events.push(event);
    }
    whole &= previous == row.head_mac && i32::try_from(events.len()).ok() == Some(row.head_seq);
    Ok((events, whole))
}

fn open_event(stored: &EventRow, plain: &[u8]) -> Result<Event> {
    let kind = EventKind::parse(&stored.kind);
    let kind = kind.ok_or_else(|| anyhow::anyhow!("a timeline holds an unknown kind of event"))?;
    let by = By::from_stored(&stored.actor_kind, stored.actor_id);
    let by = by.ok_or_else(|| anyhow::anyhow!("a timeline holds an event of nobody"))?;
    let payload: Payload = serde_json::from_slice(plain).map_err(|_| KeyError::Garbled)?;
    Ok(Event {
        seq: stored.seq,
        kind,
        by,
        at: stored.at,
        payload,
    })
}

/// How many events of these kinds the timeline holds.
pub(in crate::referrals) fn count_events(conn: &mut Conn<'_>, id: Id, kinds: &[EventKind]) -> Result<i64> {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let some = referral_event::table
        .filter(referral_event::referral_id.eq(id))
        .filter(referral_event::kind.eq_any(words))
        .count();
    Ok(dispatch!(conn, c => some.get_result(c))?)
}

/// How many events of this kind happened at this moment or later.
pub(in crate::referrals) fn count_events_since(
    conn: &mut Conn<'_>,
    id: Id,
    kind: EventKind,
    since: Ts,
) -> Result<i64> {
    let some = referral_event::table
        .filter(referral_event::referral_id.eq(id))
        .filter(referral_event::kind.eq(kind.as_str()))
        .filter(referral_event::at.ge(since))
        .count();
    Ok(dispatch!(conn, c => some.get_result(c))?)
}
