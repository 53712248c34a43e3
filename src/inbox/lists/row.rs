//! One row of a list, as stored and as shown.

use std::collections::HashMap;

use super::cursor::Cursor;
use crate::config::{Locality, ServiceName};
use crate::db::{Conn, Result};
use crate::inbox::clocks::{Clocks, moment};
use crate::inbox::reaching::{self, Reached};
use crate::inbox::store;
use crate::inbox::words::{self, FlagWord, Tag};
use crate::referrals::{ContactPlan, Queue, Reference, ReviewState, contact_plans};
use crate::triage::Priority;
use crate::values::{Id, Ts};
use crate::web::paths;

/// One referral as lists read it: everything from one index, the name unsealed.
#[derive(Clone)]
pub struct Row {
    /// The row.
    pub id: Id,
    /// What people call it.
    pub reference: Reference,
    /// The list it stands in.
    pub queue: Queue,
    /// How soon somebody looks.
    pub priority: Priority,
    /// Where it is.
    pub state: ReviewState,
    /// The service suggested, or where a person sent it.
    pub service: ServiceName,
    /// What to know, with spaces between.
    pub flags: String,
    /// When it came.
    pub received_at: Ts,
    /// When somebody should have been in touch.
    pub contact_by: Ts,
    /// Who has taken it on.
    pub claimed_by: Option<Id>,
    /// The length of the timeline, which a form sends back.
    pub seen: i32,
    /// Who it is about.
    pub name: String,
}

/// A name stands in it.
impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Row({}, [redacted])", self.reference)
    }
}

impl Row {
    /// Its place in the order of the lists.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            priority: i32::from(self.priority.number()),
            contact_by: self.contact_by,
            id: self.id,
        }
    }
}

/// A row as its template draws it.
pub(in crate::inbox) struct ShownRow {
    pub url: String,
    /// Reference and length of the timeline, as a form sends them back.
    pub pick: String,
    /// Whether its box is ticked.
    pub ticked: bool,
    pub reference: String,
    pub name: String,
    pub tag: Tag,
    /// Said beside the tag, such as "form not finished"; empty if there is nothing to say.
    pub aside: &'static str,
    pub service: String,
    pub received: String,
    pub day: String,
    pub late: bool,
    pub flags: Vec<FlagWord>,
    pub claimed_by: String,
    /// Who acknowledged an urgent one and when, such as "acknowledged today, 9:12am"; the name is left out where it is
    /// who has taken it on. Empty once contact was made.
    pub acknowledged: String,
    /// By when contact is owed, and how it stands.
    pub reached: Reached,
}

/// What a page of rows says that does not stand in the rows: who has taken them on, and how it stands with reaching
/// the people.
#[derive(Debug, Default)]
pub(in crate::inbox) struct Beside {
    carers: HashMap<Id, String>,
    acknowledged: HashMap<Id, (Id, Ts)>,
    plans: HashMap<Id, ContactPlan>,
}

impl Beside {
    /// What colleagues call whoever has taken something on.
    pub fn carer(&self, id: Id) -> Option<&str> {
        self.carers.get(&id).map(String::as_str)
    }

    /// Reads it for these rows: at most a page of them, each by its key.
    pub fn read<'a>(conn: &mut Conn<'_>, rows: impl Iterator<Item = &'a Row>) -> Result<Self> {
        let rows: Vec<&Row> = rows.collect();
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        let urgent = rows.iter().filter(|row| row.priority == Priority::P1);
        let urgent: Vec<Id> = urgent.map(|row| row.id).collect();
        let acknowledged = store::list_acknowledged(conn, &urgent)?;
        let mut carers: Vec<Id> = rows.iter().filter_map(|row| row.claimed_by).collect();
        carers.extend(acknowledged.values().map(|(by, _)| *by));
        carers.sort_unstable();
        carers.dedup();
        let plans = contact_plans(conn, &ids)?.into_iter();
        Ok(Self {
            carers: store::list_carers(conn, &carers)?,
            acknowledged,
            plans: plans.map(|plan| (plan.referral, plan)).collect(),
        })
    }
}

/// Rows as shown at this moment.
pub(in crate::inbox) fn shown(rows: &[Row], beside: &Beside, locality: &Locality, now: Ts) -> Vec<ShownRow> {
    rows.iter().map(|row| show(row, beside, locality, now)).collect()
}

fn show(row: &Row, beside: &Beside, locality: &Locality, now: Ts) -> ShownRow {
    let clocks = Clocks {
        received_at: row.received_at,
        now,
    };
    let reached = beside.plans.get(&row.id);
    let reached = reached
        .map(|plan| reaching::in_list(plan, now))
        .unwrap_or_default();
    ShownRow {
        url: paths::referral(row.reference.as_str()),
        ticked: false,
        pick: format!("{}.{}", row.reference.as_str(), row.seen),
        reference: row.reference.to_string(),
        name: row.name.clone(),
        tag: match reached.reached {
            true => words::urgency_after_contact(row.priority),
            false => words::urgency(row.priority),
        },
        aside: aside(row),
        service: words::service(locality, row.service).to_owned(),
        received: clocks.received(),
        day: match row.queue {
            // Nobody waits any more.
            Queue::Done | Queue::InTreatment => row.state.label().to_owned(),
            Queue::Now | Queue::Today | Queue::New | Queue::Waiting | Queue::Accepted => clocks.count(),
        },
        late: clocks.is_late() && !matches!(row.queue, Queue::Done | Queue::InTreatment),
        flags: words::list_flags(row.flags.split_whitespace()),
        claimed_by: row
            .claimed_by
            .and_then(|id| beside.carers.get(&id).cloned())
            .unwrap_or_default(),
        acknowledged: match reached.reached {
            true => String::new(),
            false => acknowledged(row, beside, now),
        },
        reached,
    }
}

/// Who acknowledged an urgent referral, and when.
fn acknowledged(row: &Row, beside: &Beside, now: Ts) -> String {
    let Some((by, at)) = beside.acknowledged.get(&row.id) else {
        return String::new();
    };
    let name = beside.carer(*by).filter(|_| row.claimed_by != Some(*by));
    match name {
        Some(name) => format!("acknowledged by {name}, {}", moment(*at, now)),
        None => format!("acknowledged {}", moment(*at, now)),
    }
}

fn aside(row: &Row) -> &'static str {
    match (row.state, row.priority, row.queue) {
        (ReviewState::Incomplete, _, _) => "form not finished",
        (ReviewState::Withdrawn, _, Queue::Now | Queue::Today) => "withdrawn by the patient",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Ts;

    fn at(text: &str) -> Ts {
        Ts(text.parse().expect("a timestamp"))
    }

    fn row(queue: Queue, state: ReviewState) -> Row {
        Row {
            id: Id::from_bytes([7; 16]),
            reference: Reference::parse("4K7M2PQ0").expect("a reference"),
            queue,
            priority: Priority::P2,
            state,
            service: ServiceName::Hwb,
            flags: "EMPLOYMENT RISK_ITEM9".to_owned(),
            received_at: at("2026-11-20T16:10:00Z"),
            contact_by: at("2026-11-23T17:00:00Z"),
            claimed_by: Some(Id::from_bytes([1; 16])),
            seen: 1,
            name: "Robin Example".to_owned(),
        }
    }

    fn see(row: &Row, now: &str) -> ShownRow {
        let beside = Beside {
            carers: HashMap::from([(Id::from_bytes([1; 16]), "Terry Example".to_owned())]),
            ..Beside::default()
        };
        let locality = Locality::example().expect("a locality");
        show(row, &beside, &locality, at(now))
    }

    #[test]
    fn a_row_says_how_soon_who_and_what_to_know() {
        let shown = see(&row(Queue::Today, ReviewState::New), "2026-11-23T09:00:00Z");
        assert_eq!(shown.tag.text, "Today or tomorrow");
        assert_eq!(
            (shown.day.as_str(), shown.received.as_str()),
            ("Day 3 of 42", "Fri 20 Nov")
        );
        assert!(shown.flags[0].safety && shown.flags[0].short.starts_with("Thoughts"));
        assert_eq!(shown.claimed_by, "Terry Example");
        assert_eq!(shown.url, "/inbox/4K7M2PQ0");
    }

    #[test]
    fn a_row_says_who_acknowledged_an_urgent_one_and_when() {
        let mut urgent = row(Queue::Today, ReviewState::New);
        urgent.priority = Priority::P1;
        let (terry, lee) = (Id::from_bytes([1; 16]), Id::from_bytes([2; 16]));
        let says = |by, claimed_by| {
            let beside = Beside {
                carers: [(terry, "Terry Example"), (lee, "Lee Example")]
                    .map(|(id, name)| (id, name.to_owned()))
                    .into(),
                acknowledged: HashMap::from([(urgent.id, (by, at("2026-11-23T09:12:00Z")))]),
                ..Beside::default()
            };
            let row = Row {
                claimed_by,
                ..urgent.clone()
            };
            let locality = Locality::example().expect("a locality");
            show(&row, &beside, &locality, at("2026-11-23T10:00:00Z")).acknowledged
        };
        assert_eq!(says(terry, Some(terry)), "acknowledged today, 9:12am");
        assert_eq!(
            says(lee, Some(terry)),
            "acknowledged by Lee Example, today, 9:12am"
        );
        let nobody = see(&urgent, "2026-11-23T10:00:00Z").acknowledged;
        assert_eq!(nobody, "");
    }

    #[test]
    fn what_is_done_no_longer_counts_days() {
        let shown = see(&row(Queue::Done, ReviewState::Declined), "2027-11-23T09:00:00Z");
        assert_eq!(shown.day, "Declined");
        assert!(shown.reached.due.is_empty() && !shown.reached.overdue && !shown.late);
    }

    #[test]
    fn a_row_in_debug_shows_no_name() {
        let shown = format!("{:?}", row(Queue::New, ReviewState::New));
        assert!(!shown.contains("Robin") && shown.contains("4K7M-2PQ0"));
    }
}
