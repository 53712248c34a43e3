//! Broken rules files and what is said of each; what is said stands in `said.txt` beside this file.

use super::super::rules::DEFAULT_RULES;
use super::*;

/// Ten ways, and more, in which a rules file goes wrong: its name, and the shipped text with these replaced.
const BROKEN: [(&str, &[(&str, &str)]); 26] = [
    ("a typo in a name", &[("when = \"bsl\"", "when = \"bls\"")]),
    (
        "a cycle of flags",
        &[
            ("when = \"bsl\"", "when = \"bsl && 'FORMAT' in flags\""),
            (
                "when = \"format_need\"",
                "when = \"format_need && 'BSL' in flags\"",
            ),
        ],
    ),
    (
        "a type error that only shows on a null",
        &[("when = \"item9 == 3\"", "when = \"item9 >= 3\"")],
    ),
    (
        "a safety rule that another fact could switch off",
        &[(
            "when = \"harm_to_others\"",
            "when = \"harm_to_others && age >= 16\"",
        )],
    ),
    (
        "a safety rule in a group",
        &[
            ("id = \"A7\"", "id = \"A7\"\ngroup = \"step\""),
            (
                "flags = [\"SAFEGUARDING\"] }",
                "flags = [\"SAFEGUARDING\"], step = \"assess\" }",
            ),
        ],
    ),
    (
        "a lowered priority",
        &[(
            "when = \"perinatal\"\nthen = { priority = \"P3\"",
            "when = \"perinatal && item9 == 3\"\nthen = { priority = \"P3\"",
        )],
    ),
    (
        "a rule of a group that can never be applied",
        &[(
            "when = \"has_ltc && ltc_linked == 'unsure'\"",
            "when = \"has_ltc && ltc_linked == 'yes'\"",
        )],
    ),
    (
        "self-booking over a flag",
        &[(" || flags.exists(flag, flag.startsWith('RISK_'))", "")],
    ),
    (
        "a misspelt word",
        &[("problem in ['ptsd', 'social", "problem in ['ptds', 'social")],
    ),
    ("not TOML", &[("when = \"bsl\"", "when = \"bsl")]),
    (
        "a floor missed",
        &[("when = \"item9 == 1 || item9 == 2\"", "when = \"item9 == 2\"")],
    ),
    (
        "a flag raised only below",
        &[(
            "when = \"work_affected\"",
            "when = \"work_affected && 'INTERPRETER' in flags\"",
        )],
    ),
    (
        "a service asked for too early",
        &[(
            "when = \"gp_in_area == 'unknown'\"",
            "when = \"gp_in_area == 'unknown' && service == 'hwb'\"",
        )],
    ),
    (
        "a service chosen only below",
        &[
            (
                "when = \"service == 'hwb' && !ltc_listed\"",
                "when = \"service == 'core' && !ltc_listed\"",
            ),
            (
                "then = { service = \"core\", flags = [\"LTC_PRESENT\"] }",
                "then = { service = \"hwb\", flags = [\"LTC_PRESENT\"] }",
            ),
        ],
    ),
    (
        "a priority no rule above sets",
        &[(
            "when = \"crisis_now == 'yes' || keep_safe == 'no' || keep_safe == 'unsure'\"",
            "when = \"priority == 'P3'\"",
        )],
    ),
    (
        "P4",
        &[(
            "when = \"bsl\"\nthen = {",
            "when = \"bsl\"\nthen = { priority = \"P4\",",
        )],
    ),
    (
        "a safety rule that waits for another rule",
        &[(
            "when = \"spine_red_flag\"",
            "when = \"spine_red_flag && 'SAFEGUARDING' in flags\"",
        )],
    ),
    (
        "safety rules taken out",
        &[
            ("when = \"spine_red_flag\"", "when = \"safeguarding\""),
            ("when = \"psychosis_mania\"", "when = \"free_text_risk\""),
        ],
    ),
    (
        "crisis without review",
        &[(
            "priority = \"P1\", service = \"review\", flags = [\"RISK_CRISIS\"]",
            "priority = \"P1\", flags = [\"RISK_CRISIS\"]",
        )],
    ),
    (
        "perinatal only for some",
        &[(
            "when = \"perinatal && ((item9",
            "when = \"perinatal && age < 40 && ((item9",
        )],
    ),
    (
        "a word that grades",
        &[(
            "text = \"Nobody has asked about safety yet.\"",
            "text = \"Low risk until somebody asks.\"",
        )],
    ),
    (
        "a step asked for in its own group",
        &[("when = \"step2_no_benefit\"", "when = \"step == '2'\"")],
    ),
    (
        "several at once",
        &[
            ("when = \"bsl\"", "when = \"bls\""),
            ("when = \"format_need\"", "when = \"format_needs\""),
            ("id = \"E1\"", "id = \"A1\""),
        ],
    ),
    (
        "a key that is unknown",
        &[("when = \"bsl\"", "when = \"bsl\"\nbecause = \"so\"")],
    ),
    (
        "a value that is unknown",
        &[(
            "then = { priority = \"P2\", flags = [\"SAFEGUARDING\"] }",
            "then = { priority = \"urgent\", flags = [\"SAFEGUARDING\"] }",
        )],
    ),
    (
        "a group that does not end",
        &[(
            "group = \"booking\"\nwhen = \"true\"",
            "group = \"booking\"\nwhen = \"!bsl\"",
        )],
    ),
];

/// The shipped text, changed.
fn broken(changes: &[(&str, &str)]) -> String {
    let change = |text: String, (from, to): &(&str, &str)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    changes.iter().fold(DEFAULT_RULES.to_owned(), change)
}

fn pathways() -> Vec<String> {
    vec!["back_pain".to_owned()]
}

#[test]
fn the_rules_that_ship_are_sound() {
    if let Err(faults) = RuleSet::sound("triage_rules/default.toml", DEFAULT_RULES, &pathways()) {
        panic!("{faults}");
    }
}

#[test]
fn of_each_broken_file_it_is_said_what_is_wrong_and_what_to_do() {
    let mut said = String::new();
    for (name, changes) in BROKEN {
        let faults = RuleSet::sound("rules.toml", &broken(changes), &pathways()).map(|_| ());
        let faults = faults.expect_err(name);
        said.push_str(&format!("# {name}\n{faults}\n\n"));
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/triage/sound/said.txt");
    if std::env::var_os("UPDATE_SAID").is_some() {
        std::fs::write(file, &said).expect("written");
    }
    let expected = std::fs::read_to_string(file).expect("said.txt; with UPDATE_SAID=1 the test writes it");
    assert_eq!(
        said, expected,
        "with UPDATE_SAID=1 the test writes what is said now"
    );
}

/// Each line of the floor is missed by a file that takes away what sees to it, and the fault says which line.
#[test]
fn each_line_of_the_floor_holds_whatever_is_answered_beside_it() {
    let hangs_on = [
        "age < 90",
        "!bsl",
        "interpreter == null",
        "problem != 'ptsd'",
        "pain_weeks == null",
    ];
    let floor = [
        (
            "A1",
            "crisis_now == 'yes' || keep_safe == 'no' || keep_safe == 'unsure'",
        ),
        ("A2", "item9 == 3"),
        ("A3", "item9 == 1 || item9 == 2"),
        (
            "A4",
            "(phq9_started && item9 == null) || crisis_now == 'prefer_not'",
        ),
        ("A5", "!phq9_started && crisis_now == 'not_asked'"),
        ("A6", "harm_to_others"),
        ("A7", "safeguarding"),
        ("A8", "free_text_risk"),
        ("A9", "psychosis_mania"),
        ("A10", "spine_red_flag"),
    ];
    for ((id, condition), other) in floor.into_iter().zip(hangs_on.into_iter().cycle()) {
        let when = format!("when = \"{condition}\"");
        let text = broken(&[(&when, &format!("when = \"({condition}) && {other}\""))]);
        let faults = RuleSet::sound("rules.toml", &text, &pathways())
            .map(|_| ())
            .expect_err(id);
        for word in ["below the floor", "could switch it off"] {
            let about =
                |fault: &RulesError| fault.rule.as_deref() == Some(id) && fault.message.contains(word);
            assert!(faults.0.iter().any(about), "{id} and {other}:\n{faults}");
        }
    }
}

#[test]
fn a_service_may_always_ask_for_more() {
    for (what, changes) in [
        (
            "every thought of self-harm at P1",
            [(
                "then = { priority = \"P2\", flags = [\"RISK_ITEM9\"] }",
                "then = { priority = \"P1\", flags = [\"RISK_ITEM9\"] }",
            )],
        ),
        (
            "more for the young beside what everybody gets",
            [(
                "[[rule]]\nid = \"A8\"",
                "[[rule]]\nid = \"A13\"\nwhen = \"safeguarding && age < 25\"\nthen = { priority = \"P1\" }\ntext = \"Young, and harm is reported.\"\nsource = \"Local\"\n\n[[rule]]\nid = \"A8\"",
            )],
        ),
        (
            "something urgent that is not about safety by itself",
            [(
                "when = \"eating_disorder\"\nthen = {",
                "when = \"eating_disorder\"\nthen = { priority = \"P2\",",
            )],
        ),
    ] {
        if let Err(faults) = RuleSet::sound("rules.toml", &broken(&changes), &pathways()) {
            panic!("{what}:\n{faults}");
        }
    }
}
