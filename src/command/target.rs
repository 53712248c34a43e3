//! What a command works on: the service that the settings describe, or the demo in a folder.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use iapt_pad::app::App;
use iapt_pad::config::{Config, DatabaseUrl, Locality, SettingFaults, Settings};
use iapt_pad::db::Db;
use iapt_pad::demo::config_of;
use iapt_pad::notify::Mailer;
use iapt_pad::values::{Clock, Keyring, MasterKey};

/// The settings a command runs with, or the demo it is pointed at. Each command asks for what it uses.
#[derive(Args, Clone)]
pub struct Target {
    /// Work on the demo in this folder: its database, key and locality
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The demo's database, where it is not in its folder
    #[arg(long, env = "DEMO_DATABASE_URL", hide = true, hide_env_values = true, global = true, value_parser = DatabaseUrl::parse)]
    demo_database_url: Option<DatabaseUrl>,
    #[command(flatten)]
    settings: Settings,
}

impl Target {
    /// The database, with the schema of this program.
    pub async fn db(&self) -> anyhow::Result<Db> {
        let url = match self.demo()? {
            Some(demo) => demo.database,
            None => self.settings.database()?,
        };
        opened(&url).await
    }

    /// The database and the key it is opened with, whatever its schema.
    pub fn database_and_key(&self) -> anyhow::Result<(DatabaseUrl, MasterKey)> {
        if let Some(demo) = self.demo()? {
            return Ok((demo.database, demo.secret_key));
        }
        let (database, key) = (self.settings.database(), self.settings.master_key());
        match (database, key) {
            (Ok(database), Ok(key)) => Ok((database, key)),
            (database, key) => {
                let faults = [database.err(), key.err()];
                let faults = faults.into_iter().flatten().map(|fault| format!("{fault:#}"));
                Err(SettingFaults(faults.collect()).into())
            }
        }
    }

    /// The keys that open sealed values.
    pub async fn keys(&self, db: &Db) -> anyhow::Result<Keyring> {
        let (_, key) = self.database_and_key()?;
        Ok(db.keyring(&key, Clock::system().now()).await?)
    }

    /// Database, key and locality.
    pub fn config(&self) -> anyhow::Result<Config> {
        match self.demo()? {
            Some(demo) => Ok(demo),
            None => Ok(self.settings.for_commands()?),
        }
    }

    /// All that `serve` needs.
    pub fn serving_config(&self) -> anyhow::Result<Config> {
        match self.demo()? {
            Some(demo) => Ok(demo),
            None => Ok(self.settings.for_serving()?),
        }
    }

    /// The locality alone; the example's where none is named.
    pub fn locality(&self) -> anyhow::Result<Locality> {
        match self.data {
            Some(_) => Locality::example(),
            None => self.settings.locality_or_example(),
        }
    }

    /// What every verb works on.
    pub async fn app(&self) -> anyhow::Result<Arc<App>> {
        open(self.config()?).await
    }

    /// The same for what asks nothing of the locality.
    pub async fn app_without_locality(&self) -> anyhow::Result<Arc<App>> {
        match self.data {
            Some(_) => self.app().await,
            None => open(self.settings.for_keys()?).await,
        }
    }

    /// The same for what seals and opens nothing, with no key at all.
    pub async fn app_without_key(&self) -> anyhow::Result<Arc<App>> {
        let config = match self.demo()? {
            Some(demo) => demo,
            None => self.settings.for_database()?,
        };
        let db = opened(&config.database).await?;
        Ok(Arc::new(App {
            mailer: Mailer::from_config(&config)?,
            clock: Clock::system(),
            keys: Keyring::none(),
            config,
            db,
        }))
    }

    fn demo(&self) -> anyhow::Result<Option<Config>> {
        let of = |folder: &PathBuf| config_of(folder, self.demo_database_url.clone());
        self.data.as_ref().map(of).transpose()
    }
}

/// Opens a database; refuses a schema that is too old.
async fn opened(url: &DatabaseUrl) -> anyhow::Result<Db> {
    let db = Db::open(url).await?;
    if db.needs_migration().await? {
        anyhow::bail!("the database's schema is older than this program: run `iapt-pad migrate` first");
    }
    Ok(db)
}

/// Opens what a configuration describes; refuses a schema that is too old.
pub async fn open(config: Config) -> anyhow::Result<Arc<App>> {
    let db = opened(&config.database).await?;
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
