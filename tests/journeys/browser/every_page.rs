//! Every page and every state of it, on a phone and on a desk: axe finds nothing, nothing is wider than the window, and
//! no page is forgotten.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{nothing_was_amiss, text};
use crate::support::chromium::{PASSWORD, a_demo, aside, demo, journey, unreached};

/// The addresses as they are spelled.
const PATHS: &str = include_str!("../../../src/web/paths.rs");

/// Route patterns that no page answers to a GET, and why.
const NO_PAGE: &[(&str, &str)] = &[
    ("FOLLOW_UP", "a GET leads on with the form"),
    ("SLIP_PDF", "a file"),
    ("OWN_CALENDAR", "a file"),
    ("INBOX_NEWS", "for the script of the pages for staff"),
    ("INBOX_NEXT", "leads on to a referral"),
    ("INBOX_TO_ENTER_CSV", "a file"),
    ("REFERRAL_HAND_OVER_PDF", "a file"),
    ("REFERRAL_HAND_OVER_CSV", "a file"),
    ("PAD_TEMPLATE_PICTURE", "a picture"),
    ("STAFF", "leads on to the first page of whoever is signed in"),
    ("SECOND_FACTOR", "not there yet"),
    ("REPORTS", "not there yet"),
    ("ADMIN", "not there yet"),
    ("FHIR", "not there yet"),
    ("API", "for machines"),
    ("API_REFERRALS", "for machines"),
    ("API_REFERRAL", "for machines"),
    ("API_SLIPS", "for machines"),
    ("API_SLIP_PDF", "for machines"),
    ("OPENAPI", "for machines"),
    ("LIVE", "for machines"),
    ("READY", "for machines"),
    ("ASSET", "a file"),
];

/// The pages and states of one half: of whoever has no account, those that no demo shows among them.
fn patients() -> Option<[Value; 2]> {
    // Others follow the inbox of the shared demo while these put people into theirs who are in danger.
    let found = journey(
        "every_page",
        &[&a_demo("patients").loopback, "--look", "patients"],
    )?;
    let house = aside();
    let [offer, waiting, talk] = house.own_pages();
    let arguments = [
        house.base.as_str(),
        "--look",
        "--slip",
        &house.slip(),
        "--void",
        &house.void_slip(),
        "--expired",
        &house.expired_slip(),
        "--offer",
        &offer,
        "--waiting",
        &waiting,
        "--talk",
        &talk,
        "unusable",
        "rested",
        "offered",
        "talks",
    ];
    let beside = journey("every_page", &arguments)?;
    Some([found, beside])
}

/// Those of the other half, the staff.
fn staff() -> Option<[Value; 2]> {
    let found = journey("every_page", &[&a_demo("staff").loopback, "--look", "staff"])?;
    let alone = [&unreached(), "--look", "--password", PASSWORD, "unreached"];
    let ringing = journey("every_page", &alone)?;
    assert!(
        pages(&ringing).any(|(name, _)| name == "unreached: inbox-ring"),
        "the band that says whom to ring was not looked at: {ringing}"
    );
    Some([found, ringing])
}

#[test]
fn every_page_and_state_is_accessible_and_none_is_forgotten() {
    let halves = std::thread::scope(|threads| {
        let halves = [threads.spawn(patients), threads.spawn(staff)];
        halves.map(|half| {
            half.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    });
    let mut seen = BTreeSet::new();
    for half in halves {
        let Some(found) = half else { return };
        for found in found {
            nothing_was_amiss(&found);
            for (name, page) in pages(&found) {
                println!("{:>3} times  {:<40} {name}", page["looks"], text(&page["path"]));
                assert!(
                    page["looks"].as_u64() >= Some(2),
                    "{name}: on a phone and on a desk"
                );
                seen.insert(text(&page["path"]).to_owned());
            }
        }
    }
    assert_eq!(
        forgotten(&seen),
        Vec::<&str>::new(),
        "pages that no part of every_page.mjs visits"
    );
}

#[test]
fn a_page_that_is_spoilt_is_noticed() {
    let Some(found) = journey("spoilt", &[&demo().loopback]) else {
        return;
    };
    let noticed = &found["noticed"];
    assert_eq!(noticed["nothing"], "");
    for (spoilt, words) in [
        ("no sign of the focus", "does not show that it has the focus"),
        ("a bar over everything", "has the focus behind a bar that stays"),
        ("wider than the window", "pixels wider than the window"),
        ("tiny targets", "target-size"),
        ("grey on grey", "color-contrast"),
    ] {
        assert!(text(&noticed[spoilt]).contains(words), "{spoilt}: {noticed}");
    }
}

#[test]
fn an_address_that_nobody_visits_is_named() {
    let addresses = addresses();
    for name in ["HOME", "REFER", "OWN_PAGE", "REFERRAL", "ADMIN_PAD"] {
        assert!(forgotten(&BTreeSet::new()).contains(&name), "{name}");
    }
    for name in ["PAD_PRINT", "FORGET", "OPENAPI"] {
        assert!(!forgotten(&BTreeSet::new()).contains(&name), "{name} has no page");
    }
    assert_eq!(answering(&addresses, "/inbox/call"), Some("CALL"));
    assert_eq!(answering(&addresses, "/inbox/BJG392BJ"), Some("REFERRAL"));
    assert_eq!(answering(&addresses, "/refer/follow-up"), Some("FOLLOW_UP"));
    for (name, why) in NO_PAGE {
        assert!(
            addresses.contains_key(name),
            "{name} ({why}) is no address any more"
        );
    }
}

fn pages(found: &Value) -> impl Iterator<Item = (&String, &Value)> {
    found["pages"].as_object().expect("pages").iter()
}

/// The addresses that answer a GET with a page, and that nobody has looked at.
fn forgotten(seen: &BTreeSet<String>) -> Vec<&'static str> {
    let addresses = addresses();
    let visited: BTreeSet<&str> = seen
        .iter()
        .filter_map(|path| answering(&addresses, path))
        .collect();
    let without_page: BTreeSet<&str> = NO_PAGE.iter().map(|(name, _)| *name).collect();
    addresses
        .keys()
        .filter(|name| !visited.contains(*name) && !without_page.contains(*name))
        .copied()
        .collect()
}

/// Name and pattern of every address but those that take a POST only.
fn addresses() -> BTreeMap<&'static str, &'static str> {
    let mut found = BTreeMap::new();
    let mut only_post = false;
    for line in PATHS.lines() {
        match line
            .strip_prefix("pub const ")
            .and_then(|rest| rest.split_once(": &str = \""))
        {
            // With a word behind it, it is the page of another address.
            Some((_, pattern)) if pattern.contains('?') => {}
            Some((name, pattern)) if !only_post => {
                found.insert(name, pattern.trim_end_matches("\";"));
            }
            _ => only_post = (only_post || line.contains("(POST only")) && line.starts_with("///"),
        }
    }
    found
}

/// The address that answers this path: the one with the fewest parts left open.
fn answering<'a>(addresses: &BTreeMap<&'a str, &'a str>, path: &str) -> Option<&'a str> {
    let fits = |pattern: &str| {
        let (parts, given) = (pattern.split('/'), path.split('/'));
        pattern.matches('/').count() == path.matches('/').count()
            && parts
                .zip(given)
                .all(|(part, given)| part.starts_with('{') || part == given)
    };
    let fitting = addresses.iter().filter(|(_, pattern)| fits(pattern));
    fitting
        .min_by_key(|(_, pattern)| pattern.matches('{').count())
        .map(|(name, _)| *name)
}
