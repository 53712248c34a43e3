//! From minted slips to a document that may be released: the words on it, the drawing, the proof.

use anyhow::Context;

use super::draw::{Imprint, PrintedSlip, draw};
use super::proof::{Proven, expected, prove};
use super::template::Template;
use crate::config::{Config, Locality, ServiceName};
use crate::values::{SlipCode, Ts};

/// What a pad for no service in particular prints as its service.
const ANY_SERVICE: &str = "NHS Talking Therapies";

/// The service a pad is for, as patients read it.
pub(super) fn service_words(config: &Config, service: Option<ServiceName>) -> String {
    service.map_or(ANY_SERVICE.to_owned(), |name| {
        config.locality.service(name).name.clone()
    })
}

/// What all slips of a pad share.
pub(super) fn imprint(
    config: &Config,
    base_url: &str,
    clinic: &str,
    service: Option<ServiceName>,
    sample: bool,
    created: Ts,
) -> Imprint {
    let organisation = &config.locality.organisation;
    // The demo has no name in the DNS: the address that works is the one it is reached at.
    let web = if config.demo {
        config.host()
    } else {
        &organisation.web
    };
    Imprint {
        service: service_words(config, service),
        clinic: clinic.to_owned(),
        phone: organisation.phone.clone(),
        web: web.to_owned(),
        base_url: base_url.to_owned(),
        sample,
        unreviewed_lines: config.demo,
        created,
    }
}

/// The address that slips of a pad printed for `host` lead to. A host other than today's was an https one:
/// only the demo prints others, and its slips end with it.
pub(super) fn base_url_of(config: &Config, host: &str) -> String {
    if host == config.host() {
        config.base_url.clone()
    } else {
        format!("https://{host}")
    }
}

/// One slip as the drawing wants it.
pub(super) fn printed(serial: i64, code: SlipCode) -> anyhow::Result<PrintedSlip> {
    let serial = u32::try_from(serial).context("a serial that cannot be printed")?;
    Ok(PrintedSlip { serial, code })
}

/// A sheet of slips that nobody minted, overprinted SAMPLE: what a template looks like. Lines in other languages that
/// nobody has reviewed are shown, marked so, only if asked for: in a demonstration.
pub(super) fn sample(
    template: &Template,
    locality: &Locality,
    unreviewed_lines: bool,
    now: Ts,
) -> anyhow::Result<Vec<u8>> {
    let organisation = &locality.organisation;
    let imprint = Imprint {
        service: locality.service(ServiceName::Hwb).name.clone(),
        clinic: "Name of the clinic".to_owned(),
        phone: organisation.phone.clone(),
        web: organisation.web.clone(),
        base_url: format!("https://{}", organisation.web),
        sample: true,
        unreviewed_lines,
        created: now,
    };
    let slip = |serial: u32| PrintedSlip {
        serial,
        // A code that belongs to no slip: it is not derived from one.
        code: SlipCode::from_bits(u64::from(serial)),
    };
    let slips: Vec<PrintedSlip> = (1..).map(slip).take(template.slips_per_page()).collect();
    draw(template, &slips, &imprint)
}

/// Draws and proves, telling `done` how many more slips are proven. Takes milliseconds a page, so it leaves the async threads alone.
pub(super) async fn print(
    template: &Template,
    slips: Vec<PrintedSlip>,
    imprint: Imprint,
    done: impl Fn(usize) + Send + Sync + 'static,
) -> anyhow::Result<Proven> {
    let template = template.clone();
    let printing = tokio::task::spawn_blocking(move || {
        let pdf = draw(&template, &slips, &imprint)?;
        let expected = expected(&template, &slips, &imprint)?;
        Ok(prove(pdf, &expected, done)?)
    });
    printing.await.context("the drawing stopped")?
}
