//! The program's surroundings for a test: a database, a clock that stands, and a place for mail.

use iapt_pad::app::App;
use iapt_pad::config::{Config, DatabaseUrl, Locality, Mail, SecondChannel};
use iapt_pad::db::Db;
use iapt_pad::notify::Mailer;
use iapt_pad::values::{Clock, MasterKey, Ts};

/// A moment, from its ISO form.
pub fn at(text: &str) -> Ts {
    Ts(text.parse().expect("a timestamp"))
}

/// A Monday morning in working hours.
pub fn monday_morning() -> Clock {
    Clock::fixed(at("2026-11-23T09:30:00Z"))
}

/// An [`App`] over a migrated database, with the example locality and keys drawn now.
pub async fn test_app(db: Db, clock: Clock, mail: Mail) -> App {
    test_app_with(db, clock, mail, MasterKey::draw().expect("randomness")).await
}

/// The same, for two processes that share a database and its key.
pub async fn test_app_with(db: Db, clock: Clock, mail: Mail, secret_key: MasterKey) -> App {
    let keys = db.keyring(&secret_key, clock.now()).await.expect("keys");
    let config = Config {
        database: DatabaseUrl::Sqlite("unused by a test".into()),
        secret_key,
        base_url: "https://talking.example.org".to_owned(),
        bind: ([127, 0, 0, 1], 0).into(),
        metrics_bind: None,
        mail,
        mail_from: "no-reply@talking.example.org".to_owned(),
        second_channel: SecondChannel::None,
        trusted_proxies: Vec::new(),
        locality: Locality::example().expect("a locality"),
        demo: false,
    };
    let mailer = Mailer::from_config(&config).expect("a way out for mail");
    App {
        config,
        db,
        clock,
        mailer,
        keys,
    }
}
