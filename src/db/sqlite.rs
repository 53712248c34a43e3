//! SQLite: one writer thread and a pool of readers. The writer drains what queued while the last fsync ran,
//! runs each job in its own savepoint, commits once, and only then answers (group commit). One job's error or
//! panic undoes that job alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use anyhow::{Context, anyhow};
use diesel::connection::{AnsiTransactionManager, Connection, SimpleConnection, TransactionManager};
use diesel::sqlite::SqliteConnection;
use tokio::sync::oneshot;

use super::{Conn, Error, Result};

/// As many jobs as share one fsync at most.
const GROUP: usize = 256;
/// As many jobs as may wait; one more is answered with [`Error::Busy`].
const QUEUE: usize = 1024;
/// Readers at once.
const READERS: u32 = 8;
/// Pages that a reader keeps, in KiB. Each write empties them, and whoever reads also writes that they did, so that more
/// would only take memory: the operating system keeps the file.
const READER_CACHE_KIB: u32 = 512;

type Transactions = AnsiTransactionManager;
/// Answers the caller: `None` when the group was committed, else why it was not.
type Answer = Box<dyn FnOnce(Option<Error>) + Send>;
type Job = Box<dyn FnOnce(&mut SqliteConnection) -> Answer + Send>;

#[derive(Clone)]
pub(super) struct Sqlite {
    writer: SyncSender<Job>,
    readers: r2d2::Pool<Readers>,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let mut connection = connect(path)?;
        connection
            .batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
            .with_context(|| format!("{} is not a database this program can open", path.display()))?;
        let (writer, jobs) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_groups(connection, jobs))
            .context("the writer thread did not start")?;
        let readers = r2d2::Pool::builder()
            .max_size(READERS)
            .min_idle(Some(1))
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build(Readers {
                path: path.to_owned(),
            })
            .context("no reader could open the database")?;
        Ok(Self { writer, readers })
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let outcome = in_savepoint(connection, &work);
            Box::new(move |failed: Option<Error>| {
                // The caller may have gone away; the work stands all the same.
                let _gone = answer.send(failed.map_or(outcome, Err));
            })
        });
        self.writer.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => Error::Busy,
            TrySendError::Disconnected(_) => Error::Other(anyhow!("the writer thread has ended")),
        })?;
        answered
            .await
            .unwrap_or_else(|_| Err(Error::Other(anyhow!("the writer thread has ended"))))
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        let readers = self.readers.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let mut connection = readers.get().map_err(|_| Error::Busy)?;
            work(&mut Conn::Sqlite(&mut connection))
        });
        reading
            .await
            .map_err(|_| Error::Other(anyhow!("a read ended in a panic")))?
    }
}

fn connect(path: &Path) -> anyhow::Result<SqliteConnection> {
    let name = path
        .to_str()
        .context("the path of the database is not valid text")?;
    let mut connection = SqliteConnection::establish(name)
        .with_context(|| format!("{} cannot be opened as a database", path.display()))?;
    connection.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

fn write_groups(mut connection: SqliteConnection, jobs: Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        // BEGIN IMMEDIATE takes the lock before the first job, so that a command beside the server waits for
        // its turn and never makes a job fail half-way.
        if let Err(refused) = Transactions::begin_transaction_sql(&mut connection, "BEGIN IMMEDIATE") {
            tracing::error!(error = %refused, "a write could not begin");
            first(&mut connection)(Some(Error::Busy));
            continue;
        }
        let mut answers = vec![first(&mut connection)];
        answers.extend(jobs.try_iter().take(GROUP - 1).map(|job| job(&mut connection)));
        let committed = Transactions::commit_transaction(&mut connection);
        if let Err(refused) = &committed {
            tracing::error!(error = %refused, "a group of writes could not be committed");
            recover(&mut connection);
        }
        for answer in answers {
            answer(
                committed
                    .as_ref()
                    .err()
                    .map(|refused| Error::Other(anyhow!("not committed: {refused}"))),
            );
        }
    }
}

fn in_savepoint<T>(
    connection: &mut SqliteConnection,
    work: &dyn Fn(&mut Conn<'_>) -> Result<T>,
) -> Result<T> {
    if depth(connection) != Some(1) {
        return Err(Error::Busy);
    }
    Transactions::begin_transaction(connection)?;
    // The panic is caught inside the savepoint, or it would spoil the other jobs of the group.
    let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut Conn::Sqlite(connection))))
        .unwrap_or_else(|_| Err(Error::Other(anyhow!("a write ended in a panic and was undone"))));
    while depth(connection).is_some_and(|depth| depth > 2) {
        Transactions::rollback_transaction(connection)?;
    }
    match outcome {
        Ok(value) => Transactions::commit_transaction(connection)
            .map(|()| value)
            .map_err(Error::from),
        Err(refused) => {
            Transactions::rollback_transaction(connection)?;
            Err(refused)
        }
    }
}

fn depth(connection: &mut SqliteConnection) -> Option<u32> {
    let status = Transactions::transaction_manager_status_mut(connection);
    status.transaction_depth().ok().flatten().map(u32::from)
}

/// Leaves no transaction open behind a failed COMMIT.
fn recover(connection: &mut SqliteConnection) {
    while depth(connection).is_some() {
        if Transactions::rollback_transaction(connection).is_err() {
            break;
        }
    }
}

/// Opens readers: connections on which any change is refused.
struct Readers {
    path: PathBuf,
}

/// Why a reader could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoReader(String);

impl r2d2::ManageConnection for Readers {
    type Connection = SqliteConnection;
    type Error = NoReader;

    fn connect(&self) -> std::result::Result<SqliteConnection, NoReader> {
        let mut connection = connect(&self.path).map_err(|refused| NoReader(format!("{refused:#}")))?;
        connection
            .batch_execute(&format!(
                "PRAGMA query_only = ON; PRAGMA cache_size = -{READER_CACHE_KIB};"
            ))
            .map_err(|refused| NoReader(refused.to_string()))?;
        Ok(connection)
    }

    fn is_valid(&self, _: &mut SqliteConnection) -> std::result::Result<(), NoReader> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut SqliteConnection) -> bool {
        depth(connection).is_some()
    }
}
