//! What stands before the first made-up patient comes: clinics, accounts, pads, courses and the rules.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use anyhow::{Context, bail};

use super::cast::{CAST, CLINICS, PASSWORD, Player};
use super::courses;
use crate::app::App;
use crate::config::Config;
use crate::db::Db;
use crate::notify::Mailer;
use crate::pads::template::{Template, Templates};
use crate::pads::{Lasting, Order, SlipCount, mint_unprinted};
use crate::staff::{
    Added, ClinicCode, DisplayName, NewAccount, Password, Role, Username, add_account_with, add_clinic,
    set_email,
};
use crate::triage::RuleSet;
use crate::values::{Clock, Email, Id, SlipCode, Ts};

/// What stands before the first patient comes.
pub(super) struct Stage {
    pub db: Db,
    pub config: Config,
    pub rules: Arc<RuleSet>,
    /// The codes of one pad for each physio, and how many are given out.
    pads: Vec<(Vec<SlipCode>, AtomicUsize)>,
    /// Who decides.
    triage: Vec<Id>,
    /// The runs people are booked on.
    pub runs: [Id; 3],
    /// How many of the places of each run are taken.
    pub taken: [AtomicU32; 3],
}

impl Stage {
    /// Makes everything, as of 90 days ago.
    pub async fn set(db: &Db, config: &Config, now: Ts) -> anyhow::Result<Self> {
        let opened = now.plus_days(-90);
        let mut rows = Vec::with_capacity(CLINICS.len());
        for (code, name) in CLINICS {
            let code = ClinicCode::parse(code)?;
            let id = add_clinic(db, opened, code, DisplayName::parse(name)?).await?;
            rows.push((id.context("a clinic has this code")?, name.to_owned()));
        }
        let mut engaged = Vec::with_capacity(CAST.len());
        for player in &CAST {
            engaged.push(engage(db, player, &rows, opened).await?);
        }
        let with = |role: Role| {
            CAST.iter()
                .zip(&engaged)
                .filter(move |(player, _)| player.role == role)
        };
        let app = surroundings(db, config, opened).await?;
        let mut pads = Vec::with_capacity(rows.len());
        for (player, physio) in with(Role::Physio) {
            let Some(clinic) = player.clinic.and_then(|index| rows.get(index)) else {
                continue;
            };
            let order = order(clinic.clone(), Some(*physio), SlipCount::parse("100", 100)?);
            pads.push((
                mint_unprinted(&app, &template()?, order).await?.1,
                AtomicUsize::new(0),
            ));
        }
        Ok(Self {
            db: db.clone(),
            config: config.clone(),
            rules: Arc::new(RuleSet::shipped(&config.locality.long_term_conditions)?),
            pads,
            triage: with(Role::Triage).map(|(_, id)| *id).collect(),
            runs: courses::plan(db, now).await?,
            taken: Default::default(),
        })
    }

    /// The next slip of one of the pads.
    pub fn next_slip(&self, fate: u32) -> Option<SlipCode> {
        let pad = usize::try_from(fate).unwrap_or_default() % self.pads.len().max(1);
        let (codes, given) = self.pads.get(pad)?;
        codes.get(given.fetch_add(1, Ordering::SeqCst)).copied()
    }

    /// The colleague who decides about somebody with this fate.
    pub fn triager(&self, fate: u32) -> Option<Id> {
        let index = usize::try_from(fate).unwrap_or_default() % self.triage.len().max(1);
        self.triage.get(index).copied()
    }
}

async fn engage(db: &Db, player: &Player, clinics: &[(Id, String)], opened: Ts) -> anyhow::Result<Id> {
    let account = NewAccount {
        username: Username::parse(player.username)?,
        display_name: DisplayName::parse(player.name)?,
        role: player.role,
        clinic: player
            .clinic
            .and_then(|index| clinics.get(index))
            .map(|(id, _)| *id),
    };
    match add_account_with(db, opened, account, Password::typed(PASSWORD)).await? {
        Added::Yes { id, .. } => {
            let email = Email::parse(&format!("{}@staff.example.org", player.username))?;
            set_email(db, opened.plus_seconds(1), id, email).await?;
            Ok(id)
        }
        Added::NameTaken => bail!("two people of the demo have one name"),
        Added::ClinicMissing => bail!("a physio of the demo has no clinic"),
    }
}

/// The template that most pads are printed with.
pub(super) fn template() -> anyhow::Result<Template> {
    let templates = Templates::shipped()?;
    templates.usual().cloned().context("no template ships")
}

/// An order of slips for a clinic.
pub(super) fn order(clinic: (Id, String), physio: Option<Id>, slips: SlipCount) -> Order {
    Order {
        clinic,
        physio,
        service: None,
        slips,
        lasting: Lasting::AsUsual,
        by: physio,
    }
}

/// Surroundings under a clock that is set by hand.
pub(super) async fn surroundings(db: &Db, config: &Config, now: Ts) -> anyhow::Result<Arc<App>> {
    let clock = Clock::fixed(now);
    let keys = db.keyring(&config.secret_key, now).await?;
    let mailer = Mailer::from_config(config)?;
    Ok(Arc::new(App {
        config: config.clone(),
        db: db.clone(),
        clock,
        mailer,
        keys,
    }))
}
