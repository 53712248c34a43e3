//! What a run of slips costs: drawing alone, proof alone, and both, on the shipped pad and on the twelve lines that
//! other programs draw beside ours. Slips per second are in the column "items".
//!
//! `cargo bench --bench pads`

use divan::Bencher;
use divan::counter::ItemsCount;
use iapt_pad::pads::draw::{Imprint, PrintedSlip, draw};
use iapt_pad::pads::plate::Plate;
use iapt_pad::pads::proof::{expected, prove};
use iapt_pad::pads::qr::Symbol;
use iapt_pad::pads::template::{Template, Templates};
use iapt_pad::values::{SlipCode, Ts};

fn main() {
    divan::main();
}

const TEMPLATES: [&str; 2] = ["twelve_lines", "a6_four_up"];

fn template(name: &str) -> Template {
    let templates = Templates::shipped().expect("the shipped templates are right");
    match templates.get(name) {
        Some(template) => template.clone(),
        None => {
            Template::parse("twelve_lines.toml", include_str!("twelve_lines.toml")).expect("a right template")
        }
    }
}

fn slips(count: u32) -> Vec<PrintedSlip> {
    let slip = |serial: u32| PrintedSlip {
        serial,
        code: SlipCode::from_bits(u64::from(serial).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
    };
    (1..=count).map(slip).collect()
}

fn imprint() -> Imprint {
    Imprint {
        service: "NHS Talking Therapies".into(),
        clinic: "Physioworks, Firth Park".into(),
        phone: "0114 496 0100".into(),
        web: "talking.example.org".into(),
        base_url: "https://pad.talking.example.org".into(),
        sample: false,
        unreviewed_lines: false,
        created: Ts::from_micros(1_795_428_000_000_000),
    }
}

/// Codes as the encoder makes them, mask and all.
#[divan::bench]
fn codes_encoded_1000(bencher: Bencher) {
    let (slips, imprint) = (slips(1_000), imprint());
    let encoded = |slip: &PrintedSlip| Symbol::of(&imprint.address_of(slip)).expect("a code").width();
    bencher
        .counter(ItemsCount::new(slips.len()))
        .bench_local(|| slips.iter().map(encoded).sum::<usize>());
}

/// The same from one plate, the plate included.
#[divan::bench]
fn codes_from_a_plate_1000(bencher: Bencher) {
    let (slips, imprint) = (slips(1_000), imprint());
    bencher.counter(ItemsCount::new(slips.len())).bench_local(|| {
        let plate = Plate::new(&imprint.base_url).expect("a plate");
        slips
            .iter()
            .map(|slip| plate.own_runs(&slip.code).count())
            .sum::<usize>()
    });
}

#[divan::bench(args = TEMPLATES)]
fn drawing_1000(bencher: Bencher, name: &str) {
    let (template, slips, imprint) = (template(name), slips(1_000), imprint());
    bencher
        .counter(ItemsCount::new(slips.len()))
        .bench_local(|| draw(&template, &slips, &imprint).expect("a document"));
}

#[divan::bench(args = TEMPLATES, sample_count = 5)]
fn proof_1000(bencher: Bencher, name: &str) {
    let (template, slips, imprint) = (template(name), slips(1_000), imprint());
    let pdf = draw(&template, &slips, &imprint).expect("a document");
    let expected = expected(&template, &slips, &imprint).expect("places");
    bencher
        .counter(ItemsCount::new(slips.len()))
        .with_inputs(|| pdf.clone())
        .bench_local_values(|pdf| prove(pdf, &expected, |_| {}).map(|_| ()).expect("a proof"));
}

#[divan::bench(args = TEMPLATES, sample_count = 5)]
fn drawing_and_proof_1000(bencher: Bencher, name: &str) {
    let (template, slips, imprint) = (template(name), slips(1_000), imprint());
    bencher.counter(ItemsCount::new(slips.len())).bench_local(|| {
        let pdf = draw(&template, &slips, &imprint).expect("a document");
        let expected = expected(&template, &slips, &imprint).expect("places");
        prove(pdf, &expected, |_| {}).map(|_| ()).expect("a proof")
    });
}
