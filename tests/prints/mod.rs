//! Prints: what is drawn can be read by others than ourselves.

mod bad_files;
mod damage;
mod file;
mod margin;
mod misprints;
mod overprint;
mod picture;
mod reader;
mod release;
mod stock;

use iapt_pad::pads::draw::{Imprint, PrintedSlip};
use iapt_pad::pads::qr::slip_address;
use iapt_pad::pads::template::{Template, Templates};
use iapt_pad::values::{SlipCode, Ts};

fn templates() -> Vec<Template> {
    Templates::shipped().expect("templates").iter().cloned().collect()
}

/// The usual pad, four to a sheet.
fn a6() -> Template {
    let templates = Templates::shipped().expect("templates");
    templates.get("a6_four_up").expect("the usual pad").clone()
}

fn slips(count: u32) -> Vec<PrintedSlip> {
    let slip = |serial: u32| {
        let code = SlipCode::from_bits(u64::from(serial).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        PrintedSlip { serial, code }
    };
    (1..=count).map(slip).collect()
}

fn address(slip: &PrintedSlip) -> String {
    slip_address("https://pad.example.org", &slip.code.compact())
}

fn imprint(sample: bool) -> Imprint {
    Imprint {
        service: "NHS Talking Therapies".into(),
        clinic: "Physioworks, Firth Park".into(),
        phone: "0114 496 0123".into(),
        web: "pad.example.org".into(),
        base_url: "https://pad.example.org".into(),
        sample,
        unreviewed_lines: sample,
        created: Ts::from_micros(1_795_428_000_000_000),
    }
}
