//! The only SQL over referrals, their timelines and their search terms.

use diesel::prelude::*;

use super::case_sheet::CaseSheet;
use super::person::{Person, Term, TermKind};
use super::reference::{ManageToken, Reference};
use super::state::{Queue, ReviewState, is_at_risk};
use super::submission::Door;
use super::timeline::{By, Event, EventKind, Link, Payload, chained, commitment};
use crate::config::ServiceName;
use crate::db::schema::{referral, referral_event, search_term};
use crate::db::{Conn, Result};
use crate::triage::{Priority, SelfBooking, Source, Step, is_safety_flag};
use crate::values::{Id, Keyring, Purpose, Sealed, Ts};
use crate::{dispatch, stored_as_text};

stored_as_text!(ReviewState);
stored_as_text!(Queue);
stored_as_text!(Source);
stored_as_text!(Door);
stored_as_text!(ServiceName);
stored_as_text!(Step);
stored_as_text!(SelfBooking);

/// One referral as stored: the columns every decision about it needs, sealed values still sealed. Written whole, so
/// that what was let go of or raised again is empty in the database, too.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = referral, treat_none_as_null = true)]
pub(super) struct Row {
    pub id: Id,
    pub reference: String,
    pub draft_id: Id,
    pub slip_id: Option<Id>,
    pub clinic_id: Option<Id>,
    pub source: Source,
    pub door: Door,
    pub state: ReviewState,
    pub queue: Queue,
    pub service: ServiceName,
    pub step: Step,
    pub priority: i32,
    pub booking: SelfBooking,
    pub flags: String,
    pub rules_version: String,
    pub person: Sealed,
    pub list_name: Sealed,
    pub case_sheet: Sealed,
    pub share_status: bool,
    pub manage_hash: Vec<u8>,
    pub received_at: Ts,
    pub contact_by: Ts,
    pub acknowledged_by: Option<Id>,
    pub acknowledged_at: Option<Ts>,
    pub claimed_by: Option<Id>,
    pub claimed_at: Option<Ts>,
    pub started_at: Option<Ts>,
    pub head_seq: i32,
    pub head_mac: Vec<u8>,
}

impl Row {
    pub fn priority(&self) -> Priority {
        Priority::from_number(i64::from(self.priority)).unwrap_or(Priority::P1)
    }

    /// Whether a flag about somebody's safety was raised.
    pub fn is_flagged(&self) -> bool {
        self.flags.split_whitespace().any(is_safety_flag)
    }

    pub fn is_at_risk(&self) -> bool {
        is_at_risk(self.priority(), self.is_flagged())
    }

    /// Whether a named person has still to say that they have seen it.
    pub fn needs_acknowledging(&self) -> bool {
        let withdrew = self.state == ReviewState::Withdrawn && self.is_at_risk();
        self.acknowledged_at.is_none() && (withdrew || self.priority() == Priority::P1)
    }

    /// The list it belongs in as it is now.
    pub fn proper_queue(&self) -> Queue {
        Queue::of(
            self.state,
            self.priority(),
            self.is_flagged(),
            self.acknowledged_at.is_some(),
        )
    }

    pub fn open_person(&self, keys: &Keyring) -> Result<Person> {
        Ok(keys.open_json(Purpose::Person, self.id, &self.person)?)
    }

    pub fn open_case(&self, keys: &Keyring) -> Result<CaseSheet> {
        Ok(keys.open_json(Purpose::Person, self.id, &self.case_sheet)?)
    }
}

pub(super) fn insert_referral(conn: &mut Conn<'_>, row: &Row) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(referral::table).values(row).execute(c))?;
    Ok(())
}

/// Writes a changed row, if nobody has added to its timeline since it was read.
pub(super) fn update_referral(conn: &mut Conn<'_>, row: &Row, head_before: i32) -> Result<bool> {
    let same = referral::table
        .filter(referral::id.eq(row.id))
        .filter(referral::head_seq.eq(head_before));
    let changed = dispatch!(conn, c => diesel::update(same).set(row).execute(c))?;
    Ok(changed == 1)
}

pub(super) fn find_by_id(conn: &mut Conn<'_>, id: Id) -> Result<Option<Row>> {
    let one = referral::table.filter(referral::id.eq(id));
    Ok(dispatch!(conn, c => one.select(Row::as_select()).first(c).optional())?)
}

pub(super) fn list_by_ids(conn: &mut Conn<'_>, ids: &[Id]) -> Result<Vec<Row>> {
    let some = referral::table.filter(referral::id.eq_any(ids.to_vec()));
    Ok(dispatch!(conn, c => some.select(Row::as_select()).load(c))?)
}

pub(super) fn count_events(conn: &mut Conn<'_>, id: Id, kinds: &[EventKind]) -> Result<i64> {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let some = referral_event::table
        .filter(referral_event::referral_id.eq(id))
        .filter(referral_event::kind.eq_any(words))
        .count();
    Ok(dispatch!(conn, c => some.get_result(c))?)
}

pub(super) fn find_by_reference(conn: &mut Conn<'_>, reference: &Reference) -> Result<Option<Row>> {
    let one = referral::table.filter(referral::reference.eq(reference.as_str()));
    Ok(dispatch!(conn, c => one.select(Row::as_select()).first(c).optional())?)
}

pub(super) fn find_by_draft(conn: &mut Conn<'_>, draft: Id) -> Result<Option<Row>> {
    let one = referral::table.filter(referral::draft_id.eq(draft));
    Ok(dispatch!(conn, c => one.select(Row::as_select()).first(c).optional())?)
}

/// The referral that used this slip, held against others who add to it at the same moment: on PostgreSQL each
/// waits for the one before, where without the lock all but one would have to start again. SQLite has one writer.
pub(super) fn find_by_slip(conn: &mut Conn<'_>, slip: Id) -> Result<Option<Row>> {
    let one = referral::table.filter(referral::slip_id.eq(slip));
    Ok(match conn {
        Conn::Sqlite(c) => one.select(Row::as_select()).first(*c).optional()?,
        Conn::Pg(c) => one.select(Row::as_select()).for_update().first(*c).optional()?,
    })
}

/// The slip whose progress this referral's patient agreed to share.
pub(super) fn find_shared_slip(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Id>> {
    let one = referral::table
        .filter(referral::id.eq(referral))
        .filter(referral::share_status.eq(true))
        .select(referral::slip_id);
    let slip: Option<Option<Id>> = dispatch!(conn, c => one.first(c).optional())?;
    Ok(slip.flatten())
}

pub(super) fn find_by_token(conn: &mut Conn<'_>, keys: &Keyring, token: &ManageToken) -> Result<Option<Row>> {
    let hash = token.hash(keys)?;
    let one = referral::table.filter(referral::manage_hash.eq(&hash[..]));
    Ok(dispatch!(conn, c => one.select(Row::as_select()).first(c).optional())?)
}

/// The next referrals by id, for work that goes through all of them.
pub(super) fn list_after(conn: &mut Conn<'_>, after: Option<Id>, most: i64) -> Result<Vec<Row>> {
    let after = after.unwrap_or(Id::from_bytes([0; 16]));
    Ok(dispatch!(conn, c => referral::table
        .filter(referral::id.gt(after))
        .order(referral::id)
        .limit(most)
        .select(Row::as_select())
        .load(c))?)
}

/// The first of these references nobody has.
pub(super) fn first_free<'a>(conn: &mut Conn<'_>, drawn: &'a [Reference]) -> Result<Option<&'a Reference>> {
    for reference in drawn {
        let taken = referral::table.filter(referral::reference.eq(reference.as_str()));
        let taken: bool = dispatch!(conn, c => diesel::select(diesel::dsl::exists(taken)).get_result(c))?;
        if !taken {
            return Ok(Some(reference));
        }
    }
    Ok(None)
}

/// What an event is made of before it is chained; the salt is drawn before the transaction.
pub(super) struct NewEvent<'a> {
    pub kind: EventKind,
    pub by: By,
    pub at: Ts,
    pub payload: &'a Payload,
    pub salt: [u8; 16],
}

/// An event chained behind a row's head, ready to be written after the row.
#[derive(Insertable)]
#[diesel(table_name = referral_event)]
pub(super) struct ChainedEvent {
    referral_id: Id,
    seq: i32,
    kind: &'static str,
    actor_kind: &'static str,
    actor_id: Option<Id>,
    at: Ts,
    payload: Sealed,
    salt: Vec<u8>,
    commitment: Vec<u8>,
    mac: Vec<u8>,
}

/// Chains an event behind the row's head and moves the head, in memory; the caller writes row and event.
pub(super) fn chain_event(keys: &Keyring, row: &mut Row, event: &NewEvent<'_>) -> Result<ChainedEvent> {
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
        payload: keys.seal(Purpose::Person, row.id, &plain)?,
        salt: event.salt.to_vec(),
        commitment: commitment.to_vec(),
        mac,
    })
}

pub(super) fn insert_event(conn: &mut Conn<'_>, event: &ChainedEvent) -> Result<()> {
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
    commitment: Vec<u8>,
    mac: Vec<u8>,
}

/// Whether the whole form has arrived, and not only the worrying answers of one that was not finished.
pub(super) fn was_finished(conn: &mut Conn<'_>, id: Id) -> Result<bool> {
    let whole = [EventKind::Received, EventKind::Completed].map(EventKind::as_str);
    let arrived = referral_event::table
        .filter(referral_event::referral_id.eq(id))
        .filter(referral_event::kind.eq_any(whole));
    let times: i64 = dispatch!(conn, c => arrived.count().get_result(c))?;
    Ok(times > 0)
}

/// The timeline, oldest first, and whether its chain is whole.
pub(super) fn list_events(conn: &mut Conn<'_>, keys: &Keyring, row: &Row) -> Result<(Vec<Event>, bool)> {
    let all = referral_event::table
        .filter(referral_event::referral_id.eq(row.id))
        .order(referral_event::seq);
    let rows: Vec<EventRow> = dispatch!(conn, c => all.select(EventRow::as_select()).load(c))?;
    let mut events = Vec::with_capacity(rows.len());
    let mut previous = Vec::new();
    let mut whole = true;
    for (index, stored) in (1..).zip(rows) {
        let event = open_event(keys, row.id, &stored)?;
        let plain = keys.open(Purpose::Person, row.id, &stored.payload)?;
        let link = Link {
            previous: &previous,
            referral: row.id,
            seq: index,
            kind: event.kind,
            by: event.by,
            at: event.at,
            commitment: &stored.commitment,
        };
        whole &= stored.seq == index
            && chained(keys, &link)?.as_slice() == stored.mac
            && commitment(keys, &stored.salt, &plain)?.as_slice() == stored.commitment;
        previous = stored.mac;
        events.push(event);
    }
    whole &= previous == row.head_mac && i32::try_from(events.len()).ok() == Some(row.head_seq);
    Ok((events, whole))
}

fn open_event(keys: &Keyring, referral: Id, stored: &EventRow) -> Result<Event> {
    let kind = EventKind::parse(&stored.kind);
    let kind = kind.ok_or_else(|| anyhow::anyhow!("a timeline holds an unknown kind of event"))?;
    let by = By::from_stored(&stored.actor_kind, stored.actor_id);
    let by = by.ok_or_else(|| anyhow::anyhow!("a timeline holds an event of nobody"))?;
    let payload: Payload = keys.open_json(Purpose::Person, referral, &stored.payload)?;
    Ok(Event {
        seq: stored.seq,
        kind,
        by,
        at: stored.at,
        payload,
    })
}

/// Replaces the hashes a referral is found by.
pub(super) fn replace_terms(conn: &mut Conn<'_>, id: Id, terms: &[Term]) -> Result<()> {
    let old = search_term::table.filter(search_term::referral_id.eq(id));
    dispatch!(conn, c => diesel::delete(old).execute(c))?;
    insert_terms(conn, id, terms)
}

/// Adds hashes a referral is found by and keeps those it has: an old number still finds its person.
pub(super) fn add_terms(conn: &mut Conn<'_>, id: Id, terms: &[Term]) -> Result<()> {
    let own = search_term::table
        .filter(search_term::referral_id.eq(id))
        .select((search_term::kind, search_term::hash));
    let known: Vec<(String, Vec<u8>)> = dispatch!(conn, c => own.load(c))?;
    let is_known = |(kind, hash): &Term| {
        known
            .iter()
            .any(|(there, hashed)| there == kind.as_str() && hashed == hash)
    };
    let fresh: Vec<Term> = terms.iter().filter(|term| !is_known(term)).copied().collect();
    match fresh.is_empty() {
        true => Ok(()),
        false => insert_terms(conn, id, &fresh),
    }
}

pub(super) fn insert_terms(conn: &mut Conn<'_>, id: Id, terms: &[Term]) -> Result<()> {
    let rows: Vec<_> = terms
        .iter()
        .map(|(kind, hash)| {
            (
                search_term::kind.eq(kind.as_str()),
                search_term::hash.eq(&hash[..]),
                search_term::referral_id.eq(id),
            )
        })
        .collect();
    match conn {
        // diesel inserts many rows into SQLite one by one; PostgreSQL takes them in one statement.
        Conn::Sqlite(c) => diesel::insert_into(search_term::table)
            .values(&rows)
            .execute(*c)?,
        Conn::Pg(c) => diesel::insert_into(search_term::table)
            .values(&rows)
            .execute(*c)?,
    };
    Ok(())
}

/// Referrals that look like this one: the same name and birth, or the same postcode with phone or e-mail.
pub(super) fn list_look_alikes(conn: &mut Conn<'_>, id: Id) -> Result<Vec<Row>> {
    let composite = [
        TermKind::NameBorn,
        TermKind::PostcodePhone,
        TermKind::PostcodeEmail,
    ]
    .map(TermKind::as_str);
    let own = search_term::table
        .filter(search_term::referral_id.eq(id))
        .filter(search_term::kind.eq_any(composite))
        .select(search_term::hash);
    let hashes: Vec<Vec<u8>> = dispatch!(conn, c => own.load(c))?;
    let alike = search_term::table
        .filter(search_term::kind.eq_any(composite))
        .filter(search_term::hash.eq_any(hashes))
        .filter(search_term::referral_id.ne(id))
        .select(search_term::referral_id)
        .distinct();
    let ids: Vec<Id> = dispatch!(conn, c => alike.load(c))?;
    let rows = referral::table
        .filter(referral::id.eq_any(ids))
        .order(referral::received_at);
    Ok(dispatch!(conn, c => rows.select(Row::as_select()).load(c))?)
}
