//! Every command of `iapt-pad`, and what each needs before it can run.

mod demo;
mod doctor;
mod drill;
mod gaps;
mod line;
mod next;
mod replay;
mod report;
mod secret;
mod serve;
mod target;
mod triage;

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use iapt_pad::booking::enter_calls;
use iapt_pad::config::{Config, EXAMPLE, Settings};
use iapt_pad::db::Db;
use iapt_pad::notify::OutboxCommand;
use iapt_pad::pads::PadsCommand;
use iapt_pad::pads::template::Templates;
use iapt_pad::referrals::{enter_ledger, shelve_all, verify_timelines};
use iapt_pad::staff::{ClinicsCommand, KeysCommand, StaffCommand};
use iapt_pad::values::Clock;
use target::{Target, open};
use tracing_subscriber::EnvFilter;

/// What the demo logs. Its urgent referrals are made up, and nobody has to see to them on the console.
const DEMO_LOG: &str = "warn,iapt_pad::referrals::escalation=error";

/// The prescription pad that takes a patient from a physiotherapist's hand to the right talking-therapy service.
#[derive(Parser)]
#[command(name = "iapt-pad", version, propagate_version = true)]
pub struct Line {
    #[command(flatten)]
    logging: Logging,
    #[command(subcommand)]
    command: Command,
}

// Only `serve --help` lists them; every command takes them. No doc comment: it would become the one of `serve`.
#[derive(Args)]
#[command(next_help_heading = "Logging")]
struct Logging {
    /// What is logged: error, warn, info, debug, or a filter such as info,iapt_pad=debug [default: info; demo: warn]
    #[arg(long, env = "LOG", global = true, hide = true)]
    log: Option<String>,
    /// How log lines look
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true, hide = true)]
    log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Try everything on this machine, with made-up people and captured mail
    Demo(demo::DemoCommand),
    /// Run the service, from the environment
    Serve(Settings),
    /// Bring the database's schema up to date
    Migrate(Target),
    /// Check database, key, mail, rules and clock
    Doctor(doctor::DoctorCommand),
    /// Send a drill to everybody on the rota by every way, and report who was reached
    Drill(drill::DrillCommand),
    /// Copy the whole database to a file while it is in use (SQLite)
    Backup {
        /// The file to write; it must not exist
        file: PathBuf,
        #[command(flatten)]
        target: Target,
    },
    /// Verify that no timeline was altered
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Fill an empty database with made-up referrals, for measuring
    Seed {
        /// How many
        #[arg(long)]
        referrals: u32,
        #[command(flatten)]
        target: Target,
    },
    /// Show what can be configured
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Accounts of staff
    Staff(On<StaffCommand>),
    /// Keys of the JSON API
    Keys(On<KeysCommand>),
    /// SECRET_KEY, and the data keys it wraps
    Secret(On<secret::SecretCommand>),
    /// Pads of slips
    Pads(On<PadsCommand>),
    /// Clinics that slips are made for
    Clinics(On<ClinicsCommand>),
    /// The mail that waits
    Outbox(On<OutboxCommand>),
    /// Decide from facts, and check rules
    #[command(subcommand)]
    Triage(triage::TriageCommand),
}

/// A command of a room, and what it works on.
#[derive(Args)]
struct On<C: Subcommand> {
    #[command(subcommand)]
    command: C,
    #[command(flatten)]
    target: Target,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Go through every timeline
    Verify(Target),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print a locality file with every key explained
    Example,
}

impl Line {
    /// Reads the command line; help ends the program with 0, and what is not understood with 2.
    pub fn read() -> Self {
        let matches = line::folded(Line::command(), Logging::augment_args).get_matches();
        Line::from_arg_matches(&matches).unwrap_or_else(|wrong| wrong.exit())
    }

    /// Log lines go to standard error, so that standard output stays data.
    pub fn start_logging(&self) {
        let usual = if matches!(self.command, Command::Demo(_)) {
            DEMO_LOG
        } else {
            "info"
        };
        let wanted = self.logging.log.as_deref().unwrap_or(usual);
        let filter = EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new(usual));
        let lines = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr);
        match self.logging.log_format {
            LogFormat::Text => lines.init(),
            LogFormat::Json => lines.json().init(),
        }
    }

    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let (out, now) = (&mut std::io::stdout(), Clock::system().now());
        match self.command {
            Command::Demo(demo) => demo.run().await?,
            Command::Serve(settings) => serve::serve(settings.for_serving()?).await?,
            Command::Migrate(target) => migrate(&target.config()?).await?,
            Command::Doctor(doctor) => return doctor.run().await,
            Command::Drill(drill) => return drill.run().await,
            Command::Backup { file, target } => {
                target.db().await?.back_up(&file).await?;
                println!(
                    "Copied to {}. SECRET_KEY is not in it: keep the key elsewhere.",
                    file.display()
                );
            }
            Command::Audit(AuditCommand::Verify(target)) => return verify(target).await,
            Command::Seed { referrals, target } => {
                let app = target.app().await?;
                let bar = indicatif::ProgressBar::new(u64::from(referrals));
                iapt_pad::demo::seed_load(&app.db, &app.config, referrals, &|told| {
                    bar.set_position(u64::from(told));
                })
                .await?;
                bar.finish_and_clear();
                println!("{referrals} made-up referrals were written.");
            }
            Command::Config(ConfigCommand::Example) => print!("{EXAMPLE}"),
            Command::Triage(triage) => return triage.run().await,
            Command::Staff(On { command, target }) => {
                command.run(&target.db().await?, now, out).await?;
            }
            Command::Keys(On { command, target }) => {
                let db = target.db().await?;
                command
                    .run(&db, now, async || target.keys(&db).await, out)
                    .await?;
            }
            Command::Secret(On { command, target }) => return command.run(target.database_and_key()?).await,
            Command::Pads(On { command, target }) => {
                let locality = target.locality()?;
                let templates = Templates::in_force(Path::new("pad_templates"), &locality)?;
                let app = async || target.app().await;
                let books = async || target.app_without_key().await;
                return command.run((app, books), &templates, &locality, out).await;
            }
            Command::Clinics(On { command, target }) => {
                command.run(&target.db().await?, now, out).await?;
            }
            Command::Outbox(On { command, target }) => {
                print!("{}", command.run(&target.db().await?, now).await?);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn verify(target: Target) -> anyhow::Result<ExitCode> {
    let audit = verify_timelines(&target.app_without_locality().await?).await?;
    println!(
        "{} timelines are whole, {} were altered.",
        audit.whole,
        audit.broken.len()
    );
    for reference in &audit.broken {
        println!("Altered: {reference}");
    }
    Ok(if audit.broken.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn migrate(config: &Config) -> anyhow::Result<()> {
    let db = Db::open(&config.database).await?;
    let ran = db.migrate().await?;
    if ran.is_empty() {
        println!("The schema is up to date.");
    }
    for name in ran {
        println!("Migrated: {name}");
    }
    // Drawn here, so that a wrong SECRET_KEY is told before the first start.
    let app = open(config.clone()).await?;
    match shelve_all(&app).await? {
        0 => {}
        some => println!("Put into the lists that can be filtered: {some} referrals."),
    }
    let entered = enter_ledger(&app).await?;
    if entered.referrals > 0 {
        println!(
            "Entered into the list of promised contacts: {} referrals; {} of people at risk are due now, {} past their \
             time are for the clinical lead to look through.",
            entered.referrals, entered.due, entered.for_lead
        );
    }
    match enter_calls(&app).await? {
        0 => {}
        some => println!("Entered into the list of promised contacts: {some} calls about places."),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_one_that_clap_takes() {
        line::folded(Line::command(), Logging::augment_args).debug_assert();
    }
}
