//! How long the inbox takes, in one run over several databases, as ratios to the first. Make them with
//! `iapt-pad seed --referrals N`, each with its own key file, and name them:
//!
//! cargo bench --bench inbox -- sqlite:small.sqlite=small.key sqlite:million.sqlite=million.key
//!
//! Each line is the median (and the slowest of a hundred) of one look as the page takes it, without HTML and HTTP.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use iapt_pad::app::App;
use iapt_pad::config::{Config, DatabaseUrl, Locality, Mail, SecondChannel};
use iapt_pad::db::Db;
use iapt_pad::inbox;
use iapt_pad::notify::Mailer;
use iapt_pad::referrals::Queue;
use iapt_pad::staff::list_accounts;
use iapt_pad::values::{Clock, Id, MasterKey};

/// So often each look is taken; the first tenth warms up.
const TIMES: usize = 300;
/// Pages turned over before the deep page.
const DEEP: usize = 20;

/// What is looked at: a name, and the address.
const LOOKS: [(&str, &str); 19] = [
    ("first page, to triage", ""),
    ("queue of what is done with", "queue=done"),
    ("by contact-by", "sort=contact"),
    ("longest waiting", "sort=longest"),
    ("newest", "sort=newest"),
    ("service", "service=hwb"),
    ("pathway", "pathway=back_pain"),
    ("clinic", "clinic=LOAD-03"),
    ("source", "source=carer"),
    ("flag", "flag=RISK_ITEM9"),
    ("rare flag, done with", "flag=SPINE_RED_FLAG&queue=done"),
    ("waiting longer than 42 days", "waiting=42"),
    ("mine", "view=mine"),
    ("nobody's", "view=free"),
    ("overdue", "view=overdue"),
    ("of people who left", "view=left"),
    ("clinic and flag", "clinic=LOAD-03&flag=RISK_ITEM9"),
    ("clinic and rare flag, done", "clinic=LOAD-03&flag=BSL&queue=done"),
    (
        "four at once, done",
        "service=hwb&clinic=LOAD-03&flag=VETERAN&pathway=sciatica&queue=done",
    ),
];

const SEARCHES: [(&str, &str); 4] = [
    ("search: common surname", "example"),
    ("search: two common words", "aisha example"),
    ("search: name and birth", "example 29/2/1980"),
    ("search: NHS number", "999 002 3115"),
];

fn main() -> Result<()> {
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument.contains('='))
        .collect();
    if named.is_empty() {
        println!("inbox: no databases were named, so nothing was measured");
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let mut columns = Vec::new();
    for one in &named {
        let (database, key) = one.rsplit_once('=').context("DATABASE=KEYFILE")?;
        columns.push(runtime.block_on(measure(database, key))?);
    }
    let first = columns.first().cloned().unwrap_or_default();
    for (line, (name, _)) in first.iter().enumerate() {
        let told = columns.iter().map(|column| match column.get(line) {
            Some((_, times)) => {
                let of_first = times.median.as_secs_f64() / first[line].1.median.as_secs_f64().max(1e-9);
                format!(
                    "{:>9.3} ms (slowest {:>9.3}) {:>6.2} x",
                    millis(times.median),
                    millis(times.slowest),
                    of_first
                )
            }
            None => "-".to_owned(),
        });
        println!("{name:<32} {}", told.collect::<Vec<_>>().join("  "));
    }
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The median and, of a hundred, the slowest.
#[derive(Clone, Copy)]
struct Times {
    median: Duration,
    slowest: Duration,
}

type Column = Vec<(String, Times)>;

async fn measure(database: &str, key: &str) -> Result<Column> {
    let app = open(database, key).await?;
    let accounts = list_accounts(&app.db).await?;
    let me = accounts.iter().find(|account| account.username == "triage");
    let me = me.context("the database was not made by `seed`")?.id;
    let (inside, mut column) = (app.clone(), Column::new());
    let counting = app
        .db
        .read(move |conn| time("counts of the seven queues", || inbox::counts(conn).map(|_| ())));
    column.push(counting.await?);
    for (name, query) in LOOKS {
        column.push(look(&app, me, name, query.to_owned()).await?);
    }
    for queue in [Queue::New, Queue::Done] {
        let query = deep(&app, me, queue).await?;
        column.push(look(&app, me, &format!("page {DEEP} of {}", queue.as_str()), query).await?);
    }
    for (name, typed) in SEARCHES {
        let (inside, today) = (inside.clone(), app.clock.now().london_date());
        let searching = app.db.read(move |conn| {
            time(name, || {
                inbox::search(conn, &inside.keys, typed, today).map(|_| ())
            })
        });
        column.push(searching.await?);
    }
    Ok(column)
}

async fn look(app: &Arc<App>, me: Id, name: &str, query: String) -> Result<(String, Times)> {
    let (inside, name) = (app.clone(), name.to_owned());
    let looking = app
        .db
        .read(move |conn| time(&name, || inbox::look(conn, &inside, me, &[], &query).map(|_| ())));
    Ok(looking.await?)
}

/// The address of a page far into a queue.
async fn deep(app: &Arc<App>, me: Id, queue: Queue) -> Result<String> {
    let mut query = format!("queue={}", queue.as_str());
    for _ in 1..DEEP {
        let (inside, asked) = (app.clone(), query.clone());
        let look = app
            .db
            .read(move |conn| inbox::look(conn, &inside, me, &[], &asked))
            .await?;
        let here = look.sections.into_iter().find(|section| section.queue == queue);
        match here.and_then(|section| section.next) {
            Some(next) => query = next,
            None => break,
        }
    }
    Ok(query)
}

fn time<E>(name: &str, mut look: impl FnMut() -> Result<(), E>) -> Result<(String, Times), E> {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let start = Instant::now();
        look()?;
        times.push(start.elapsed());
    }
    let mut warm = times.split_off(TIMES / 10);
    warm.sort_unstable();
    let at = |part: usize| warm.get(warm.len() * part / 100).copied().unwrap_or_default();
    Ok((
        name.to_owned(),
        Times {
            median: at(50),
            slowest: at(99),
        },
    ))
}

async fn open(database: &str, key: &str) -> Result<Arc<App>> {
    let database = DatabaseUrl::parse(database)?;
    let secret_key =
        MasterKey::parse(&std::fs::read_to_string(key)?).map_err(|unfit| anyhow::anyhow!("{unfit}"))?;
    let db = Db::open(&database).await?;
    let clock = Clock::system();
    let keys = db.keyring(&secret_key, clock.now()).await?;
    let config = Config {
        database,
        secret_key,
        base_url: "https://talking.example.org".to_owned(),
        bind: ([127, 0, 0, 1], 0).into(),
        metrics_bind: None,
        mail: Mail::Captured(std::env::temp_dir()),
        mail_from: "no-reply@talking.example.org".to_owned(),
        second_channel: SecondChannel::None,
        trusted_proxies: Vec::new(),
        locality: Locality::example()?,
        demo: false,
    };
    let mailer = Mailer::from_config(&config)?;
    Ok(Arc::new(App {
        config,
        db,
        clock,
        mailer,
        keys,
    }))
}
