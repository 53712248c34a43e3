//! One database with two verbs. Receives closures from the stores, runs them on SQLite or PostgreSQL, and hands
//! back what they return once it is durable. [`Db::write`] is a transaction; [`Db::read`] cannot change anything.
//! Knows no room: what a table means is for its room's `store.rs` to know.

mod backup;
mod keys;
mod migrate;
mod postgres;
pub mod schema;
mod sqlite;
pub mod types;
mod waiting;

use diesel::sqlite::SqliteConnection;

pub use keys::{Renewed, Rewrapped};
pub use postgres::PgConn;

use crate::config::DatabaseUrl;
use crate::values::KeyError;

/// One connection, whichever database it leads to. Use it through [`crate::dispatch!`].
pub enum Conn<'a> {
    /// SQLite, embedded.
    Sqlite(&'a mut SqliteConnection),
    /// PostgreSQL.
    Pg(&'a mut PgConn),
}

/// Type-checks one piece of diesel code once for each database and runs it on the one that is there:
/// `dispatch!(conn, c => query.load(c))`.
#[macro_export]
macro_rules! dispatch {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($c) => {
                let $c: &mut diesel::sqlite::SqliteConnection = $c;
                $body
            }
            $crate::db::Conn::Pg($c) => {
                let $c: &mut $crate::db::PgConn = $c;
                $body
            }
        }
    };
}

/// What can go wrong between a room and its database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too much is waiting already; the caller should answer 503 and say when to try again.
    #[error("the database has too much to do; try again in a moment")]
    Busy,
    /// Somebody changed the row between reading and writing it; [`Db::write`] runs the closure again.
    #[error("the row was changed at the same moment; try again")]
    Conflict,
    /// The database refused or failed.
    #[error("the database refused or failed: {0}")]
    Database(#[from] diesel::result::Error),
    /// A key refused to open what a row holds.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Anything else that stopped the closure.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

/// What the verbs and every store function return.
pub type Result<T> = std::result::Result<T, Error>;

/// How soon something has to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Haste {
    /// Whoever sent it can send it again.
    Ordinary,
    /// Somebody may be in danger: it is refused last.
    Urgent,
}

/// Whether what is read and written may cross a network in clear.
pub fn may_travel_in_clear(url: &DatabaseUrl) -> anyhow::Result<bool> {
    match url {
        DatabaseUrl::Sqlite(_) => Ok(false),
        DatabaseUrl::Postgres(address) => postgres::may_travel_in_clear(address),
    }
}

/// The database, cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Sqlite(sqlite::Sqlite),
    Pg(postgres::Postgres),
}

impl Db {
    /// Opens the database. SQLite files are created when missing; PostgreSQL databases must exist.
    pub async fn open(url: &DatabaseUrl) -> anyhow::Result<Self> {
        let url = url.clone();
        // Opening waits for the disk or the network, which async code must not.
        let opening = tokio::task::spawn_blocking(move || match url {
            DatabaseUrl::Sqlite(path) => sqlite::Sqlite::open(&path).map(Engine::Sqlite),
            DatabaseUrl::Postgres(address) => postgres::Postgres::open(&address).map(Engine::Pg),
        });
        Ok(Self {
            engine: opening.await??,
        })
    }

    /// Runs the closure in a transaction and resolves only once what it wrote is durable. It may run again
    /// after a deadlock or a serialisation failure, so it does nothing but SQL, and its ids and times are drawn
    /// before. An error rolls everything back.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        self.write_in(Haste::Ordinary, work).await
    }

    /// The same for what must be kept before all else, such as a risk answer: it has places and connections of its own,
    /// so that it is taken in while other work is answered with [`Error::Busy`].
    pub async fn write_urgent<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        self.write_in(Haste::Urgent, work).await
    }

    /// Either, for a caller that has to look first.
    pub async fn write_in<T, F>(&self, haste: Haste, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.write(work, haste).await,
            Engine::Pg(pg) => pg.write(work, haste).await,
        }
    }

    /// Runs the closure on a connection that only reads. SQLite refuses any change on it; PostgreSQL does not, but
    /// every story is told on both.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        self.read_in(Haste::Ordinary, work).await
    }

    /// The same with a reserved share for what somebody in danger waits for.
    pub async fn read_in<T, F>(&self, haste: Haste, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.read(work, haste).await,
            Engine::Pg(pg) => pg.read(work, haste).await,
        }
    }

    /// The name of the database, as `doctor` prints it.
    pub fn kind(&self) -> &'static str {
        match &self.engine {
            Engine::Sqlite(_) => "SQLite",
            Engine::Pg(_) => "PostgreSQL",
        }
    }
}

/// Lets an enum with `as_str()` and `parse(&str) -> Option<Self>` stand in a text column. Called in the
/// `store.rs` of the room the enum belongs to, so that the enum itself knows no database.
#[macro_export]
macro_rules! stored_as_text {
    ($rust:ty) => {
        impl diesel::expression::AsExpression<diesel::sql_types::Text> for $rust {
            type Expression =
                diesel::internal::derives::as_expression::Bound<diesel::sql_types::Text, &'static str>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self.as_str())
            }
        }
        impl diesel::expression::AsExpression<diesel::sql_types::Text> for &$rust {
            type Expression =
                diesel::internal::derives::as_expression::Bound<diesel::sql_types::Text, &'static str>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self.as_str())
            }
        }
        impl diesel::expression::AsExpression<diesel::sql_types::Nullable<diesel::sql_types::Text>>
            for $rust
        {
            type Expression = diesel::internal::derives::as_expression::Bound<
                diesel::sql_types::Nullable<diesel::sql_types::Text>,
                &'static str,
            >;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self.as_str())
            }
        }
        impl diesel::expression::AsExpression<diesel::sql_types::Nullable<diesel::sql_types::Text>>
            for &$rust
        {
            type Expression = diesel::internal::derives::as_expression::Bound<
                diesel::sql_types::Nullable<diesel::sql_types::Text>,
                &'static str,
            >;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self.as_str())
            }
        }
        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $rust
        where
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let word =
                    <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(value)?;
                <$rust>::parse(&word).ok_or_else(|| format!("{word:?} is not a {}", stringify!($rust)).into())
            }
        }
        impl<DB: diesel::backend::Backend> diesel::deserialize::Queryable<diesel::sql_types::Text, DB>
            for $rust
        where
            Self: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> diesel::deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

#[cfg(test)]
mod tests;
