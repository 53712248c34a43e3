//! What every room is handed, built once at start-up.

use crate::config::Config;
use crate::db::Db;
use crate::notify::{Mailer, Postman};
use crate::values::{Clock, Keyring};

/// The program's surroundings. Rules and templates are not in it: they are passed to the verbs that need them.
pub struct App {
    /// What differs between installations.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Where the time comes from.
    pub clock: Clock,
    /// Where mail goes.
    pub mailer: Mailer,
    /// The keys that open sealed values.
    pub keys: Keyring,
}

impl App {
    /// The worker that delivers the outbox.
    pub fn postman(&self) -> Postman<'_> {
        Postman {
            db: &self.db,
            keys: &self.keys,
            clock: &self.clock,
            mailer: &self.mailer,
            locality: &self.config.locality,
        }
    }
}
