//! Reading the ledger.

use super::event::AccountEvent;
use crate::db::{self, Db};
use crate::staff::store::account_events as store;
use crate::values::Id;

/// The lines before the line `before`, the newest first, at most `most`: of all, or of one account or key and of what that
/// account did.
pub async fn list_changes(
    db: &Db,
    of: Option<Id>,
    before: Option<Id>,
    most: i64,
) -> db::Result<Vec<AccountEvent>> {
    db.read(move |conn| store::list_events(conn, of, before, most))
        .await
}
