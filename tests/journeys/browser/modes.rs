//! The whole way as different people meet it: in each mode axe finds nothing, nothing is wider than the window, and
//! whatever takes the focus shows it and is not hidden.

use super::{nothing_was_amiss, text};
use crate::support::chromium::{demo, journey};

fn the_way_in(mode: &str) {
    let Some(found) = journey("modes", &[&demo().loopback, mode]) else {
        return;
    };
    nothing_was_amiss(&found);
    assert!(!text(&found["reference"]).is_empty(), "{mode}: no referral");
    let pages = found["pages"].as_object().expect("pages");
    assert!(
        pages.contains_key("the kept place"),
        "{mode}: only {:?}",
        pages.keys()
    );
    let stops: u64 = pages.values().filter_map(|page| page["stops"].as_u64()).sum();
    assert!(stops > 100, "{mode}: the focus was looked at {stops} times");
    println!("{mode}: {} pages, {stops} times a look at the focus", pages.len());
}

#[test]
fn the_way_fits_a_phone_of_320_pixels() {
    the_way_in("narrow");
}

#[test]
fn the_way_can_be_read_at_400_percent() {
    the_way_in("zoomed");
}

#[test]
fn the_way_stays_legible_in_the_dark() {
    the_way_in("dark");
}

#[test]
fn the_way_keeps_its_meaning_in_the_colours_of_the_system() {
    the_way_in("forced");
}

#[test]
fn the_whole_way_needs_nothing_but_a_keyboard() {
    the_way_in("keyboard");
}

#[test]
fn the_whole_way_needs_no_script() {
    let Some(found) = journey("modes", &[&demo().loopback, "noscript"]) else {
        return;
    };
    nothing_was_amiss(&found);
    assert_eq!(found["scripted"], 0);
    let gone = found["gone"].as_array().expect("pages");
    assert!(gone.iter().any(|page| page == "the kept place"), "only {gone:?}");
    assert!(!text(&found["reference"]).is_empty(), "no referral");
}
