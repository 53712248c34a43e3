//! The commands about where pads are: `pads hand`, `return`, `lost`, `show`. What they print is for the house.

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use super::not_understood;
use crate::app::App;
use crate::pads::draw::serial_words;
use crate::pads::{
    Kept, LedgerLine, Recipient, Refusal, SerialRange, Whose, hand, report_lost, show_kept, take_back,
};
use crate::staff::{ClinicCode, Username, find_account_named, find_clinic_coded};

/// Hands a pad to the clinic with this code, or to the physio with this username.
pub(super) async fn run_hand(
    app: &App,
    pad: i32,
    to: &str,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let recipient = match recipient(app, to).await? {
        Ok(recipient) => recipient,
        Err(said) => return not_understood(&said),
    };
    match hand(app, pad, recipient, None).await? {
        Ok(_) => writeln!(out, "Pad {pad} is handed to {to}.")?,
        Err(refusal) => return refused(pad, &refusal),
    }
    Ok(ExitCode::SUCCESS)
}

/// Who is meant by a word that may be a clinic's code or somebody's username.
async fn recipient(app: &App, to: &str) -> anyhow::Result<Result<Recipient, String>> {
    let clinic = match ClinicCode::parse(to) {
        Ok(code) => {
            app.db
                .read(move |conn| find_clinic_coded(conn, code.as_str()))
                .await?
        }
        Err(_) => None,
    };
    let account = match Username::parse(to) {
        Ok(name) => find_account_named(&app.db, &name).await?,
        Err(_) => None,
    };
    Ok(match (clinic.filter(|clinic| clinic.active), account) {
        (Some(_), Some(_)) => Err(format!(
            "{to} is the code of a clinic and a username: use the pages to say which"
        )),
        (Some(clinic), None) => Ok(Recipient::Clinic(clinic.id)),
        (None, Some(account)) => Ok(Recipient::Physio(Box::new(account))),
        (None, None) => Err(format!(
            "there is no clinic and nobody called {to}; see `clinics list` and `staff list`"
        )),
    })
}

/// Counts a pad back.
pub(super) async fn run_return(
    app: &App,
    pad: i32,
    counted: i32,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let told = match take_back(app, pad, counted, None).await? {
        Ok(told) => told,
        Err(refusal) => return refused(pad, &refusal),
    };
    let (slips, unused) = (i64::from(told.slips), told.unused);
    writeln!(
        out,
        "Pad {pad} is counted back: {slips} slips, and {unused} are unused by the books."
    )?;
    let missing = unused - slips;
    if missing > 0 {
        writeln!(
            out,
            "{missing} unused slips did not come back: they are with patients, or lost."
        )?;
    } else if missing < 0 {
        writeln!(
            out,
            "{} more came back than are unused: used or spoilt slips were counted too.",
            -missing
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Reports a pad, or a range of it, lost.
pub(super) async fn run_lost(
    app: &App,
    pad: i32,
    serials: Option<SerialRange>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    match report_lost(app, pad, serials, Whose::All, None).await? {
        Ok(voided) => writeln!(
            out,
            "Reported lost: {voided} slips of pad {pad} were unused and are now void."
        )?,
        Err(refusal) => return refused(pad, &refusal),
    }
    Ok(ExitCode::SUCCESS)
}

/// Says why a pad was not moved: 2 if it was asked wrongly, 1 if the pad stands in the way.
fn refused(pad: i32, refusal: &Refusal) -> anyhow::Result<ExitCode> {
    match refusal {
        Refusal::NoSuchPad => not_understood(&format!("there is no pad {pad}")),
        Refusal::TooMany(_) | Refusal::NotOnPad | Refusal::NotAPhysio | Refusal::OtherClinic(_) => {
            not_understood(&refusal.to_string())
        }
        Refusal::OnScreen | Refusal::NotFrom(..) | Refusal::HasItAlready | Refusal::NothingLeft => {
            anyhow::bail!("pad {pad}: {refusal}")
        }
    }
}

/// Prints where a pad is, its ledger and its totals. Fails if the books do not agree.
pub(super) async fn run_show(
    app: &App,
    pad: i32,
    as_json: bool,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let Some(kept) = show_kept(app, pad, Whose::All).await? else {
        return not_understood(&format!("there is no pad {pad}"));
    };
    if as_json {
        writeln!(out, "{:#}", json_of(&kept))?;
    } else {
        print(&kept, out)?;
    }
    Ok(if kept.totals.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(kept: &Kept, out: &mut impl Write) -> anyhow::Result<()> {
    let pad = &kept.pad;
    let who = kept
        .physio
        .as_ref()
        .map_or(String::new(), |name| format!(": {name}"));
    writeln!(
        out,
        "Pad {}, {}: {}{who}",
        pad.number,
        pad.clinic_name,
        pad.custody.label()
    )?;
    writeln!(
        out,
        "Slips {} to {}, usable until {}, for {}",
        serial_words(pad.first_serial.unwrap_or(0)),
        serial_words(pad.last_serial.unwrap_or(0)),
        pad.expires_at.display(),
        pad.host
    )?;
    writeln!(out, "\nLedger")?;
    for line in &kept.ledger {
        writeln!(out, "  {}", words(line))?;
    }
    match &kept.totals {
        Ok(totals) => {
            writeln!(out, "\nTotals")?;
            for (what, slips) in totals.columns() {
                writeln!(out, "  {slips:>6}  {what}")?;
            }
            writeln!(out, "  {:>6}  Made", totals.minted)?;
        }
        Err(imbalance) => writeln!(out, "\nTHE BOOKS DO NOT AGREE: {imbalance}")?,
    }
    Ok(())
}

fn words(line: &LedgerLine) -> String {
    let entry = line.entry;
    let range = entry.range.map_or(String::new(), |range| {
        format!(" {} to {}", serial_words(range.first), serial_words(range.last))
    });
    let to = line.to.as_ref().map_or(String::new(), |to| format!(" to {to}"));
    let by = line.by.as_deref().unwrap_or("a command");
    format!(
        "{}  {}{to}: {} slips{range}, by {by}",
        line.at.display(),
        entry.happened.words(),
        entry.slips
    )
}

fn json_of(kept: &Kept) -> serde_json::Value {
    let pad = &kept.pad;
    let ledger = kept.ledger.iter().map(|line| {
        let entry = line.entry;
        json!({"at": line.at, "what": entry.happened.as_str(), "slips": entry.slips,
            "first_serial": entry.range.map(|range| range.first),
            "last_serial": entry.range.map(|range| range.last), "to": line.to, "by": line.by})
    });
    let totals = kept.totals.map(|totals| {
        json!({"minted": totals.minted, "house": totals.house, "clinic": totals.clinic,
            "physio": totals.physio, "counted_back": totals.counted_back,
            "with_patients": totals.with_patients, "used": totals.used, "expired": totals.expired,
            "voided": totals.voided, "lost": totals.lost})
    });
    let imbalance = kept.totals.err().map(|imbalance| imbalance.to_string());
    json!({"pad": pad.number, "clinic": pad.clinic_name, "custody": pad.custody.as_str(),
        "physio": kept.physio, "slips": pad.slips, "first_serial": pad.first_serial,
        "last_serial": pad.last_serial, "template": pad.template, "host": pad.host,
        "created_at": pad.created_at, "expires_at": pad.expires_at,
        "ledger": ledger.collect::<serde_json::Value>(), "totals": totals.ok(), "imbalance": imbalance})
}
