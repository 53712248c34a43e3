//! How many pages the way has, and what they weigh.

use serde_json::Value;

use super::{nothing_was_amiss, text};
use crate::support::chromium::{demo, journey};

/// Most bytes of a first visit, stylesheet and script included, and of any page after it.
const FIRST_VISIT: u64 = 60_000;
const NEXT_PAGE: u64 = 8_000;
/// Most pages from the slip to the end, by way.
const MOST_PAGES: [(&str, u64); 2] = [("without the short lists", 8), ("with the short lists", 14)];

#[test]
fn the_way_is_short_and_light() {
    let Some(found) = journey("weight", &[&demo().loopback]) else {
        return;
    };
    nothing_was_amiss(&found);
    for (way, most) in MOST_PAGES {
        let told = &found["ways"][way];
        let pages = told["pages"].as_u64().expect("a number");
        println!("\n{way}: {pages} pages");
        println!("{:>7} {:>8} {:>8}", "bytes", "fast", "slow 3G");
        let steps = told["steps"].as_array().expect("steps");
        for (index, step) in steps.iter().enumerate() {
            weighs_little(index, step);
        }
        let bytes: u64 = steps.iter().filter_map(|step| step["bytes"].as_u64()).sum();
        println!("{bytes:>7} together");
        assert!(pages <= most, "{way}: {pages} pages");
        assert_eq!(pages, steps.len() as u64, "{way}: a page that nobody told of");
    }
}

fn weighs_little(index: usize, step: &Value) {
    let (bytes, name) = (step["bytes"].as_u64().expect("bytes"), text(&step["name"]));
    let (fast, slow) = (&step["milliseconds"], &step["slowMilliseconds"]);
    println!("{bytes:>7} {fast:>5} ms {slow:>5} ms  {name}");
    let most = if index == 0 { FIRST_VISIT } else { NEXT_PAGE };
    assert!(bytes < most, "{name} weighs {bytes}");
}
