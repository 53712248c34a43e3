//! The worker of this room. Each minute: messages that arrived start the clock of their offer, messages that were given
//! up become calls, offers that ran out go to the next person, those who are due are reminded, and nobody waits for a
//! course that has begun. Each step looks, then acts in a transaction that looks again, so two instances do no harm.

use std::sync::Arc;
use std::time::Duration;

use super::act::Act;
use super::clock::{lapse, start_at, take_back};
use super::facts::RunFacts;
use super::queue::{change, offer_on};
use super::rules::BookingRules;
use super::store::notices::Notice;
use super::store::{notices, places, runs, waits};
use super::told::{About, News, NoticeState, have_rung, tell};
use super::waiting::{Entry, WaitEvent, WaitState};
use crate::app::App;
use crate::db::{Conn, Result};
use crate::notify::{self, Status};
use crate::referrals::{By, EventKind, reach, record};
use crate::values::{Id, Ts};

/// How long the worker rests between two rounds.
const REST: Duration = Duration::from_secs(60);
/// Messages looked at in one round; the rest waits a minute.
const MOST_MESSAGES: i64 = 500;
/// How far ahead runs are looked at for reminders, in days.
const DAYS_AHEAD: i64 = 10;

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tended {
    /// Offers whose clock started.
    pub started: usize,
    /// Messages that became calls.
    pub calls: usize,
    /// Offers that ran out or were taken back.
    pub ended: usize,
    /// People reminded.
    pub reminded: usize,
    /// People who wait no more, because no run lies ahead.
    pub over: usize,
}

/// Tends until `shutdown` resolves; the round in hand is finished.
pub async fn tend_until(app: Arc<App>, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        if let Err(refused) = tend(&app).await {
            tracing::error!(error = %refused, "places could not be tended; the next round tries again");
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(REST) => {}
        }
    }
}

/// One round.
pub async fn tend(app: &Arc<App>) -> Result<Tended> {
    let mut tended = Tended::default();
    messages(app, &mut tended).await?;
    offers(app, &mut tended).await?;
    reminders(app, &mut tended).await?;
    app.mailer.nudge();
    Ok(tended)
}

async fn messages(app: &Arc<App>, tended: &mut Tended) -> Result<()> {
    let due = app.db.read(|conn| {
        let sent = notices::list_sent(conn, MOST_MESSAGES)?;
        let ids: Vec<Id> = sent.iter().map(|notice| notice.id).collect();
        let known = notify::statuses(conn, &ids)?;
        let fate = |id: Id| {
            let found = known.iter().find(|(known, _, _)| *known == id);
            found.map(|(_, status, at)| (*status, *at))
        };
        let due = sent
            .into_iter()
            .filter_map(|notice| Some((fate(notice.id)?, notice)));
        Ok(due.collect::<Vec<_>>())
    });
    for ((status, at), notice) in due.await? {
        match status {
            Status::Waiting => {}
            Status::Delivered => tended.started += usize::from(arrived(app, notice, at).await?),
            Status::GivenUp | Status::Superseded => {
                tended.calls += usize::from(did_not_arrive(app, notice).await?);
            }
        }
    }
    Ok(())
}

/// A message arrived; `true` when that started the clock of an offer.
async fn arrived(app: &Arc<App>, notice: Notice, at: Option<Ts>) -> Result<bool> {
    let (inside, told) = (app.clone(), at.unwrap_or(app.clock.now()));
    app.db
        .write(move |conn| {
            places::one_at_a_time(conn)?;
            if !notices::settle(conn, notice.id, NoticeState::Delivered)? {
                return Ok(false);
            }
            let live = waits::list_live_of(conn, notice.referral_id)?;
            let of_message =
                |entry: &&Entry| entry.offer.is_some_and(|offer| offer.message == Some(notice.id));
            match live.iter().find(of_message) {
                Some(entry) => start_at(conn, &inside, entry, told).map(|()| true),
                None => Ok(false),
            }
        })
        .await
}

/// A message was given up: somebody rings instead.
async fn did_not_arrive(app: &Arc<App>, notice: Notice) -> Result<bool> {
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::System)?);
    app.db
        .write(move |conn| {
            places::one_at_a_time(conn)?;
            if !notices::settle(conn, notice.id, NoticeState::Ring)? {
                return Ok(false);
            }
            let run = match notice.run_id {
                Some(run) => runs::find_run(conn, run)?,
                None => None,
            };
            let kept = places::find(conn, notice.referral_id)?;
            let news = News {
                confirm_by: kept.and_then(|place| place.confirm_by),
                ..News::by_voice(notice.kind, run.as_ref())
            };
            have_rung(conn, &inside, &act, notice.referral_id, &news)?;
            Ok(true)
        })
        .await
}

async fn offers(app: &Arc<App>, tended: &mut Tended) -> Result<()> {
    let now = app.clock.now();
    let (live, ahead) = app
        .db
        .read(move |conn| Ok((waits::list_live(conn)?, runs::list_ahead(conn, now)?)))
        .await?;
    let begins = |run: Id| ahead.iter().any(|ahead| ahead.id == run);
    for entry in &live {
        let over = !ahead.iter().any(|run| run.course == entry.course);
        let due = match entry.offer {
            None => false,
            Some(offer) => !begins(offer.run) || offer.lapses_at.is_some_and(|at| at <= now),
        };
        if due {
            tended.ended += usize::from(end_offer(app, entry.id).await?);
        }
        if over {
            tended.over += usize::from(end_waiting(app, entry.id).await?);
        }
    }
    let waited_for = |run: &&RunFacts| live.iter().any(|entry| entry.course == run.course);
    for run in ahead.iter().filter(waited_for) {
        let (inside, act, run) = (app.clone(), Act::draw(now, By::System)?, run.id);
        app.db
            .write(move |conn| offer_on(conn, &inside, &act, run))
            .await?;
    }
    Ok(())
}

/// Ends an offer whose time is over, or whose run has begun or was called off.
async fn end_offer(app: &Arc<App>, entry: Id) -> Result<bool> {
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::System)?);
    app.db
        .write(move |conn| {
            places::one_at_a_time(conn)?;
            let Some(entry) = waits::find(conn, entry)? else {
                return Ok(false);
            };
            let Some(offer) = entry.offer else {
                return Ok(false);
            };
            let run = runs::find_run(conn, offer.run)?;
            let gone = run.is_none_or(|run| run.cancelled || run.first_session <= act.now);
            let ran_out = offer.lapses_at.is_some_and(|at| at <= act.now);
            match (gone, ran_out, offer.told_at) {
                // Whoever was told and did not answer let it run out, also when the run began meanwhile.
                (_, true, Some(_)) => lapse(conn, &inside, &act, &entry)?,
                (true, _, _) => take_back(conn, &inside, &act, &entry)?,
                (false, _, _) => return Ok(false),
            }
            Ok(true)
        })
        .await
}

/// Nobody waits for a course of which no run lies ahead: somebody rings and asks what they would like instead.
async fn end_waiting(app: &Arc<App>, entry: Id) -> Result<bool> {
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::System)?);
    app.db
        .write(move |conn| {
            places::one_at_a_time(conn)?;
            let Some(entry) = waits::find(conn, entry)?.filter(|entry| entry.state == WaitState::Waiting)
            else {
                return Ok(false);
            };
            let ahead = runs::list_ahead(conn, act.now)?;
            if ahead.iter().any(|run| run.course == entry.course) {
                return Ok(false);
            }
            change(conn, &entry, WaitEvent::End, act.now)?;
            let words = "The course has begun, and no other is planned".to_owned();
            record(
                conn,
                &inside.keys,
                entry.referral,
                &act.event(EventKind::WaitEnded, words),
            )?;
            if places::find(conn, entry.referral)?.is_none() {
                have_rung(
                    conn,
                    &inside,
                    &act,
                    entry.referral,
                    &News::by_voice(About::Ask, None),
                )?;
            }
            Ok(true)
        })
        .await
}

async fn reminders(app: &Arc<App>, tended: &mut Tended) -> Result<()> {
    let now = app.clock.now();
    let soon = now.plus_days(DAYS_AHEAD);
    let ahead = app.db.read(move |conn| runs::list_ahead(conn, now)).await?;
    let rules = BookingRules::of(&app.config.locality);
    for run in ahead {
        let from = rules.reminded_from(run.first_session);
        if run.first_session > soon || from > now {
            continue;
        }
        let id = run.id;
        // Who got the place, or had it confirmed, after that morning has just been told the date.
        let whom = app
            .db
            .read(move |conn| places::list_taken_before(conn, id, from))
            .await?;
        for referral in whom {
            tended.reminded += usize::from(remind(app, run.id, referral).await?);
        }
    }
    Ok(())
}

/// Reminds one person of one first session, once.
async fn remind(app: &Arc<App>, run: Id, referral: Id) -> Result<bool> {
    let (inside, act) = (app.clone(), Act::draw(app.clock.now(), By::System)?);
    app.db
        .write(move |conn| {
            places::one_at_a_time(conn)?;
            remind_within(conn, &inside, &act, run, referral)
        })
        .await
}

fn remind_within(conn: &mut Conn<'_>, app: &App, act: &Act, run: Id, referral: Id) -> Result<bool> {
    let Some(run) = runs::find_run(conn, run)? else {
        return Ok(false);
    };
    let still_on_it = places::find(conn, referral)?.is_some_and(|place| place.run == run.id);
    let going = !run.cancelled && run.first_session > act.now;
    if !still_on_it || !going || notices::was_reminded(conn, referral, run.id, run.first_session)? {
        return Ok(false);
    }
    match reach(conn, &app.keys, referral)? {
        Some(who) => tell(conn, app, act, &who, News::of(About::Reminder, &run)).map(|_| true),
        None => Ok(false),
    }
}
