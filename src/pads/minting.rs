//! Minting: a numbered pad of slips, drawn and proven before it exists. Numbers are taken first (a gap in the
//! serials is harmless), then everything is drawn in memory, and only a proven document is recorded: nothing
//! is minted that could not be printed.

use std::sync::Arc;

use anyhow::{Context, ensure};

use super::custody::entry;
use super::expiry::Lasting;
use super::ledger::Happened;
use super::printing::{self, imprint, printed};
use super::proof::Proven;
use super::slip::{code_hash, code_of};
use super::store::{self, Counter, NewEvent, NewPad, NewSlip};
use super::template::Template;
use super::whereabouts::Custody;
use crate::app::App;
use crate::config::{Config, ServiceName};
use crate::values::{Id, Purpose, SlipCode, Ts, Unfit};

/// Most slips in one pad: one document, drawn in memory (about 400 bytes a slip). More is several pads.
pub const MOST_SLIPS: u16 = 10_000;

/// How many slips a pad gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlipCount(u16);

impl SlipCount {
    /// A single slip.
    pub const ONE: SlipCount = SlipCount(1);

    /// Reads a number from 1 to `most`, which is [`MOST_SLIPS`] or less.
    pub fn parse(typed: &str, most: u16) -> Result<Self, Unfit> {
        let most = most.min(MOST_SLIPS);
        let count: Option<u16> = typed.trim().parse().ok();
        count
            .filter(|count| (1..=most).contains(count))
            .map(SlipCount)
            .ok_or_else(|| Unfit(format!("Enter how many slips, as a number from 1 to {most}").into()))
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }
}

/// What somebody asks to be minted.
#[derive(Clone, Debug)]
pub struct Order {
    /// The clinic that will hand the slips out: its row and the name printed.
    pub clinic: (Id, String),
    /// The physio whose pad it is, if it is somebody's own.
    pub physio: Option<Id>,
    /// The service it is for, if for one.
    pub service: Option<ServiceName>,
    /// How many slips.
    pub slips: SlipCount,
    /// How long they can be used.
    pub lasting: Lasting,
    /// Who asked; none for the command line.
    pub by: Option<Id>,
}

/// A pad that is drawn and proven, and not recorded yet.
pub struct DrawnPad {
    rows: Arc<Rows>,
    pdf: Proven,
}

/// A pad that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MintedPad {
    /// Its row.
    pub id: Id,
    /// Its number.
    pub number: i32,
    /// Serial of its first slip.
    pub first_serial: i64,
    /// Serial of its last slip.
    pub last_serial: i64,
    /// How many slips were printed.
    pub slips: i32,
}

/// Everything one transaction writes.
pub(super) struct Rows {
    pub pad: NewPad,
    pub slips: Vec<NewSlip>,
    pub events: Vec<NewEvent>,
}

/// A slip's code while it is in memory.
pub(super) struct Minted {
    pub rows: Rows,
    pub codes: Vec<(i64, SlipCode)>,
}

/// Whether slips may be minted with this configuration: they need an address to lead to, and outside the demo
/// a safe one.
pub fn may_mint(config: &Config) -> anyhow::Result<()> {
    ensure!(
        !config.base_url.is_empty(),
        "BASE_URL is not set: slips need an address to lead to"
    );
    ensure!(
        config.demo || config.is_https(),
        "BASE_URL must begin with https:// before slips are minted: patients' answers may not travel in clear"
    );
    Ok(())
}

/// Draws a pad and proves every code on it. Takes serials, writes nothing else.
pub async fn draw_pad(app: &App, template: &Template, order: Order) -> anyhow::Result<DrawnPad> {
    draw_pad_watched(app, template, order, |_| {}).await
}

/// The same, telling `done` how many more slips are proven, from any thread.
pub(super) async fn draw_pad_watched(
    app: &App,
    template: &Template,
    order: Order,
    done: impl Fn(usize) + Send + Sync + 'static,
) -> anyhow::Result<DrawnPad> {
    may_mint(&app.config)?;
    let now = app.clock.now();
    let minted = number_and_derive(app, template, &order, false, now).await?;
    let slips = minted.codes.iter().map(|(serial, code)| printed(*serial, *code));
    let slips = slips.collect::<anyhow::Result<Vec<_>>>()?;
    let base_url = &app.config.base_url;
    let imprint = imprint(
        &app.config,
        base_url,
        &order.clinic.1,
        order.service,
        app.config.demo,
        now,
    );
    let pdf = printing::print(template, slips, imprint, done).await?;
    Ok(DrawnPad {
        rows: Arc::new(minted.rows),
        pdf,
    })
}

/// Mints a pad without printing it and hands its codes back: for seeding a demonstration or a measurement, whose
/// slips are used by the program itself. [`super::reprint`] prints it all the same.
pub async fn mint_unprinted(
    app: &App,
    template: &Template,
    order: Order,
) -> anyhow::Result<(MintedPad, Vec<SlipCode>)> {
    may_mint(&app.config)?;
    let minted = number_and_derive(app, template, &order, false, app.clock.now()).await?;
    let rows = Arc::new(minted.rows);
    let summary = rows.summary();
    app.db
        .write(move |conn| store::insert_minted(conn, &rows))
        .await
        .context("recording the pad")?;
    Ok((summary, minted.codes.into_iter().map(|(_, code)| code).collect()))
}

impl DrawnPad {
    /// The document, to be saved before the pad is recorded.
    pub fn pdf(&self) -> &[u8] {
        self.pdf.bytes()
    }

    /// What it will be once it is recorded.
    pub fn summary(&self) -> MintedPad {
        self.rows.summary()
    }

    /// Records the pad: from now on its slips can be used.
    pub async fn record(&self, app: &App) -> anyhow::Result<MintedPad> {
        let rows = Arc::clone(&self.rows);
        app.db
            .write(move |conn| store::insert_minted(conn, &rows))
            .await
            .context("recording the pad")?;
        Ok(self.rows.summary())
    }
}

impl Rows {
    pub(super) fn summary(&self) -> MintedPad {
        MintedPad {
            id: self.pad.id,
            number: self.pad.number,
            first_serial: self.slips.first().map_or(0, |slip| slip.serial),
            last_serial: self.slips.last().map_or(0, |slip| slip.serial),
            slips: self.pad.slips,
        }
    }
}

/// Takes a pad number and serials, draws ids and derives the codes.
pub(super) async fn number_and_derive(
    app: &App,
    template: &Template,
    order: &Order,
    electronic: bool,
    now: Ts,
) -> anyhow::Result<Minted> {
    let count = i64::from(order.slips.get());
    let (number, first) = app
        .db
        .write(move |conn| {
            Ok((
                store::take_numbers(conn, Counter::Pad, 1)?,
                store::take_numbers(conn, Counter::Slip, count)?,
            ))
        })
        .await?;
    let key = app.keys.current(Purpose::Codes)?;
    let custody = order.physio.map_or(Custody::House, |_| Custody::Physio);
    let pad = NewPad {
        id: Id::new(),
        number: i32::try_from(number).context("too many pads")?,
        clinic_id: order.clinic.0,
        physio_id: order.physio,
        template: template.name.clone(),
        service: order.service.map(ServiceName::as_str),
        host: app.config.host().to_owned(),
        code_key: key.0,
        slips: i32::from(order.slips.get()),
        custody: custody.as_stored(),
        sample: app.config.demo,
        electronic,
        created_by: order.by,
        created_at: now,
        expires_at: order.lasting.end(now, app.config.locality.slip_days)?,
    };
    let mut slips = Vec::new();
    let mut codes = Vec::new();
    for serial in first..first + count {
        let id = Id::new();
        let code = code_of(&app.keys, key, id)?;
        let code_hash = code_hash(&app.keys, &code)?.to_vec();
        let expires_at = pad.expires_at;
        slips.push(NewSlip {
            id,
            serial,
            pad_id: pad.id,
            code_hash,
            state: "unused",
            expires_at,
            openings: 0,
            created_at: now,
        });
        codes.push((serial, code));
    }
    let event = |happened, seq| NewEvent {
        slips: pad.slips,
        seq,
        first_serial: Some(first),
        last_serial: Some(first + count - 1),
        ..entry(Id::new(), pad.id, happened, order.by, now)
    };
    let mut events = vec![event(Happened::Minted, 0)];
    events.extend(order.physio.map(|physio| NewEvent {
        to_physio_id: Some(physio),
        ..event(Happened::Handed, 1)
    }));
    Ok(Minted {
        rows: Rows { pad, slips, events },
        codes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pad_has_between_one_and_its_most_slips() {
        for wrong in [
            "0",
            "-1",
            "201",
            "1000000",
            "99999999999999999999",
            "ten",
            "",
            "1.5",
        ] {
            let said = SlipCount::parse(wrong, 200).map_err(|unfit| unfit.0.into_owned());
            assert_eq!(
                said,
                Err("Enter how many slips, as a number from 1 to 200".to_owned()),
                "{wrong}"
            );
        }
        assert_eq!(SlipCount::parse(" 200 ", 200).map(SlipCount::get), Ok(200));
        assert!(SlipCount::parse("10001", u16::MAX).is_err());
    }
}
