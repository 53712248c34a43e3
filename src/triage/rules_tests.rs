//! The shipped rules load; a broken file is refused with its place.

use super::*;

fn shipped() -> RuleSet {
    RuleSet::shipped(&[]).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// The shipped text with one change.
fn changed(from: &str, to: &str) -> RulesError {
    assert!(DEFAULT_RULES.contains(from), "{from}");
    RuleSet::parse("x.toml", &DEFAULT_RULES.replacen(from, to, 1), &[]).expect_err(to)
}

#[test]
fn the_shipped_rules_are_whole_and_in_order() {
    let rules = shipped();
    let ids: Vec<&str> = rules.rules.iter().map(|rule| rule.id.as_str()).collect();
    let sections = [('A', 12), ('B', 8), ('C', 7), ('D', 12), ('E', 7), ('F', 3)];
    let expected: Vec<String> = sections
        .iter()
        .flat_map(|(letter, last)| (1..=*last).map(move |n| format!("{letter}{n}")))
        .collect();
    assert_eq!(ids, expected);
    assert_eq!(rules.version.len(), 12);
    assert_eq!(rules.status, "Not clinically validated");
}

#[test]
fn another_text_is_another_version() {
    assert_ne!(version_of("a"), version_of("b"));
    assert_eq!(
        version_of("abc"),
        "ba7816bf8f01",
        "the SHA-256 of abc, FIPS 180-2"
    );
}

#[test]
fn a_broken_rule_is_named_with_file_line_rule_and_key() {
    let wrong = changed("when = \"item9 == 3\"", "when = \"item9 >= 3\"");
    assert_eq!(
        (wrong.file.as_str(), wrong.rule.as_deref(), wrong.key.as_deref()),
        ("x.toml", Some("A2"), Some("when"))
    );
    let line = DEFAULT_RULES
        .lines()
        .position(|line| line == "when = \"item9 == 3\"")
        .expect("the line")
        + 1;
    assert_eq!(wrong.line, line);
    assert!(
        wrong
            .to_string()
            .starts_with(&format!("x.toml, line {line}, rule A2, key when: ")),
        "{wrong}"
    );
    assert!(wrong.message.contains("item9 != null"), "{wrong}");
}

#[test]
fn every_kind_of_mistake_is_refused() {
    for (from, to, says) in [
        ("format = 1", "format = 2", "must be 1"),
        ("format = 1", "format = 1\ncolour = 3", "colour"),
        ("id = \"A2\"", "id = \"A1\"", "twice"),
        ("id = \"A2\"", "id = \"second\"", "capital letter"),
        ("id = \"A2\"", "id = \"A2\"\nwhy = 1", "why"),
        ("id = \"A2\"", "", "id"),
        ("priority = \"P2\"", "priority = \"P5\"", "P5"),
        ("flags = [\"RISK_OTHERS\"]", "flags = [\"risk\"]", "capitals"),
        ("flags = [\"RISK_OTHERS\"]", "flags = [\"\"]", "capitals"),
        ("then = { flags = [\"BSL\"] }", "then = { }", "does nothing"),
        (
            "then = { flags = [\"BSL\"] }",
            "then = { step = \"2\" }",
            "only in the group",
        ),
        (
            "then = { flags = [\"BSL\"] }",
            "then = { service = \"hwb\" }",
            "only in the group",
        ),
        (
            "then = { flags = [\"BSL\"] }",
            "then = { service = \"review\", step = \"2\" }",
            "only in the group `step`",
        ),
        (
            "then = { service = \"hwb\" }",
            "then = { step = \"2\" }",
            "must set `service`",
        ),
        (
            "then = { service = \"hwb\" }",
            "then = { service = \"hwb\", step = \"2\" }",
            "may not set `step`",
        ),
        (
            "group = \"service\"\nwhen = \"review\"",
            "group = \"service\"\nwhen = \"true\"",
            "never be reached",
        ),
        (
            "group = \"booking\"\nwhen = \"true\"",
            "group = \"booking\"\nwhen = \"bsl\"",
            "must end with",
        ),
        (
            "text = \"Uses British Sign Language.\"",
            "text = \" \"",
            "must not be empty",
        ),
        (
            "source = \"PHQ-9 bands (Kroenke and others 2001)\"",
            "source = \"\"",
            "must not be empty",
        ),
        ("when = \"bsl\"", "when = \"bls\"", "did you mean `bsl`"),
        ("when = \"bsl\"", "when = 3", "string"),
        ("group = \"step\"", "group = \"stairs\"", "stairs"),
    ] {
        let wrong = changed(from, to).to_string();
        assert!(wrong.contains(says), "{to}: {wrong}");
    }
}

#[test]
fn what_is_not_toml_is_refused_with_its_line() {
    let wrong = RuleSet::parse("x.toml", "format = 1\nname = = 3\n", &[]).expect_err("not TOML");
    assert_eq!(wrong.line, 2);
    assert!(RuleSet::parse("x.toml", "", &[]).is_err());
}

#[test]
fn a_missing_file_is_named() {
    let wrong = RuleSet::load(Path::new("/nowhere/rules.toml"), &[]).expect_err("no file");
    assert!(
        wrong.to_string().contains("/nowhere/rules.toml") && wrong.message.contains("cannot be read"),
        "{wrong}"
    );
}
