//! A pad as the house sees it: where it is, its ledger with who and when, and the totals. For those who keep pads; a
//! physio's view of a pad is in `shown.rs`.

use std::collections::HashMap;

use super::custody::Whose;
use super::ledger::{Entry, Happened, Imbalance, Standing, Totals};
use super::store::{self, PadRow};
use crate::app::App;
use crate::staff::list_accounts;
use crate::values::{Id, Ts};

/// One line of a pad's ledger, with names.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    /// When.
    pub at: Ts,
    /// What.
    pub entry: Entry,
    /// Who it was handed to: a physio by name, or the clinic.
    pub to: Option<String>,
    /// Who did it; none for the command line and the API.
    pub by: Option<String>,
}

/// A pad with its ledger.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The pad.
    pub pad: PadRow,
    /// The physio who has it, or had it last.
    pub physio: Option<String>,
    /// Its entries, the oldest first.
    pub ledger: Vec<LedgerLine>,
    /// Where its slips are, if the books agree.
    pub totals: Result<Totals, Imbalance>,
}

/// The printed pads of a clinic, or of all, whose numbers are below `below`: the newest first, at most `limit`.
pub async fn list_kept(app: &App, clinic: Option<Id>, below: i32, limit: i64) -> anyhow::Result<Vec<PadRow>> {
    Ok(app
        .db
        .read(move |conn| store::list_kept(conn, clinic, below, limit))
        .await?)
}

/// A pad with its ledger, if it is among `whose`.
pub async fn show_kept(app: &App, number: i32, whose: Whose) -> anyhow::Result<Option<Kept>> {
    let Some((pad, entries, totals)) = balanced(app, number, whose).await? else {
        return Ok(None);
    };
    let accounts = list_accounts(&app.db).await?;
    let names: HashMap<Id, String> = accounts
        .into_iter()
        .map(|account| (account.id, account.display_name))
        .collect();
    let named = |id: Id| {
        names
            .get(&id)
            .cloned()
            .unwrap_or_else(|| "somebody unknown".to_owned())
    };
    let line = |(entry, by, at): store::Signed| LedgerLine {
        at,
        to: match (entry.happened, entry.to_physio) {
            (Happened::Handed, None) => Some("the clinic".to_owned()),
            (_, physio) => physio.map(named),
        },
        by: by.map(named),
        entry,
    };
    Ok(Some(Kept {
        physio: pad.physio.map(named),
        ledger: entries.into_iter().map(line).collect(),
        pad,
        totals,
    }))
}

/// A pad, who did what to it, and its totals.
type Books = (PadRow, Vec<store::Signed>, Result<Totals, Imbalance>);

/// As often as books that do not agree are read again.
const READINGS: u32 = 3;

/// Reads both books. On PostgreSQL they are of two moments, and a move in between looks like a fault: what does not
/// agree is read again before it is believed. A look must not lock the pad.
async fn balanced(app: &App, number: i32, whose: Whose) -> anyhow::Result<Option<Books>> {
    let now = app.clock.now();
    let mut reading = 1;
    loop {
        let read = app.db.read(move |conn| {
            let Some(pad) = store::find_pad(conn, number, whose)? else {
                return Ok(None);
            };
            let entries = store::list_entries(conn, pad.id)?;
            let rows = store::count_rows(conn, pad.id, now)?;
            Ok(Some((pad, entries, rows)))
        });
        let Some((pad, entries, rows)) = read.await? else {
            return Ok(None);
        };
        let bare: Vec<Entry> = entries.iter().map(|(entry, _, _)| *entry).collect();
        let totals = Standing::after(&bare).and_then(|one| one.balance(rows, pad.custody, pad.physio));
        if totals.is_ok() || reading == READINGS {
            return Ok(Some((pad, entries, totals)));
        }
        reading += 1;
    }
}

impl Happened {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Happened::Minted => "Made",
            Happened::Printed => "Printed",
            Happened::Reprinted => "Printed again",
            Happened::Handed => "Handed over",
            Happened::Returned => "Counted back",
            Happened::Lost => "Reported lost",
            Happened::Voided => "Taken back",
        }
    }
}
