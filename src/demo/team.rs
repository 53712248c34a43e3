//! What the made-up team has done about a referral since it came: in its working hours, and by the times it promised,
//! but for a few things that it forgot.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::Context;
use jiff::ToSpan;

use super::stage::Stage;
use super::store;
use super::stories::{Forgotten, LastDays, Story};
use crate::app::App;
use crate::booking::{Act, Hold, confirm, hold};
use crate::referrals::{
    By, ContactOutcome, Contacting, Declining, Deed, HandOver, Receipt, RecordNumber, hand_over,
    record_contact, review,
};
use crate::triage::{Priority, SelfBooking};
use crate::values::{Id, Ts};

/// How many of the places of each run are taken.
const TAKEN: [u32; 3] = [8, 10, 4];
/// Working minutes after which the last places that were chosen are confirmed: less than the two days that are promised.
const TO_CONFIRM: i64 = 800;
/// Working minutes from accepting somebody to entering them into the record system.
const TO_ENTER: i64 = 300;

/// The older a referral, the more likely somebody has decided. Nothing happens after `now`.
pub(super) async fn decide(
    stage: &Stage,
    app: &Arc<App>,
    receipt: &Receipt,
    story: &Story,
    now: Ts,
) -> anyhow::Result<()> {
    let Some(by) = stage.triager(story.fate) else {
        return Ok(());
    };
    let (decision, hours) = (&receipt.decision, &app.config.locality.hours);
    let act = |deed: Deed| review(app, &receipt.reference, None, by, deed);
    let minutes = i64::from(story.fate);
    let (first_contact, days) = match decision.priority {
        Priority::P1 => (hours.next_open(story.came).plus_minutes(25), 2),
        Priority::P2 => (hours.after_working_minutes(story.came, 60 + minutes), 2),
        Priority::P3 | Priority::P4 => {
            let days = 4 + minutes % 4;
            (
                hours.after_working_minutes(story.came.plus_days(days), minutes),
                days,
            )
        }
    };
    if first_contact > now {
        return take_on(app, receipt, story, (by, now)).await;
    }
    app.clock.set(first_contact);
    if decision.priority == Priority::P1 {
        act(Deed::Acknowledge).await?;
        called(
            app,
            receipt.id,
            by,
            ContactOutcome::Spoke,
            "Safety plan agreed, GP told",
        )
        .await?;
    } else if story.forgotten != Some(Forgotten::Call) {
        called(app, receipt.id, by, ContactOutcome::Spoke, "").await?;
    }
    let decided = hours
        .after_working_minutes(story.came.plus_days(days), minutes)
        .max(first_contact)
        .plus_minutes(10);
    if decided > now {
        return Ok(());
    }
    app.clock.set(decided);
    // Whoever cannot be told by phone is taken on.
    if story.fate < 6 && story.person.phone.is_some() {
        return decline(app, receipt, story, (by, now)).await;
    }
    act(Deed::Accept {
        step: decision.step,
        reason: None,
        with: None,
    })
    .await?;
    let comes_already =
        decision.booking == SelfBooking::Course && book(stage, app, receipt.id, story, (by, now)).await?;
    // Who comes to a course here is in treatment here.
    if comes_already || story.forgotten == Some(Forgotten::Entering) {
        return Ok(());
    }
    enter(app, receipt, story, (by, decided, now)).await
}

/// What happens before anybody decides: some are taken on, and some of those were rung in vain.
async fn take_on(
    app: &Arc<App>,
    receipt: &Receipt,
    story: &Story,
    (by, now): (Id, Ts),
) -> anyhow::Result<()> {
    if story.fate >= 15 || LastDays::between(story.came, now).0 == 0 {
        return Ok(());
    }
    let hours = &app.config.locality.hours;
    app.clock.set(hours.next_open(story.came).min(now));
    review(app, &receipt.reference, None, by, Deed::Claim).await?;
    if !story.fate.is_multiple_of(2) {
        return Ok(());
    }
    for attempt in 0..=i64::from(story.fate % 4 / 2) {
        let rung = hours.after_working_minutes(story.came, 60 + attempt * 180);
        if rung <= now {
            app.clock.set(rung);
            called(app, receipt.id, by, ContactOutcome::NoAnswer, "").await?;
        }
    }
    Ok(())
}

/// Not taken on, and told so by phone within the day.
async fn decline(
    app: &Arc<App>,
    receipt: &Receipt,
    story: &Story,
    (by, now): (Id, Ts),
) -> anyhow::Result<()> {
    let declining = Declining {
        told: Some("The other service, by phone".to_owned()),
        ..Declining::by_call(
            "Already with another service, which was told; the patient agreed.".to_owned(),
            "The service you are with already. Your GP surgery has the number.",
        )
    };
    review(app, &receipt.reference, None, by, Deed::Decline(declining)).await?;
    tell(app, receipt.id, (by, now), i64::from(story.fate)).await
}

/// Somebody tells the patient what happened, an hour later, unless that is still to come.
async fn tell(app: &Arc<App>, referral: Id, (by, now): (Id, Ts), minutes: i64) -> anyhow::Result<()> {
    let told = app
        .config
        .locality
        .hours
        .after_working_minutes(app.clock.now(), 60 + minutes);
    if told > now {
        return Ok(());
    }
    app.clock.set(told);
    called(app, referral, by, ContactOutcome::Spoke, "").await
}

/// Entered into the record system by the next working day, and before a weekend at once.
async fn enter(
    app: &Arc<App>,
    receipt: &Receipt,
    story: &Story,
    (by, decided, now): (Id, Ts, Ts),
) -> anyhow::Result<()> {
    let hours = &app.config.locality.hours;
    let tomorrow = decided.london_date().saturating_add(1.day());
    let entered = match hours.is_working_day(tomorrow) {
        true => hours.after_working_minutes(decided, TO_ENTER + i64::from(story.fate)),
        false => decided.plus_minutes(15),
    };
    let entered = entered.max(app.clock.now());
    if entered > now {
        return Ok(());
    }
    app.clock.set(entered);
    let id = receipt.id;
    let seen = app.db.read(move |conn| store::find_length(conn, id)).await?;
    let number = RecordNumber::parse(&format!("DEMO-{:04}", 1000 + story.number));
    let said = HandOver::Entered {
        number: number.context("a number of the demo is no record number")?,
        taken_over_by: None,
    };
    hand_over(app, &receipt.reference, seen, by, said).await?;
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

/// Takes a place until the runs are as full as planned, and has it confirmed in time. Tells whether the run is under way.
async fn book(
    stage: &Stage,
    app: &Arc<App>,
    referral: Id,
    story: &Story,
    (by, now): (Id, Ts),
) -> anyhow::Result<bool> {
    let chosen = app.clock.now();
    for ((run, taken), most) in stage.runs.iter().zip(&stage.taken).zip(TAKEN) {
        if taken.fetch_add(1, Ordering::SeqCst) >= most {
            continue;
        }
        let (run, inside, act) = (*run, app.clone(), Act::draw(chosen, By::Patient)?);
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
        let confirmed = match under_way || story.fate % 3 == 1 {
            true => chosen,
            false => app
                .config
                .locality
                .hours
                .after_working_minutes(chosen, TO_CONFIRM),
        };
        if matches!(held, Hold::Held(_)) && confirmed <= now {
            let (inside, act) = (app.clone(), Act::draw(confirmed, By::Staff(by))?);
            app.clock.set(confirmed);
            app.db
                .write(move |conn| confirm(conn, &inside, &act, referral))
                .await?;
            if !story.person.may_mail() {
                tell(app, referral, (by, now), i64::from(story.fate)).await?;
            }
        }
        return Ok(under_way);
    }
    Ok(false)
}
