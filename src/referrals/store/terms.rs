//! The only SQL over the hashes a referral is found by, and by which two look alike.

use diesel::prelude::*;

use super::Row;
use crate::db::schema::{referral, search_term};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::person::{Term, TermKind};
use crate::values::Id;

/// Replaces the hashes a referral is found by.
pub(in crate::referrals) fn replace_terms(conn: &mut Conn<'_>, id: Id, terms: &[Term]) -> Result<()> {
    let old = search_term::table.filter(search_term::referral_id.eq(id));
    dispatch!(conn, c => diesel::delete(old).execute(c))?;
    insert_terms(conn, id, terms)
}

/// Adds hashes a referral is found by and keeps those it has: an old number still finds its person.
pub(in crate::referrals) fn add_terms(conn: &mut Conn<'_>, id: Id, terms: &[Term]) -> Result<()> {
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

pub(in crate::referrals) fn insert_terms(conn: &mut Conn<'_>, id: Id, terms: &[Term]) -> Result<()> {
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
pub(in crate::referrals) fn list_look_alikes(conn: &mut Conn<'_>, id: Id) -> Result<Vec<Row>> {
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
