//! Fills an empty demo once: everything goes through the same verbs that a real service uses, under a clock that
//! is set to the day each thing happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, bail, ensure};

use super::stage::{Stage, order, surroundings, template};
use super::stories::{PEOPLE, Story, story};
use super::team::decide;
use super::{courses, load, store};
use crate::app::App;
use crate::config::Config;
use crate::db::Db;
use crate::pads::{SlipCount, issue_electronic};
use crate::referrals::{By, Door, Submission, submit};
use crate::triage::{DEFAULT_RULES, Proposing, propose};
use crate::values::{Clock, Id, SlipCode, Ts};

/// As many histories as are told side by side: they share the database's commits.
const LANES: u32 = 16;

/// What has to be done with a database before a demo stands on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// Nothing is in it yet.
    Empty,
    /// A demo filled it.
    Filled,
}

/// Looks before anything is changed, and refuses a database that no demo made.
pub(super) async fn look(db: &Db) -> anyhow::Result<Condition> {
    // Without a schema there is no such table, and the database is as good as empty.
    let purpose = db.read(store::find_purpose).await.ok().flatten();
    match purpose.as_deref() {
        Some("demo") => Ok(Condition::Filled),
        Some(_) => bail!("it was filled for measuring, not for a demo"),
        None => {
            let empty = db.read(store::is_empty).await.unwrap_or(true);
            ensure!(empty, "it holds accounts or referrals that no demo made");
            Ok(Condition::Empty)
        }
    }
}

/// Fills an empty database, whose schema is there; `told` counts the people who are written.
pub(super) async fn fill(db: &Db, config: &Config, told: &Arc<AtomicU32>) -> anyhow::Result<()> {
    // What could not be read a moment ago may have been more than a missing schema.
    let purpose = db.read(store::find_purpose).await?;
    let empty = db.read(store::is_empty).await?;
    ensure!(
        empty && purpose.is_none(),
        "the database is not empty any more; nothing was written"
    );
    tell_all(db, config, told).await?;
    Ok(db.write(|conn| store::mark_as(conn, "demo")).await?)
}

/// Fills an empty database with `referrals` made-up people, for measuring. Refuses one that holds anything. `said`
/// hears about once a second how many are written.
pub async fn seed_load(
    db: &Db,
    config: &Config,
    referrals: u32,
    said: &(dyn Fn(u32) + Send + Sync),
) -> anyhow::Result<()> {
    ensure!(
        db.read(store::is_empty).await?,
        "this database holds something already; synthetic load goes into an empty one"
    );
    db.write(|conn| store::mark_as(conn, "measurement")).await?;
    load::tell(db, config, referrals, said).await?;
    Ok(())
}

/// Tells all stories, spread over the last eight weeks.
async fn tell_all(db: &Db, config: &Config, told: &Arc<AtomicU32>) -> anyhow::Result<()> {
    let now = Clock::system().now();
    let stage = Arc::new(Stage::set(db, config, now).await?);
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| tokio::spawn(tell_lane(stage.clone(), lane, told.clone(), now)))
        .collect();
    for lane in lanes {
        lane.await??;
    }
    if let Some(by) = stage.triager(0) {
        let app = surroundings(db, config, now).await?;
        courses::attend(&app, stage.runs[0], by).await?;
    }
    Ok(())
}

/// A slip nobody has used, for the QR code of the greeting.
pub(super) async fn fresh_slip(app: &App) -> anyhow::Result<SlipCode> {
    let clinics = crate::staff::list_clinics(&app.db).await?;
    let clinic = clinics.into_iter().next().context("the demo has no clinic")?;
    let order = order((clinic.id, clinic.name), None, SlipCount::ONE);
    Ok(issue_electronic(app, &template()?, order, None).await?.code)
}

async fn tell_lane(stage: Arc<Stage>, lane: u32, told: Arc<AtomicU32>, now: Ts) -> anyhow::Result<()> {
    let step = usize::try_from(LANES).unwrap_or(1);
    let app = surroundings(&stage.db, &stage.config, now).await?;
    for number in (lane..PEOPLE).step_by(step) {
        tell(&stage, &app, story(number, PEOPLE, now), now).await?;
        told.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

async fn tell(stage: &Stage, app: &Arc<App>, story: Story, now: Ts) -> anyhow::Result<()> {
    app.clock.set(story.came);
    let submission = Submission {
        draft_id: Id::new(),
        door: Door::Patient,
        by: By::Patient,
        unknown_code: false,
        slip: if story.with_slip {
            stage.next_slip(story.fate)
        } else {
            None
        },
        bound_to: None,
        share_status: story.fate.is_multiple_of(2),
        person: story.person.clone(),
        facts: story.facts.clone(),
        not_asked: Vec::new(),
        answers: None,
        needs_checking: Vec::new(),
        incomplete: false,
    };
    let submitted = submit(app, &stage.rules, submission).await?;
    match submitted.receipt() {
        Some(receipt) => decide(stage, app, receipt, &story, now).await,
        None => Ok(()),
    }
}

/// A proposal that waits: the second lead would have every thought of self-harm answered the same day.
pub(super) async fn propose_rules(app: &App) -> anyhow::Result<()> {
    let raised = DEFAULT_RULES.replace(
        "priority = \"P2\", flags = [\"RISK_ITEM9\"]",
        "priority = \"P1\", flags = [\"RISK_ITEM9\"]",
    );
    let note = "In our team meeting we agreed that every thought of self-harm is answered the same day.";
    let proposing = Proposing::new(&app.keys, &raised, "lead2", note, app.clock.now())?;
    app.db.write(move |conn| propose(conn, &proposing)).await?;
    Ok(())
}
