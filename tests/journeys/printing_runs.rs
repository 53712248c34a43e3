//! Minting from the command line when something goes wrong meanwhile: a disk that fills, a template that is edited.

use super::command_line::{iapt_pad, ran, settings};
use iapt_pad::pads::proof::check;
use iapt_pad::values::MasterKey;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with a database, a clinic and, if asked for, its own templates.
struct Office {
    folder: tempfile::TempDir,
    key: String,
}

impl Office {
    fn open() -> Self {
        let office = Office {
            folder: tempfile::tempdir().expect("a folder"),
            key: MasterKey::draw().expect("randomness").to_base64(),
        };
        assert_eq!(office.run(&["migrate"]).0, 0);
        let (code, _, told) = office.run(&["clinics", "add", "GRAVES", "Physioworks, Graves"]);
        assert_eq!(code, 0, "{told}");
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = iapt_pad(arguments);
        command
            .envs(settings(self.folder.path(), &self.key))
            .current_dir(self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        ran(&mut self.command(arguments))
    }

    fn minted(&self) -> usize {
        let (code, listed, told) = self.run(&["pads", "list", "--json"]);
        assert_eq!(code, 0, "{told}");
        let pads: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
        pads.as_array().expect("a list").len()
    }
}

fn codes_in(file: &Path) -> usize {
    check(std::fs::read(file).expect("a file")).expect("a PDF").len()
}

#[test]
fn unknown_clinics_and_templates_and_impossible_numbers_are_refused_with_2() {
    let office = Office::open();
    let issue = |clinic: &str, template: &str, slips: &str| {
        let (code, _, told) = office.run(&[
            "pads",
            "issue",
            "--clinic",
            clinic,
            "--template",
            template,
            "--slips",
            slips,
            "--out",
            "pad.pdf",
        ]);
        assert_eq!(code, 2, "{clinic} {template} {slips}: {told}");
        told
    };
    assert!(issue("NOWHERE", "a6_four_up", "4").contains("GRAVES"));
    assert!(issue("GRAVES", "a7", "4").contains("a6_four_up"));
    for slips in ["0", "-4", "1000000", "many"] {
        assert!(
            issue("GRAVES", "a6_four_up", slips).contains("from 1 to 10000"),
            "{slips}"
        );
    }
    assert_eq!(office.minted(), 0);
    assert!(!office.path("pad.pdf").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_no_half_file_and_nothing_minted() {
    let office = Office::open();
    // Whatever is written to /dev/full is answered with "no space left on device".
    std::os::unix::fs::symlink("/dev/full", office.path("pad.pdf.part")).expect("a link");
    let issue = [
        "pads",
        "issue",
        "--clinic",
        "GRAVES",
        "--template",
        "a6_four_up",
        "--slips",
        "8",
        "--out",
        "pad.pdf",
    ];
    let (code, _, told) = office.run(&issue);
    assert_eq!(code, 1);
    assert!(told.contains("pad.pdf.part cannot be written"), "{told}");
    assert!(!office.path("pad.pdf").exists() && !office.path("pad.pdf.part").exists());
    assert_eq!(office.minted(), 0);
    let (code, _, told) = office.run(&issue);
    assert_eq!(code, 0, "{told}");
    assert_eq!((office.minted(), codes_in(&office.path("pad.pdf"))), (1, 8));
}

#[test]
fn a_template_edited_while_a_run_prints_changes_nothing_of_the_run() {
    let office = Office::open();
    let templates = office.path("pad_templates");
    std::fs::create_dir(&templates).expect("a folder");
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/pad_templates/a6_four_up.toml");
    let own = templates.join("a6_four_up.toml");
    std::fs::copy(shipped, &own).expect("a template");
    let mut run = office.command(&[
        "pads",
        "issue",
        "--clinic",
        "GRAVES",
        "--template",
        "a6_four_up",
        "--slips",
        "12",
        "--count",
        "4",
        "--out",
        "pad.pdf",
    ]);
    let mut run = run.spawn().expect("the binary starts");
    let first = office.path("pad-000001.pdf");
    while !first.exists() && run.try_wait().expect("a run").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    std::fs::write(&own, "name = \"half a temp").expect("edited");
    assert!(run.wait().expect("an end").success());
    for number in 1..=4 {
        assert_eq!(codes_in(&office.path(&format!("pad-00000{number}.pdf"))), 12);
    }
    let (code, _, told) = office.run(&["pads", "templates"]);
    assert!(code == 1 && told.contains("a6_four_up.toml:1:"), "{told}");
}

#[test]
fn a_long_run_says_how_far_it_is_where_there_is_no_terminal() {
    let office = Office::open();
    let (code, _, told) = office.run(&[
        "pads",
        "issue",
        "--clinic",
        "GRAVES",
        "--template",
        "a6_four_up",
        "--slips",
        "600",
        "--out",
        "pad.pdf",
    ]);
    assert_eq!(code, 0, "{told}");
    let lines = told
        .lines()
        .filter(|line| line.contains("of 600 slips drawn and proven"));
    assert_eq!(lines.count(), 10, "{told}");
}
