//! The mail of each working day about what was accepted and is not yet in the record system: a number and a link, to
//! the mailbox of the service. Once a day, also where two instances run; none where nothing waits.

use std::sync::Arc;
use std::time::Duration;

use super::messages;
use super::store::daily as store;
use crate::app::App;
use crate::config::ServiceName;
use crate::db::Result;
use crate::notify;
use crate::values::Id;

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
    for service in ServiceName::ALL {
        if told.iter().any(|word| word == service.as_str()) {
            continue;
        }
        let (inside, day, id) = (app.clone(), day.clone(), Id::new());
        let one = app.db.write(move |conn| {
            // Whoever writes the row first writes the mail.
            if !store::mark_told(conn, &day, service, now)? {
                return Ok(0);
            }
            let count = store::count_to_enter(conn, service)?;
            if count > 0 {
                let message = messages::to_enter(&inside.config, service, count);
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
