//! The environment, typed. Each setting is also a flag, and a secret may come from a file (`NAME_FILE`).

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use ipnet::IpNet;

use super::bind::parse_bind;
use super::setting_faults::Reading;
use super::unreadable::why_unreadable;
use super::{DatabaseUrl, EscalationSecret, Locality, SecondChannel, SettingFaults, Smtp};
use crate::values::MasterKey;

/// The settings as the command line and the environment give them. Only `serve --help` lists them: they are hidden in the
/// help of every other command, each of which takes them too.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Server settings")]
pub struct Settings {
    /// Where the database is: sqlite:PATH or postgres://…
    #[arg(
        long,
        global = true,
        hide = true,
        env = "DATABASE_URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,
    /// A file that holds DATABASE_URL
    #[arg(long, global = true, hide = true, env = "DATABASE_URL_FILE")]
    pub database_url_file: Option<PathBuf>,
    /// The address patients see, https://…
    #[arg(long, global = true, hide = true, env = "BASE_URL")]
    pub base_url: Option<String>,
    /// Where to listen: an address and a port
    #[arg(
        long,
        global = true,
        hide = true,
        env = "BIND",
        default_value = "127.0.0.1:8080"
    )]
    pub bind: Option<String>,
    /// 32 random bytes in base64, under which the data keys are wrapped
    #[arg(long, global = true, hide = true, env = "SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// A file that holds SECRET_KEY
    #[arg(long, global = true, hide = true, env = "SECRET_KEY_FILE")]
    pub secret_key_file: Option<PathBuf>,
    /// The mail server: smtp://… or smtps://…, ?tls=required
    #[arg(long, global = true, hide = true, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// A file that holds SMTP_URL
    #[arg(long, global = true, hide = true, env = "SMTP_URL_FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// The sender of all mail; neutral, without a health word
    #[arg(long, global = true, hide = true, env = "MAIL_FROM")]
    pub mail_from: Option<String>,
    /// What calls of the second channel (escalation.webhook in the locality file) are signed with
    #[arg(
        long,
        global = true,
        hide = true,
        env = "ESCALATION_SECRET",
        hide_env_values = true
    )]
    pub escalation_secret: Option<String>,
    /// A file that holds ESCALATION_SECRET
    #[arg(long, global = true, hide = true, env = "ESCALATION_SECRET_FILE")]
    pub escalation_secret_file: Option<PathBuf>,
    /// The locality file
    #[arg(long, global = true, hide = true, env = "LOCALITY")]
    pub locality: Option<PathBuf>,
    /// Networks whose X-Forwarded-For counts, comma separated; empty: the peer's address counts
    #[arg(long, global = true, hide = true, env = "TRUSTED_PROXIES", default_value = "")]
    pub trusted_proxies: Option<String>,
    /// Where /metrics listens; never the public address
    #[arg(
        long,
        global = true,
        hide = true,
        env = "METRICS_BIND",
        default_value = "127.0.0.1:9090"
    )]
    pub metrics_bind: Option<String>,
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
    pub trusted_proxies: Vec<IpNet>,
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
    /// Checks all settings for `serve`, and names everything that is missing or wrong.
    pub fn for_serving(&self) -> Result<Config, SettingFaults> {
        let mut reading = Reading::default();
        let base_url = reading.take(self.public_address());
        let mail = reading.take(self.mail_server());
        let mail_from = reading.take(self.sender());
        reading.take(self.port_is_known());
        let locality = reading.take(self.local());
        let mut config = self.read(&mut reading, locality);
        let unsigned = |config: &Config| {
            config.locality.escalation.webhook.is_some() && !config.second_channel.is_there()
        };
        if config.as_ref().is_some_and(unsigned) {
            reading.take::<()>(Err(anyhow!(
                "ESCALATION_SECRET is not set: calls of escalation.webhook in the locality file are signed with it; \
                 `openssl rand -hex 32` draws one"
            )));
        }
        if let (Some(config), Some(base_url), Some(mail), Some(mail_from)) =
            (config.as_mut(), base_url, mail, mail_from)
        {
            (config.base_url, config.mail, config.mail_from) = (base_url, Mail::Smtp(mail), mail_from);
        }
        finished(config, reading)
    }

    /// Checks what commands need that open sealed values: database, key and locality.
    pub fn for_commands(&self) -> Result<Config, SettingFaults> {
        let mut reading = Reading::default();
        let locality = reading.take(self.local());
        let config = self.read(&mut reading, locality);
        finished(config, reading)
    }

    /// The same for what asks nothing of the locality: the example's where none is named.
    pub fn for_keys(&self) -> Result<Config, SettingFaults> {
        let mut reading = Reading::default();
        let locality = reading.take(self.locality_or_example());
        let config = self.read(&mut reading, locality);
        finished(config, reading)
    }

    /// The same for what seals and opens nothing: with a key that nobody uses.
    pub fn for_database(&self) -> anyhow::Result<Config> {
        let drawn = Settings {
            secret_key: Some(MasterKey::draw()?.to_base64()),
            secret_key_file: None,
            ..self.clone()
        };
        Ok(drawn.for_keys()?)
    }

    /// Reads what `serve` and the commands share; whatever is missing or wrong is noted in `reading`.
    fn read(&self, reading: &mut Reading, locality: Option<Locality>) -> Option<Config> {
        let database = reading.take(self.database());
        let secret_key = reading.take(self.master_key());
        let bind = reading.take(address("BIND", &self.bind, [127, 0, 0, 1], 8080));
        let metrics_bind = reading.take(address("METRICS_BIND", &self.metrics_bind, [127, 0, 0, 1], 9090));
        let trusted_proxies = reading.take(self.proxies());
        let mail = reading.take(self.optional_mail_server());
        let second_channel = locality
            .as_ref()
            .and_then(|locality| reading.take(self.second_channel(locality)));
        Some(Config {
            database: database?,
            secret_key: secret_key?,
            base_url: self
                .base_url
                .as_deref()
                .unwrap_or("")
                .trim_end_matches('/')
                .to_owned(),
            bind: bind?,
            metrics_bind: Some(metrics_bind?),
            mail: mail?.map_or_else(|| Mail::Captured(PathBuf::from("mail")), Mail::Smtp),
            mail_from: self.mail_from.clone().unwrap_or_default(),
            second_channel: second_channel?,
            trusted_proxies: trusted_proxies?,
            locality: locality?,
            demo: false,
        })
    }

    /// Where the database is.
    pub fn database(&self) -> anyhow::Result<DatabaseUrl> {
        let given = secret("DATABASE_URL", &self.database_url, &self.database_url_file)?;
        let given = required(
            "DATABASE_URL",
            given,
            "where the database is, such as sqlite:/var/lib/iapt-pad/iapt-pad.sqlite",
        )?;
        DatabaseUrl::parse(&given).map_err(|unfit| anyhow!("DATABASE_URL {unfit}"))
    }

    /// The key that the data keys are wrapped under.
    pub fn master_key(&self) -> anyhow::Result<MasterKey> {
        let given = secret("SECRET_KEY", &self.secret_key, &self.secret_key_file)?;
        let given = required(
            "SECRET_KEY",
            given,
            "32 random bytes in base64; `openssl rand -base64 32` draws them",
        )?;
        MasterKey::parse(&given).map_err(|unfit| anyhow!("SECRET_KEY {unfit}"))
    }

    /// The locality file that is named.
    pub fn local(&self) -> anyhow::Result<Locality> {
        let file = self.locality.as_deref().context(
            "LOCALITY is not set: the locality file; `iapt-pad config example > locality.toml` writes one to fill in",
        )?;
        Locality::load(file).context("LOCALITY")
    }

    /// The locality alone, for commands that need no database; the example's where none is named.
    pub fn locality_or_example(&self) -> anyhow::Result<Locality> {
        match self.locality.as_deref() {
            Some(_) => self.local(),
            None => Locality::example(),
        }
    }

    fn public_address(&self) -> anyhow::Result<String> {
        let what = "the address patients see, such as https://talking.example.org";
        let base_url = required("BASE_URL", self.base_url.clone(), what)?;
        let base_url = base_url.trim_end_matches('/').to_owned();
        let host = base_url.strip_prefix("https://").ok_or_else(|| {
            anyhow!("BASE_URL must begin with https://: patients' answers may not travel in clear")
        })?;
        if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
            bail!("BASE_URL must be https:// and a host, nothing more");
        }
        Ok(base_url)
    }

    fn mail_server(&self) -> anyhow::Result<Smtp> {
        self.optional_mail_server()?
            .context("SMTP_URL is not set: the mail server, such as smtp://mail.example.org:587?tls=required")
    }

    fn optional_mail_server(&self) -> anyhow::Result<Option<Smtp>> {
        let given = secret("SMTP_URL", &self.smtp_url, &self.smtp_url_file)?;
        let given = given.filter(|given| !given.trim().is_empty());
        let parse = |given: String| Smtp::parse(&given).map_err(|unfit| anyhow!("SMTP_URL {unfit}"));
        given.map(parse).transpose()
    }

    fn sender(&self) -> anyhow::Result<String> {
        let what = "the sender of all mail, such as no-reply@talking.example.org";
        let sender = required("MAIL_FROM", self.mail_from.clone(), what)?;
        anyhow::ensure!(sender.contains('@'), "MAIL_FROM must be an e-mail address");
        Ok(sender)
    }

    /// A proxy has to know where the server listens, so that the system may not choose the port.
    fn port_is_known(&self) -> anyhow::Result<()> {
        let given = self.bind.as_deref().and_then(|given| parse_bind(given).ok());
        anyhow::ensure!(
            given.is_none_or(|bind| bind.port() != 0),
            "BIND must name a port other than 0: the proxy in front has to know it"
        );
        Ok(())
    }

    fn proxies(&self) -> anyhow::Result<Vec<IpNet>> {
        let given = self
            .trusted_proxies
            .as_deref()
            .unwrap_or("")
            .split(',')
            .map(str::trim);
        let given = given.filter(|network| !network.is_empty());
        let sound = |range: &str| {
            network(range).ok_or_else(|| {
                anyhow!(
                    "TRUSTED_PROXIES: {range:?} is no network: type an address or a range, such as 10.0.0.0/8"
                )
            })
        };
        given.map(sound).collect()
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

/// The configuration, unless something about it is missing or wrong: then that was noted.
fn finished(config: Option<Config>, reading: Reading) -> Result<Config, SettingFaults> {
    match reading.faults() {
        None => config.ok_or(SettingFaults(Vec::new())),
        Some(faults) => Err(faults),
    }
}

fn address(name: &str, given: &Option<String>, ip: [u8; 4], port: u16) -> anyhow::Result<SocketAddr> {
    match given {
        Some(given) => parse_bind(given).map_err(|unfit| anyhow!("{name} {unfit}")),
        None => Ok(SocketAddr::from((ip, port))),
    }
}

/// An address, or a range of addresses such as `10.0.0.0/8`.
fn network(text: &str) -> Option<IpNet> {
    match text.parse::<IpAddr>() {
        Ok(one) => Some(one.into()),
        Err(_) => text.parse().ok(),
    }
}

fn required(name: &str, value: Option<String>, what: &str) -> anyhow::Result<String> {
    value
        .filter(|value| !value.trim().is_empty())
        .ok_or_else(|| anyhow!("{name} is not set: {what}"))
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
        .map_err(|refused| anyhow!("{name}_FILE: {}", why_unreadable(file, &refused)))?;
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

    #[test]
    fn ranges_are_read_and_wrong_ones_refused() {
        let inside = |range: &str, address: &str| {
            let address: IpAddr = address.parse().expect("an address");
            network(range).expect("a range").contains(&address)
        };
        assert!(inside("192.168.1.0/24", "192.168.1.77") && !inside("192.168.1.0/24", "192.168.2.1"));
        assert!(inside("::1", "::1") && inside("fd00::/8", "fd12::5") && !inside("fd00::/8", "fe80::5"));
        assert!(inside("0.0.0.0/0", "8.8.8.8") && !inside("0.0.0.0/0", "::1"));
        for wrong in ["", "10.0.0.0/33", "host", "10.0.0.0/x", "10.0.0/8"] {
            assert!(network(wrong).is_none(), "{wrong} was accepted");
        }
    }
}
