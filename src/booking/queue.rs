//! The waiting list in the database: joining, leaving, offering on what came free, saying yes or no.

use super::act::Act;
use super::facts::RunFacts;
use super::keep::{self, settle_waits};
use super::place::{Place, PlaceState};
use super::rules::BookingRules;
use super::store::places::Taking;
use super::store::{places, runs, waits};
use super::told::{About, News, forget, tell};
use super::waiting::{Entry, WaitEvent, WaitState};
use crate::app::App;
use crate::db::{Conn, Result};
use crate::referrals::{EventKind, Reach, ReviewState, reach, record};
use crate::triage::SelfBooking;
use crate::values::{Id, Ts};

/// What became of a wish to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// In the list; where a place had just come free it may be offered already.
    Joined,
    /// In the list since before.
    AlreadyWaits,
    /// This referral has a place.
    HasPlace,
    /// Not a course this referral may choose from, or no run lies ahead.
    NotOffered,
}

/// What became of a yes to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// The place is kept, to be confirmed.
    Held(Place),
    /// There is no offer any more.
    NoOffer,
}

/// Whether a referral in this state can have a place at all.
pub(super) fn may_have_place(state: ReviewState) -> bool {
    match state {
        ReviewState::New
        | ReviewState::WaitingForPatient
        | ReviewState::Accepted
        | ReviewState::HandedOver
        | ReviewState::Started => true,
        ReviewState::Incomplete | ReviewState::Closed | ReviewState::Declined | ReviewState::Withdrawn => {
            false
        }
    }
}

/// The one function that changes an entry; `None` when the event cannot happen to it.
pub(super) fn change(conn: &mut Conn<'_>, entry: &Entry, event: WaitEvent, now: Ts) -> Result<Option<Entry>> {
    let Some(after) = entry.after(event, now) else {
        return Ok(None);
    };
    waits::update(conn, &after, entry.state)?;
    Ok(Some(after))
}

/// Puts a person on the waiting list of a course.
pub fn join_waiting(conn: &mut Conn<'_>, app: &App, act: &Act, course: Id, referral: Id) -> Result<Join> {
    places::one_at_a_time(conn)?;
    if places::find(conn, referral)?.is_some() {
        return Ok(Join::HasPlace);
    }
    let live = waits::list_live_of(conn, referral)?;
    if live.iter().any(|entry| entry.course == course) {
        return Ok(Join::AlreadyWaits);
    }
    let Some(who) = reach(conn, &app.keys, referral)? else {
        return Ok(Join::NotOffered);
    };
    let rules = BookingRules::of(&app.config.locality);
    let mut ahead = runs::list_ahead(conn, act.now)?;
    ahead.retain(|run| run.course == course);
    let allowed = rules.course && who.booking == SelfBooking::Course && may_have_place(who.state);
    let Some(first) = ahead.iter().find(|run| run.active && run.service == who.service) else {
        return Ok(Join::NotOffered);
    };
    if !allowed {
        return Ok(Join::NotOffered);
    }
    waits::insert(conn, &Entry::new(act.id(), course, referral, act.now))?;
    let joined = act.event(EventKind::WaitJoined, first.course_name.clone());
    record(conn, &app.keys, referral, &joined)?;
    for run in &ahead {
        offer_free(conn, app, act, run, None)?;
    }
    Ok(Join::Joined)
}

/// Takes a person off the list of a course, or of every course; an offer goes on to the next.
pub fn leave_waiting(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    course: Option<Id>,
    referral: Id,
) -> Result<bool> {
    places::one_at_a_time(conn)?;
    let mut live = waits::list_live_of(conn, referral)?;
    live.retain(|entry| course.is_none_or(|course| entry.course == course));
    for entry in &live {
        end(conn, app, act, entry, WaitEvent::Leave)?;
        record(
            conn,
            &app.keys,
            referral,
            &act.event(EventKind::WaitEnded, String::new()),
        )?;
    }
    Ok(!live.is_empty())
}

/// Says no to the offer of a person; the place goes to the next who waits.
pub fn refuse_offer(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<bool> {
    places::one_at_a_time(conn)?;
    let live = waits::list_live_of(conn, referral)?;
    let Some(entry) = live.iter().find(|entry| entry.state == WaitState::Offered) else {
        return Ok(false);
    };
    end(conn, app, act, entry, WaitEvent::Refuse)?;
    let refused = act.event(EventKind::OfferEnded, "The patient said no".to_owned());
    record(conn, &app.keys, referral, &refused)?;
    Ok(true)
}

/// Says yes to the offer of a person: the place is held, to be confirmed like any other. While the place is still kept
/// for them it is theirs, even if the clock has just run out.
pub fn accept_offer(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id) -> Result<Accepted> {
    places::one_at_a_time(conn)?;
    let offered = places::find(conn, referral)?.filter(|place| place.state == PlaceState::Offered);
    let Some(place) = offered else {
        return Ok(Accepted::NoOffer);
    };
    let found = (
        runs::find_run(conn, place.run)?,
        reach(conn, &app.keys, referral)?,
    );
    let (Some(run), Some(who)) = found else {
        return Ok(Accepted::NoOffer);
    };
    if run.cancelled || run.first_session <= act.now || !may_have_place(who.state) {
        return Ok(Accepted::NoOffer);
    }
    let confirm_by = BookingRules::of(&app.config.locality).confirm_by(act.now, run.first_session);
    places::hold_offered(conn, referral, act.now, confirm_by)?;
    settle_waits(conn, act, referral, run.course)?;
    keep::held(conn, app, act, &who, &run, confirm_by)?;
    Ok(Accepted::Held(Place {
        state: PlaceState::Held,
        confirm_by: Some(confirm_by),
        ..place
    }))
}

/// Ends an entry; a place that was offered with it is free, and offered on.
pub(super) fn end(conn: &mut Conn<'_>, app: &App, act: &Act, entry: &Entry, event: WaitEvent) -> Result<()> {
    if change(conn, entry, event, act.now)?.is_none() {
        return Ok(());
    }
    let Some(offer) = entry.offer else {
        return Ok(());
    };
    places::free(conn, entry.referral)?;
    forget(conn, entry.referral, act.now)?;
    match runs::find_run(conn, offer.run)? {
        Some(run) => offer_free(conn, app, act, &run, None),
        None => Ok(()),
    }
}

/// Offers the free places of a run to those who wait for its course, in order. `passed_over` let an offer of this run
/// run out just now: the next person goes first, and only when nobody else waits it is offered to them again.
pub(super) fn offer_free(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    run: &RunFacts,
    mut passed_over: Option<Id>,
) -> Result<()> {
    let rules = BookingRules::of(&app.config.locality);
    if run.cancelled || !run.active || !rules.is_open(act.now, run.first_session) {
        return Ok(());
    }
    while let Some(seat) = places::first_free_seat(conn, run.id)? {
        let next = match waits::first_waiting(conn, run.course, passed_over)? {
            None if passed_over.is_some() => waits::first_waiting(conn, run.course, None)?,
            found => found,
        };
        let Some(entry) = next else { break };
        let who = reach(conn, &app.keys, entry.referral)?;
        match who.filter(|who| may_have_place(who.state)) {
            Some(who) => {
                offer(conn, app, act, run, seat, &entry, &who)?;
                passed_over = None;
            }
            None => {
                change(conn, &entry, WaitEvent::End, act.now)?;
            }
        }
    }
    Ok(())
}

fn offer(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    run: &RunFacts,
    seat: i32,
    entry: &Entry,
    who: &Reach,
) -> Result<()> {
    let taking = Taking {
        referral: who.id,
        state: PlaceState::Offered,
        at: act.now,
        confirm_by: None,
        confirmed_by: None,
    };
    if !places::take(conn, run.id, seat, taking)? {
        return Err(crate::db::Error::Conflict);
    }
    let message = tell(conn, app, act, who, News::of(About::Offer, run))?;
    let event = WaitEvent::Offer {
        run: run.id,
        seat,
        message,
    };
    change(conn, entry, event, act.now)?;
    let offered = act.event(EventKind::PlaceOffered, run.in_words());
    record(conn, &app.keys, who.id, &offered)?;
    Ok(())
}

/// Offers whatever is free on this run to those who wait. For whoever adds a run or places.
pub fn offer_on(conn: &mut Conn<'_>, app: &App, act: &Act, run: Id) -> Result<()> {
    places::one_at_a_time(conn)?;
    match runs::find_run(conn, run)? {
        Some(run) => offer_free(conn, app, act, &run, None),
        None => Ok(()),
    }
}
