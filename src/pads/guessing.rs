//! Wrong codes. A well-formed code that is no slip's is a guess or somebody's slip of the pen, and nobody can tell
//! which: so it is counted, answered more slowly beyond the limit, and never refused. A right code always passes
//! at once, wherever it comes from: a whole hospital may share one address with whoever is guessing.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::slip::{Scan, resolve};
use crate::app::App;
use crate::db::{Haste, Result};
use crate::staff::throttle::{CODES, Subject, Verdict, strike};
use crate::values::SlipCode;

/// The longest that the answer to a wrong code is held back: long for a machine, short for a person.
const LONGEST_WAIT: Duration = Duration::from_secs(4);

/// What a code leads to, for whoever asks from this address. A wrong one is counted and may be answered slowly.
pub async fn look_up(app: &Arc<App>, code: SlipCode, from: Option<IpAddr>) -> Result<Scan> {
    let (scan, wait) = counted(app, code, from, Haste::Ordinary).await?;
    // Sleeping holds no thread; whoever hangs up meanwhile has been counted all the same.
    tokio::time::sleep(wait).await;
    Ok(scan)
}

/// The same for a code that came with a worrying answer: counted, and never held back.
pub async fn look_up_at_once(app: &Arc<App>, code: SlipCode, from: Option<IpAddr>) -> Result<Scan> {
    Ok(counted(app, code, from, Haste::Urgent).await?.0)
}

async fn counted(
    app: &Arc<App>,
    code: SlipCode,
    from: Option<IpAddr>,
    haste: Haste,
) -> Result<(Scan, Duration)> {
    let (inside, now) = (app.clone(), app.clock.now());
    let scan = app
        .db
        .read_in(haste, move |conn| resolve(conn, &inside.keys, &code, now))
        .await?;
    let wait = match scan {
        Scan::Unknown => count(app, from).await,
        Scan::Unused(_) | Scan::Used(_) | Scan::Void(_) | Scan::Expired(_) => Duration::ZERO,
    };
    Ok((scan, wait))
}

/// Counts a wrong code and tells how long its answer is held back. That it cannot be counted is nothing that the
/// person who typed it should notice.
async fn count(app: &Arc<App>, from: Option<IpAddr>) -> Duration {
    metrics::counter!("slip_codes_unknown_total").increment(1);
    let subject = match from {
        Some(address) => Subject::address(&app.keys, "codes", address),
        None => Subject::of(&app.keys, "codes", b"nowhere"),
    };
    let now = app.clock.now();
    let struck = match subject {
        Ok(subject) => {
            app.db
                .write(move |conn| strike(conn, &subject, &CODES, now))
                .await
        }
        Err(refused) => Err(refused.into()),
    };
    match struck {
        Ok(Verdict::Go) => Duration::ZERO,
        Ok(Verdict::Wait(seconds)) => {
            // Neither the address nor the code: the line is an alarm, not a record of who typed what.
            tracing::warn!("many wrong slip codes from one address: answers to wrong codes are held back");
            metrics::counter!("slip_codes_slowed_total").increment(1);
            Duration::from_secs(seconds.unsigned_abs()).min(LONGEST_WAIT)
        }
        Err(refused) => {
            tracing::error!("a wrong slip code was not counted: {refused}");
            Duration::ZERO
        }
    }
}
