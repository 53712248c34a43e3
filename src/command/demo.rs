//! `demo`: everything on one machine, with made-up people.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use iapt_pad::config::{DatabaseUrl, Smtp};
use iapt_pad::demo::{Options, open};

#[derive(Args)]
pub struct DemoCommand {
    /// Where to listen; 0.0.0.0:8080 lets a phone on the same network scan
    #[arg(long, default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
    /// The folder for its database, key and captured mail
    #[arg(long, default_value = "iapt-pad-demo")]
    data: PathBuf,
    /// A PostgreSQL database of the demo's own, instead of SQLite in the folder
    #[arg(long, env = "DEMO_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// The address to print and to put into codes, where it cannot be found out
    #[arg(long, env = "DEMO_BASE_URL")]
    base_url: Option<String>,
    /// A mail catcher, smtp://HOST:PORT, instead of the folder; never a server that passes mail on
    #[arg(long, env = "DEMO_SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,
}

impl DemoCommand {
    /// Serves the demo until told to stop.
    pub async fn run(self) -> anyhow::Result<()> {
        let database = self.database_url.as_deref().map(DatabaseUrl::parse).transpose()?;
        let options = Options {
            bind: self.bind,
            data: self.data,
            database,
            base_url: self.base_url,
            mail_catcher: self.smtp_url.as_deref().map(Smtp::parse).transpose()?,
        };
        let demo = open(&options).await?;
        println!("{}", demo.greeting()?);
        demo.running.until_told_to_stop().await
    }
}
