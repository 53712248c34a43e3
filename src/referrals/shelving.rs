//! Puts referrals on their shelves that were written before there were any: a correction of data, run by `migrate`.

use std::sync::Arc;

use super::shelf::pathways;
use super::store;
use crate::app::App;
use crate::db::Result;

/// As many at a time: others write in between.
const SOME: i64 = 500;

/// Shelves whatever is not shelved yet, and says how many that were.
pub async fn shelve_all(app: &Arc<App>) -> Result<usize> {
    let mut all = 0;
    loop {
        let inside = app.clone();
        let some = app.db.write(move |conn| {
            let rows = store::list_unshelved(conn, SOME)?;
            for mut row in rows.iter().cloned() {
                let case = row.open_case(&inside.keys)?;
                row.pathways = Some(pathways(&case.facts.ltc, row.booking));
                store::shelve(conn, &row)?;
            }
            Ok(rows.len())
        });
        match some.await? {
            0 => return Ok(all),
            some => all += some,
        }
    }
}
