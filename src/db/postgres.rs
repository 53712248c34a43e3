//! PostgreSQL: a pool of connections in pure Rust, with TLS through rustls. A write that meets a deadlock or a
//! serialisation failure runs again.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, anyhow, bail};
use diesel::connection::Connection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Conn, Error, Haste, Result};

/// A connection to PostgreSQL that diesel's ordinary, blocking code can use.
pub type PgConn = AsyncConnectionWrapper<AsyncPgConnection, SharedRuntime>;

/// Connections at once, for all work.
const CONNECTIONS: u32 = 14;
/// Connections besides, for urgent work that finds none of those free.
const RESERVED: u32 = 2;
/// As many jobs as run or wait; one more is answered with [`Error::Busy`] at once. Each waits on a thread of tokio's,
/// of which there are 512: those that are left are for urgent work.
const PLACES: usize = 400;
/// What is said of an address that cannot be read.
const UNREADABLE: &str =
    "the address of the database must be like postgres://user:password@host/name?sslmode=require";
/// How often a write runs before a deadlock is reported.
const TRIES: u32 = 5;

/// Drives all connections on one runtime of its own. The runtime that diesel-async would make for each
/// connection panics when a pool is dropped in async code.
pub struct SharedRuntime;

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let built = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build();
        built.unwrap_or_else(|refused| {
            // Without threads nothing can be served at all: said plainly, at start-up.
            eprintln!("iapt-pad: the thread for PostgreSQL did not start: {refused}");
            std::process::exit(1)
        })
    })
}

impl BlockOn for SharedRuntime {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        runtime().handle().block_on(future)
    }

    fn get_runtime() -> Self {
        Self
    }
}

#[derive(Clone)]
pub(super) struct Postgres {
    pool: r2d2::Pool<Connections>,
    reserved: r2d2::Pool<Connections>,
    places: Arc<Semaphore>,
}

impl Postgres {
    pub(super) fn open(address: &str) -> anyhow::Result<Self> {
        let connections = Connections::new(address)?;
        // One connection now, so that a wrong address is told at start-up in the database's own words.
        let first = r2d2::ManageConnection::connect(&connections);
        drop(first.map_err(|refused| anyhow!(
            "PostgreSQL does not let this program in ({refused}). Is it running, and are host, user, password and name in the \
             address of the database right?"
        ))?);
        let pool = |most, idle, connections| {
            r2d2::Pool::builder()
                .max_size(most)
                .min_idle(Some(idle))
                .connection_timeout(std::time::Duration::from_secs(10))
                .error_handler(Box::new(r2d2::NopErrorHandler))
                .build_unchecked(connections)
        };
        Ok(Self {
            pool: pool(CONNECTIONS, 1, connections.clone()),
            reserved: pool(RESERVED, 0, connections),
            places: Arc::new(Semaphore::new(PLACES)),
        })
    }

    pub(super) async fn write<T, F>(&self, work: F, haste: Haste) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        self.on_connection(haste, move |connection| {
            let mut tries = 1;
            loop {
                let outcome = connection.transaction(|inside| work(&mut Conn::Pg(inside)));
                match outcome {
                    Err(ref refused) if worth_another_try(refused) && tries < TRIES => tries += 1,
                    outcome => return outcome,
                }
            }
        })
        .await
    }

    pub(super) async fn read<T, F>(&self, work: F, haste: Haste) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        self.on_connection(haste, move |connection| work(&mut Conn::Pg(connection)))
            .await
    }

    async fn on_connection<T, F>(&self, haste: Haste, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConn) -> Result<T> + Send + 'static,
    {
        let place = match haste {
            Haste::Ordinary => Some(self.places.clone().try_acquire_owned().map_err(|_| Error::Busy)?),
            Haste::Urgent => None,
        };
        let (pool, reserved) = (self.pool.clone(), self.reserved.clone());
        let working = tokio::task::spawn_blocking(move || {
            let _place = place;
            let connection = match haste {
                Haste::Ordinary => pool.get(),
                Haste::Urgent => pool.try_get().map_or_else(|| reserved.get(), Ok),
            };
            work(&mut *connection.map_err(|_| Error::Busy)?)
        });
        working
            .await
            .map_err(|_| Error::Other(anyhow!("a database job ended in a panic and was undone")))?
    }
}

fn worth_another_try(refused: &Error) -> bool {
    match refused {
        Error::Conflict
        | Error::Database(DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
        Error::Database(DieselError::DatabaseError(_, told)) => told.message().contains("deadlock detected"),
        Error::Database(_) | Error::Busy | Error::Key(_) | Error::Other(_) => false,
    }
}

/// Whether what is read and written may cross a network in clear: a server elsewhere, and no word that it must offer TLS.
pub(super) fn may_travel_in_clear(address: &str) -> anyhow::Result<bool> {
    let (address, _) = take_root_certificate(address)?;
    let config = tokio_postgres::Config::from_str(&address).context(UNREADABLE)?;
    let elsewhere = config.get_hosts().iter().any(|host| match host {
        Host::Tcp(name) => name != "localhost" && !name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        Host::Unix(_) => false,
    });
    Ok(elsewhere && config.get_ssl_mode() != SslMode::Require)
}

/// Opens connections, with or without TLS as the address says.
#[derive(Clone)]
struct Connections {
    config: tokio_postgres::Config,
    tls: MakeRustlsConnect,
}

impl Connections {
    fn new(address: &str) -> anyhow::Result<Self> {
        let (address, authority) = take_root_certificate(address)?;
        let config = tokio_postgres::Config::from_str(&address).context(UNREADABLE)?;
        let mut roots = rustls::RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.into(),
        };
        if let Some(file) = authority {
            let read =
                CertificateDer::pem_file_iter(&file).with_context(|| format!("{file} cannot be read"))?;
            for certificate in read {
                roots.add(certificate.with_context(|| format!("{file} holds no certificate"))?)?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            config,
            tls: MakeRustlsConnect::new(tls),
        })
    }
}

/// `sslrootcert=FILE` names the certificate of the service's own authority, as in PostgreSQL's own tools.
fn take_root_certificate(address: &str) -> anyhow::Result<(String, Option<String>)> {
    let Some((base, query)) = address.split_once('?') else {
        return Ok((address.to_owned(), None));
    };
    let (ours, theirs): (Vec<&str>, Vec<&str>) = query
        .split('&')
        .partition(|pair| pair.starts_with("sslrootcert="));
    let mut files = ours
        .iter()
        .filter_map(|pair| pair.split_once('='))
        .map(|(_, file)| file.to_owned());
    let file = files.next();
    if files.next().is_some() {
        bail!("DATABASE_URL names sslrootcert twice");
    }
    let address = if theirs.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", theirs.join("&"))
    };
    Ok((address, file))
}

/// Why no connection could be made; never holds the address.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoConnection(String);

impl r2d2::ManageConnection for Connections {
    type Connection = PgConn;
    type Error = NoConnection;

    fn connect(&self) -> std::result::Result<PgConn, NoConnection> {
        let connecting = async {
            let (client, connection) = self
                .config
                .connect(self.tls.clone())
                .await
                .map_err(|refused| NoConnection(explain(&refused)))?;
            AsyncPgConnection::try_from_client_and_connection(client, connection)
                .await
                .map_err(|refused| NoConnection(refused.to_string()))
        };
        runtime().handle().block_on(connecting).map(PgConn::from)
    }

    fn is_valid(&self, connection: &mut PgConn) -> std::result::Result<(), NoConnection> {
        diesel::connection::SimpleConnection::batch_execute(connection, "SELECT 1")
            .map_err(|refused| NoConnection(refused.to_string()))
    }

    fn has_broken(&self, connection: &mut PgConn) -> bool {
        // A connection whose transaction was left open by a panic is thrown away, which undoes it.
        use diesel::connection::TransactionManager;
        let status = <PgConn as Connection>::TransactionManager::transaction_manager_status_mut(connection);
        !matches!(status.transaction_depth(), Ok(None))
    }
}

/// tokio-postgres keeps the cause apart from its message; together they say what an engineer needs.
fn explain(refused: &tokio_postgres::Error) -> String {
    match std::error::Error::source(refused) {
        // The number that the system has for it helps nobody.
        Some(cause) => {
            let cause = cause.to_string();
            let cause = cause.split(" (os error").next().unwrap_or_default();
            format!("{refused}: {cause}")
        }
        None => refused.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_is_to_demand_tls() {
        for (address, in_clear) in [
            ("postgres://pad:p@db.example.org/pad", true),
            ("postgres://pad:p@db.example.org:5432/pad?sslmode=prefer", true),
            (
                "postgres://pad:p@db.example.org/pad?sslmode=require&sslrootcert=ca.pem",
                false,
            ),
            ("postgres://pad@localhost/pad", false),
            ("postgres://pad@127.0.0.1:5432/pad", false),
            ("postgres:///pad?host=db.example.org", true),
            ("postgres:///pad?host=/run/postgresql", false),
        ] {
            assert_eq!(
                may_travel_in_clear(address).expect("an address"),
                in_clear,
                "{address}"
            );
        }
    }
}
