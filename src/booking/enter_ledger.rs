//! Enters the calls that were to be made before there was a ledger of contact: a correction of data, run by `migrate`.

use std::sync::Arc;

use super::store::ring_tasks;
use crate::app::App;
use crate::db::{Conn, Result};
use crate::referrals::{CallWanted, Subject, promise_call};

/// As many at a time: others write in between.
const SOME: i64 = 200;

/// Whether no call waits outside the ledger, so that the table before it can go.
pub fn are_calls_in_ledger(conn: &mut Conn<'_>) -> Result<bool> {
    Ok(ring_tasks::list_open(conn, 1)?.is_empty())
}

/// Enters open calls, and says how many that were.
pub async fn enter_calls(app: &Arc<App>) -> Result<usize> {
    let mut all = 0;
    loop {
        let now = app.clock.now();
        let some = app.db.write(move |conn| {
            let open = ring_tasks::list_open(conn, SOME)?;
            for (id, referral, kind, run, due_at) in &open {
                if let Some(subject) = Subject::parse(kind) {
                    let wanted = CallWanted {
                        subject,
                        run: *run,
                        due_at: *due_at,
                    };
                    promise_call(conn, *referral, wanted, now)?;
                }
                ring_tasks::close(conn, *id, now)?;
            }
            Ok(open.len())
        });
        match some.await? {
            0 => return Ok(all),
            some => all += some,
        }
    }
}
