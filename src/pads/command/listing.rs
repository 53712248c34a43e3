//! What the commands print: lines for people, JSON for programs.

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use crate::pads::draw::serial_words;
use crate::pads::template::Templates;
use crate::pads::{MintedPad, PadRow};

pub(super) fn print_minted(
    out: &mut impl Write,
    json: bool,
    pads: &[(MintedPad, PathBuf)],
) -> anyhow::Result<()> {
    if json {
        let list = pads.iter().map(|(pad, file)| {
            json!({"pad": pad.number, "first_serial": pad.first_serial, "last_serial": pad.last_serial,
                "file": file.display().to_string()})
        });
        return Ok(writeln!(out, "{:#}", list.collect::<serde_json::Value>())?);
    }
    for (pad, file) in pads {
        let (first, last) = (serial_words(pad.first_serial), serial_words(pad.last_serial));
        writeln!(
            out,
            "Pad {}: slips {first} to {last}, every code read back, in {}",
            pad.number,
            file.display()
        )?;
    }
    Ok(())
}

pub(super) fn print_pads(out: &mut impl Write, json: bool, pads: &[PadRow]) -> anyhow::Result<()> {
    if json {
        let list = pads.iter().map(|pad| {
            json!({"pad": pad.number, "clinic": pad.clinic_name, "template": pad.template, "service": pad.service,
                "slips": pad.slips, "first_serial": pad.first_serial, "last_serial": pad.last_serial,
                "electronic": pad.electronic, "custody": pad.custody.as_str(), "sample": pad.sample, "host": pad.host,
                "created_at": pad.created_at, "expires_at": pad.expires_at})
        });
        return Ok(writeln!(out, "{:#}", list.collect::<serde_json::Value>())?);
    }
    for pad in pads {
        let (first, last) = (pad.first_serial.unwrap_or(0), pad.last_serial.unwrap_or(0));
        let kind = if pad.electronic {
            "on a screen"
        } else {
            pad.template.as_str()
        };
        let service = pad.service.as_deref().unwrap_or("either");
        writeln!(
            out,
            "{:>6}  {} to {}  {:<12} {:<6} {:<21} minted {}  until {}  {}",
            pad.number,
            serial_words(first),
            serial_words(last),
            kind,
            service,
            pad.custody.label(),
            pad.created_at.london_date(),
            pad.expires_at.london_date(),
            pad.clinic_name
        )?;
    }
    Ok(())
}

pub(super) fn print_templates(out: &mut impl Write, json: bool, templates: &Templates) -> anyhow::Result<()> {
    if json {
        let list = templates.iter().map(|one| {
            json!({"name": one.name, "title": one.title, "language": one.language,
                "slips_per_page": one.slips_per_page()})
        });
        return Ok(writeln!(out, "{:#}", list.collect::<serde_json::Value>())?);
    }
    for template in templates.iter() {
        writeln!(
            out,
            "{}  {} ({})",
            template.name, template.title, template.language
        )?;
    }
    Ok(())
}
