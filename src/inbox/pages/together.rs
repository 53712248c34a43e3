//! A decision and what it does to a place, in one transaction: both are done, or neither.

use std::sync::Arc;

use super::super::placing::Placing;
use crate::app::App;
use crate::booking::{self, Act, Hold};
use crate::db::{Conn, Error, Result};
use crate::inbox::store;
use crate::referrals::{Deed, Outcome, Reference, Reviewing, has_seen_enough, review_within};
use crate::values::Id;

/// What became of a decision with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Together {
    /// What the decision came to; the place followed it.
    Decided(Outcome),
    /// The place could not follow: nothing was done.
    NoRoom,
}

/// Undoes what was written, because the run is full or the place is gone.
#[derive(Debug, thiserror::Error)]
#[error("the place is not to be had any more")]
struct NoRoom;

/// Does a deed; declining lets go of the place, accepting does with it what was chosen.
pub(super) async fn decide(
    app: &Arc<App>,
    reviewing: Reviewing,
    deed: &Deed,
    placing: Option<Placing>,
    act: Act,
    referral: Id,
) -> Result<Together> {
    let (inside, ends) = (app.clone(), deed.ends());
    let done = app
        .db
        .write(move |conn| {
            let outcome = review_within(conn, &reviewing)?;
            if outcome != Outcome::Done {
                return Ok(Together::Decided(outcome));
            }
            if ends {
                booking::close_out(conn, &inside, &act, referral)?;
            }
            if let Some(placing) = placing {
                put(conn, &inside, &act, referral, placing)?;
            }
            Ok(Together::Decided(outcome))
        })
        .await;
    app.mailer.nudge();
    undone(done)
}

/// Decides about the place alone, if nobody has changed the referral since it was looked at.
pub(super) async fn place(
    app: &Arc<App>,
    reference: &Reference,
    seen: i32,
    placing: Placing,
    act: Act,
) -> Result<Together> {
    let (inside, reference) = (app.clone(), reference.clone());
    let done = app
        .db
        .write(move |conn| {
            let Some((referral, head)) = store::find_head(conn, &reference)? else {
                return Ok(Together::Decided(Outcome::Missing));
            };
            if !has_seen_enough(conn, referral, head, seen)? {
                return Ok(Together::Decided(Outcome::ChangedMeanwhile));
            }
            put(conn, &inside, &act, referral, placing)?;
            Ok(Together::Decided(Outcome::Done))
        })
        .await;
    app.mailer.nudge();
    undone(done)
}

fn put(conn: &mut Conn<'_>, app: &App, act: &Act, referral: Id, placing: Placing) -> Result<()> {
    let done = match placing {
        Placing::Leave => true,
        Placing::Confirm => booking::confirm(conn, app, act, referral)?,
        Placing::Release => booking::release(conn, app, act, referral)?,
        Placing::MoveTo(run) => match booking::move_to(conn, app, act, run, referral)? {
            Hold::Held(_) | Hold::AlreadyHas(_) => true,
            Hold::Full | Hold::NotOffered => false,
        },
    };
    match done {
        true => Ok(()),
        false => Err(anyhow::Error::from(NoRoom).into()),
    }
}

fn undone(done: Result<Together>) -> Result<Together> {
    match done {
        Err(Error::Other(why)) if why.is::<NoRoom>() => Ok(Together::NoRoom),
        other => other,
    }
}
