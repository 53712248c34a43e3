//! Prints: what is drawn can be read by others than ourselves.

use crate::support::tools::{run, there_are};
use iapt_pad::pads::draw::{Imprint, PrintedSlip, draw};
use iapt_pad::pads::proof::{Mismatch, check, expected, prove};
use iapt_pad::pads::qr::slip_address;
use iapt_pad::pads::template::{Template, Templates};
use iapt_pad::values::{SlipCode, Ts};

fn templates() -> Vec<Template> {
    Templates::shipped().expect("templates").iter().cloned().collect()
}

fn a6() -> Template {
    Templates::shipped()
        .expect("templates")
        .get("a6_four_up")
        .expect("the usual pad")
        .clone()
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

#[test]
fn every_code_of_a_run_is_read_back_by_the_prover() {
    for template in templates() {
        for sample in [false, true] {
            let slips = slips(22);
            let pdf = draw(&template, &slips, &imprint(sample)).unwrap();
            let expected = expected(&template, &slips, &imprint(sample)).unwrap();
            prove(pdf, &expected, |_| {}).map(|_| ()).unwrap();
        }
    }
}

#[test]
fn a_code_that_is_not_its_slips_own_stops_the_release() {
    let template = &a6();
    let slips = slips(6);
    let pdf = draw(template, &slips, &imprint(false)).unwrap();
    let mut expected = expected(template, &slips, &imprint(false)).unwrap();
    expected[4].url = expected[3].url.clone();
    assert_eq!(
        prove(pdf.clone(), &expected, |_| {}).err(),
        Some(Mismatch::Different { serial: 5, page: 2 })
    );
    expected[1].area[0] += 9.0;
    assert_eq!(
        prove(pdf, &expected, |_| {}).err(),
        Some(Mismatch::Astray { serial: 2, page: 1 })
    );
    assert!(matches!(
        prove(b"%PDF-nonsense".to_vec(), &[], |_| {}),
        Err(Mismatch::Unproven(_))
    ));
}

#[test]
fn a_page_without_an_expected_code_is_never_released() {
    let template = &a6();
    let slips = slips(5);
    let pdf = draw(template, &slips, &imprint(false)).unwrap();
    let expected = expected(template, &slips[..4], &imprint(false)).unwrap();
    assert_eq!(
        prove(pdf, &expected, |_| {}).err(),
        Some(Mismatch::Unexpected { page: 2 })
    );
}

#[test]
fn any_file_can_be_checked_for_its_codes() {
    let slips = slips(9);
    let pdf = draw(&a6(), &slips, &imprint(false)).unwrap();
    let mut found: Vec<String> = check(pdf).unwrap().into_iter().map(|d| d.text).collect();
    let mut minted: Vec<String> = slips.iter().map(address).collect();
    found.sort();
    minted.sort();
    assert_eq!(found, minted);
    assert!(check(b"hello".to_vec()).is_err());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let template = &a6();
    let first = draw(template, &slips(5), &imprint(true)).unwrap();
    assert!(first == draw(template, &slips(5), &imprint(true)).unwrap());
    assert!(first != draw(template, &slips(5), &imprint(false)).unwrap());
    let single = draw(template, &slips(1), &imprint(false)).unwrap();
    assert!(single.len() < 45_000, "{} bytes for a single slip", single.len());
}

#[test]
fn a_name_too_long_for_the_slip_is_refused() {
    let imprint = Imprint {
        clinic: "A clinic whose name goes on and on and on and on and on and on".into(),
        ..imprint(false)
    };
    let said = format!("{:#}", draw(&a6(), &slips(1), &imprint).unwrap_err());
    assert!(said.contains("does not fit"), "{said}");
}

#[test]
fn independent_readers_decode_every_slip_at_every_resolution() {
    if !there_are(&["pdftoppm", "zbarimg"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    for template in templates() {
        for sample in [false, true] {
            let slips = slips(10);
            std::fs::write(
                path("pad.pdf"),
                draw(&template, &slips, &imprint(sample)).unwrap(),
            )
            .unwrap();
            for resolution in ["100", "150", "300"] {
                run(
                    "pdftoppm",
                    &["-gray", "-r", resolution, &path("pad.pdf"), &path("page")],
                );
                let pictures: Vec<String> = std::fs::read_dir(folder.path())
                    .unwrap()
                    .map(|entry| entry.unwrap().path().display().to_string())
                    .filter(|file| file.ends_with(".pgm"))
                    .collect();
                let mut arguments = vec!["-q", "--raw", "-Sdisable", "-Sqrcode.enable", "--nodbus"];
                arguments.extend(pictures.iter().map(String::as_str));
                let read = run("zbarimg", &arguments);
                for slip in &slips {
                    assert!(
                        read.contains(&address(slip)),
                        "{} at {resolution} dpi: slip {}",
                        template.name,
                        slip.serial
                    );
                }
                assert_eq!(read.lines().count(), slips.len());
                for picture in pictures {
                    std::fs::remove_file(picture).unwrap();
                }
            }
        }
    }
}

#[test]
fn the_text_of_a_slip_can_be_extracted_and_says_what_it_must() {
    if !there_are(&["pdftotext", "pdfinfo"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pad.pdf").display().to_string();
    for template in templates() {
        let slips = slips(5);
        std::fs::write(&path, draw(&template, &slips, &imprint(false)).unwrap()).unwrap();
        let text = run("pdftotext", &["-raw", &path, "-"])
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        for slip in &slips {
            assert!(
                text.contains(&slip.code.to_string()),
                "code of slip {}",
                slip.serial
            );
            assert!(text.contains(&format!("Slip {:06}", slip.serial)));
        }
        for words in [
            "Your pain is real.",
            "999",
            "NHS 111 option 2",
            "116 123",
            "0114 496 0123",
            "pad.example.org",
            "Firth Park",
            "free help",
            "nothing about you",
            "Not for emergencies",
        ] {
            assert!(
                text.contains(words),
                "{words:?} is missing from {}",
                template.name
            );
        }
        let info = run("pdfinfo", &[&path]);
        for fact in [
            "PDF version:     1.7",
            "Tagged:          yes",
            "slips 000001 to 000005, Physioworks, Firth Park",
        ] {
            assert!(info.contains(fact), "{fact:?} in {info}");
        }
        let tree = run("pdfinfo", &["-struct-text", &path]);
        assert!(
            tree.contains("Document") && tree.contains("H1") && tree.contains("Figure"),
            "{tree}"
        );
    }
}

#[test]
fn a_strict_reader_finds_no_fault_in_the_file() {
    if !there_are(&["qpdf"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pad.pdf").display().to_string();
    for template in templates() {
        for count in [1, 4, 30] {
            std::fs::write(&path, draw(&template, &slips(count), &imprint(true)).unwrap()).unwrap();
            run("qpdf", &["--check", &path]);
        }
    }
}
