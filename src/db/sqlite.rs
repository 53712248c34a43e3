//! SQLite: one writer thread and a pool of readers. The writer drains what queued while the last fsync ran,
//! runs each job in its own savepoint, commits once, and only then answers (group commit). One job's error or
//! panic undoes that job alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use diesel::connection::{AnsiTransactionManager, Connection, SimpleConnection, TransactionManager};
use diesel::result::ConnectionError;
use diesel::sqlite::SqliteConnection;
use tokio::sync::{Semaphore, oneshot};

use super::waiting::{Refused, Waiting};
use super::{Conn, Error, Haste, Result};

/// As many jobs as share one fsync at most.
const GROUP: usize = 256;
/// As many jobs as may wait; one more is answered with [`Error::Busy`].
const QUEUE: usize = 1024;
/// Places kept besides for urgent jobs.
const RESERVED: usize = 256;
/// Readers at once.
const READERS: u32 = 8;
/// Readers besides, for urgent work that finds none of those free.
const RESERVED_READERS: u32 = 1;
/// As many as read or wait for a reader; one more is answered with [`Error::Busy`] at once. Each waits on a thread of
/// tokio's, of which there are 512: those that are left are for urgent work.
const PLACES: usize = 400;
/// Pages that a reader keeps, in KiB. Each write empties them, and whoever reads also writes that they did, so that more
/// would only take memory: the operating system keeps the file.
const READER_CACHE_KIB: u32 = 512;

type Transactions = AnsiTransactionManager;
/// Answers the caller: `None` when the group was committed, else why it was not.
type Answer = Box<dyn FnOnce(Option<Error>) + Send>;
type Job = Box<dyn FnOnce(&mut SqliteConnection) -> Answer + Send>;

#[derive(Clone)]
pub(super) struct Sqlite {
    writer: Arc<Writer>,
    readers: r2d2::Pool<Readers>,
    reserved: r2d2::Pool<Readers>,
    places: Arc<Semaphore>,
}

/// The line before the writer thread, which ends when nobody can add to it any more.
struct Writer(Arc<Waiting<Job>>);

impl Drop for Writer {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let mut connection = connect(path)?;
        connection
            .batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
            .with_context(|| format!("{} is not a database this program can open", path.display()))?;
        let jobs = Arc::new(Waiting::new(QUEUE, RESERVED));
        let writer = Arc::new(Writer(jobs.clone()));
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_groups(connection, &jobs))
            .context("the writer thread did not start")?;
        let readers = |most, idle| {
            r2d2::Pool::builder()
                .max_size(most)
                .min_idle(Some(idle))
                .error_handler(Box::new(r2d2::NopErrorHandler))
                .build(Readers {
                    path: path.to_owned(),
                })
                .context("no reader could open the database")
        };
        Ok(Self {
            writer,
            readers: readers(READERS, 1)?,
            reserved: readers(RESERVED_READERS, 0)?,
            places: Arc::new(Semaphore::new(PLACES)),
        })
    }

    pub(super) async fn write<T, F>(&self, work: F, haste: Haste) -> Result<T>
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
        self.writer.0.push(job, haste).map_err(|refused| match refused {
            Refused::Full => Error::Busy,
            Refused::Closed => Error::Other(anyhow!("the writer thread has ended")),
        })?;
        answered
            .await
            .unwrap_or_else(|_| Err(Error::Other(anyhow!("the writer thread has ended"))))
    }

    pub(super) async fn read<T, F>(&self, work: F, haste: Haste) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        let place = match haste {
            Haste::Ordinary => Some(self.places.clone().try_acquire_owned().map_err(|_| Error::Busy)?),
            Haste::Urgent => None,
        };
        let (readers, reserved) = (self.readers.clone(), self.reserved.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let _place = place;
            let connection = match haste {
                Haste::Ordinary => readers.get(),
                Haste::Urgent => readers.try_get().map_or_else(|| reserved.get(), Ok),
            };
            work(&mut Conn::Sqlite(&mut *connection.map_err(|_| Error::Busy)?))
        });
        reading
            .await
            .map_err(|_| Error::Other(anyhow!("a read ended in a panic")))?
    }
}

/// Why this is no database that can be opened, with what to do. SQLite itself says "unable to open database file" of all.
fn why_not_opened(path: &Path, refused: &ConnectionError) -> String {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let (is_folder, path, folder_named) = (path.is_dir(), path.display(), folder.display());
    if is_folder {
        format!(
            "{path} is a folder: the address of the database names a file, such as sqlite:{path}/iapt-pad.sqlite"
        )
    } else if folder.is_file() {
        format!("the database cannot be {path}: {folder_named} is a file, not a folder")
    } else if !folder.exists() {
        format!(
            "the folder of the database, {folder_named}, does not exist: make it with `mkdir -p {folder_named}`"
        )
    } else {
        format!(
            "{path} cannot be opened as a database; this user must be able to write to it and to {folder_named}: {refused}"
        )
    }
}

fn connect(path: &Path) -> anyhow::Result<SqliteConnection> {
    let name = path
        .to_str()
        .context("the path of the database is not valid text")?;
    let mut connection =
        SqliteConnection::establish(name).map_err(|refused| anyhow!(why_not_opened(path, &refused)))?;
    connection.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

fn write_groups(mut connection: SqliteConnection, jobs: &Waiting<Job>) {
    while let Some(first) = jobs.next() {
        // BEGIN IMMEDIATE takes the lock before the first job, so that a command beside the server waits for
        // its turn and never makes a job fail half-way.
        if let Err(refused) = Transactions::begin_transaction_sql(&mut connection, "BEGIN IMMEDIATE") {
            tracing::error!(error = %refused, "a write could not begin");
            first(&mut connection)(Some(Error::Busy));
            continue;
        }
        let mut answers = vec![first(&mut connection)];
        let more = std::iter::from_fn(|| jobs.try_next()).take(GROUP - 1);
        answers.extend(more.map(|job| job(&mut connection)));
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
