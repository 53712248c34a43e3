//! The pages in a real browser: a person with a slip, the team that reads, the physio who hands slips out.

mod calm;
mod desk;
mod every_page;
mod modes;
mod weight;

use iapt_pad::demo::{CAST, PASSWORD};
use serde_json::Value;

use crate::support::chromium::{demo, folder, journey};
use crate::support::tools;

#[test]
fn a_scanned_slip_becomes_a_referral_that_the_team_accepts_and_every_page_is_accessible() {
    let base = demo().loopback.as_str();
    let Some(found) = journey("scan_to_confirmation", &[base, "--look"]) else {
        return;
    };
    assert_eq!(found["scripted"], true);
    let pages = found["pages"].as_object().expect("pages");
    assert!(pages.len() > 20, "axe saw {pages:?}");
    is_a_whole_journey(&found, &demo().from_outside);
}

#[test]
fn a_slip_works_without_scripts() {
    let base = demo().loopback.as_str();
    let Some(found) = journey("scan_to_confirmation", &[base, "--no-script"]) else {
        return;
    };
    assert_eq!(found["scripted"], false);
    is_a_whole_journey(&found, &demo().from_outside);
}

#[test]
fn a_slip_works_on_a_phone_that_does_not_say_where_requests_come_from() {
    let base = demo().loopback.as_str();
    let Some(found) = journey("scan_to_confirmation", &[base, "--strip"]) else {
        return;
    };
    let stripped = &found["stripped"];
    assert!(stripped["removed"].as_u64() > Some(0), "{stripped}");
    assert_eq!(stripped["passedOn"], 0, "{stripped}");
    assert_eq!(stripped["postsWithout"], 0, "Origin stays: {stripped}");
    is_a_whole_journey(&found, &demo().from_outside);
}

#[test]
fn a_slip_works_through_an_address_on_the_network() {
    let base = demo().from_outside.as_str();
    if base.contains("//127.") {
        eprintln!("\n*** SKIPPED: this machine has no address but the loopback ***\n");
        return;
    }
    let Some(found) = journey("scan_to_confirmation", &[base]) else {
        return;
    };
    is_a_whole_journey(&found, base);
    for cookie in found["cookies"].as_array().expect("cookies") {
        assert_eq!(cookie["httpOnly"], true, "{cookie}");
        assert_eq!(cookie["secure"], false, "over http it would be lost: {cookie}");
    }
}

#[test]
fn a_worrying_answer_is_met_with_help_at_once_and_stays_with_the_team_when_the_tab_closes() {
    let Some(found) = journey("worrying_answer", &[&demo().loopback]) else {
        return;
    };
    nothing_was_amiss(&found);
    for (person, queue) in [("first", "Now"), ("later", "Today and tomorrow")] {
        let told = &found[person];
        assert_eq!(told["status"], 200, "{person}: help is the answer itself");
        assert_eq!(told["inTheResponse"], true, "{person}: {told}");
        let heading = text(&told["team"]["queue"]);
        assert!(heading.starts_with(queue), "{person}: {heading}");
        let record = text(&told["team"]["record"]);
        assert!(record.contains("Not finished by the patient"), "{record}");
    }
    let said = text(&found["later"]["words"]);
    assert!(said.contains("We have kept what you told us"), "{said}");
    let banner = text(&found["banner"]);
    assert!(
        banner.contains(text(&found["first"]["team"]["reference"])),
        "{banner}"
    );
}

#[test]
fn a_physio_mints_a_pad_and_shows_a_slip() {
    let folder = folder("pad_and_slip");
    let username = CAST[0].username;
    let arguments = [
        demo().loopback.as_str(),
        username,
        PASSWORD,
        folder.to_str().expect("a path"),
    ];
    let Some(found) = journey("pad_and_slip", &arguments) else {
        return;
    };
    nothing_was_amiss(&found);
    let pdf = std::fs::read(text(&found["pad"]["pdf"])).expect("a download");
    assert!(pdf.starts_with(b"%PDF"));
    let slip = &found["slip"];
    let said = text(&slip["said"]);
    assert!(said.contains("Talking Therapies slip 0"), "{said}");
    if tools::there_are(&["zbarimg"]) {
        let read = tools::run("zbarimg", &["--quiet", "--raw", text(&slip["photograph"])]);
        let code = text(&slip["code"]).replace('-', "");
        assert!(
            read.trim().ends_with(&format!("/S/{code}")),
            "{read} is not for {code}"
        );
    }
}

/// From the slip to the confirmation, the inbox and the mail.
fn is_a_whole_journey(found: &Value, base: &str) {
    nothing_was_amiss(found);
    assert!(text(&found["state"]).contains("Accepted"), "{}", found["state"]);
    let reference = text(&found["reference"]);
    let mails = found["mails"].as_array().expect("mails");
    assert_eq!(
        mails.len(),
        2,
        "one to the service, one to the patient: {mails:?}"
    );
    let patient = text(&found["person"]["email"]);
    let notice = mails
        .iter()
        .find(|mail| mail["to"] != patient)
        .expect("a notice to the service");
    let link = format!("{base}/inbox/{}", reference.replace('-', ""));
    assert_eq!(
        notice["body"],
        format!("{reference} is a new referral.\n\n{link}"),
        "nothing else stands in a notice"
    );
    for mail in mails {
        says_nothing_about_the_person(mail, &found["person"]);
    }
}

fn says_nothing_about_the_person(mail: &Value, person: &Value) {
    let words = format!("{} {}", text(&mail["subject"]), text(&mail["body"])).to_lowercase();
    let telling = ["name", "phone", "postcode", "surgery"].map(|part| text(&person[part]).to_lowercase());
    for word in telling.iter().map(String::as_str).chain([
        "billie",
        "browsertest",
        "pain",
        "mood",
        "worry",
        "therap",
        "depress",
    ]) {
        assert!(!words.contains(word), "a mail says {word:?}: {words}");
    }
}

fn nothing_was_amiss(found: &Value) {
    for kind in ["foreign", "complaints", "violations"] {
        let none = found[kind].as_array().is_some_and(Vec::is_empty);
        assert!(none, "{kind}: {:#}", found[kind]);
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
