//! Stretches of shelves: the ids of a list, narrowed by anything, without reading a row of a referral.

use diesel::backend::Backend;
use diesel::dsl::{exists, select, sql};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Integer};

use crate::db::schema::{clinic, referral_facet, staff};
use crate::db::types::{IdSql, TsSql};
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::values::{Id, Ts};

/// A row's place in a list: the promise where it is open, and the id, which follows the moment of receipt.
pub(in crate::inbox) type Key = (Option<Ts>, Id);

/// In which direction a shelf is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::inbox) enum Along {
    /// The earliest promise first.
    Promises,
    /// The longest waiting first.
    Arrivals,
    /// The newest first.
    ArrivalsBack,
}

/// What of a shelf is read.
#[derive(Clone, Debug)]
pub(in crate::inbox) struct Stretch {
    pub shelf: i64,
    pub along: Along,
    /// From behind this key.
    pub after: Option<Key>,
    /// Only ids before this one: who came before a moment.
    pub came_before: Option<Id>,
    /// Only what was promised before this moment.
    pub due_before: Option<Ts>,
    /// Shelves on which the referral must stand as well.
    pub also_on: Vec<i64>,
}

impl Stretch {
    /// A shelf from its beginning, the longest waiting first.
    pub fn of_arrivals(shelf: i64) -> Stretch {
        Stretch {
            shelf,
            along: Along::Arrivals,
            after: None,
            came_before: None,
            due_before: None,
            also_on: Vec::new(),
        }
    }
}

/// The parts that all questions about a stretch share, for one backend.
macro_rules! stretch {
    ($stretch:expr) => {{
        let Stretch {
            shelf,
            along,
            after,
            came_before,
            due_before,
            ..
        } = $stretch;
        let mut some = referral_facet::table
            .filter(referral_facet::shelf.eq(*shelf))
            .into_boxed();
        match along {
            Along::Promises => {
                some = some
                    .filter(referral_facet::due.is_not_null())
                    .order((referral_facet::due.asc(), referral_facet::referral_id.asc()));
                if let Some((Some(due), id)) = after {
                    // A comparison of rows, so that the index is entered at the right place.
                    some = some.filter(
                        sql::<Bool>("(due, referral_id) > (")
                            .bind::<TsSql, _>(*due)
                            .sql(", ")
                            .bind::<IdSql, _>(*id)
                            .sql(")"),
                    );
                }
            }
            Along::Arrivals => {
                some = some.order(referral_facet::referral_id.asc());
                if let Some((_, id)) = after {
                    some = some.filter(referral_facet::referral_id.gt(*id));
                }
            }
            Along::ArrivalsBack => {
                some = some.order(referral_facet::referral_id.desc());
                if let Some((_, id)) = after {
                    some = some.filter(referral_facet::referral_id.lt(*id));
                }
            }
        }
        // Where the order is another one, a bound is looked at row by row: an index that knows it would have to be
        // sorted. "IS TRUE" keeps both databases from choosing that one.
        match (along, came_before) {
            (_, None) => {}
            (Along::Promises, Some(id)) => {
                some = some.filter(sql::<Bool>("(referral_id < ").bind::<IdSql, _>(*id).sql(") IS TRUE"));
            }
            (Along::Arrivals | Along::ArrivalsBack, Some(id)) => {
                some = some.filter(referral_facet::referral_id.lt(*id));
            }
        }
        match (along, due_before) {
            (_, None) => {}
            (Along::Promises, Some(due)) => some = some.filter(referral_facet::due.lt(*due)),
            (Along::Arrivals | Along::ArrivalsBack, Some(due)) => {
                some = some.filter(sql::<Bool>("(due < ").bind::<TsSql, _>(*due).sql(") IS TRUE"));
            }
        }
        some
    }};
}

/// The row stands on this shelf, too. A question of its own for each row, so that PostgreSQL never reads the other
/// shelf whole to join it.
macro_rules! also_on {
    ($shelf:expr) => {
        sql::<Bool>("(SELECT 1 FROM referral_facet AS also WHERE also.shelf = ")
            .bind::<BigInt, _>($shelf)
            .sql(" AND also.referral_id = referral_facet.referral_id LIMIT 1) IS NOT NULL")
    };
}

/// The first keys of a stretch, at most `limit`; of those looked at no more than up to `horizon`.
pub(in crate::inbox) fn list_keys(
    conn: &mut Conn<'_>,
    stretch: &Stretch,
    horizon: Option<Key>,
    limit: i64,
) -> Result<Vec<Key>> {
    Ok(dispatch!(conn, c => {
        let mut some = stretch!(stretch);
        for shelf in &stretch.also_on {
            some = some.filter(also_on!(*shelf));
        }
        match (stretch.along, horizon) {
            (_, None) | (Along::Promises, Some((None, _))) => {}
            (Along::Promises, Some((Some(due), id))) => {
                some = some.filter(
                    sql::<Bool>("(due, referral_id) <= (")
                        .bind::<TsSql, _>(due)
                        .sql(", ")
                        .bind::<IdSql, _>(id)
                        .sql(")"),
                );
            }
            (Along::Arrivals, Some((_, id))) => some = some.filter(referral_facet::referral_id.le(id)),
            (Along::ArrivalsBack, Some((_, id))) => some = some.filter(referral_facet::referral_id.ge(id)),
        }
        some.select((referral_facet::due, referral_facet::referral_id)).limit(limit).load(c)
    })?)
}

/// The key so many rows into a stretch, whatever else they stand on: how far a list looks before it shows what it has.
pub(in crate::inbox) fn find_key_at(
    conn: &mut Conn<'_>,
    stretch: &Stretch,
    rows: i64,
) -> Result<Option<Key>> {
    Ok(dispatch!(conn, c => stretch!(stretch)
        .select((referral_facet::due, referral_facet::referral_id))
        .offset(rows)
        .limit(1)
        .first(c)
        .optional())?)
}

/// Counts in one statement how many rows stand on each span of shelves, from first to last; counting stops at `most`.
pub(in crate::inbox) fn count_spans(
    conn: &mut Conn<'_>,
    spans: &[(i64, i64)],
    most: i64,
) -> Result<Vec<i64>> {
    let parts: Vec<String> = spans
        .iter()
        .enumerate()
        .map(|(at, (first, last))| {
            format!(
                "SELECT {at} AS span, count(*) AS many FROM (SELECT 1 FROM referral_facet \
                 WHERE shelf BETWEEN {first} AND {last} LIMIT {most}) AS some_{at}"
            )
        })
        .collect();
    let counting = Counting(parts.join(" UNION ALL "));
    let counted: Vec<(i32, i64)> = dispatch!(conn, c => counting.load(c))?;
    let of = |at: usize| {
        counted
            .iter()
            .find(|(span, _)| usize::try_from(*span).is_ok_and(|span| span == at))
    };
    Ok((0..spans.len())
        .map(|at| of(at).map_or(0, |(_, many)| *many))
        .collect())
}

/// A statement of numbers only, prepared once for each wording: preparing it takes longer than counting.
struct Counting(String);

impl<DB: Backend> QueryFragment<DB> for Counting {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(&self.0);
        Ok(())
    }
}

impl QueryId for Counting {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Counting {
    type SqlType = (Integer, BigInt);
}

impl<C> RunQueryDsl<C> for Counting {}

/// Whether anybody stands on the shelves from first to last.
pub(in crate::inbox) fn is_any(conn: &mut Conn<'_>, (first, last): (i64, i64)) -> Result<bool> {
    let some = referral_facet::table.filter(referral_facet::shelf.between(first, last));
    Ok(dispatch!(conn, c => select(exists(some)).get_result(c))?)
}

/// Clinics to narrow a list to: id, code, name.
pub(in crate::inbox) fn list_clinics(conn: &mut Conn<'_>) -> Result<Vec<(Id, String, String)>> {
    let all = clinic::table
        .order(clinic::name)
        .select((clinic::id, clinic::code, clinic::name));
    Ok(dispatch!(conn, c => all.load(c))?)
}

/// People whose accounts have ended, the last who came first.
pub(in crate::inbox) fn list_leavers(conn: &mut Conn<'_>, most: i64) -> Result<Vec<Id>> {
    let left = staff::table
        .filter(staff::active.eq(false))
        .order(staff::created_at.desc())
        .limit(most)
        .select(staff::id);
    Ok(dispatch!(conn, c => left.load(c))?)
}
