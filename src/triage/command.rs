//! What `triage decide` and `triage check` do: one decision for one line of facts, and a look at a rules file.

use std::io::{BufRead, Read, Write};
use std::path::Path;

use serde::Serialize;

use super::decision::{Decision, decide};
use super::difference::{Change, differences};
use super::facts::Facts;
use super::prose::aloud;
use super::reading::FactError;
use super::rules::{RuleSet, read_file};
use super::rules_file::{Faults, RulesError};

/// The longest line of facts, in bytes.
const LONGEST_LINE: u64 = 64 * 1024;

/// The answer to one line.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer<'a> {
    Decision(Box<Decision>),
    Refused { error: Refusal<'a> },
}

#[derive(Serialize)]
struct Refusal<'a> {
    line: usize,
    key: Option<&'a str>,
    message: &'a str,
}

/// Decides line by line: for each line of `input`, a JSON object of facts, exactly one line on `output`, a decision
/// or `{"error":{"line","key","message"}}`. Says whether every line was decided; an error only if reading or
/// writing fails.
pub fn decide_lines(
    rules: &RuleSet,
    mut input: impl BufRead,
    mut output: impl Write,
) -> std::io::Result<bool> {
    let mut all_decided = true;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if input
            .by_ref()
            .take(LONGEST_LINE + 1)
            .read_until(b'\n', &mut line)?
            == 0
        {
            break;
        }
        let facts = if line.len() as u64 > LONGEST_LINE && line.last() != Some(&b'\n') {
            skip_line(&mut input)?;
            Err(FactError::whole(format!(
                "the line is longer than {LONGEST_LINE} bytes"
            )))
        } else {
            read(&line)
        };
        match facts {
            Ok(facts) => write_line(&mut output, &Answer::Decision(Box::new(decide(rules, &facts))))?,
            Err(FactError { key, message }) => {
                all_decided = false;
                let error = Refusal {
                    line: number,
                    key: key.as_deref(),
                    message: &message,
                };
                write_line(&mut output, &Answer::Refused { error })?;
            }
        }
    }
    output.flush()?;
    Ok(all_decided)
}

fn read(line: &[u8]) -> Result<Facts, FactError> {
    let text = std::str::from_utf8(line).map_err(|_| FactError::whole("the line is not UTF-8"))?;
    match text.trim() {
        "" => Err(FactError::whole(
            "the line is empty: give an object of facts, or {} for all defaults",
        )),
        text => Facts::from_json(text),
    }
}

fn write_line(output: &mut impl Write, answer: &Answer<'_>) -> std::io::Result<()> {
    serde_json::to_writer(&mut *output, answer)?;
    output.write_all(b"\n")
}

/// Reads on to the end of the line without keeping it.
fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let held = input.fill_buf()?;
        let (used, ended) = match held.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (held.len(), held.is_empty()),
        };
        input.consume(used);
        if ended {
            return Ok(());
        }
    }
}

/// What `triage check` says of a sound rules file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The file.
    pub file: String,
    /// The name in the file.
    pub name: String,
    /// How far it was validated, in the file's words.
    pub status: String,
    /// How many rules it holds.
    pub rules: usize,
    /// Its version.
    pub version: String,
    /// What differs from the rules that ship, rule by rule: "A3 changed".
    pub differs_from_shipped: Vec<String>,
    /// Every rule in sentences, for reading out.
    #[serde(skip)]
    pub read_out: Vec<String>,
}

impl std::fmt::Display for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Checked {
            file,
            name,
            status,
            rules,
            version,
            differs_from_shipped,
            read_out: _,
        } = self;
        write!(
            f,
            "{file}: sound. {rules} rules, version {version}. \"{name}\": {status}."
        )?;
        match differs_from_shipped.as_slice() {
            [] => write!(f, " Rule by rule the same as the rules that ship."),
            differs => write!(f, " Other than the rules that ship: {}.", differs.join(", ")),
        }
    }
}

/// Reads and checks a rules file whole, as before it may be proposed. `pathways`: the locality's list of conditions
/// with a pathway. Tells all that is wrong.
pub fn check(file: &Path, pathways: &[String]) -> Result<Checked, Faults> {
    let one = |fault: RulesError| Faults(vec![fault]);
    let (name, text) = read_file(file).map_err(one)?;
    let rules = RuleSet::sound(&name, &text, pathways)?;
    let shipped = RuleSet::shipped(pathways).map_err(one)?;
    let differs = differences(&shipped, &rules);
    Ok(Checked {
        file: name,
        rules: rules.rules.len(),
        differs_from_shipped: differs.iter().map(Change::told).collect(),
        read_out: rules.rules.iter().map(aloud).collect(),
        name: rules.name,
        status: rules.status,
        version: rules.version,
    })
}

/// What `triage check --json` says of a file that is not sound.
#[derive(Serialize)]
pub struct NotSound<'f> {
    /// Everything that is wrong, in the order of the file.
    pub errors: &'f [RulesError],
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(input: &[u8]) -> (bool, Vec<serde_json::Value>) {
        let rules = RuleSet::shipped(&[]).unwrap_or_else(|wrong| panic!("{wrong}"));
        let mut output = Vec::new();
        let decided = decide_lines(&rules, input, &mut output).expect("written");
        let text = String::from_utf8(output).expect("UTF-8");
        assert!(text.is_empty() || text.ends_with('\n'));
        (
            decided,
            text.lines()
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .collect(),
        )
    }

    #[test]
    fn one_line_in_is_one_line_out() {
        let (decided, lines) = run(b"{}\n{\"crisis_now\":\"yes\"}\r\n{\"bsl\":true}");
        assert!(decided);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0]["priority"], "P4");
        assert_eq!(lines[1]["priority"], "P1");
        assert_eq!(lines[2]["flags"][0], "BSL");
        assert_eq!(run(b""), (true, vec![]));
    }

    #[test]
    fn a_bad_line_is_named_and_the_next_is_still_decided() {
        let (decided, lines) = run(b"{\"phq9\":[4]}\n\n{\"colour\":1}\n\xff\n[1]\n{}\n");
        assert!(!decided);
        assert_eq!(lines.len(), 6);
        for (index, key) in [
            (0, Some("phq9")),
            (1, None),
            (2, Some("colour")),
            (3, None),
            (4, None),
        ] {
            let error = &lines[index]["error"];
            assert_eq!(error["line"], index + 1);
            assert_eq!(error["key"].as_str(), key);
            assert!(!error["message"].as_str().expect("a message").is_empty());
        }
        assert_eq!(lines[5]["service"], "core");
    }

    #[test]
    fn a_line_beyond_the_limit_is_refused_and_passed_over() {
        let limit = usize::try_from(LONGEST_LINE).expect("fits");
        let mut input = vec![b'x'; limit * 3];
        input.extend(b"\n{}\n");
        let (decided, lines) = run(&input);
        assert!(!decided);
        assert_eq!(lines.len(), 2);
        assert!(
            lines[0]["error"]["message"]
                .as_str()
                .expect("a message")
                .contains("longer")
        );
        let mut whole = b"{}".to_vec();
        whole.resize(limit, b' ');
        whole.push(b'\n');
        assert_eq!(run(&whole).1.len(), 1);
        assert!(run(&whole).0);
    }

    #[test]
    fn check_says_what_it_found() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("triage_rules/default.toml");
        let checked = check(&file, &[]).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(checked.rules, 49);
        assert!(
            checked.to_string().contains("Not clinically validated"),
            "{checked}"
        );
        assert!(check(Path::new("/nowhere.toml"), &[]).is_err());
    }
}
