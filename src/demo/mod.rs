//! The demo deployment: embedded SQLite, made-up people, mail captured instead of sent. Receives a folder, decides
//! whether it is new and fills it once, and hands on a house that is ready to open. Never touches a database that
//! was not made by a demo.

mod cast;
mod courses;
mod load;
mod network;
mod pages;
mod seed;
mod store;
mod stories;

use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::app::App;
use crate::booking::enter_calls;
use crate::config::{Config, DatabaseUrl, Locality, Mail, SecondChannel, Smtp};
use crate::db::Db;
use crate::notify::Mailer;
use crate::pads::qr::{Symbol, slip_address};
use crate::pads::template::Templates;
use crate::referrals::{enter_ledger, shelve_all};
use crate::server::{House, Running};
use crate::triage::{DEFAULT_RULES, DEFAULT_RULES_NAME, start};
use crate::values::{Clock, MasterKey, SlipCode};

pub use cast::{CAST, PASSWORD};
pub use pages::routes;
pub use seed::seed_load;

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

/// A demo that is serving.
pub struct Demo {
    /// The server.
    pub running: Running,
    /// The address that pages and codes carry.
    pub base_url: String,
    /// A slip nobody has used.
    pub fresh_slip: SlipCode,
    /// Whether the folder was filled just now.
    pub seeded: bool,
    /// Whether mail is kept here, to be read on a page.
    pub keeps_mail: bool,
}

/// Opens a demo: fills an empty folder, finds the data of an earlier start, and serves.
pub async fn open(options: &Options) -> anyhow::Result<Demo> {
    std::fs::create_dir_all(&options.data)
        .with_context(|| format!("the folder {} cannot be made", options.data.display()))?;
    let config = config(options)?;
    let db = Db::open(&config.database).await?;
    db.migrate().await?;
    let seeded = seed::seed_once(&db, &config).await?;
    let clock = Clock::system();
    let keys = db.keyring(&config.secret_key, clock.now()).await?;
    let mailer = Mailer::from_config(&config)?;
    let pathways = config.locality.long_term_conditions.clone();
    let app = Arc::new(App {
        config,
        db,
        clock,
        mailer,
        keys,
    });
    shelve_all(&app).await?;
    enter_ledger(&app).await?;
    enter_calls(&app).await?;
    let (rules, _) = start(
        &app.db,
        DEFAULT_RULES_NAME,
        DEFAULT_RULES,
        &pathways,
        app.clock.now(),
    )
    .await?;
    if seeded {
        seed::propose_rules(&app).await?;
    }
    let fresh_slip = seed::fresh_slip(&app).await?;
    let base_url = app.config.base_url.clone();
    let templates = Templates::in_force(Path::new("pad_templates"), &app.config.locality)?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let running = House {
        app,
        rules: Arc::new(rules),
        templates: Arc::new(templates),
        further: routes,
    }
    .open(threads)
    .await?;
    Ok(Demo {
        running,
        base_url,
        fresh_slip,
        seeded,
        keeps_mail: options.mail_catcher.is_none(),
    })
}

impl Demo {
    /// What somebody who started the demo wants to know.
    pub fn greeting(&self) -> anyhow::Result<String> {
        let address = slip_address(&self.base_url, &self.fresh_slip.compact());
        let code = Symbol::of(&address)?.text_blocks();
        let mut text = format!(
            "{code}\n  Scan it, or open {}/s/{}\n\n",
            self.base_url,
            self.fresh_slip.compact()
        );
        text.push_str(&format!("  Start here     {}/demo\n", self.base_url));
        if self.keeps_mail {
            text.push_str(&format!("  Mail it sent   {}/demo/mail\n", self.base_url));
        }
        text.push_str(&format!("  Sign in        {}/staff/sign-in\n\n", self.base_url));
        for person in CAST {
            text.push_str(&format!(
                "    {:<8} {:<28} {}\n",
                person.username, PASSWORD, person.what
            ));
        }
        if self.base_url.contains("127.0.0.1") {
            text.push_str("\n  A phone cannot reach this address. With `demo --bind 0.0.0.0:8080` it can.\n");
        }
        text.push_str(
            "\n  Everyone in it is made up. Ctrl-C stops it; the next start finds its data again.\n",
        );
        Ok(text)
    }
}

fn config(options: &Options) -> anyhow::Result<Config> {
    let database = match &options.database {
        Some(database) => database.clone(),
        None => DatabaseUrl::Sqlite(options.data.join("iapt-pad.sqlite")),
    };
    let base_url = match &options.base_url {
        Some(base_url) => base_url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", network::reachable(options.bind)),
    };
    Ok(Config {
        database,
        secret_key: secret_key(&options.data.join("secret.key"))?,
        base_url,
        bind: options.bind,
        metrics_bind: None,
        mail: match &options.mail_catcher {
            Some(catcher) => Mail::Smtp(catcher.clone()),
            None => Mail::Captured(options.data.join("mail")),
        },
        mail_from: "no-reply@talking.example.org".to_owned(),
        second_channel: SecondChannel::Captured(options.data.join("webhook")),
        trusted_proxies: Vec::new(),
        locality: Locality::example()?,
        demo: true,
    })
}

/// The demo's own key, drawn at the first start and readable by its owner alone.
fn secret_key(file: &Path) -> anyhow::Result<MasterKey> {
    if file.exists() {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        return match MasterKey::parse(&text) {
            Ok(key) => Ok(key),
            Err(unfit) => bail!("the key in {} {unfit}", file.display()),
        };
    }
    let key = MasterKey::draw()?;
    let mut written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("{} cannot be written", file.display()))?;
    writeln!(written, "{}", key.to_base64())?;
    Ok(key)
}
