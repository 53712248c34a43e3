//! Making and changing runs. Whoever is on a run that moves is told; places never become fewer than are taken.

use super::planned::DiaryRun;
use super::store::runs;
use crate::app::App;
use crate::booking::act::Act;
use crate::booking::course::{MOST_PLACES, NewRun, add_run};
use crate::booking::rules::BookingRules;
use crate::booking::store::places::one_at_a_time;
use crate::booking::{offer_on, tell_moved};
use crate::db::{Conn, Result};
use crate::values::{Id, Ts};

/// Where and when a run takes place, and for how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Where.
    pub venue: Id,
    /// When the first session begins.
    pub first_session: Ts,
    /// Minutes of one session.
    pub minutes: i32,
    /// Places, 1 to 20.
    pub places: i32,
}

/// A run to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewPlan {
    /// The row, drawn before.
    pub id: Id,
    /// Of which course.
    pub course: Id,
    /// Where, when, for how many.
    pub plan: Plan,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Done; so many people were told.
    Done {
        /// How many have a place on it and were told.
        told: usize,
    },
    /// There is no such run.
    Missing,
    /// It was called off before.
    CalledOff,
    /// Somebody changed it since the page was loaded; nothing was done.
    Meanwhile,
    /// More places are taken.
    Taken(usize),
    /// It has begun: its dates stay.
    Begun,
}

/// Makes a run with all its places.
pub fn add_plan(conn: &mut Conn<'_>, app: &App, act: &Act, new: &NewPlan) -> Result<()> {
    one_at_a_time(conn)?;
    let NewPlan { id, course, plan } = *new;
    let run = NewRun {
        id,
        course,
        venue: plan.venue,
        first_session: plan.first_session,
        minutes: plan.minutes,
        places: plan.places,
    };
    add_run(conn, &run)?;
    // Whoever waits for this course is asked first.
    offer_on(conn, app, act, id)
}

/// Changes a run. `seen` is its number on the page that was looked at.
pub fn change_run(
    conn: &mut Conn<'_>,
    app: &App,
    act: &Act,
    run: Id,
    seen: i32,
    plan: &Plan,
) -> Result<Changed> {
    one_at_a_time(conn)?;
    let Some(before) = runs::find(conn, run)? else {
        return Ok(Changed::Missing);
    };
    if let Some(refused) = refused(&before, seen, plan, act.now) {
        return Ok(refused);
    }
    runs::update(conn, run, plan, before.sequence + 1)?;
    seat(conn, &before, plan.places)?;
    let mut told = 0;
    if moves(&before, plan) {
        let rules = BookingRules::of(&app.config.locality);
        let latest = rules.confirm_by(act.now, plan.first_session);
        runs::confirm_before(conn, run, plan.first_session, latest)?;
        told = tell_moved(conn, app, act, run)?;
    }
    offer_on(conn, app, act, run)?;
    Ok(Changed::Done { told })
}

fn refused(before: &DiaryRun, seen: i32, plan: &Plan, now: Ts) -> Option<Changed> {
    if before.cancelled {
        return Some(Changed::CalledOff);
    }
    if before.sequence != seen {
        return Some(Changed::Meanwhile);
    }
    if plan.first_session != before.first_session && before.first_session <= now {
        return Some(Changed::Begun);
    }
    let wanted = usize::try_from(plan.places).unwrap_or_default();
    (wanted < before.taken()).then(|| Changed::Taken(before.taken()))
}

/// Whether those who have a place must hear of it.
fn moves(before: &DiaryRun, plan: &Plan) -> bool {
    (before.venue, before.first_session, before.minutes) != (plan.venue, plan.first_session, plan.minutes)
}

/// Makes or takes away free places until there are so many.
fn seat(conn: &mut Conn<'_>, before: &DiaryRun, places: i32) -> Result<()> {
    let places = places.clamp(1, MOST_PLACES);
    let wanted = usize::try_from(places).unwrap_or_default();
    let mut seats = runs::list_seats(conn, before.id)?;
    let mut next = seats.iter().map(|(seat, _)| *seat).max().unwrap_or_default();
    for _ in seats.len()..wanted {
        next += 1;
        runs::insert_seat(conn, before.id, next)?;
    }
    while seats.len() > wanted {
        let Some(last_free) = seats.iter().rposition(|(_, free)| *free) else {
            return Ok(());
        };
        let (seat, _) = seats.remove(last_free);
        runs::delete_free_seat(conn, before.id, seat)?;
    }
    Ok(())
}
