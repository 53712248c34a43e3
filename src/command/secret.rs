//! `secret`: a new `SECRET_KEY`, and new data keys. The API's keys are another matter: `keys`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::Subcommand;
use iapt_pad::config::DatabaseUrl;
use iapt_pad::db::{Db, Renewed, Rewrapped};
use iapt_pad::values::{Clock, MasterKey, Purpose, Unfit};

/// SECRET_KEY, and the data keys it wraps
#[derive(Subcommand)]
pub enum SecretCommand {
    /// Wrap the data keys under a new SECRET_KEY; nothing sealed or printed changes
    Rotate {
        /// A file that holds the new key: 32 random bytes in base64 (`openssl rand -base64 32`)
        #[arg(long, value_name = "NEW_KEY_FILE")]
        to: PathBuf,
    },
    /// Draw a new data key: codes or cookies
    Renew {
        /// What the key is for
        #[arg(value_parser = purpose)]
        purpose: Purpose,
    },
}

fn purpose(word: &str) -> Result<Purpose, Unfit> {
    let known = || Purpose::ALL.map(Purpose::as_str).join(", ");
    Purpose::parse(word).ok_or_else(|| Unfit(format!("there are keys for {}", known()).into()))
}

impl SecretCommand {
    /// Runs the command on a database whose schema is this program's.
    pub async fn run(self, (database, key): (DatabaseUrl, MasterKey)) -> anyhow::Result<ExitCode> {
        let db = Db::open(&database).await?;
        if db.needs_migration().await? {
            anyhow::bail!("the database's schema is older than this program: run `iapt-pad migrate` first");
        }
        match self {
            SecretCommand::Rotate { to } => rotate(&db, &key, &to).await,
            SecretCommand::Renew { purpose } => renew(&db, &key, purpose).await,
        }
    }
}

async fn rotate(db: &Db, secret_key: &MasterKey, file: &Path) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let next = MasterKey::parse(&text).map_err(|unfit| anyhow!("the key in {} {unfit}", file.display()))?;
    match db.rewrap(secret_key, &next).await? {
        Rewrapped::Done { keys } => {
            println!(
                "{keys} data keys are wrapped under the key in {}.",
                file.display()
            );
            println!("The old SECRET_KEY opens this database no more. What to do now:");
            println!("  1. Make the new key SECRET_KEY wherever this program runs, and restart it.");
            println!("  2. iapt-pad doctor");
            println!("  3. Keep a copy of the new key apart from the database, as you kept the old one.");
            println!("  4. Backups made before now open with the old key only: keep it as long as them.");
            Ok(ExitCode::SUCCESS)
        }
        Rewrapped::SameKey => Err(anyhow!(
            "the key in {} is the SECRET_KEY there is: nothing was changed",
            file.display()
        )),
        Rewrapped::ChangedMeanwhile => Err(anyhow!(
            "the key table was changed by somebody else meanwhile: nothing was changed here"
        )),
    }
}

async fn renew(db: &Db, secret_key: &MasterKey, purpose: Purpose) -> anyhow::Result<ExitCode> {
    if let Some(why) = not_yet(purpose) {
        eprintln!(
            "error: the key for {} cannot be renewed yet: {why}",
            purpose.as_str()
        );
        return Ok(ExitCode::from(2));
    }
    match db.renew(secret_key, purpose, Clock::system().now()).await? {
        Renewed::Done { id, dropped } => {
            println!("There is a new key for {}, number {}.", purpose.as_str(), id.0);
            if dropped > 0 {
                println!("{dropped} older keys were dropped: what they sealed does not open any more.");
            }
            println!("Servers go on with the old key until they are restarted: restart them now.");
            Ok(ExitCode::SUCCESS)
        }
        Renewed::ChangedMeanwhile => Err(anyhow!(
            "the key table was changed by somebody else meanwhile: nothing was changed here"
        )),
    }
}

/// Why a data key cannot be renewed by this version.
fn not_yet(purpose: Purpose) -> Option<&'static str> {
    match purpose {
        Purpose::Codes | Purpose::Cookies => None,
        Purpose::CodeLookup => {
            Some("every slip is recognised by a hash made with it, and would have to be hashed anew")
        }
        Purpose::Person => Some("what is sealed with it would have to be sealed anew"),
        Purpose::Search => Some("what records are found by would have to be hashed anew"),
        Purpose::Tokens => {
            Some("sessions, API keys and the links to patients' own pages would end without a word")
        }
        Purpose::Audit => Some("every timeline would look altered"),
    }
}
