//! Taking back and printing again. What is taken back can no longer be used, at once; a reprint gives the same codes;
//! each is an entry of the pad's ledger (`ledger.rs`). Where the pad goes is in `moves.rs`.

use anyhow::anyhow;

use super::ledger::Happened;
use super::minting::MintedPad;
use super::printing::{self, base_url_of, imprint, printed};
use super::proof::Proven;
use super::serials::SerialRange;
use super::slip::{SlipState, code_of};
use super::store::{self, NewEvent};
use super::template::Templates;
use crate::app::App;
use crate::config::ServiceName;
use crate::db::{Conn, Result};
use crate::values::{Id, KeyId, Ts};

/// Whose pads are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// All pads of the house: the command line.
    All,
    /// The pads of one physio.
    Physio(Id),
}

/// What became of a range that was to be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voided {
    /// Slips that can no longer be used because of this.
    pub now: usize,
    /// Slips there are in the range, whatever their state.
    pub in_range: i64,
}

/// Takes back every unused slip of the range, in one transaction with its rows in the ledgers.
pub async fn void(app: &App, range: SerialRange, whose: Whose, by: Option<Id>) -> anyhow::Result<Voided> {
    let now = app.clock.now();
    // A write may run twice, so the ids of the ledger rows are drawn before; a range rarely spans many pads.
    let pads = app
        .db
        .read(move |conn| store::list_pads_in_range(conn, range, whose))
        .await?;
    let touched: Vec<Touched> = pads
        .into_iter()
        .map(|(pad, range)| (pad, Id::new(), range))
        .collect();
    let voided = app.db.write(move |conn| {
        let mut voided = Voided { now: 0, in_range: 0 };
        for (pad_id, event_id, range) in &touched {
            voided.in_range += store::count_slips(conn, *pad_id, *range)?;
            let event = entry(*event_id, *pad_id, Happened::Voided, by, now);
            voided.now += take_back_range(conn, *range, event)?;
        }
        Ok(voided)
    });
    Ok(voided.await?)
}

/// A pad, the id of the entry to be made, and which of its slips are meant.
type Touched = (Id, Id, SerialRange);

/// Takes a range of one pad back and enters it; hands back how many slips became void. Whether there is an entry
/// depends on what was taken back before, never on what was used: its physio sees the entries.
pub(super) fn take_back_range(conn: &mut Conn<'_>, range: SerialRange, event: NewEvent) -> Result<usize> {
    store::lock_pad(conn, event.pad_id)?;
    let taken = store::mark_taken_back(conn, event.pad_id, range, event.at)?;
    if taken.marked > 0 {
        let slips = i32::try_from(taken.voided).map_err(anyhow::Error::new)?;
        let (first_serial, last_serial) = (Some(range.first), Some(range.last));
        let event = NewEvent {
            slips,
            first_serial,
            last_serial,
            ..event
        };
        store::insert_event(conn, event)?;
    }
    Ok(taken.voided)
}

/// An entry about no slip in particular; the store gives it its place in the order.
pub(super) fn entry(id: Id, pad_id: Id, happened: Happened, by: Option<Id>, now: Ts) -> NewEvent {
    NewEvent {
        id,
        pad_id,
        kind: happened.as_str(),
        slips: 0,
        actor_id: by,
        at: now,
        seq: 0,
        first_serial: None,
        last_serial: None,
        to_physio_id: None,
    }
}

/// Prints the slips of a pad, all but the void ones, with the codes and the host they were minted with; the
/// same again each time. None if there is no such pad among `whose`. Say [`note_printed`] once it is handed on.
pub async fn reprint(
    app: &App,
    templates: &Templates,
    number: i32,
    whose: Whose,
) -> anyhow::Result<Option<(MintedPad, Proven)>> {
    let Some((pad, slips)) = app
        .db
        .read(move |conn| store::find_pad_to_print(conn, number, whose))
        .await?
    else {
        return Ok(None);
    };
    let template = templates.get(&pad.template).ok_or_else(|| {
        anyhow!(
            "the template {:?} of pad {number} is not there any more",
            pad.template
        )
    })?;
    let base_url = base_url_of(&app.config, &pad.host);
    let mut printed_slips = Vec::new();
    for (id, serial, state) in slips {
        match state {
            SlipState::Unused | SlipState::Used => {
                let code = code_of(&app.keys, KeyId(pad.code_key), id)?;
                printed_slips.push(printed(serial, code)?);
            }
            SlipState::Void => {}
        }
    }
    anyhow::ensure!(
        !printed_slips.is_empty(),
        "every slip of pad {number} is void: there is nothing to print"
    );
    let minted = MintedPad {
        id: pad.id,
        number,
        first_serial: printed_slips.first().map_or(0, |slip| i64::from(slip.serial)),
        last_serial: printed_slips.last().map_or(0, |slip| i64::from(slip.serial)),
        slips: i32::try_from(printed_slips.len())?,
    };
    let service = pad.service.as_deref().and_then(ServiceName::parse);
    let imprint = imprint(
        &app.config,
        &base_url,
        &pad.clinic_name,
        service,
        pad.sample,
        app.clock.now(),
    );
    let proven = printing::print(template, printed_slips, imprint, |_| {}).await?;
    Ok(Some((minted, proven)))
}

/// Whether a print may be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// It may, and the ledger says who printed it and when.
    Released,
    /// Slips of it were taken back while it was drawn: it shows slips that it should not, and is thrown away.
    TakenBackMeanwhile,
}

/// Enters in the ledger that a pad was printed, or printed again; say it just before the print is handed on. What is
/// taken back stays so, so the print is still right exactly if it shows as many slips as it would show now. The
/// pad is locked: a slip is taken back before this, and the print is refused, or after, and the ledger says so.
pub async fn note_printed(app: &App, printed: &MintedPad, by: Option<Id>) -> anyhow::Result<Release> {
    let (id, now, printed) = (Id::new(), app.clock.now(), printed.clone());
    let noted = app.db.write(move |conn| {
        store::lock_pad(conn, printed.id)?;
        if store::count_printable(conn, printed.id)? != i64::from(printed.slips) {
            return Ok(Release::TakenBackMeanwhile);
        }
        let happened = if store::was_printed(conn, printed.id)? {
            Happened::Reprinted
        } else {
            Happened::Printed
        };
        let event = NewEvent {
            slips: printed.slips,
            first_serial: Some(printed.first_serial),
            last_serial: Some(printed.last_serial),
            ..entry(id, printed.id, happened, by, now)
        };
        store::insert_event(conn, event)?;
        Ok(Release::Released)
    });
    Ok(noted.await?)
}
