//! Synthetic load for measuring: as many made-up people as asked for, spread over three years, through the same verbs
//! that a service uses. Most of it is done with long ago; a few weeks stand in the lists, as in a service.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::cast::FIRST_NAMES;
use super::stage::{Stage, order, surroundings, template};
use super::stories::{Dice, facts};
use crate::app::App;
use crate::config::Config;
use crate::db::Db;
use crate::notify;
use crate::pads::{SlipCount, mint_unprinted};
use crate::questionnaire::{CrisisNow, Veteran};
use crate::referrals::{
    By, Deed, Door, Leaving, Person, Receipt, Reviewing, Submission, review, review_as, submit, withdraw,
};
use crate::staff::{ClinicCode, DisplayName, add_clinic, disable_account};
use crate::triage::{Facts, Priority, Source};
use crate::values::{Clock, Id, NhsNumber, SlipCode, Ts};

/// As many histories as are told side by side: they share the database's commits.
const LANES: u32 = 64;
/// Over how many days they came.
const DAYS: i64 = 1095;
/// Clinics that hand out slips.
const MOST_CLINICS: u64 = 24;
/// Of a hundred people so many came with a slip.
const WITH_SLIP: u64 = 30;
/// Of a hundred people so many have the most common surname.
const COMMON: u64 = 18;
/// How many are told between two looks at the outbox.
const BREATH: u32 = 200;

/// Tells so many stories; `said` hears now and then how many are told.
pub(super) async fn tell(
    db: &Db,
    config: &Config,
    people: u32,
    said: &(dyn Fn(u32) + Send + Sync),
) -> anyhow::Result<()> {
    let now = Clock::system().now();
    let stage = Arc::new(Stage::set(db, config, now).await?);
    let mut clinics = Vec::new();
    for number in 0..MOST_CLINICS {
        let code = ClinicCode::parse(&format!("LOAD-{number:02}"))?;
        let name = DisplayName::parse(&format!("Made-up clinic {number:02}"))?;
        let id = add_clinic(db, now.plus_days(-DAYS - 1), code, name).await?;
        clinics.extend(id.map(|id| (id, format!("Made-up clinic {number:02}"))));
    }
    let (clinics, told) = (Arc::new(clinics), Arc::new(AtomicU32::new(0)));
    let mut lanes = tokio::task::JoinSet::new();
    for number in 0..LANES.min(people) {
        let app = surroundings(db, config, now).await?;
        let lane = Lane {
            app,
            stage: stage.clone(),
            clinics: clinics.clone(),
            codes: Vec::new(),
            number,
            people,
            now,
        };
        lanes.spawn(lane.tell(told.clone()));
    }
    let mut heard = tokio::time::interval(std::time::Duration::from_secs(1));
    loop {
        tokio::select! {
            done = lanes.join_next() => match done {
                Some(done) => done??,
                None => break,
            },
            _ = heard.tick() => said(told.load(Ordering::Relaxed)),
        }
    }
    // Somebody leaves and still holds what they had taken on.
    if let Some(leaver) = stage.triager(1) {
        disable_account(db, now, leaver).await?;
    }
    Ok(())
}

/// One of the histories told side by side.
struct Lane {
    app: Arc<App>,
    stage: Arc<Stage>,
    clinics: Arc<Vec<(Id, String)>>,
    codes: Vec<SlipCode>,
    number: u32,
    people: u32,
    now: Ts,
}

impl Lane {
    async fn tell(mut self, told: Arc<AtomicU32>) -> anyhow::Result<()> {
        let step = usize::try_from(LANES).unwrap_or(1);
        for (at, number) in (self.number..self.people).step_by(step).enumerate() {
            self.tell_one(number).await?;
            told.fetch_add(1, Ordering::Relaxed);
            if at.is_multiple_of(usize::try_from(BREATH).unwrap_or(1)) {
                self.deliver().await?;
            }
        }
        self.deliver().await
    }

    /// What waits in the outbox counts as delivered: nobody is written to about people who do not exist.
    async fn deliver(&self) -> anyhow::Result<()> {
        let now = self.app.clock.now();
        let done = self.app.db.write(move |conn| notify::drop_waiting(conn, now));
        Ok(done.await.map(|_| ())?)
    }

    async fn tell_one(&mut self, number: u32) -> anyhow::Result<()> {
        let mut dice = Dice::seeded(u64::from(number) + 77);
        let minutes = DAYS * 24 * 60;
        let ago = minutes - minutes * i64::from(number) / i64::from(self.people.max(1));
        let came = self.now.plus_minutes(-ago - 3);
        self.app.clock.set(came);
        let slip = match dice.below(100) < WITH_SLIP {
            true => self.next_slip(&mut dice).await?,
            false => None,
        };
        let submission = Submission {
            draft_id: Id::new(),
            door: Door::Patient,
            by: By::Patient,
            slip,
            bound_to: None,
            unknown_code: false,
            share_status: false,
            person: person(&mut dice, number),
            facts: worried_facts(&mut dice),
            not_asked: Vec::new(),
            answers: None,
            needs_checking: Vec::new(),
            incomplete: false,
        };
        let submitted = submit(&self.app, &self.stage.rules, submission).await?;
        match submitted.receipt() {
            Some(receipt) => self.decide(receipt, &mut dice, ago / (24 * 60)).await,
            None => Ok(()),
        }
    }

    async fn next_slip(&mut self, dice: &mut Dice) -> anyhow::Result<Option<SlipCode>> {
        if self.codes.is_empty()
            && let Some(clinic) = pick(&self.clinics, dice)
        {
            // A pad lasts a lane for less than a year, so that no slip expires.
            let many = (self.people / LANES * 30 / 100 / 5).clamp(1, 200);
            let order = order(clinic.clone(), None, SlipCount::parse(&many.to_string(), 200)?);
            self.codes = mint_unprinted(&self.app, &template()?, order).await?.1;
        }
        Ok(self.codes.pop())
    }

    /// What the team has done since: what is older than some weeks is done with.
    async fn decide(&self, receipt: &Receipt, dice: &mut Dice, days: i64) -> anyhow::Result<()> {
        let by = self
            .stage
            .triager(u32::try_from(dice.below(5)).unwrap_or_default());
        let (Some(by), drawn) = (by, dice.below(1000)) else {
            return Ok(());
        };
        let act = |deed: Deed| review(&self.app, &receipt.reference, None, by, deed);
        let danger = receipt.decision.priority == Priority::P1;
        if danger && days > 0 {
            self.app.clock.set(receipt.at.plus_minutes(25));
            act(Deed::Acknowledge).await?;
        }
        if days < 10 || drawn < 3 {
            if dice.below(100) < 25 {
                act(Deed::Claim).await?;
            }
            return Ok(());
        }
        self.app.clock.set(receipt.at.plus_days(4));
        match (days, drawn) {
            (..60, 3..100) | (60.., 3..270) => {
                let (inside, leaving) = (self.app.clone(), Leaving::draw(self.app.clock.now())?);
                let id = receipt.id;
                self.app
                    .db
                    .write(move |conn| withdraw(conn, &inside, id, &leaving))
                    .await?;
                act(Deed::Acknowledge).await?;
            }
            (days, drawn) => {
                act(Deed::Accept {
                    step: receipt.decision.step,
                    reason: None,
                    with: None,
                })
                .await?;
                if days >= 60 && drawn < 970 {
                    let ends = Deed::Close {
                        reason: "Came to the end of the course".to_owned(),
                        told: Some("the GP surgery".to_owned()),
                    };
                    let closing = Reviewing::new(&self.app, &receipt.reference, None, by, ends)?;
                    review_as(closing.by_who_may_end_at_risk(true)).await?;
                }
            }
        }
        Ok(())
    }
}

fn pick<'a, T>(from: &'a [T], dice: &mut Dice) -> Option<&'a T> {
    from.get(usize::try_from(dice.below(from.len() as u64)).unwrap_or_default())
}

/// Syllables that surnames are made of: pronounceable, and nobody's.
const SYLLABLES: [&str; 16] = [
    "bral", "dov", "eft", "gwim", "hask", "jond", "kerv", "lomp", "mirf", "nolt", "plen", "quib", "rast",
    "skem", "trov", "wuld",
];

fn person(dice: &mut Dice, number: u32) -> Person {
    let mut syllable = || pick(&SYLLABLES, dice).copied().unwrap_or_default();
    let made_up = format!("{}{}{}", syllable(), syllable(), syllable());
    let last = match dice.below(100) < COMMON {
        true => "Example".to_owned(),
        false => format!("{}{}", made_up[..1].to_uppercase(), &made_up[1..]),
    };
    let first = pick(&FIRST_NAMES, dice).copied().unwrap_or_default();
    let year = 1935 + i16::try_from(dice.below(72)).unwrap_or_default();
    let month = 1 + i8::try_from(dice.below(12)).unwrap_or_default();
    let day = 1 + i8::try_from(dice.below(28)).unwrap_or_default();
    let mut letter = || char::from(b'A' + u8::try_from(dice.below(26)).unwrap_or_default());
    let unit = format!("{}{}", letter(), letter());
    Person {
        name: format!("{first} {last}"),
        date_of_birth: jiff::civil::Date::new(year, month, day).ok(),
        nhs_number: (dice.below(10) < 6).then(|| nhs_number(number)).flatten(),
        // Ofcom keeps 07700 900000 to 900999 for drama.
        phone: (dice.below(100) < 94).then(|| format!("+447700900{:03}", dice.below(1000))),
        email: (dice.below(100) < 80).then(|| format!("{}.{number}@example.org", first.to_lowercase())),
        voicemail_ok: dice.below(100) < 75,
        text_ok: true,
        address: vec![
            format!("{} Made-up Street", 1 + dice.below(200)),
            "Sheffield".to_owned(),
        ],
        postcode: Some(format!("S{} {}{unit}", 1 + dice.below(13), dice.below(10))),
        gp_surgery: Some("Example Surgery".to_owned()),
        ..Person::default()
    }
}

/// A number of the range that is kept for tests, with its check digit; one in eleven has none.
fn nhs_number(number: u32) -> Option<String> {
    let nine = format!("999{:06}", number % 1_000_000);
    (0..10)
        .find_map(|check| NhsNumber::parse(&format!("{nine}{check}")).ok())
        .map(|found| found.as_str().to_owned())
}

/// Rarer things, so that every flag and source is somebody's.
fn worried_facts(dice: &mut Dice) -> Facts {
    let mut facts = facts(dice, u32::MAX);
    facts.source = match dice.below(100) {
        0..8 => Source::Gp,
        8..30 => Source::Physio,
        30..33 => Source::Carer,
        _ => Source::Patient,
    };
    let mut once_in = |many: u64| dice.below(many) == 0;
    if once_in(300) {
        facts.crisis_now = Some(CrisisNow::Yes);
    }
    facts.harm_to_others = once_in(800);
    facts.safeguarding = once_in(120);
    facts.psychosis_mania = once_in(150);
    facts.spine_red_flag = once_in(500);
    facts.substance_main = once_in(60);
    facts.eating_disorder = once_in(90);
    if once_in(40) {
        facts.veteran = Veteran::Yes;
    }
    facts.bsl = once_in(200);
    facts.no_voicemail = once_in(7);
    facts
}
