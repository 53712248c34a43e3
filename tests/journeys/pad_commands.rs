//! Pads and keys on the command line: the real binary, what it says and how it ends.

use iapt_pad::values::MasterKey;
use serde_json::Value;
use tempfile::TempDir;

use super::command_line::{iapt_pad, ran, settings};

/// A house with a clinic, a physio there, and a way to run commands in it.
struct House {
    folder: TempDir,
    key: String,
}

impl House {
    fn new() -> Self {
        let house = House {
            folder: tempfile::tempdir().expect("a folder"),
            key: MasterKey::draw().expect("randomness").to_base64(),
        };
        house.does(&["migrate"]);
        house.does(&["clinics", "add", "NORTH", "Physioworks North"]);
        house.does(&["clinics", "add", "SOUTH", "Physioworks South"]);
        let physio = ["staff", "add", "sam", "--name", "Sam Example", "--role", "physio"];
        house.does(&[&physio[..], &["--clinic", "NORTH"]].concat());
        house
    }

    fn runs(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = iapt_pad(arguments);
        ran(command
            .current_dir(self.folder.path())
            .envs(settings(self.folder.path(), &self.key)))
    }

    /// Runs what must succeed.
    #[track_caller]
    fn does(&self, arguments: &[&str]) -> String {
        let (code, out, told) = self.runs(arguments);
        assert_eq!(code, 0, "{arguments:?}: {out}{told}");
        out
    }

    /// Runs what must end so, saying this.
    #[track_caller]
    fn refuses(&self, code: i32, said: &str, arguments: &[&str]) {
        let (ended, out, told) = self.runs(arguments);
        assert!(
            ended == code && told.contains(said),
            "{arguments:?} ended with {ended}: {out}{told}"
        );
    }

    fn issues(&self, more: &[&str]) -> String {
        let issue = ["pads", "issue", "--clinic", "NORTH", "--template", "a6_four_up"];
        self.does(&[&issue[..], &["--slips", "4", "--out", "pad.pdf"], more].concat())
    }

    fn shown(&self, pad: &str) -> Value {
        let shown = self.does(&["pads", "show", pad, "--json"]);
        serde_json::from_str(&shown).expect("JSON")
    }
}

#[test]
fn a_pad_is_followed_on_the_command_line_from_hand_to_hand() {
    let house = House::new();
    house.issues(&[]);
    house.refuses(2, "no pad 9", &["pads", "show", "9"]);
    house.refuses(2, "nobody called", &["pads", "hand", "1", "--to", "nobody"]);
    house.refuses(2, "Physioworks North", &["pads", "hand", "1", "--to", "SOUTH"]);
    house.refuses(1, "not handed out", &["pads", "return", "1", "--counted", "4"]);
    house.does(&["pads", "hand", "1", "--to", "north"]);
    house.does(&["pads", "hand", "1", "--to", "sam"]);
    house.refuses(1, "have this pad already", &["pads", "hand", "1", "--to", "sam"]);
    for counted in ["-1", "5", "1000000"] {
        house.refuses(2, "from 0 to 4", &["pads", "return", "1", "--counted", counted]);
    }
    let told = house.does(&["pads", "return", "1", "--counted", "3"]);
    assert!(told.contains("1 unused slips did not come back"), "{told}");
    house.refuses(2, "not on this pad", &["pads", "lost", "1", "--serials", "4-5"]);
    house.does(&["pads", "lost", "1", "--serials", "000001-000002"]);
    let told = house.does(&["pads", "lost", "1"]);
    assert!(told.contains("2 slips of pad 1 were unused"), "{told}");
    house.refuses(1, "lost already", &["pads", "lost", "1"]);
    let shown = house.shown("1");
    let happened: Vec<&str> = shown["ledger"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|line| line["what"].as_str())
        .collect();
    let expected = [
        "minted", "printed", "handed", "handed", "returned", "lost", "lost",
    ];
    assert_eq!(happened, expected);
    assert_eq!(shown["ledger"][3]["to"], "Sam Example");
    assert_eq!(
        (&shown["custody"], &shown["totals"]["lost"], &shown["imbalance"]),
        (&"lost".into(), &4.into(), &Value::Null)
    );
    let words = house.does(&["pads", "show", "1"]);
    assert!(
        words.contains("Reported lost: 2 slips 000001 to 000002, by a command"),
        "{words}"
    );
    assert!(house.does(&["pads", "list"]).contains("Lost"));
    house.refuses(
        1,
        "nothing to print",
        &["pads", "reprint", "1", "--out", "again.pdf"],
    );
    assert!(!house.folder.path().join("again.pdf").exists());
}

#[test]
fn a_pad_lasts_as_long_as_it_is_told_and_no_longer_than_five_years() {
    let house = House::new();
    let in_a_month = jiff::ZonedDateTime::now()
        .date()
        .saturating_add(jiff::Span::new().days(30));
    house.issues(&["--expires", &in_a_month.to_string()]);
    let expires = house.shown("1")["expires_at"]
        .as_str()
        .expect("a moment")
        .to_owned();
    let next = in_a_month.tomorrow().expect("a day");
    assert!(
        expires.starts_with(&in_a_month.to_string()) || expires.starts_with(&next.to_string()),
        "{expires}"
    );
    let issue = [
        "pads",
        "issue",
        "--clinic",
        "NORTH",
        "--template",
        "a6_four_up",
        "--slips",
        "1",
    ];
    for (more, said) in [
        (["--expires", "2020-01-01"], "past"),
        (["--expires", "2099-01-01"], "five years"),
        (["--expires", "soon"], "like 2027-03-31"),
        (["--days", "0"], "from 1 to 1830"),
        (["--days", "-1"], "from 1 to 1830"),
        (["--days", "1000000"], "from 1 to 1830"),
    ] {
        house.refuses(2, said, &[&issue[..], &["--out", "x.pdf"], &more].concat());
    }
    assert!(!house.folder.path().join("x.pdf").exists());
}

#[test]
fn a_rotated_key_opens_and_the_old_one_says_why_it_does_not() {
    let mut house = House::new();
    house.issues(&[]);
    let codes = house.does(&["pads", "check", "pad.pdf"]);
    let next = MasterKey::draw().expect("randomness").to_base64();
    let file = house.folder.path().join("new.key");
    let file = file.to_str().expect("a path").to_owned();
    house.refuses(1, "cannot be read", &["secret", "rotate", "--to", &file]);
    std::fs::write(&file, "too short").expect("written");
    house.refuses(1, "32 random bytes", &["secret", "rotate", "--to", &file]);
    std::fs::write(&file, format!("{}\n", house.key)).expect("written");
    house.refuses(1, "nothing was changed", &["secret", "rotate", "--to", &file]);
    std::fs::write(&file, format!("{next}\n")).expect("written");
    let told = house.does(&["secret", "rotate", "--to", &file]);
    assert!(
        told.contains("7 data keys") && told.contains("restart it"),
        "{told}"
    );
    assert!(
        !told.contains(&next) && !told.contains(&house.key),
        "a key is never printed"
    );
    house.refuses(1, "SECRET_KEY does not open", &["audit", "verify"]);
    house.key = next;
    house.does(&["secret", "renew", "codes"]);
    house.refuses(2, "sealed anew", &["secret", "renew", "person"]);
    house.refuses(2, "there are keys for", &["secret", "renew", "everything"]);
    house.does(&["pads", "reprint", "1", "--out", "again.pdf"]);
    assert_eq!(house.does(&["pads", "check", "again.pdf"]), codes);
}

#[test]
fn doctor_names_the_risk_words_that_a_locality_left_out() {
    let house = House::new();
    let doctor = |file: &std::path::Path| {
        let mut command = iapt_pad(&["doctor"]);
        let command = command
            .envs(settings(house.folder.path(), &house.key))
            .env("LOCALITY", file);
        ran(command).1
    };
    let shipped = include_str!("../../locality.toml");
    let file = house.folder.path().join("short.toml");
    std::fs::write(&file, shipped).expect("a file");
    let told = doctor(&file);
    assert!(told.contains("ok    risk words: "), "{told}");
    let (before, rest) = shipped.split_once("risk_words = [").expect("a list");
    let (_, after) = rest.split_once("\n]").expect("its end");
    let short = format!("{before}risk_words = [\"suicid*\"]{after}");
    std::fs::write(&file, short).expect("a file");
    let told = doctor(&file);
    assert!(
        told.contains("warn  risk words: ")
            && told.contains("“killing myself”")
            && !told.contains("“suicidal”"),
        "{told}"
    );
}

#[test]
fn doctor_warns_of_live_pads_that_lead_elsewhere() {
    let house = House::new();
    house.issues(&[]);
    let doctor = |base_url: &str| {
        let mut command = iapt_pad(&["doctor"]);
        let command = command
            .envs(settings(house.folder.path(), &house.key))
            .env("BASE_URL", base_url);
        ran(command).1
    };
    let told = doctor("https://talking.example.org");
    assert!(told.contains("every live pad leads to this host"), "{told}");
    let told = doctor("https://new.example.org");
    assert!(
        told.contains("warn  pads") && told.contains("talking.example.org (pads 1)"),
        "{told}"
    );
}
