//! The command line's part of this room: `pads issue`, `hand`, `return`, `lost`, `void`, `reprint`, `show`, `list`,
//! `templates`, `check`.

mod keeping;
mod listing;
mod progress;
mod saving;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, Subcommand};
use listing::{print_minted, print_pads, print_templates};
use progress::Progress;
use saving::{give_its_name, numbered, save_part};
use serde_json::json;

use crate::app::App;
use crate::config::{Locality, ServiceName};
use crate::pads::printing::sample;
use crate::pads::template::{Template, Templates};
use crate::pads::{
    Lasting, MOST_SLIPS, MintedPad, Order, Release, SerialRange, SlipCount, Whose, custody, minting, proof,
    shown,
};
use crate::staff::{Clinic, ClinicCode, find_clinic_coded, list_clinics};
use crate::values::{Clock, Unfit};

/// Most pads that one command mints.
const MOST_PADS: u16 = 1_000;

/// Pads of slips
#[derive(Subcommand, Clone, Debug)]
pub enum PadsCommand {
    /// Mint pads, prove every code on them, and write one PDF each
    Issue(Issue),
    /// Take back the unused slips of a range of serials, at once
    Void {
        /// A serial, or two with a dash: 000123-000150
        #[arg(value_parser = SerialRange::parse)]
        serials: SerialRange,
    },
    /// Hand a pad to its clinic, or to a physio there
    Hand {
        /// The pad's number
        pad: i32,
        /// The code of the clinic, or the physio's username
        #[arg(long, value_name = "CLINIC-CODE|USERNAME")]
        to: String,
    },
    /// Count a pad back
    Return {
        /// The pad's number
        pad: i32,
        /// How many slips are still on it
        #[arg(long, value_name = "SLIPS", allow_negative_numbers = true)]
        counted: i32,
    },
    /// Report a pad lost, or a range of it: what is unused is void at once
    Lost {
        /// The pad's number
        pad: i32,
        /// Only these: a serial, or two with a dash, 000123-000150
        #[arg(long, value_name = "FIRST-LAST", value_parser = SerialRange::parse)]
        serials: Option<SerialRange>,
    },
    /// Show where a pad is, its ledger and its totals; fails if they do not balance
    Show {
        /// The pad's number
        pad: i32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a pad again, with the same codes, without its void slips
    Reprint {
        /// The pad's number
        pad: i32,
        /// The file to write
        #[arg(long, value_name = "FILE.pdf")]
        out: PathBuf,
    },
    /// List all pads, the newest first
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the templates that slips can be printed with
    Templates {
        /// A folder for a sample of each, NAME.pdf, as it will print
        #[arg(long, value_name = "FOLDER")]
        samples: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Read every code of a PDF, as the proof before each release does
    Check {
        /// Any PDF
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// What is to be minted.
#[derive(Args, Clone, Debug)]
pub struct Issue {
    /// The code of the clinic that hands the slips out
    #[arg(long, value_parser = ClinicCode::parse)]
    clinic: ClinicCode,
    /// The template, as `pads templates` lists it
    #[arg(long)]
    template: String,
    /// Slips in a pad
    #[arg(long, value_parser = slip_count, allow_negative_numbers = true)]
    slips: SlipCount,
    /// The file to write; with --count above 1 each pad's number is put before its ending
    #[arg(long, value_name = "FILE.pdf")]
    out: PathBuf,
    /// The service the slips are for: core or hwb; without it, for either
    #[arg(long, value_parser = service)]
    service: Option<ServiceName>,
    /// The last day the slips can be used, like 2027-03-31
    #[arg(long, value_name = "DATE", value_parser = Lasting::parse_date, conflicts_with = "days")]
    expires: Option<Lasting>,
    /// For how many days the slips can be used; without it and --expires, as long as the locality says
    #[arg(long, value_parser = Lasting::parse_days, allow_negative_numbers = true)]
    days: Option<Lasting>,
    /// How many pads
    #[arg(long, value_name = "PADS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_PADS)))]
    count: u16,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Issue {
    fn lasting(&self) -> Lasting {
        self.expires.or(self.days).unwrap_or(Lasting::AsUsual)
    }
}

fn slip_count(typed: &str) -> Result<SlipCount, Unfit> {
    SlipCount::parse(typed, MOST_SLIPS)
}

fn service(word: &str) -> Result<ServiceName, Unfit> {
    match ServiceName::parse(word) {
        Some(name @ (ServiceName::Core | ServiceName::Hwb)) => Ok(name),
        Some(ServiceName::Review) | None => Err(Unfit::because("a pad is for core or hwb")),
    }
}

impl PadsCommand {
    /// Runs the command. `app` is opened only by those that make codes, and `books`, without keys, by those that look and
    /// move. Exit 2 if a name is unknown.
    pub async fn run(
        self,
        (app, books): (
            impl AsyncFnOnce() -> anyhow::Result<Arc<App>>,
            impl AsyncFnOnce() -> anyhow::Result<Arc<App>>,
        ),
        templates: &Templates,
        locality: &Locality,
        out: &mut impl Write,
    ) -> anyhow::Result<ExitCode> {
        match self {
            PadsCommand::Issue(asked) => return issue(&*app().await?, templates, asked, out).await,
            PadsCommand::Void { serials } => void(&*books().await?, serials, out).await?,
            PadsCommand::Reprint { pad, out: file } => {
                return reprint(&*app().await?, templates, pad, &file, out).await;
            }
            PadsCommand::Hand { pad, to } => return keeping::run_hand(&*books().await?, pad, &to, out).await,
            PadsCommand::Return { pad, counted } => {
                return keeping::run_return(&*books().await?, pad, counted, out).await;
            }
            PadsCommand::Lost { pad, serials } => {
                return keeping::run_lost(&*books().await?, pad, serials, out).await;
            }
            PadsCommand::Show { pad, json } => {
                return keeping::run_show(&*books().await?, pad, json, out).await;
            }
            PadsCommand::List { json } => {
                let pads = shown::list_pads(&*books().await?, Whose::All, i64::MAX).await?;
                print_pads(out, json, &pads)?;
            }
            PadsCommand::Templates { samples, json } => {
                if let Some(folder) = samples {
                    save_samples(templates, locality, &folder)?;
                }
                print_templates(out, json, templates)?;
            }
            PadsCommand::Check { file, json } => return check(&file, json, out),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Draws two sheets of each template with slips that nobody minted.
fn save_samples(templates: &Templates, locality: &Locality, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for template in templates.iter() {
        let file = folder.join(format!("{}.pdf", template.name));
        let pdf = sample(template, locality, false, Clock::system().now())?;
        std::fs::write(&file, pdf).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

/// Says on standard error what was not understood; exit 2.
fn not_understood(said: &str) -> anyhow::Result<ExitCode> {
    eprintln!("error: {said}");
    Ok(ExitCode::from(2))
}

async fn issue(
    app: &App,
    templates: &Templates,
    asked: Issue,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let Some(template) = templates.get(&asked.template) else {
        let known: Vec<&str> = templates.iter().map(|template| template.name.as_str()).collect();
        return not_understood(&format!(
            "there is no template {:?}; there are: {}",
            asked.template,
            known.join(", ")
        ));
    };
    let code = asked.clinic.as_str().to_owned();
    let found = app.db.read(move |conn| find_clinic_coded(conn, &code)).await?;
    let Some(clinic) = found.filter(|clinic| clinic.active) else {
        let known: Vec<String> = list_clinics(&app.db)
            .await?
            .into_iter()
            .map(|clinic| clinic.code)
            .collect();
        return not_understood(&format!(
            "there is no clinic {}; there are: {}",
            asked.clinic.as_str(),
            known.join(", ")
        ));
    };
    if let Err(unfit) = asked
        .lasting()
        .end(app.clock.now(), app.config.locality.slip_days)
    {
        return not_understood(&unfit.to_string());
    }
    let progress = Progress::over(u64::from(asked.count) * u64::from(asked.slips.get()));
    let mut minted = Vec::new();
    for _ in 0..asked.count {
        minted.push(issue_one(app, template, &clinic, &asked, &progress).await?);
    }
    progress.finish();
    print_minted(out, asked.json, &minted)?;
    Ok(ExitCode::SUCCESS)
}

/// Draws one pad, saves it under a name that is not final, records it, and gives it its name: no half file,
/// and nothing minted that was not saved.
async fn issue_one(
    app: &App,
    template: &Template,
    clinic: &Clinic,
    asked: &Issue,
    progress: &Progress,
) -> anyhow::Result<(MintedPad, PathBuf)> {
    let order = Order {
        clinic: (clinic.id, clinic.name.clone()),
        physio: None,
        service: asked.service,
        slips: asked.slips,
        lasting: asked.lasting(),
        by: None,
    };
    let counting = progress.clone();
    let drawn = minting::draw_pad_watched(app, template, order, move |slips| counting.more(slips)).await?;
    let pad = drawn.summary();
    let file = match asked.count {
        1 => asked.out.clone(),
        _ => numbered(&asked.out, pad.number),
    };
    let part = save_part(&file, drawn.pdf())?;
    let recorded = async {
        drawn.record(app).await?;
        released(custody::note_printed(app, &pad, None).await?)
    };
    if let Err(refused) = recorded.await {
        let _gone = std::fs::remove_file(&part);
        return Err(refused);
    }
    give_its_name(&part, &file)?;
    Ok((pad, file))
}

async fn void(app: &App, serials: SerialRange, out: &mut impl Write) -> anyhow::Result<()> {
    let voided = custody::void(app, serials, Whose::All, None).await?;
    anyhow::ensure!(voided.in_range > 0, "there is no slip with such a serial");
    let (now, before) = (voided.now, voided.in_range);
    Ok(writeln!(
        out,
        "{now} of {before} slips were unused and are now void."
    )?)
}

async fn reprint(
    app: &App,
    templates: &Templates,
    pad: i32,
    file: &Path,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let Some((minted, proven)) = custody::reprint(app, templates, pad, Whose::All).await? else {
        return not_understood(&format!("there is no pad {pad}"));
    };
    let part = save_part(file, proven.bytes())?;
    let noted = custody::note_printed(app, &minted, None).await;
    if let Err(refused) = noted.and_then(released) {
        let _gone = std::fs::remove_file(&part);
        return Err(refused);
    }
    give_its_name(&part, file)?;
    print_minted(out, false, &[(minted, file.to_owned())])?;
    Ok(ExitCode::SUCCESS)
}

/// What was taken back while it was drawn must not be handed over without a word.
fn released(release: Release) -> anyhow::Result<()> {
    match release {
        Release::Released => Ok(()),
        Release::TakenBackMeanwhile => {
            anyhow::bail!("slips of this pad were taken back while it was being drawn: print it again")
        }
    }
}

fn check(file: &Path, json: bool, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let found = proof::check(bytes).with_context(|| file.display().to_string())?;
    if json {
        let list = found
            .iter()
            .map(|code| json!({"page": code.page, "text": code.text}));
        writeln!(out, "{:#}", list.collect::<serde_json::Value>())?;
    } else {
        for code in &found {
            writeln!(out, "page {}: {}", code.page, code.text)?;
        }
        writeln!(out, "{} codes read.", found.len())?;
    }
    Ok(if found.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
