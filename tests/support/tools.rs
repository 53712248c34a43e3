//! Programs from outside that tests use as independent witnesses (poppler-utils, zbar-tools, libjpeg-turbo-progs,
//! qpdf). They are required when CI=true; elsewhere a test that lacks one says so loudly and passes.

use std::process::Command;

/// Whether all these programs can be run. Panics instead of answering no when CI=true.
pub fn there_are(programs: &[&str]) -> bool {
    let missing: Vec<&&str> = programs.iter().filter(|program| !runs(program)).collect();
    if missing.is_empty() {
        return true;
    }
    let said =
        format!("missing {missing:?} (Debian packages poppler-utils, zbar-tools, libjpeg-turbo-progs, qpdf)");
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{said}: required when CI=true"
    );
    eprintln!("\n*** SKIPPED: {said} ***\n");
    false
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// Runs a program to its end and hands back what it printed; panics with its complaint if it failed.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .expect("the tool starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
