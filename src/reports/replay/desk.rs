//! The replays of this process: one runs, a few results are kept in memory. A restart forgets them, and the page says
//! so; running one again takes a minute or two and changes nothing.

use std::sync::{Arc, Mutex, PoisonError};

use super::run::{Progress, replay};
use crate::app::App;
use crate::triage::{RuleSet, Tally};
use crate::values::Ts;

/// So many results are kept, the latest first.
const MOST_KEPT: usize = 4;
/// Beside a server that has to answer, one pair of eyes looks.
const EYES: usize = 1;

/// What was asked for, by whom.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub proposed: Arc<RuleSet>,
    pub in_force: Arc<RuleSet>,
    /// Only referrals received from then on.
    pub since: Option<Ts>,
    /// In words: "all referrals".
    pub over: &'static str,
    /// Who started it.
    pub by: String,
    pub started: Ts,
}

/// A run that has ended.
pub(super) struct Ended {
    pub order: Order,
    pub at: Ts,
    /// What was found; `None` if it could not be finished.
    pub tally: Option<Tally>,
}

#[derive(Default)]
struct Kept {
    running: Option<(Order, Arc<Progress>)>,
    ended: Vec<Arc<Ended>>,
}

/// The replays of this process.
#[derive(Default)]
pub struct Replays(Mutex<Kept>);

impl Replays {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one that runs, and how far it is.
    pub(super) fn running(&self) -> Option<(Order, Arc<Progress>)> {
        self.kept().running.clone()
    }

    /// The last result for this version.
    pub(super) fn ended(&self, version: &str) -> Option<Arc<Ended>> {
        let kept = self.kept();
        let found = kept
            .ended
            .iter()
            .find(|ended| ended.order.proposed.version == version);
        found.cloned()
    }

    /// Takes the place of the one that runs; says false if another does already.
    fn begin(&self, order: &Order, progress: &Arc<Progress>) -> bool {
        let mut kept = self.kept();
        let is_free = kept.running.is_none();
        if is_free {
            kept.running = Some((order.clone(), progress.clone()));
        }
        is_free
    }

    fn end(&self, ended: Ended) {
        let mut kept = self.kept();
        kept.running = None;
        let version = ended.order.proposed.version.clone();
        kept.ended.retain(|other| other.order.proposed.version != version);
        kept.ended.insert(0, Arc::new(ended));
        kept.ended.truncate(MOST_KEPT);
    }

    /// Starts a run that goes on after the answer was sent. Says false if one runs already.
    pub(super) fn start(self: Arc<Self>, app: Arc<App>, order: Order) -> bool {
        let progress = Arc::new(Progress::default());
        if !self.begin(&order, &progress) {
            return false;
        }
        tokio::spawn(async move {
            let (in_force, proposed) = (order.in_force.clone(), order.proposed.clone());
            let clock = app.clock.clone();
            // A task of its own, so that the place becomes free whatever happens in it.
            let run = tokio::spawn(replay(app, in_force, proposed, order.since, EYES, progress));
            let tally = match run.await.map_err(anyhow::Error::new).and_then(|found| found) {
                Ok(tally) => Some(tally),
                Err(wrong) => {
                    tracing::warn!(error = %wrong, "a replay of the rules was not finished");
                    None
                }
            };
            let at = clock.now();
            self.end(Ended { order, at, tally });
        });
        true
    }
}
