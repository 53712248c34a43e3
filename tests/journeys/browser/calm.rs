//! What goes wrong on a phone: the page says so calmly, nothing is lost that need not be, and one referral is made.

use serde_json::{Value, json};

use super::{nothing_was_amiss, text};
use crate::support::chromium::{aside, demo, journey};

fn scene(name: &str) -> Option<Value> {
    let found = journey("calm", &[&demo().loopback, name])?;
    nothing_was_amiss(&found);
    Some(found)
}

/// The team finds the one referral that the person was told of.
fn is_one_referral(found: &Value) {
    assert!(!text(&found["sent"]).is_empty(), "{found}");
    assert_eq!(found["found"], json!([found["sent"]]));
}

#[test]
fn a_page_sent_without_a_connection_waits_and_is_sent_when_it_is_back() {
    let Some(found) = scene("connectionLost") else {
        return;
    };
    for words in ["You are not connected", "Nothing is lost", "Call 999"] {
        assert!(text(&found["said"]).contains(words), "{}", found["said"]);
    }
    assert_eq!(found["hasFocus"], true, "the notice is read out");
    assert_eq!(found["kept"], found["name"], "what was typed stays");
    assert_eq!(
        found["before"],
        json!([]),
        "nothing was sent while there was no connection"
    );
    is_one_referral(&found);
}

#[test]
fn without_scripts_a_lost_connection_loses_no_answer() {
    let Some(found) = scene("connectionLostWithoutScripts") else {
        return;
    };
    assert!(
        text(&found["checked"]).contains("You answered 7 of 7 questions"),
        "{found}"
    );
    is_one_referral(&found);
}

#[test]
fn answers_whose_receipt_was_lost_are_sent_again_and_make_one_referral() {
    let Some(found) = scene("answerLost") else { return };
    assert_eq!(found["before"], found["found"], "they had arrived");
    is_one_referral(&found);
}

#[test]
fn back_after_sending_shows_the_confirmation_and_no_answers() {
    let Some(found) = scene("backAfterSending") else {
        return;
    };
    let shown = found["shown"].as_array().expect("pages");
    assert_eq!(shown.len(), 3);
    for page in shown {
        assert_eq!(page, &json!({ "reference": found["sent"], "answers": false }));
    }
    is_one_referral(&found);
}

#[test]
fn two_tabs_keep_what_the_other_sent_and_make_one_referral() {
    let Some(found) = scene("twoTabs") else { return };
    let checked = text(&found["checked"]);
    for kept in [
        "Typed in the first tab",
        "You answered 9 of 9",
        "You answered 7 of 7",
    ] {
        assert!(checked.contains(kept), "{kept:?} is lost: {checked}");
    }
    assert_eq!(found["sent"], found["again"]);
    is_one_referral(&found);
}

#[test]
fn a_browser_that_keeps_no_cookies_is_told_how_to_go_on() {
    let Some(found) = scene("cookiesOff") else { return };
    assert_eq!(found["cookies"], 0, "the browser kept one");
    for words in ["your browser may not keep cookies", "ring us on"] {
        assert!(text(&found["said"]).contains(words), "{}", found["said"]);
    }
    assert!(text(&found["help"]).contains("999"), "help needs no cookie");
}

#[test]
fn after_an_hours_pause_the_date_of_birth_opens_what_was_there() {
    let house = aside();
    let before = house.referrals();
    let Some(found) = journey("calm", &[&house.base, "rested", &house.slip()]) else {
        return;
    };
    nothing_was_amiss(&found);
    for words in ["we lock them after 60 minutes", "They are still here"] {
        assert!(text(&found["said"]).contains(words), "{}", found["said"]);
    }
    let checked = text(&found["checked"]);
    assert!(
        checked.contains("Billie Browsertest") && checked.contains("07700 900321"),
        "{checked}"
    );
    assert!(!text(&found["sent"]).is_empty());
    assert_eq!(house.referrals(), before + 1);
}

#[test]
fn leaving_quickly_takes_the_page_out_of_the_way_back() {
    let Some(found) = scene("leaveQuickly") else {
        return;
    };
    assert_eq!(found["before"], found["after"], "the history grew");
    assert_ne!(found["left"], found["back"], "Back shows the page that was left");
    assert_eq!(found["referers"], json!([""]), "the other site learns where from");
}

#[test]
fn every_page_with_answers_can_delete_them() {
    let Some(found) = scene("deleteAnswers") else {
        return;
    };
    let deleted = found["deleted"].as_array().expect("pages");
    assert_eq!(deleted.len(), 8, "seven pages of questions, and the check");
    for page in deleted {
        assert_eq!(page["left"], 0, "a cookie is left: {page}");
        assert_eq!(page["then"], "Please start again", "{page}");
    }
}
