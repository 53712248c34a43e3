//! The file itself: its bytes, its text, its structure, and what a strict reader says of it.

use super::{a6, imprint, slips, templates};
use crate::support::tools::{run, there_are};
use iapt_pad::pads::draw::{Imprint, draw};

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

#[test]
fn a_print_supplier_is_told_on_every_page_where_to_cut() {
    if !there_are(&["pdfinfo"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pad.pdf").display().to_string();
    let bleeding = templates().into_iter().find(|template| template.page.bleed > 0.0);
    // With lines in other languages each slip has two pages.
    let pdf = draw(&bleeding.unwrap(), &slips(2), &imprint(true)).unwrap();
    std::fs::write(&path, pdf).unwrap();
    let boxes = run("pdfinfo", &["-box", "-f", "1", "-l", "4", &path]);
    // 105 by 148.5 mm, 10 mm from the page's edges, and 3 mm more on every side.
    for (name, corners) in [
        ("TrimBox", ["28.35", "28.35", "325.98", "449.29"]),
        ("BleedBox", ["19.84", "19.84", "334.49", "457.79"]),
    ] {
        let said: Vec<&str> = boxes.lines().filter(|line| line.contains(name)).collect();
        assert_eq!(said.len(), 4, "{boxes}");
        for line in said {
            assert!(corners.iter().all(|corner| line.contains(corner)), "{line}");
        }
    }
}
