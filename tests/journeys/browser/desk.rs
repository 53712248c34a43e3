//! The team at a desk: keys that decide nothing and can be turned off, and a list that keeps still while one reads.

use serde_json::{Value, json};

use super::{nothing_was_amiss, text};
use crate::support::chromium::{PASSWORD, demo, journey, quiet};

fn scene(name: &str) -> Option<Value> {
    let found = journey("desk", &[&demo().loopback, name])?;
    nothing_was_amiss(&found);
    Some(found)
}

#[test]
fn keys_lead_through_a_list_and_to_accept_and_none_of_them_decides() {
    let Some(found) = scene("keys") else { return };
    let (first, second) = (&found["hrefs"][0], &found["hrefs"][1]);
    assert_eq!(found["stops"], json!([first, second, first]), "{found}");
    assert!(text(first).starts_with(text(&found["opened"])), "{found}");
    assert!(
        text(&found["atAccept"]).ends_with("/acknowledge"),
        "the first is somebody in danger: {found}"
    );
    assert_ne!(found["next"], found["opened"]);
    assert_eq!(found["typed"], "jokna?", "in a field a letter is a letter");
    assert_eq!(found["sent"], json!([]), "no key sends anything");
}

#[test]
fn keys_that_were_turned_off_stay_off_on_this_device() {
    let Some(found) = scene("keysOff") else { return };
    assert_eq!(found["off"], json!([true, true]), "in a list and on a referral");
    assert!(text(&found["onAgain"]).ends_with("/acknowledge"), "{found}");
    assert_eq!(found["sent"], json!([]));
}

#[test]
fn who_arrives_while_one_reads_is_told_and_moves_nothing() {
    let Some(found) = journey("desk", &[&quiet(), "news", PASSWORD]) else {
        return;
    };
    nothing_was_amiss(&found);
    assert_eq!(found["after"], found["before"], "the list keeps still");
    let said = text(&found["said"]);
    assert!(
        said.contains("needs somebody today") && said.contains("new referral"),
        "{said}"
    );
    assert!(!said.contains(text(&found["name"])), "no name: {said}");
    assert_eq!(found["covered"], "fixed");
    assert!(text(&found["leadsTo"]).contains(text(&found["name"])), "{found}");
}
