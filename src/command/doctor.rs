//! `doctor`: looks at everything a service stands on, and says of each whether it is well.

use std::process::ExitCode;

use iapt_pad::app::App;
use iapt_pad::config::Settings;
use iapt_pad::notify::{self, Gap};
use iapt_pad::pads::list_elsewhere;
use iapt_pad::questionnaire::missing_from_floor;
use iapt_pad::triage::RuleSet;
use iapt_pad::values::{Clock, Ts};

/// A clock this far in the past was never set: the program was written later.
const WRITTEN: i64 = 1_763_856_000_000_000;

const NO_SECOND_CHANNEL: &str = "none. While mail is down nobody is told of an urgent referral but by the red band in \
    the inbox. Set escalation.webhook in the locality file and ESCALATION_SECRET (docs/operations.md)";

const NO_OTHER_ROUTE: &str = "none. While nobody is on shift everybody on the rota is told, and after all rounds nobody \
    else. Set escalation.after_rounds in the locality file, such as the manager on call";

/// As many days ahead as are looked through for hours that nobody covers.
const DAYS_AHEAD: u16 = 28;

/// No two bank holidays of England lie further apart than from late August to Christmas, in days.
const LONGEST_WITHOUT_HOLIDAY: i64 = 125;

/// As many pads as are named one by one.
const NAMED: usize = 10;

/// Examines and prints a line each; fails if anything is not well.
pub async fn examine(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut well = true;
    let mut say = |what: &str, found: anyhow::Result<String>| match found {
        Ok(fine) => println!("ok    {what}: {fine}"),
        Err(ill) => {
            well = false;
            println!("FAIL  {what}: {ill:#}");
        }
    };
    let config = match settings.for_serving().or_else(|unsafe_for_serving| {
        say("settings for `serve`", Err(unsafe_for_serving));
        settings.for_commands()
    }) {
        Ok(config) => config,
        Err(ill) => {
            say("settings", Err(ill));
            return Ok(ExitCode::FAILURE);
        }
    };
    let rules = RuleSet::shipped(&config.locality.long_term_conditions);
    say(
        "rules",
        rules
            .map(|rules| format!("{} rules, version {}", rules.rules.len(), rules.version))
            .map_err(Into::into),
    );
    match missing_from_floor(&config.locality.risk_words).as_slice() {
        [] => say(
            "risk words",
            Ok("the locality's list finds all that is always looked for".to_owned()),
        ),
        // No failure: they are looked for all the same.
        missing => println!("warn  risk words: {}", lacks(missing)),
    }
    say("clock", sane(Clock::system().now()));
    match super::open(config).await {
        Err(ill) => say("database and key", Err(ill)),
        Ok(app) => {
            let answered = app.db.answers().await.map(|()| app.db.kind().to_owned());
            say("database", answered.map_err(Into::into));
            say("key", Ok(format!("{:?} open", app.keys)));
            match pads_lead_elsewhere(&app).await {
                Ok(None) => say("pads", Ok("every live pad leads to this host".to_owned())),
                // No failure: with a redirect at the old name all is well, and only a person can tell.
                Ok(Some(warning)) => println!("warn  pads: {warning}"),
                Err(ill) => say("pads", Err(ill)),
            }
            say("rota", rota(&app).await);
            for warning in uncovered(&app).await.unwrap_or_default() {
                println!("warn  rota: {warning}");
            }
            if app.config.locality.escalation.after_rounds.is_none() {
                // No failure: then everybody on the rota is told, again and again.
                println!("warn  other route: {NO_OTHER_ROUTE}");
            }
            match app.mailer.has_second_channel() {
                true => say("second channel", app.mailer.second_channel_answers().await),
                // No failure: a service may ring instead, and the red band then says whom.
                false => println!("warn  second channel: {NO_SECOND_CHANNEL}"),
            }
            if let Some(warning) = holidays_end(&app) {
                println!("warn  hours: {warning}");
            }
            say(
                "mail",
                app.mailer
                    .answers()
                    .await
                    .map(|()| "the server answers".to_owned()),
            );
        }
    }
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
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

/// The hours that nobody on the rota covers, each week and because of leave or a bank holiday.
async fn uncovered(app: &App) -> anyhow::Result<Vec<String>> {
    let seed = app.config.locality.rota.clone();
    let people = app.db.read(move |conn| notify::rota_people(conn, &seed)).await?;
    let (today, holidays) = (
        app.clock.now().london_date(),
        &app.config.locality.hours.bank_holidays,
    );
    let weekly = notify::uncovered_hours(&people);
    let weekly: Vec<String> = weekly.iter().map(Gap::by_weekday).collect();
    let ahead = notify::uncovered_by_leave(&people, holidays, today, DAYS_AHEAD);
    let ahead: Vec<String> = ahead.iter().map(Gap::by_date).collect();
    let mut warnings = Vec::new();
    if !weekly.is_empty() {
        warnings.push(format!("each week nobody is on shift from {}", weekly.join("; ")));
    }
    if !ahead.is_empty() {
        warnings.push(format!(
            "in the next {DAYS_AHEAD} days, because of leave or a bank holiday, nobody is on shift from {}",
            ahead.join("; ")
        ));
    }
    Ok(warnings)
}

/// A patient is told when somebody reads what they wrote, so the list of bank holidays has to reach far enough.
fn holidays_end(app: &App) -> Option<String> {
    let now = app.clock.now();
    let horizon = now.plus_days(LONGEST_WITHOUT_HOLIDAY).london_date();
    let holidays = &app.config.locality.hours.bank_holidays;
    let ahead = |day: &&jiff::civil::Date| (now.london_date()..=horizon).contains(day);
    match holidays.iter().find(ahead) {
        Some(_) => None,
        None => Some(format!(
            "no bank holiday before {horizon} stands in the locality file. Patients are told the next working day by it"
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
