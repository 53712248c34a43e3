//! `doctor --next`: what this version lets pass and a newer one refuses. Each is on the page `docs/before-you-go-live.md`
//! or a table that a later release drops; `docs/operations.md` lists them.

use iapt_pad::app::App;
use iapt_pad::config::{Config, DatabaseUrl, Locality, Mail, SecondChannel, ServiceName, Tls};
use iapt_pad::db::may_travel_in_clear;
use iapt_pad::staff::{Account, Role, list_accounts};
use iapt_pad::{booking, demo, referrals};

use super::gaps::{holidays_end, uncovered};
use super::report::Report;
use super::target::open;

/// Names that nobody is reached under (RFC 2606, RFC 6761, RFC 6762).
const RESERVED: [&str; 8] = [
    "example.org",
    "example.com",
    "example.net",
    "example",
    "test",
    "invalid",
    "localhost",
    "local",
];

/// Beginnings of the telephone numbers that Ofcom keeps for drama, as far as a service could have them.
const DRAMA: [&str; 17] = [
    "01134960", "01144960", "01154960", "01164960", "01174960", "01184960", "01214960", "01314960",
    "01414960", "01514960", "01614960", "02079460", "01914980", "02896496", "02920180", "01632960",
    "07700900",
];

/// As many accounts as are named one by one.
const NAMED: usize = 10;

/// Looks, and says of each whether a newer version would take it.
pub async fn look(report: &mut Report, config: Config) {
    report.say("names of hosts", nobody_is_reserved(&config));
    report.say("telephone numbers", numbers_are_real(&config.locality));
    report.say("mail server", mail_is_sealed(&config.mail));
    report.say("database address", database_is_sealed(&config.database));
    report.say("proxy", proxy_is_named(&config));
    report.say("figures", figures_are_private(&config));
    report.say("second channel", second_channel(&config));
    report.say("other route", other_route(&config.locality));
    match open(config).await {
        Err(ill) => report.fail("database and key", format!("{ill:#}")),
        Ok(app) => look_inside(report, &app).await,
    }
}

async fn look_inside(report: &mut Report, app: &App) {
    report.say("people", nobody_is_made_up(app).await);
    match list_accounts(&app.db).await {
        Err(ill) => report.fail("accounts", ill.to_string()),
        Ok(accounts) => {
            report.say("leads", two_leads(&accounts));
            report.say("mailboxes of staff", mailboxes(&accounts));
        }
    }
    report.say("rota", rota(app).await);
    report.say(
        "hours",
        match holidays_end(app) {
            None => Ok("the list of bank holidays reaches far enough".to_owned()),
            Some(ends) => Err(anyhow::anyhow!(ends)),
        },
    );
    report.say("tables to be dropped", old_tables(app).await);
}

/// Example names in an address mean that nobody has gone through the settings.
fn nobody_is_reserved(config: &Config) -> anyhow::Result<String> {
    let locality = &config.locality;
    let mut named = vec![
        ("BASE_URL", config.base_url.as_str()),
        ("MAIL_FROM", config.mail_from.as_str()),
        ("organisation.web", locality.organisation.web.as_str()),
    ];
    if let Mail::Smtp(smtp) = &config.mail {
        named.push(("SMTP_URL", &smtp.host));
    }
    named.extend(
        ServiceName::ALL.map(|name| ("a service's mailbox", locality.service(name).mailbox.as_str())),
    );
    named.extend(
        locality
            .rota
            .iter()
            .map(|person| ("a mailbox on the rota", person.email.as_str())),
    );
    let route = locality.escalation.after_rounds.iter();
    named.extend(route.map(|route| ("escalation.after_rounds", route.email.as_str())));
    let mut found: Vec<&str> = named
        .into_iter()
        .filter(|(_, address)| is_reserved(address))
        .map(|(setting, _)| setting)
        .collect();
    found.dedup();
    anyhow::ensure!(
        found.is_empty(),
        "kept for examples, nobody is reached there: {}",
        found.join(", ")
    );
    Ok("none is an example".to_owned())
}

/// Whether the host in an address, a mailbox or a web address is one of those nobody has.
fn is_reserved(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.rsplit('@').next().unwrap_or(rest);
    let host = host
        .split(['/', ':'])
        .next()
        .unwrap_or(host)
        .trim_end_matches('.')
        .to_lowercase();
    RESERVED.iter().any(|name| {
        host == *name
            || host
                .strip_suffix(name)
                .is_some_and(|before| before.ends_with('.'))
    })
}

fn numbers_are_real(locality: &Locality) -> anyhow::Result<String> {
    let mut named = vec![("organisation.phone", locality.organisation.phone.as_str())];
    named.extend(
        locality
            .rota
            .iter()
            .map(|person| ("the rota", person.phone.as_str())),
    );
    let route = locality.escalation.after_rounds.iter();
    named.extend(route.map(|route| ("escalation.after_rounds", route.phone.as_str())));
    let mut found: Vec<&str> = named
        .into_iter()
        .filter(|(_, number)| is_drama(number))
        .map(|(setting, _)| setting)
        .collect();
    found.dedup();
    anyhow::ensure!(found.is_empty(), "made up, nobody answers: {}", found.join(", "));
    Ok("none is made up".to_owned())
}

fn is_drama(number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.strip_prefix("44") {
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => digits,
    };
    DRAMA.iter().any(|beginning| digits.starts_with(beginning))
}

fn mail_is_sealed(mail: &Mail) -> anyhow::Result<String> {
    match mail {
        Mail::Captured(_) => anyhow::bail!("mail is kept in files and goes to nobody: set SMTP_URL"),
        Mail::Smtp(smtp) if smtp.tls == Tls::Opportunistic && !is_this_machine(&smtp.host) => {
            anyhow::bail!("SMTP_URL takes a server without TLS, too: add ?tls=required, or use smtps://")
        }
        Mail::Smtp(_) => Ok("mail leaves this machine under TLS alone".to_owned()),
    }
}

fn database_is_sealed(database: &DatabaseUrl) -> anyhow::Result<String> {
    anyhow::ensure!(
        !may_travel_in_clear(database)?,
        "DATABASE_URL takes a server without TLS, too: add ?sslmode=require"
    );
    Ok("nothing leaves this machine in clear".to_owned())
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The program speaks no TLS, so that there always is a proxy.
fn proxy_is_named(config: &Config) -> anyhow::Result<String> {
    anyhow::ensure!(
        !config.trusted_proxies.is_empty(),
        "TRUSTED_PROXIES is empty: all patients share one counter against guessing. Name the network of the proxy, such \
         as TRUSTED_PROXIES=127.0.0.1"
    );
    Ok("its network is named".to_owned())
}

fn figures_are_private(config: &Config) -> anyhow::Result<String> {
    let bind = config.metrics_bind.filter(|bind| bind.ip().is_unspecified());
    anyhow::ensure!(
        bind.is_none(),
        "METRICS_BIND listens on every address of this machine, the public one, too: name a private one"
    );
    Ok("/metrics is on an address of its own".to_owned())
}

fn second_channel(config: &Config) -> anyhow::Result<String> {
    match &config.second_channel {
        SecondChannel::None => anyhow::bail!(
            "none: while mail is down nobody is told of an urgent referral. Set escalation.webhook in the locality file \
             and ESCALATION_SECRET"
        ),
        SecondChannel::Captured(_) => anyhow::bail!("calls are kept in files and reach nobody"),
        SecondChannel::Webhook { .. } => Ok("there is one".to_owned()),
    }
}

fn other_route(locality: &Locality) -> anyhow::Result<String> {
    anyhow::ensure!(
        locality.escalation.after_rounds.is_some(),
        "none: when nobody on the rota acknowledges, nobody else is told. Set escalation.after_rounds in the locality file"
    );
    Ok("there is one".to_owned())
}

async fn nobody_is_made_up(app: &App) -> anyhow::Result<String> {
    let made_up = app.db.read(demo::is_made_up).await?;
    anyhow::ensure!(
        !made_up,
        "this database was filled with made-up people, and `serve` would show them beside patients: begin with an empty one"
    );
    Ok("none is made up".to_owned())
}

/// Whoever proposes rules, or an account that sees patients, needs a second person to approve.
fn two_leads(accounts: &[Account]) -> anyhow::Result<String> {
    let leads = accounts
        .iter()
        .filter(|account| account.active && account.role == Role::Lead);
    let reached = leads.filter(|lead| lead.email.is_some()).count();
    anyhow::ensure!(
        reached >= 2,
        "{reached} with a mailbox on record, where it takes two: one cannot approve what they proposed themselves. Type: \
         iapt-pad staff add NAME --role lead --email ADDRESS"
    );
    Ok(format!("{reached} with a mailbox on record"))
}

fn mailboxes(accounts: &[Account]) -> anyhow::Result<String> {
    let without: Vec<&str> = accounts
        .iter()
        .filter(|account| account.active && account.email.is_none())
        .map(|account| account.username.as_str())
        .collect();
    let more = if without.len() > NAMED { ", …" } else { "" };
    let named = without.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    anyhow::ensure!(
        without.is_empty(),
        "{} without one, so that links to choose a password reach nobody ({named}{more}). Type: iapt-pad staff email NAME \
         ADDRESS",
        without.len()
    );
    Ok("everybody has one on record".to_owned())
}

async fn rota(app: &App) -> anyhow::Result<String> {
    let gaps = uncovered(app).await?;
    anyhow::ensure!(gaps.is_empty(), "{}", gaps.join("; "));
    Ok("somebody is on shift at every hour".to_owned())
}

async fn old_tables(app: &App) -> anyhow::Result<String> {
    let referrals = app.db.read(referrals::is_in_ledger).await?;
    let calls = app.db.read(booking::are_calls_in_ledger).await?;
    anyhow::ensure!(
        referrals && calls,
        "something stands only in `contact_next` or `ring_task`, which a later release drops. Type: iapt-pad migrate"
    );
    Ok("nothing stands only in one of them".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_kept_for_examples_are_found_and_others_are_not() {
        for reserved in [
            "https://talking.example.org",
            "triage@mail.example.org",
            "localhost",
            "pad.local",
            "EXAMPLE.COM/page",
            "clinic.test:25",
        ] {
            assert!(is_reserved(reserved), "{reserved}");
        }
        for real in [
            "https://talking.nhs.uk",
            "a@notexample.org",
            "testing.nhs.uk",
            "example.org.uk",
        ] {
            assert!(!is_reserved(real), "{real}");
        }
    }

    #[test]
    fn numbers_kept_for_drama_are_found_and_others_are_not() {
        for drama in [
            "0114 496 0111",
            "+44 7700 900123",
            "020 7946 0018",
            "+44 (0)114 496 0100",
        ] {
            assert!(is_drama(drama), "{drama}");
        }
        for real in ["0114 271 8699", "111", "116 123"] {
            assert!(!is_drama(real), "{real}");
        }
    }
}
