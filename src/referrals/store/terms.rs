//! The only SQL over the hashes a referral is found by, and by which two look alike.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Row;
use crate::db::schema::{referral, search_term};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::referrals::person::Term;
use crate::values::Id;

/// Replaces the hashes a referral was found by, `before`, with those of who it is about now.
pub(in crate::referrals) fn replace_terms(
    conn: &mut Conn<'_>,
    id: Id,
    before: &[Term],
    terms: &[Term],
) -> Result<()> {
    let gone: Vec<Term> = before
        .iter()
        .filter(|term| !terms.contains(term))
        .copied()
        .collect();
    let old = search_term::table
        .filter(search_term::kind.eq_any(numbers(&gone)))
        .filter(search_term::hash.eq_any(hashes(&gone)))
        .filter(search_term::referral_id.eq(id));
    dispatch!(conn, c => diesel::delete(old).execute(c))?;
    add_terms(conn, id, terms)
}

/// Adds hashes a referral is found by and keeps those it has: an old number still finds its person.
pub(in crate::referrals) fn add_terms(conn: &mut Conn<'_>, id: Id, terms: &[Term]) -> Result<()> {
    let own = search_term::table
        .filter(search_term::kind.eq_any(numbers(terms)))
        .filter(search_term::hash.eq_any(hashes(terms)))
        .filter(search_term::referral_id.eq(id))
        .select((search_term::kind, search_term::hash));
    let known: Vec<(i16, Vec<u8>)> = dispatch!(conn, c => own.load(c))?;
    let is_known = |(kind, hash): &Term| {
        known
            .iter()
            .any(|(there, hashed)| *there == kind.number() && hashed == hash)
    };
    let fresh: Vec<Term> = terms.iter().filter(|term| !is_known(term)).copied().collect();
    match fresh.is_empty() {
        true => Ok(()),
        false => insert_terms(conn, id, &fresh),
    }
}

fn numbers(terms: &[Term]) -> Vec<i16> {
    let mut numbers: Vec<i16> = terms.iter().map(|(kind, _)| kind.number()).collect();
    numbers.dedup();
    numbers
}

fn hashes(terms: &[Term]) -> Vec<Vec<u8>> {
    terms.iter().map(|(_, hash)| hash.to_vec()).collect()
}

pub(in crate::referrals) fn insert_terms(conn: &mut Conn<'_>, id: Id, terms: &[Term]) -> Result<()> {
    let rows: Vec<_> = terms
        .iter()
        .map(|(kind, hash)| {
            (
                search_term::kind.eq(kind.number()),
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
    // As a literal, so that both databases see that the index of the pairs holds all of them.
    let own = search_term::table
        .filter(search_term::referral_id.eq(id))
        .filter(sql::<Bool>("kind >= 7"))
        .select((search_term::kind, search_term::hash));
    let pairs: Vec<(i16, Vec<u8>)> = dispatch!(conn, c => own.load(c))?;
    // A hash is made with its kind, so that each is one of a single kind.
    let (kinds, hashes): (Vec<i16>, Vec<Vec<u8>>) = pairs.into_iter().unzip();
    let alike = search_term::table
        .filter(search_term::kind.eq_any(kinds))
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
