//! Those whom nobody has acknowledged, without names: the band on every page asks for them.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::schema::referral;
use crate::db::{Conn, Result};
use crate::dispatch;
use crate::inbox::order_of_now::Waiting;
use crate::referrals::{Door, Queue, Reference};
use crate::values::{Id, Ts};

/// At most so many: those that anybody could have sent come last, so that no flood crowds out the others.
pub(in crate::inbox) fn list_unacknowledged(conn: &mut Conn<'_>, most: i64) -> Result<Vec<Waiting>> {
    let rows = referral::table
        .filter(referral::queue.eq(Queue::Now))
        .order((
            sql::<Bool>("(slip_id IS NULL AND door = 'patient')"),
            referral::received_at,
            referral::id,
        ))
        .limit(most)
        .select((
            referral::id,
            referral::reference,
            referral::received_at,
            referral::slip_id,
            referral::door,
            referral::head_seq,
        ));
    type Stored = (Id, String, Ts, Option<Id>, String, i32);
    let rows: Vec<Stored> = dispatch!(conn, c => rows.load(c))?;
    let waiting = |(id, reference, received_at, slip, door, seen): Stored| {
        let reference = Reference::parse(&reference);
        Ok(Waiting {
            id,
            reference: reference.ok_or_else(|| anyhow::anyhow!("a stored reference is not one"))?,
            received_at,
            public: slip.is_none() && Door::parse(&door) == Some(Door::Patient),
            seen,
        })
    };
    rows.into_iter().map(waiting).collect()
}
