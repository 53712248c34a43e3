//! What a named person decides about a place: confirmed, or another one.

use super::act::Act;
use super::keep::seat;
use super::place::{Hold, PlaceState};
use super::queue::{accept_offer, may_have_place};
use super::store::places::Taking;
use super::store::{places, runs};
use super::told::{About, News, tell};
use crate::app::App;
use crate::db::{Conn, Result};
use crate::referrals::{By, EventKind, reach, record, tell_booked};
use crate::values::Id;

/// A named person confirms the place a referral holds, or takes the offer on the person's word; `false` when it holds
/// none.
pub fn confirm(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<bool> {
    let by = named(act)?;
    places::one_at_a_time(conn)?;
    accept_offer(conn, app, act, referral)?;
    if !places::confirm(conn, referral, by, act.now)? {
        return Ok(false);
    }
    tell_booked(conn, referral, true)?;
    let place = places::find(conn, referral)?;
    let run = match place {
        Some(place) => runs::find_run(conn, place.run)?,
        None => None,
    };
    if let Some((run, who)) = run.zip(reach(conn, &app.keys, referral)?) {
        record(
            conn,
            &app.keys,
            referral,
            &act.event(EventKind::PlaceConfirmed, run.in_words()),
        )?;
        tell(conn, app, act, &who, News::of(About::Confirmed, &run))?;
    }
    Ok(true)
}

/// A named person puts a referral on a run, from another one or from none. That is a decision, so it is confirmed at
/// once, and it is not bound to what patients may choose; only a run that was called off or has begun is refused.
pub fn move_to(conn: &mut Conn<'_>, app: &App, act: &Act, to: Id, referral: Id) -> Result<Hold> {
    let by = named(act)?;
    places::one_at_a_time(conn)?;
    let old = places::find(conn, referral)?;
    if let Some(place) = old.as_ref().filter(|place| place.run == to) {
        return Ok(Hold::AlreadyHas(place.clone()));
    }
    let found = (runs::find_run(conn, to)?, reach(conn, &app.keys, referral)?);
    let (Some(run), Some(who)) = found else {
        return Ok(Hold::NotOffered);
    };
    if run.cancelled || run.first_session <= act.now || !may_have_place(who.state) {
        return Ok(Hold::NotOffered);
    }
    let taking = Taking {
        referral,
        state: PlaceState::Confirmed,
        at: act.now,
        confirm_by: None,
        confirmed_by: Some(by),
    };
    let Some(place) = seat(conn, app, act, &run, taking)? else {
        return Ok(Hold::Full);
    };
    let had = old.is_some_and(|place| place.state != PlaceState::Offered);
    let (kind, about) = match had {
        true => (EventKind::PlaceMoved, About::Moved),
        false => (EventKind::PlaceConfirmed, About::Confirmed),
    };
    record(conn, &app.keys, referral, &act.event(kind, run.in_words()))?;
    tell_booked(conn, referral, true)?;
    tell(conn, app, act, &who, News::of(about, &run))?;
    Ok(Hold::Held(place))
}

fn named(act: &Act) -> Result<Id> {
    match act.by {
        By::Staff(id) => Ok(id),
        By::Patient | By::Api(_) | By::System => {
            Err(anyhow::anyhow!("a place is confirmed by a named person").into())
        }
    }
}
