//! `demo`: everything on one machine, with made-up people.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use iapt_pad::config::{DatabaseUrl, Smtp, parse_bind};
use iapt_pad::demo::{Opening, Options, PEOPLE, begin, parse_base_url};
use indicatif::ProgressBar;

/// How often the bar moves.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Args)]
pub struct DemoCommand {
    /// Where to listen; 0.0.0.0:8080 lets a phone on the same network scan
    #[arg(long, default_value = "127.0.0.1:8080", value_parser = parse_bind)]
    bind: SocketAddr,
    /// The folder for its database, key and captured mail
    #[arg(long, default_value = "iapt-pad-demo", value_name = "DIR")]
    data: PathBuf,
    /// A PostgreSQL database of the demo's own, instead of SQLite in the folder
    #[arg(long, env = "DEMO_DATABASE_URL", hide_env_values = true, value_parser = DatabaseUrl::parse)]
    database_url: Option<DatabaseUrl>,
    /// The address to print and to put into codes, where it cannot be found out
    #[arg(long, env = "DEMO_BASE_URL", value_parser = parse_base_url)]
    base_url: Option<String>,
    /// A mail catcher, smtp://HOST:PORT, instead of the folder; never a server that passes mail on
    #[arg(long, env = "DEMO_SMTP_URL", hide_env_values = true, value_parser = Smtp::parse)]
    smtp_url: Option<Smtp>,
}

impl DemoCommand {
    /// Serves the demo until told to stop.
    pub async fn run(self) -> anyhow::Result<()> {
        let options = Options {
            bind: self.bind,
            data: self.data,
            database: self.database_url,
            base_url: self.base_url,
            mail_catcher: self.smtp_url,
        };
        let opening = begin(&options).await?;
        if opening.is_new() {
            println!(
                "Making a town of {PEOPLE} made-up people in {}. It takes some seconds, once; {} shows how far it is.\n",
                options.data.display(),
                opening.base_url()
            );
        }
        let demo = watched(opening).await?;
        println!("{}", demo.greeting()?);
        demo.until_told_to_stop().await
    }
}

/// Fills the database beside a bar on standard error, which is there only in a terminal.
async fn watched(opening: Opening) -> anyhow::Result<iapt_pad::demo::Demo> {
    let bar = match opening.is_new() {
        true => ProgressBar::new(u64::from(PEOPLE)),
        false => ProgressBar::hidden(),
    };
    let progress = opening.progress();
    let mut tick = tokio::time::interval(LOOK);
    let finishing = opening.finish();
    tokio::pin!(finishing);
    loop {
        tokio::select! {
            done = &mut finishing => {
                bar.finish_and_clear();
                return done;
            }
            _ = tick.tick() => bar.set_position(u64::from(progress())),
        }
    }
}
