//! What a deployment adds to its slips: lines in other languages, and its logo.

use super::{imprint, slips};
use crate::support::tools::{run, there_are};
use iapt_pad::pads::draw::{Imprint, draw};
use iapt_pad::pads::logo::Logo;
use iapt_pad::pads::proof::{expected, prove};
use iapt_pad::pads::stock::{Review, Stock};
use iapt_pad::pads::template::Template;
use std::sync::Arc;

const A6: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/pad_templates/a6_four_up.toml"
));
const A5: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/pad_templates/a5_two_up.toml"
));

fn a6(stock: Stock) -> Template {
    Template::parse_with("a6_four_up.toml", A6, &Arc::new(stock)).expect("a right template")
}

/// The words of the document as a reader copies them, each page after the other.
fn copied(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pad.pdf").display().to_string();
    std::fs::write(&path, pdf).expect("room");
    run("pdftotext", &["-raw", &path, "-"])
}

fn pages(pdf: &[u8]) -> usize {
    copied(pdf).matches('\u{c}').count()
}

#[test]
fn a_line_that_nobody_has_reviewed_is_printed_in_a_demonstration_only() {
    if !there_are(&["pdftotext"]) {
        return;
    }
    let mut stock = Stock::shipped().unwrap();
    let polish = stock.lines.iter_mut().find(|line| line.language == "pl").unwrap();
    polish.review = Some(Review {
        by: "A. Example, PWP".into(),
        on: jiff::civil::date(2027, 1, 31),
    });
    let template = a6(stock);
    let real = copied(&draw(&template, &slips(4), &imprint(false)).unwrap());
    assert!(real.contains("tłumacza") && !real.contains("tlmočníka"), "{real}");
    let demo = copied(&draw(&template, &slips(4), &imprint(true)).unwrap());
    assert!(demo.contains("tłumacza") && demo.contains("tlmočníka"), "{demo}");
}

#[test]
fn without_a_reviewed_line_no_sheet_has_another_side() {
    if !there_are(&["pdftotext"]) {
        return;
    }
    let template = a6(Stock::shipped().unwrap());
    assert_eq!(pages(&draw(&template, &slips(9), &imprint(false)).unwrap()), 3);
    assert_eq!(pages(&draw(&template, &slips(9), &imprint(true)).unwrap()), 6);
}

#[test]
fn other_languages_are_copied_as_they_are_read_and_told_as_what_they_are() {
    if !there_are(&["pdftotext", "qpdf"]) {
        return;
    }
    let stock = Stock::shipped().unwrap();
    let lines: Vec<(String, String, bool)> = stock
        .lines
        .iter()
        .map(|line| {
            (
                line.language.clone(),
                line.words.clone(),
                line.set.whole().leftwards,
            )
        })
        .collect();
    let pdf = draw(&a6(stock), &slips(4), &imprint(true)).unwrap();
    // Readers add marks of direction to what is copied; the letters must be there in the order they are read.
    let plain = |text: &str| -> String {
        let marks = ['\u{202a}', '\u{202b}', '\u{202c}', '\u{200e}', '\u{200f}'];
        text.chars()
            .filter(|letter| !letter.is_whitespace() && !marks.contains(letter))
            .collect()
    };
    let text = plain(&copied(&pdf));
    for (language, words, leftwards) in &lines {
        // pdftotext turns letters of such scripts round, because most files hold them as they stand on the page; ours
        // hold them as they are read (ISO 32000-1, 14.9.4).
        let words: String = match leftwards {
            true => plain(words).chars().rev().collect(),
            false => plain(words),
        };
        // A full stop at the end of a line has no direction of its own, so it may stay where it is.
        let words = words.trim_matches(['.', '۔']);
        assert!(text.contains(words), "{language}: {words} in {text}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pad.pdf").display().to_string();
    std::fs::write(&path, &pdf).unwrap();
    let plain = folder.path().join("plain.pdf").display().to_string();
    run("qpdf", &["--qdf", "--object-streams=disable", &path, &plain]);
    let objects = String::from_utf8_lossy(&std::fs::read(&plain).unwrap()).into_owned();
    for (language, ..) in &lines {
        assert!(objects.contains(&format!("/Lang ({language})")), "{language}");
    }
}

#[test]
fn every_single_slip_stays_small_with_all_languages() {
    let stock = Arc::new(Stock::shipped().unwrap());
    for template in super::templates() {
        assert_eq!(template.stock.lines.len(), stock.lines.len());
        let pdf = draw(&template, &slips(1), &imprint(true)).unwrap();
        assert!(pdf.len() < 45_000, "{}: {} bytes", template.name, pdf.len());
    }
}

#[test]
fn the_organisations_own_logo_is_printed_and_the_codes_are_still_read() {
    if !there_are(&["pdftoppm"]) {
        return;
    }
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\" fill=\"#ff0000\"/></svg>";
    let with_logo = Stock {
        logo: Some(Logo::parse(svg.as_bytes()).unwrap()),
        ..Stock::shipped().unwrap()
    };
    let red = |stock: Stock| {
        let template = Template::parse_with("a5_two_up.toml", A5, &Arc::new(stock)).unwrap();
        let imprint = Imprint { ..imprint(false) };
        let pdf = draw(&template, &slips(2), &imprint).unwrap();
        let expected = expected(&template, &slips(2), &imprint).unwrap();
        prove(pdf.clone(), &expected, |_| {}).map(|_| ()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("pad.pdf"), pdf).unwrap();
        run(
            "pdftoppm",
            &["-r", "50", "-singlefile", &path("pad.pdf"), &path("page")],
        );
        let picture = std::fs::read(path("page.ppm")).unwrap();
        let header = picture
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(2)
            .unwrap()
            .0
            + 1;
        picture[header..]
            .chunks_exact(3)
            .filter(|pixel| *pixel == [255, 0, 0])
            .count()
    };
    assert_eq!(red(Stock::shipped().unwrap()), 0);
    // Two logos of 24 by 12 mm at 50 dpi are about 2,200 pixels.
    assert!((1_800..2_600).contains(&red(with_logo)));
}
