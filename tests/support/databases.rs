//! Every story runs on SQLite and on a real PostgreSQL, which the tests start themselves. The migrations run once for
//! each of the two; every story gets a copy of what they made.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use iapt_pad::config::DatabaseUrl;
use iapt_pad::db::Db;
use tokio::sync::OnceCell;

/// A migrated, empty database.
pub struct Fresh {
    pub db: Db,
    /// Where it is, for a second process beside the test.
    pub url: DatabaseUrl,
}

/// Runs a story on both databases. Without PostgreSQL on a laptop it says loudly that half was skipped; on the
/// build machine (`CI=true`) that is a failure.
pub fn on_both<F, Fut>(story: F)
where
    F: Fn(Fresh) -> Fut,
    Fut: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads");
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = runtime.block_on(sqlite(folder.path()));
    runtime.block_on(story(fresh));
    if let Some(fresh) = runtime.block_on(postgres()) {
        runtime.block_on(story(fresh));
    }
}

/// A database in `folder`, which the caller keeps for as long as the database is used.
pub async fn sqlite(folder: &std::path::Path) -> Fresh {
    static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let migrated = MIGRATED.get_or_init(async || {
        let folder = tempfile::tempdir().expect("a folder");
        let made = migrated(DatabaseUrl::Sqlite(folder.path().join("made.sqlite"))).await;
        let copy = folder.path().join("copy.sqlite");
        made.db.back_up(&copy).await.expect("a copy");
        std::fs::read(copy).expect("a file")
    });
    let file = folder.join("iapt-pad.sqlite");
    std::fs::write(&file, migrated.await).expect("room");
    open(DatabaseUrl::Sqlite(file)).await
}

/// A database of its own on the shared cluster; `None` when PostgreSQL is not installed.
pub async fn postgres() -> Option<Fresh> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    static MIGRATED: OnceCell<()> = OnceCell::const_new();
    let cluster = cluster()?;
    let address = |name: &str| DatabaseUrl::Postgres(cluster.address(name));
    let migrated = MIGRATED.get_or_init(async || {
        on(cluster, "CREATE DATABASE migrated".to_owned()).await;
        drop(migrated(address("migrated")).await);
        // While anybody is connected to it, it cannot be copied.
        let closed = "ALTER DATABASE migrated ALLOW_CONNECTIONS false";
        on(cluster, closed.to_owned()).await;
    });
    migrated.await;
    let name = format!("t{}", NUMBER.fetch_add(1, Ordering::SeqCst));
    on(cluster, format!("CREATE DATABASE {name} TEMPLATE migrated")).await;
    Some(open(address(&name)).await)
}

/// Has the cluster itself do something.
async fn on(cluster: &Cluster, statement: String) {
    let address = cluster.address("postgres");
    let done = tokio::task::spawn_blocking(move || {
        let mut admin = iapt_pad::db::PgConn::establish(&address).expect("the cluster answers");
        admin.batch_execute(&statement).expect("done");
    });
    done.await.expect("done");
}

async fn open(url: DatabaseUrl) -> Fresh {
    let db = Db::open(&url).await.expect("a database");
    Fresh { db, url }
}

async fn migrated(url: DatabaseUrl) -> Fresh {
    let fresh = open(url).await;
    fresh.db.migrate().await.expect("a schema");
    fresh
}

/// One PostgreSQL for the whole test run.
pub struct Cluster {
    pub port: u16,
    pub folder: String,
    keeper: Child,
}

impl Cluster {
    /// Another one beside it, to be killed.
    pub fn of_its_own() -> Option<Cluster> {
        let started = start();
        if started.is_none() {
            missing("PostgreSQL", "postgresql");
        }
        started
    }

    /// Ends it in the middle of whatever it does, as a power cut does.
    pub fn kill(mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().expect("ended");
    }

    pub fn address(&self, database: &str) -> String {
        format!(
            "postgres://pad@127.0.0.1:{}/{database}?sslmode=disable",
            self.port
        )
    }
}

/// A database on a cluster that nobody shares.
pub async fn alone_on(cluster: &Cluster) -> Fresh {
    migrated(DatabaseUrl::Postgres(cluster.address("postgres"))).await
}

/// Fails on the build machine, and says loudly on a laptop, that something needed is not installed.
pub fn missing(what: &str, package: &str) {
    let told = format!("{what} is not installed (Debian package {package})");
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{told}; CI requires it"
    );
    eprintln!("\n*** SKIPPED: {told}. This part was NOT tested. ***\n");
}

pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER
        .get_or_init(|| {
            let started = start();
            if started.is_none() {
                missing("PostgreSQL", "postgresql");
            }
            started
        })
        .as_ref()
}

/// The shell beside the server waits for the end of its input, which comes when this process ends however it
/// ends; then it stops the server and removes its files. initdb refuses to run as root, so root lends the
/// cluster to `postgres`.
const KEEPER: &str = r#"
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
dir=$(mktemp -d /tmp/iapt-pad-pg.XXXXXX)
as=""
if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; as="runuser -u postgres --"; fi
cd "$dir"
$as "$bin/initdb" -D "$dir/data" -U pad -A trust -E UTF8 --no-sync >/dev/null
if command -v openssl >/dev/null; then
  $as openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -addext basicConstraints=critical,CA:FALSE -keyout "$dir/data/server.key" -out "$dir/data/server.crt" 2>/dev/null
  $as chmod 600 "$dir/data/server.key"; ssl=on; chmod 711 "$dir"; cp "$dir/data/server.crt" "$dir/ca.crt"; chmod 644 "$dir/ca.crt"
else ssl=off; fi
$as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
  -o "-p $1 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c fsync=off -c max_connections=300 -c ssl=$ssl" start >/dev/null
echo "$dir"
read -r _ || true
$as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
rm -rf "$dir"
"#;

fn start() -> Option<Cluster> {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .ok()?
        .local_addr()
        .ok()?
        .port();
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER, "keeper", &port.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut folder = String::new();
    BufReader::new(keeper.stdout.as_mut()?)
        .read_line(&mut folder)
        .ok()?;
    if folder.is_empty() {
        return None;
    }
    keeper.stdin.as_mut()?.flush().ok()?;
    Some(Cluster {
        port,
        folder: folder.trim().to_owned(),
        keeper,
    })
}
