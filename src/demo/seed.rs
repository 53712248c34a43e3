//! Fills an empty demo once: everything goes through the same verbs that a real service uses, under a clock that
//! is set to the day each thing happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use anyhow::{Context, bail, ensure};

use super::cast::{CAST, CLINICS, PASSWORD, Player};
use super::stories::{LastDays, PEOPLE, Story, story};
use super::{courses, load, store};
use crate::app::App;
use crate::booking::{Act, Hold, confirm, hold};
use crate::config::Config;
use crate::db::Db;
use crate::notify::Mailer;
use crate::pads::template::{Template, Templates};
use crate::pads::{Lasting, Order, SlipCount, issue_electronic, mint_unprinted};
use crate::referrals::{
    By, ContactOutcome, Contacting, Declining, Deed, Door, Receipt, Submission, Way, record_contact, review,
    submit,
};
use crate::staff::{
    Added, ClinicCode, DisplayName, NewAccount, Password, Role, Username, add_account_with, add_clinic,
    set_email,
};
use crate::triage::{DEFAULT_RULES, Priority, Proposing, RuleSet, SelfBooking, propose};
use crate::values::{Clock, Email, Id, SlipCode, Ts};

/// As many histories as are told side by side: they share the database's commits.
const LANES: u32 = 16;
/// How many of the places of each run are taken.
const TAKEN: [u32; 3] = [8, 10, 4];

/// Fills the database unless an earlier start did; refuses one that no demo made.
pub(super) async fn seed_once(db: &Db, config: &Config) -> anyhow::Result<bool> {
    match db.read(store::find_purpose).await?.as_deref() {
        Some("demo") => return Ok(false),
        Some(_) => bail!("this database is not a demo's; nothing was changed"),
        None => {}
    }
    ensure!(
        db.read(store::is_empty).await?,
        "this database holds something already; a demo needs an empty one"
    );
    tell_all(db, config, PEOPLE).await?;
    db.write(|conn| store::mark_as(conn, "demo")).await?;
    Ok(true)
}

/// Fills an empty database with `referrals` made-up people, for measuring. Refuses one that holds anything. `said`
/// hears about once a second how many are written.
pub async fn seed_load(
    db: &Db,
    config: &Config,
    referrals: u32,
    said: &(dyn Fn(u32) + Send + Sync),
) -> anyhow::Result<()> {
    ensure!(
        db.read(store::is_empty).await?,
        "this database holds something already; synthetic load goes into an empty one"
    );
    db.write(|conn| store::mark_as(conn, "measurement")).await?;
    load::tell(db, config, referrals, said).await?;
    Ok(())
}

/// Tells this many stories, spread over the last eight weeks.
async fn tell_all(db: &Db, config: &Config, people: u32) -> anyhow::Result<()> {
    let now = Clock::system().now();
    let stage = Arc::new(Stage::set(db, config, now).await?);
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| tokio::spawn(tell_lane(stage.clone(), lane, people, now)))
        .collect();
    for lane in lanes {
        lane.await??;
    }
    if let Some(by) = stage.triager(0) {
        let app = surroundings(db, config, now).await?;
        courses::attend(&app, stage.runs[0], by).await?;
    }
    Ok(())
}

/// A slip nobody has used, for the QR code of the greeting.
pub(super) async fn fresh_slip(app: &App) -> anyhow::Result<SlipCode> {
    let clinics = crate::staff::list_clinics(&app.db).await?;
    let clinic = clinics.into_iter().next().context("the demo has no clinic")?;
    let order = order((clinic.id, clinic.name), None, SlipCount::ONE);
    Ok(issue_electronic(app, &template()?, order, None).await?.code)
}

pub(super) fn template() -> anyhow::Result<Template> {
    let templates = Templates::shipped()?;
    templates.usual().cloned().context("no template ships")
}

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

/// What stands before the first patient comes.
pub(super) struct Stage {
    db: Db,
    config: Config,
    pub rules: Arc<RuleSet>,
    /// The codes of one pad for each physio, and how many are given out.
    pads: Vec<(Vec<SlipCode>, AtomicUsize)>,
    /// Who decides.
    triage: Vec<Id>,
    /// The runs people are booked on.
    runs: [Id; 3],
    taken: [AtomicU32; 3],
}

impl Stage {
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
    fn next_slip(&self, fate: u32) -> Option<SlipCode> {
        let pad = usize::try_from(fate).unwrap_or_default() % self.pads.len().max(1);
        let (codes, given) = self.pads.get(pad)?;
        codes.get(given.fetch_add(1, Ordering::SeqCst)).copied()
    }

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

async fn tell_lane(stage: Arc<Stage>, lane: u32, people: u32, now: Ts) -> anyhow::Result<()> {
    let step = usize::try_from(LANES).unwrap_or(1);
    let app = surroundings(&stage.db, &stage.config, now).await?;
    for number in (lane..people).step_by(step) {
        tell(&stage, &app, story(number, people, now), now).await?;
    }
    Ok(())
}

async fn tell(stage: &Stage, app: &Arc<App>, story: Story, now: Ts) -> anyhow::Result<()> {
    app.clock.set(story.came);
    let submission = Submission {
        draft_id: Id::new(),
        door: Door::Patient,
        by: By::Patient,
        unknown_code: false,
        slip: if story.with_slip {
            stage.next_slip(story.fate)
        } else {
            None
        },
        bound_to: None,
        share_status: story.fate.is_multiple_of(2),
        person: story.person.clone(),
        facts: story.facts.clone(),
        not_asked: Vec::new(),
        answers: None,
        needs_checking: Vec::new(),
        incomplete: false,
    };
    let submitted = submit(app, &stage.rules, submission).await?;
    let days = LastDays::between(story.came, now);
    match submitted.receipt() {
        Some(receipt) => decide(stage, app, receipt, &story, days).await,
        None => Ok(()),
    }
}

/// What the team has done since: the older, the more likely somebody has decided.
async fn decide(
    stage: &Stage,
    app: &Arc<App>,
    receipt: &Receipt,
    story: &Story,
    days: LastDays,
) -> anyhow::Result<()> {
    let Some(triager) = stage.triager(story.fate) else {
        return Ok(());
    };
    let decision = &receipt.decision;
    let act = |deed: Deed| review(app, &receipt.reference, None, triager, deed);
    if decision.priority == Priority::P1 {
        if days.0 == 0 {
            return Ok(());
        }
        app.clock.set(story.came.plus_minutes(25));
        act(Deed::Acknowledge).await?;
        called(
            app,
            receipt.id,
            triager,
            ContactOutcome::Spoke,
            "Safety plan agreed, GP told",
        )
        .await?;
    }
    let wait = match decision.priority {
        Priority::P1 | Priority::P2 => 2,
        Priority::P3 | Priority::P4 => 4 + i64::from(story.fate % 4),
    };
    if days.0 <= wait {
        if story.fate < 15 && days.0 > 0 {
            act(Deed::Claim).await?;
            if story.fate.is_multiple_of(2) {
                rings(app, receipt.id, triager, story.fate).await?;
            }
        }
        return Ok(());
    }
    app.clock.set(story.came.plus_days(wait));
    // Most were spoken to before anybody decided; a few still wait for the call they were promised.
    if story.fate % 12 != 7 && decision.priority != Priority::P1 {
        called(app, receipt.id, triager, ContactOutcome::Spoke, "").await?;
    }
    if story.fate < 6 {
        let reason = "Already with another service, which was told; the patient agreed.".to_owned();
        return decline(app, receipt, triager, (story, days.0 > wait + 2), reason).await;
    }
    act(Deed::Accept {
        step: decision.step,
        reason: None,
        with: None,
    })
    .await?;
    if decision.booking == SelfBooking::Course {
        book(stage, app, receipt.id, triager, story.fate).await?;
    }
    Ok(())
}

/// Not taken on; who was declined some days ago has been told by now.
async fn decline(
    app: &Arc<App>,
    receipt: &Receipt,
    by: Id,
    (story, was_told): (&Story, bool),
    reason: String,
) -> anyhow::Result<()> {
    let has_phone = story.person.phone.is_some();
    let declining = Declining {
        told: Some("The other service, by phone".to_owned()),
        way: match (has_phone, story.person.may_mail()) {
            (false, true) => Way::Page,
            (true, _) | (false, false) => Way::Call,
        },
        ..Declining::by_call(
            reason,
            "The service you are with already. Your GP surgery has the number.",
        )
    };
    review(app, &receipt.reference, None, by, Deed::Decline(declining)).await?;
    if has_phone && was_told {
        app.clock.set(app.clock.now().plus_minutes(60));
        called(app, receipt.id, by, ContactOutcome::Spoke, "").await?;
    }
    Ok(())
}

/// Somebody rang and reached nobody, once or twice.
async fn rings(app: &Arc<App>, referral: Id, by: Id, fate: u32) -> anyhow::Result<()> {
    for hours in 0..=i64::from(fate % 4 / 2) {
        app.clock.set(app.clock.now().plus_minutes(60 + hours * 180));
        called(app, referral, by, ContactOutcome::NoAnswer, "").await?;
    }
    Ok(())
}

/// Somebody tried to reach the patient, with this outcome.
async fn called(
    app: &Arc<App>,
    referral: Id,
    by: Id,
    outcome: ContactOutcome,
    note: &str,
) -> anyhow::Result<()> {
    let (inside, at) = (app.clone(), app.clock.now());
    let contacting = Contacting::new(at, by, outcome, note)?;
    app.db
        .write(move |conn| record_contact(conn, &inside, referral, &contacting))
        .await?;
    Ok(())
}

/// Takes places until the runs are as full as planned.
async fn book(stage: &Stage, app: &Arc<App>, referral: Id, by: Id, fate: u32) -> anyhow::Result<()> {
    let now = app.clock.now();
    for ((run, taken), most) in stage.runs.iter().zip(&stage.taken).zip(TAKEN) {
        if taken.fetch_add(1, Ordering::SeqCst) >= most {
            continue;
        }
        let (run, inside, act) = (*run, app.clone(), Act::draw(now, By::Patient)?);
        let held = app
            .db
            .write(move |conn| hold(conn, &inside, &act, run, referral))
            .await?;
        if held == Hold::NotOffered {
            // It had begun by then: the next run is theirs.
            taken.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        // Nobody comes to a session whose place was not confirmed.
        let under_way = run == stage.runs[0];
        if matches!(held, Hold::Held(_)) && (under_way || !fate.is_multiple_of(3)) {
            let (inside, act) = (app.clone(), Act::draw(now, By::Staff(by))?);
            app.db
                .write(move |conn| confirm(conn, &inside, &act, referral))
                .await?;
        }
        return Ok(());
    }
    Ok(())
}

/// A proposal that waits: the second lead would have every thought of self-harm answered the same day.
pub(super) async fn propose_rules(app: &App) -> anyhow::Result<()> {
    let raised = DEFAULT_RULES.replace(
        "priority = \"P2\", flags = [\"RISK_ITEM9\"]",
        "priority = \"P1\", flags = [\"RISK_ITEM9\"]",
    );
    let note = "In our team meeting we agreed that every thought of self-harm is answered the same day.";
    let proposing = Proposing::new(&app.keys, &raised, "lead2", note, app.clock.now())?;
    app.db.write(move |conn| propose(conn, &proposing)).await?;
    Ok(())
}
