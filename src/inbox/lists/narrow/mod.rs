//! One page of a list narrowed by anything, in any order. One facet leads: its shelves are read in the order asked
//! for and merged; for each other one a row is looked up. So a page costs what it shows, not what there is.

mod merging;

use jiff::ToSpan;

use self::merging::{merge, stretch_of};
use super::asked::{Asked, Sort, View, What};
use super::cursor::Cursor;
use super::row::Row;
use super::{PAGE, Page};
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::inbox::store;
use crate::inbox::store::stretch::{self, Along, Key};
use crate::referrals::{Facet, Queue};
use crate::values::{Id, Keyring, Ts, london};

/// Rows of one shelf that a page looks at to find those that fit everything else. Beyond, it shows what it has found
/// and leads on from there: a page never takes longer than this.
const LOOKED_AT: i64 = 2000;
/// Counting stops here: "999+" is as good as the number, and takes the same time however many there are.
pub(in crate::inbox) const MOST_COUNTED: i64 = 1000;

/// People who left whose lists are looked at.
pub(in crate::inbox) const MOST_LEAVERS: i64 = 300;

/// What a list is narrowed by.
#[derive(Clone, Debug, Default)]
pub(in crate::inbox) struct Narrow {
    /// At least one of these; empty for everybody.
    pub one_of: Vec<Facet>,
    /// All of these.
    pub all_of: Vec<Facet>,
    pub service: Option<ServiceName>,
    /// Came before this moment.
    pub came_before: Option<Ts>,
    /// Was to be contacted before this moment.
    pub due_before: Option<Ts>,
    /// Nobody can fit.
    pub nobody: bool,
}

/// How many fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// So many; counting stops at 1000.
    pub many: i64,
    /// Whether there may be more.
    pub or_more: bool,
}

/// The shelves to read, in groups of which one is shown after the other, and what else a row must stand on.
struct Plan {
    groups: Vec<Vec<i64>>,
    also: Vec<Facet>,
}

impl Narrow {
    /// Reads what a list is asked for; `me` and `now` for what is mine and what is overdue.
    pub fn of(conn: &mut Conn<'_>, asked: &Asked, me: Id, now: Ts) -> Result<Narrow> {
        let mut narrow = Narrow {
            service: asked.service,
            came_before: asked.waiting.map(|days| first_moment(now, days)),
            ..Narrow::default()
        };
        narrow.all_of.extend(asked.flag.clone().map(Facet::Flag));
        narrow.all_of.extend(asked.pathway.clone().map(Facet::Pathway));
        narrow.all_of.extend(asked.source.map(Facet::Source));
        if let Some(code) = &asked.clinic {
            let clinics = stretch::list_clinics(conn)?;
            let id = clinics
                .iter()
                .find_map(|(id, known, _)| (known == code).then_some(*id));
            narrow.all_of.extend(id.map(Facet::Clinic));
        }
        match asked.what {
            What::ToTriage | What::Queue(_) => {}
            What::View(View::Mine) => narrow.all_of.push(Facet::HeldBy(me)),
            What::View(View::Taken) => narrow.all_of.push(Facet::Held),
            What::View(View::Free) => narrow.all_of.push(Facet::Free),
            What::View(View::Overdue) => {
                narrow.one_of.push(Facet::Owed);
                narrow.due_before = Some(now);
            }
            What::View(View::Left) => {
                for left in stretch::list_leavers(conn, MOST_LEAVERS)? {
                    let held = Facet::HeldBy(left);
                    if stretch::is_any(conn, held.open_span())? {
                        narrow.one_of.push(held);
                    }
                }
                narrow.nobody = narrow.one_of.is_empty();
            }
        }
        Ok(narrow)
    }

    fn is_whole(&self) -> bool {
        self.one_of.is_empty()
            && self.all_of.is_empty()
            && self.service.is_none()
            && self.came_before.is_none()
            && self.due_before.is_none()
            && !self.nobody
    }

    /// Whether rows have to be looked up beside the shelf that leads.
    fn probes(&self) -> bool {
        let facets = usize::from(!self.one_of.is_empty()) + self.all_of.len();
        facets > 1 || self.came_before.is_some() || self.due_before.is_some()
    }

    /// Lets the rarest facet lead.
    fn plan(&self, conn: &mut Conn<'_>, queue: Queue, by_priority: bool) -> Result<Plan> {
        let mut also = self.all_of.clone();
        let lead = match (self.one_of.is_empty(), also.len()) {
            (false, _) => self.one_of.clone(),
            (true, 0) => vec![Facet::Everybody],
            (true, 1) => also.split_off(0),
            (true, _) => vec![also.swap_remove(rarest(conn, &also, queue)?)],
        };
        let mut groups: Vec<Vec<i64>> = Vec::new();
        for facet in &lead {
            for (at, shelves) in facet.shelves(queue, self.service).into_iter().enumerate() {
                match groups.get_mut(if by_priority { at } else { 0 }) {
                    Some(group) => group.extend(shelves),
                    None => groups.push(shelves),
                }
            }
        }
        Ok(Plan { groups, also })
    }
}

/// The first moment of the day so many days ago, in London: who came before it waits longer than that.
fn first_moment(now: Ts, days: u16) -> Ts {
    let day = now.london_date().saturating_sub(i64::from(days).days());
    day.to_zoned_datetime(london())
        .map_or(now, |start| Ts(start.timestamp()))
}

fn rarest(conn: &mut Conn<'_>, facets: &[Facet], queue: Queue) -> Result<usize> {
    let mut best = (0, i64::MAX);
    for (at, facet) in facets.iter().enumerate() {
        let counted = stretch::count_spans(conn, &[facet.span(queue)], LOOKED_AT * 2)?;
        let many = counted.first().copied().unwrap_or_default();
        if many < best.1 {
            best = (at, many);
        }
    }
    Ok(best.0)
}

/// One page of a queue; `after`: from behind this row.
pub(in crate::inbox) fn page(
    conn: &mut Conn<'_>,
    keys: &Keyring,
    queue: Queue,
    narrow: &Narrow,
    sort: Sort,
    after: Option<Cursor>,
) -> Result<Page> {
    if narrow.nobody {
        return Ok(Page::default());
    }
    let sort = sort.in_queue(queue);
    if narrow.is_whole() && sort == Sort::Urgency {
        return whole(conn, keys, queue, after);
    }
    let by_priority = sort == Sort::Urgency;
    let plan = narrow.plan(conn, queue, by_priority)?;
    let mut found: Vec<Key> = Vec::new();
    let mut stopped = None;
    for (at, group) in plan.groups.iter().enumerate() {
        let place = i32::try_from(at).unwrap_or_default() + 1;
        let after = match after {
            Some(after) if by_priority && place < after.priority => continue,
            Some(after) if by_priority && place > after.priority => None,
            after => after.map(|after| (Some(after.contact_by), after.id)),
        };
        let wanted = (PAGE + 1).saturating_sub(found.len());
        let (keys, horizon) = merge(conn, narrow, &plan.also, group, sort, after, wanted)?;
        found.extend(keys);
        if let Some((due, id)) = horizon.filter(|_| found.len() <= PAGE) {
            let contact_by = due.unwrap_or(Ts::from_micros(0));
            let priority = if by_priority { place } else { 1 };
            stopped = Some(Cursor {
                priority,
                contact_by,
                id,
            });
            break;
        }
        if found.len() > PAGE {
            break;
        }
    }
    let is_more = found.len() > PAGE;
    found.truncate(PAGE);
    let ids: Vec<Id> = found.iter().map(|(_, id)| *id).collect();
    let rows = store::list_by_id(conn, keys, &ids)?;
    let next = match is_more {
        true => rows.last().zip(found.last()).map(|(row, (due, _))| Cursor {
            contact_by: due.unwrap_or(row.contact_by),
            ..row.cursor()
        }),
        false => stopped,
    };
    Ok(Page {
        rows,
        next,
        looked_on: !is_more && next.is_some(),
    })
}

/// Narrowed by nothing and by urgency: one stretch of the index that holds all a row shows.
fn whole(conn: &mut Conn<'_>, keys: &Keyring, queue: Queue, after: Option<Cursor>) -> Result<Page> {
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = store::list_queue(conn, keys, queue, after, limit)?;
    let is_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| is_more).map(Row::cursor);
    Ok(Page {
        rows,
        next,
        looked_on: false,
    })
}

/// How many of a queue fit; the same time however many there are.
pub(in crate::inbox) fn count(conn: &mut Conn<'_>, queue: Queue, narrow: &Narrow) -> Result<Count> {
    if narrow.nobody {
        return Ok(Count {
            many: 0,
            or_more: false,
        });
    }
    let plan = narrow.plan(conn, queue, false)?;
    let (mut many, mut or_more) = (0, false);
    for shelf in plan.groups.iter().flatten() {
        let left = MOST_COUNTED - many;
        if left <= 0 {
            break;
        }
        if !narrow.probes() {
            let counted = stretch::count_spans(conn, &[(*shelf, *shelf)], MOST_COUNTED)?;
            many = (many + counted.first().copied().unwrap_or_default()).min(MOST_COUNTED);
            continue;
        }
        let one = stretch_of(narrow, &plan.also, *shelf, Along::Arrivals, None);
        let horizon = stretch::find_key_at(conn, &one, LOOKED_AT)?;
        or_more |= horizon.is_some();
        let keys = stretch::list_keys(conn, &one, horizon, left)?;
        many += i64::try_from(keys.len()).unwrap_or(left);
    }
    Ok(Count {
        many,
        or_more: or_more || many >= MOST_COUNTED,
    })
}
