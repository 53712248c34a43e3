//! The prover: what it lets out of the house, and what it stops, naming the slip.

use super::{a6, address, imprint, slips, templates};
use iapt_pad::pads::draw::draw;
use iapt_pad::pads::proof::{Mismatch, check, expected, prove};

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
