//! Whether every timeline is whole: what `audit verify` asks.

use std::sync::Arc;

use super::reference::Reference;
use super::store;
use crate::app::App;
use crate::db::Result;
use crate::values::Id;

/// Referrals looked at in one reading.
const AT_ONCE: i64 = 200;

/// What an examination of all timelines found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Referrals whose timeline is whole.
    pub whole: usize,
    /// Referrals whose timeline was altered: by their reference, which says nothing of anyone.
    pub broken: Vec<Reference>,
}

/// Verifies the chain of every referral, the oldest first.
pub async fn verify_timelines(app: &Arc<App>) -> Result<Audit> {
    let mut audit = Audit::default();
    let mut after: Option<Id> = None;
    loop {
        let inside = app.clone();
        let page = app
            .db
            .read(move |conn| {
                let rows = store::list_after(conn, after, AT_ONCE)?;
                rows.into_iter()
                    .map(|row| {
                        // A payload that does not open is as broken as a MAC that does not fit.
                        let whole =
                            store::list_events(conn, &inside.keys, &row).is_ok_and(|(_, whole)| whole);
                        Ok((row.id, row.reference, whole))
                    })
                    .collect::<Result<Vec<_>>>()
            })
            .await?;
        let Some((last, _, _)) = page.last() else {
            return Ok(audit);
        };
        after = Some(*last);
        for (_, reference, whole) in page {
            match Reference::parse(&reference) {
                Some(reference) if !whole => audit.broken.push(reference),
                Some(_) => audit.whole += 1,
                None => return Err(anyhow::anyhow!("a stored reference is not one").into()),
            }
        }
    }
}
