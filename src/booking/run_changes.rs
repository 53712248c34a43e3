//! What becomes of everybody on a run that is called off, or that is at another time.

use super::act::Act;
use super::clock;
use super::facts::RunFacts;
use super::place::PlaceState;
use super::queue::offer_free;
use super::store::{places, runs, waits};
use super::told::{About, News, tell};
use super::waiting::{Entry, WaitState};
use crate::app::App;
use crate::db::{Conn, Result};
use crate::referrals::{EventKind, reach, record, tell_booked};
use crate::values::{Id, Ts};

/// A run is called off: everybody on it goes to the head of the waiting list of its course, in the order they had their
/// places, and is told. Those to whom a place was offered go back to their position. `false` when it was called off
/// before.
pub fn call_off(conn: &mut Conn<'_>, app: &App, act: &Act, run: Id) -> Result<bool> {
    places::one_at_a_time(conn)?;
    if !runs::call_off(conn, run)? {
        return Ok(false);
    }
    let Some(run) = runs::find_run(conn, run)? else {
        return Ok(false);
    };
    let on_it = places::list_on_run(conn, run.id)?;
    let head = waits::head_of(conn, run.course)?.unwrap_or(act.now).min(act.now);
    let many = i64::try_from(on_it.len()).unwrap_or(i64::MAX);
    for (index, (referral, state)) in (0_i64..).zip(on_it) {
        if state == PlaceState::Offered {
            take_back(conn, app, act, referral)?;
        } else {
            let joined_at = Ts::from_micros(head.as_micros().saturating_sub(many - index));
            put_at_the_head(conn, app, act, &run, referral, joined_at)?;
        }
    }
    for other in runs::list_ahead(conn, act.now)? {
        if other.course == run.course {
            offer_free(conn, app, act, &other, None)?;
        }
    }
    Ok(true)
}

fn take_back(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<()> {
    let live = waits::list_live_of(conn, referral)?;
    for entry in live.iter().filter(|entry| entry.state == WaitState::Offered) {
        clock::take_back(conn, app, act, entry)?;
    }
    Ok(())
}

fn put_at_the_head(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    run: &RunFacts,
    referral: Id,
    joined_at: Ts,
) -> Result<()> {
    places::free(conn, referral)?;
    tell_booked(conn, referral, false)?;
    let words = format!("Called off: {}", run.in_words());
    record(
        conn,
        &app.keys,
        referral,
        &act.event(EventKind::PlaceReleased, words),
    )?;
    waits::insert(conn, &Entry::new(act.id(), run.course, referral, joined_at))?;
    if let Some(who) = reach(conn, &app.keys, referral)? {
        tell(conn, app, act, &who, News::of(About::RunCancelled, run))?;
    }
    Ok(())
}

/// A run is at another time or in another room: everybody who has a place on it is told. Call it after the change.
pub fn tell_moved(conn: &mut Conn<'_>, app: &App, act: &Act, run: Id) -> Result<usize> {
    places::one_at_a_time(conn)?;
    let Some(run) = runs::find_run(conn, run)? else {
        return Ok(0);
    };
    let on_it = places::list_on_run(conn, run.id)?;
    let mut told = 0;
    for (referral, state) in on_it {
        if let Some(who) = reach(conn, &app.keys, referral)?
            && state != PlaceState::Offered
        {
            let words = format!("Now: {}", run.in_words());
            record(
                conn,
                &app.keys,
                referral,
                &act.event(EventKind::PlaceMoved, words),
            )?;
            tell(conn, app, act, &who, News::of(About::Moved, &run))?;
            told += 1;
        }
    }
    Ok(told)
}
