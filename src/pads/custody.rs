//! Custody: what becomes of pads after they are minted. Voiding takes back what is unused, at once; reprinting
//! gives the same codes again; every move is a row of the pad's ledger.

use anyhow::anyhow;

use super::minting::MintedPad;
use super::printing::{self, base_url_of, imprint, printed};
use super::proof::Proven;
use super::slip::{SlipState, code_of};
use super::store::{self, NewEvent};
use super::template::Templates;
use crate::app::App;
use crate::config::ServiceName;
use crate::values::{Id, KeyId, Unfit};

/// A range of serials, the first not above the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialRange {
    /// The first serial.
    pub first: i64,
    /// The last serial, included.
    pub last: i64,
}

impl SerialRange {
    /// Reads `000123` or `000123-000150`.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        const UNFIT: Unfit =
            Unfit::because("Enter a serial like 000123, or two with a dash, like 000123-000150");
        let number = |text: &str| {
            text.trim()
                .parse::<i64>()
                .ok()
                .filter(|n| (1..=999_999_999).contains(n))
        };
        let (first, last) = typed.split_once(['-', '\u{2013}']).unwrap_or((typed, typed));
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(SerialRange { first, last }),
            (Some(_), Some(_)) => Err(Unfit::because(
                "The first serial must not be higher than the last",
            )),
            _ => Err(UNFIT),
        }
    }
}

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
    let ids: Vec<(Id, Id)> = pads.into_iter().map(|pad| (pad, Id::new())).collect();
    let voided = app.db.write(move |conn| {
        let mut voided = Voided { now: 0, in_range: 0 };
        for (pad_id, event_id) in &ids {
            voided.in_range += store::count_slips(conn, *pad_id, range)?;
            let taken_back = store::mark_void(conn, *pad_id, range)?;
            voided.now += taken_back;
            if let Some(slips) = i32::try_from(taken_back).ok().filter(|count| *count > 0) {
                let (id, pad_id) = (*event_id, *pad_id);
                store::insert_event(
                    conn,
                    &NewEvent {
                        id,
                        pad_id,
                        kind: "voided",
                        slips,
                        actor_id: by,
                        at: now,
                    },
                )?;
            }
        }
        Ok(voided)
    });
    Ok(voided.await?)
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
    let proven = printing::print(template, printed_slips, imprint).await?;
    Ok(Some((minted, proven)))
}

/// Notes in the ledger that a pad was printed, or printed again.
pub async fn note_printed(app: &App, pad: Id, slips: i32, by: Option<Id>) -> anyhow::Result<()> {
    let (id, now) = (Id::new(), app.clock.now());
    let noted = app.db.write(move |conn| {
        let kind = if store::was_printed(conn, pad)? {
            "reprinted"
        } else {
            "printed"
        };
        store::insert_event(
            conn,
            &NewEvent {
                id,
                pad_id: pad,
                kind,
                slips,
                actor_id: by,
                at: now,
            },
        )
    });
    Ok(noted.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_ranges_are_read_as_printed() {
        assert_eq!(
            SerialRange::parse("000123"),
            Ok(SerialRange {
                first: 123,
                last: 123
            })
        );
        assert_eq!(
            SerialRange::parse(" 000123 - 000150"),
            Ok(SerialRange {
                first: 123,
                last: 150
            })
        );
        for wrong in [
            "",
            "0",
            "-5",
            "abc",
            "12-",
            "150-123",
            "1-2-3",
            "99999999999999999999",
        ] {
            assert!(SerialRange::parse(wrong).is_err(), "{wrong}");
        }
    }
}
