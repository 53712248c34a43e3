//! Every command of `iapt-pad`, and what each needs before it can run.

mod demo;
mod doctor;
mod drill;
mod replay;
mod secret;
mod serve;
mod triage;

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};
use iapt_pad::app::App;
use iapt_pad::booking::enter_calls;
use iapt_pad::config::{Config, EXAMPLE, Settings};
use iapt_pad::db::Db;
use iapt_pad::notify::{Mailer, OutboxCommand};
use iapt_pad::pads::PadsCommand;
use iapt_pad::pads::template::Templates;
use iapt_pad::referrals::{enter_ledger, shelve_all, verify_timelines};
use iapt_pad::staff::{ClinicsCommand, KeysCommand, StaffCommand};
use iapt_pad::values::Clock;
use tracing_subscriber::EnvFilter;

/// The prescription pad that takes a patient from a physiotherapist's hand to the right talking-therapy service.
#[derive(Parser)]
#[command(name = "iapt-pad", version, propagate_version = true)]
pub struct Line {
    #[command(flatten)]
    logging: Logging,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Logging {
    /// What is logged: error, warn, info, debug, or a filter such as info,iapt_pad=debug [default: info; demo: warn]
    #[arg(long, env = "LOG", global = true)]
    log: Option<String>,
    /// How log lines look
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
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
    Migrate(Settings),
    /// Check database, key, mail, rules and clock
    Doctor(Settings),
    /// Send a drill to everybody on the rota by every way, and report who was reached
    Drill(drill::DrillCommand),
    /// Copy the whole database to a file while it is in use (SQLite)
    Backup {
        #[command(flatten)]
        settings: Settings,
        /// The file to write; it must not exist
        file: PathBuf,
    },
    /// Verify that no timeline was altered
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Fill an empty database with made-up referrals, for measuring
    Seed {
        #[command(flatten)]
        settings: Settings,
        /// How many
        #[arg(long)]
        referrals: u32,
    },
    /// Show what can be configured
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Accounts of staff
    Staff(On<StaffCommand>),
    /// Keys of the JSON API
    Keys(On<KeysCommand>),
    /// SECRET_KEY, and the data keys it wraps
    Secret {
        #[command(flatten)]
        settings: Settings,
        #[command(subcommand)]
        command: secret::SecretCommand,
    },
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

/// A command of a room, and the settings it runs with.
#[derive(Args)]
struct On<C: Subcommand> {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: C,
}

impl<C: Subcommand> On<C> {
    async fn opened(self) -> anyhow::Result<(Arc<App>, C)> {
        Ok((open(self.settings.for_commands()?).await?, self.command))
    }
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Go through every timeline
    Verify(Settings),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print a locality file with every key explained
    Example,
}

impl Line {
    /// Log lines go to standard error, so that standard output stays data.
    pub fn start_logging(&self) {
        let usual = if matches!(self.command, Command::Demo(_)) {
            "warn"
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
        let out = &mut std::io::stdout();
        match self.command {
            Command::Demo(demo) => demo.run().await?,
            Command::Serve(settings) => serve::serve(settings.for_serving()?).await?,
            Command::Migrate(settings) => migrate(&settings.for_commands()?).await?,
            Command::Doctor(settings) => return doctor::examine(&settings).await,
            Command::Drill(drill) => return drill.run().await,
            Command::Backup { settings, file } => {
                open(settings.for_commands()?).await?.db.back_up(&file).await?;
                println!(
                    "Copied to {}. SECRET_KEY is not in it: keep the key elsewhere.",
                    file.display()
                );
            }
            Command::Audit(AuditCommand::Verify(settings)) => return verify(settings.for_commands()?).await,
            Command::Seed { settings, referrals } => {
                let app = open(settings.for_commands()?).await?;
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
            Command::Staff(on) => {
                let (app, command) = on.opened().await?;
                command.run(&app, out).await?;
            }
            Command::Keys(on) => {
                let (app, command) = on.opened().await?;
                command.run(&app, out).await?;
            }
            Command::Secret { settings, command } => return command.run(&settings.for_commands()?).await,
            Command::Pads(on) => {
                let locality = on.settings.locality_or_example()?;
                let templates = Templates::in_force(Path::new("pad_templates"), &locality)?;
                let app = async || open(on.settings.for_commands()?).await;
                return on.command.run(app, &templates, &locality, out).await;
            }
            Command::Clinics(on) => {
                let (app, command) = on.opened().await?;
                command.run(&app, out).await?;
            }
            Command::Outbox(on) => {
                let (app, command) = on.opened().await?;
                print!("{}", command.run(&app.db, app.clock.now()).await?);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn verify(config: Config) -> anyhow::Result<ExitCode> {
    let audit = verify_timelines(&open(config).await?).await?;
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

/// Opens what every command beside the server works on; refuses a schema that is too old.
async fn open(config: Config) -> anyhow::Result<Arc<App>> {
    let db = Db::open(&config.database).await?;
    if db.needs_migration().await? {
        anyhow::bail!("the database's schema is older than this program: run `iapt-pad migrate` first");
    }
    let clock = Clock::system();
    let keys = db.keyring(&config.secret_key, clock.now()).await?;
    let mailer = Mailer::from_config(&config)?;
    Ok(Arc::new(App {
        config,
        db,
        clock,
        mailer,
        keys,
    }))
}
