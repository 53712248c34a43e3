//! `doctor`: looks at everything a service stands on, and says of each whether it is well; or, with `--next`, whether a
//! newer version would still take it.

use std::process::ExitCode;

use clap::Args;
use iapt_pad::app::App;
use iapt_pad::config::{Config, SettingFaults};
use iapt_pad::notify;
use iapt_pad::pads::list_elsewhere;
use iapt_pad::questionnaire::missing_from_floor;
use iapt_pad::triage::RuleSet;
use iapt_pad::values::{Clock, Ts};

use super::gaps::{holidays_end, uncovered};
use super::next;
use super::report::Report;
use super::target::{Target, open};

/// A clock this far in the past was never set: the program was written later.
const WRITTEN: i64 = 1_763_856_000_000_000;

const NO_SECOND_CHANNEL: &str = "none. While mail is down nobody is told of an urgent referral but by the red band in \
    the inbox. Set escalation.webhook in the locality file and ESCALATION_SECRET (docs/operations.md)";

const NO_OTHER_ROUTE: &str = "none. While nobody is on shift everybody on the rota is told, and after all rounds nobody \
    else. Set escalation.after_rounds in the locality file, such as the manager on call";

/// As many pads as are named one by one.
const NAMED: usize = 10;

#[derive(Args)]
pub struct DoctorCommand {
    /// Say instead what a newer version would refuse of today's settings
    #[arg(long)]
    next: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: Target,
}

impl DoctorCommand {
    /// Examines, says a line of each thing, and fails if anything is not well.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut report = Report::new(self.json);
        if let Some(config) = settings(&mut report, &self.target) {
            match self.next {
                true => next::look(&mut report, config).await,
                false => examine(&mut report, config).await,
            }
        }
        report.finish()
    }
}

/// What `serve` would start with, or what the commands can do with when it would not.
fn settings(report: &mut Report, target: &Target) -> Option<Config> {
    let refused = match target.serving_config() {
        Ok(config) => return Some(config),
        Err(refused) => refused,
    };
    match refused.downcast_ref::<SettingFaults>() {
        Some(SettingFaults(faults)) => faults
            .iter()
            .for_each(|fault| report.fail("settings for `serve`", fault)),
        None => report.fail("settings", format!("{refused:#}")),
    }
    target.config().ok()
}

async fn examine(report: &mut Report, config: Config) {
    let rules = RuleSet::shipped(&config.locality.long_term_conditions);
    report.say(
        "rules",
        rules
            .map(|rules| format!("{} rules, version {}", rules.rules.len(), rules.version))
            .map_err(Into::into),
    );
    match missing_from_floor(&config.locality.risk_words).as_slice() {
        [] => report.well(
            "risk words",
            "the locality's list finds all that is always looked for",
        ),
        // No failure: they are looked for all the same.
        missing => report.warn("risk words", lacks(missing)),
    }
    report.say("clock", sane(Clock::system().now()));
    match open(config).await {
        Err(ill) => report.fail("database and key", format!("{ill:#}")),
        Ok(app) => examine_opened(report, &app).await,
    }
}

async fn examine_opened(report: &mut Report, app: &App) {
    let answered = app.db.answers().await.map(|()| app.db.kind().to_owned());
    report.say("database", answered.map_err(Into::into));
    report.well("key", format!("{:?} open", app.keys));
    match pads_lead_elsewhere(app).await {
        Ok(None) => report.well("pads", "every live pad leads to this host"),
        // No failure: with a redirect at the old name all is well, and only a person can tell.
        Ok(Some(warning)) => report.warn("pads", warning),
        Err(ill) => report.fail("pads", format!("{ill:#}")),
    }
    report.say("rota", rota(app).await);
    for warning in uncovered(app).await.unwrap_or_default() {
        report.warn("rota", warning);
    }
    if app.config.locality.escalation.after_rounds.is_none() {
        // No failure: then everybody on the rota is told, again and again.
        report.warn("other route", NO_OTHER_ROUTE);
    }
    match app.mailer.has_second_channel() {
        true => report.say("second channel", app.mailer.second_channel_answers().await),
        // No failure: a service may ring instead, and the red band then says whom.
        false => report.warn("second channel", NO_SECOND_CHANNEL),
    }
    if let Some(warning) = holidays_end(app) {
        report.warn("hours", warning);
    }
    let answers = app.mailer.answers().await;
    report.say("mail", answers.map(|()| "the server answers".to_owned()));
}

/// What a locality's own list of risk words would not find.
fn lacks(missing: &[&str]) -> String {
    let missing: Vec<String> = missing.iter().map(|phrase| format!("“{phrase}”")).collect();
    format!(
        "risk_words of the locality file would not find {}. The program looks for them all the same; `config example` \
         shows a list that finds them",
        missing.join(", ")
    )
}

/// Slips that lead to an address the service has left behind are waste paper in a patient's hand, unless that address
/// still leads here.
async fn pads_lead_elsewhere(app: &App) -> anyhow::Result<Option<String>> {
    let elsewhere = list_elsewhere(app).await?;
    if elsewhere.is_empty() {
        return Ok(None);
    }
    let named = elsewhere.iter().map(|one| {
        let mut numbers: Vec<String> = one.pads.iter().take(NAMED).map(ToString::to_string).collect();
        if one.pads.len() > NAMED {
            numbers.push(format!("and {} more", one.pads.len() - NAMED));
        }
        format!("{} (pads {})", one.host, numbers.join(", "))
    });
    let named = named.collect::<Vec<_>>().join("; ");
    Ok(Some(format!(
        "live pads lead elsewhere than to {}: {named}. Keep the old name as a redirect that keeps the path, or take \
         these pads back",
        app.config.host()
    )))
}

/// Who is told of urgent referrals; the names stay where they are.
async fn rota(app: &App) -> anyhow::Result<String> {
    let rota = notify::rota(&app.db).await?;
    let minutes = app.config.locality.escalation.minutes;
    match (rota.people.len(), app.config.locality.rota.len()) {
        (0, 0) => anyhow::bail!("nobody is on it"),
        (0, many) => Ok(format!(
            "{many} in the locality file, taken over at the first start"
        )),
        (many, _) => Ok(format!(
            "{many} on it; those on shift are told one after the other every {minutes} minutes"
        )),
    }
}

fn sane(now: Ts) -> anyhow::Result<String> {
    anyhow::ensure!(
        now.as_micros() > WRITTEN,
        "it says {}, which is past",
        now.display()
    );
    Ok(now.display())
}
