//! The command line as an engineer uses it: the real binary, its output and its exit codes.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use iapt_pad::values::MasterKey;

/// The binary with only the environment a test gives it.
pub(super) fn iapt_pad(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iapt-pad"));
    command
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(super) fn ran(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the binary starts");
    (status.code().unwrap_or(-1), text(&stdout), text(&stderr))
}

pub(super) fn settings(folder: &Path, key: &str) -> Vec<(&'static str, String)> {
    vec![
        (
            "DATABASE_URL",
            format!("sqlite:{}", folder.join("pad.sqlite").display()),
        ),
        ("SECRET_KEY", key.to_owned()),
        (
            "LOCALITY",
            concat!(env!("CARGO_MANIFEST_DIR"), "/locality.toml").to_owned(),
        ),
        ("BASE_URL", "https://talking.example.org".to_owned()),
    ]
}

#[test]
fn what_is_not_understood_ends_with_2_and_says_why() {
    for wrong in [
        &["frobnicate"][..],
        &["serve", "--bind", "nowhere"],
        &["seed"],
        &[],
    ] {
        let (code, _, told) = ran(&mut iapt_pad(wrong));
        assert_eq!(code, 2, "{wrong:?} says {told}");
        assert!(
            told.contains("--help") || told.contains("Usage"),
            "{wrong:?} says {told}"
        );
    }
}

#[test]
fn a_missing_setting_is_named_and_nothing_starts() {
    let (code, _, told) = ran(&mut iapt_pad(&["serve"]));
    assert_eq!(code, 1);
    assert!(told.contains("BASE_URL is not set"), "{told}");
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::draw().expect("randomness").to_base64();
    let mut http = iapt_pad(&["serve"]);
    http.envs(settings(folder.path(), &key))
        .env("BASE_URL", "http://talking.example.org");
    let (code, _, told) = ran(&mut http);
    assert_eq!(code, 1);
    assert!(told.contains("https://"), "{told}");
}

#[test]
fn triage_decide_answers_each_line_with_one_line() {
    let mut decide = iapt_pad(&["triage", "decide"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let lines = "{}\n{\"crisis_now\":\"yes\"}\n{\"shoe_size\":9}\n";
    decide
        .stdin
        .take()
        .expect("an input")
        .write_all(lines.as_bytes())
        .expect("written");
    let answered = decide.wait_with_output().expect("an end");
    let out = text(&answered.stdout);
    let answers: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(answered.status.code(), Some(1), "one line could not be decided");
    assert_eq!(answers.len(), 3);
    assert_eq!(
        (&answers[0]["service"], &answers[1]["priority"]),
        (&"core".into(), &"P1".into())
    );
    assert_eq!(answers[2]["error"]["line"], 3);
    assert_eq!(answers[2]["error"]["key"], "shoe_size");
}

#[test]
fn the_printed_example_is_a_locality_file_that_is_taken() {
    let (code, example, _) = ran(&mut iapt_pad(&["config", "example"]));
    assert_eq!(code, 0);
    iapt_pad::config::Locality::parse(&example).expect("a sound file");
}

#[test]
fn a_database_is_made_used_copied_and_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::draw().expect("randomness").to_base64();
    let run = |arguments: &[&str]| ran(iapt_pad(arguments).envs(settings(folder.path(), &key)));
    let (code, _, told) = run(&["audit", "verify"]);
    assert!(code == 1 && told.contains("iapt-pad migrate"), "{told}");
    assert_eq!(run(&["migrate"]).0, 0);
    let (code, made, told) = run(&["seed", "--referrals", "5"]);
    assert_eq!(code, 0, "{made}{told}");
    let (code, _, told) = run(&["seed", "--referrals", "5"]);
    assert!(code == 1 && told.contains("holds something already"), "{told}");
    let (code, verified, _) = run(&["audit", "verify"]);
    assert_eq!(
        (code, verified.as_str()),
        (0, "5 timelines are whole, 0 were altered.\n")
    );
    let copy = folder.path().join("copy.sqlite");
    let copy = copy.to_str().expect("a path");
    let (code, _, told) = run(&["backup", copy]);
    assert_eq!(code, 0, "{told}");
    let (code, _, told) = run(&["backup", copy]);
    assert!(code == 1 && told.contains("never overwrites"), "{told}");
    let from_copy = ran(iapt_pad(&["audit", "verify"])
        .envs(settings(folder.path(), &key))
        .env("DATABASE_URL", format!("sqlite:{copy}")));
    assert_eq!(from_copy.1, "5 timelines are whole, 0 were altered.\n");
    let other = MasterKey::draw().expect("randomness").to_base64();
    let refused = ran(iapt_pad(&["audit", "verify"]).envs(settings(folder.path(), &other)));
    assert!(
        refused.0 == 1 && refused.2.contains("SECRET_KEY does not open"),
        "{}",
        refused.2
    );
    assert!(!refused.2.contains(&other), "a key is never printed");
}
