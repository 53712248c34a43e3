//! The mails of each working day: about what was accepted and is not yet in the record system, and about promises of
//! contact that were broken. A number and a link, to the mailbox of the service. Once a day, also where two instances run;
//! none where nothing waits.

use std::sync::Arc;
use std::time::Duration;

use super::messages;
use super::store::daily as store;
use crate::app::App;
use crate::config::{Config, ServiceName};
use crate::db::{Conn, Result};
use crate::notify::{self, Message};
use crate::values::{Id, Ts};

/// How long the worker rests between two looks.
const REST: Duration = Duration::from_secs(300);

/// Looks again and again until `shutdown` resolves.
pub async fn tell_daily_until(app: Arc<App>, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        if let Err(refused) = tell_daily(&app).await {
            tracing::error!(error = %refused, "the daily mail could not be written; the next look tries again");
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(REST) => {}
        }
    }
}

/// A mail of each working day.
#[derive(Clone, Copy)]
enum Daily {
    /// What was accepted and is not yet in the record system.
    ToEnter,
    /// Broken promises of contact to people of P2 to P4: they wait for the opening, and nobody is called for them.
    Overdue,
}

impl Daily {
    const ALL: [Daily; 2] = [Daily::ToEnter, Daily::Overdue];

    /// The word under which it is kept that it was written.
    fn word(self, service: ServiceName) -> String {
        match self {
            Daily::ToEnter => service.as_str().to_owned(),
            Daily::Overdue => format!("{} overdue", service.as_str()),
        }
    }

    fn count(self, conn: &mut Conn<'_>, service: ServiceName, now: Ts) -> Result<i64> {
        match self {
            Daily::ToEnter => store::count_to_enter(conn, service),
            Daily::Overdue => store::count_overdue(conn, service, now),
        }
    }

    fn message(self, config: &Config, service: ServiceName, count: i64) -> Message {
        match self {
            Daily::ToEnter => messages::to_enter(config, service, count),
            Daily::Overdue => messages::overdue(config, service, count),
        }
    }
}

/// Writes the mails of today that are not written yet, while somebody is there to read them; returns how many.
pub async fn tell_daily(app: &Arc<App>) -> Result<usize> {
    let now = app.clock.now();
    if !app.config.locality.hours.is_open(now) {
        return Ok(0);
    }
    let day = now.london_date().to_string();
    let asked = day.clone();
    let told = app.db.read(move |conn| store::list_told(conn, &asked)).await?;
    let mut written = 0;
    let each = Daily::ALL
        .into_iter()
        .flat_map(|daily| ServiceName::ALL.map(|service| (daily, service)));
    for (daily, service) in each {
        let word = daily.word(service);
        if told.contains(&word) {
            continue;
        }
        let (inside, day, id) = (app.clone(), day.clone(), Id::new());
        let one = app.db.write(move |conn| {
            // Whoever writes the row first writes the mail.
            if !store::mark_told(conn, &day, &word, now)? {
                return Ok(0);
            }
            let count = daily.count(conn, service, now)?;
            if count > 0 {
                let message = daily.message(&inside.config, service, count);
                notify::enqueue(conn, &inside.keys, id, &message, now)?;
            }
            Ok(usize::from(count > 0))
        });
        written += one.await?;
    }
    if written > 0 {
        app.mailer.nudge();
    }
    Ok(written)
}
