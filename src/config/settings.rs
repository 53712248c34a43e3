//! The environment, typed. Each setting is also a flag, and a secret may come from a file (`NAME_FILE`).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::{DatabaseUrl, EscalationSecret, Locality, SecondChannel, Smtp};
use crate::values::MasterKey;

/// The settings as the command line and the environment give them.
#[derive(Args, Clone, Default)]
pub struct Settings {
    /// Where the database is: sqlite:PATH or postgres://…
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// A file that holds DATABASE_URL
    #[arg(long, env = "DATABASE_URL_FILE")]
    pub database_url_file: Option<PathBuf>,
    /// The address patients see, https://…
    #[arg(long, env = "BASE_URL")]
    pub base_url: Option<String>,
    /// Where to listen
    #[arg(long, env = "BIND", default_value = "127.0.0.1:8080")]
    pub bind: Option<SocketAddr>,
    /// 32 random bytes in base64, under which the data keys are wrapped
    #[arg(long, env = "SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// A file that holds SECRET_KEY
    #[arg(long, env = "SECRET_KEY_FILE")]
    pub secret_key_file: Option<PathBuf>,
    /// The mail server: smtp://… or smtps://…, ?tls=required
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// A file that holds SMTP_URL
    #[arg(long, env = "SMTP_URL_FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// The sender of all mail; neutral, without a health word
    #[arg(long, env = "MAIL_FROM")]
    pub mail_from: Option<String>,
    /// What calls of the second channel (escalation.webhook in the locality file) are signed with
    #[arg(long, env = "ESCALATION_SECRET", hide_env_values = true)]
    pub escalation_secret: Option<String>,
    /// A file that holds ESCALATION_SECRET
    #[arg(long, env = "ESCALATION_SECRET_FILE")]
    pub escalation_secret_file: Option<PathBuf>,
    /// The locality file
    #[arg(long, env = "LOCALITY")]
    pub locality: Option<PathBuf>,
    /// Networks whose X-Forwarded-For counts, comma separated; empty: the peer's address counts
    #[arg(long, env = "TRUSTED_PROXIES", default_value = "")]
    pub trusted_proxies: Option<String>,
    /// Where /metrics listens; never the public address
    #[arg(long, env = "METRICS_BIND", default_value = "127.0.0.1:9090")]
    pub metrics_bind: Option<SocketAddr>,
}

/// Everything decided about this installation.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the database is.
    pub database: DatabaseUrl,
    /// The key the data keys are wrapped under.
    pub secret_key: MasterKey,
    /// The address patients see, without a slash at the end.
    pub base_url: String,
    /// Where the server listens.
    pub bind: SocketAddr,
    /// Where `/metrics` listens; none in the demo.
    pub metrics_bind: Option<SocketAddr>,
    /// Where mail goes.
    pub mail: Mail,
    /// The sender of all mail.
    pub mail_from: String,
    /// Where urgent notices go beside mail.
    pub second_channel: SecondChannel,
    /// Networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<String>,
    /// What is local.
    pub locality: Locality,
    /// Whether this is the demo: made-up people, banner, one-click sign-in, captured mail, http allowed.
    pub demo: bool,
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Mail {
    /// To a server.
    Smtp(Smtp),
    /// Into files of a folder, for the demo.
    Captured(PathBuf),
}

impl Config {
    /// Whether cookies carry the `__Host-` prefix and `Secure`: always, but for a demo over http.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// The host part of the address patients see, port included.
    pub fn host(&self) -> &str {
        self.base_url
            .split_once("://")
            .map_or(self.base_url.as_str(), |(_, rest)| rest)
    }
}

impl Settings {
    /// Checks all settings for `serve`; the error names the setting.
    pub fn for_serving(&self) -> anyhow::Result<Config> {
        let base_url = required("BASE_URL", self.base_url.clone())?;
        let base_url = base_url.trim_end_matches('/').to_owned();
        let host = base_url.strip_prefix("https://").ok_or_else(|| {
            anyhow!("BASE_URL must begin with https://: patients' answers may not travel in clear")
        })?;
        if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
            bail!("BASE_URL must be https:// and a host, nothing more");
        }
        let mail = required(
            "SMTP_URL",
            secret("SMTP_URL", &self.smtp_url, &self.smtp_url_file)?,
        )?;
        let mail = Smtp::parse(&mail).map_err(|unfit| anyhow!("SMTP_URL {unfit}"))?;
        let mut config = self.for_commands()?;
        config.base_url = base_url;
        config.mail = Mail::Smtp(mail);
        config.mail_from = required("MAIL_FROM", self.mail_from.clone())?;
        if !config.mail_from.contains('@') {
            bail!("MAIL_FROM must be an e-mail address");
        }
        if config.locality.escalation.webhook.is_some() && !config.second_channel.is_there() {
            bail!(
                "ESCALATION_SECRET is not set: calls of escalation.webhook in the locality file are signed with it"
            );
        }
        Ok(config)
    }

    /// The locality alone, for commands that need no database; the example's where none is named.
    pub fn locality_or_example(&self) -> anyhow::Result<Locality> {
        match self.locality.as_deref() {
            Some(file) => Locality::load(file),
            None => Locality::example(),
        }
    }

    /// Checks what every command beside the server needs: database, key and locality.
    pub fn for_commands(&self) -> anyhow::Result<Config> {
        let database = required(
            "DATABASE_URL",
            secret("DATABASE_URL", &self.database_url, &self.database_url_file)?,
        )?;
        let database = DatabaseUrl::parse(&database).map_err(|unfit| anyhow!("DATABASE_URL {unfit}"))?;
        let key = required(
            "SECRET_KEY",
            secret("SECRET_KEY", &self.secret_key, &self.secret_key_file)?,
        )?;
        let secret_key = MasterKey::parse(&key).map_err(|unfit| anyhow!("SECRET_KEY {unfit}"))?;
        let locality = self
            .locality
            .as_deref()
            .context("LOCALITY is not set: name the locality file")?;
        let proxies = self
            .trusted_proxies
            .as_deref()
            .unwrap_or("")
            .split(',')
            .map(str::trim);
        let smtp = secret("SMTP_URL", &self.smtp_url, &self.smtp_url_file)?;
        let mail = match smtp {
            Some(url) => Mail::Smtp(Smtp::parse(&url).map_err(|unfit| anyhow!("SMTP_URL {unfit}"))?),
            None => Mail::Captured(PathBuf::from("mail")),
        };
        let locality = Locality::load(locality)?;
        let second_channel = self.second_channel(&locality)?;
        Ok(Config {
            database,
            secret_key,
            base_url: self
                .base_url
                .as_deref()
                .unwrap_or("")
                .trim_end_matches('/')
                .to_owned(),
            bind: self
                .bind
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            metrics_bind: self.metrics_bind,
            mail,
            mail_from: self.mail_from.clone().unwrap_or_default(),
            trusted_proxies: proxies
                .filter(|network| !network.is_empty())
                .map(str::to_owned)
                .collect(),
            second_channel,
            locality,
            demo: false,
        })
    }

    /// The second channel that the locality file names; none while its secret is missing, which `serve` refuses.
    fn second_channel(&self, locality: &Locality) -> anyhow::Result<SecondChannel> {
        let secret = secret(
            "ESCALATION_SECRET",
            &self.escalation_secret,
            &self.escalation_secret_file,
        )?;
        let secret = secret.filter(|secret| !secret.trim().is_empty());
        Ok(match (&locality.escalation.webhook, secret) {
            (Some(place), Some(secret)) => SecondChannel::Webhook {
                place: place.clone(),
                secret: EscalationSecret::parse(&secret)
                    .map_err(|unfit| anyhow!("ESCALATION_SECRET {unfit}"))?,
            },
            (None, _) | (_, None) => SecondChannel::None,
        })
    }
}

fn required(name: &str, value: Option<String>) -> anyhow::Result<String> {
    value
        .filter(|value| !value.trim().is_empty())
        .ok_or_else(|| anyhow!("{name} is not set"))
}

/// A secret from its variable or from the file that `NAME_FILE` names; both at once is a mistake.
fn secret(name: &str, value: &Option<String>, file: &Option<PathBuf>) -> anyhow::Result<Option<String>> {
    match (value, file) {
        (Some(_), Some(_)) => bail!("{name} and {name}_FILE are both set; keep one"),
        (Some(value), None) => Ok(Some(value.clone())),
        (None, Some(file)) => read_secret(name, file).map(Some),
        (None, None) => Ok(None),
    }
}

fn read_secret(name: &str, file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{name}_FILE names {}, which cannot be read", file.display()))?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Settings {
        Settings {
            database_url: Some("sqlite:x.sqlite".to_owned()),
            base_url: Some("https://talking.example.org/".to_owned()),
            secret_key: Some(MasterKey::draw().expect("randomness").to_base64()),
            smtp_url: Some("smtp://localhost".to_owned()),
            mail_from: Some("no-reply@talking.example.org".to_owned()),
            locality: Some(concat!(env!("CARGO_MANIFEST_DIR"), "/locality.toml").into()),
            ..Settings::default()
        }
    }

    fn told(settings: &Settings) -> String {
        settings
            .for_serving()
            .map(|_| String::new())
            .unwrap_or_else(|refused| format!("{refused:#}"))
    }

    #[test]
    fn sound_settings_are_taken() {
        let config = sound().for_serving().expect("sound");
        assert_eq!(config.base_url, "https://talking.example.org");
        assert_eq!(config.host(), "talking.example.org");
    }

    #[test]
    fn a_missing_or_unsafe_setting_is_named() {
        assert!(
            told(&Settings {
                base_url: None,
                ..sound()
            })
            .contains("BASE_URL is not set")
        );
        let http = Settings {
            base_url: Some("http://talking.example.org".to_owned()),
            ..sound()
        };
        assert!(told(&http).contains("BASE_URL must begin with https://"));
        let weak = Settings {
            secret_key: Some("AAAA".to_owned()),
            ..sound()
        };
        assert!(told(&weak).contains("SECRET_KEY must be"));
        assert!(!told(&weak).contains("AAAA"));
        assert!(
            told(&Settings {
                smtp_url: None,
                ..sound()
            })
            .contains("SMTP_URL is not set")
        );
        let both = Settings {
            secret_key_file: Some("key".into()),
            ..sound()
        };
        assert!(told(&both).contains("keep one"));
    }

    #[test]
    fn a_second_channel_without_its_secret_stops_the_start() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("locality.toml");
        let text = super::super::EXAMPLE
            .replace("# [escalation.webhook]", "[escalation.webhook]")
            .replace("# url =", "url =");
        std::fs::write(&file, text).expect("written");
        let with = |secret: Option<&str>| Settings {
            locality: Some(file.clone()),
            escalation_secret: secret.map(str::to_owned),
            ..sound()
        };
        for missing in [None, Some(" ")] {
            assert!(told(&with(missing)).contains("ESCALATION_SECRET is not set"));
        }
        assert!(with(None).for_commands().is_ok(), "other commands need it not");
        assert!(told(&with(Some("short"))).contains("ESCALATION_SECRET must be"));
        let secret = "0123456789abcdef0123456789abcdef";
        let config = with(Some(secret)).for_serving().expect("sound");
        assert!(config.second_channel.is_there());
        assert!(!format!("{config:?}").contains(secret));
        let secret_file = folder.path().join("secret");
        std::fs::write(&secret_file, format!("{secret}\n")).expect("written");
        let from_file = Settings {
            escalation_secret_file: Some(secret_file),
            ..with(None)
        };
        assert_eq!(told(&from_file), "");
    }

    #[test]
    fn secrets_are_not_in_what_is_printed() {
        let settings = sound();
        let config = settings.for_serving().expect("sound");
        let key = settings.secret_key.expect("a key");
        assert!(!format!("{config:?}").contains(&key));
    }
}
