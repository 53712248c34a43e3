//! `triage replay`: what the rules of a file would have changed over past referrals.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use iapt_pad::reports::replay::{ReplayCommand, replay_on_the_command_line};
use jiff::civil::Date;

use super::target::Target;

#[derive(Args)]
pub struct ReplayArgs {
    /// The rules file
    file: PathBuf,
    /// Only referrals received from this day on, such as 2026-11-01
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: Target,
}

impl ReplayArgs {
    /// Runs it.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let app = self.target.app().await?;
        let asked = ReplayCommand {
            file: self.file,
            since: self.since,
            json: self.json,
        };
        replay_on_the_command_line(app, asked, &mut std::io::stdout()).await?;
        Ok(ExitCode::SUCCESS)
    }
}
