//! Brings the schema up to date. Migrations change shape; corrections of data are commands.

use anyhow::anyhow;
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, Db, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// Any number, as long as nothing else in the database uses it as an advisory lock.
const LOCK: i64 = 0x1a97_9ad0;

impl Db {
    /// Runs what has not run yet and names it. Two instances starting at once wait for each other.
    pub async fn migrate(&self) -> Result<Vec<String>> {
        self.write(|conn| {
            let ran = match conn {
                Conn::Sqlite(c) => c.run_pending_migrations(SQLITE),
                Conn::Pg(c) => {
                    diesel::sql_query(format!("SELECT pg_advisory_xact_lock({LOCK})")).execute(*c)?;
                    c.run_pending_migrations(POSTGRES)
                }
            };
            let ran = ran.map_err(|refused| anyhow!("a migration failed: {refused}"))?;
            Ok(ran.iter().map(ToString::to_string).collect())
        })
        .await
    }

    /// Whether the schema is older than the program; `serve` refuses to start then.
    pub async fn needs_migration(&self) -> Result<bool> {
        self.write(|conn| {
            let pending = match conn {
                Conn::Sqlite(c) => c.has_pending_migration(SQLITE),
                Conn::Pg(c) => c.has_pending_migration(POSTGRES),
            };
            Ok(pending.map_err(|refused| anyhow!("the list of migrations cannot be read: {refused}"))?)
        })
        .await
    }

    /// Whether the database answers; what `/health/ready` and `doctor` ask.
    pub async fn answers(&self) -> Result<()> {
        self.read(|conn| Ok(crate::dispatch!(conn, c => c.batch_execute("SELECT 1"))?))
            .await
    }
}
