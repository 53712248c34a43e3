//! Several shelves read as one, in the order asked for.

use super::{LOOKED_AT, Narrow};
use crate::db::{Conn, Result};
use crate::inbox::lists::asked::Sort;
use crate::inbox::store::stretch::{self, Along, Key, Stretch};
use crate::referrals::Facet;
use crate::values::Id;

/// The first `wanted` keys of several shelves together, and how far one of them was looked at if not to its end.
pub(super) fn merge(
    conn: &mut Conn<'_>,
    narrow: &Narrow,
    also: &[Facet],
    shelves: &[i64],
    sort: Sort,
    after: Option<Key>,
    wanted: usize,
) -> Result<(Vec<Key>, Option<Key>)> {
    let along = along(sort);
    let limit = i64::try_from(wanted).unwrap_or(i64::MAX);
    let (mut all, mut nearest): (Vec<Key>, Option<Key>) = (Vec::new(), None);
    for shelf in shelves {
        let one = stretch_of(narrow, also, *shelf, along, after);
        let horizon = match narrow.probes() {
            true => stretch::find_key_at(conn, &one, LOOKED_AT)?,
            false => None,
        };
        let keys = stretch::list_keys(conn, &one, horizon, limit)?;
        if let Some(horizon) = horizon.filter(|_| keys.len() < wanted) {
            nearest = Some(nearest.map_or(horizon, |other| earlier(along, horizon, other)));
        }
        all.extend(keys);
    }
    all.sort_unstable_by(|one, other| match along {
        Along::Promises => one.cmp(other),
        Along::Arrivals => one.1.cmp(&other.1),
        Along::ArrivalsBack => other.1.cmp(&one.1),
    });
    // Somebody with several of the facets asked for stands in several stretches.
    all.dedup_by_key(|key| key.1);
    if let Some(horizon) = nearest {
        all.retain(|key| earlier(along, *key, horizon) == *key);
    }
    all.truncate(wanted);
    Ok((all, nearest))
}

pub(super) fn stretch_of(
    narrow: &Narrow,
    also: &[Facet],
    shelf: i64,
    along: Along,
    after: Option<Key>,
) -> Stretch {
    Stretch {
        shelf,
        along,
        after,
        came_before: narrow.came_before.map(Id::first_of),
        due_before: narrow.due_before,
        also_on: also.iter().map(|facet| facet.beside(shelf)).collect(),
    }
}

fn along(sort: Sort) -> Along {
    match sort {
        Sort::Urgency | Sort::ContactBy => Along::Promises,
        Sort::Longest => Along::Arrivals,
        Sort::Newest => Along::ArrivalsBack,
    }
}

fn earlier(along: Along, one: Key, other: Key) -> Key {
    match along {
        Along::Promises => one.min(other),
        Along::Arrivals => {
            if one.1 <= other.1 {
                one
            } else {
                other
            }
        }
        Along::ArrivalsBack => {
            if one.1 >= other.1 {
                one
            } else {
                other
            }
        }
    }
}
