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
        &["demo", "--bind", "nowhere"],
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
fn everything_that_is_missing_or_wrong_is_named_at_once() {
    let (code, _, told) = ran(iapt_pad(&["serve"])
        .env("BIND", "localhost:8080")
        .env("TRUSTED_PROXIES", "proxy"));
    assert_eq!(code, 1);
    for fault in [
        "8 settings are missing or wrong:",
        "\n  BASE_URL is not set: ",
        "\n  SMTP_URL is not set: ",
        "\n  MAIL_FROM is not set: ",
        "\n  DATABASE_URL is not set: ",
        "\n  SECRET_KEY is not set: ",
        "\n  BIND takes an address, not a name: type 127.0.0.1:8080",
        "\n  TRUSTED_PROXIES: \"proxy\" is no network: ",
        "\n  LOCALITY is not set: ",
    ] {
        assert!(told.contains(fault), "{fault:?} is not in {told}");
    }
    let (_, out, _) = ran(&mut iapt_pad(&["doctor"]));
    assert_eq!(out.matches("FAIL  settings for `serve`: ").count(), 6, "{out}");
}

#[test]
fn commands_ask_only_for_what_they_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::draw().expect("randomness").to_base64();
    let all = settings(folder.path(), &key);
    assert_eq!(ran(iapt_pad(&["migrate"]).envs(all.clone())).0, 0);
    let copy = folder.path().join("copy.sqlite").display().to_string();
    let database = all[0].1.clone();
    for command in [
        &["clinics", "list", "--json"][..],
        &["clinics", "add", "PW-1", "Physioworks"],
        &["staff", "list", "--json"],
        &[
            "staff",
            "add",
            "lee",
            "--name",
            "Lee Example",
            "--role",
            "lead",
            "--email",
            "lee@example.org",
        ],
        &["keys", "list", "--json"],
        &["outbox", "list", "--json"],
        &["pads", "list", "--json"],
        &["backup", &copy],
    ] {
        // A flag of the settings stands wherever it is typed.
        let (code, _, told) = ran(&mut iapt_pad(&[command, &["--database-url", &database]].concat()));
        assert_eq!(code, 0, "{command:?}: {told}");
    }
    for command in [
        &["audit", "verify"][..],
        &["keys", "add", "record system", "--scope", "read"],
        &["secret", "renew", "codes"],
    ] {
        let (code, _, told) = ran(iapt_pad(command).env("DATABASE_URL", &database));
        assert!(
            code == 1 && told.contains("SECRET_KEY is not set"),
            "{command:?}: {told}"
        );
        let (code, _, told) = ran(iapt_pad(command)
            .env("DATABASE_URL", &database)
            .env("SECRET_KEY", &key));
        assert_eq!(code, 0, "{command:?}: {told}");
    }
    let nowhere = folder.path().join("nowhere").display().to_string();
    let (code, _, told) = ran(&mut iapt_pad(&["clinics", "list", "--data", &nowhere]));
    assert!(
        code == 1 && told.contains("there is no demo in the folder") && told.contains("iapt-pad demo --data"),
        "{told}"
    );
}

#[test]
fn help_shows_a_commands_own_options_and_one_line_for_the_servers() {
    let help = |command: &[&str]| {
        let (code, help, _) = ran(&mut iapt_pad(&[command, &["--help"]].concat()));
        assert_eq!(code, 0, "{command:?}");
        help
    };
    let settings = [
        "--database-url ",
        "--secret-key-file ",
        "--smtp-url ",
        "--metrics-bind ",
        "--log ",
        "--log-format ",
    ];
    let full = help(&["serve"]);
    assert!(settings.iter().all(|option| full.contains(option)), "{full}");
    assert!(
        full.starts_with("Run the service, from the environment\n"),
        "{full}"
    );
    for command in [
        &["clinics", "list"][..],
        &["clinics"],
        &["doctor"],
        &["migrate"],
        &["backup"],
        &["audit", "verify"],
        &["triage", "replay"],
        &["pads", "issue"],
    ] {
        let help = help(command);
        assert!(
            !settings.iter().any(|option| help.contains(option)),
            "{command:?}: {help}"
        );
        assert!(
            help.trim_end()
                .ends_with("Server settings and logging: see `iapt-pad serve --help`"),
            "{command:?}: {help}"
        );
    }
    let list = help(&["clinics", "list"]);
    let place = |option: &str| list.find(option).expect("there");
    assert!(place("--json") < place("--data <DIR>"), "{list}");
    assert!(!help(&["config", "example"]).contains("--data"));
}

#[test]
fn doctor_next_says_what_a_newer_version_would_refuse() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::draw().expect("randomness").to_base64();
    let run = |arguments: &[&str], further: &[(&str, &str)]| {
        let mut command = iapt_pad(arguments);
        command
            .envs(settings(folder.path(), &key))
            .env("SMTP_URL", "smtp://mail.example.org")
            .env("MAIL_FROM", "no-reply@talking.example.org")
            .envs(further.iter().copied());
        ran(&mut command)
    };
    assert_eq!(run(&["migrate"], &[]).0, 0);
    let (code, told, _) = run(&["doctor", "--next"], &[("METRICS_BIND", "0.0.0.0:9090")]);
    assert_eq!(code, 1);
    for refused in [
        "FAIL  names of hosts: kept for examples, nobody is reached there: BASE_URL, MAIL_FROM, ",
        "FAIL  telephone numbers: made up, nobody answers: organisation.phone, the rota",
        "FAIL  mail server: SMTP_URL takes a server without TLS",
        "FAIL  proxy: TRUSTED_PROXIES is empty",
        "FAIL  figures: METRICS_BIND listens on every address",
        "FAIL  second channel: none",
        "FAIL  leads: 0 with a mailbox on record",
        "ok    people: none is made up",
        "ok    tables to be dropped: ",
    ] {
        assert!(told.contains(refused), "{refused:?} is not in {told}");
    }
    let (code, told, _) = run(
        &["doctor", "--next", "--json"],
        &[
            ("TRUSTED_PROXIES", "127.0.0.1"),
            ("SMTP_URL", "smtp://mail.example.org?tls=required"),
        ],
    );
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((code, &told["well"]), (1, &serde_json::json!(false)));
    let state = |what: &str| {
        let findings = told["findings"].as_array().expect("a list");
        let found = findings
            .iter()
            .find(|finding| finding["what"] == what)
            .expect("looked at");
        found["state"].as_str().expect("a word").to_owned()
    };
    assert_eq!(
        (state("proxy").as_str(), state("mail server").as_str()),
        ("ok", "ok")
    );
    assert_eq!(
        (state("names of hosts").as_str(), state("leads").as_str()),
        ("fail", "fail")
    );
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

#[test]
fn triage_check_says_all_that_is_wrong_with_a_rules_file_one_line_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rules.toml");
    let shipped = include_str!("../../triage_rules/default.toml");
    let check = |text: &str, further: &[&str]| {
        std::fs::write(&file, text).expect("written");
        let named = file.to_str().expect("a path");
        ran(&mut iapt_pad(&[&["triage", "check", named], further].concat()))
    };
    let (code, told, _) = check(shipped, &[]);
    assert_eq!(code, 0);
    assert!(
        told.contains("sound. 49 rules, version ") && told.contains("Not clinically validated"),
        "{told}"
    );
    let (_, aloud, _) = check(shipped, &["--aloud"]);
    assert!(
        aloud.contains("\nA2. If item 9 of PHQ-9 is 3: at least P1 (contact today)"),
        "{aloud}"
    );
    let raised = shipped.replace(
        "priority = \"P2\", flags = [\"RISK_ITEM9\"]",
        "priority = \"P1\", flags = [\"RISK_ITEM9\"]",
    );
    let (code, told, _) = check(&raised, &["--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(code, 0, "a lead may ask for more than the floor");
    assert_eq!(told["differs_from_shipped"], serde_json::json!(["A3 changed"]));

    let broken = shipped
        .replace("when = \"bsl\"", "when = \"bls\"")
        .replace("when = \"format_need\"", "when = \"format_needs\"");
    let (code, _, told) = check(&broken, &[]);
    assert_eq!(code, 1);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(
        lines[0].contains("rule E5, key when") && lines[0].contains("`bsl`"),
        "{told}"
    );
    assert!(
        lines[1].contains("rule E6, key when") && lines[1].contains("`format_need`"),
        "{told}"
    );
    let (code, told, _) = check(&broken, &["--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((code, &told["errors"][1]["rule"]), (1, &serde_json::json!("E6")));
}

#[test]
fn a_small_rules_file_without_safety_rules_can_be_tried_out_and_is_not_sound() {
    let small = r#"
format = 1
name = "Small"
status = "Tried out"
[[rule]]
id = "C1"
group = "service"
when = "true"
then = { service = "core" }
text = "Everybody."
source = "Tried out"
[[rule]]
id = "D1"
group = "step"
when = "true"
then = { step = "2" }
text = "Everybody."
source = "Tried out"
[[rule]]
id = "F1"
group = "booking"
when = "true"
then = { booking = "none" }
text = "Everybody."
source = "Tried out"
"#;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("small.toml");
    std::fs::write(&file, small).expect("written");
    let named = file.to_str().expect("a path");
    let mut decide = iapt_pad(&["triage", "decide", "--rules", named])
        .stdin(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut input = decide.stdin.take().expect("piped");
    input.write_all(b"{}\n").expect("written");
    drop(input);
    let output = decide.wait_with_output().expect("ended");
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("\"service\":\"core\""));
    let (code, _, told) = ran(&mut iapt_pad(&["triage", "check", named]));
    assert_eq!(code, 1);
    assert!(
        told.lines().all(|line| line.contains("below the floor")),
        "{told}"
    );
    assert_eq!(told.lines().count(), 12, "{told}");
}
