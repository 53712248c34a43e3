//! Every command of `iapt-pad`, and what each needs before it can run.

mod doctor;
mod serve;

use std::io::stdout;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};
use iapt_pad::app::App;
use iapt_pad::config::{Config, EXAMPLE, Settings};
use iapt_pad::db::Db;
use iapt_pad::notify::Mailer;
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
    /// What is logged: error, warn, info, debug, or a filter such as info,iapt_pad=debug
    #[arg(long, env = "LOG", default_value = "info", global = true)]
    log: String,
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
    /// Run the service, from the environment
    Serve(Settings),
    /// Bring the database's schema up to date
    Migrate(Settings),
    /// Check database, key, mail, rules and clock
    Doctor(Settings),
    /// Show what can be configured
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Accounts of staff
    Staff(On<StaffCommand>),
    /// Keys of the JSON API
    Keys(On<KeysCommand>),
    /// Clinics that slips are made for
    Clinics(On<ClinicsCommand>),
}

/// A command of a room, and the settings it runs with.
#[derive(Args)]
struct On<C: Subcommand> {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: C,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print a locality file with every key explained
    Example,
}

impl Line {
    /// Log lines go to standard error, so that standard output stays data.
    pub fn start_logging(&self) {
        let filter = EnvFilter::try_new(&self.logging.log).unwrap_or_else(|_| EnvFilter::new("info"));
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
        match self.command {
            Command::Serve(settings) => serve::serve(settings.for_serving()?).await?,
            Command::Migrate(settings) => migrate(&settings.for_commands()?).await?,
            Command::Doctor(settings) => return doctor::examine(&settings).await,
            Command::Config(ConfigCommand::Example) => print!("{EXAMPLE}"),
            Command::Staff(on) => {
                on.command
                    .run(&*open(on.settings.for_commands()?).await?, &mut stdout())
                    .await?
            }
            Command::Keys(on) => {
                on.command
                    .run(&*open(on.settings.for_commands()?).await?, &mut stdout())
                    .await?
            }
            Command::Clinics(on) => {
                on.command
                    .run(&*open(on.settings.for_commands()?).await?, &mut stdout())
                    .await?
            }
        }
        Ok(ExitCode::SUCCESS)
    }
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
    db.keyring(&config.secret_key, Clock::system().now()).await?;
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
