//! A copy of the whole database while it is in use.

use std::path::Path;

use anyhow::anyhow;
use diesel::connection::SimpleConnection;

use super::{Conn, Db, Result};

impl Db {
    /// Writes a complete copy to `file`, which must not exist. Only SQLite: PostgreSQL has `pg_dump`, which does it
    /// better. The key that opens the copy is not in it.
    pub async fn back_up(&self, file: &Path) -> Result<()> {
        if file.exists() {
            return Err(anyhow!("{} exists already; a backup never overwrites", file.display()).into());
        }
        let unfinished = file.with_extension("part");
        // A quote in a path would end the SQL text; VACUUM takes no bound parameter here.
        let name = unfinished
            .to_str()
            .ok_or_else(|| anyhow!("the path is not valid text"))?
            .replace('\'', "''");
        self.read(move |conn| match conn {
            // query_only forbids changing this database; VACUUM INTO writes another.
            Conn::Sqlite(c) => Ok(c.batch_execute(&format!(
                "PRAGMA query_only = OFF; VACUUM INTO '{name}'; PRAGMA query_only = ON"
            ))?),
            Conn::Pg(_) => {
                Err(anyhow!("back up PostgreSQL with pg_dump; keep SECRET_KEY apart from the dump").into())
            }
        })
        .await?;
        std::fs::rename(&unfinished, file).map_err(|refused| anyhow!("{}: {refused}", file.display()))?;
        Ok(())
    }
}
