//! The clock of an offer: when it starts, what happens when it runs out.

use super::act::Act;
use super::queue::{change, offer_free};
use super::rules::BookingRules;
use super::store::{places, runs, waits};
use super::told::{About, News, tell};
use super::waiting::{Entry, WaitEvent, WaitState};
use crate::app::App;
use crate::db::{Conn, Result};
use crate::referrals::{EventKind, reach, record};
use crate::values::{Id, Ts};

/// The offer has reached the person in this act: its clock starts, once.
pub(super) fn start(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<()> {
    match offered(conn, referral)? {
        Some(entry) => start_at(conn, app, &entry, act.now),
        None => Ok(()),
    }
}

/// The offer reached the person at this moment.
pub(super) fn start_at(conn: &mut Conn<'_>, app: &App, entry: &Entry, told: Ts) -> Result<()> {
    let Some(offer) = entry.offer.filter(|offer| offer.told_at.is_none()) else {
        return Ok(());
    };
    let Some(run) = runs::find_run(conn, offer.run)? else {
        return Ok(());
    };
    let lapses_at = BookingRules::of(&app.config.locality).lapses_at(told, run.first_session);
    change(conn, entry, WaitEvent::Reached { lapses_at }, told)?;
    Ok(())
}

/// The offer of a person ends without an answer.
pub(super) fn pass_on(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<()> {
    match offered(conn, referral)? {
        Some(entry) => lapse(conn, app, act, &entry),
        None => Ok(()),
    }
}

/// An offer has run out. The freed place goes to the next person. Whoever let it run out goes back to their old
/// position, once: a holiday or a lost phone is no refusal. After the second time somebody rings and asks, because a
/// third silent offer would only hold up everybody behind.
pub(super) fn lapse(conn: &mut Conn<'_>, app: &App, act: &Act, entry: &Entry) -> Result<()> {
    let Some(offer) = entry.offer else {
        return Ok(());
    };
    let Some(after) = change(conn, entry, WaitEvent::Lapse, act.now)? else {
        return Ok(());
    };
    places::free(conn, entry.referral)?;
    let run = runs::find_run(conn, offer.run)?;
    let words = run.as_ref().map(|run| run.in_words()).unwrap_or_default();
    record(
        conn,
        &app.keys,
        entry.referral,
        &act.event(EventKind::OfferEnded, format!("No answer in time: {words}")),
    )?;
    super::told::forget(conn, entry.referral, act.now)?;
    if after.state == WaitState::Lapsed
        && let Some(who) = reach(conn, &app.keys, entry.referral)?
    {
        tell(conn, app, act, &who, News::by_voice(About::Ask, run.as_ref()))?;
    }
    if let Some(run) = run {
        offer_free(conn, app, act, &run, Some(entry.id))?;
    }
    Ok(())
}

/// The offer ends through no doing of the person: their position stays, and it does not count against them.
pub(super) fn take_back(conn: &mut Conn<'_>, app: &App, act: &Act, entry: &Entry) -> Result<()> {
    if change(conn, entry, WaitEvent::TakeBack, act.now)?.is_none() {
        return Ok(());
    }
    places::free(conn, entry.referral)?;
    super::told::forget(conn, entry.referral, act.now)?;
    let words = "Taken back: the course began before they could answer, or was called off".to_owned();
    record(
        conn,
        &app.keys,
        entry.referral,
        &act.event(EventKind::OfferEnded, words),
    )?;
    Ok(())
}

fn offered(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Entry>> {
    let live = waits::list_live_of(conn, referral)?;
    Ok(live.into_iter().find(|entry| entry.state == WaitState::Offered))
}
