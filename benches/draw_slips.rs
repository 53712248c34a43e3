//! Draws slips to a file and nothing else, as a whole process, so that it can be timed beside other programs that draw
//! the same: twelve lines of text and a code of 45 characters.
//!
//! `cargo run --release --example draw_slips -- 10000 /tmp/slips.pdf [TEMPLATE.toml]`

use anyhow::Context;
use iapt_pad::pads::draw::{Imprint, PrintedSlip, draw_into};
use iapt_pad::pads::template::Template;
use iapt_pad::values::{SlipCode, Ts};
use std::fs::File;
use std::io::BufWriter;

fn main() -> anyhow::Result<()> {
    let usage = "usage: draw_slips SLIPS FILE.pdf [TEMPLATE.toml]";
    let mut arguments = std::env::args().skip(1);
    let count: u32 = arguments.next().context(usage)?.parse().context(usage)?;
    let file = arguments.next().context(usage)?;
    let template = match arguments.next() {
        None => Template::parse("twelve_lines.toml", include_str!("twelve_lines.toml"))?,
        Some(own) => Template::parse(&own, &std::fs::read_to_string(&own).with_context(|| own.clone())?)?,
    };
    let slip = |serial: u32| PrintedSlip {
        serial,
        code: SlipCode::from_bits(u64::from(serial).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
    };
    let slips: Vec<PrintedSlip> = (1..=count).map(slip).collect();
    let imprint = Imprint {
        service: "NHS Talking Therapies".into(),
        clinic: "you".into(),
        phone: "01632 960123".into(),
        web: "refer.example.nhs.uk".into(),
        // With "/S/" and the code 45 characters.
        base_url: "https://refer-1.example.nhs.uk".into(),
        sample: false,
        unreviewed_lines: false,
        created: Ts::from_micros(1_795_428_000_000_000),
    };
    draw_into(BufWriter::new(File::create(file)?), &template, &slips, &imprint)?;
    Ok(())
}
