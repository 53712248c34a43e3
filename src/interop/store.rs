//! The only SQL of this room: what was sent with an `Idempotency-Key`, and lists over referrals.

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::idempotency::{Claim, FirstAnswer};
use super::listing::{Asked, Cursor, Line};
use crate::booking::PlaceState;
use crate::db::schema::{idempotency, pad, place, referral, slip};
use crate::db::types::{IdSql, TsSql};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::{Id, Ts};

pub(super) fn find_first_answer(conn: &mut Conn<'_>, claim: &Claim) -> Result<Option<FirstAnswer>> {
    let one = idempotency::table
        .filter(idempotency::api_key_id.eq(claim.api_key))
        .filter(idempotency::key_hash.eq(&claim.key_hash[..]))
        .filter(idempotency::created_at.gt(claim.counts_since))
        .select((
            idempotency::body_hash,
            idempotency::referral_id,
            idempotency::first_status,
            idempotency::created_at,
        ));
    let found: Option<(Vec<u8>, Id, i32, Ts)> = dispatch!(conn, c => one.first(c).optional())?;
    Ok(found.map(|(body_hash, referral, status, at)| FirstAnswer {
        same_body: body_hash == claim.body_hash,
        referral,
        status: u16::try_from(status).unwrap_or(200),
        at,
    }))
}

/// Remembers an answer. What the same key stood for more than a day ago is forgotten.
pub(super) fn insert_first_answer(
    conn: &mut Conn<'_>,
    claim: &Claim,
    referral: Id,
    status: u16,
    at: Ts,
) -> Result<()> {
    let old = idempotency::table
        .filter(idempotency::api_key_id.eq(claim.api_key))
        .filter(idempotency::key_hash.eq(&claim.key_hash[..]))
        .filter(idempotency::created_at.le(claim.counts_since));
    let row = (
        idempotency::api_key_id.eq(claim.api_key),
        idempotency::key_hash.eq(&claim.key_hash[..]),
        idempotency::body_hash.eq(&claim.body_hash[..]),
        idempotency::referral_id.eq(referral),
        idempotency::first_status.eq(i32::from(status)),
        idempotency::created_at.eq(at),
    );
    dispatch!(conn, c => {
        diesel::delete(old).execute(c)?;
        diesel::insert_into(idempotency::table).values(row).execute(c)
    })?;
    Ok(())
}

pub(super) fn delete_answers_before(conn: &mut Conn<'_>, then: Ts) -> Result<usize> {
    let old = idempotency::table.filter(idempotency::created_at.le(then));
    Ok(dispatch!(conn, c => diesel::delete(old).execute(c))?)
}

/// One page, oldest first, with one line more than asked for if there are more.
pub(super) fn list_lines(conn: &mut Conn<'_>, asked: &Asked, clinic: Option<Id>) -> Result<Vec<Line>> {
    let Cursor { at, id } = asked.after;
    let later = || {
        sql::<Bool>("(referral.received_at, referral.id) > (")
            .bind::<TsSql, _>(at)
            .sql(", ")
            .bind::<IdSql, _>(id)
            .sql(")")
    };
    // A place that is only offered to somebody who waits is not booked.
    let has_place = place::table
        .filter(place::referral_id.eq(referral::id.nullable()))
        .filter(place::state.ne(PlaceState::Offered));
    Ok(dispatch!(conn, c => {
        let mut lines = referral::table.into_boxed().filter(later());
        if let Some(service) = asked.service {
            lines = lines.filter(referral::service.eq(service));
        }
        if let Some(status) = asked.status {
            lines = lines.filter(referral::state.eq(status));
        }
        if let Some(clinic) = clinic {
            lines = lines.filter(referral::clinic_id.eq(clinic));
        }
        lines
            .order((referral::received_at, referral::id))
            .limit(asked.limit() + 1)
            .select((
                referral::id,
                referral::reference,
                referral::state,
                referral::service,
                referral::source,
                referral::received_at,
                referral::contact_by,
                exists(has_place),
            ))
            .load(c)
    })?)
}

pub(super) fn has_place(conn: &mut Conn<'_>, referral: Id) -> Result<bool> {
    let one = place::table
        .filter(place::referral_id.eq(referral))
        .filter(place::state.ne(PlaceState::Offered));
    Ok(dispatch!(conn, c => diesel::select(exists(one)).get_result(c))?)
}

/// The number of the pad that this slip alone makes up, and its clinic. A slip of a printed pad, or a void one, is not
/// printed alone.
pub(super) fn find_single_slip(conn: &mut Conn<'_>, id: Id) -> Result<Option<(i32, Id)>> {
    let one = slip::table
        .inner_join(pad::table)
        .filter(slip::id.eq(id))
        .filter(slip::state.ne("void"))
        .filter(pad::electronic.eq(true))
        .select((pad::number, pad::clinic_id));
    Ok(dispatch!(conn, c => one.first(c).optional())?)
}
