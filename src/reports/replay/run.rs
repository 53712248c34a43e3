//! The run: pages of sealed referrals are read one after the other, and opened and decided side by side.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::app::App;
use crate::db;
use crate::referrals::{SealedCase, count_past_cases, past_cases};
use crate::triage::{Replay, RuleSet, Tally};
use crate::values::{Id, Ts};

/// Referrals read at once: a megabyte or two.
const AT_ONCE: i64 = 500;

/// How far a run is.
#[derive(Debug, Default)]
pub struct Progress {
    looked: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    /// Referrals looked at so far.
    pub fn looked(&self) -> u64 {
        self.looked.load(Ordering::Relaxed)
    }

    /// Referrals there are; 0 before they were counted.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }
}

/// Where the reading is.
enum Place {
    Start,
    After(Id),
    End,
}

struct Reading {
    app: Arc<App>,
    since: Option<Ts>,
    place: Mutex<Place>,
    progress: Arc<Progress>,
}

impl Reading {
    /// The next page; empty at the end. One at a time, so that each referral is read once.
    async fn next(&self) -> db::Result<Vec<SealedCase>> {
        let mut place = self.place.lock().await;
        let after = match *place {
            Place::Start => None,
            Place::After(id) => Some(id),
            Place::End => return Ok(Vec::new()),
        };
        let since = self.since;
        let read = self
            .app
            .db
            .read(move |conn| past_cases(conn, after, since, AT_ONCE));
        let page = read.await?;
        *place = page.last().map_or(Place::End, |last| Place::After(last.id()));
        Ok(page)
    }
}

/// Has both sets of rules decide every referral received at `since` or later. `eyes` is how many look side by side:
/// beside a server that has to answer, one.
pub async fn replay(
    app: Arc<App>,
    in_force: Arc<RuleSet>,
    proposed: Arc<RuleSet>,
    since: Option<Ts>,
    eyes: usize,
    progress: Arc<Progress>,
) -> anyhow::Result<Tally> {
    let total = app.db.read(move |conn| count_past_cases(conn, since)).await?;
    progress.total.store(total, Ordering::Relaxed);
    let reading = Arc::new(Reading {
        app,
        since,
        place: Mutex::new(Place::Start),
        progress,
    });
    let looking: Vec<_> = (0..eyes.max(1))
        .map(|_| {
            let desk = Replay::new(in_force.clone(), proposed.clone());
            tokio::spawn(look_through(reading.clone(), desk))
        })
        .collect();
    let mut tally = Tally::default();
    for one in looking {
        tally.join(one.await??);
    }
    Ok(tally)
}

async fn look_through(reading: Arc<Reading>, mut desk: Replay) -> anyhow::Result<Tally> {
    loop {
        let page = reading.next().await?;
        if page.is_empty() {
            return Ok(desk.tally());
        }
        let (app, many) = (reading.app.clone(), page.len());
        // Opening and deciding is work for a processor, which async code must not do.
        desk = tokio::task::spawn_blocking(move || {
            for sealed in &page {
                match sealed.open(&app.keys) {
                    Ok(case) => desk.look(&case),
                    Err(_) => desk.pass_over(),
                }
            }
            desk
        })
        .await?;
        let more = u64::try_from(many).unwrap_or_default();
        reading.progress.looked.fetch_add(more, Ordering::Relaxed);
    }
}
