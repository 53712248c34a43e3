//! Misprints: whatever goes wrong with a code between minting and paper stops the release and names the slip. One slip
//! of each template's second sheet is spoilt.

use super::overprint::{Area, Coat, Leaf, only_pages, overprint, symbol};
use super::{address, imprint, slips, templates};
use crate::support::tools::there_are;
use iapt_pad::pads::draw::{PrintedSlip, draw, serial_words};
use iapt_pad::pads::proof::{Expected, expected, prove};
use iapt_pad::pads::template::Template;

/// A run of three sheets, and which of its slips is spoilt.
struct Pad {
    template: Template,
    slips: Vec<PrintedSlip>,
    expected: Vec<Expected>,
    spoilt: usize,
}

/// One pad of each template.
fn pads() -> Vec<Pad> {
    templates()
        .into_iter()
        .map(|template| {
            let per_page = template.slips_per_page();
            let slips = slips(per_page as u32 * 3);
            let expected = expected(&template, &slips, &imprint(false)).expect("places");
            Pad {
                template,
                slips,
                expected,
                spoilt: per_page + per_page / 2,
            }
        })
        .collect()
}

impl Pad {
    fn drawn(&self) -> Vec<u8> {
        draw(&self.template, &self.slips, &imprint(false)).expect("a drawing")
    }

    /// Drawn, and painted over where one code stands.
    fn painted(&self, coats: impl Fn(Area) -> Vec<Coat>) -> Vec<u8> {
        let page = self.template.page;
        let points = |mm: f32| mm / 25.4 * 72.0;
        let cut = match page.bleed > 0.0 {
            true => self.template.origin(0),
            false => (0.0, 0.0),
        };
        let leaf = Leaf {
            size: (points(page.width), points(page.height)),
            cut: (points(cut.0), points(cut.1)),
        };
        overprint(&self.drawn(), 2, leaf, &coats(self.expected[self.spoilt].area))
    }

    /// The release stops, and what it says names the spoilt slip.
    fn stops(&self, pdf: Vec<u8>) {
        self.stops_at(pdf, &self.slips[self.spoilt..=self.spoilt]);
    }

    /// The release stops, and what it says names one of these slips.
    fn stops_at(&self, pdf: Vec<u8>, spoilt: &[PrintedSlip]) {
        let refused = prove(pdf, &self.expected, |_| {}).err();
        let said = refused
            .unwrap_or_else(|| panic!("{} was released", self.template.name))
            .to_string();
        let mut names = spoilt
            .iter()
            .map(|slip| format!("slip {}", serial_words(slip.serial)));
        assert!(
            names.any(|name| said.contains(&name)),
            "{}: {said}",
            self.template.name
        );
    }
}

#[test]
fn paint_beside_the_codes_stops_nothing() {
    if !there_are(&["qpdf"]) {
        return;
    }
    for pad in pads() {
        // So that the tests below fail a release for their paint and not for having been through qpdf.
        let pdf = pad.painted(|[left, top, ..]| vec![Coat::Black(vec![[left - 14.0, top - 14.0, 1.0, 1.0]])]);
        let drawn = pad.drawn();
        assert!(pdf != drawn);
        assert!(prove(pdf, &pad.expected, |_| {}).is_ok(), "{}", pad.template.name);
    }
}

#[test]
fn modules_inverted_beyond_repair_stop_the_release() {
    if !there_are(&["qpdf"]) {
        return;
    }
    for pad in pads() {
        // Nine rows of 29: more than the quarter that error correction Q brings back.
        let band = |[left, top, width, height]: Area| {
            let rows = [left, top + height * 10.0 / 29.0, width, height * 9.0 / 29.0];
            vec![Coat::Inverted(vec![rows])]
        };
        pad.stops(pad.painted(band));
    }
}

#[test]
fn a_code_behind_a_black_bar_stops_the_release() {
    if !there_are(&["qpdf"]) {
        return;
    }
    for pad in pads() {
        let bar = |[left, top, width, height]: Area| {
            let across = [left - 10.0, top + height * 0.4, width + 20.0, height * 0.25];
            vec![Coat::Black(vec![across])]
        };
        pad.stops(pad.painted(bar));
    }
}

#[test]
fn a_code_three_millimetres_off_its_place_stops_the_release() {
    if !there_are(&["qpdf"]) {
        return;
    }
    let three = 3.0 / 25.4 * 72.0;
    for pad in pads() {
        for (right, down) in [(three, 0.0), (0.0, three), (-three, 0.0), (0.0, -three)] {
            let moved = |[left, top, width, height]: Area| {
                let modules = symbol(
                    &pad.expected[pad.spoilt].url,
                    [left + right, top + down, width, height],
                );
                vec![
                    Coat::White(vec![[left - 2.0, top - 2.0, width + 4.0, height + 4.0]]),
                    Coat::Black(modules),
                ]
            };
            pad.stops(pad.painted(moved));
        }
        // The same without the move is released: it was the move.
        let again = |area: Area| {
            let modules = symbol(&pad.expected[pad.spoilt].url, area);
            vec![Coat::White(vec![area]), Coat::Black(modules)]
        };
        assert!(
            prove(pad.painted(again), &pad.expected, |_| {}).is_ok(),
            "{}",
            pad.template.name
        );
    }
}

#[test]
fn the_code_of_a_slip_that_was_never_minted_stops_the_release() {
    if !there_are(&["qpdf"]) {
        return;
    }
    let stranger = address(&slips(5_000)[4_999]);
    for pad in pads() {
        let other = |area: Area| vec![Coat::White(vec![area]), Coat::Black(symbol(&stranger, area))];
        pad.stops(pad.painted(other));
    }
}

#[test]
fn two_codes_that_changed_places_stop_the_release() {
    for mut pad in pads() {
        let other = pad.spoilt + 1;
        let (one, two) = (pad.slips[pad.spoilt].code, pad.slips[other].code);
        (pad.slips[pad.spoilt].code, pad.slips[other].code) = (two, one);
        pad.stops_at(pad.drawn(), &pad.slips[pad.spoilt..=other]);
    }
}

#[test]
fn a_missing_page_stops_the_release() {
    if !there_are(&["qpdf"]) {
        return;
    }
    for pad in pads() {
        let per_page = pad.template.slips_per_page();
        for (kept, first_missing) in [("2,3", 0), ("1,3", per_page), ("1,2", 2 * per_page)] {
            // A slip of the page that is gone, or of one that now stands where another should.
            pad.stops_at(only_pages(&pad.drawn(), kept), &pad.slips[first_missing..]);
        }
    }
}
