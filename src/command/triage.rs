//! `triage decide` and `triage check`: the rules on the command line, without a database.

use std::io::{BufWriter, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use iapt_pad::config::Locality;
use iapt_pad::triage::{Faults, NotSound, RuleSet, check, decide_lines};

#[derive(Subcommand)]
pub enum TriageCommand {
    /// Read facts, one JSON object a line, and print a decision for each
    Decide {
        /// A rules file; the rules that ship unless given
        #[arg(long)]
        rules: Option<PathBuf>,
        /// The locality file, for its list of pathways; the example unless given
        #[arg(long, env = "LOCALITY")]
        locality: Option<PathBuf>,
    },
    /// Show what a rules file would have changed over past referrals
    Replay(Box<super::replay::ReplayArgs>),
    /// Check a rules file whole
    Check {
        /// The rules file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Read every rule out in sentences
        #[arg(long, conflicts_with = "json")]
        aloud: bool,
    },
}

impl TriageCommand {
    /// Runs it; 1 when a line could not be decided or the file is not sound.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            TriageCommand::Replay(replay) => replay.run().await,
            TriageCommand::Decide { rules, locality } => {
                let locality = match locality {
                    Some(file) => Locality::load(&file)?,
                    None => Locality::example()?,
                };
                let rules = match rules {
                    Some(file) => RuleSet::load(&file, &locality.long_term_conditions)?,
                    None => RuleSet::shipped(&locality.long_term_conditions)?,
                };
                let all = decide_lines(&rules, stdin().lock(), BufWriter::new(stdout().lock()))?;
                Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }
            TriageCommand::Check { file, json, aloud } => check_file(&file, json, aloud),
        }
    }
}

/// Says of a rules file all that is wrong with it, one line each, or what it holds; `aloud`: every rule, too.
fn check_file(file: &Path, json: bool, aloud: bool) -> anyhow::Result<ExitCode> {
    let pathways = Locality::example()?.long_term_conditions;
    match check(file, &pathways) {
        Ok(checked) if json => println!("{}", serde_json::to_string(&checked)?),
        Ok(checked) => {
            println!("{checked}");
            let read_out = checked.read_out.iter().filter(|_| aloud);
            read_out.for_each(|rule| println!("\n{rule}"));
        }
        Err(Faults(errors)) => {
            if json {
                println!("{}", serde_json::to_string(&NotSound { errors: &errors })?);
            } else {
                errors.iter().for_each(|error| eprintln!("{error}"));
            }
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
