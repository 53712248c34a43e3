//! `triage replay FILE`: what the rules of a file would have changed over past referrals.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use super::report::Report;
use super::run::{Progress, replay};
use crate::app::App;
use crate::triage::{RuleSet, Tally, text_in_force};
use crate::values::{Ts, london};

/// As many pairs of eyes as look side by side: one for each core of the machine the figures are for.
const EYES: usize = 2;
/// How often the bar moves.
const LOOK: Duration = Duration::from_millis(200);

/// What was asked for.
pub struct ReplayCommand {
    /// The proposed rules.
    pub file: PathBuf,
    /// Only referrals received from this day on.
    pub since: Option<Date>,
    /// Print JSON.
    pub json: bool,
}

/// Replays and prints. The rules beside the file's are those in force; before the first start of the service, those
/// that ship.
pub async fn replay_on_the_command_line(
    app: Arc<App>,
    asked: ReplayCommand,
    out: &mut (impl Write + IsTerminal),
) -> anyhow::Result<()> {
    let pathways = app.config.locality.long_term_conditions.clone();
    let proposed = Arc::new(RuleSet::load(&asked.file, &pathways)?);
    let in_force = Arc::new(in_force(&app, &pathways).await?);
    let since = asked.since.map(midnight).transpose()?;
    let progress = Arc::new(Progress::default());
    let running = replay(
        app,
        in_force.clone(),
        proposed.clone(),
        since,
        EYES,
        progress.clone(),
    );
    let tally = show_progress(running, &progress).await?;
    let day = asked.since.map(|day| day.strftime("%-d %B %Y").to_string());
    let report = Report::of(&tally, &in_force.version, &proposed.version, day);
    if asked.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    } else if out.is_terminal() && report.less_safe.count > 0 {
        writeln!(out, "\x1b[1;31m{}\x1b[0m", report.headline())?;
        write!(out, "{report}")?;
    } else {
        writeln!(out, "{}", report.headline())?;
        write!(out, "{report}")?;
    }
    Ok(())
}

async fn in_force(app: &App, pathways: &[String]) -> anyhow::Result<RuleSet> {
    match app.db.read(text_in_force).await? {
        Some(text) => {
            RuleSet::parse("the rules in force", &text, pathways).context("the rules in force do not load")
        }
        None => Ok(RuleSet::shipped(pathways)?),
    }
}

/// The first moment of a day in London.
fn midnight(day: Date) -> anyhow::Result<Ts> {
    let start = day.to_zoned_datetime(london()).context("no such day")?;
    Ok(Ts(start.timestamp()))
}

/// A bar on a terminal while it runs; nothing elsewhere.
async fn show_progress(
    running: impl Future<Output = anyhow::Result<Tally>>,
    progress: &Progress,
) -> anyhow::Result<Tally> {
    let bar = ProgressBar::new(0);
    let look =
        ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} referrals, {per_sec}, {eta} to go");
    bar.set_style(look.unwrap_or_else(|_| ProgressStyle::default_bar()));
    tokio::pin!(running);
    loop {
        tokio::select! {
            found = &mut running => {
                bar.finish_and_clear();
                return found;
            }
            () = tokio::time::sleep(LOOK) => {
                bar.set_length(progress.total());
                bar.set_position(progress.looked());
            }
        }
    }
}
