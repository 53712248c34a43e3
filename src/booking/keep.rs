//! Keeping a place and letting it go. Every verb runs in its caller's transaction, writes the timeline, tells the
//! person, and offers on what it frees, so that no free place stands beside somebody who waits.

use super::act::Act;
use super::facts::RunFacts;
use super::place::{Hold, Place, PlaceState};
use super::queue::{Accepted, accept_offer, end, may_have_place, offer_free, refuse_offer};
use super::rules::BookingRules;
use super::store::places::Taking;
use super::store::{places, runs, waits};
use super::told::{About, News, forget, have_rung, tell};
use super::waiting::WaitEvent;
use crate::app::App;
use crate::db::{Conn, Error, Result};
use crate::referrals::{By, EventKind, Reach, reach, record, tell_booked};
use crate::triage::SelfBooking;
use crate::values::{Id, Ts};

/// Keeps a place on a run for a referral that may choose one.
pub fn hold(conn: &mut Conn<'_>, app: &App, act: &Act, run: Id, referral: Id) -> Result<Hold> {
    places::one_at_a_time(conn)?;
    if let Some(place) = kept(conn, referral)? {
        return Ok(Hold::AlreadyHas(place));
    }
    let Some((run, who)) = choosable(conn, app, act, run, referral)? else {
        return Ok(Hold::NotOffered);
    };
    // Whoever waits for this course goes first; it may be this person.
    offer_free(conn, app, act, &run, None)?;
    let offered = places::find(conn, referral)?;
    if offered.is_some_and(|place| place.run == run.id) {
        return Ok(match accept_offer(conn, app, act, referral)? {
            Accepted::Held(place) => Hold::Held(place),
            Accepted::NoOffer => Hold::Full,
        });
    }
    let confirm_by = BookingRules::of(&app.config.locality).confirm_by(act.now, run.first_session);
    let taking = Taking {
        referral,
        state: PlaceState::Held,
        at: act.now,
        confirm_by: Some(confirm_by),
        confirmed_by: None,
    };
    match seat(conn, app, act, &run, taking)? {
        None => Ok(Hold::Full),
        Some(place) => {
            held(conn, app, act, &who, &run, confirm_by)?;
            Ok(Hold::Held(place))
        }
    }
}

/// The person changes to another run. The new place is held and confirmed anew; if there is none, the old one stays.
pub fn change(conn: &mut Conn<'_>, app: &App, act: &Act, to: Id, referral: Id) -> Result<Hold> {
    places::one_at_a_time(conn)?;
    let Some(old) = kept(conn, referral)? else {
        return hold(conn, app, act, to, referral);
    };
    if old.run == to {
        return Ok(Hold::AlreadyHas(old));
    }
    let Some((run, who)) = choosable(conn, app, act, to, referral)? else {
        return Ok(Hold::NotOffered);
    };
    offer_free(conn, app, act, &run, None)?;
    let confirm_by = BookingRules::of(&app.config.locality).confirm_by(act.now, run.first_session);
    let taking = Taking {
        referral,
        state: PlaceState::Held,
        at: act.now,
        confirm_by: Some(confirm_by),
        confirmed_by: None,
    };
    let Some(place) = seat(conn, app, act, &run, taking)? else {
        return Ok(Hold::Full);
    };
    let words = format!("{}; to be confirmed", run.in_words());
    record(
        conn,
        &app.keys,
        referral,
        &act.event(EventKind::PlaceMoved, words),
    )?;
    tell_booked(conn, referral, false)?;
    let news = News {
        confirm_by: Some(confirm_by),
        ..News::of(About::Kept, &run)
    };
    tell(conn, app, act, &who, news)?;
    Ok(Hold::Held(place))
}

/// The person gives their place up.
pub fn cancel(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<bool> {
    give_up(conn, app, act, referral, Parting::ByMessage)
}

/// A named person gives the place of a referral up, or refuses the offer on the person's word; the referral goes on.
pub fn release(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<bool> {
    if refuse_offer(conn, app, act, referral)? {
        return Ok(true);
    }
    give_up(conn, app, act, referral, Parting::ByMessage)
}

/// The place a referral has, an offered one included.
pub fn find_place(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Place>> {
    places::find(conn, referral)
}

/// Lets go of everything because the referral ends, inside the transaction that ends it: the place, the offer, the
/// waiting, the calls to make. `false` when there was no place. Where a member of staff ends it, somebody tells the
/// person by voice: who is declined does not learn it from a mail about a date.
pub fn close_out(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<bool> {
    places::one_at_a_time(conn)?;
    for entry in waits::list_live_of(conn, referral)? {
        end(conn, app, act, &entry, WaitEvent::End)?;
    }
    let parting = match act.by {
        By::Staff(_) => Parting::ByVoice,
        By::Patient | By::Api(_) | By::System => Parting::Silent,
    };
    let had_slot = super::diary::release_slot(conn, app, act, referral)?;
    let freed = give_up(conn, app, act, referral, parting)?;
    if !freed {
        forget(conn, referral, act.now)?;
    }
    if had_slot && parting == Parting::ByVoice {
        have_rung(conn, app, act, referral, &News::by_voice(About::GivenUp, None))?;
    }
    Ok(freed || had_slot)
}

/// How somebody learns that their place is not kept any more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parting {
    /// By message, or by voice where none may be sent.
    ByMessage,
    /// By voice only.
    ByVoice,
    /// They ended it themselves, on a page that said so.
    Silent,
}

fn give_up(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id, parting: Parting) -> Result<bool> {
    places::one_at_a_time(conn)?;
    let Some(place) = kept(conn, referral)? else {
        return Ok(false);
    };
    places::free(conn, referral)?;
    tell_booked(conn, referral, false)?;
    forget(conn, referral, act.now)?;
    let Some(run) = runs::find_run(conn, place.run)? else {
        return Ok(true);
    };
    record(
        conn,
        &app.keys,
        referral,
        &act.event(EventKind::PlaceReleased, run.in_words()),
    )?;
    if let Some(who) = reach(conn, &app.keys, referral)? {
        match parting {
            Parting::Silent => {}
            Parting::ByVoice => {
                tell(conn, app, act, &who, News::by_voice(About::GivenUp, Some(&run)))?;
            }
            Parting::ByMessage => {
                tell(conn, app, act, &who, News::of(About::GivenUp, &run))?;
            }
        }
    }
    offer_free(conn, app, act, &run, None)?;
    Ok(true)
}

/// Writes and tells that a place is held.
pub(super) fn held(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    who: &Reach,
    run: &RunFacts,
    confirm_by: Ts,
) -> Result<()> {
    record(
        conn,
        &app.keys,
        who.id,
        &act.event(EventKind::PlaceHeld, run.in_words()),
    )?;
    let news = News {
        confirm_by: Some(confirm_by),
        ..News::of(About::Kept, run)
    };
    tell(conn, app, act, who, news)?;
    Ok(())
}

/// Ends what a person waited for, now that they have a place: on this course, or on another one.
pub(super) fn settle_waits(conn: &mut Conn<'_>, act: &Act, referral: Id, course: Id) -> Result<()> {
    for entry in waits::list_live_of(conn, referral)? {
        let event = match entry.course == course {
            true => WaitEvent::Take,
            false => WaitEvent::Leave,
        };
        super::queue::change(conn, &entry, event, act.now)?;
    }
    Ok(())
}

/// Takes the first free seat of a run, and offers on whatever the person had before; `None` when it is full, and then
/// nothing has changed.
pub(super) fn seat(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    run: &RunFacts,
    taking: Taking,
) -> Result<Option<Place>> {
    let Some(seat) = places::first_free_seat(conn, run.id)? else {
        return Ok(None);
    };
    let before = places::find(conn, taking.referral)?;
    if before.is_some() {
        places::free(conn, taking.referral)?;
        forget(conn, taking.referral, act.now)?;
    }
    if !places::take(conn, run.id, seat, taking)? {
        return Err(Error::Conflict);
    }
    settle_waits(conn, act, taking.referral, run.course)?;
    if let Some(before) = before
        && let Some(run_before) = runs::find_run(conn, before.run)?
    {
        offer_free(conn, app, act, &run_before, None)?;
    }
    Ok(Some(Place {
        run: run.id,
        seat,
        state: taking.state,
        confirm_by: taking.confirm_by,
    }))
}

/// The place a referral has, leaving out one that is only offered.
fn kept(conn: &mut Conn<'_>, referral: Id) -> Result<Option<Place>> {
    let place = places::find(conn, referral)?;
    Ok(place.filter(|place| matches!(place.state, PlaceState::Held | PlaceState::Confirmed)))
}

/// The run and the referral, if patients may choose it and this patient may choose.
fn choosable(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    run: Id,
    referral: Id,
) -> Result<Option<(RunFacts, Reach)>> {
    let rules = BookingRules::of(&app.config.locality);
    let found = (runs::find_run(conn, run)?, reach(conn, &app.keys, referral)?);
    let (Some(run), Some(who)) = found else {
        return Ok(None);
    };
    let open = run.active && !run.cancelled && rules.is_open(act.now, run.first_session);
    let may = rules.course && who.booking == SelfBooking::Course && may_have_place(who.state);
    let fits = open && may && run.service == who.service;
    Ok(fits.then_some((run, who)))
}
