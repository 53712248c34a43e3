//! `outbox list` and `outbox retry`: what waits, without a word of it.

use clap::Subcommand;

use super::store::{self, Entry};
use crate::db::Db;
use crate::values::Ts;

/// As many messages as are listed at most.
const LISTED: i64 = 10_000;

/// What can be done with the outbox from the command line.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum OutboxCommand {
    /// List the messages that wait or were given up, without recipient or text
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Try everything that waits now, instead of after its pause
    Retry,
}

impl OutboxCommand {
    /// Runs the command and returns what it prints.
    pub async fn run(self, db: &Db, now: Ts) -> anyhow::Result<String> {
        match self {
            OutboxCommand::List { json } => {
                let entries = db.read(|conn| store::list_undelivered(conn, LISTED)).await?;
                if json {
                    as_json(&entries)
                } else {
                    Ok(as_table(&entries))
                }
            }
            OutboxCommand::Retry => {
                let count = db.write(move |conn| store::retry_all(conn, now)).await?;
                Ok(format!(
                    "{count} waiting messages are due now. Messages that were given up are erased and cannot be sent again.\n"
                ))
            }
        }
    }
}

fn as_json(entries: &[Entry]) -> anyhow::Result<String> {
    let mut lines = String::new();
    for entry in entries {
        lines.push_str(&serde_json::to_string(entry)?);
        lines.push('\n');
    }
    Ok(lines)
}

fn as_table(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "Nothing waits and nothing was given up.\n".to_owned();
    }
    let mut lines = format!(
        "{:36}  {:7}  {:6}  {:8}  {:>5}  {:10}  {}\n",
        "message", "channel", "lane", "status", "tries", "reason", "written"
    );
    for entry in entries {
        lines.push_str(&format!(
            "{:36}  {:7}  {:6}  {:8}  {:>5}  {:10}  {}\n",
            entry.id,
            entry.channel.as_str(),
            entry.lane.as_str(),
            entry.status.as_str(),
            entry.attempts,
            entry.reason.as_deref().unwrap_or("-"),
            entry.created_at.display(),
        ));
    }
    lines
}
