//! What an examination found: a line each as it is found, or one JSON object at the end.

use std::process::ExitCode;

use serde::Serialize;

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warn,
    Fail,
}

#[derive(Serialize)]
struct Finding {
    state: State,
    what: &'static str,
    found: String,
}

/// Findings so far.
pub struct Report {
    json: bool,
    findings: Vec<Finding>,
}

impl Report {
    /// Nothing found yet; `json` keeps everything for the end.
    pub fn new(json: bool) -> Self {
        Self {
            json,
            findings: Vec::new(),
        }
    }

    /// All is well with this.
    pub fn well(&mut self, what: &'static str, found: impl Into<String>) {
        self.find(State::Ok, what, found.into());
    }

    /// Somebody should look at this; no failure.
    pub fn warn(&mut self, what: &'static str, found: impl Into<String>) {
        self.find(State::Warn, what, found.into());
    }

    /// This is not well.
    pub fn fail(&mut self, what: &'static str, found: impl Into<String>) {
        self.find(State::Fail, what, found.into());
    }

    /// Either.
    pub fn say(&mut self, what: &'static str, found: anyhow::Result<String>) {
        match found {
            Ok(fine) => self.well(what, fine),
            Err(ill) => self.fail(what, format!("{ill:#}")),
        }
    }

    fn find(&mut self, state: State, what: &'static str, found: String) {
        if !self.json {
            let word = match state {
                State::Ok => "ok  ",
                State::Warn => "warn",
                State::Fail => "FAIL",
            };
            println!("{word}  {what}: {found}");
        }
        self.findings.push(Finding { state, what, found });
    }

    /// Prints what was kept for the end; fails if anything is not well.
    pub fn finish(self) -> anyhow::Result<ExitCode> {
        let well = self.findings.iter().all(|finding| finding.state != State::Fail);
        if self.json {
            let all = serde_json::json!({"well": well, "findings": self.findings});
            println!("{all}");
        }
        Ok(match well {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        })
    }
}
