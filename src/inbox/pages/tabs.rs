//! The links above every list, with how many stand in each.

use crate::db;
use crate::db::Conn;
use crate::inbox::lists::asked::{Asked, View, What};
use crate::inbox::lists::narrow::MOST_COUNTED;
use crate::inbox::reaching::end_of_day;
use crate::inbox::store::held::count_held;
use crate::inbox::store::stretch;
use crate::referrals::{Facet, Queue, count_overdue, count_to_contact};
use crate::values::{Id, Ts};
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
    List(What),
    Places,
    Calls,
}

/// How many stand in each list; 1000 means "more than 999".
pub(super) struct Counted {
    queues: Vec<(Queue, usize)>,
    views: [(View, usize); 3],
    places: usize,
    calls: usize,
}

impl Counted {
    /// Counts, in the same time however many there are; `me` and `now` for what is mine and what is overdue.
    pub fn read(conn: &mut Conn<'_>, me: Id, now: Ts) -> db::Result<Self> {
        let mut spans: Vec<(i64, i64)> = Queue::ALL
            .iter()
            .map(|queue| Facet::Everybody.span(*queue))
            .collect();
        spans.extend([Facet::HeldBy(me).open_span(), Facet::Free.open_span()]);
        let many: Vec<usize> = stretch::count_spans(conn, &spans, MOST_COUNTED)?
            .into_iter()
            .map(number)
            .collect();
        let of = |at: usize| many.get(at).copied().unwrap_or_default();
        let overdue = count_overdue(conn, now, MOST_COUNTED)?;
        Ok(Self {
            queues: Queue::ALL
                .iter()
                .enumerate()
                .map(|(at, queue)| (*queue, of(at)))
                .collect(),
            views: [
                (View::Mine, of(Queue::ALL.len())),
                (View::Free, of(Queue::ALL.len() + 1)),
                (View::Overdue, overdue),
            ],
            places: number(count_held(conn)?),
            calls: count_to_contact(conn, end_of_day(now), MOST_COUNTED)?,
        })
    }

    fn of(&self, queues: &[Queue]) -> usize {
        let wanted = self.queues.iter().filter(|(queue, _)| queues.contains(queue));
        wanted.map(|(_, many)| many).sum()
    }

    /// How many a view holds; empty where it is not counted.
    fn in_view(&self, view: View) -> String {
        let found = self.views.iter().find(|(counted, _)| *counted == view);
        found.map(|(_, many)| capped(*many)).unwrap_or_default()
    }
}

fn number(many: i64) -> usize {
    usize::try_from(many).unwrap_or_default()
}

/// The links, the work of the day first.
pub(super) fn tabs(many: &Counted, here: Here) -> Vec<Tab> {
    let to_triage = match here {
        Here::List(What::ToTriage) => true,
        Here::List(What::Queue(queue)) => TO_TRIAGE.contains(&queue),
        Here::List(What::View(_)) | Here::Places | Here::Calls => false,
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
            text: "Calls to make",
            url: paths::INBOX_RINGS.to_owned(),
            count: capped(many.calls),
            current: here == Here::Calls,
        },
    ];
    let others = Queue::ALL.into_iter().filter(|queue| !TO_TRIAGE.contains(queue));
    tabs.extend(others.map(|queue| Tab {
        text: queue.label(),
        url: paths::inbox_queue(queue.as_str()),
        count: capped(many.of(&[queue])),
        current: here == Here::List(What::Queue(queue)),
    }));
    tabs
}

/// The links to the views across the queues. A filter that is chosen stays.
pub(super) fn views(many: &Counted, asked: &Asked) -> Vec<Tab> {
    View::ALL
        .into_iter()
        .map(|view| {
            let there = Asked {
                what: What::View(view),
                ..asked.clone()
            };
            Tab {
                text: view.label(),
                url: there.url(),
                count: many.in_view(view),
                current: asked.what == What::View(view),
            }
        })
        .collect()
}

fn capped(many: usize) -> String {
    match many {
        0..=999 => many.to_string(),
        _ => "999+".to_owned(),
    }
}
