//! The links above every list, with how many stand in each.

use crate::booking::count_rings;
use crate::db;
use crate::db::Conn;
use crate::inbox::counts;
use crate::inbox::reaching::end_of_day;
use crate::inbox::store::held::count_held;
use crate::referrals::{Queue, count_contacts_due};
use crate::values::Ts;
use crate::web::paths;

/// The queues in which somebody has to decide.
pub(super) const TO_TRIAGE: [Queue; 3] = [Queue::Now, Queue::Today, Queue::New];

/// A link to a list, with how many stand in it.
pub(super) struct Tab {
    pub text: &'static str,
    pub url: String,
    pub count: String,
    pub current: bool,
}

/// Which list the reader is in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    ToTriage,
    Places,
    Rings,
    Queue(Queue),
}

/// How many stand in each list.
pub(super) struct Counted {
    queues: Vec<(Queue, usize)>,
    places: usize,
    rings: usize,
}

impl Counted {
    pub fn read(conn: &mut Conn<'_>, now: Ts) -> db::Result<Self> {
        let calls = count_rings(conn)? + count_contacts_due(conn, end_of_day(now))?;
        Ok(Self {
            queues: counts(conn)?,
            places: usize::try_from(count_held(conn)?).unwrap_or_default(),
            rings: usize::try_from(calls).unwrap_or_default(),
        })
    }

    fn of(&self, queues: &[Queue]) -> usize {
        let wanted = self.queues.iter().filter(|(queue, _)| queues.contains(queue));
        wanted.map(|(_, many)| many).sum()
    }
}

/// The links, the work of the day first.
pub(super) fn tabs(many: &Counted, here: Here) -> Vec<Tab> {
    let to_triage = match here {
        Here::ToTriage => true,
        Here::Queue(queue) => TO_TRIAGE.contains(&queue),
        Here::Places | Here::Rings => false,
    };
    let mut tabs = vec![
        Tab {
            text: "To triage",
            url: paths::INBOX.to_owned(),
            count: capped(many.of(&TO_TRIAGE)),
            current: to_triage,
        },
        Tab {
            text: "Places to confirm",
            url: paths::INBOX_PLACES.to_owned(),
            count: capped(many.places),
            current: here == Here::Places,
        },
        Tab {
            text: "People to ring",
            url: paths::INBOX_RINGS.to_owned(),
            count: capped(many.rings),
            current: here == Here::Rings,
        },
    ];
    let others = Queue::ALL.into_iter().filter(|queue| !TO_TRIAGE.contains(queue));
    tabs.extend(others.map(|queue| Tab {
        text: queue.label(),
        url: paths::inbox_queue(queue.as_str()),
        count: capped(many.of(&[queue])),
        current: here == Here::Queue(queue),
    }));
    tabs
}

fn capped(many: usize) -> String {
    match many {
        0..=999 => many.to_string(),
        _ => "999+".to_owned(),
    }
}
