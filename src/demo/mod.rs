//! The demo deployment: embedded SQLite, made-up people, mail captured instead of sent. Receives a folder, decides
//! whether it is new and fills it once, and hands on a house that is ready to open. Its address answers from the first
//! moment: until the folder is filled with a page that says so. Never touches a database that was not made by a demo.

mod cast;
mod courses;
mod folder;
mod greeting;
mod load;
mod network;
mod pages;
mod seed;
mod stage;
mod store;
mod stories;
mod team;
mod waiting;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, anyhow, ensure};

use self::folder::Folder;
use self::seed::Condition;
use self::waiting::Waiting;
use crate::app::App;
use crate::booking::enter_calls;
use crate::config::{Config, DatabaseUrl, Locality, Mail, SecondChannel, Smtp};
use crate::db::{Conn, Db};
use crate::notify::Mailer;
use crate::pads::template::Templates;
use crate::referrals::{enter_ledger, shelve_all};
use crate::server::{House, Running, listen};
use crate::triage::{DEFAULT_RULES, DEFAULT_RULES_NAME, start};
use crate::values::{Clock, MasterKey, SlipCode};

pub use cast::{CAST, PASSWORD};
pub use pages::routes;
pub use seed::seed_load;
pub use stories::PEOPLE;

/// Where a demo is to stand.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; an unspecified address makes it reachable from the network.
    pub bind: SocketAddr,
    /// The folder that holds its database, key and captured mail.
    pub data: PathBuf,
    /// A PostgreSQL database instead of the embedded one.
    pub database: Option<DatabaseUrl>,
    /// The address to print and to put into codes; none: found from `bind`.
    pub base_url: Option<String>,
    /// A mail catcher to send to; none: mail is kept in the folder.
    pub mail_catcher: Option<Smtp>,
}

/// A demo that listens, and answers that it is being made ready.
pub struct Opening {
    folder: Folder,
    listener: TcpListener,
    config: Config,
    db: Db,
    condition: Condition,
    waiting: Waiting,
    told: Arc<AtomicU32>,
}

/// A demo that is serving.
pub struct Demo {
    /// The address that pages and codes carry.
    pub base_url: String,
    running: Running,
    bind: SocketAddr,
    fresh_slip: SlipCode,
    keeps_mail: bool,
    /// Taken for as long as the demo runs.
    _folder: Folder,
}

/// Opens a demo: fills an empty folder, finds the data of an earlier start, and serves.
pub async fn open(options: &Options) -> anyhow::Result<Demo> {
    begin(options).await?.finish().await
}

/// Takes folder, port and database, or says what is in the way; from then on the address answers.
pub async fn begin(options: &Options) -> anyhow::Result<Opening> {
    let mut folder = Folder::take(&options.data)?;
    let listener = listen("--bind", options.bind)?;
    let bind = listener.local_addr()?;
    let own_database = options.database.is_none();
    folder.forget_half_filled(own_database)?;
    let config = Config {
        bind,
        base_url: match &options.base_url {
            Some(base_url) => base_url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", network::reachable(bind)),
        },
        mail: match &options.mail_catcher {
            Some(catcher) => Mail::Smtp(catcher.clone()),
            None => Mail::Captured(folder.join("mail")),
        },
        ..config(&options.data, options.database.clone(), folder.key()?)?
    };
    folder.keep_address(&config.base_url)?;
    let db = Db::open(&config.database).await?;
    let condition = seed::look(&db)
        .await
        .map_err(|refused| not_a_demos(options, &refused))?;
    let told = Arc::new(AtomicU32::new(0));
    let waiting = waiting::serve(listener.try_clone()?, told.clone())?;
    Ok(Opening {
        folder,
        listener,
        config,
        db,
        condition,
        waiting,
        told,
    })
}

fn not_a_demos(options: &Options, refused: &anyhow::Error) -> anyhow::Error {
    let (database, instead) = match &options.database {
        Some(_) => (
            "the database of --database-url",
            "name an empty database".to_owned(),
        ),
        None => (
            "the database in that folder",
            format!("type: iapt-pad demo --data {}-2", options.data.display()),
        ),
    };
    anyhow!("{database} is not a demo's: {refused}. Nothing was changed; {instead}")
}

impl Opening {
    /// The address that answers.
    pub fn base_url(&self) -> &str {
        &self.config.base_url
    }

    /// Whether the database is still to be filled.
    pub fn is_new(&self) -> bool {
        self.condition == Condition::Empty
    }

    /// How many of [`PEOPLE`] are written, now and later.
    pub fn progress(&self) -> impl Fn() -> u32 + Send + 'static {
        let told = self.told.clone();
        move || told.load(Ordering::Relaxed)
    }

    /// Fills the database if it is new, and serves.
    pub async fn finish(self) -> anyhow::Result<Demo> {
        let Opening { config, db, .. } = self;
        db.migrate().await?;
        if self.condition == Condition::Empty {
            self.folder.mark_half_filled()?;
            seed::fill(&db, &config, &self.told).await?;
        }
        let (bind, keeps_mail) = (config.bind, matches!(config.mail, Mail::Captured(_)));
        let app = Arc::new(App {
            clock: Clock::system(),
            keys: db.keyring(&config.secret_key, Clock::system().now()).await?,
            mailer: Mailer::from_config(&config)?,
            config,
            db,
        });
        shelve_all(&app).await?;
        enter_ledger(&app).await?;
        enter_calls(&app).await?;
        let pathways = &app.config.locality.long_term_conditions;
        let (rules, _) = start(
            &app.db,
            DEFAULT_RULES_NAME,
            DEFAULT_RULES,
            pathways,
            app.clock.now(),
        )
        .await?;
        if self.condition == Condition::Empty {
            seed::propose_rules(&app).await?;
            self.folder.mark_filled()?;
        }
        let fresh_slip = seed::fresh_slip(&app).await?;
        let base_url = app.config.base_url.clone();
        let templates = Templates::in_force(Path::new("pad_templates"), &app.config.locality)?;
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let house = House {
            app,
            rules: Arc::new(rules),
            templates: Arc::new(templates),
            further: routes,
        };
        self.waiting.stop().await?;
        Ok(Demo {
            base_url,
            running: house.open_on(threads, Some(self.listener)).await?,
            bind,
            fresh_slip,
            keeps_mail,
            _folder: self.folder,
        })
    }
}

impl Demo {
    /// What somebody who started the demo wants to know.
    pub fn greeting(&self) -> anyhow::Result<String> {
        greeting::greeting(&self.base_url, self.bind, &self.fresh_slip, self.keeps_mail)
    }

    /// Serves until SIGTERM or Ctrl-C.
    pub async fn until_told_to_stop(self) -> anyhow::Result<()> {
        self.running.until_told_to_stop().await
    }
}

/// The configuration of the demo in a folder, for commands beside it; `database` where it is not in the folder.
pub fn config_of(data: &Path, database: Option<DatabaseUrl>) -> anyhow::Result<Config> {
    config(data, database, folder::read_key(data)?)
}

/// Whether a demo filled this database, or a command that fills one for measuring.
pub fn is_made_up(conn: &mut Conn<'_>) -> crate::db::Result<bool> {
    Ok(store::find_purpose(conn)?.is_some())
}

fn config(data: &Path, database: Option<DatabaseUrl>, secret_key: MasterKey) -> anyhow::Result<Config> {
    Ok(Config {
        database: database.unwrap_or_else(|| folder::database(data)),
        secret_key,
        base_url: folder::address(data),
        bind: SocketAddr::from(([127, 0, 0, 1], 8080)),
        metrics_bind: None,
        mail: Mail::Captured(data.join("mail")),
        mail_from: "no-reply@talking.example.org".to_owned(),
        second_channel: SecondChannel::Captured(data.join("webhook")),
        trusted_proxies: Vec::new(),
        locality: Locality::example()?,
        demo: true,
    })
}

/// Reads the address that a demo is to print and to put into codes.
pub fn parse_base_url(text: &str) -> anyhow::Result<String> {
    let host = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    let host = host
        .map(|host| host.trim_end_matches('/'))
        .filter(|host| !host.is_empty());
    let host = host.context("must begin with http:// or https://, such as http://192.168.1.20:8080")?;
    ensure!(
        !host.contains(['/', '?', '#', '@', ' ']),
        "must be http:// and a host with its port, nothing more, such as http://192.168.1.20:8080"
    );
    Ok(text.trim_end_matches('/').to_owned())
}
