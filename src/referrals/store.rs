//! The only SQL over referrals; beside it their timelines, their search terms, and the calls to their patients.

pub(super) mod alarm_windows;
pub(super) mod before_ledger;
pub(super) mod contacts;
pub(super) mod daily;
pub(super) mod escalations;
mod events;
pub(super) mod late_notices;
pub(super) mod links;
pub(super) mod promises;
mod shelves;
mod terms;

use diesel::prelude::*;

pub(super) use self::events::{
    NewEvent, chain_event, count_events, count_events_since, find_beginner, insert_event, list_events,
    was_finished,
};
pub(super) use self::shelves::{list_unshelved, shelve};
pub(super) use self::terms::{add_terms, insert_terms, list_look_alikes, replace_terms};
use super::case_sheet::CaseSheet;
use super::contact_promise::Promise;
use super::person::Person;
use super::reference::{ManageToken, Reference};
use super::state::{Queue, ReviewState, is_at_risk};
use super::submission::Door;
use crate::config::ServiceName;
use crate::db::schema::referral;
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
/// that what was let go of or raised again is empty in the database, too; but for what never changes, whose indexes
/// would all be written again with it.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = referral, treat_none_as_null = true)]
pub(super) struct Row {
    pub id: Id,
    #[diesel(skip_update)]
    pub reference: String,
    #[diesel(skip_update)]
    pub draft_id: Id,
    pub slip_id: Option<Id>,
    pub clinic_id: Option<Id>,
    #[diesel(skip_update)]
    pub source: Source,
    #[diesel(skip_update)]
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
    #[diesel(skip_update)]
    pub manage_hash: Vec<u8>,
    #[diesel(skip_update)]
    pub received_at: Ts,
    pub contact_by: Ts,
    pub acknowledged_by: Option<Id>,
    pub acknowledged_at: Option<Ts>,
    pub claimed_by: Option<Id>,
    pub claimed_at: Option<Ts>,
    pub started_at: Option<Ts>,
    pub head_seq: i32,
    pub head_mac: Vec<u8>,
    /// See [`super::shelf::pathways`]; empty while the referral stands on no shelf.
    pub pathways: Option<String>,
    /// When the person died, as far as the team knows. Nothing is sent or owed from then on.
    pub died_at: Option<Ts>,
    /// How often the link to the own page was replaced or ended; see [`replace_link`].
    #[diesel(skip_update)]
    pub link_generation: i32,
}

impl Row {
    /// What people call it.
    pub fn reference(&self) -> Result<Reference> {
        Ok(Reference::parse(&self.reference)
            .ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?)
    }

    pub fn priority(&self) -> Priority {
        Priority::from_number(i64::from(self.priority)).unwrap_or(Priority::P1)
    }

    /// Whether a flag about somebody's safety was raised.
    pub fn is_flagged(&self) -> bool {
        self.flags.split_whitespace().any(is_safety_flag)
    }

    /// Whether it is neither ended nor handed over.
    pub fn is_open(&self) -> bool {
        match self.state {
            ReviewState::Incomplete
            | ReviewState::New
            | ReviewState::WaitingForPatient
            | ReviewState::Accepted
            | ReviewState::Started => true,
            ReviewState::HandedOver
            | ReviewState::Closed
            | ReviewState::Declined
            | ReviewState::Withdrawn => false,
        }
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

    /// The token of the own page as it stands now.
    pub fn token(&self, keys: &Keyring) -> Result<ManageToken> {
        Ok(ManageToken::of(keys, self.id, self.link_generation)?)
    }

    pub fn open_person(&self, keys: &Keyring) -> Result<Person> {
        Ok(keys.open_json(Purpose::Person, self.id, &self.person)?)
    }

    pub fn open_case(&self, keys: &Keyring) -> Result<CaseSheet> {
        Ok(keys.open_json(Purpose::Person, self.id, &self.case_sheet)?)
    }
}

/// Writes a new referral with the promise of its first contact.
pub(super) fn insert_referral(conn: &mut Conn<'_>, row: &Row, first: &Promise) -> Result<()> {
    dispatch!(conn, c => diesel::insert_into(referral::table).values(row).execute(c))?;
    promises::insert_first(conn, first)?;
    shelves::put(conn, row)
}

/// Writes a changed row, if nobody has added to its timeline since it was read.
pub(super) fn update_referral(conn: &mut Conn<'_>, row: &Row, head_before: i32) -> Result<bool> {
    let Some(stood) = shelves::find_stood(conn, row.id)? else {
        return Ok(false);
    };
    let same = referral::table
        .filter(referral::id.eq(row.id))
        .filter(referral::head_seq.eq(head_before));
    let changed = dispatch!(conn, c => diesel::update(same).set(row).execute(c))?;
    if changed != 1 {
        return Ok(false);
    }
    shelves::put_again(conn, row, &stood)?;
    Ok(true)
}

pub(super) fn find_by_id(conn: &mut Conn<'_>, id: Id) -> Result<Option<Row>> {
    let one = referral::table.filter(referral::id.eq(id));
    Ok(dispatch!(conn, c => one.select(Row::as_select()).first(c).optional())?)
}

/// Open referrals taken on by one of these people, each with who it is.
pub(super) fn list_open_claimed_by(conn: &mut Conn<'_>, who: &[Id], most: i64) -> Result<Vec<(Id, Id)>> {
    if who.is_empty() {
        return Ok(Vec::new());
    }
    let theirs: Vec<Option<Id>> = who.iter().copied().map(Some).collect();
    let some = referral::table
        .filter(referral::claimed_by.eq_any(theirs))
        .filter(referral::queue.ne(Queue::Done))
        .order(referral::id)
        .limit(most)
        .select((referral::id, referral::claimed_by.assume_not_null()));
    Ok(dispatch!(conn, c => some.load(c))?)
}

pub(super) fn list_by_ids(conn: &mut Conn<'_>, ids: &[Id]) -> Result<Vec<Row>> {
    let some = referral::table.filter(referral::id.eq_any(ids.to_vec()));
    Ok(dispatch!(conn, c => some.select(Row::as_select()).load(c))?)
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

/// Puts the next link in the place of the one that stood, and of its hash.
pub(super) fn replace_link(conn: &mut Conn<'_>, keys: &Keyring, row: &mut Row) -> Result<()> {
    row.link_generation += 1;
    row.manage_hash = row.token(keys)?.hash(keys)?.to_vec();
    let one = referral::table.filter(referral::id.eq(row.id));
    let new = (
        referral::link_generation.eq(row.link_generation),
        referral::manage_hash.eq(&row.manage_hash),
    );
    dispatch!(conn, c => diesel::update(one).set(new).execute(c))?;
    Ok(())
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

/// The next sheets by id, of referrals received at `since` or later: for work that goes through all of them.
pub(super) fn list_sheets_after(
    conn: &mut Conn<'_>,
    after: Option<Id>,
    since: Option<Ts>,
    most: i64,
) -> Result<Vec<(Id, String, Sealed)>> {
    let after = after.unwrap_or(Id::from_bytes([0; 16]));
    let since = since.unwrap_or(Ts::from_micros(0));
    Ok(dispatch!(conn, c => referral::table
        .filter(referral::id.gt(after))
        .filter(referral::received_at.ge(since))
        .order(referral::id)
        .limit(most)
        .select((referral::id, referral::reference, referral::case_sheet))
        .load(c))?)
}

/// How many were received at `since` or later.
pub(super) fn count_received(conn: &mut Conn<'_>, since: Option<Ts>) -> Result<i64> {
    let since = since.unwrap_or(Ts::from_micros(0));
    let received = referral::table.filter(referral::received_at.ge(since)).count();
    Ok(dispatch!(conn, c => received.get_result(c))?)
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
